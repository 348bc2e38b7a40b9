"""A date of which the day, the month or everything may be unknown (domain.md 1.4)."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

from wijkwerk.errors import DatumOngeldig

VROEGSTE_JAAR = 1875
"""The registers became digital on 1 October 1994, when the oldest person known was born in 1875: earlier is a typing error."""

LAATSTE_JAAR = 2200
"""Later is a typing error too; it bounds what an unknown date may be."""

ONBEKEND = "onbekend"
MAANDEN = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip

_JAAR_KAN_NIET = f"Dit jaar kan niet: geef een jaar van {VROEGSTE_JAAR} tot en met {LAATSTE_JAAR}."
_MAAND_BESTAAT_NIET = "Deze maand bestaat niet: geef een maand van 01 tot en met 12."
_DAG_BESTAAT_NIET = "Deze dag bestaat niet. Controleer de dag, de maand en het jaar."
_DAG_ZONDER_MAAND = "Een dag zonder maand kan niet. Geef ook de maand, of alleen het jaar."

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_CIJFERS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


@dataclass(frozen=True, slots=True, order=True)
class Datum:
    """An incomplete date; 0 is unknown. The day can't be known without the month, nor the month without the year.

    The order is the one of the stored digits, so that Python and SQL sort alike: unknown first, a year before its
    months, a month before its days. It is an order for lists; what surely was earlier is told by `eerste` and `laatste`.
    Raises `DatumOngeldig` for a date that can't be.
    """

    jaar: int = 0
    maand: int = 0
    dag: int = 0

    def __post_init__(self) -> None:
        if (self.jaar, self.maand, self.dag) == (0, 0, 0):
            return
        if not VROEGSTE_JAAR <= self.jaar <= LAATSTE_JAAR:
            raise DatumOngeldig(_JAAR_KAN_NIET)
        if not 0 <= self.maand <= 12:
            raise DatumOngeldig(_MAAND_BESTAAT_NIET)
        if self.dag and not self.maand:
            raise DatumOngeldig(_DAG_ZONDER_MAAND)
        if self.dag and not 0 < self.dag <= monthrange(self.jaar, self.maand)[1]:
            raise DatumOngeldig(_DAG_BESTAAT_NIET)

    @classmethod
    def lees(cls, text: str) -> Datum:
        """Read `1956-11-15`, `1956-11`, `1956`, `onbekend` or the stored digits (`19780300`); anything else is `DatumOngeldig`."""
        if not isinstance(text, str):
            raise DatumOngeldig
        if text.lower() == ONBEKEND or text == "00000000":
            return cls()
        found = _ISO.fullmatch(text) or _CIJFERS.fullmatch(text)
        if found is None:
            raise DatumOngeldig
        if int(found[1]) == 0:
            raise DatumOngeldig(_JAAR_KAN_NIET)
        if "00" in found.groups() and "-" in text:
            raise DatumOngeldig
        return cls(*(int(part or 0) for part in found.groups()))

    @classmethod
    def van(cls, dag: date) -> Datum:
        """The complete date."""
        return cls(dag.year, dag.month, dag.day)

    @property
    def cijfers(self) -> str:
        """The stored form, `jjjjmmdd`; what is unknown is zeros."""
        return f"{self.jaar:04d}{self.maand:02d}{self.dag:02d}"

    def eerste(self) -> date:
        """The earliest date it can be; for an unknown date 1 January of `VROEGSTE_JAAR`."""
        return date(self.jaar or VROEGSTE_JAAR, self.maand or 1, self.dag or 1)

    def laatste(self) -> date:
        """The latest date it can be; for an unknown date 31 December of `LAATSTE_JAAR`."""
        jaar, maand = self.jaar or LAATSTE_JAAR, self.maand or 12
        return date(jaar, maand, self.dag or monthrange(jaar, maand)[1])

    def __str__(self) -> str:
        """ISO 8601 with reduced precision: `1956-11-15`, `1978-03`, `1968`; or `onbekend`."""
        parts = [f"{self.jaar:04d}", f"{self.maand:02d}", f"{self.dag:02d}"]
        return "-".join(parts[: self._bekend()]) or ONBEKEND

    def tekst(self) -> str:
        """The Dutch long form: `15 november 1956`, `maart 1978`, `1968`, `onbekend`."""
        parts = [str(self.jaar), MAANDEN[self.maand - 1], str(self.dag)]
        return " ".join(reversed(parts[: self._bekend()])) or ONBEKEND

    def leeftijd(self, op: date, overleden: bool = False) -> int | None:
        """The age in years on a day, of who was born on this date; None is unknown (domain.md 1.4).

        Unknown without a birth month, in the birth month without a birth day, before birth and after death.
        Who was born on 29 February grows a year older on 1 March in other years than leap years.
        """
        if overleden or not self.maand or (not self.dag and op.month == self.maand) or op < self.eerste():
            return None
        return _jaren(self.eerste(), op)

    def minstens(self, jaren: int, op: date, overleden: bool = False) -> bool | None:
        """Is who was born on this date `jaren` years or older on a day? None: it can't be known, ask the professional.

        None for who has died: the dead have no age (domain.md 1.4).
        """
        if overleden:
            return None
        if _jaren(self.laatste(), op) >= jaren:
            return True
        return False if _jaren(self.eerste(), op) < jaren else None

    def wordt(self, jaren: int) -> date:
        """The day on which who was born on this date becomes so old; of a date that is incomplete the earliest day it can be.

        Of 29 February it is 1 March in other years than leap years (domain.md 1.4).
        """
        eerste = self.eerste()
        jaar = eerste.year + jaren
        return eerste.replace(year=jaar) if eerste.day <= monthrange(jaar, eerste.month)[1] else date(jaar, eerste.month + 1, 1)

    def _bekend(self) -> int:
        return sum(1 for part in (self.jaar, self.maand, self.dag) if part)


DATUM_ONBEKEND = Datum()
"""Nothing is known of it, `00000000`."""


def _jaren(geboren: date, op: date) -> int:
    return op.year - geboren.year - ((op.month, op.day) < (geboren.month, geboren.day))


class DatumType(TypeDecorator[Datum]):
    """A `Datum` in a column of eight digits: never a SQL DATE, which can't be incomplete."""

    impl = String(8)
    cache_ok = True

    @property
    def python_type(self) -> type[Datum]:
        return Datum

    def process_bind_param(self, value: Datum | None, dialect: Dialect) -> str | None:
        if value is not None and not isinstance(value, Datum):
            raise TypeError("only a Datum can be stored or compared here")
        return None if value is None else value.cijfers

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Datum | None:
        return None if value is None else Datum.lees(value)
