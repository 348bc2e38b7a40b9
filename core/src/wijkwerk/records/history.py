"""What was known when, by whom it was changed, and where it came from: each write leaves what stood there before (domain.md 1.11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from sqlalchemy import JSON, Date, Enum, Index, LargeBinary, Numeric, String, TypeDecorator, bindparam, insert, inspect, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped
from sqlalchemy.types import TypeEngine

from wijkwerk.access.levels import N1, Niveau
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import IDENTITEIT
from wijkwerk.errors import GeenRecht
from wijkwerk.records.checks import level
from wijkwerk.records.declare import PersonRecord, Record, Retention, kader_of, subject_of
from wijkwerk.records.fields import field, machinery, sealed, stored_enum, subject
from wijkwerk.records.opening import binding, from_plain, to_plain
from wijkwerk.records.plan import Shape, plan
from wijkwerk.storage.columns import Tijdstip, Uuid16, among, nieuw_id

if TYPE_CHECKING:
    from wijkwerk.records.read import Reader
    from wijkwerk.records.session import Work

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call] # sqlalchemy leaves it out


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
    versioned = False
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
    oud: Mapped[str | None] = sealed("Wat er eerst stond", level=N1)
    __table_args__ = (Index("ix_wijziging_rij", "rij_id", "tabelnaam", "nummer", "gemeente_id"),)


@dataclass(frozen=True, slots=True)
class Veldwijziging:
    """A field before and after a change."""

    veld: str
    oud: Any
    nieuw: Any


@dataclass(frozen=True, slots=True)
class Versie:
    """A change of one row, with the fields of it that the actor may see. `door` and `organisatie`: who made it."""

    rij: UUID
    nummer: int
    soort: Wijzigingssoort
    bron: Gegevensbron
    op: datetime
    door: UUID
    organisatie: UUID
    velden: tuple[Veldwijziging, ...]


def remember(work: Work, record: PersonRecord, soort: Wijzigingssoort, names: Sequence[str]) -> dict[str, Any]:
    """The row of `wijziging` for a write that is about to happen: `names` are the columns that are written."""
    id, new = nieuw_id(), soort is Wijzigingssoort.AANGEMAAKT
    persoon, kader = getattr(record, subject_of(type(record))), kader_of(type(record))
    kader_id = getattr(record, kader) if kader else None
    oud = None
    if not new:
        key = work.keyring.data_key(work.core_connection, record.gemeente_id, persoon, kader_id)
        plain = orjson.dumps({name: _old(work, record, name) for name in names})
        oud = work.keyring.seal(work.core_connection, key, plain, binding(Wijziging.__tablename__, record.gemeente_id, id, "oud", 1))
    niveau: Niveau | int = record.niveau if record.niveau_kolom is None else getattr(record, record.niveau_kolom)
    return {
        "id": id, "gemeente_id": record.gemeente_id, "versie": 1, "verantwoordelijke_id": record.verantwoordelijke_id,
        "persoon_id": persoon, "tabelnaam": record.__tablename__, "rij_id": record.id, "kader_id": kader_id, "rijniveau": int(niveau),
        "categorie_code": getattr(record, record.categorie_kolom) if record.categorie_kolom else record.categorie.code,
        "nummer": 1 if new else record.versie + 1, "soort": soort, "bron": work.bron, "op": work.actor.moment,
        "door_id": work.actor.gebruiker, "organisatie_id": work.actor.organisatie, "veldnamen": sorted(names), "oud": oud,
    }  # fmt: skip


def write(work: Work, rows: list[dict[str, Any]]) -> None:
    """Put the remembered changes in, after the rows that they are about."""
    if rows:
        work.core_connection.execute(insert(Wijziging.tabel()), rows)


def history(reader: Reader, record: type[PersonRecord], ids: Sequence[UUID]) -> dict[UUID, list[Versie]]:
    """Per row its changes, newest first, with what the actor may see of them today. Rows out of reach are not in it.

    Two statements and the keys. Raises GeenRecht.
    """
    made = plan(Shape(record, _readable(reader, record), "id"))
    found: dict[UUID, list[Versie]] = {}
    seen = reader.sighted(made, {"sleutels": list(ids)})
    changes = _changes(reader, record, [row.id for row, _ in seen])
    for row, visible in seen:
        now = {name: getattr(row, name) for name in visible}
        found[row.id] = [_versie(change, oud, now) for change, oud in changes.get(row.id, ())]
    return found


def known_at(reader: Reader, record: type[PersonRecord], velden: Sequence[str], ids: Sequence[UUID], moment: datetime) -> list[Any | None]:
    """The rows as they were known at a moment, under today's scope, in the order of `ids`; None for one that was not there yet
    or is out of reach. Raises GeenRecht.
    """
    made = plan(Shape(record, tuple(velden), "id"))
    changes: dict[UUID, list[tuple[Any, dict[str, Any]]]] = {}

    def back(id: UUID, values: dict[str, Any], visible: frozenset[str]) -> dict[str, Any]:
        for change, oud in changes.get(id, ()):
            if change.op > moment:
                values |= {name: value for name, value in oud.items() if name in visible}
        return values

    def load(found: Sequence[UUID]) -> None:
        changes.update(_changes(reader, record, found))

    rows = {row.id: row for row, _ in reader.sighted(made, {"sleutels": list(ids)}, load, back)}
    born = {id: min((c.op for c, _ in changed if c.soort is Wijzigingssoort.AANGEMAAKT), default=None) for id, changed in changes.items()}
    return [rows.get(id) if (start := born.get(id)) is None or start <= moment else None for id in ids]


def _readable(reader: Reader, record: type[PersonRecord]) -> tuple[str, ...]:
    """The fields that history tells about: those with a level, shown, and not behind a permission that the actor lacks."""
    return tuple(
        name for name, veld in record.velden.items()
        if veld.level is not None and veld.shown and name != "versie" and (veld.requires is None or reader.actor.may(veld.requires.naam))
    )  # fmt: skip


def _changes(reader: Reader, record: type[PersonRecord], ids: Sequence[UUID]) -> dict[UUID, list[tuple[Any, dict[str, Any]]]]:
    """Per row its changes, newest first, with the old values. One statement and the keys."""
    if not reader.actor.may(Wijziging.lezen.naam):
        raise GeenRecht
    w = Wijziging.tabel()
    rows = reader.connection.execute(
        select(w)
        .where(w.c.gemeente_id == bindparam("gemeente"), w.c.tabelnaam == bindparam("tabel"), among(w.c.rij_id, "rijen"))
        .order_by(w.c.rij_id, w.c.nummer.desc()),
        {"gemeente": reader.actor.gemeente, "tabel": record.__tablename__, "rijen": list(ids)},
    ).all()
    found: dict[UUID, list[tuple[Any, dict[str, Any]]]] = defaultdict(list)
    for row, oud in zip(rows, _opened(reader, rows), strict=True):
        values = {} if oud is None else orjson.loads(oud)
        found[row.rij_id].append((row, {name: thaw(record, name, value) for name, value in values.items()}))
    return found


def _opened(reader: Reader, rows: Sequence[Any]) -> Iterator[bytes | None]:
    blobs = [(row.oud, binding(Wijziging.__tablename__, row.gemeente_id, row.id, "oud", 1)) for row in rows if row.oud is not None]
    plain = iter(reader.keyring.open(reader.connection, blobs))
    return (None if row.oud is None else next(plain) for row in rows)


def _versie(change: Any, oud: dict[str, Any], now: dict[str, Any]) -> Versie:
    """One change as the actor may see it; `now` goes back to what stood there before."""
    fields = []
    for name in change.veldnamen:
        if name in now:
            fields.append(Veldwijziging(name, oud.get(name), now[name]))
            now[name] = oud.get(name)
    return Versie(change.rij_id, change.nummer, change.soort, change.bron, change.op, change.door_id, change.organisatie_id, tuple(fields))


def _old(work: Work, record: PersonRecord, name: str) -> Any:
    before = inspect(record).attrs[name].history
    value = before.deleted[0] if before.deleted else before.unchanged[0] if before.unchanged else None
    if value is None or record.velden[name].kind != "sealed":
        return freeze(record, name, value)
    [plain] = work.keyring.open(
        work.core_connection, [(value, binding(record.__tablename__, record.gemeente_id, record.id, name, record.versie))]
    )
    return None if plain is None else plain.decode()


def freeze(record: PersonRecord | type[PersonRecord], name: str, value: Any) -> Any:
    """A value of a column as JSON can hold it, the same whichever database it came from."""
    kind = _kind(record, name)
    if value is None or record.velden[name].kind == "sealed":
        return None if value is None else to_plain(value).decode()
    if isinstance(kind, Enum):
        return str(value.value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return kind.process_bind_param(value, _DIALECT) if isinstance(kind, TypeDecorator) else value


def thaw(record: type[PersonRecord], name: str, value: Any) -> Any:
    """The value that `freeze` was given."""
    kind = _kind(record, name)
    if value is None or record.velden[name].kind == "sealed":
        return None if value is None else from_plain(record.velden[name].sealed_type or str, value.encode())
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    for of, read in _READ.items():
        if isinstance(kind, of):
            return read(value)
    return kind.process_result_value(value, _DIALECT) if isinstance(kind, TypeDecorator) else value


_READ: dict[type[TypeEngine[Any]], Callable[[Any], Any]] = {
    Uuid16: UUID, Tijdstip: datetime.fromisoformat, Date: date.fromisoformat, Numeric: Decimal, LargeBinary: bytes.fromhex,
}  # fmt: skip


def _kind(record: PersonRecord | type[PersonRecord], name: str) -> TypeEngine[Any]:
    table: Any = record.__table__ if isinstance(record, Record) else record.tabel()
    kind: TypeEngine[Any] = table.c[name].type
    return kind
