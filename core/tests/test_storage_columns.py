"""Column types and `among` mean the same on both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, insert, not_, select

from wijkwerk.storage.base import Database
from wijkwerk.storage.columns import Tijdstip, Uuid16, among, nieuw_id
from wijkwerk.storage.migrate import Migraties
from wijkwerk.testing.databases import count_statements, make_tables

pytestmark = pytest.mark.anyio

TABLE = Table(
    "waarde",
    MetaData(),
    Column("nr", Integer, primary_key=True),
    Column("uuid", Uuid16),
    Column("moment", Tijdstip),
    Column("tekst", Text),
)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31), timezones=ZONES)  # noqa: DTZ001 (hypothesis adds the zone)
TEXTS = st.text(st.characters(exclude_characters="\0", codec="utf-8"))
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def migraties() -> list[Migraties]:
    return []


@pytest.fixture
async def store(database_savepoint: Database) -> Database:
    if database_savepoint.dialect == "sqlite":
        await make_tables(database_savepoint, [TABLE])
    else:
        await database_savepoint.transact(TABLE.create)
    return database_savepoint


async def _stored(database: Database, **row: Any) -> Any:
    def unit(connection: Any) -> Any:
        nr = connection.execute(insert(TABLE).values(**row).returning(TABLE.c.nr)).scalar_one()
        return connection.execute(select(TABLE).where(TABLE.c.nr == nr)).one()

    return await database.transact(unit)


@QUICK
@given(uuid=st.none() | st.uuids(), moment=st.none() | MOMENTS, tekst=st.none() | TEXTS)
async def test_what_is_stored_comes_back(store: Database, uuid: UUID | None, moment: datetime | None, tekst: str | None) -> None:
    row = await _stored(store, uuid=uuid, moment=moment, tekst=tekst)
    assert (row.uuid, row.moment, row.tekst) == (uuid, moment, tekst)
    assert row.moment is None or row.moment.utcoffset() == timedelta(0)


def _present_and_asked(kind: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[list[Any], list[Any]]]:
    def asked(present: list[Any]) -> st.SearchStrategy[tuple[list[Any], list[Any]]]:
        return st.tuples(st.just(present), st.lists(st.sampled_from(present) | kind if present else kind, max_size=5))

    return st.lists(kind, unique=True, max_size=5).flatmap(asked)


@QUICK
@given(values=_present_and_asked(st.uuids()))
async def test_among_finds_exactly_the_uuids_asked(store: Database, values: tuple[list[Any], list[Any]]) -> None:
    await _finds_exactly(store, "uuid", *values)


@QUICK
@given(values=_present_and_asked(TEXTS))
async def test_among_finds_exactly_the_texts_asked(store: Database, values: tuple[list[Any], list[Any]]) -> None:
    await _finds_exactly(store, "tekst", *values)


async def _finds_exactly(database: Database, column: str, present: list[Any], asked: list[Any]) -> None:
    def unit(connection: Any) -> set[Any]:
        connection.execute(TABLE.delete())
        for value in present:
            connection.execute(insert(TABLE).values({column: value}))
        found = connection.execute(select(TABLE.c[column]).where(among(TABLE.c[column], "asked")), {"asked": asked})
        return set(found.scalars())

    assert await database.transact(unit) == set(present) & set(asked)


@pytest.mark.parametrize("column", ["nr", "uuid", "tekst"])
async def test_among_nothing_is_nothing(store: Database, column: str) -> None:
    await _stored(store, uuid=nieuw_id(), tekst="")
    async with store.snapshot() as snapshot:
        found = await snapshot.run(lambda c: c.execute(select(TABLE).where(among(TABLE.c[column], "asked")), {"asked": []}).all())
    assert found == []


async def test_among_is_one_statement_whatever_the_length(store: Database) -> None:
    ids = [nieuw_id() for _ in range(5_000)]
    await _stored(store, uuid=ids[0])
    query = select(TABLE.c.uuid).where(among(TABLE.c.uuid, "asked"))

    def found(asked: list[UUID]) -> Callable[[Connection], int]:
        return lambda connection: len(connection.execute(query, {"asked": asked}).all())

    async with store.snapshot() as snapshot:
        with count_statements(store) as seen:
            assert [await snapshot.run(found(asked)) for asked in ([], ids[:1], ids)] == [0, 1, 1]
    assert len(seen) == 3
    assert len(set(seen)) == 1


@pytest.mark.parametrize("column", ["uuid", "tekst"])
async def test_what_is_not_among_is_all_the_rest(store: Database, column: str) -> None:
    made: dict[str, list[Any]] = {"uuid": [nieuw_id(), nieuw_id(), nieuw_id()], "tekst": ["a", "b", "c"]}
    values = made[column]
    for value in values:
        await _stored(store, **{column: value})
    rest = select(TABLE.c[column]).where(not_(among(TABLE.c[column], "asked"))).order_by(TABLE.c.nr)
    async with store.snapshot() as snapshot:
        found = await snapshot.run(lambda connection: connection.execute(rest, {"asked": values[:1]}).scalars().all())
    assert found == values[1:]


async def test_among_on_a_key_is_looked_up_and_not_compared_row_by_row(store: Database) -> None:
    query = select(TABLE.c.tekst).where(among(TABLE.c.nr, "asked"))
    if store.dialect == "postgresql":
        assert "waarde.nr = ANY" in str(query.compile(dialect=store.engines[0].dialect))
        return
    async with store.snapshot() as snapshot:
        text = f"EXPLAIN QUERY PLAN {query.compile(dialect=store.engines[0].dialect)}"
        plan = await snapshot.run(lambda connection: connection.exec_driver_sql(text, ("[1]",)).all())
    assert "SEARCH waarde USING INTEGER PRIMARY KEY" in plan[0][-1]


async def test_a_naive_moment_is_refused_and_nothing_is_stored(store: Database) -> None:
    with pytest.raises(Exception, match="naive datetime"):
        await _stored(store, moment=datetime(2026, 1, 1))  # noqa: DTZ001
    async with store.snapshot() as snapshot:
        assert await snapshot.run(lambda c: c.execute(select(TABLE)).all()) == []


async def test_a_refused_value_is_not_in_the_error(store: Database) -> None:
    with pytest.raises(Exception, match="naive datetime") as caught:
        await _stored(store, moment=datetime(2026, 1, 1), tekst="KANARIE")  # noqa: DTZ001
    assert "KANARIE" not in str(caught.value)


async def test_uuids_order_by_time_on_both_engines(store: Database) -> None:
    ids = [nieuw_id() for _ in range(50)]

    def unit(connection: Any) -> list[UUID]:
        connection.execute(insert(TABLE), [{"uuid": one} for one in reversed(ids)])
        return list(connection.execute(select(TABLE.c.uuid).order_by(TABLE.c.uuid)).scalars())

    assert await store.transact(unit) == ids == sorted(ids)


async def test_moments_compare_across_zones(store: Database) -> None:
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    row = await _stored(store, moment=noon.astimezone(timezone(timedelta(hours=2))))
    async with store.snapshot() as snapshot:
        found = await snapshot.run(lambda c: c.execute(select(TABLE.c.nr).where(TABLE.c.moment == noon)).scalars().all())
    assert row.nr in found
