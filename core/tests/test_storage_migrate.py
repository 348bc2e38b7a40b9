"""Migrations: a history per owner, nothing lost, nothing of another owner touched."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Column, Connection, ForeignKey, Integer, MetaData, Table, Text, func, insert, inspect, select

from wijkwerk.errors import OpstartFout
from wijkwerk.storage.base import Database
from wijkwerk.storage.columns import Tijdstip, Uuid16, nieuw_id
from wijkwerk.storage.engine import open_database
from wijkwerk.storage.metadata import NAMING
from wijkwerk.storage.migrate import Migraties, check, downgrade, in_order, make_revision, migrate

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def migraties() -> list[Migraties]:
    return []


@pytest.fixture
def tuin(tmp_path: Path) -> Migraties:
    tables = MetaData(naming_convention=NAMING)
    Table("boom", tables, Column("id", Uuid16, primary_key=True), Column("geplant", Tijdstip), info={"owner": "tuin"})
    parent = ForeignKey("boom.id", ondelete="CASCADE")
    Table("tak", tables, Column("nr", Integer, primary_key=True), Column("boom", Uuid16, parent), info={"owner": "snoei"})
    return Migraties(owner="tuin", map=tmp_path / "100% tuin", tables=tables)


@pytest.fixture
def snoei(tuin: Migraties, tmp_path: Path) -> Migraties:
    return Migraties(owner="snoei", map=tmp_path / "snoei", requires=("tuin",), tables=tuin.tables)


@pytest.fixture
def sleutels(tmp_path: Path) -> Migraties:
    tables = MetaData(naming_convention=NAMING)
    Table("sleutel", tables, Column("nr", Integer, primary_key=True), info={"owner": "sleutels"})
    return Migraties(owner="sleutels", map=tmp_path / "sleutels", keys=True, tables=tables)


@pytest.fixture
async def planted(database: Database, tuin: Migraties, snoei: Migraties) -> list[Migraties]:
    """Two owners, each with a first revision, migrated, with one tree and three branches."""
    await make_revision(database, tuin, "begin")
    await migrate(database, [tuin])
    await make_revision(database, snoei, "begin")
    await migrate(database, [snoei, tuin])
    await database.transact(lambda connection: _plant(connection, tuin.tables, nieuw_id()))
    return [tuin, snoei]


def _plant(connection: Connection, tables: MetaData, tree: UUID) -> None:
    connection.execute(insert(tables.tables["boom"]).values(id=tree))
    connection.execute(insert(tables.tables["tak"]), [{"boom": tree} for _ in range(3)])


def _edit(owner: Migraties, change: tuple[str, str]) -> None:
    """Change the newest revision, as a developer does after generating it."""
    newest = max((owner.map / "versions").glob("*.py"))
    before = newest.read_text()
    assert change[0] in before
    newest.write_text(before.replace(*change))


async def _rows(database: Database, table: Table) -> int:
    async with database.snapshot() as snapshot:
        return await snapshot.run(lambda connection: connection.execute(select(func.count()).select_from(table)).scalar_one())


async def _tables(database: Database, *, keys: bool = False) -> set[str]:
    return await database.administer(lambda connection: set(inspect(connection).get_table_names()), keys=keys)


async def _widen(database: Database, tuin: Migraties) -> None:
    """A second revision that rebuilds `boom` on SQLite (batch mode): the trap of libraries.md 10.2."""
    tuin.tables.tables["boom"].append_column(Column("naam", Text, nullable=False, server_default="beuk"))
    assert await make_revision(database, tuin, "naam")
    _edit(tuin, ("batch_alter_table('boom', schema=None)", "batch_alter_table('boom', schema=None, recreate='auto')"))
    if database.dialect == "sqlite":
        _edit(tuin, ("recreate='auto'", "recreate='always'"))


async def test_each_owner_has_a_version_table_and_only_its_own_tables(database: Database, planted: list[Migraties]) -> None:
    assert await _tables(database) == {"boom", "tak", "schema_version_tuin", "schema_version_snoei"}
    assert await check(database, planted) == []
    revision = next((planted[0].map / "versions").glob("*.py")).read_text()
    assert "'boom'" in revision
    assert "'tak'" not in revision
    assert "columns.Uuid16()" in revision
    assert "columns.Tijdstip()" in revision


async def test_migrating_twice_changes_nothing(database: Database, planted: list[Migraties]) -> None:
    await migrate(database, planted)
    assert await _rows(database, planted[0].tables.tables["tak"]) == 3


async def test_up_down_up_keeps_the_rows_of_the_other_owner(database: Database, planted: list[Migraties]) -> None:
    tuin, _ = planted
    await _widen(database, tuin)
    for _ in range(2):
        await migrate(database, planted)
        assert await check(database, planted) == []
        await downgrade(database, tuin, "tuin_0001")
        assert await _rows(database, tuin.tables.tables["tak"]) == 3
        lines = await check(database, planted)
        assert lines == ["tuin: de database staat op tuin_0001, de code verwacht tuin_0002. Draai `wijkwerk migrate`."]


async def test_rebuilding_a_parent_does_not_cascade_to_its_children(database: Database, planted: list[Migraties]) -> None:
    tuin, _ = planted
    await _widen(database, tuin)
    await migrate(database, planted)
    assert await _rows(database, tuin.tables.tables["boom"]) == 1
    assert await _rows(database, tuin.tables.tables["tak"]) == 3


async def test_a_migration_that_orphans_rows_is_undone_whole(database: Database, planted: list[Migraties]) -> None:
    tuin, _ = planted
    await _widen(database, tuin)
    _edit(tuin, ("def upgrade() -> None:\n", "def upgrade() -> None:\n    op.execute('DELETE FROM boom')\n"))
    if database.dialect == "sqlite":
        with pytest.raises(OpstartFout, match="Rijen zonder ouder in tak:"):
            await migrate(database, planted)
        assert await _rows(database, tuin.tables.tables["tak"]) == 3
        assert "staat op tuin_0001" in (await check(database, planted))[0]
    else:
        await migrate(database, planted)
        assert await _rows(database, tuin.tables.tables["tak"]) == 0  # the cascade that the migration asked for


async def test_a_migration_that_fails_changes_nothing(database: Database, planted: list[Migraties]) -> None:
    tuin, _ = planted
    await _widen(database, tuin)
    _edit(tuin, ("\n\ndef downgrade", "\n    raise ZeroDivisionError\n\n\ndef downgrade"))
    with pytest.raises(ZeroDivisionError):
        await migrate(database, planted)
    columns = await database.administer(lambda connection: [c["name"] for c in inspect(connection).get_columns("boom")])
    assert columns == ["id", "geplant"]
    assert "staat op tuin_0001" in (await check(database, planted))[0]


async def test_a_removed_owner_blocks_nobody_and_is_reported(database: Database, planted: list[Migraties]) -> None:
    tuin, _ = planted
    await migrate(database, [tuin])
    assert await check(database, [tuin]) == ["snoei: er zijn tabellen, maar dit onderdeel is niet geïnstalleerd. Er is niets verwijderd."]
    assert await _rows(database, tuin.tables.tables["tak"]) == 3


async def test_tables_of_others_are_never_proposed_to_be_dropped(database: Database, planted: list[Migraties]) -> None:
    tuin, _ = planted
    alone = replace(tuin, tables=MetaData(naming_convention=NAMING))
    Table("boom", alone.tables, Column("id", Uuid16, primary_key=True), Column("geplant", Tijdstip), info={"owner": "tuin"})
    assert await make_revision(database, alone, "niets") is None
    assert len(list((tuin.map / "versions").glob("*.py"))) == 1


async def test_a_difference_with_the_code_is_reported_by_name(database: Database, planted: list[Migraties]) -> None:
    planted[0].tables.tables["boom"].append_column(Column("hoogte", Integer))
    planted[0].tables.tables["boom"].c.geplant.nullable = False
    lines = sorted(await check(database, planted))
    assert len(lines) == 2
    assert lines[0].startswith("tuin: add_column boom hoogte wijkt af")
    assert lines[1].startswith("tuin: modify_nullable boom geplant wijkt af")


async def test_check_changes_nothing_on_an_empty_database(database: Database, tuin: Migraties) -> None:
    assert await check(database, [tuin]) == ["tuin: er zijn geen migraties gevonden. Installeer dit onderdeel opnieuw."]
    await make_revision(database, tuin, "begin")
    assert (await check(database, [tuin]))[0].startswith("tuin: de database staat op niets, de code verwacht tuin_0001.")
    assert "boom" not in await _tables(database)


async def test_keys_have_their_tables_where_the_keys_live(database: Database, sleutels: Migraties) -> None:
    await make_revision(database, sleutels, "begin")
    await migrate(database, [sleutels])
    assert "sleutel" in await _tables(database, keys=True)
    assert ("sleutel" in await _tables(database)) is (database.dialect == "postgresql")
    assert await check(database, [sleutels]) == []


async def test_a_database_newer_than_the_code_is_refused(database: Database, planted: list[Migraties]) -> None:
    tuin, snoei = planted
    await _widen(database, tuin)
    await migrate(database, planted)
    max((tuin.map / "versions").glob("*.py")).unlink()
    with pytest.raises(OpstartFout, match="tuin passen niet bij deze database"):
        await migrate(database, [tuin, snoei])
    assert await _rows(database, tuin.tables.tables["tak"]) == 3


async def test_two_at_once_both_arrive(database: Database, tuin: Migraties) -> None:
    await make_revision(database, tuin, "begin")
    await asyncio.gather(*(migrate(database, [tuin]) for _ in range(4)))
    assert await check(database, [tuin]) == []


def test_order_follows_requirements(tmp_path: Path) -> None:
    owners = [Migraties(owner=name, map=tmp_path, requires=needs) for name, needs in [("c", ("b",)), ("b", ("a",)), ("a", ())]]
    assert [one.owner for one in in_order(owners)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("needs", "says"),
    [
        ([("a", ("x",))], "a hebben x nodig"),
        ([("a", ()), ("a", ())], "twee sets migraties met de naam a"),
        ([("a", ("b",)), ("b", ("a",))], "wachten op elkaar"),
    ],
)
def test_an_impossible_order_is_refused_by_name(tmp_path: Path, needs: list[tuple[str, tuple[str, ...]]], says: str) -> None:
    with pytest.raises(OpstartFout, match=says):
        in_order([Migraties(owner=name, map=tmp_path / str(nr), requires=requires) for nr, (name, requires) in enumerate(needs)])


async def test_every_supported_postgresql_migrates(database_each: Database, tuin: Migraties) -> None:
    await make_revision(database_each, tuin, "begin")
    await migrate(database_each, [tuin])
    await _widen(database_each, tuin)
    await migrate(database_each, [tuin])
    assert await check(database_each, [tuin]) == []
    await downgrade(database_each, tuin, "base")
    assert "boom" not in await _tables(database_each)


async def test_a_migrated_sqlite_file_opens_in_a_later_loop(tmp_path: Path, tuin: Migraties) -> None:
    url = f"sqlite:///{tmp_path}/later/wijkwerk.db"

    def in_a_loop_of_its_own() -> list[str]:
        async def once() -> list[str]:
            database = open_database(url)
            await database.open()
            try:
                await make_revision(database, tuin, "begin")
                await migrate(database, [tuin])
                return await check(database, [tuin])
            finally:
                await database.close()

        return asyncio.run(once())

    assert [await asyncio.to_thread(in_a_loop_of_its_own) for _ in range(2)] == [[], []]
