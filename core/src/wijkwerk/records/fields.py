"""What a column can be: a field that people read, the subject, a related person, the file it belongs to, or machinery."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Literal

from sqlalchemy import ForeignKeyConstraint, LargeBinary
from sqlalchemy.orm import MappedColumn, mapped_column

from wijkwerk.access.levels import Niveau
from wijkwerk.access.permissions import Permission
from wijkwerk.access.purposes import Categorie
from wijkwerk.storage.columns import Uuid16

KEY = "wijkwerk"
Kind = Literal["field", "sealed", "subject", "related", "kader", "reference", "machinery"]


@dataclass(frozen=True, slots=True)
class Veld:
    """The declaration of one column or derived field. `uitleg` is Dutch, at B1 level: it becomes the schema's description.

    `level`, `categorie` and `afschermbaar` say who sees it; `requires` is an extra permission; `check` normalises a value that is
    written, or raises OngeldigeInvoer.
    `shown=False` keeps a column out of the schema (a sort key, an index, what only the core reads) while its level still guards filters
    and sorting. `tells`: the columns of the same row whose values can be learned by filtering or sorting on it.
    """

    kind: Kind
    uitleg: str = ""
    level: Niveau | None = None
    categorie: Categorie | None = None
    afschermbaar: bool = False
    requires: Permission | None = None
    check: Callable[[Any], Any] | None = None
    to: str | None = None
    shown: bool = True
    sealed_type: type | None = None
    tells: tuple[str, ...] = ()

    def within(self, categorie: Categorie) -> Veld:
        """The same, with the category of its record where it names none."""
        return self if self.categorie else replace(self, categorie=categorie)


def field(
    uitleg: str,
    *,
    level: Niveau,
    categorie: Categorie | None = None,
    afschermbaar: bool = False,
    requires: Permission | None = None,
    check: Callable[[Any], Any] | None = None,
    shown: bool = True,
    tells: tuple[str, ...] = (),
    type_: Any = None,
    **column: Any,
) -> MappedColumn[Any]:
    """A column that a resident, a professional and the schema can read about; `level` is the least level that shows it (domain.md 2.6)."""
    veld = Veld("field", uitleg, level, categorie, afschermbaar, requires, check, shown=shown, tells=tells)
    return _column(veld, type_, **column)


def sealed(
    uitleg: str,
    *,
    level: Niveau,
    type_: type = str,
    categorie: Categorie | None = None,
    afschermbaar: bool = False,
    requires: Permission | None = None,
    shown: bool = True,
    **column: Any,
) -> MappedColumn[Any]:
    """An encrypted column (design.md 6). In Python it is set and read as `type_` (`str`, or a value type with `lees` and `waarde`)."""
    veld = Veld("sealed", uitleg, level, categorie, afschermbaar, requires, shown=shown, sealed_type=type_)
    return _column(veld, LargeBinary, **column)


def subject(uitleg: str) -> MappedColumn[Any]:
    """Whose record this is: scope, log, export and merge follow it."""
    return _column(Veld("subject", uitleg, to="persoon"), Uuid16, index=True)


def related_person(uitleg: str, *, level: Niveau) -> MappedColumn[Any]:
    """Another person in the record: shown only to who may see that person too, and then a disclosure of that person."""
    return _column(Veld("related", uitleg, level, to="persoon"), Uuid16, index=True, nullable=True)


def kader(to: str) -> MappedColumn[Any]:
    """The dossier, group or agreement this row belongs to; betrokkenheid for one kader does not open another."""
    return _column(Veld("kader", to=to), Uuid16, index=True)


def reference(
    uitleg: str,
    to: str,
    *,
    level: Niveau,
    categorie: Categorie | None = None,
    afschermbaar: bool = False,
    requires: Permission | None = None,
    **column: Any,
) -> MappedColumn[Any]:
    """A reference to a record that is not a person."""
    return _column(Veld("reference", uitleg, level, categorie, afschermbaar, requires, to=to), Uuid16, **column)


def machinery(type_: Any = None, *, to: str | None = None, **column: Any) -> MappedColumn[Any]:
    """A column that nobody is ever shown."""
    return _column(Veld("machinery", to=to, shown=False), type_, **column)


def _column(veld: Veld, type_: Any, **column: Any) -> MappedColumn[Any]:
    info = {KEY: veld}
    return mapped_column(info=info, **column) if type_ is None else mapped_column(type_, info=info, **column)


def foreign_keys(namespace: dict[str, Any]) -> list[ForeignKeyConstraint]:
    """The composite keys (id, gemeente_id) that a class body's references ask for: a row can't point into another municipality."""
    return [
        ForeignKeyConstraint([name, "gemeente_id"], [f"{veld.to}.id", f"{veld.to}.gemeente_id"])
        for name, value in namespace.items()
        if isinstance(value, MappedColumn) and (veld := value.column.info.get(KEY)) is not None and veld.to
    ]


@dataclass(frozen=True, slots=True)
class Derived:
    """A field worked out from others of the same row. It is shown when all it needs is shown."""

    name: str
    uitleg: str
    needs: tuple[str, ...]
    compute: Callable[..., Any]
    type_: Any
    vandaag: bool = False


def derived(uitleg: str, *, needs: tuple[str, ...], vandaag: bool = False) -> Callable[[Callable[..., Any]], Derived]:
    """Declare a derived field: the function gets the values of `needs` in order (and `vandaag`, the date of law, when asked for)."""

    def declare(compute: Callable[..., Any]) -> Derived:
        return Derived(compute.__name__, uitleg, needs, compute, compute.__annotations__["return"], vandaag)

    return declare


def stored_enum(kind: type[Enum]) -> Any:
    """A column type for a closed list: text in the database, readable in any tool."""
    from sqlalchemy import Enum as SqlEnum

    return SqlEnum(
        kind, native_enum=False, validate_strings=True, length=60, values_callable=lambda members: [str(member.value) for member in members]
    )
