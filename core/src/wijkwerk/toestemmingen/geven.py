"""Consent: only where the ground asks for it, one purpose and one recipient each, as easy to withdraw as to give (domain.md 2.3, 2.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Bron, Partijsoort
from wijkwerk.access.levels import N5
from wijkwerk.access.purposes import Instemming
from wijkwerk.betrokkenheden import Deur, Partij, open_deuren
from wijkwerk.dossiers.inhanden import neem_in_handen
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.kalender.termijnen import einde_van
from wijkwerk.klok import dag
from wijkwerk.organisaties import Organisatie
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.toestemmingen.tekst import Toestemmingstekst
from wijkwerk.toestemmingen.toestemming import (
    Gever,
    Richting,
    Toestemming,
    Toestemminggever,
    Toestemmingsontvanger,
    Toestemmingstatus,
    Wijze,
)

NIVEAU_ONTVANGER = N5


class ToestemmingNietNodig(OngeldigeInvoer):
    """The ground of this purpose is not consent: asking for it would be misleading (AP; domain.md 2.3)."""

    code = "TOESTEMMING_NIET_NODIG"
    standaard = "Voor dit doel is geen toestemming nodig. Vertel de inwoner wat er gebeurt; vraag geen toestemming."


@dataclass(frozen=True, slots=True)
class Ontvanger:
    """Who gets the data: an organisation, or who holds this role there."""

    organisatie: UUID
    rol: str | None = None


def leg_vast(
    work: Work,
    dossier: UUID,
    persoon: UUID,
    ontvangers: Sequence[Ontvanger],
    doel: str,
    categorieen: Sequence[str],
    wijze: Wijze,
    tekst_versie: str,
    geldig_tot: date,
) -> UUID:
    """Record a consent and open the door it gives: these categories, to this organisation, in this case, until this day; its id.

    Raises ToestemmingNietNodig where the ground needs none, OngeldigeInvoer for a category outside the purpose, a spoken written
    non-objection (PW 65) or a term above a year, NietGevonden for a person, case or organisation out of reach, DossierGesloten.
    """
    declared = work.catalogue.doel(doel)
    codes = work.catalogue.opens(declared, categorieen)
    soorten = {work.catalogue.instemming(declared, code) for code in codes}
    if soorten & {Instemming.NIET_NODIG} or len(soorten) != 1:
        raise ToestemmingNietNodig
    [soort] = soorten
    if soort is Instemming.SCHRIFTELIJK_GEEN_BEZWAAR and wijze is Wijze.MONDELING:
        raise OngeldigeInvoer("Geen bezwaar moet schriftelijk of digitaal worden vastgelegd.", veld="wijze")
    if persoon not in neem_in_handen(work, dossier).leden or not all(
        work.find_any(Organisatie, id=each.organisatie) for each in ontvangers
    ):
        raise NietGevonden
    einde = _einde(work.actor.moment, geldig_tot)
    toestemming = Toestemming(
        id=nieuw_id(), persoon_id=persoon, dossier_id=dossier, soort=soort, doel=doel, categorieen=list(codes), wijze=wijze,
        richting=Richting.VERSTREKKEN, tekst_id=_tekst(work, doel, tekst_versie), gevraagd_op=work.actor.moment,
        gevraagd_door_id=work.actor.gebruiker, gegeven_op=work.actor.moment, geldig_tot=geldig_tot, status=Toestemmingstatus.GEGEVEN,
    )  # fmt: skip
    work.add(toestemming)
    erbij = {"persoon_id": persoon, "dossier_id": dossier, "toestemming_id": toestemming.id}
    for each in ontvangers:
        work.grant(Toestemmingsontvanger(organisatie_id=each.organisatie, rol=each.rol, **erbij))
    work.grant(Toestemminggever(hoedanigheid=Gever.BETROKKENE, op=work.actor.moment, **erbij))
    deuren = {
        Deur(persoon, Partij(each.organisatie, Partijsoort.ORGANISATIE, NIVEAU_ONTVANGER), doel, code, dossier, work.actor.organisatie,
             einde, each.rol, toestemming.id)
        for each in ontvangers for code in codes
    }  # fmt: skip
    open_deuren(work, Bron.TOESTEMMING, toestemming.id, deuren)
    return toestemming.id


def _tekst(work: Work, doel: str, aanduiding: str) -> UUID:
    t = Toestemmingstekst.tabel()
    found: UUID | None = work.core_connection.execute(
        select(t.c.id).where(t.c.gemeente_id == work.actor.gemeente, t.c.doel == doel, t.c.aanduiding == aanduiding)
    ).scalar()
    if found is None:
        raise OngeldigeInvoer("Deze tekst is er niet voor dit doel. Kies een tekst uit de lijst.", veld="tekst_versie")
    return found


def _einde(nu: datetime, geldig_tot: date) -> datetime:
    """The end of that day in Amsterdam; at most twelve months away (domain.md 2.3)."""
    vandaag = dag(nu)
    if geldig_tot < vandaag:
        raise OngeldigeInvoer("Deze datum is al geweest. Kies een datum vanaf vandaag.", veld="geldigTot")
    if geldig_tot > vandaag + timedelta(days=366):
        raise OngeldigeInvoer("Toestemming geldt hoogstens een jaar. Kies een eerdere datum.", veld="geldigTot")
    return einde_van(geldig_tot)
