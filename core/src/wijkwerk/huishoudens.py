"""Households: who lives with whom, in time. Not the same as an address, nor as the family of benefit law (domain.md 1.9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Date
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import HUISHOUDEN
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.familie import VASTLEGGEN, ZIEN, bereikbaar, keur_periode, vergrendel
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import PersonRecord
from wijkwerk.records.fields import field, stored_enum, subject
from wijkwerk.records.gegevens import zet
from wijkwerk.records.geldigheid import geldig, overlapt
from wijkwerk.records.read import Reader
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import Uuid16, nieuw_id

WIJZIGBAAR = ("rol", "soort", "van", "tot")
"""What of a membership can be changed; who is a member of what can't."""


class Huishoudrol(StrEnum):
    """What somebody is in a household."""

    HOOFD = "HOOFD"
    PARTNER = "PARTNER"
    KIND = "KIND"
    OUDER = "OUDER"
    OVERIG_FAMILIELID = "OVERIG_FAMILIELID"
    MEDEBEWONER = "MEDEBEWONER"


class Huishoudsoort(StrEnum):
    """What kind of household somebody lives in (GGM Huishouden.soort)."""

    PARTICULIER = "PARTICULIER"
    INSTITUTIONEEL = "INSTITUTIONEEL"


class Huishoudlid(PersonRecord):
    """Een inwoner als lid van een huishouden."""

    categorie = HUISHOUDEN
    niveau = N4
    rij_afschermbaar = True
    retention = Persoon.retention
    lezen = Permission("huishouden:lezen", "Zien met wie een inwoner samenwoont.", ZIEN)
    schrijven = Permission("huishouden:schrijven", "Vastleggen met wie een inwoner samenwoont.", (*VASTLEGGEN, "IMPORT"))

    persoon_id: Mapped[UUID] = subject("De inwoner")
    huishouden_id: Mapped[UUID] = field("Het nummer van het huishouden", level=N4, afschermbaar=True, type_=Uuid16, index=True)
    rol: Mapped[Huishoudrol] = field("Wat de inwoner in het huishouden is", level=N4, afschermbaar=True, type_=stored_enum(Huishoudrol))
    soort: Mapped[Huishoudsoort] = field(
        "Wat voor huishouden het is", level=N4, default=Huishoudsoort.PARTICULIER, type_=stored_enum(Huishoudsoort)
    )
    van: Mapped[date] = field("Vanaf wanneer", level=N4, type_=Date)
    tot: Mapped[date | None] = field("Tot en met wanneer", level=N4, type_=Date)


def voeg_toe(
    work: Work,
    persoon: UUID,
    huishouden: UUID | None,
    rol: Huishoudrol,
    van: date,
    soort: Huishoudsoort | None = None,
    tot: date | None = None,
) -> UUID:
    """Make a resident a member of a household, or (without `huishouden`) the first member of a new one; the id of the membership.

    A resident may live in two households at once (co-parenting), not twice in the same one. `soort` is that of the household.
    Raises NietGevonden for a resident or household out of reach, OngeldigeInvoer for days that can't be and for who is a member already.
    """
    bereikbaar(work, Huishoudlid, [persoon])
    vergrendel(work, [persoon])
    keur_periode(work, van, tot)
    bekend = soort or Huishoudsoort.PARTICULIER if huishouden is None else _soort(work, huishouden, soort)
    lid = Huishoudlid(
        id=nieuw_id(), persoon_id=persoon, huishouden_id=huishouden or nieuw_id(), rol=rol, soort=bekend, van=van, tot=tot
    )  # fmt: skip
    _niet_dubbel(work, lid)
    return work.add(lid).id


def vertrek(work: Work, id: UUID, versie: int, tot: date) -> UUID:
    """End a membership with this day as the last. Raises as `wijzig`."""
    return wijzig(work, id, versie, {"tot": tot})


def wijzig(work: Work, id: UUID, versie: int, gegevens: Mapping[str, Any]) -> UUID:
    """Change these fields (of `WIJZIGBAAR`) of a membership; the id. The kind of household changes for every member in reach.

    Raises NietGevonden, VersieVerouderd, and OngeldigeInvoer for days that can't be and for who is a member already.
    """
    lid = work.get(Huishoudlid, id, versie)
    vergrendel(work, [lid.persoon_id])
    zet(lid, gegevens, WIJZIGBAAR)
    keur_periode(work, lid.van, lid.tot)
    _niet_dubbel(work, lid)
    if "soort" in gegevens:
        for ander in work.reader.by_key(Huishoudlid, (), "huishouden_id", [lid.huishouden_id]):
            if ander.id != id:
                work.get(Huishoudlid, ander.id).soort = lid.soort
    return lid.id


def leden_op(reader: Reader, personen: Sequence[UUID], op: date, velden: Sequence[str] = ()) -> list[list[Any]]:
    """Per resident the members, on a day, of the households that the resident is in then, the resident too; two statements.

    Somebody is in it once per household, also when a merge of duplicates made them a member twice (domain.md 1.9).
    """
    eigen = _geldend(reader, "persoon_id", personen, op, ())
    samen = _geldend(reader, "huishouden_id", {lid.huishouden_id for lid in eigen}, op, velden)
    per_huis: dict[UUID, dict[UUID, Any]] = defaultdict(dict)
    for lid in samen:
        per_huis[lid.huishouden_id].setdefault(lid.persoon_id, lid)
    huizen: dict[UUID, dict[UUID, None]] = defaultdict(dict)
    for lid in eigen:
        huizen[lid.persoon_id][lid.huishouden_id] = None
    return [[lid for huis in huizen[persoon] for lid in per_huis[huis].values()] for persoon in personen]


def _geldend(reader: Reader, key: str, ids: Collection[UUID], op: date, velden: Sequence[str]) -> list[Any]:
    nodig = tuple(dict.fromkeys((*velden, "persoon_id", "huishouden_id", "van", "tot")))
    return [lid for lid in reader.by_key(Huishoudlid, nodig, key, sorted(ids), roster=True) if geldig(lid, op)]


def _soort(work: Work, huishouden: UUID, soort: Huishoudsoort | None) -> Huishoudsoort:
    """The kind of an existing household: that of its members in reach. Raises NietGevonden when there are none."""
    leden = work.reader.by_key(Huishoudlid, ("soort",), "huishouden_id", [huishouden])
    if not leden:
        raise NietGevonden
    bekend: Huishoudsoort = leden[0].soort
    if soort not in (None, bekend):
        raise OngeldigeInvoer(
            "Dit huishouden is van een andere soort. Laat de soort weg, of wijzig eerst die van het huishouden.", veld="soort"
        )
    return bekend


def _niet_dubbel(work: Work, lid: Huishoudlid) -> None:
    for ander in work.reader.by_key(Huishoudlid, ("huishouden_id", "van", "tot"), "persoon_id", [lid.persoon_id]):
        if ander.id != lid.id and ander.huishouden_id == lid.huishouden_id and overlapt(ander, lid):
            raise OngeldigeInvoer("Deze inwoner hoort dan al bij dit huishouden. Wijzig het lidmaatschap dat er al is.", veld="van")
