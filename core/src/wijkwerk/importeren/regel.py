"""One row of an import file, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RegelFout:
    """What is wrong in one field of one row: `reden` says in Dutch what is expected, and never repeats the value."""

    regel: int
    veld: str
    reden: str


@dataclass(frozen=True, slots=True)
class Regel:
    """One row. `nummer` is the line at which it starts (CSV) or the row number (spreadsheet), from 1.

    `waarden` has the text of each recognised column, trimmed; it is empty when `fouten` says that the row could not be read.
    `cellen` is the row as it was in the file, for the error file: a row that can't be read at all is one cell with its raw text.
    The `repr` shows only the number: the rest is personal data.
    """

    nummer: int
    waarden: dict[str, str] = field(repr=False)
    cellen: tuple[str, ...] = field(repr=False)
    fouten: tuple[RegelFout, ...] = field(default=(), repr=False)
