"""The auditor's query and the pseudonyms of persons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, delete, insert
from sqlalchemy.exc import IntegrityError

from wijkwerk.errors import LogNietBeschikbaar, OngeldigeInvoer
from wijkwerk.klok import StaandeKlok
from wijkwerk.log.entry import Gebeurtenis, Logregel, Resultaat
from wijkwerk.log.journal import Journal
from wijkwerk.log.query import LogRij, zoek
from wijkwerk.log.subjects import maak_pseudoniem, pseudoniemen
from wijkwerk.log.tables import TABLES, log_pseudoniem
from wijkwerk.storage.base import Database
from wijkwerk.testing.databases import count_statements, make_tables

pytestmark = pytest.mark.anyio
Maak = Callable[..., Logregel]
GEMEENTE, ANDER = UUID(int=3), UUID(int=4)
ALTIJD = {"gemeente": GEMEENTE, "van": datetime(2027, 1, 1, tzinfo=UTC), "tot": datetime(2028, 1, 1, tzinfo=UTC)}


@pytest.fixture
async def logboek(database_savepoint: Database) -> Database:
    """One connection will do here, and is quicker."""
    await make_tables(database_savepoint, TABLES)
    return database_savepoint


async def asked(database: Database, **question: Any) -> list[LogRij]:
    async with database.snapshot() as snapshot:
        return await snapshot.run(lambda c: zoek(c, **{**ALTIJD, **question}))


def traces(rows: list[LogRij]) -> list[str]:
    return [row.inhoud["trace"] for row in rows]


async def fill(journal: Journal, regel: Maak, klok: StaandeKlok) -> None:
    for number in range(6):
        klok.moment += timedelta(seconds=1)
        await journal.record(regel(number))
        await journal.transact(lambda _, n=number: (None, [regel(n + 10, gebruiker=UUID(int=6), gebeurtenis=Gebeurtenis.WIJZIGEN)]))  # type: ignore[misc]
    await journal.record(regel(77, gemeente=ANDER), regel(88, resultaat=Resultaat.GEWEIGERD))


async def test_rows_come_newest_first_and_of_one_gemeente(journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok) -> None:
    await fill(journal, regel, klok)
    rows = await asked(logboek)
    assert [row.cursor for row in rows] == sorted((row.cursor for row in rows), reverse=True)
    assert set(traces(rows)) == {f"spoor-{n}" for n in [*range(6), *range(10, 16), 88]}
    assert all((row.inhoud["stream"], row.inhoud["seq"]) == (row.cursor.stroom.hex, row.cursor.seq) for row in rows)
    assert traces(await asked(logboek, gemeente=ANDER)) == ["spoor-77"]
    assert await asked(logboek, gemeente=uuid4()) == []


@pytest.mark.parametrize("filters", [{}, {"gebruiker": UUID(int=6)}, {"pseudoniem": UUID(int=3)}])
async def test_pages_together_are_the_whole(
    journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok, filters: dict[str, Any]
) -> None:
    await fill(journal, regel, klok)
    await journal.record(*(regel(3) for _ in range(4)))
    whole, paged = await asked(logboek, **filters), []
    page = await asked(logboek, first=2, **filters)
    while page:
        paged += page
        page = await asked(logboek, first=2, after=page[-1].cursor, **filters)
    assert paged == whole
    assert len(whole) >= 5


async def test_each_filter_keeps_what_it_names(journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok) -> None:
    await fill(journal, regel, klok)
    assert set(traces(await asked(logboek, gebruiker=UUID(int=6)))) == {f"spoor-{n}" for n in range(10, 16)}
    assert set(traces(await asked(logboek, gebeurtenis=Gebeurtenis.WIJZIGEN))) == {f"spoor-{n}" for n in range(10, 16)}
    assert traces(await asked(logboek, resultaat=Resultaat.GEWEIGERD)) == ["spoor-88"]
    assert traces(await asked(logboek, pseudoniem=UUID(int=3))) == ["spoor-3"]
    assert traces(await asked(logboek, pseudoniem=UUID(int=3), gebruiker=UUID(int=6))) == []
    assert traces(await asked(logboek, pseudoniem=UUID(int=77))) == []


async def test_the_period_holds_its_begin_and_not_its_end(journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok) -> None:
    await journal.record(regel(1))
    now, second = klok.nu(), timedelta(seconds=1)
    for pseudoniem in (None, UUID(int=1)):
        assert traces(await asked(logboek, van=now, tot=now + second, pseudoniem=pseudoniem)) == ["spoor-1"]
        assert await asked(logboek, van=now - second, tot=now, pseudoniem=pseudoniem) == []


async def test_a_question_that_cant_be_right_is_refused(logboek: Database, klok: StaandeKlok) -> None:
    naive = klok.nu().replace(tzinfo=None)
    wrong: list[dict[str, Any]] = [{"first": 0}, {"first": 501}, {"first": -1}, {"tot": ALTIJD["van"]}, {"van": naive}, {"tot": naive}]
    for question in wrong:
        with pytest.raises(OngeldigeInvoer):
            await asked(logboek, **question)


@pytest.mark.parametrize(("filters", "index"), [({}, "ix_log_regel_tijd"), ({"gebruiker": UUID(int=5)}, "ix_log_regel_gebruiker")])
async def test_the_query_is_read_from_an_index_in_order(logboek: Database, filters: dict[str, Any], index: str) -> None:
    if logboek.dialect != "sqlite":  # PostgreSQL scans an empty table, whatever its indexes
        return
    with count_statements(logboek) as seen:
        await asked(logboek, **filters)
    statement = seen[-1]
    empty = [None] * statement.count("?")
    async with logboek.snapshot() as snapshot:
        plan = await snapshot.run(lambda c: str(c.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(empty)).all()))
    assert index in plan
    assert "TEMP B-TREE" not in plan


async def pseudonyms(database: Database, gemeente: UUID, personen: list[UUID]) -> dict[UUID, UUID]:
    async with database.snapshot() as snapshot:
        return await snapshot.run(lambda c: pseudoniemen(c, gemeente, personen))


async def test_a_person_has_one_random_pseudonym_for_each_gemeente(logboek: Database) -> None:
    persoon = uuid4()
    made = [await logboek.transact(lambda c, g=g: maak_pseudoniem(c, g, persoon)) for g in (GEMEENTE, ANDER)]  # type: ignore[misc]
    assert await pseudonyms(logboek, GEMEENTE, [persoon]) == {persoon: made[0]}
    assert await pseudonyms(logboek, ANDER, [persoon, persoon]) == {persoon: made[1]}
    assert len({persoon, *made}) == 3
    assert [one.version for one in made] == [4, 4]
    with pytest.raises(IntegrityError):
        await logboek.transact(lambda c: maak_pseudoniem(c, GEMEENTE, persoon))
    assert await pseudonyms(logboek, GEMEENTE, [persoon]) == {persoon: made[0]}


async def test_pseudonyms_of_many_are_one_statement(logboek: Database) -> None:
    personen = [uuid4() for _ in range(300)]
    await logboek.transact(lambda c: [maak_pseudoniem(c, GEMEENTE, persoon) for persoon in personen])
    with count_statements(logboek) as seen:
        assert (await pseudonyms(logboek, GEMEENTE, personen)).keys() == set(personen)
    assert len(seen) == 1
    with count_statements(logboek) as seen:
        assert await pseudonyms(logboek, GEMEENTE, []) == {}
    assert seen == []


async def test_without_a_pseudonym_there_is_no_answer(logboek: Database) -> None:
    known, erased, elsewhere = uuid4(), uuid4(), uuid4()

    def unit(connection: Connection) -> None:
        for gemeente, persoon in ((GEMEENTE, known), (GEMEENTE, erased), (ANDER, elsewhere)):
            maak_pseudoniem(connection, gemeente, persoon)
        connection.execute(delete(log_pseudoniem).where(log_pseudoniem.c.persoon_id == erased))

    await logboek.transact(unit)
    for missing in (erased, elsewhere, uuid4()):
        with pytest.raises(LogNietBeschikbaar):
            await pseudonyms(logboek, GEMEENTE, [known, missing])


async def test_two_persons_never_share_a_pseudonym(logboek: Database) -> None:
    one = await logboek.transact(lambda c: maak_pseudoniem(c, GEMEENTE, uuid4()))
    copied = {"persoon_id": uuid4(), "gemeente_id": GEMEENTE, "pseudoniem": one}
    with pytest.raises(IntegrityError):
        await logboek.transact(lambda c: c.execute(insert(log_pseudoniem).values(copied)) and None)
