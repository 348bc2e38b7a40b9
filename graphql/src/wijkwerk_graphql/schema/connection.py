"""Lists by page, as Relay wants them: keyset order, sealed cursors, counts under the same scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self, TypeAlias

from wijkwerk.access.permissions import Permission
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.records.conditions import RANG, Filter
from wijkwerk.records.declare import Record
from wijkwerk.records.read import Page
from wijkwerk_graphql.schema import cursor
from wijkwerk_graphql.schema.fields import Declaratie, Leest, list_of, page_size
from wijkwerk_graphql.schema.inputs import Invoer, filters_of
from wijkwerk_graphql.schema.lezing import Lezing, Row
from wijkwerk_graphql.schema.outcomes import MARK, Uitkomst
from wijkwerk_graphql.schema.types import Veldinfo, make_field, make_type, optional, public_field

PAGE, MAX_PAGE = 20, 200
Zoek: TypeAlias = Callable[[Lezing, Any], tuple[Mapping[Filter, Any], tuple[str, ...]]]
"""What a filter asks, worked out by the core: the conditions, and the order that the answer comes in."""


@dataclass(frozen=True, slots=True)
class Verbinding:
    """Stands for the connection type of a record, or of an answer made with `uitkomst`, in `Declaratie.geeft`."""

    record: type[Any]

    @property
    def requires(self) -> Permission:
        """What it takes to read what is on the pages; counting asks the same."""
        known = getattr(self.record, MARK, None)
        lezen: Permission = known.requires if isinstance(known, Uitkomst) else self.record.lezen
        return lezen


@dataclass(frozen=True, slots=True)
class Edge:
    """A row with its place in the list."""

    cursor: str | None
    node: Row


@dataclass(frozen=True, slots=True)
class PageInfo:
    """Whether there is more, and from where."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class Bladzijde:
    """One page of a list."""

    edges: list[Edge]
    page_info: PageInfo
    total_count: int | None

    @classmethod
    def van(
        cls, lezer: Lezing, zegel: cursor.Zegel, rows: Sequence[Row], places: Callable[[], Sequence[Sequence[Any]]], *,
        more: bool, after: str | None, total: Callable[[], int],
    ) -> Self:  # fmt: skip
        """A page of these rows. The cursors (from `places`, one for each row) and the total are worked out only when asked for."""
        asked = lezer.gekozen.velden
        ends = {"page_info.start_cursor", "page_info.end_cursor", "edges.cursor"} & asked
        cursors: list[str | None] = [*map(zegel.seal, places())] if ends else [None] * len(rows)
        info = PageInfo(more, after is not None, cursors[0] if cursors else None, cursors[-1] if cursors else None)
        return cls([Edge(*pair) for pair in zip(cursors, rows, strict=True)], info, total() if "total_count" in asked else None)


def connection(
    record: type[Record],
    *,
    uitleg: str,
    order: Sequence[str] = (),
    filters: type[Invoer] | None = None,
    zoek: Zoek | None = None,
    requires: Permission | None = None,
    geldig: bool = False,
) -> Any:
    """A field of Query with pages of a record, in this order (`-` for descending), narrowed by a filter input.

    `first` is 20 unless asked, at most 200. With a filter the log calls it a search. `geldig`: only rows whose `van` and `tot` hold today.
    `zoek` says what a filter asks, when that is more than a value for each column.
    """

    def _always(lezer: Lezing) -> dict[Filter, Any]:
        return {Filter("van", "geldig_op"): lezer.actor.vandaag} if geldig else {}

    def page(lezer: Lezing, first: int = PAGE, after: str | None = None) -> Bladzijde:
        return _page(lezer, record, tuple(order), first, after, _always(lezer))

    def search(lezer: Lezing, first: int = PAGE, after: str | None = None, filter: Any = None) -> Bladzijde:
        if zoek is None or filter is None:
            return _page(lezer, record, tuple(order), first, after, _always(lezer) | filters_of(lezer, filter))
        conditions, ordered = zoek(lezer, filter)
        return _page(lezer, record, ordered, first, after, _always(lezer) | dict(conditions))

    search.__annotations__["filter"] = filters | None if filters else None
    made = Declaratie(
        werk=search if filters else page,
        requires=requires or record.lezen,
        uitleg=uitleg,
        geeft=Verbinding(record),
        module=record.__module__,
        leest=Leest(record=record, order=tuple(order), filters=filters, geldig=geldig, zoek=zoek is not None),
    )
    return replace(made, gebeurtenis=Gebeurtenis.ZOEKEN) if filters else made


def connection_type(verbinding: Verbinding, node: type[Any], page_info: type[Any]) -> type[Any]:
    """The types `<Record>Connection` and `<Record>Edge`."""
    info, naam = Veldinfo(verbinding.requires, van=__name__), verbinding.record.__name__
    edge = make_type(
        f"{naam}Edge",
        "Een regel van een lijst",
        [make_field("cursor", str, "De plaats in de lijst", info), make_field("node", node, "Het gegeven zelf", info)],
    )
    return make_type(
        f"{naam}Connection",
        "Een pagina van een lijst",
        [
            make_field("edges", list_of(edge), "De regels", info),
            make_field("page_info", page_info, "Of er meer is", info),
            make_field("total_count", optional(int), "Hoeveel er in totaal zijn die u mag zien", info),
        ],
    )


def page_info_type() -> type[Any]:
    """The type PageInfo of the Relay specification."""
    return make_type(
        "PageInfo",
        "Waar een pagina begint en eindigt",
        [
            public_field("has_next_page", bool, "Of er hierna meer is"),
            public_field("has_previous_page", bool, "Of er hiervoor iets was"),
            public_field("start_cursor", optional(str), "De cursor van de eerste regel"),
            public_field("end_cursor", optional(str), "De cursor van de laatste regel"),
        ],
    )


def _page(
    lezer: Lezing, record: type[Record], order: tuple[str, ...], first: int, after: str | None, filters: dict[Filter, Any]
) -> Bladzijde:
    size = page_size(first, MAX_PAGE)
    zegel = cursor.Zegel.of(lezer.reader, record.__name__, order)
    since = None if after is None else zegel.open(after)
    found = lezer.reader.page(record, lezer.velden(record), order=order, filters=filters, first=size, after=since)
    return Bladzijde.van(
        lezer, zegel, found.rows, lambda: _places(found, order), more=found.more, after=after,
        total=lambda: lezer.reader.count(record, filters, order=order),
    )  # fmt: skip


def _places(found: Page, order: tuple[str, ...]) -> list[list[Any]]:
    ranks = found.ranks or (0,) * len(found.rows)
    return [
        [*(rank if name == RANG else getattr(row, name.removeprefix("-")) for name in order), row.id]
        for row, rank in zip(found.rows, ranks, strict=True)
    ]
