"""Marriages and registered partnerships, and the partner's name that somebody may use (domain.md 1.1; Haal Centraal meerdere-partners)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import inspect

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.familie import bereikbaar, geladen, vergrendel
from wijkwerk.personen import Persoon
from wijkwerk.records.gegevens import zet
from wijkwerk.records.read import Reader
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import DATUM_ONBEKEND, Datum
from wijkwerk.records.types.naam import ONBEKENDE_NAAM, Naamgebruik
from wijkwerk.relaties import Partnerschap
from wijkwerk.storage.columns import nieuw_id

INVOER = ("soort_verbintenis", "voorvoegsel", "geslachtsnaam", "datum_aangaan", "datum_ontbinding")
_NAAM = ("partner_voorvoegsel", "partner_geslachtsnaam", "aanduiding_naamgebruik")


class Naamgeving(StrEnum):
    """How sure it is which partner gives the name."""

    ZEKER = "ZEKER"
    GEEN_PARTNER = "GEEN_PARTNER"
    VOLGORDE_ONBEKEND = "VOLGORDE_ONBEKEND"


UITLEG: Mapping[Naamgeving, str] = {
    Naamgeving.ZEKER: "Dit is de partner van wie de inwoner de naam kan gebruiken.",
    Naamgeving.GEEN_PARTNER: "Er is nu geen partner. Een naam van een eerdere partner blijft staan zolang de inwoner die gebruikt.",
    Naamgeving.VOLGORDE_ONBEKEND: "Er is meer dan één partner en het is niet zeker wie de eerste was. De naam is niet aangepast. "
    "Vraag de inwoner wanneer elk huwelijk of partnerschap begon.",
}


@dataclass(frozen=True, slots=True)
class Partnerband:
    """A partnership seen from one of the two. `partner` is None for who is no resident, and for who may not see the other."""

    rij: Any
    partner: UUID | None
    omgekeerd: bool


@dataclass(frozen=True, slots=True)
class Naamgever:
    """Which partnership gives the name, if that is sure."""

    zekerheid: Naamgeving
    band: Partnerband | None = None


def leg_vast(work: Work, persoon: UUID, gegevens: Mapping[str, Any], *, partner: UUID | None = None) -> UUID:
    """Record a partnership (fields of `INVOER`) of a resident; the id. Both their partner's names follow the rule of `naamgevend`.

    Without a name in `gegevens` the partner's own is taken. Raises NietGevonden for somebody out of reach, OngeldigeInvoer.
    """
    if partner == persoon:
        raise OngeldigeInvoer("Een inwoner is geen partner van zichzelf. Kies een andere inwoner.", veld="partner")
    personen = [persoon] if partner is None else [persoon, partner]
    bereikbaar(work, Partnerschap, personen)
    vergrendel(work, personen)
    rij = Partnerschap(id=nieuw_id(), persoon_id=persoon, partner_id=partner)
    zet(rij, _met_naam(work, partner, gegevens), INVOER)
    _keur(work, rij)
    work.add(rij)
    _volg_namen(work, personen)
    return rij.id


def wijzig(work: Work, id: UUID, versie: int, gegevens: Mapping[str, Any]) -> UUID:
    """Change these fields (of `INVOER`) of a partnership; the id. Raises NietGevonden, VersieVerouderd, OngeldigeInvoer."""
    rij = geladen(work.get(Partnerschap, id, versie), "partner_id")
    personen = [rij.persoon_id, *([] if rij.partner_id is None else [rij.partner_id])]
    vergrendel(work, personen)
    zet(rij, gegevens, INVOER)
    _keur(work, rij)
    _volg_namen(work, personen)
    return rij.id


def ontbind(work: Work, id: UUID, versie: int, datum: Datum) -> UUID:
    """End a partnership on a date that may be incomplete or unknown; the id. Raises as `wijzig`."""
    return wijzig(work, id, versie, {"datum_ontbinding": datum})


def naamgevend(banden: Sequence[Partnerband]) -> Naamgever:
    """The partner whose name may be used: of the undissolved ones the first concluded (domain.md 1.1).

    With incomplete dates only one that is surely before all others; else it is for a person to ask.
    """
    lopend = [band for band in banden if band.rij.datum_ontbinding is None]
    if not lopend:
        return Naamgever(Naamgeving.GEEN_PARTNER)
    for band in lopend:
        if all(_aangaan(band).laatste() < _aangaan(ander).eerste() for ander in lopend if ander is not band):
            return Naamgever(Naamgeving.ZEKER, band)
    return Naamgever(Naamgeving.VOLGORDE_ONBEKEND)


def partnerbanden(reader: Reader, personen: Sequence[UUID], velden: Sequence[str] = ()) -> list[list[Partnerband]]:
    """Per resident the partnerships of all times, recorded at the resident or at the partner; two statements."""
    nodig = tuple(dict.fromkeys((*velden, "persoon_id", "partner_id", "voorvoegsel", "geslachtsnaam", "datum_aangaan", "datum_ontbinding")))
    found: dict[UUID, list[Partnerband]] = defaultdict(list)
    for rij in reader.by_key(Partnerschap, nodig, "persoon_id", sorted(set(personen))):
        found[rij.persoon_id].append(Partnerband(rij, rij.partner_id, omgekeerd=False))
    for rij in reader.by_key(Partnerschap, nodig, "partner_id", sorted(set(personen))):
        found[rij.partner_id].append(Partnerband(rij, rij.persoon_id, omgekeerd=True))
    return [_eenmaal(persoon, found[persoon]) for persoon in personen]


def _eenmaal(persoon: UUID, banden: list[Partnerband]) -> list[Partnerband]:
    """Without what a merge of duplicates can leave: a pair that stands at both, or somebody as their own partner."""
    seen = {(band.partner or band.rij.id, band.rij.datum_aangaan, band.rij.datum_ontbinding): band for band in reversed(banden)}
    return [band for band in reversed(seen.values()) if band.partner != persoon]


def _aangaan(band: Partnerband) -> Datum:
    return band.rij.datum_aangaan or DATUM_ONBEKEND


def _keur(work: Work, rij: Partnerschap) -> None:
    for veld, datum in (("datum_aangaan", rij.datum_aangaan), ("datum_ontbinding", rij.datum_ontbinding)):
        if datum is not None and datum.eerste() > work.actor.vandaag:
            raise OngeldigeInvoer("Deze datum ligt in de toekomst. Controleer de datum.", veld=veld)
    if rij.datum_ontbinding is not None and rij.datum_ontbinding.laatste() < (rij.datum_aangaan or DATUM_ONBEKEND).eerste():
        raise OngeldigeInvoer("Het einde ligt voor het begin. Controleer beide datums.", veld="datum_ontbinding")
    if rij.partner_id is None or rij.datum_ontbinding is not None:
        return
    for band in partnerbanden(work.reader, [rij.persoon_id])[0]:
        if band.rij.id != rij.id and band.partner == rij.partner_id and band.rij.datum_ontbinding is None:
            raise OngeldigeInvoer("Deze twee zijn al als partners vastgelegd. Wijzig dat partnerschap.", veld="partner")


def _met_naam(work: Work, partner: UUID | None, gegevens: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, with the partner's own name where none was given. Raises OngeldigeInvoer when there is none to take."""
    if gegevens.get("geslachtsnaam") is not None:
        return dict(gegevens)
    row = None if partner is None else work.reader.one(Persoon, ("voorvoegsel", "geslachtsnaam"), partner)
    if row is None or row.geslachtsnaam is None:
        raise OngeldigeInvoer("Vul de achternaam van de partner in. Is die onbekend, schrijf dan een punt.", veld="geslachtsnaam")
    return {**gegevens, "voorvoegsel": row.voorvoegsel, "geslachtsnaam": row.geslachtsnaam}


def _volg_namen(work: Work, personen: Sequence[UUID]) -> None:
    work.flush()
    for persoon, banden in zip(personen, partnerbanden(work.reader, personen), strict=True):
        band = naamgevend(banden).band
        if band is not None:
            _volg_naam(work, persoon, band)


def _volg_naam(work: Work, id: UUID, band: Partnerband) -> None:
    """Give a resident the partner's name of this partnership; not to one whose name the actor may not see, nor a name out of sight."""
    naam = (band.rij.voorvoegsel, band.rij.geslachtsnaam)
    if band.omgekeerd:
        row = work.reader.one(Persoon, ("voorvoegsel", "geslachtsnaam"), band.rij.persoon_id)
        naam = (None, None) if row is None else (row.voorvoegsel, row.geslachtsnaam)
    persoon = work.get(Persoon, id)
    if naam[1] is None or inspect(persoon).unloaded & set(_NAAM):
        return
    gebruik = Naamgebruik.EIGEN if naam[1] == ONBEKENDE_NAAM else persoon.aanduiding_naamgebruik
    for veld, value in zip(_NAAM, (*naam, gebruik), strict=True):
        if getattr(persoon, veld) != value:
            setattr(persoon, veld, value)
