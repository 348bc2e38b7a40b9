"""What a form is in which entries of the log are given to an auditor or to another system."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from wijkwerk.log.query import LogRij
from wijkwerk.log.vormen.bron import Bron

Regels: TypeAlias = Callable[[Iterable[LogRij], Bron], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Vorm:
    """One form. `regels` gives the lines of some entries, without line ends: it is called for each piece of an export, so that a line
    never depends on an entry of another piece. `kop` stands above all of them. `extensie` is for the name of a file.
    """

    media_type: str
    extensie: str
    regels: Regels
    kop: str | None = None
