"""Travelling through leap days and daylight saving: days of law in Amsterdam, moments in UTC, and one clock for all that is stored.

In Amsterdam 28 March 2027 has 23 hours (02:30 is not there) and 31 October 2027 has 25 (02:30 comes twice); 2028 has a 29 February.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, DateTime, select

from wijkwerk.afspraken.afspraak import Afspraaksoort
from wijkwerk.afspraken.plannen import maak
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.gebruikers import Aanstelling, Gebruiker
from wijkwerk.jobs.job import Per
from wijkwerk.jobs.perioden import periode_van
from wijkwerk.kalender.termijnen import begin_van, einde_van, na_termijn, tussen_dagen
from wijkwerk.kalender.woorden import dag_in_woorden, tijd_in_woorden
from wijkwerk.klok import AMSTERDAM, StaandeKlok, SysteemKlok, dag, vandaag
from wijkwerk.notities.notitie import Notitiesoort
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import Record
from wijkwerk.records.types.datum import LAATSTE_JAAR, VROEGSTE_JAAR, Datum
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk.toestemmingen.deuren import Ontvanger
from wijkwerk.toestemmingen.geven import leg_vast
from wijkwerk.toestemmingen.toestemming import Wijze
from wijkwerk.waarnemingen import afwezigen, neem_waar

DAGEN = st.dates(date(1996, 11, 1), date(2037, 12, 31))
"""Since daylight saving ends in October in the whole Union."""
UUR, OGENBLIK = timedelta(hours=1), timedelta(microseconds=1)
VERANDERT = [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25), (date(2028, 2, 29), 24), (date(2028, 3, 26), 23)]


@given(DAGEN)
@settings(max_examples=300, deadline=None)
def test_a_day_of_law_is_a_stretch_of_time_without_gaps(op: date) -> None:
    begin, einde = begin_van(op), einde_van(op)
    assert (dag(begin), dag(einde - OGENBLIK), dag(begin - OGENBLIK), dag(einde)) == (op, op, op - timedelta(1), op + timedelta(1))
    assert begin.tzinfo is einde.tzinfo is UTC
    uren = (einde - begin) / UUR
    laatste_zondag = op.weekday() == 6 and (op + timedelta(days=7)).month != op.month
    assert uren == (23 if laatste_zondag and op.month == 3 else 25 if laatste_zondag and op.month == 10 else 24)
    assert tussen_dagen(op, op) == (begin, einde - OGENBLIK)


@given(DAGEN, st.integers(0, 20), st.integers(0, 40), st.integers(0, 400))
@settings(max_examples=200, deadline=None)
def test_terms_end_in_the_month_they_name_and_days_add_up(begin: date, jaren: int, maanden: int, dagen: int) -> None:
    einde = na_termijn(begin, f"P{jaren}Y{maanden}M")
    assert (einde.year * 12 + einde.month) - (begin.year * 12 + begin.month) == 12 * jaren + maanden
    assert einde.day == begin.day or (einde.day < begin.day and (einde + timedelta(days=1)).day == 1)
    assert na_termijn(begin, f"P{12 * jaren}M") == na_termijn(begin, f"P{jaren}Y")
    assert na_termijn(na_termijn(begin, f"P{dagen}D"), "P6W") == begin + timedelta(days=dagen + 42)


@given(DAGEN, st.integers(1, 20_000))
@settings(max_examples=200, deadline=None)
def test_an_age_grows_by_one_on_one_day_a_year(geboren: date, later: int) -> None:
    leeftijd = Datum.van(geboren).leeftijd
    op = [geboren + timedelta(days=later + n) for n in range(367)]
    jarig = [nu for gisteren, nu in pairwise(op) if (leeftijd(nu) or 0) - (leeftijd(gisteren) or 0) == 1]
    assert len(jarig) in (1, 2)
    verjaardag = {(geboren.month, geboren.day)} | ({(3, 1)} if (geboren.month, geboren.day) == (2, 29) else set())
    assert {(nu.month, nu.day) for nu in jarig} <= verjaardag
    assert (leeftijd(op[-1]) or 0) - (leeftijd(op[0]) or 0) == len(jarig)


@pytest.mark.parametrize(
    ("begin", "termijn", "einde"),
    [
        ("2028-02-29", "P1Y", "2029-02-28"), ("2028-02-29", "P4Y", "2032-02-29"), ("2028-01-31", "P1M", "2028-02-29"),
        ("2027-01-31", "P1M", "2027-02-28"), ("2028-02-28", "P42D", "2028-04-10"), ("2028-02-29", "P15Y", "2043-02-28"),
        ("2027-12-31", "P2M", "2028-02-29"),
    ],
)  # fmt: skip
def test_terms_over_leap_days(begin: str, termijn: str, einde: str) -> None:
    assert na_termijn(date.fromisoformat(begin), termijn) == date.fromisoformat(einde)


@pytest.mark.parametrize("termijn", ["", "P", "42D", "P-1D", "P1.5Y", "P1H", "PT1H", "P1Y ", "p1y", "P1D1Y"])
def test_what_is_no_term_is_refused(termijn: str) -> None:
    with pytest.raises(ValueError, match="is not a term"):
        na_termijn(date(2027, 3, 1), termijn)


def test_an_hour_that_is_not_there_and_one_that_comes_twice() -> None:
    lente, herfst = datetime(2027, 3, 28, 2, 30, tzinfo=AMSTERDAM), datetime(2027, 10, 31, 2, 30, tzinfo=AMSTERDAM)
    assert (lente.astimezone(UTC).hour, tijd_in_woorden(lente.astimezone(UTC))) == (1, "3.30 uur")
    twee = [herfst.astimezone(UTC), herfst.replace(fold=1).astimezone(UTC)]
    assert twee[1] - twee[0] == UUR
    assert {tijd_in_woorden(moment) for moment in twee} == {"2.30 uur"}
    assert {dag_in_woorden(moment) for moment in twee} == {"zondag 31 oktober 2027"}


@pytest.mark.parametrize(
    ("moment", "op"),
    [
        ("2027-12-31T22:59:59Z", "2027-12-31"), ("2027-12-31T23:00:00Z", "2028-01-01"), ("2027-06-30T21:59:59Z", "2027-06-30"),
        ("2027-06-30T22:00:00Z", "2027-07-01"), ("2028-02-29T22:59:59Z", "2028-02-29"), ("2028-02-29T23:00:00Z", "2028-03-01"),
    ],
)  # fmt: skip
def test_today_and_the_periods_of_planned_work_change_at_midnight_in_amsterdam(moment: str, op: str) -> None:
    klok = StaandeKlok(datetime.fromisoformat(moment))
    assert (vandaag(klok).isoformat(), periode_van(Per.DAG, vandaag(klok)), periode_van(Per.MAAND, vandaag(klok))) == (op, op, op[:7])
    assert Dossier.afgeleid["bewaren_tot"].compute(klok.nu()) == na_termijn(date.fromisoformat(op), "P15Y")


def test_the_clock_of_the_machine_tells_the_time_in_utc() -> None:
    voor = datetime.now(UTC)
    assert SysteemKlok().nu().tzinfo is UTC
    assert voor <= SysteemKlok().nu() <= datetime.now(UTC)


@pytest.mark.parametrize(
    "dagen",
    [
        pytest.param((date.min, None), id="the first day of all"),
        pytest.param((None, date.max), id="the last day of all"),
        pytest.param((date(VROEGSTE_JAAR - 1, 12, 31), None), id="a typing error"),
        pytest.param((date(2027, 3, 2), date(2027, 3, 1)), id="the wrong way round"),
    ],
)
def test_days_between_which_nothing_can_be_are_refused(dagen: tuple[date | None, date | None]) -> None:
    with pytest.raises(OngeldigeInvoer):
        tussen_dagen(*dagen)
    assert tussen_dagen(None, None)[0] < begin_van(date(VROEGSTE_JAAR, 1, 2)) < einde_van(date(LAATSTE_JAAR, 12, 30))


@pytest.mark.anyio
@pytest.mark.parametrize(("laatste", "uren"), VERANDERT, ids=["spring", "autumn", "leap day", "spring of a leap year"])
async def test_a_consent_lasts_until_the_end_of_its_last_day_however_long_that_is(wijk_vlug: Wijk, laatste: date, uren: int) -> None:
    wijk = wijk_vlug
    wijk.klok.moment = begin_van(laatste) - timedelta(days=3)
    persoon = await wijk.inwoner(geboortedatum=Datum(1956, 11, 2))
    dossier = await wijk.dossier(persoon)
    args = (dossier, persoon, [Ontvanger(wijk.zorg)], "ZORG_UITWISSELING", ["IDENTITEIT"], Wijze.SCHRIFTELIJK, "v1", laatste)
    await wijk.schrijf("WIJKTEAM", lambda work: leg_vast(work, *args))

    async def ziet(moment: datetime) -> bool:
        wijk.klok.moment = moment - OGENBLIK  # each actor comes a moment after the one before
        return await wijk.lees("ZORG", lambda reader: reader.one(Persoon, (), persoon)) is not None

    einde = begin_van(laatste) + uren * UUR
    assert [await ziet(moment) for moment in (begin_van(laatste), einde - OGENBLIK, einde)] == [True, True, False]
    wijk.klok.moment = einde
    with pytest.raises(OngeldigeInvoer):
        await wijk.schrijf("WIJKTEAM", lambda work: leg_vast(work, *args))


@pytest.mark.anyio
async def test_who_takes_over_does_so_on_the_days_of_amsterdam(wijk_vlug: Wijk) -> None:
    wijk, op = wijk_vlug, date(2027, 10, 31)
    collega = await _collega(wijk)
    await wijk.schrijf("BEHEER", lambda work: neem_waar(work, wijk.WIJKTEAM, collega, wijk.stad, op, op))

    async def voor_wie(moment: datetime) -> set[UUID]:
        found = await wijk.lees("BEHEER", lambda reader: afwezigen(reader.connection, wijk.gemeente, collega, dag(moment)))
        return {een.afwezige for een in found}

    begin, einde = datetime(2027, 10, 30, 22, 0, tzinfo=UTC), datetime(2027, 10, 31, 23, 0, tzinfo=UTC)
    seen = [await voor_wie(moment) for moment in (begin - OGENBLIK, begin, einde - OGENBLIK, einde)]
    assert seen == [set(), {wijk.WIJKTEAM}, {wijk.WIJKTEAM}, set()]


async def _collega(wijk: Wijk) -> UUID:
    def put(connection: Connection) -> UUID:
        made = wijk.put(connection, Gebruiker, naam="Collega", issuer="test", onderwerp="collega")
        wijk.put(
            connection, Aanstelling, gebruiker_id=made, naam="Collega", organisatie_id=wijk.stad, team_id=wijk.team, rol="WIJKTEAM",
            van=date(2026, 1, 1),
        )  # fmt: skip
        return made

    return await wijk.wijkwerk.database.transact(put)


@pytest.mark.anyio
async def test_whatever_is_stored_has_the_time_of_the_one_clock(wijk_vlug: Wijk) -> None:
    """Years from now, on a leap day: a moment of the machine would stand out in any table, of records, of the log and of keys."""
    wijk, toen = wijk_vlug, datetime(2044, 2, 29, 23, 30, tzinfo=UTC)
    wijk.klok.moment = toen
    persoon = await wijk.inwoner(contact=["kwetter@voorbeeld.nl"])
    dossier = await wijk.dossier(persoon, vraag="Hulp")
    gegevens: dict[str, Any] = {"soort": Afspraaksoort.TELEFOON, "begin": toen + UUR, "einde": toen + 2 * UUR, "onderwerp": "Hulp"}
    await wijk.schrijf("WIJKTEAM", lambda work: maak(work, persoon, gegevens, kader=dossier, bericht=True))
    await wijk.schrijf("WIJKTEAM", lambda work: schrijf(work, dossier, persoon, Notitiesoort.CONTACTVERSLAG, verteld("Gesproken")))
    await wijk.wijkwerk.journal.checkpoint()
    momenten = await wijk.wijkwerk.database.transact(lambda connection: _momenten(wijk, connection))
    assert {name: sorted(years) for name, years in momenten.items() if not years <= {BEGIN.year, toen.year}} == {}
    with_2044 = {name for name, years in momenten.items() if toen.year in years}
    assert {"afspraak", "bericht", "betrokkenheid", "dossier", "log_regel", "notitie", "verzending", "wijziging"} <= with_2044
    assert any("sleutel" in name for name in with_2044)


def _momenten(wijk: Wijk, connection: Connection) -> dict[str, set[int]]:
    """Per table the years of all moments in it."""
    found: dict[str, set[int]] = {}
    with wijk.wijkwerk.database.keys(connection) as keys:
        # the tables of this installation: another test of this process may have imported a plugin
        for table in (table for table in Record.metadata.sorted_tables if table.info.get("owner") in ("core", "sleutels")):
            where = keys if table.info.get("owner") == "sleutels" else connection
            columns = [c for c in table.columns if isinstance(getattr(c.type, "impl", c.type), DateTime)]
            for column in columns:
                years = {moment.year for moment in where.execute(select(column)).scalars() if moment is not None}
                found.setdefault(table.name, set()).update(years)
    return found
