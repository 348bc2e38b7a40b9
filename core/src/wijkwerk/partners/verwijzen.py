"""Referring a resident: offered by the casusregisseur, narrowed, withdrawn. What a partner sees can only shrink (peers.md D 13).

Nothing is copied: a referral opens doors to what is there, and when it ends the next request finds nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from wijkwerk.access.betrokkenheid import Bron, Partijsoort
from wijkwerk.access.levels import Niveau
from wijkwerk.access.register import IDENTITEIT
from wijkwerk.betrokkenheden import Partij, herzie_deuren, mag_maken, open_deuren
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.dossiers.inhanden import neem_in_handen
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.kalender.dagen import keur_komend
from wijkwerk.kalender.termijnen import na_termijn
from wijkwerk.partners.deuren import van_verwijzing
from wijkwerk.partners.einde import vertel_partner
from wijkwerk.partners.instemming import keur_toestemming, met_instemming
from wijkwerk.partners.partij import keur_partij
from wijkwerk.partners.verwijzing import LOPEND, Eindreden, Verwijzing, Verwijzingstatus
from wijkwerk.records.gegevens import alleen, keur_tekst, niet_leeg
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.taken.voor import Voor, ziet

HOOGSTENS = "P1Y"
"""How long a referral lasts at most. No law says so: the maximum is ours, as for a consent (domain.md 2.3)."""
REDENEN = (Eindreden.AFGEROND, Eindreden.INWONER_WIL_NIET, Eindreden.ANDERS)
"""Why a casusregisseur withdraws a referral; the other reasons are of the system."""


class VerwijzingAfgehandeld(OngeldigeInvoer):
    """The referral does not stand where this can follow."""

    code = "VERWIJZING_AFGEHANDELD"
    standaard = "Dit kan niet meer met deze verwijzing. Verwijs de inwoner opnieuw als dat nodig is."


@dataclass(frozen=True, slots=True)
class Aanbod:
    """To whom a resident is referred, and what is opened once they accept. `rol`: only who holds it there.

    `toestemming`: what it rests on, where the purpose or a category needs consent.
    """

    organisatie: UUID
    doel: str
    categorieen: Collection[str]
    niveau: Niveau
    tot: date
    rol: str | None = None
    toestemming: UUID | None = None


def verwijs(work: Work, dossier: UUID, persoon: UUID, vraag: str, aanbod: Aanbod) -> UUID:
    """Ask a partner to help a resident of a case; the id of the referral. Until they decide they see it, and whom it is about at N1.

    Who it is (IDENTITEIT) is always among what is opened. Raises GeenRecht for who does not direct this case, NietGevonden,
    DossierGesloten, ToestemmingDektNiet, and OngeldigeInvoer for the rest.
    """
    mag_maken(work, Bron.VERWIJZING)
    tekst, doel = keur_tekst(vraag, "vraag"), work.catalogue.doel(aanbod.doel)
    codes = sorted(work.catalogue.opens(doel, (IDENTITEIT.code, *aanbod.categorieen)))
    nodig = met_instemming(work, doel, codes)
    _keur_dag(work, aanbod.tot)
    vast = neem_in_handen(work, dossier)
    if persoon not in vast.leden:
        raise NietGevonden
    _keur_regie(work, vast.dossier)
    keur_partij(work, aanbod.organisatie, Partij(aanbod.organisatie, Partijsoort.ORGANISATIE, aanbod.niveau), aanbod.rol, doel)
    keur_toestemming(work, aanbod.toestemming, dossier, persoon, doel, nodig, aanbod.organisatie, aanbod.rol, aanbod.tot)
    verwijzing = work.grant(
        Verwijzing(
            id=nieuw_id(), persoon_id=persoon, dossier_id=dossier, organisatie_id=aanbod.organisatie, rol=aanbod.rol, doel=doel.code,
            categorieen=codes, niveau_tot=int(aanbod.niveau), vraag=tekst, status=Verwijzingstatus.AANGEBODEN, tot=aanbod.tot,
            aangeboden_op=work.actor.moment, aangeboden_door_id=work.actor.gebruiker, toestemming_id=aanbod.toestemming,
        )
    )  # fmt: skip
    open_deuren(work, Bron.VERWIJZING, verwijzing.id, van_verwijzing(work, verwijzing))
    _keur_zicht(work, verwijzing)
    return verwijzing.id


def trek_in(work: Work, verwijzing: UUID, versie: int, reden: Eindreden) -> UUID:
    """Take a referral back, whether it was accepted or not: the partner's next request finds nothing. Any casusregisseur who holds the case
    may: ending never waits for one person.

    Raises NietGevonden, VersieVerouderd, GeenRecht, VerwijzingAfgehandeld, OngeldigeInvoer for a reason of the system.
    """
    if reden not in REDENEN:
        raise OngeldigeInvoer(f"Deze reden past hier niet. Kies uit: {', '.join(sorted(REDENEN))}.", veld="reden")
    found = _lopend(work, verwijzing, versie)
    vertel_partner(work, [found])
    found.status, found.beeindigd_op, found.eindreden = Verwijzingstatus.INGETROKKEN, work.actor.moment, reden
    herzie_deuren(work, Bron.VERWIJZING, verwijzing, set())
    return verwijzing


def beperk(work: Work, verwijzing: UUID, versie: int, gegevens: Mapping[str, Any]) -> UUID:
    """Let the partner see less from now on: fewer `categorieen`, a lower `niveau`, an earlier last day (`tot`). Never more: that is a new
    referral, which the partner accepts anew.

    Raises NietGevonden, VersieVerouderd, GeenRecht, VerwijzingAfgehandeld, OngeldigeInvoer for what is more, or no less.
    """
    given = alleen(gegevens, ("categorieen", "niveau", "tot"))
    for veld, waarde in given.items():
        if waarde is None:
            raise niet_leeg(veld)
    found = _lopend(work, verwijzing, versie)
    oud = (found.categorieen, found.niveau_tot, found.tot)
    codes = sorted({IDENTITEIT.code, *given.get("categorieen", found.categorieen)})
    nieuw = (codes, int(given.get("niveau", found.niveau_tot)), given.get("tot", found.tot))
    _keur_minder(work, oud, nieuw)
    found.categorieen, found.niveau_tot, found.tot = nieuw
    herzie_deuren(work, Bron.VERWIJZING, verwijzing, van_verwijzing(work, found))
    return verwijzing


def _keur_minder(work: Work, oud: tuple[list[str], int, date], nieuw: tuple[list[str], int, date]) -> None:
    if not set(nieuw[0]) <= set(oud[0]):
        raise OngeldigeInvoer("U kunt geen soorten gegevens toevoegen. Maak daarvoor een nieuwe verwijzing.", veld="categorieen")
    if not 1 <= nieuw[1] <= oud[1]:
        raise OngeldigeInvoer("Kies een lager niveau, vanaf 1. Maak voor een hoger niveau een nieuwe verwijzing.", veld="niveau")
    if not work.actor.vandaag <= nieuw[2] <= oud[2]:
        raise OngeldigeInvoer("Kies een eerdere dag, vanaf vandaag. Maak voor een latere dag een nieuwe verwijzing.", veld="tot")
    if nieuw == oud:
        raise OngeldigeInvoer("Hiermee verandert er niets. Kies wat de partner niet meer mag zien.")


def _lopend(work: Work, verwijzing: UUID, versie: int) -> Verwijzing:
    """A referral that is offered or accepted, with its case in hand."""
    mag_maken(work, Bron.VERWIJZING)
    row = work.reader.one(Verwijzing, ("dossier_id",), verwijzing)
    if row is None:
        raise NietGevonden
    neem_in_handen(work, row.dossier_id, lopend=False)
    found = work.get(Verwijzing, verwijzing, versie)
    if found.status not in LOPEND or found.tot < work.actor.vandaag:
        raise VerwijzingAfgehandeld
    return found


def _keur_regie(work: Work, dossier: Dossier) -> None:
    if dossier.regisseur_id not in (work.actor.gebruiker, *work.actor.vervangt):
        raise GeenRecht("Alleen de casusregisseur van dit dossier verwijst een inwoner. Vraag de casusregisseur om dit te doen.")


def _keur_dag(work: Work, tot: date) -> None:
    keur_komend(tot, work.actor.vandaag, "tot")
    if tot > na_termijn(work.actor.vandaag, HOOGSTENS):
        raise OngeldigeInvoer("Een verwijzing geldt hoogstens een jaar. Kies een eerdere dag.", veld="tot")


def _keur_zicht(work: Work, verwijzing: Verwijzing) -> None:
    """Somebody who works there today must see it: nobody could accept it otherwise."""
    if not ziet(work, Voor(verwijzing.organisatie_id, Partijsoort.ORGANISATIE, verwijzing.rol or ""), Verwijzing, [verwijzing.id]):
        raise OngeldigeInvoer(
            "Bij deze organisatie kan niemand deze verwijzing aannemen. Kies een andere organisatie of rol.", veld="organisatie"
        )
