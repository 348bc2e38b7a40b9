"""The verifier: an untouched export verifies; counts, rules of a stream and lines that can not be read are findings."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkwerk.klok import StaandeKlok
from wijkwerk.log.verify import verifieer
from wijkwerk.testing.logverificatie import IDENTITY, STRANGER, Log, check, named, signed_stream, streams


def test_an_untouched_export_verifies_and_is_counted(log: Log) -> None:
    rapport = check(log.lines, log.notes)
    assert rapport.bevindingen == []
    assert (rapport.stromen, rapport.regels) == (4, 126)
    assert rapport.segmenten == sum(line["soort"] == "segment" for line in log.lines) > 10
    assert rapport.checkpoints == 7
    assert rapport.bewaard == int(log.notes[-1].splitlines()[1])
    assert "Het log klopt." in rapport.tekst()
    assert "kan niet" in rapport.tekst() or "niet kan zien" in rapport.tekst()


def test_no_segment_spans_two_months(log: Log) -> None:
    months = {line["periode"] for line in log.lines if line["soort"] == "segment"}
    assert months == {"2027-01", "2027-02"}


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
        rapport = check(signed_stream([body, late]))
        assert rapport.goed is fine
        assert named(rapport, "stroom a, regel 1") is not fine


@pytest.mark.parametrize(
    ("bodies", "place"),
    [
        ([{"gebeurtenis": "LEZEN"}], "stroom a, regel 0"),
        ([{"gebeurtenis": "STROOM_GEOPEND"}, {"gebeurtenis": "STROOM_GESLOTEN"}, {"gebeurtenis": "LEZEN"}], "stroom a, regel 2"),
        ([{"gebeurtenis": "STROOM_GEOPEND"}, {"gebeurtenis": "STROOM_GEOPEND"}], "stroom a, regel 1"),
        ([{"gebeurtenis": "STROOM_GEOPEND", "details": {"checkpoint": "x"}}], "stroom a, regel 0"),
        ([{"gebeurtenis": "STROOM_GEOPEND"}, {"gebeurtenis": "LOG_VERVALLEN", "details": {"totEnMet": "2027-03"}}], "stroom a, regel 1"),
        ([{"gebeurtenis": "STROOM_GEOPEND"}, {"gebeurtenis": "LOG_VERVALLEN"}], "regel 4 van het bestand"),
        ([{"gebeurtenis": "STROOM_GEOPEND", "stream": "b"}], "stroom a, regel 0"),
    ],
)
def test_a_writer_that_breaks_the_rules_of_a_stream_is_found(bodies: list[dict[str, Any]], place: str) -> None:
    full = [{"stream": "a", "seq": seq, "tijdstip": "2027-03-01T00:00:00+00:00", **body} for seq, body in enumerate(bodies)]
    assert named(check(signed_stream(full)), place)


def test_a_stream_that_is_called_closed_must_say_so_itself() -> None:
    lines = signed_stream([{"stream": "a", "seq": 0, "gebeurtenis": "STROOM_GEOPEND", "tijdstip": "2027-03-01T00:00:00+00:00"}])
    lines[1]["gesloten"] = True
    assert named(check(lines), "stroom a")


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_whatever_the_file_holds_the_verifier_answers(raw: list[bytes]) -> None:
    assert not verifieer(raw, IDENTITY.public_key()).goed


def test_a_hash_of_another_length_is_unreadable(log: Log) -> None:
    lines = copy.deepcopy(log.lines)
    lines[2]["hash"] = "00"
    assert named(check(lines), "regel 3 van het bestand")


def test_many_findings_are_counted_and_not_all_kept() -> None:
    rapport = verifieer([b"x"] * 1000, IDENTITY.public_key())
    assert (rapport.aantal, len(rapport.bevindingen)) == (1001, 200)
    assert "nog 801 bevindingen" in rapport.tekst()
