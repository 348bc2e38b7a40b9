"""The auditor's query and the pseudonyms of persons."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, delete, insert, text
from sqlalchemy.exc import IntegrityError

from wijkwerk.errors import LogNietBeschikbaar, OngeldigeInvoer
from wijkwerk.klok import StaandeKlok
from wijkwerk.log.entry import Betrokkene, Gebeurtenis, Logregel, Resultaat
from wijkwerk.log.journal import Journal
from wijkwerk.log.query import Cursor, LogRij, Onder, Zoekvraag, tel, zoek
from wijkwerk.log.subjects import maak_pseudoniem, pseudoniemen
from wijkwerk.log.tables import TABLES, log_betrokkene, log_pseudoniem, log_regel
from wijkwerk.storage.base import Database
from wijkwerk.testing.databases import count_statements, make_tables
from wijkwerk.testing.queryplannen import Vraag, opgenomen

pytestmark = pytest.mark.anyio
Maak = Callable[..., Logregel]
GEMEENTE, ANDER = UUID(int=3), UUID(int=4)
ALTIJD = {"gemeente": GEMEENTE, "van": datetime(2027, 1, 1, tzinfo=UTC), "tot": datetime(2028, 1, 1, tzinfo=UTC)}


@pytest.fixture
async def logboek(database_savepoint: Database) -> Database:
    """One connection will do here, and is quicker."""
    await make_tables(database_savepoint, TABLES)
    return database_savepoint


def vraag(*, pseudoniem: UUID | None = None, **question: Any) -> Zoekvraag:
    return Zoekvraag(**{**ALTIJD, "personen": () if pseudoniem is None else (Onder(pseudoniem),), **question})


async def asked(database: Database, *, first: int = 50, after: Cursor | None = None, **question: Any) -> list[LogRij]:
    async with database.snapshot() as snapshot:
        return await snapshot.run(lambda c: zoek(c, vraag(**question), first=first, after=after))


async def counted(database: Database, *, meeste: int = 10_000, **question: Any) -> int:
    async with database.snapshot() as snapshot:
        return await snapshot.run(lambda c: tel(c, vraag(**question), meeste=meeste))


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
    await journal.record(
        regel(20, organisatie=UUID(int=8), activiteit="A", doelen=("EEN", "EEN_X")), regel(21, activiteit="B", doelen=("X_EEN",)),
        regel(22, activiteit="B", doelen=("EEN",)), regel(23, activiteit="C", doelen=("EEN",)),
    )  # fmt: skip
    assert traces(await asked(logboek, organisatie=UUID(int=8))) == ["spoor-20"]
    assert set(traces(await asked(logboek, activiteit="B"))) == {"spoor-21", "spoor-22"}
    een: dict[str, Any] = {"doel": "EEN", "activiteiten": ("A", "B")}
    assert set(traces(await asked(logboek, **een))) == {"spoor-20", "spoor-22"}
    assert traces(await asked(logboek, **een, activiteit="B")) == ["spoor-22"]
    assert traces(await asked(logboek, **een, pseudoniem=UUID(int=22))) == ["spoor-22"]
    assert await asked(logboek, doel="EEN") == []
    assert await counted(logboek, doel="EEN") == 0
    wijzigt: dict[str, Any] = {"gebruiker": UUID(int=6), "gebeurtenis": Gebeurtenis.WIJZIGEN, "resultaat": Resultaat.GESLAAGD}
    together = {**wijzigt, "pseudoniem": UUID(int=12)}
    assert traces(await asked(logboek, **together)) == ["spoor-12"]
    assert [await counted(logboek, **each) for each in ({}, een, together)] == [17, 2, 1]
    assert [await counted(logboek, meeste=5, **each) for each in ({}, een)] == [6, 2]


async def test_a_resident_is_found_under_every_pseudonym_each_in_its_own_time(
    journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok
) -> None:
    both = Betrokkene(UUID(int=1), ()), Betrokkene(UUID(int=2), ())
    begin = klok.nu()
    for nummer, betrokkenen in enumerate([both[:1], both[1:], both, both[1:]]):
        klok.moment = begin + timedelta(hours=nummer)
        await journal.record(regel(nummer, betrokkenen=betrokkenen))
    until, later = begin + timedelta(hours=3), begin + timedelta(hours=2)
    for personen, found in (
        ((Onder(UUID(int=1)), Onder(UUID(int=2))), [3, 2, 1, 0]),
        ((Onder(UUID(int=1)), Onder(UUID(int=2), tot=until)), [2, 1, 0]),
        ((Onder(UUID(int=2), later), Onder(UUID(int=2), tot=begin)), [3, 2]),
        ((Onder(UUID(int=2), datetime(2029, 1, 1, tzinfo=UTC)),), []),
    ):
        whole = await asked(logboek, personen=personen)
        assert traces(whole) == [f"spoor-{nummer}" for nummer in found]
        assert await counted(logboek, personen=personen) == len(found)
        paged = await asked(logboek, personen=personen, first=1)
        while paged[-1:] != whole[-1:]:
            paged += await asked(logboek, personen=personen, first=1, after=paged[-1].cursor)
        assert paged == whole


WIE = {"pseudoniem": UUID(int=30)}
INDEXEN: list[tuple[dict[str, Any], str]] = [
    ({}, "tijd"), ({"gebruiker": UUID(int=40)}, "gebruiker"), ({"organisatie": UUID(int=50)}, "organisatie"),
    ({"activiteit": "ACT7"}, "activiteit"), ({"doel": "DOEL7", "activiteiten": ("ACT7", "ACT8")}, "activiteit"),
    ({"gebeurtenis": Gebeurtenis.EXPORT}, "gebeurtenis"), ({"resultaat": Resultaat.FOUT}, "resultaat"), (WIE, "pseudoniem"),
    ({**WIE, "gebruiker": UUID(int=40)}, "pseudoniem"), ({"gebeurtenis": Gebeurtenis.LEZEN}, "tijd"),
    ({"gebruiker": UUID(int=40), "gebeurtenis": Gebeurtenis.LEZEN, "doel": "DOEL7", "activiteit": "ACT7"}, "gebruiker|activiteit"),
]  # fmt: skip


async def test_each_filter_is_led_by_an_index_in_a_log_with_rows_enough(logboek: Database) -> None:
    begin = datetime(2027, 3, 1, tzinfo=UTC)
    rare = {7: Gebeurtenis.EXPORT}, {9: Resultaat.FOUT}
    places = [{"stroom": UUID(int=9), "seq": n, "tijdstip": begin + timedelta(minutes=n)} for n in range(6_000)]
    rows = [
        {
            **place, "periode": "2027-03", "hash": bytes(32), "body": b"{}", "gemeente_id": GEMEENTE, "gebruiker": UUID(int=n % 100),
            "organisatie": UUID(int=n % 80), "activiteit": f"ACT{n % 60}", "doelen": f" DOEL{n % 60} ",
            "gebeurtenis": rare[0].get(n % 1000, Gebeurtenis.LEZEN), "resultaat": rare[1].get(n % 1000, Resultaat.GESLAAGD),
        }
        for n, place in enumerate(places)
    ]  # fmt: skip
    await logboek.transact(lambda c: c.execute(insert(log_regel), rows) and None)
    subjects = [{**place, "pseudoniem": UUID(int=n % 200)} for n, place in enumerate(places)]
    await logboek.transact(lambda c: c.execute(insert(log_betrokkene), subjects) and None)
    await logboek.transact(lambda c: c.execute(text("ANALYZE")) and None)
    for filters, index in INDEXEN:
        works: list[Callable[..., Any]] = [asked] if index == "tijd" else [asked, counted]  # who counts nearly all walks all
        for work in works:
            with opgenomen(logboek) as seen:
                await work(logboek, **filters)
            for each in seen:
                plan = await explained(logboek, each)
                assert re.search(index, plan), (filters, plan)
                whole = r"Seq Scan on log_\w+_2027_03|SCAN log_\w+$|TEMP B-TREE FOR ORDER"  # parts of other months are empty
                assert not re.search(whole, plan, re.MULTILINE), (filters, plan)


async def explained(database: Database, vraag: Vraag) -> str:
    explain = "EXPLAIN QUERY PLAN" if database.dialect == "sqlite" else "EXPLAIN"
    async with database.snapshot() as snapshot:
        rows = await snapshot.run(lambda c: c.exec_driver_sql(f"{explain} {vraag.statement}", vraag.parameters).all())
    return "\n".join(str(row[-1]) for row in rows)


async def test_however_often_it_is_asked_postgresql_plans_for_the_values_that_are_asked(logboek: Database, klok: StaandeKlok) -> None:
    """From the sixth time it may keep a plan for any values, which looks in the part of every month."""
    vraag = Zoekvraag(gemeente=GEMEENTE, van=klok.nu() - timedelta(days=1), tot=klok.nu(), personen=(Onder(UUID(int=1)),))

    def often(connection: Connection) -> list[tuple[int, int]]:
        for _ in range(8):
            assert (zoek(connection, vraag), tel(connection, vraag)) == ([], 0)
        if connection.dialect.name != "postgresql":
            return [(0, 8), (0, 8)]
        mine = "statement LIKE '%pseudoniem = %' AND statement NOT LIKE '%pg_prepared_statements%'"
        counted = text(f"SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE {mine}")
        return [tuple(row) for row in connection.execute(counted)]

    async with logboek.snapshot() as snapshot:
        assert await snapshot.run(often) == [(0, 8), (0, 8)]


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
