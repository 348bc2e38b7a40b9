"""Values as text: what is read can be written back, and what is no value is refused without repeating it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkwerk.errors import WijkwerkError
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.postcode import Postcode
from wijkwerk_graphql.schema.scalars import SCALARS, is_value_type, read_id, value_type


def write(kind: Any, value: Any) -> str:
    serialize = SCALARS[kind].serialize
    assert serialize is not None
    return str(serialize(value))


def read(kind: Any, value: Any) -> Any:
    parse = SCALARS[kind].parse_value
    assert parse is not None
    return parse(value)


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(timezone(timedelta(hours=2)))))  # noqa: DTZ001
def test_a_moment_is_written_in_utc_and_read_back(moment: datetime) -> None:
    text = write(datetime, moment)
    assert text.endswith("Z")
    assert read(datetime, text) == moment
    assert read(datetime, text).tzinfo is UTC


@given(st.dates())
def test_a_day_is_read_back(day: date) -> None:
    assert read(date, write(date, day)) == day


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_a_number_keeps_its_digits(number: Decimal) -> None:
    assert read(Decimal, write(Decimal, number)) == number


@pytest.mark.parametrize(("kind", "text"), [(Datum, "1956-11"), (Datum, "onbekend"), (Bsn, "999993653"), (Postcode, "3043TD")])
def test_a_value_type_is_read_back(kind: Any, text: str) -> None:
    assert write(kind, read(kind, text)) == text


@pytest.mark.parametrize("kind", [kind for kind in SCALARS if kind is not UUID], ids=lambda kind: str(kind.__name__))
@pytest.mark.parametrize(
    "bad", [None, True, 1.5, [], {}, "", "x", "\x00", "9" * 500, "NaN", "-Infinity", "2027-02-30T00:00:00Z", "9999-99-99"], ids=repr
)
def test_what_is_no_value_is_refused_without_repeating_it(kind: Any, bad: Any) -> None:
    with pytest.raises(WijkwerkError) as refused:
        read(kind, bad)
    assert not isinstance(bad, str) or len(bad) < 2 or bad not in refused.value.melding


def test_an_id_is_a_uuid() -> None:
    known = uuid4()
    assert read_id(str(known), "id") == known
    with pytest.raises(WijkwerkError) as refused:
        read_id("999993653", "id")
    assert refused.value.veld == "id"


def test_a_value_type_of_a_plugin_is_a_scalar_when_it_says_what_it_is() -> None:
    class Kenteken:
        uitleg = "Een kenteken"

        def __init__(self, waarde: str) -> None:
            self.waarde = waarde

        @classmethod
        def lees(cls, text: str) -> Kenteken:
            return cls(text.upper())

    assert is_value_type(Kenteken)
    assert not is_value_type(Bsn)
    made = value_type(Kenteken)
    assert made.serialize is not None
    assert made.parse_value is not None
    assert (made.name, made.description, made.serialize(made.parse_value("ab-1"))) == ("Kenteken", "Een kenteken", "AB-1")
