"""The words that residents are found by: always those of their names, whichever way the names were written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, event, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.util.concurrency import await_only

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.personen import Persoon, wijzig
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import DATUM_ONBEKEND
from wijkwerk.records.types.naam import Geslacht, Naamgebruik
from wijkwerk.records.types.sorteren import sorteernaam, vindwoorden, zoekwoorden
from wijkwerk.records.woorden import bijwerken, herbouw, ruim_op
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import Wijk
from wijkwerk.zoeken.tabellen import NAMEN, zoekterm, zoekwoord

pytestmark = pytest.mark.anyio


async def termen(wijk: Wijk) -> set[tuple[UUID, str]]:
    return {(row.persoon_id, row.term) for row in await wijk.rows(zoekterm.select())}


async def woorden(wijk: Wijk) -> list[str]:
    return sorted(row.woord for row in await wijk.rows(zoekwoord.select()))


async def assert_true(wijk: Wijk) -> None:
    """What is kept is what the names say, worked out from the rows of persoon."""
    found = await termen(wijk)
    expected = {
        (row.id, woord)
        for row in await wijk.rows(Persoon.tabel().select())
        for naam in (row.geslachtsnaam, row.partner_geslachtsnaam, row.voornamen, row.roepnaam)
        for woord in vindwoorden(naam or "")
    }
    assert found == expected
    assert await woorden(wijk) == sorted({woord for _, woord in expected})


@pytest.mark.parametrize(
    ("naam", "found"),
    [
        ("Moulin", {"moulin"}),
        ("Djibèt", {"djibet"}),
        ("Jansen-Smit", {"jansen", "smit", "jansensmit"}),
        ("'s-Gravenhage", {"s", "gravenhage", "sgravenhage"}),
        ("O'Brien", {"o", "brien", "obrien"}),
        ("d’Hondt", {"d", "hondt", "dhondt"}),
        ("ĲSSELMEER", {"ijsselmeer"}),
        ("Abdul Rahman Ali", {"abdul", "rahman", "ali"}),
        ("Groß", {"gross"}),
        ("Мария", {"мария"}),
        ("李", {"李"}),
        (".", set()),
        ("", set()),
    ],
)
def test_the_words_of_a_name_are_folded_and_what_is_joined_is_found_apart_and_together(naam: str, found: set[str]) -> None:
    assert vindwoorden(naam) == found


@given(st.text(max_size=60))
def test_who_types_a_name_as_it_is_written_types_its_words(naam: str) -> None:
    assert set(zoekwoorden(naam)) <= vindwoorden(naam) | {woord[:100] for woord in sorteernaam(naam).split()}
    assert all(len(woord) <= 100 for woord in vindwoorden(naam))
    assert {folded for woord in vindwoorden(naam) for folded in vindwoorden(woord)} == vindwoorden(naam)


async def test_reporting_changing_and_emptying_a_name_keeps_the_words(wijk: Wijk) -> None:
    one = await wijk.inwoner("Jansen-Smit", voornamen="Anna Maria", roepnaam="Ans", partner_geslachtsnaam="Bakker")
    other = await wijk.inwoner("Smit")
    await assert_true(wijk)
    await wijk.schrijf("WIJKTEAM", lambda work: wijzig(work, one, 1, {"geslachtsnaam": "Visser", "roepnaam": None}))
    await assert_true(wijk)
    assert "jansensmit" not in await woorden(wijk)
    assert {term for id, term in await termen(wijk) if id == one} == {"visser", "anna", "maria", "bakker"}
    assert (other, "smit") in await termen(wijk)


async def test_a_name_that_the_writer_may_not_see_keeps_its_words(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Visser", partner_geslachtsnaam="Bakker")
    await wijk.change(update(Persoon.tabel()).values(partner_geslachtsnaam="Dekker"))
    await wijk.schrijf("WIJKTEAM", lambda work: wijzig(work, persoon, 1, {"roepnaam": "Jo"}))
    await assert_true(wijk)


async def test_a_write_without_a_name_asks_nothing_about_words(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Visser")
    with count_statements(wijk.wijkwerk.database) as seen:
        await wijk.schrijf("WIJKTEAM", lambda work: wijzig(work, persoon, 1, {"taal": "tr"}))
    assert not [statement for statement in seen if "zoekterm" in statement or "zoekwoord" in statement]


async def test_a_unit_that_fails_leaves_the_words_as_they_were(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Visser")

    def unit(work: Work) -> None:
        wijzig(work, persoon, 1, {"geslachtsnaam": "Bakker"})
        aanmelden(work, {"geslachtsnaam": "Dekker"})
        work.flush()
        raise OngeldigeInvoer

    with pytest.raises(OngeldigeInvoer):
        await wijk.schrijf("WIJKTEAM", unit)
    assert await woorden(wijk) == ["visser"]
    await assert_true(wijk)


async def test_who_writes_names_past_the_session_can_say_so(wijk: Wijk) -> None:
    one, other = await wijk.inwoner("Visser"), await wijk.inwoner("Bakker")

    def write(connection: Connection) -> None:
        connection.execute(update(Persoon.tabel()).where(Persoon.tabel().c.id == one).values(geslachtsnaam="Dekker"))
        connection.execute(delete(zoekterm).where(zoekterm.c.persoon_id == other))
        bijwerken(connection, Persoon, wijk.gemeente, {one, other, nieuw_id()})

    await wijk.wijkwerk.database.transact(write)
    await assert_true(wijk)


async def test_all_words_are_made_anew_from_the_names_and_only_of_that_municipality(wijk: Wijk) -> None:
    for naam in ("Visser", "Jansen-Smit", "Bakker"):
        await wijk.inwoner(naam, voornamen="Anna")
    before = await termen(wijk)

    def spoil(connection: Connection) -> None:
        connection.execute(delete(zoekterm).where(zoekterm.c.term == "visser"))
        connection.execute(insert(zoekwoord).values([{"gemeente_id": g, "woord": "spook"} for g in (wijk.gemeente, wijk.buurgemeente)]))

    await wijk.wijkwerk.database.transact(spoil)
    assert await wijk.wijkwerk.database.transact(lambda connection: herbouw(connection, Persoon, wijk.gemeente)) == 3
    assert await termen(wijk) == before
    assert [row.gemeente_id for row in await wijk.rows(zoekwoord.select()) if row.woord == "spook"] == [wijk.buurgemeente]
    await wijk.wijkwerk.database.transact(lambda connection: ruim_op(connection, NAMEN, wijk.buurgemeente))
    await assert_true(wijk)


async def test_no_word_of_a_resident_can_be_missing_from_the_words(wijk: Wijk) -> None:
    await wijk.inwoner("Visser")
    with pytest.raises(IntegrityError):
        await wijk.change(delete(zoekwoord))
    await assert_true(wijk)


async def test_a_resident_who_is_destroyed_is_in_no_word(wijk: Wijk) -> None:
    def make(connection: Connection) -> None:
        wijk.put(connection, Persoon, **rij)
        bijwerken(connection, Persoon, wijk.gemeente, [rij["id"]])
        connection.execute(delete(Persoon.tabel()).where(Persoon.tabel().c.id == rij["id"]))
        ruim_op(connection, NAMEN, wijk.gemeente)

    rij: dict[str, Any] = {
        "id": nieuw_id(), "geslachtsnaam": "Visser", "sorteernaam": "visser", "aanduiding_naamgebruik": Naamgebruik.EIGEN,
        "geslacht": Geslacht.ONBEKEND, "geboortedatum": DATUM_ONBEKEND, "geheim": False, "veiligheidsvlag": False, "gebied_gekozen": False,
    }  # fmt: skip
    await wijk.wijkwerk.database.transact(make)
    assert (await termen(wijk), await woorden(wijk)) == (set(), [])


async def test_names_written_at_the_same_time_keep_the_words_true(wijk: Wijk) -> None:
    """One takes the last `visser` away while others add one."""
    vissers = [await wijk.inwoner("Visser") for _ in range(2)]

    async def rename(id: UUID) -> None:
        await wijk.schrijf("WIJKTEAM", lambda work: wijzig(work, id, 1, {"geslachtsnaam": "Bakker-Dekker"}))

    for _ in range(3):
        made = await asyncio.gather(*map(rename, vissers), *(wijk.inwoner("Visser") for _ in range(3)))
        vissers = [id for id in made if id is not None]
        await assert_true(wijk)


async def test_a_word_that_is_taken_away_just_when_somebody_gets_it_is_made_again(wijk: Wijk) -> None:
    """On PostgreSQL the one is stopped between finding the word and using it, until the other took it away."""
    weg, erbij = await wijk.inwoner("Visser"), await wijk.inwoner("Bakker")
    gestopt, verder = asyncio.Event(), asyncio.Event()

    def stop(_c: Any, _k: Any, statement: str, _p: Any, _x: Any, _m: bool) -> None:
        if statement.startswith("INSERT INTO zoekwoord") and not gestopt.is_set():
            gestopt.set()
            await_only(verder.wait())

    with bij_elk_statement(wijk, "after_cursor_execute", stop):
        task = asyncio.ensure_future(noem(wijk, erbij, roepnaam="Visser"))
        if wijk.wijkwerk.database.dialect == "postgresql":
            await gestopt.wait()
            await noem(wijk, weg, geslachtsnaam="Dekker")
        verder.set()
        await task
    await assert_true(wijk)
    assert (erbij, "visser") in await termen(wijk)


async def test_two_who_each_take_the_name_that_the_other_leaves_both_get_it(wijk: Wijk) -> None:
    """On PostgreSQL each goes on when the other added its words too, or waits before it adds any."""
    een, ander = await wijk.inwoner("Visser"), await wijk.inwoner("Bakker")
    beurten: list[str] = []
    beide = asyncio.Event()

    def stop(_c: Any, _k: Any, statement: str, _p: Any, _x: Any, _m: bool) -> None:
        if statement.startswith("INSERT INTO zoekterm") or "pg_advisory" in statement:
            beurten.append(statement)
            if sum("zoekterm" in each for each in beurten) == 2 or sum("pg_advisory" in each for each in beurten) == 2:
                beide.set()
            elif "zoekterm" in statement:
                await_only(beide.wait())

    with bij_elk_statement(wijk, "before_cursor_execute", stop):
        await asyncio.gather(noem(wijk, een, geslachtsnaam="Bakker"), noem(wijk, ander, geslachtsnaam="Visser"))
    await assert_true(wijk)
    assert {(een, "bakker"), (ander, "visser")} <= await termen(wijk)


async def noem(wijk: Wijk, id: UUID, **namen: str) -> None:
    await wijk.schrijf("WIJKTEAM", lambda work: wijzig(work, id, 1, namen))


@contextmanager
def bij_elk_statement(wijk: Wijk, moment: str, do: Callable[..., None]) -> Iterator[None]:
    """On PostgreSQL, whose units run in the event loop. On SQLite there is one writer, and nothing to come between."""
    engines = wijk.wijkwerk.database.engines if wijk.wijkwerk.database.dialect == "postgresql" else ()
    for engine in engines:
        event.listen(engine, moment, do)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, moment, do)
