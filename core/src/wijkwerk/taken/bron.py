"""What stands on the work list beside tasks: a record declares once which of its rows wait for somebody, and until when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wijkwerk.access.actor import Actor
    from wijkwerk.access.catalogue import Catalogue
    from wijkwerk.records.conditions import Filter
    from wijkwerk.records.declare import Record


@dataclass(frozen=True, slots=True)
class Werkbron:
    """A source of the work list: the rows of `record` that `filters` chooses for an actor, the most urgent first.

    `wanneer` is the column (a day or a moment) that says when it is due; rows without one come last. `filters` does not name that
    column: what the user narrows the list by does. `omschrijving` says in Dutch what has to be done, from a row with the columns
    `velden` and what the installation knows. `termijn`: whether what is past `wanneer` is late. Who may not read the record has
    nothing of this source.
    """

    code: str
    record: type[Record]
    wanneer: str
    filters: Callable[[Actor], Mapping[Filter, Any]]
    omschrijving: Callable[[Any, Catalogue], str]
    velden: tuple[str, ...] = ()
    termijn: bool = True
