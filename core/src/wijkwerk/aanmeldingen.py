"""First contact: the one service that finds or creates a resident, silently, and links to the team (design.md 1, idea 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import Bron, Partijsoort
from wijkwerk.access.levels import N4, N6
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import PLAN_EN_DOELEN, WMO_ONDERZOEK
from wijkwerk.betrokkenheden import Partij, eigen_team, open_deur
from wijkwerk.contactgegevens import keur, leg_vast
from wijkwerk.dubbelen import noteer_vermoedens
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.familie import vergrendel
from wijkwerk.gebieden import volg_adres
from wijkwerk.geheimhouding import houd_geheim
from wijkwerk.log.subjects import maak_pseudoniem
from wijkwerk.personen import INVOER, Persoon, bsn_index, tegenstrijdig
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, machinery, reference, subject
from wijkwerk.records.gegevens import alleen, gekeurd
from wijkwerk.records.history import Gegevensbron
from wijkwerk.records.session import Work
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import DATUM_ONBEKEND
from wijkwerk.storage.columns import Tijdstip, nieuw_id
from wijkwerk.zoeken.dubbelen import mogelijke_dubbelen


class Aanmelding(PersonRecord):
    """Een melding bij het wijkteam dat een inwoner misschien hulp nodig heeft."""

    categorie = PLAN_EN_DOELEN
    niveau = N4
    retention = Retention("3.3.1", "P42D", "melding zonder vervolg")
    lezen = Permission("aanmelding:lezen", "Meldingen van inwoners zien.", ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER"))
    schrijven = Permission("aanmelding:schrijven", "Een inwoner aanmelden bij het eigen team.", ("WIJKTEAM", "REGISSEUR"))
    kader_kolom = "id"

    persoon_id: Mapped[UUID] = subject("Om welke inwoner het gaat")
    team_id: Mapped[UUID] = reference("Bij welk team de melding binnenkwam", "team", level=N4)
    ontvangen: Mapped[datetime] = field("Wanneer de melding binnenkwam", level=N4, type_=Tijdstip)
    client_op_de_hoogte: Mapped[bool | None] = field("Of de inwoner van de melding weet", level=N4)
    door_id: Mapped[UUID] = machinery()


def aanmelden(
    work: Work,
    gegevens: Mapping[str, Any],
    *,
    contactgegevens: Sequence[Mapping[str, Any]] = (),
    client_op_de_hoogte: bool | None = None,
    team: UUID | None = None,
    bron: Gegevensbron = Gegevensbron.PROFESSIONAL,
) -> UUID:
    """Register a report about a resident for a team of the actor, and return the resident's id.

    A BSN that is known already finds that resident without saying so, and leaves what is registered as it is; otherwise the resident is
    made from `gegevens` (fields of `personen.INVOER`) and `contactgegevens` (each of `contactgegevens.INVOER`). The team is let in for
    the purpose WMO_ONDERZOEK, within this report. `bron`: who the values come from. Residents in reach who may be the new one come on the
    work list (`dubbelen`). Raises as `eigen_team`, and OngeldigeInvoer for what is wrong or missing.
    """
    work.bron, eigen = bron, eigen_team(work, team)
    hints = mogelijke_dubbelen(work.reader, keur_gegevens(work.actor, gegevens), keur(contactgegevens))
    persoon = zoek_of_maak(work, gegevens, contactgegevens)
    if work.find_any(Persoon, id=persoon) is None:
        noteer_vermoedens(work, persoon, [(hint.persoon, hint.reden, hint.score) for hint in hints])
    melding = nieuw_id()
    partij = Partij(eigen, Partijsoort.TEAM, N6)
    open_deur(work, [persoon], [partij], doel=WMO_ONDERZOEK.code, bron=Bron.AANMELDING, bron_id=melding, kader=melding)
    work.add(
        Aanmelding(
            id=melding, persoon_id=persoon, team_id=eigen, ontvangen=work.actor.moment,
            client_op_de_hoogte=client_op_de_hoogte, door_id=work.actor.gebruiker,
        )
    )  # fmt: skip
    return persoon


def zoek_of_maak(work: Work, gegevens: Mapping[str, Any], contactgegevens: Sequence[Mapping[str, Any]] = ()) -> UUID:
    """The id of the resident with this BSN, made when not known (`schrijf_in`). Says nobody whether it was known."""
    bsn = keur_gegevens(work.actor, gegevens).get("bsn")
    keur(contactgegevens)
    found = None if bsn is None else _met_bsn(work, bsn)
    return found or schrijf_in(work, gegevens, contactgegevens)


def schrijf_in(work: Work, gegevens: Mapping[str, Any], contactgegevens: Sequence[Mapping[str, Any]] = ()) -> UUID:
    """Make a resident from `gegevens` (fields of `personen.INVOER`; None is absent): the one place where that happens.

    With a pseudonym for the log, the index of the BSN, and the afscherming that secrecy asks for (domain.md 1.10). Raises OngeldigeInvoer.
    """
    filled = keur_gegevens(work.actor, gegevens)
    persoon = Persoon(id=nieuw_id(), **{"geboortedatum": DATUM_ONBEKEND} | filled)
    persoon.bsn_index = _index(work, filled["bsn"]) if "bsn" in filled else None
    volg_adres(work, persoon)
    work.add(persoon)
    maak_pseudoniem(work.core_connection, work.actor.gemeente, persoon.id)
    leg_vast(work, persoon.id, keur(contactgegevens))
    houd_geheim(work, persoon)
    return persoon.id


def keur_gegevens(actor: Actor, gegevens: Mapping[str, Any]) -> dict[str, Any]:
    """What is filled in (of `personen.INVOER`), checked, for who wants to register somebody. Raises OngeldigeInvoer.

    Also for a known BSN: an error for a new resident only would tell who is known.
    """
    filled = {name: value for name, value in alleen(gegevens, INVOER).items() if value is not None}
    if not filled.get("geslachtsnaam"):
        raise OngeldigeInvoer("Vul de achternaam in. Is die onbekend, schrijf dan een punt.", veld="geslachtsnaam")
    checked = {name: gekeurd(Persoon, name, value) for name, value in filled.items()}
    for fout in tegenstrijdig(checked, actor.vandaag):
        raise fout
    return checked


def _met_bsn(work: Work, bsn: Bsn) -> UUID | None:
    """Who has this BSN, asked again when nobody merges that one away any more."""
    index = _index(work, bsn)
    if (found := work.find_any(Persoon, bsn_index=index)) is None:
        return None
    vergrendel(work, [found])
    return work.find_any(Persoon, bsn_index=index)


def _index(work: Work, bsn: Bsn) -> bytes:
    return bsn_index(work.keyring, work.core_connection, work.actor.gemeente, bsn)
