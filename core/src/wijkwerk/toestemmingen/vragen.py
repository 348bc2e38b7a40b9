"""Asking for a consent: what it must be before anybody may give it (domain.md 2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from wijkwerk.access.purposes import Doel, Instemming
from wijkwerk.dossiers.inhanden import neem_in_handen
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.kalender.termijnen import na_termijn
from wijkwerk.organisaties import lopende_organisatie
from wijkwerk.records.gegevens import keur_tekst, tekst_of_niets
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.toestemmingen.deuren import Ontvanger
from wijkwerk.toestemmingen.nodig import keur_nodig
from wijkwerk.toestemmingen.tekst import in_gebruik
from wijkwerk.toestemmingen.toestemming import Richting, Toestemming, Toestemmingsontvanger, Toestemmingstatus, Wijze

TERMIJN = "P12M"
"""How long a consent holds at most, and unless a shorter time is asked (domain.md 2.3)."""
MEESTE_ONTVANGERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Vraag:
    """What is asked. `vrijwillig`: that a refusal has no bad effect for the resident, and why (`vrijwillig_omdat`).

    `bewijs`: of what was said aloud, the day, the place and who was there. `geldig_tot` None: as long as can be.
    """

    ontvangers: Sequence[Ontvanger]
    doel: str
    categorieen: Sequence[str]
    wijze: Wijze
    tekst_versie: str
    geldig_tot: date | None = None
    taal: str = "nl"
    richting: Richting = Richting.VERSTREKKEN
    vrijwillig: bool | None = None
    vrijwillig_omdat: str | None = None
    bewijs: str | None = None


def vraag(work: Work, dossier: UUID, persoon: UUID, gevraagd: Vraag) -> UUID:
    """Ask a resident of a case for a consent: a CONCEPT that opens nothing until it is given; its id.

    Raises ToestemmingNietNodig where the ground needs none, NietGevonden for a person, case or organisation out of reach, DossierGesloten,
    GeenRecht, and OngeldigeInvoer for what is not specific, bounded, free or provable.
    """
    toestemming, ontvangers = stel_op(work, dossier, persoon, gevraagd)
    bewaar(work, toestemming, ontvangers)
    return toestemming.id


def stel_op(work: Work, dossier: UUID, persoon: UUID, gevraagd: Vraag) -> tuple[Toestemming, Sequence[Ontvanger]]:
    """The consent that is asked, and to whom, looked through and not yet written. Raises as `vraag`."""
    doel = work.catalogue.doel(gevraagd.doel)
    soort, codes = keur_nodig(work.catalogue, doel, gevraagd.categorieen)
    keur_wijze(soort, gevraagd.wijze)
    if persoon not in neem_in_handen(work, dossier).leden:
        raise NietGevonden
    ontvangers = _keur_ontvangers(work, doel, codes, gevraagd.ontvangers)
    toestemming = Toestemming(
        id=nieuw_id(), persoon_id=persoon, dossier_id=dossier, soort=soort, doel=doel.code, categorieen=list(codes), wijze=gevraagd.wijze,
        richting=gevraagd.richting, tekst_id=in_gebruik(work, doel.code, gevraagd.tekst_versie, gevraagd.taal),
        bewijs=tekst_of_niets(gevraagd.bewijs, "bewijs"), vrijwillig=gevraagd.vrijwillig, vrijwillig_omdat=_vrijwillig(soort, gevraagd),
        gevraagd_op=work.actor.moment, gevraagd_door_id=work.actor.gebruiker, geldig_tot=_geldig_tot(work, gevraagd.geldig_tot),
        status=Toestemmingstatus.CONCEPT, verantwoordelijke_id=work.actor.organisatie,
    )  # fmt: skip
    return toestemming, ontvangers


def bewaar(work: Work, toestemming: Toestemming, ontvangers: Sequence[Ontvanger]) -> None:
    """Write a new consent with its recipients."""
    work.add(toestemming)
    for each in ontvangers:
        work.grant(
            Toestemmingsontvanger(
                persoon_id=toestemming.persoon_id, dossier_id=toestemming.dossier_id, toestemming_id=toestemming.id,
                organisatie_id=each.organisatie, rol=each.rol,
            )
        )  # fmt: skip
    work.flush()


def keur_wijze(soort: Instemming, wijze: Wijze) -> None:
    """Raises OngeldigeInvoer for a non-objection that is not in writing (Participatiewet art. 65)."""
    if soort is Instemming.SCHRIFTELIJK_GEEN_BEZWAAR and wijze is Wijze.MONDELING:
        raise OngeldigeInvoer("Geen bezwaar moet schriftelijk of digitaal worden vastgelegd.", veld="wijze")


def _vrijwillig(soort: Instemming, gevraagd: Vraag) -> str | None:
    """Why a refusal does no harm: without that no consent is free (AVG art. 4(11), 7(4)). Raises OngeldigeInvoer."""
    if soort is not Instemming.AVG_TOESTEMMING:
        return tekst_of_niets(gevraagd.vrijwillig_omdat, "vrijwillig_omdat")
    if gevraagd.vrijwillig is not True:
        raise OngeldigeInvoer(
            "Vraag deze toestemming alleen als weigeren geen nadeel geeft voor de inwoner. Leg vast dat u dat nagegaan hebt.",
            veld="vrijwillig",
        )
    return keur_tekst(gevraagd.vrijwillig_omdat or "", "vrijwillig_omdat")


def _geldig_tot(work: Work, gegeven: date | None) -> date:
    vandaag = work.actor.vandaag
    laatste = na_termijn(vandaag, TERMIJN)
    dag = gegeven or laatste
    if dag < vandaag:
        raise OngeldigeInvoer("Deze datum is al geweest. Kies een datum vanaf vandaag.", veld="geldig_tot")
    if dag > laatste:
        raise OngeldigeInvoer("Toestemming geldt hoogstens een jaar. Kies een eerdere datum.", veld="geldig_tot")
    return dag


def _keur_ontvangers(work: Work, doel: Doel, codes: Sequence[str], gegeven: Sequence[Ontvanger]) -> Sequence[Ontvanger]:
    ontvangers = list(dict.fromkeys(gegeven))
    if not 0 < len(ontvangers) <= MEESTE_ONTVANGERS:
        raise OngeldigeInvoer(f"Noem 1 tot {MEESTE_ONTVANGERS} ontvangers: elke organisatie die de gegevens krijgt.", veld="ontvangers")
    for each in ontvangers:
        lopende_organisatie(work, each.organisatie)
        if each.rol is not None and each.rol not in rollen_voor(work, doel.code):
            raise OngeldigeInvoer("Deze rol werkt niet voor dit doel. Kies een andere rol of laat die weg.", veld="ontvangers")
        if each.organisatie == work.actor.organisatie and not (each.rol and _kruist(work, doel, codes)):
            raise OngeldigeInvoer("De gemeente zelf is geen ontvanger. Kies een andere organisatie.", veld="ontvangers")
    return ontvangers


def rollen_voor(work: Work, doel: str) -> frozenset[str]:
    """The roles that work for this purpose: of people, who see more than their own data by it."""
    activiteiten = {activiteit.code for activiteit in work.catalogue.activiteiten.values() if doel in {d.code for d in activiteit.doelen}}
    rollen = [rol for rol in work.catalogue.rollen.values() if not rol.eigen and not rol.systeem]
    return frozenset(rol.code for rol in rollen if activiteiten & set(rol.activiteiten))


def _kruist(work: Work, doel: Doel, codes: Sequence[str]) -> bool:
    """Whether all of this was gathered for another act: then the municipality itself may be who receives it (domain.md 2.5)."""
    return all(work.catalogue.categorieen[code].domein not in (None, doel.domein) for code in codes)
