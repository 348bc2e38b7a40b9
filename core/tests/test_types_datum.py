"""Rules of domain.md 1.4; the ages are the examples of Haal Centraal's leeftijd feature."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, MetaData, Table, insert, select, text
from sqlalchemy.exc import StatementError

from wijkwerk.errors import DatumOngeldig
from wijkwerk.records.types.datum import Datum, DatumType
from wijkwerk.storage.base import Database
from wijkwerk.storage.migrate import Migraties
from wijkwerk.testing.databases import make_tables

MELDINGEN = {
    DatumOngeldig.standaard,
    "Dit jaar kan niet: geef een jaar van 1875 tot en met 2200.",
    "Deze maand bestaat niet: geef een maand van 01 tot en met 12.",
    "Deze dag bestaat niet. Controleer de dag, de maand en het jaar.",
    "Een dag zonder maand kan niet. Geef ook de maand, of alleen het jaar.",
}
"""Every sentence that a refused date can get, none with a value in it."""

dagen = st.dates(date(1875, 1, 1), date(2200, 12, 31))


@st.composite
def datums(draw: st.DrawFn) -> Datum:
    dag = draw(dagen)
    bekend = draw(st.integers(0, 3))
    return Datum(*[dag.year, dag.month, dag.day][:bekend])


@pytest.mark.parametrize(
    ("geschreven", "opgeslagen", "iso", "lang"),
    [
        ("1956-11-15", "19561115", "1956-11-15", "15 november 1956"),
        ("19561115", "19561115", "1956-11-15", "15 november 1956"),
        ("1978-03", "19780300", "1978-03", "maart 1978"),
        ("19780300", "19780300", "1978-03", "maart 1978"),
        ("1968", "19680000", "1968", "1968"),
        ("19680000", "19680000", "1968", "1968"),
        ("onbekend", "00000000", "onbekend", "onbekend"),
        ("Onbekend", "00000000", "onbekend", "onbekend"),
        ("00000000", "00000000", "onbekend", "onbekend"),
        ("1996-02-29", "19960229", "1996-02-29", "29 februari 1996"),
        ("1956-11-05", "19561105", "1956-11-05", "5 november 1956"),
    ],
)
def test_every_form_of_a_date_is_read_and_written(geschreven: str, opgeslagen: str, iso: str, lang: str) -> None:
    datum = Datum.lees(geschreven)
    assert (datum.cijfers, str(datum), datum.tekst()) == (opgeslagen, iso, lang)


@pytest.mark.parametrize(
    "geschreven",
    [
        "", " ", "1800", "1800-01-01", "18000101", "1874-12-31", "2201", "1956-13", "1956-02-30", "1900-02-29", "19560230",
        "19561315", "19560015", "1956-00", "1956-00-00", "1956-11-00", "0000", "0000-00-00", "00000011", "00001100", "1956-1-5",
        "15-11-1956", "1956/11/15", "1956-11-15 ", "1956-11-15\n", "195611", "1956-11-15T00:00", "-1956", "１９５６", "x" * 10**7, "\0",
    ],
)  # fmt: skip
def test_anything_else_is_refused_without_repeating_it(geschreven: str) -> None:
    with pytest.raises(DatumOngeldig) as refused:
        Datum.lees(geschreven)
    assert str(refused.value) in MELDINGEN


@pytest.mark.parametrize(
    ("geschreven", "melding"),
    [
        ("1800", "een jaar van 1875 tot en met 2200"), ("22010101", "een jaar van 1875 tot en met 2200"),
        ("0000-05-01", "Dit jaar kan niet"),
        ("19560231", "Deze dag bestaat niet"), ("1900-02-29", "Deze dag bestaat niet"), ("1956-13", "maand van 01 tot en met 12"),
        ("19560015", "Een dag zonder maand kan niet"), ("15 nov", "jjjjmmdd, jjjj-mm, jjjj of onbekend"),
    ],
)  # fmt: skip
def test_the_refusal_says_what_is_wrong_with_the_date(geschreven: str, melding: str) -> None:
    with pytest.raises(DatumOngeldig, match=melding) as refused:
        Datum.lees(geschreven)
    assert (refused.value.code, geschreven in refused.value.melding) == ("DATUM_ONGELDIG", False)


@pytest.mark.parametrize("waarde", [None, 19561115, date(1956, 11, 15), b"19561115"])
def test_what_is_not_text_is_refused(waarde: str) -> None:
    with pytest.raises(DatumOngeldig):
        Datum.lees(waarde)


@pytest.mark.parametrize("delen", [(1956, 0, 15), (0, 11, 15), (0, 0, 1), (1956, 13, 0), (1956, -1, 0), (1956, 2, -1), (1956, 2, 30)])
def test_no_impossible_date_can_be_made(delen: tuple[int, int, int]) -> None:
    with pytest.raises(DatumOngeldig):
        Datum(*delen)


def test_the_first_and_last_day_it_can_be() -> None:
    assert (Datum.lees("1996-02").eerste(), Datum.lees("1996-02").laatste()) == (date(1996, 2, 1), date(1996, 2, 29))
    assert (Datum.lees("1968").eerste(), Datum.lees("1968").laatste()) == (date(1968, 1, 1), date(1968, 12, 31))
    assert (Datum().eerste(), Datum().laatste()) == (date(1875, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    ("geboren", "op", "leeftijd"),
    [
        ("1983-05-26", date(2019, 5, 26), 36),
        ("1983-05-26", date(2019, 5, 25), 35),
        ("1983-05-26", date(2019, 11, 30), 36),
        ("1983-05-26", date(2019, 1, 1), 35),
        ("1983-05", date(2019, 5, 31), None),
        ("1983-05", date(2019, 6, 1), 36),
        ("1983-05", date(2019, 4, 30), 35),
        ("1983", date(2019, 6, 1), None),
        ("onbekend", date(2019, 6, 1), None),
        ("1996-02-29", date(2016, 2, 29), 20),
        ("1996-02-29", date(2017, 2, 28), 20),
        ("1996-02-29", date(2017, 3, 1), 21),
        ("2026-11-22", date(2026, 11, 21), None),
        ("2026-11-21", date(2026, 11, 21), 0),
    ],
)
def test_age_is_given_only_when_it_is_sure(geboren: str, op: date, leeftijd: int | None) -> None:
    assert Datum.lees(geboren).leeftijd(op) == leeftijd


def test_the_dead_have_no_age() -> None:
    assert Datum.lees("1953-05-26").leeftijd(date(2019, 6, 1), overleden=True) is None


@pytest.mark.parametrize(
    ("geboren", "op", "uitkomst"),
    [
        ("2008-11-21", date(2026, 11, 21), True),
        ("2008-11-22", date(2026, 11, 21), False),
        ("2008-11", date(2026, 11, 21), None),
        ("2008-11", date(2026, 11, 30), True),
        ("2008", date(2026, 11, 21), None),
        ("2009", date(2026, 11, 21), False),
        ("1968", date(2026, 11, 21), True),
        ("onbekend", date(2026, 11, 21), None),
    ],
)
def test_an_age_gate_has_a_third_outcome(geboren: str, op: date, uitkomst: bool | None) -> None:
    assert Datum.lees(geboren).minstens(18, op) is uitkomst


@pytest.mark.parametrize("jaren", [12, 16, 18])
@pytest.mark.parametrize(
    ("later", "uitkomst"),
    [
        ("-11-22", True), ("-11-23", False), ("-11", None), ("-10", True), ("-12", False), ("", None),
    ],
    ids=["on the birthday", "the day before", "in the birth month", "after the birth month", "before it", "only the year"],
)  # fmt: skip
def test_the_gates_of_12_16_and_18_with_what_is_known_of_the_birthday(jaren: int, later: str, uitkomst: bool | None) -> None:
    assert Datum.lees(f"{2026 - jaren}{later}").minstens(jaren, date(2026, 11, 22)) is uitkomst


@pytest.mark.parametrize("jaren", [12, 16, 18])
def test_the_gates_for_who_is_unknown_dead_not_yet_born_or_surely_older_or_younger(jaren: int) -> None:
    vandaag = date(2026, 11, 22)
    assert Datum().minstens(jaren, vandaag) is None
    assert Datum.lees("1950-01-01").minstens(jaren, vandaag, overleden=True) is None
    assert Datum.lees("2025-01-01").minstens(jaren, vandaag, overleden=True) is None
    assert Datum.lees("2026-11-23").minstens(jaren, vandaag) is False
    assert Datum.lees(str(2026 - jaren - 1)).minstens(jaren, vandaag) is True
    assert Datum.lees(str(2026 - jaren + 1)).minstens(jaren, vandaag) is False


@pytest.mark.parametrize("jaren", [12, 16, 18])
def test_who_was_born_on_29_february_passes_a_gate_on_1_march_of_other_years(jaren: int) -> None:
    geboren = Datum(2004, 2, 29)
    verjaard = date(2004 + jaren, 2, 29) if jaren in (12, 16) else date(2004 + jaren, 3, 1)
    assert geboren.minstens(jaren, verjaard) is True
    assert geboren.minstens(jaren, verjaard - timedelta(1)) is False


@given(datums())
def test_every_written_form_is_read_back(datum: Datum) -> None:
    assert Datum.lees(datum.cijfers) == Datum.lees(str(datum)) == datum


@given(datums(), datums())
def test_the_order_is_that_of_the_stored_digits(een: Datum, ander: Datum) -> None:
    assert (een < ander) == (een.cijfers < ander.cijfers)
    assert (een == ander) == (hash(een) == hash(ander) and een.cijfers == ander.cijfers)


@given(datums(), dagen, st.integers(0, 120))
def test_the_gate_agrees_with_the_age_and_with_every_day_it_can_be(datum: Datum, op: date, jaren: int) -> None:
    uitkomst, leeftijd = datum.minstens(jaren, op), datum.leeftijd(op)
    if leeftijd is not None:
        assert uitkomst is (leeftijd >= jaren)
    eerste, laatste = datum.eerste(), datum.laatste()
    mogelijk = (eerste, laatste, eerste + (laatste - eerste) // 2)
    volledig = {Datum.van(dag).minstens(jaren, op) for dag in mogelijk}
    assert uitkomst is (next(iter(volledig)) if len(volledig) == 1 else None)


@given(datums())
def test_nothing_before_the_first_or_after_the_last_day_is_possible(datum: Datum) -> None:
    delen = [part for part in (datum.jaar, datum.maand, datum.dag) if part]
    for dag in (datum.eerste(), datum.laatste()):
        assert [dag.year, dag.month, dag.day][: len(delen)] == delen
    if datum.maand:
        buiten = (datum.eerste() - timedelta(1), datum.laatste() + timedelta(1)) if datum.jaar < 2200 else ()
        assert all([dag.year, dag.month, dag.day][: len(delen)] != delen for dag in buiten)


TABEL = Table("datums", MetaData(), Column("geboren", DatumType))


@pytest.fixture(scope="module")
def migraties() -> list[Migraties]:
    return []


@pytest.fixture
async def store(database_savepoint: Database) -> Database:
    if database_savepoint.dialect == "sqlite":
        await make_tables(database_savepoint, [TABEL])
    else:
        await database_savepoint.transact(TABEL.create)
    return database_savepoint


@pytest.mark.anyio
async def test_a_column_keeps_incomplete_dates_and_sorts_as_python_does(store: Database) -> None:
    datums = [Datum.lees(geschreven) for geschreven in ("1978-03", "onbekend", "1978-03-02", "1978", "1956-11-15")]

    def unit(connection: Connection) -> tuple[list[Datum | None], Datum | None, set[str]]:
        connection.execute(insert(TABEL), [{"geboren": datum} for datum in [*datums, None]])
        gelezen = connection.scalars(select(TABEL.c.geboren).order_by(TABEL.c.geboren.nulls_last())).all()
        gevonden = connection.scalar(select(TABEL.c.geboren).where(TABEL.c.geboren == Datum.lees("1978-03")))
        return list(gelezen), gevonden, set(connection.scalars(text("select geboren from datums where geboren is not null")))

    gelezen, gevonden, opgeslagen = await store.transact(unit)
    assert gelezen == [*sorted(datums), None]
    assert gevonden == Datum(1978, 3)
    assert opgeslagen == {"19780300", "00000000", "19780302", "19780000", "19561115"}


@pytest.mark.anyio
async def test_a_column_refuses_text_and_stores_nothing(store: Database) -> None:
    with pytest.raises(StatementError, match="only a Datum"):
        await store.transact(lambda connection: connection.execute(insert(TABEL).values(geboren="19561115")))
    assert await store.transact(lambda connection: connection.scalars(select(TABEL.c.geboren)).all()) == []


@pytest.mark.parametrize("geboren", ["1956-11-15", "2008-02-29", "2084-02-29", "2010-12", "2010"])
@pytest.mark.parametrize("jaren", [12, 16, 18])
def test_somebody_becomes_so_old_on_the_first_day_that_it_can_be_so(geboren: str, jaren: int) -> None:
    """Also who is born on 29 February, and in 2100, which is no leap year."""
    op = Datum.lees(geboren).wordt(jaren)
    assert Datum.lees(geboren).minstens(jaren, op) is not False
    assert Datum.lees(geboren).minstens(jaren, op - timedelta(days=1)) is False
