"""Periods of planned work by date of law: borders of years, week 53, leap days and daylight saving."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.jobs.job import Per
from wijkwerk.jobs.perioden import eerste_dag, laatste_dag, lees_periode, periode_van
from wijkwerk.klok import dag

VANDAAG = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("day", "periods"),
    [
        ("2026-12-31", "2026-12-31 2026-W53 2026-12 2026"),
        ("2027-01-03", "2027-01-03 2026-W53 2027-01 2027"),
        ("2027-01-04", "2027-01-04 2027-W01 2027-01 2027"),
        ("2024-12-30", "2024-12-30 2025-W01 2024-12 2024"),
        ("2028-02-29", "2028-02-29 2028-W09 2028-02 2028"),
    ],
)
def test_a_day_is_in_one_period_of_each_kind_that_begins_and_ends_around_it(day: str, periods: str) -> None:
    found = [periode_van(per, date.fromisoformat(day)) for per in Per]
    assert found == periods.split()
    for per, periode in zip(Per, found, strict=True):
        assert eerste_dag(periode) <= date.fromisoformat(day) <= laatste_dag(periode)
        assert lees_periode(per, f" {periode} ", date(2029, 1, 1)) == periode


def test_periods_follow_each_other_without_a_gap_over_years() -> None:
    for per in Per:
        day = date(2019, 12, 1)
        while day < date(2033, 2, 1):
            end = laatste_dag(periode_van(per, day))
            assert periode_van(per, end) == periode_van(per, day)
            day = end + timedelta(days=1)
            assert eerste_dag(periode_van(per, day)) == day


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-12-31T22:59:59", "2026-12-31"),
        ("2026-12-31T23:00:00", "2027-01-01"),
        ("2027-03-27T23:30:00", "2027-03-28"),
        ("2027-03-28T22:30:00", "2027-03-29"),
        ("2027-10-30T22:30:00", "2027-10-31"),
        ("2027-10-31T22:30:00", "2027-10-31"),
    ],
)
def test_the_period_of_now_is_that_of_the_day_in_amsterdam_also_when_the_clock_changes(moment: str, day: str) -> None:
    assert periode_van(Per.DAG, dag(datetime.fromisoformat(moment).replace(tzinfo=UTC))) == day


@pytest.mark.parametrize(
    ("per", "text"),
    [
        (Per.DAG, "2026-02-29"),
        (Per.DAG, "2026-12"),
        (Per.DAG, ""),
        (Per.DAG, "2026-12-31x"),
        (Per.DAG, "\u0662\u0660\u0662\u0666-12-31"),
        (Per.DAG, "x" * 100_000),
        (Per.WEEK, "2025-W53"),
        (Per.WEEK, "2026-W00"),
        (Per.WEEK, "2026-w01"),
        (Per.MAAND, "2026-13"),
        (Per.MAAND, "2026-12-31"),
        (Per.JAAR, "0000"),
        (Per.JAAR, "26"),
    ],
    ids=lambda value: str(value)[:12].encode("ascii", "replace").decode(),
)
def test_what_is_no_period_of_the_job_is_refused_with_an_example(per: Per, text: str) -> None:
    with pytest.raises(OngeldigeInvoer, match=r"Dit werk heeft als periode een .*zoals 2026"):
        lees_periode(per, text, VANDAAG)


@pytest.mark.parametrize(
    ("per", "now", "next_"),
    [
        (Per.DAG, "2026-12-31", "2027-01-01"),
        (Per.WEEK, "2026-W53", "2027-W01"),
        (Per.MAAND, "2026-12", "2027-01"),
        (Per.JAAR, "2026", "2027"),
    ],
)
def test_the_period_of_now_may_be_asked_and_the_next_one_may_not(per: Per, now: str, next_: str) -> None:
    assert lees_periode(per, now, VANDAAG) == now
    with pytest.raises(OngeldigeInvoer, match="moet nog beginnen"):
        lees_periode(per, next_, VANDAAG)


def test_a_text_that_is_no_period_has_no_first_or_last_day() -> None:
    for text in ("", "2026-W60", "gisteren", "2026-12-31-1"):
        for edge in (eerste_dag, laatste_dag):
            with pytest.raises(ValueError, match=r".+"):
                edge(text)
