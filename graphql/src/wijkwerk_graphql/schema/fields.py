"""What authors of the core and of plugins write: fields on records, queries and mutations. Nothing here has a default permission."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import GenericAlias, SimpleNamespace
from typing import Annotated, Any, TypeVar, get_type_hints
from uuid import UUID

from wijkwerk.access.permissions import Permission
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.records.declare import Record
from wijkwerk_graphql.schema.lezing import Lezing, Row

C = TypeVar("C", bound=type[Any])
MARK = "__uitbreiding__"
STANDARD_PAGE, MAX_RELATED = 50, 200
INZENDING = "inzending"
_INZENDING = inspect.Parameter(
    INZENDING,
    inspect.Parameter.KEYWORD_ONLY,
    default=None,
    annotation=Annotated[
        UUID | None, "Een nummer (UUID) dat u zelf maakt. Stuurt u hetzelfde nog eens met dit nummer, dan gebeurt het maar een keer"
    ],
)


class Query:
    """De vragen die u kunt stellen."""


class Mutation:
    """De wijzigingen die u kunt doen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leest:
    """What a field reads that follows from a declaration alone: the leak matrix works it out a second time (testing/lekken).

    One row that the parent's column `kolom` names; or the rows whose column `by` is the parent's `kolom`; or, without `kolom`, pages.
    """

    record: type[Record]
    kolom: str | None = None
    by: str | None = None
    order: tuple[str, ...] = ()
    filters: Any = None
    geldig: bool = False
    zoek: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaratie:
    """A field with a function behind it.

    `geeft` is its type in Python (records, lists and `| None` allowed); `given` how many arguments the engine gives the function
    (parents and reader, or reader, or unit of work); `nodig` the columns of the parent that the function reads.
    `herhaalbaar`: it takes the argument `inzending` beside those of the function, which never sees it (`engine/mutating.py`).
    """

    werk: Callable[..., Any]
    requires: Permission
    uitleg: str
    geeft: Any
    given: int = 1
    muteert: bool = False
    herhaalbaar: bool = False
    nodig: tuple[str, ...] = ()
    gebeurtenis: Gebeurtenis = Gebeurtenis.LEZEN
    module: str = ""
    leest: Leest | None = None

    @property
    def batch(self) -> bool:
        """Whether it answers for all parents at once."""
        return self.given == 2

    def parameters(self) -> list[inspect.Parameter]:
        """The arguments of the field: what the function takes beside what the engine gives it, with evaluated annotations."""
        parameters = list(inspect.signature(self.werk).parameters.values())[self.given :]
        only = SimpleNamespace(__annotations__={parameter.name: parameter.annotation for parameter in parameters})
        hints = get_type_hints(only, self.werk.__globals__, include_extras=True)
        own = [parameter.replace(annotation=hints[parameter.name]) for parameter in parameters]
        return [*own, _INZENDING] if self.herhaalbaar else own


@dataclass(frozen=True, slots=True)
class Uitbreiding:
    """Fields that a class adds to a target; `naam` says whose they are, for messages."""

    target: type[Any]
    naam: str
    velden: dict[str, Declaratie]


def extend(target: type[Any]) -> Callable[[C], C]:
    """Add the fields of a class to a record, to Query or to Mutation, in each schema that is given the class."""

    def to(cls: C) -> C:
        velden = {name: value for name, value in cls.__dict__.items() if isinstance(value, Declaratie)}
        setattr(cls, MARK, Uitbreiding(target, f"{cls.__module__}.{cls.__qualname__}", velden))
        return cls

    return to


def field(
    geeft: Any = None, *, requires: Permission, uitleg: str, gebeurtenis: Gebeurtenis = Gebeurtenis.LEZEN
) -> Callable[[Callable[..., Any]], Any]:
    """A field of Query: a plain function `(lezer: Lezing, **args)`. `geeft` is its type; the return annotation when left out.

    `gebeurtenis` is what the log calls it (a search, a look in the log).
    """
    return _declare(geeft, requires=requires, uitleg=uitleg, given=1, gebeurtenis=gebeurtenis)


def batch(geeft: Any, *, requires: Permission, uitleg: str, nodig: tuple[str, ...] = ()) -> Callable[[Callable[..., Any]], Any]:
    """A field of a record: a plain function `(ouders: list[Row], lezer: Lezing, **args)`, all parents in, one answer for each out.

    `geeft` is the type for one parent. `nodig` names the parent's columns that the function reads (`id` is always there).
    """
    return _declare(geeft, requires=requires, uitleg=uitleg, given=2, nodig=nodig)


def mutation(geeft: Any, *, requires: Permission, uitleg: str, herhaalbaar: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """A field of Mutation: a plain function `(werk: Work, **args)`, one transaction. When `geeft` is a record it returns the id,
    and the record is read after the commit, under scope and with a log entry of its own; else it returns the answer itself.

    `herhaalbaar`: a client may send it twice under a number of its own making, in the argument `inzending`; the function runs once
    (`wijkwerk.inzendingen`). What is kept for the answer to the second time is one id and nothing else, so `geeft` is a record or UUID:
    a record is read again, as it is by then, and must still be in reach. The schema is refused for any other answer.
    """
    return _declare(geeft, requires=requires, uitleg=uitleg, given=1, muteert=True, herhaalbaar=herhaalbaar)


def related(
    record: type[Record], *, by: str, uitleg: str, order: Sequence[str] = (), requires: Permission | None = None, key: str = "id"
) -> Any:
    """A list of the records whose column `by` names the parent: one line, one statement. `first` is 50 unless asked, at most 200.

    The permission is the one to read the record, unless another is given. `key` is the parent's column that `by` refers to.
    """
    nodig = () if key == "id" else (key,)

    def lees(ouders: list[Row], lezer: Lezing, first: int = STANDARD_PAGE) -> list[list[Row]]:
        return lezer.per_ouder(record, by, [getattr(ouder, key) for ouder in ouders], order=order, limit=page_size(first, MAX_RELATED))

    leest = Leest(record=record, kolom=key, by=by, order=tuple(order))
    made = _declare(list_of(record), requires=requires or record.lezen, uitleg=uitleg, given=2, nodig=nodig, leest=leest)
    return made(lees)


def list_of(kind: type[Any]) -> Any:
    """`list[kind]`, of a type that is known at run time only."""
    return GenericAlias(list, (kind,))


def page_size(first: int, most: int) -> int:
    """A page size that may be asked. Raises OngeldigeInvoer."""
    if not 1 <= first <= most:
        raise OngeldigeInvoer(f"Vraag 1 tot en met {most} regels tegelijk.", veld="first")
    return first


def relation(column: str, record: type[Record], uitleg: str) -> Declaratie:
    """The field of a column that refers to a record: `persoon_id` gives `persoon`."""

    def lees(ouders: list[Row], lezer: Lezing) -> list[Row | None]:
        return lezer.bij_id(record, [getattr(ouder, column) for ouder in ouders])

    return Declaratie(
        werk=lees, requires=record.lezen, uitleg=uitleg, geeft=record | None, given=2, nodig=(column,), module=record.__module__,
        leest=Leest(record=record, kolom=column),
    )  # fmt: skip


def _declare(geeft: Any, **rest: Any) -> Callable[[Any], Any]:
    def declare(function: Any) -> Declaratie:
        plain = function.__func__ if isinstance(function, staticmethod) else function
        known = Declaratie(werk=plain, geeft=geeft, module=plain.__module__, **rest)
        return known if geeft is not None else replace(known, geeft=get_type_hints(plain, include_extras=True)["return"])

    return declare
