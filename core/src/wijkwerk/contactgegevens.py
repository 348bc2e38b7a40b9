"""How to reach a resident: numbers and addresses, which of them is preferred, and which is safe to use (domain.md 1.11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N2
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import CONTACT
from wijkwerk.errors import NietGevonden, OngeldigeInvoer, bij_veld
from wijkwerk.familie import vergrendel
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import PersonRecord
from wijkwerk.records.fields import field, stored_enum, subject
from wijkwerk.records.gegevens import alleen, niet_leeg
from wijkwerk.records.history import Gegevensbron
from wijkwerk.records.session import Work
from wijkwerk.records.types.contact import lees_email, lees_telefoonnummer
from wijkwerk.storage.columns import nieuw_id

MEESTE = 20
"""Contact details of one resident; who has more is a mistake of a program."""

LANGSTE = 254
"""Characters of an e-mail address (RFC 5321, 4.5.3.1); a telephone number is far shorter."""


class Contactsoort(StrEnum):
    """What kind of number or address it is."""

    TELEFOON = "TELEFOON"
    EMAIL = "EMAIL"


_LEZERS: Mapping[Contactsoort, Callable[[str], str]] = MappingProxyType(
    {Contactsoort.TELEFOON: lees_telefoonnummer, Contactsoort.EMAIL: lees_email}
)


def _lees(soort: Contactsoort, waarde: str) -> str:
    if soort not in _LEZERS:
        raise OngeldigeInvoer("Kies TELEFOON of EMAIL.", veld="soort")
    if len(waarde) > LANGSTE:
        raise OngeldigeInvoer(f"Vul hier niet meer dan {LANGSTE} tekens in.", veld="waarde")
    with bij_veld("waarde"):
        return _LEZERS[soort](waarde)


def _nummer_of_adres(waarde: str) -> str:
    """Whatever wrote it: never free text."""
    return _lees(Contactsoort.EMAIL if "@" in waarde else Contactsoort.TELEFOON, waarde)


class Contactgegeven(PersonRecord):
    """Een telefoonnummer of e-mailadres van een inwoner."""

    categorie = CONTACT
    niveau = N2
    rij_afschermbaar = True
    retention = Persoon.retention
    lezen = Permission("contactgegeven:lezen", "Zien hoe een inwoner te bereiken is.", Persoon.lezen.rollen)
    schrijven = Permission("contactgegeven:schrijven", "Vastleggen hoe een inwoner te bereiken is.", Persoon.schrijven.rollen)

    persoon_id: Mapped[UUID] = subject("Van welke inwoner")
    soort: Mapped[Contactsoort] = field("Telefoon of e-mail", level=N2, type_=stored_enum(Contactsoort))
    waarde: Mapped[str] = field("Het telefoonnummer of het e-mailadres", level=N2, check=_nummer_of_adres, type_=String(LANGSTE))
    voorkeur: Mapped[bool] = field("Of de inwoner het liefst zo bereikt wordt", level=N2, default=False)
    veilig_te_gebruiken: Mapped[bool] = field(
        "Of een bericht hier veilig is. Bij nee: spreek niets in en stuur niets", level=N2, default=True
    )
    __table_args__ = (Index("ix_contactgegeven_waarde", "gemeente_id", "waarde"),)


INVOER = ("soort", "waarde", "voorkeur", "veilig_te_gebruiken")
"""What may be given for a contact detail."""

WIJZIGBAAR = INVOER[1:]
"""A telephone number does not become an e-mail address: that is another contact detail."""


def voeg_toe(work: Work, persoon: UUID, gegevens: Mapping[str, Any], *, bron: Gegevensbron = Gegevensbron.PROFESSIONAL) -> UUID:
    """Add a contact detail (fields of `INVOER`) to a resident, and return its id. A preferred one takes the place of another of its kind.

    `bron`: who it came from. Raises NietGevonden for a resident out of reach, OngeldigeInvoer for what is wrong, there already, or one
    too many.
    """
    work.bron = bron
    nieuw = _gekeurd(gegevens)
    bekend = _beurt(work, persoon)
    if len(bekend) >= MEESTE:
        raise OngeldigeInvoer(f"Een inwoner heeft niet meer dan {MEESTE} contactgegevens. Verwijder er eerst een.")
    _geen_dubbele(nieuw, bekend.values())
    if nieuw.get("voorkeur"):
        _geen_voorkeur_meer(work, bekend, nieuw["soort"])
    return work.add(Contactgegeven(id=nieuw_id(), persoon_id=persoon, **nieuw)).id


def wijzig(work: Work, id: UUID, versie: int, gegevens: Mapping[str, Any], *, bron: Gegevensbron = Gegevensbron.PROFESSIONAL) -> UUID:
    """Change these fields (of `WIJZIGBAAR`) of a contact detail, and return its id. Raises as `voeg_toe`, and VersieVerouderd."""
    work.bron = bron
    _niet_leeg(WIJZIGBAAR, gegevens)
    contact = work.get(Contactgegeven, id, versie)
    nieuw = _gekeurd({name: getattr(contact, name) for name in INVOER} | dict(gegevens))
    ander = {known: waarden for known, waarden in _beurt(work, contact.persoon_id).items() if known != id}
    _geen_dubbele(nieuw, ander.values())
    if nieuw["voorkeur"]:
        _geen_voorkeur_meer(work, ander, contact.soort)
    for name in gegevens:
        setattr(contact, name, nieuw[name])
    return id


def verwijder(work: Work, id: UUID, versie: int) -> UUID:
    """Take a contact detail away and return whose it was; what it was stays in the history. Raises NietGevonden and VersieVerouderd."""
    work.gebeurtenis = Gebeurtenis.VERWIJDEREN
    contact = work.get(Contactgegeven, id, versie)
    work.delete(contact)
    return contact.persoon_id


def keur(contactgegevens: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The contact details of a resident who has none yet, checked. Raises OngeldigeInvoer."""
    if len(contactgegevens) > MEESTE:
        raise OngeldigeInvoer(f"Geef niet meer dan {MEESTE} contactgegevens van een inwoner.", veld="contactgegevens")
    gekeurd = [_gekeurd(gegevens) for gegevens in contactgegevens]
    for plaats, nieuw in enumerate(gekeurd):
        _geen_dubbele(nieuw, gekeurd[:plaats])
    voorkeuren = [gegevens["soort"] for gegevens in gekeurd if gegevens.get("voorkeur")]
    if len(set(voorkeuren)) < len(voorkeuren):
        raise OngeldigeInvoer("Kies één telefoonnummer en één e-mailadres dat de voorkeur heeft.", veld="voorkeur")
    return gekeurd


def leg_vast(work: Work, persoon: UUID, gekeurd: Sequence[Mapping[str, Any]]) -> None:
    """Put in what `keur` gave, for a resident who is made in this same work."""
    for gegevens in gekeurd:
        work.add(Contactgegeven(id=nieuw_id(), persoon_id=persoon, **gegevens))


def _beurt(work: Work, persoon: UUID) -> dict[UUID, dict[str, Any]]:
    """What the actor sees of this resident's contact details, by id. Who changes them at the same time waits, and then sees these."""
    work.flush()
    if not work.reader.by_key(Persoon, (), "id", [persoon]):
        raise NietGevonden
    vergrendel(work, [persoon])
    rows = work.reader.by_key(Contactgegeven, ("soort", "waarde", "voorkeur"), "persoon_id", [persoon])
    return {row.id: {"soort": row.soort, "waarde": row.waarde, "voorkeur": row.voorkeur} for row in rows}


def _niet_leeg(velden: Sequence[str], gegevens: Mapping[str, Any]) -> None:
    if leeg := [name for name, value in alleen(gegevens, velden).items() if value is None or value == ""]:
        raise niet_leeg(min(leeg))


def _gekeurd(gegevens: Mapping[str, Any]) -> dict[str, Any]:
    _niet_leeg(INVOER, gegevens)
    if missing := {"soort", "waarde"} - gegevens.keys():
        raise niet_leeg(min(missing))
    return {**gegevens, "waarde": _lees(gegevens["soort"], gegevens["waarde"])}


def _geen_dubbele(nieuw: Mapping[str, Any], bekend: Iterable[Mapping[str, Any]]) -> None:
    """Capitals in an e-mail address make no other mailbox, but for very few providers. What is known may hold one twice: after a merge."""
    if nieuw["waarde"].casefold() in {gegevens["waarde"].casefold() for gegevens in bekend}:
        raise OngeldigeInvoer("Dit telefoonnummer of e-mailadres is er al. Wijzig wat er staat.", veld="waarde")


def _geen_voorkeur_meer(work: Work, bekend: Mapping[UUID, Mapping[str, Any]], soort: Contactsoort) -> None:
    for id, gegevens in bekend.items():
        if gegevens["soort"] == soort and gegevens["voorkeur"]:
            work.get(Contactgegeven, id).voorkeur = False
