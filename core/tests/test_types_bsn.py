"""Rules of domain.md 1.5."""

from __future__ import annotations

import json
import traceback
from contextlib import nullcontext
from dataclasses import asdict, dataclass

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkwerk.errors import BsnOngeldig
from wijkwerk.records.types.bsn import Bsn

NUMMER = "999990019"


@pytest.mark.parametrize("nummer", ["999990019", "999993653", "123456782", "111222333", "000000012", "100600505", "000009830"])
def test_a_bsn_that_passes_the_eleven_proof_is_read(nummer: str) -> None:
    assert Bsn.lees(nummer).waarde == nummer


@pytest.mark.parametrize(
    ("geschreven", "nummer"),
    [("12", "000000012"), ("9830", "000009830"), ("9999.90.019", NUMMER), ("999 990 019", NUMMER), ("  999990019 ", NUMMER)],
)
def test_lost_zeros_spaces_and_the_written_form_are_mended(geschreven: str, nummer: str) -> None:
    assert Bsn.lees(geschreven).waarde == nummer


@pytest.mark.parametrize(
    "geschreven",
    [
        "", " ", "0", "000000000", "999990018", "010008579", "900000001", "000000153", "9999900190", "0999990019", "-12", "99999001.9",
        "999990019.0", "9.9.9.9.9.0.0.1.9", "999-990-019", "９９９９９００１９", "99999001٩",
        "999990019\n", "99999\0019", "abc", "9" * 10_000_000,
    ],
)  # fmt: skip
def test_anything_else_is_refused_without_repeating_it(geschreven: str) -> None:
    with pytest.raises(BsnOngeldig) as refused:
        Bsn.lees(geschreven)
    assert str(refused.value) == BsnOngeldig.standaard


@pytest.mark.parametrize("waarde", [None, 999990019, b"999990019", 999990019.0])
def test_a_bsn_is_never_a_number(waarde: str) -> None:
    with pytest.raises(BsnOngeldig):
        Bsn.lees(waarde)


@dataclass
class _Drager:
    bsn: Bsn


def test_no_text_of_a_bsn_shows_a_digit() -> None:
    bsn = Bsn.lees(NUMMER)
    teksten = [
        str(bsn),
        repr(bsn),
        f"{bsn}",
        f"{bsn!r}",
        "{} {!r}".format(*[bsn, bsn]),
        repr([bsn]),
        repr(_Drager(bsn)),
        repr(asdict(_Drager(bsn))),
    ]
    assert not any(teken.isdigit() for tekst in teksten for teken in tekst)


def test_json_encoders_do_not_open_a_bsn() -> None:
    for encode in (json.dumps, orjson.dumps):
        with pytest.raises(TypeError) as refused:
            encode({"bsn": Bsn.lees(NUMMER)})
        assert "99999" not in str(refused.value)


def test_the_traceback_of_a_refusal_does_not_show_the_number() -> None:
    with pytest.raises(BsnOngeldig) as refused:
        Bsn.lees(str(int(NUMMER) - 1))
    assert "99999" not in "".join(traceback.format_exception(refused.value))


def test_equal_numbers_are_equal_and_nothing_else_is() -> None:
    assert {Bsn.lees("12"), Bsn.lees("000000012")} == {Bsn.lees("000000012")}
    assert Bsn.lees(NUMMER) != Bsn.lees("999993653")
    assert Bsn.lees(NUMMER) != NUMMER


@given(st.integers(1, 999_999_999))
def test_exactly_the_eleven_proof_decides(getal: int) -> None:
    cijfers = f"{getal:09d}"
    geldig = sum(int(c) * w for c, w in zip(cijfers, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0
    with nullcontext() if geldig else pytest.raises(BsnOngeldig):
        assert Bsn.lees(str(getal)).waarde == cijfers


@given(st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(plaats: int, erbij: int) -> None:
    fout = NUMMER[:plaats] + str((int(NUMMER[plaats]) + erbij) % 10) + NUMMER[plaats + 1 :]
    with pytest.raises(BsnOngeldig):
        Bsn.lees(fout)
