"""Scalars: value types as text. What does not parse is refused by the value type itself, with its own code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from uuid import UUID

from graphql import GraphQLID
from strawberry.types.scalar import ScalarDefinition

from wijkwerk.errors import DatumOngeldig, OngeldigeInvoer
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.postcode import Postcode

_MAX_DIGITS = 40


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise OngeldigeInvoer("Geef deze waarde als tekst.")
    return value


def read_id(value: str, veld: str) -> UUID:
    """The UUID that an ID holds. GraphQL's own ID is text, and its name can't be given to another scalar."""
    try:
        return UUID(value)
    except ValueError:
        raise OngeldigeInvoer("Dit is geen geldig nummer (UUID). Kreeg u het van ons? Gebruik het dan precies zo.", veld=veld) from None


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(value))
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise OngeldigeInvoer("Schrijf een tijdstip als 2026-03-01T09:30:00Z, met de tijdzone erbij.")


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        raise DatumOngeldig("Dit is geen geldige datum. Schrijf een hele datum als 2026-03-01.") from None


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > _MAX_DIGITS:
        raise OngeldigeInvoer("Geef dit getal als tekst, zoals 12.50.")
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise OngeldigeInvoer("Dit is geen getal. Schrijf bijvoorbeeld 12.50.")
    return number


def _iso(value: Any) -> str:
    return str(value.isoformat())


def _utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _plain_text(value: Any) -> str:
    """The digits of a Bsn are in `waarde`; its `str` is a mask."""
    return str(getattr(value, "waarde", value))


def _scalar(name: str, description: str, serialize: Callable[[Any], Any], parse: Callable[[Any], Any]) -> ScalarDefinition:
    return ScalarDefinition(
        name=name, description=description, specified_by_url=None, serialize=serialize, parse_value=parse, parse_literal=None, origin=None
    )


SCALARS: dict[Any, ScalarDefinition] = {
    UUID: replace(_scalar("ID", "Het nummer van een gegeven", str, str), implementation=GraphQLID),
    datetime: _scalar("DateTime", "Een tijdstip volgens ISO 8601, in UTC", _utc, _moment),
    date: _scalar("Date", "Een dag volgens ISO 8601", _iso, _day),
    Decimal: _scalar("Decimal", "Een getal met cijfers achter de punt, als tekst", str, _number),
    Datum: _scalar("OnvolledigeDatum", "Een datum die onvolledig mag zijn: jjjj-mm-dd, jjjj-mm, jjjj of onbekend", str, Datum.lees),
    Bsn: _scalar("BSN", "Een burgerservicenummer: negen cijfers", _plain_text, Bsn.lees),
    Postcode: _scalar("Postcode", "Een postcode: vier cijfers en twee letters", _plain_text, Postcode.lees),
}
"""The scalar of each Python type; text, whole numbers, fractions and true or false are GraphQL's own."""


def as_text(value: Any) -> Any:
    """A value of a scalar as a client would be given it; text, numbers and true or false as they are. Raises TypeError for another."""
    if isinstance(value, str | int | float):
        return value
    kind: Any = type(value)
    known = value_type(kind) if is_value_type(kind) else SCALARS.get(kind)
    if known is None or known.serialize is None:
        raise TypeError(f"{type(value).__name__} is no scalar")
    return known.serialize(value)


def is_value_type(kind: Any) -> bool:
    """Whether a class of a plugin can be a scalar: it reads itself from text with `lees`, and says in `uitleg` what it is."""
    return isinstance(kind, type) and callable(getattr(kind, "lees", None)) and isinstance(getattr(kind, "uitleg", None), str)


@lru_cache(maxsize=256)
def value_type(kind: type) -> ScalarDefinition:
    """The scalar of a plugin's own value type."""
    return _scalar(kind.__name__, kind.uitleg, _plain_text, kind.lees)  # type: ignore[attr-defined] # is_value_type looked
