"""Each write leaves what stood there before, who changed it, and where it came from (domain.md 1.11). Reading it back: `versions.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from sqlalchemy import JSON, Index, String, insert, inspect, select
from sqlalchemy.orm import Mapped
from sqlalchemy.orm.attributes import set_committed_value

from wijkwerk.access.levels import N1, N7
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import IDENTITEIT
from wijkwerk.records.checks import level
from wijkwerk.records.declare import PersonRecord, Retention, kader_of, subject_of
from wijkwerk.records.fields import field, machinery, sealed, stored_enum, subject
from wijkwerk.records.frozen import freeze
from wijkwerk.records.opening import binding, open_stored, to_plain
from wijkwerk.storage.columns import Tijdstip, Uuid16, nieuw_id

if TYPE_CHECKING:
    from wijkwerk.records.session import Work


class Gegevensbron(StrEnum):
    """Who a value came from: needed to correct it at its source (domain.md 1.11, 4.5)."""

    BRP = "BRP"
    BETROKKENE = "BETROKKENE"
    PARTNER = "PARTNER"
    PROFESSIONAL = "PROFESSIONAL"


class Wijzigingssoort(StrEnum):
    """What happened to a row."""

    AANGEMAAKT = "AANGEMAAKT"
    GEWIJZIGD = "GEWIJZIGD"
    VERWIJDERD = "VERWIJDERD"


class Wijziging(PersonRecord):
    """Een wijziging van een gegeven over een inwoner: wanneer, door wie, en wat er eerst stond."""

    categorie = IDENTITEIT
    categorie_kolom = "categorie_code"
    niveau = N1
    niveau_kolom = "rijniveau"
    kader_kolom = "kader_id"
    core_only = True
    versioned = False  # rows are only added
    retention = Retention("3.1.5", "P15Y", "samen met het gegeven")
    lezen = Permission("geschiedenis:lezen", "Zien wat er eerder over een inwoner stond en wie het wijzigde.", ("WIJKTEAM", "REGISSEUR"))
    schrijven = lezen

    persoon_id: Mapped[UUID] = subject("Om welke inwoner het gaat")
    tabelnaam: Mapped[str] = machinery(String(80))
    rij_id: Mapped[UUID] = machinery(Uuid16)
    kader_id: Mapped[UUID | None] = machinery(Uuid16)
    categorie_code: Mapped[str] = machinery(String(60))
    rijniveau: Mapped[int] = field("Vanaf welk niveau dit te zien is", level=N1, check=level)
    nummer: Mapped[int] = field("De hoeveelste versie van het gegeven hiermee ontstond", level=N1)
    soort: Mapped[Wijzigingssoort] = field("Wat er gebeurde", level=N1, type_=stored_enum(Wijzigingssoort))
    bron: Mapped[Gegevensbron] = field("Van wie het gegeven kwam", level=N1, type_=stored_enum(Gegevensbron))
    op: Mapped[datetime] = field("Wanneer", level=N1, type_=Tijdstip)
    door_id: Mapped[UUID] = machinery(Uuid16)
    organisatie_id: Mapped[UUID] = machinery(Uuid16)
    veldnamen: Mapped[list[str]] = machinery(JSON)
    oud: Mapped[str | None] = sealed("Wat er eerst stond, van alle velden tegelijk", level=N7, shown=False)
    __table_args__ = (Index("ix_wijziging_rij", "rij_id", "tabelnaam", "nummer", "gemeente_id"),)


def remember(work: Work, record: PersonRecord, soort: Wijzigingssoort, names: Sequence[str]) -> dict[str, Any]:
    """The row of `wijziging` for a write that is about to happen: `names` are the columns that are written."""
    id, new = nieuw_id(), soort is Wijzigingssoort.AANGEMAAKT
    persoon, kader = getattr(record, subject_of(type(record))), kader_of(type(record))
    kader_id = getattr(record, kader) if kader else None
    oud = None
    if not new:
        key = work.keyring.data_key(work.core_connection, record.gemeente_id, persoon, kader_id)
        stood = _row(work, record) if soort is Wijzigingssoort.VERWIJDERD else {name: _before(record, name) for name in names}
        plain = orjson.dumps({name: _frozen(work, record, name, stood.get(name), key) for name in names})
        oud = work.keyring.seal(work.core_connection, key, plain, binding(Wijziging.__tablename__, record.gemeente_id, id, "oud", 1))
    niveau, categorie = _guard(record)
    return {
        "id": id, "gemeente_id": record.gemeente_id, "versie": 1, "verantwoordelijke_id": record.verantwoordelijke_id,
        "persoon_id": persoon, "tabelnaam": record.__tablename__, "rij_id": record.id, "kader_id": kader_id, "rijniveau": niveau,
        "categorie_code": categorie,
        "nummer": 1 if new else record.versie + 1, "soort": soort, "bron": work.bron, "op": work.actor.moment,
        "door_id": work.actor.gebruiker, "organisatie_id": work.actor.organisatie, "veldnamen": sorted(names), "oud": oud,
    }  # fmt: skip


def write(work: Work, rows: list[dict[str, Any]]) -> None:
    """Put the remembered changes in, after the rows that they are about."""
    if rows:
        work.core_connection.execute(insert(Wijziging.tabel()), rows)


def leave_equal(work: Work, record: object) -> None:
    """A sealed value that was set to what stood there already is no change: its sealed form stays."""
    state = inspect(record)
    if not isinstance(record, PersonRecord) or state.key is None:
        return
    for name in [name for name, veld in record.velden.items() if veld.kind == "sealed"]:
        added, _, deleted = state.attrs[name].history
        if not added or not deleted or None in (added[0], deleted[0]):
            continue
        if to_plain(added[0]).decode() == _frozen(work, record, name, deleted[0]):
            set_committed_value(record, name, deleted[0])


def _guard(record: PersonRecord) -> tuple[int, str]:
    """The level and category that what stood there was behind: where the row had its own, the higher level and the first category."""
    niveau, categorie = int(record.niveau), record.categorie.code
    if record.niveau_kolom is not None:
        niveau = max(_before(record, record.niveau_kolom) or 0, getattr(record, record.niveau_kolom))
    if record.categorie_kolom is not None:
        categorie = _before(record, record.categorie_kolom) or getattr(record, record.categorie_kolom)
    return niveau, categorie


def _before(record: PersonRecord, name: str) -> Any:
    kept = inspect(record).attrs[name].history
    return kept.deleted[0] if kept.deleted else kept.unchanged[0] if kept.unchanged else None


def _row(work: Work, record: PersonRecord) -> dict[str, Any]:
    """A row that is about to be deleted, as it is: also what the actor does not see of it must be known later."""
    table = record.tabel()
    own = select(table).where(table.c.gemeente_id == record.gemeente_id, table.c.id == record.id)
    return {str(name): value for row in work.core_connection.execute(own).mappings() for name, value in row.items()}


def _frozen(work: Work, record: PersonRecord, name: str, value: Any, held: UUID | None = None) -> Any:
    if value is None or record.velden[name].kind != "sealed":
        return freeze(type(record), name, value)
    plain = open_stored(work, record, name, value, held)
    return None if plain is None else plain.decode()
