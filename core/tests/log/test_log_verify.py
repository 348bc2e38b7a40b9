"""The verifier: an untouched export verifies; counts, rules of a stream, terms, and lines that can not be read are findings."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkwerk.klok import StaandeKlok
from wijkwerk.log.verify import MAX_LINE, toets_bewijs, verifieer
from wijkwerk.testing.logverificatie import IDENTITY, STRANGER, Log, check, named, signed_stream, streams


def test_an_untouched_export_verifies_and_is_counted(log: Log) -> None:
    rapport = check(log.lines, log.notes)
    assert rapport.bevindingen == []
    assert (rapport.stromen, rapport.regels) == (9, 53)
    assert rapport.segmenten == sum(line["soort"] == "segment" for line in log.lines) > 20
    assert rapport.checkpoints == 7
    assert rapport.bewaard == int(log.notes[-1].splitlines()[1])
    assert "Het log klopt." in rapport.tekst()
    assert "niet kan zien" in rapport.tekst()
    assert "van soort AANMELDING tot en met 2027-02" in rapport.tekst()


def test_no_segment_spans_two_months(log: Log) -> None:
    months = {line["periode"] for line in log.lines if line["soort"] == "segment"}
    assert months == {"2027-01", "2027-02", "2027-09"}


@pytest.mark.parametrize("kind", ["stroom", "regel", "segment", "kop", "checkpoint", "einde"])
def test_counts_that_dont_add_up_are_found(log: Log, kind: str) -> None:
    lines = copy.deepcopy(log.lines)
    at = next(at for at, line in enumerate(lines) if line["soort"] == kind)
    del lines[at]
    assert named(check(lines), "einde van het bestand") or kind == "kop"
    assert not check(lines).goed


def test_an_export_of_another_log_is_refused(log: Log) -> None:
    rapport = check(log.lines, key=STRANGER)
    assert all(named(rapport, log.lines[start]["id"]) for start, _ in streams(log.lines))


def test_a_clock_that_was_set_back_is_found() -> None:
    klok = StaandeKlok(datetime(2027, 3, 1, 12, tzinfo=UTC))
    for minutes, fine in ((4, True), (6, False)):
        body = {"stream": "a", "gebeurtenis": "STROOM_GEOPEND", "seq": 0, "tijdstip": klok.nu().isoformat()}
        late = {**body, "seq": 1, "gebeurtenis": "LEZEN", "tijdstip": (klok.nu() - timedelta(minutes=minutes)).isoformat()}
        rapport = check(signed_stream([body, late]), getuigen=())
        assert rapport.goed is fine
        assert named(rapport, "stroom a, regel 1") is not fine


OPEN = {"gebeurtenis": "STROOM_GEOPEND"}


def full(bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"stream": "a", "seq": seq, "tijdstip": "2027-03-01T00:00:00+00:00", **body} for seq, body in enumerate(bodies)]


@pytest.mark.parametrize(
    ("bodies", "place"),
    [
        ([{"gebeurtenis": "LEZEN"}], "stroom a, regel 0"),
        ([OPEN, {"gebeurtenis": "STROOM_GESLOTEN"}, {"gebeurtenis": "LEZEN"}], "stroom a, regel 2"),
        ([OPEN, OPEN], "stroom a, regel 1"),
        ([{**OPEN, "details": {"checkpoint": "x"}}], "stroom a, regel 0"),
        ([OPEN, {"gebeurtenis": "LOG_VERVALLEN", "details": {"totEnMet": "2027-03"}}], "stroom a, regel 1"),
        ([OPEN, {"gebeurtenis": "LOG_VERVALLEN"}], "regel 4 van het bestand"),
        ([OPEN, {"gebeurtenis": "LOG_VERVALLEN", "details": {"totEnMet": "altijd"}}], "regel 4 van het bestand"),
        ([OPEN, {"gebeurtenis": "LOG_VERVALLEN", "details": {"totEnMet": "2020-01", "soort": "X"}}], "regel 4 van het bestand"),
        ([{**OPEN, "stream": "b"}], "stroom a, regel 0"),
    ],
)
def test_a_writer_that_breaks_the_rules_of_a_stream_is_found(bodies: list[dict[str, Any]], place: str) -> None:
    assert named(check(signed_stream(full(bodies))), place)


@pytest.mark.parametrize(
    ("soort", "gebeurtenis", "versie", "fine"),
    [
        ("INZAGE", "LEZEN", 2, True),
        ("INZAGE", "AANMELDING_GESLAAGD", 2, False),
        ("INZAGE", "AANMELDING_GESLAAGD", 1, True),
        ("AANMELDING", "AANMELDING_GEWEIGERD", 2, True),
        ("AANMELDING", "STROOM_GESLOTEN", 2, True),
        ("AANMELDING", "LEZEN", 2, False),
        ("AANMELDING", "LEZEN", 1, False),
        ("AANMELDING", "LOG_VERVALLEN", 2, False),
    ],
)
def test_an_entry_belongs_in_one_kind_of_stream(soort: str, gebeurtenis: str, versie: int, fine: bool) -> None:
    bodies = full([OPEN, {"gebeurtenis": gebeurtenis, "v": versie, "details": {"totEnMet": "2020-01"}}])
    lines = signed_stream(bodies, soort)
    lines[1]["gesloten"] = gebeurtenis == "STROOM_GESLOTEN"
    assert named(check(lines), "stroom a, regel 1") is not fine
    assert check(lines, getuigen=()).goed is fine


@pytest.mark.parametrize(
    ("soort", "month", "fine"),
    [("INZAGE", "2022-02", True), ("INZAGE", "2022-03", False), ("AANMELDING", "2026-08", True), ("AANMELDING", "2026-09", False)],
)
def test_nothing_goes_before_its_term(soort: str, month: str, fine: bool) -> None:
    """A term starts when the month of the entry is over; the log is of March 2027."""
    details = {"totEnMet": month} if soort == "INZAGE" else {"totEnMet": month, "soort": soort}
    lines = signed_stream(full([OPEN, {"gebeurtenis": "LOG_VERVALLEN", "details": details}]))
    assert named(check(lines), "stroom a, regel 1") is not fine
    raw = [json.dumps(line).encode() for line in lines]
    assert verifieer(raw, IDENTITY.public_key(), maanden={soort: 0}).goed
    assert not verifieer(raw, IDENTITY.public_key(), maanden={soort: 200}).goed


def test_a_stream_that_is_called_closed_must_say_so_itself() -> None:
    lines = signed_stream(full([OPEN]))
    lines[1]["gesloten"] = True
    assert named(check(lines), "stroom a")


def test_a_kind_or_name_of_a_stream_that_is_none_is_unreadable() -> None:
    for name, value in (("streamsoort", "ANDERS"), ("id", "a" * 33), ("id", "../x")):
        lines = signed_stream(full([OPEN]))
        lines[1][name] = value
        assert named(check(lines), "regel 2 van het bestand")


def test_a_long_log_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch, log: Log) -> None:
    monkeypatch.setattr("wijkwerk.log.verify.STAP", 20)
    told: list[int] = []
    verifieer([json.dumps(line).encode() for line in log.lines], IDENTITY.public_key(), voortgang=told.append)
    assert told == [20, 40]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=60, deadline=None, database=None)
@given(st.lists(st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode()), max_size=6))
def test_whatever_the_file_holds_the_verifier_answers(raw: list[bytes]) -> None:
    assert not verifieer(raw, IDENTITY.public_key()).goed
    assert not toets_bewijs(b"".join(raw), IDENTITY.public_key()).goed


@settings(max_examples=150, deadline=None, database=None)
@given(at=st.integers(0, 10_000), name=st.integers(0, 20), value=JSON)
def test_whatever_stands_in_a_field_the_verifier_answers(log: Log, at: int, name: int, value: Any) -> None:
    """Also in a body. What stood there already changes nothing."""
    lines = copy.deepcopy(log.lines)
    line = lines[at % len(lines)]
    target = json.loads(line["body"]) if "body" in line and name % 2 else line
    field = list(target)[name % len(target)]
    before, target[field] = target[field], value
    if target is not line:
        line["body"] = json.dumps(target)
    rapport = check(lines, log.notes)
    assert not rapport.goed or (line["soort"], field) in (("stroom", "gesloten"), ("log", "versie")) or value == before


@pytest.mark.parametrize(
    "raw", [b"[" * 1_000_000, b'{"a":' * 500_000, b"1" * 100_000, b" " * (2 * MAX_LINE), b'"' + b"x" * (MAX_LINE + 5)], ids=len
)
def test_a_line_of_any_size_or_depth_is_a_finding(raw: bytes) -> None:
    """A file is never read in larger pieces than a line may be; there is no newline in these."""
    rapport = verifieer(BytesIO(raw), IDENTITY.public_key())
    assert 1 < rapport.aantal < 5
    assert not toets_bewijs(raw, IDENTITY.public_key()).goed


def test_numbers_and_texts_of_an_attacker_take_no_room(log: Log) -> None:
    """Months that can't be, leaves far away, a note without end: findings, not memory."""
    lines = copy.deepcopy(log.lines)
    segment = next(line for line in lines if line["soort"] == "segment")
    lines[2:2] = [
        {**segment, "periode": "x" * 1000, "blad": 2**70},
        {**segment, "blad": 2**40},
        {"soort": "checkpoint", "note": "— a b\n" * 99_999},
    ]
    rapport = check(lines)
    assert named(rapport, "regel 3 van het bestand")
    assert named(rapport, f"segment {2**40}")
    assert all(len(finding.plaats) < 200 for finding in rapport.bevindingen)


def test_a_hash_of_another_length_or_in_another_spelling_is_unreadable(log: Log) -> None:
    at = next(at for at, line in enumerate(log.lines) if line["soort"] == "regel")
    for spelling in ("00", log.lines[at]["hash"].upper(), log.lines[at]["hash"] + " "):
        lines = copy.deepcopy(log.lines)
        lines[at]["hash"] = spelling
        assert named(check(lines), f"regel {at + 1} van het bestand")
    lines = copy.deepcopy(log.lines)
    lines[1]["certificaat"] += "\n"
    assert named(check(lines), "regel 2 van het bestand")


def test_many_findings_are_counted_and_not_all_kept() -> None:
    rapport = verifieer([b"x"] * 1000, IDENTITY.public_key())
    assert (rapport.aantal, len(rapport.bevindingen)) == (1001, 200)
    assert "nog 801 bevindingen" in rapport.tekst()


def test_base64_that_says_the_same_in_another_way_is_unreadable() -> None:
    lines = signed_stream(full([OPEN]))
    signature = lines[-2]["handtekening"]
    assert signature.endswith("Q==") or signature[-3] in "AQgw"
    lines[-2]["handtekening"] = signature[:-3] + chr(ord(signature[-3]) + 1) + "=="
    assert named(check(lines), "regel 4 van het bestand")


def test_a_segment_that_says_another_month_than_its_entries_is_found(log: Log) -> None:
    lines = copy.deepcopy(log.lines)
    at, line = next((at, line) for at, line in enumerate(lines) if line["soort"] == "segment" and lines[at - 1]["soort"] == "regel")
    line["periode"] = "2020-01"
    assert named(check(lines), f"segment {lines[at]['blad']} (regel")
