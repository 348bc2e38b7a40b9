"""The five kinds of records. A class that leaves something unsaid does not come into being (design.md 1, idea 2; 11.6)."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, Enum, LargeBinary, String, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from wijkwerk.access.levels import N1, Niveau
from wijkwerk.access.permissions import Permission
from wijkwerk.access.purposes import Categorie
from wijkwerk.access.register import INTERN
from wijkwerk.records.fields import KEY, Derived, Veld, field, foreign_keys, machinery
from wijkwerk.records.woorden import Woordregister
from wijkwerk.storage.columns import Uuid16, nieuw_id
from wijkwerk.storage.metadata import metadata


class Declaratiefout(TypeError):
    """A record class leaves out or contradicts something; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long rows are kept: number in the Selectielijst 2020 (or "eigen"), period, and what starts the clock (domain.md 4.1)."""

    selectielijst: str
    termijn: str
    vanaf: str


class Record(DeclarativeBase):
    """Root of all records. `owner` (the plugin) and the table name follow from the module; `uitleg` is the Dutch docstring.

    `has_levels`: whether the levels of its fields decide what of a row is shown; not for rows that hold no person at all.
    `maakt_bereik`: a row that a core service makes, which looks itself whether its maker may: noodtoegang is why the maker is let in, and
    who lets a resident take part in a group sees the resident, but not within that group. Nothing else.
    `woordregister`: by the words of which names its rows are found, if they are.
    """

    metadata = metadata
    __abstract__ = True

    owner: ClassVar[str]
    kind: ClassVar[str]
    uitleg: ClassVar[str]
    lezen: ClassVar[Permission]
    schrijven: ClassVar[Permission]
    retention: ClassVar[Retention]
    core_only: ClassVar[bool] = False
    maakt_bereik: ClassVar[bool] = False
    kader_kolom: ClassVar[str | None] = None
    has_levels: ClassVar[bool] = True
    woordregister: ClassVar[Woordregister | None] = None
    velden: ClassVar[dict[str, Veld]]
    afgeleid: ClassVar[dict[str, Derived]]

    id: Mapped[UUID] = mapped_column(Uuid16, primary_key=True, default=nieuw_id, info={KEY: Veld("machinery", shown=False)}, sort_order=-3)
    gemeente_id: Mapped[UUID] = mapped_column(Uuid16, primary_key=True, info={KEY: Veld("machinery", shown=False)}, sort_order=-2)
    versie: Mapped[int] = field("Het hoeveelste exemplaar dit is; stuur dit mee bij een wijziging", level=N1, sort_order=-1)

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__name__.lower() if cls.owner == "core" else f"{cls.owner}_{cls.__name__.lower()}"

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__dict__.get("versie") or cls.versie, "eager_defaults": False}

    def __init_subclass__(cls, **kw: Any) -> None:
        if cls.__dict__.get("__abstract__"):
            super().__init_subclass__(**kw)
            return
        cls.owner = cls.__dict__.get("owner") or _owner(cls.__module__)
        cls.uitleg = inspect.cleandoc(cls.__doc__ or "").split("\n")[0]
        namespace = {name: value for base in reversed(cls.__mro__) for name, value in base.__dict__.items()}
        extra = cls.__dict__.get("__table_args__", ())
        cls.__table_args__ = (*extra, *foreign_keys(namespace), {"info": {"owner": cls.owner}})
        cls.afgeleid = {name: value for name, value in cls.__dict__.items() if isinstance(value, Derived)}
        super().__init_subclass__(**kw)
        cls.velden = _velden(cls)
        _verify(cls)

    @classmethod
    def tabel(cls) -> Table:
        """The table, as the planner reads it."""
        table = cls.__table__
        assert isinstance(table, Table)  # noqa: S101 - a mapped class always has one; this tells the type checker
        return table


class PersonRecord(Record):
    """A row about one person, behind the door of betrokkenheid.

    `categorie` and `niveau` say at which level of which category the row exists for someone. Where rows differ,
    `categorie_kolom` and `niveau_kolom` name the columns that hold them. `verantwoordelijke_id` is the controller.
    `versioned`: each write leaves what stood there before (records/history.py); not for rows that are never changed.
    `voor_kolom` names the column with the user, team or organisation whom a row is for: outside the municipality nobody sees rows that
    are for another organisation, not even with a door to the resident: who else works with somebody is not theirs to know (domain.md 2.6).
    `eigen_kolom` names the column with the one user who sees the row: nobody else does, whatever else lets them in. Such a row leaves
    no history: that would say to others that it was there.
    `verloopt_kolom` names the column with the moment from which a row is gone for everybody, also where no job has removed it yet.
    `groep_kolom` names the column with the number that rows about several residents have in common, one about each: a row is there only
    for who may see every row with that number.
    `lezers_niveau`: who is named as a reader of a row's group (Notitielezer) finds it at this level, and not only at its own higher one.
    `rol_kolom` names the column with the role for which a row is, there; empty is for every role.
    `rij_afschermbaar`: what secrecy hides is the whole row, not only its fields (domain.md 1.10).
    `kan_achterblijven`: of two rows that a UNIQUE constraint lets a resident have one of, the one of a resident who is merged away may
    stay behind, out of sight until the merge is undone. Without it such a merge is refused (docs/decisions/0009).
    """

    __abstract__ = True
    kind = "PersonRecord"
    categorie: ClassVar[Categorie]
    niveau: ClassVar[Niveau]
    categorie_kolom: ClassVar[str | None] = None
    niveau_kolom: ClassVar[str | None] = None
    voor_kolom: ClassVar[str | None] = None
    rol_kolom: ClassVar[str | None] = None
    eigen_kolom: ClassVar[str | None] = None
    verloopt_kolom: ClassVar[str | None] = None
    groep_kolom: ClassVar[str | None] = None
    lezers_niveau: ClassVar[Niveau | None] = None
    versioned: ClassVar[bool] = True
    rij_afschermbaar: ClassVar[bool] = False
    kan_achterblijven: ClassVar[bool] = False

    verantwoordelijke_id: Mapped[UUID] = machinery(Uuid16, to="organisatie")


class KaderRecord(Record):
    """A row about no known person (yet): for the party whose kader it is, within its organisation."""

    __abstract__ = True
    kind = "KaderRecord"
    verantwoordelijke_id: Mapped[UUID] = machinery(Uuid16, to="organisatie")
    partij_id: Mapped[UUID] = machinery(Uuid16, index=True)


class OpenRecord(Record):
    """A row without persons: public for who is logged in, or for its own organisation only."""

    __abstract__ = True
    kind = "OpenRecord"
    has_levels = False
    verantwoordelijke_id: Mapped[UUID] = machinery(Uuid16, index=True)
    openbaar: Mapped[bool] = machinery(default=True)


class ToezichtRecord(Record):
    """A row for oversight: pseudonyms and facts about processing, never a person."""

    __abstract__ = True
    kind = "ToezichtRecord"
    has_levels = False


@cache
def subject_of(record: type[PersonRecord]) -> str:
    """The column that names the person: a record of kind subject, or `id` for the person's own row."""
    return next((name for name, veld in record.velden.items() if veld.kind == "subject"), "id")


@cache
def kader_of(record: type[Record]) -> str | None:
    """The column that names the dossier, group or agreement the row belongs to, if it has one."""
    return record.kader_kolom or next((name for name, veld in record.velden.items() if veld.kind == "kader"), None)


def _owner(module: str) -> str:
    package = module.split(".")[0]
    return "core" if package == "wijkwerk" else package.removeprefix("wijkwerk_")


def _velden(cls: type[Record]) -> dict[str, Veld]:
    found = {}
    own: Categorie | None = getattr(cls, "categorie", None)
    for column in cls.tabel().columns:
        veld = column.info.get(KEY)
        if veld is None:
            raise Declaratiefout(
                f"{cls.__name__}.{column.name} is not classified: use field(), sealed(), subject(), reference() or machinery()."
            )
        if own is not None and veld.kind == "reference" and veld.to == "gebruiker" and veld.requires is None:
            veld = replace(veld, requires=INTERN)  # which employee it was is not shown to residents (domain.md 3.5)
        found[column.name] = veld if own is None or veld.level is None else veld.within(own)
    return found


def _is_free_text(cls: type[Record], name: str) -> bool:
    kind = cls.tabel().c[name].type
    return isinstance(kind, String | JSON | LargeBinary) and not isinstance(kind, Enum)


_REQUIRED = ("lezen", "schrijven", "retention")


def _verify(cls: type[Record]) -> None:
    missing = [name for name in _REQUIRED if not hasattr(cls, name)]
    if issubclass(cls, PersonRecord):
        missing += [name for name in ("categorie", "niveau") if not hasattr(cls, name)]
        if cls.eigen_kolom is not None and cls.versioned:
            raise Declaratiefout(f"{cls.__name__} is of one user alone, and its history would not be: say versioned = False.")
        if cls.__tablename__ != "persoon" and not any(veld.kind == "subject" for veld in cls.velden.values()):
            missing.append("a subject() column")
    elif any(veld.kind in ("subject", "related", "sealed") for veld in cls.velden.values()):
        raise Declaratiefout(f"{cls.__name__} is a {cls.kind} but has a column about a person: make it a PersonRecord.")
    if not cls.uitleg or not re.match(r"[A-Z]", cls.uitleg):
        missing.append("a Dutch docstring")
    if missing:
        raise Declaratiefout(f"{cls.__name__} declares no {', no '.join(missing)}.")
    for name, veld in cls.velden.items():
        if veld.kind in ("field", "sealed") and not veld.uitleg:
            raise Declaratiefout(f"{cls.__name__}.{name} has no explanation (uitleg).")
        if issubclass(cls, PersonRecord) and veld.kind == "field" and _is_free_text(cls, name) and veld.check is None and veld.shown:
            raise Declaratiefout(
                f"{cls.__name__}.{name} is plain text about a person: make it sealed(), or give it a check of what it may hold."
            )
    for afgeleid in cls.afgeleid.values():
        if unknown := [need for need in afgeleid.needs if need not in cls.velden]:
            raise Declaratiefout(f"{cls.__name__}.{afgeleid.name} needs {unknown[0]!r}, which is not a column.")
