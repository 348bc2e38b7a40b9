"""The Dutch postcode (domain.md 1.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator
from stdnum.nl import postcode as letterparen

from wijkwerk.errors import PostcodeOngeldig

_GESCHREVEN = re.compile(r"[1-9][0-9]{3} ?[A-Za-z]{2}")


@dataclass(frozen=True, slots=True, order=True)
class Postcode:
    """A postcode as it is stored, `1234AB`. SA, SD and SS are never issued. Raises `PostcodeOngeldig`."""

    waarde: str

    def __post_init__(self) -> None:
        if self.waarde != _genormaliseerd(self.waarde):
            raise PostcodeOngeldig

    @classmethod
    def lees(cls, text: str) -> Postcode:
        """Read `1234AB`, `1234 ab` and the like; raises `PostcodeOngeldig`."""
        return cls(_genormaliseerd(text))

    @property
    def met_spatie(self) -> str:
        """As it is written on an envelope: `1234 AB`."""
        return f"{self.waarde[:4]} {self.waarde[4:]}"

    def __str__(self) -> str:
        return self.waarde


def _genormaliseerd(text: str) -> str:
    if not isinstance(text, str) or not _GESCHREVEN.fullmatch(text) or not letterparen.is_valid(text):
        raise PostcodeOngeldig
    return text.replace(" ", "").upper()


class PostcodeType(TypeDecorator[Postcode]):
    """A postcode column: `1234AB` in the database, `Postcode` in Python."""

    impl = String(6)
    cache_ok = True

    @property
    def python_type(self) -> type[Postcode]:
        return Postcode

    def process_bind_param(self, value: Postcode | None, dialect: Dialect) -> str | None:
        return None if value is None else value.waarde

    def process_result_value(self, value: str | None, dialect: Dialect) -> Postcode | None:
        return None if value is None else Postcode(value)
