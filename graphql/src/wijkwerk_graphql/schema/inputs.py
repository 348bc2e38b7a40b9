"""Input types follow from the same declarations as output types: type, description and permission of a column are written once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar, get_args, get_origin
from uuid import UUID

import strawberry
from strawberry.types.unset import UNSET

from wijkwerk.access.permissions import Permission
from wijkwerk.errors import OngeldigeInvoer, bij_veld
from wijkwerk.records.conditions import Filter, Operator
from wijkwerk.records.declare import Record
from wijkwerk.records.fields import Veld
from wijkwerk.records.gegevens import niet_leeg
from wijkwerk_graphql.schema.lezing import Lezing
from wijkwerk_graphql.schema.scalars import read_id
from wijkwerk_graphql.schema.types import Veldinfo, input_type, make_field, optional, strip_optional

C = TypeVar("C", bound=type["Invoer"])
MAX_ITEMS = 500


class Invoer:
    """What a client gave: an attribute per field."""

    zoekvelden: ClassVar[dict[str, Zoekveld]] = {}
    record: ClassVar[type[Record]]

    def gegevens(self) -> dict[str, Any]:
        """What was given, by the name of the column; what was left out is not in it. A null makes a column empty.

        Raises OngeldigeInvoer for a null where there must be something.
        """
        given = {name: value for name, value in vars(self).items() if value is not UNSET}
        for name, value in given.items():
            if value is None and not self.zoekvelden and not self.record.tabel().c[name].nullable:
                raise niet_leeg(name)
        return given


@dataclass(frozen=True, slots=True)
class Zoekveld:
    """A field to search on. `kolom` is compared with what `waarde` makes of the value (a blind index, a folded name).

    Type, description and permission are those of the column, unless given.
    """

    kolom: str
    operator: Operator = "gelijk"
    requires: Permission | None = None
    uitleg: str | None = None
    soort: Any = None
    waarde: Callable[[Lezing, Any], Any] = lambda lezer, value: value


def invoer(
    record: type[Record], *, velden: Sequence[str], verplicht: Sequence[str] = (), requires: Permission | None = None
) -> Callable[[C], C]:
    """Make a class the input for these columns of a record. The docstring is its description, in Dutch.

    `requires`: the right of who may give them without the right to write the record, for a service that writes it in another's name.
    """

    def to(cls: C) -> C:
        fields = []
        for name in velden:
            kind, veld = input_type(record, name)
            info = Veldinfo(_write_guard(veld, requires or record.schrijven), van=record.__module__)
            fields.append((name, kind if name in verplicht else optional(kind), veld.uitleg, info, name in verplicht))
        return _made(cls, record, fields)

    return to


def filterinvoer(record: type[Record]) -> Callable[[C], C]:
    """Make a class with `Zoekveld` attributes the filter of a connection over `record`."""

    def to(cls: C) -> C:
        zoekvelden = {name: value for name, value in cls.__dict__.items() if isinstance(value, Zoekveld)}
        fields = []
        for name, zoekveld in zoekvelden.items():
            kind, veld = input_type(record, zoekveld.kolom) if zoekveld.soort is None else (zoekveld.soort, record.velden[zoekveld.kolom])
            info = Veldinfo(zoekveld.requires or veld.requires or record.lezen, van=record.__module__)
            fields.append((name, optional(kind), zoekveld.uitleg or veld.uitleg, info, False))
        made = _made(cls, record, fields)
        made.zoekvelden = zoekvelden
        return made

    return to


def asked(given: Invoer | None) -> dict[str, Any]:
    """What a filter asks, by field. Raises OngeldigeInvoer for a field that is null: leaving it out would find everybody."""
    found = given.gegevens() if given else {}
    for name, value in found.items():
        if value is None:
            raise OngeldigeInvoer("Laat een zoekveld weg als u er niet op zoekt.", veld=name)
    return found


def filters_of(lezer: Lezing, given: Invoer | None) -> dict[Filter, Any]:
    """The conditions of a filter. Raises as `asked`."""
    found = {}
    for name, value in asked(given).items():
        zoekveld = type(given).zoekvelden[name]  # type: ignore[union-attr] # there is a value, so there is an input
        with bij_veld(name):
            found[Filter(zoekveld.kolom, zoekveld.operator)] = zoekveld.waarde(lezer, value)
    return found


def read_ids(kind: Any, value: Any, veld: str) -> Any:
    """A coerced argument with its IDs read as UUIDs, also those in lists and inputs, and no list longer than MAX_ITEMS.

    Raises OngeldigeInvoer naming the argument or the field of the input.
    """
    kind = strip_optional(kind)
    if value is None or value is UNSET:
        return value
    if kind is UUID:
        return read_id(value, veld)
    if get_origin(kind) is list:
        if len(value) > MAX_ITEMS:
            raise OngeldigeInvoer(f"Geef hier niet meer dan {MAX_ITEMS} waarden. Verdeel ze over meer verzoeken.", veld=veld)
        return [read_ids(get_args(kind)[0], item, veld) for item in value]
    if isinstance(value, Invoer):
        for name, hint in type(value).__annotations__.items():
            setattr(value, name, read_ids(hint, getattr(value, name), name))
    return value


def _write_guard(veld: Veld, requires: Permission) -> Permission:
    """The column's own permission where it has one, else this one. The session asks the one to write the record at any write."""
    return veld.requires if veld.requires is not None and veld.kind == "field" else requires


def _made(cls: C, record: type[Record], fields: list[tuple[str, Any, str, Veldinfo, bool]]) -> C:
    cls.record = record
    cls.__annotations__ = {name: kind for name, kind, *_ in fields}
    for name, kind, uitleg, info, required in fields:
        made = make_field(name, kind, uitleg, info)
        if not required:
            made.default = made.default_value = UNSET
        setattr(cls, name, made)
    return strawberry.input(cls, name=cls.__name__, description=inspect.cleandoc(cls.__doc__ or ""))
