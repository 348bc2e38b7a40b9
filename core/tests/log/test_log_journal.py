"""The journal: what returned is durable, what failed left nothing, on both engines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any, NoReturn, TypeVar
from uuid import UUID

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, func, insert, select, text

from wijkwerk.errors import DatabaseNietBeschikbaar, LogNietBeschikbaar, NietGevonden
from wijkwerk.klok import StaandeKlok
from wijkwerk.log.entry import Logregel
from wijkwerk.log.journal import Journal
from wijkwerk.log.tables import log_betrokkene, log_checkpoint, log_kop, log_pseudoniem, log_regel, log_segment, log_stroom
from wijkwerk.storage.base import Database
from wijkwerk.testing.wachten import tot

pytestmark = pytest.mark.anyio
T = TypeVar("T")


async def bodies(database: Database) -> list[dict[str, Any]]:
    async with database.snapshot() as snapshot:
        rows = await snapshot.run(
            lambda c: c.execute(select(log_regel.c.body).order_by(log_regel.c.stroom, log_regel.c.seq)).scalars().all()
        )
    return [orjson.loads(body) for body in rows]


async def traces(database: Database) -> list[str]:
    return sorted(body["trace"] for body in await bodies(database) if "trace" in body)


async def count(database: Database, table: Any) -> int:
    async with database.snapshot() as snapshot:
        return await snapshot.run(lambda c: c.execute(select(func.count()).select_from(table)).scalar_one())


async def break_log(database: Database, table: str = "log_regel") -> None:
    """Nothing can be written there any more: the table is gone."""
    await database.administer(lambda c: c.execute(text(f"ALTER TABLE {table} RENAME TO weg")))


async def mend_log(database: Database, table: str = "log_regel") -> None:
    await database.administer(lambda c: c.execute(text(f"ALTER TABLE weg RENAME TO {table}")))


def adds_person(number: int) -> Callable[[Connection], None]:
    values = {"persoon_id": UUID(int=number), "gemeente_id": UUID(int=1), "pseudoniem": UUID(int=number + 10**6)}

    def work(connection: Connection) -> None:
        connection.execute(insert(log_pseudoniem).values(values))

    return work


async def test_an_entry_is_there_when_record_returns(journal: Journal, logboek: Database, regel: Callable[..., Logregel]) -> None:
    await journal.record(regel(1), regel(2))
    opened, first, second = await bodies(logboek)
    assert (opened["gebeurtenis"], first["trace"], second["trace"]) == ("STROOM_GEOPEND", "spoor-1", "spoor-2")
    assert [body["seq"] for body in (opened, first, second)] == [0, 1, 2]
    assert await count(logboek, log_betrokkene) == 2


async def test_recording_nothing_writes_nothing(journal: Journal, logboek: Database) -> None:
    await journal.record()
    assert await count(logboek, log_regel) == 0
    assert await count(logboek, log_stroom) == 0


async def test_300_records_and_100_transacts_at_once_are_all_there_and_contiguous(
    journal: Journal, logboek: Database, regel: Callable[..., Logregel]
) -> None:
    def unit(number: int) -> Callable[[Connection], tuple[int, Sequence[Logregel]]]:
        return lambda connection: (adds_person(number)(connection), (number, [regel(number)]))[1]

    reads = [journal.record(regel(number)) for number in range(300)]
    writes = [journal.transact(unit(number)) for number in range(1000, 1100)]
    results = await asyncio.gather(*reads, *writes)
    assert results[300:] == list(range(1000, 1100))
    assert await traces(logboek) == sorted(f"spoor-{n}" for n in [*range(300), *range(1000, 1100)])
    numbers: dict[str, list[int]] = {}
    for body in await bodies(logboek):
        numbers.setdefault(body["stream"], []).append(body["seq"])
    assert all(seqs == list(range(len(seqs))) for seqs in numbers.values())
    assert 2 <= len(numbers) <= 5
    assert await count(logboek, log_pseudoniem) == 100


async def test_when_the_unit_fails_its_error_passes_and_nothing_happened(
    journal: Journal, logboek: Database, regel: Callable[..., Logregel]
) -> None:
    def unit(connection: Connection) -> NoReturn:
        adds_person(1)(connection)
        raise NietGevonden

    with pytest.raises(NietGevonden):
        await journal.transact(unit)
    assert await count(logboek, log_pseudoniem) == 0
    assert await count(logboek, log_regel) == 0


async def test_when_the_entry_cant_be_written_the_mutation_did_not_happen(
    journal: Journal, logboek: Database, regel: Callable[..., Logregel]
) -> None:
    await break_log(logboek)
    with pytest.raises(LogNietBeschikbaar) as refused:
        await journal.transact(lambda connection: (adds_person(1)(connection), [regel(1)]))
    assert refused.value.__cause__ is None
    assert await count(logboek, log_pseudoniem) == 0
    await mend_log(logboek)
    await journal.transact(lambda connection: (adds_person(1)(connection), [regel(2)]))
    assert await traces(logboek) == ["spoor-2"]


async def test_a_transaction_without_entries_opens_no_stream(journal: Journal, logboek: Database) -> None:
    assert await journal.transact(lambda _: ("klaar", [])) == "klaar"
    assert await count(logboek, log_stroom) == 0


async def test_when_the_log_cant_be_written_every_reader_is_refused_until_it_can(
    journal: Journal, logboek: Database, regel: Callable[..., Logregel]
) -> None:
    await journal.record(regel(1))
    await break_log(logboek)
    refused = await asyncio.gather(*(journal.record(regel(number)) for number in range(2, 20)), return_exceptions=True)
    assert {type(one) for one in refused} == {LogNietBeschikbaar}
    await mend_log(logboek)
    await journal.record(regel(99))
    assert await traces(logboek) == ["spoor-1", "spoor-99"]


async def test_an_entry_that_cant_be_written_down_fails_alone(
    journal: Journal, logboek: Database, regel: Callable[..., Logregel], klok: StaandeKlok
) -> None:
    naive = {"tijdstip": klok.nu().replace(tzinfo=None)}
    for fout in ({"details": {"x": object()}}, {"trace": "\ud800"}, {"details": {"x": 2**70}}, naive):
        good, bad = await asyncio.gather(journal.record(regel(1)), journal.record(regel(2, **fout)), return_exceptions=True)
        assert (good, type(bad)) == (None, LogNietBeschikbaar)
        with pytest.raises(LogNietBeschikbaar):
            await journal.transact(lambda c: (adds_person(1)(c), [regel(3, **fout)]))  # noqa: B023
    assert await traces(logboek) == ["spoor-1"] * 4
    assert await count(logboek, log_pseudoniem) == 0


async def test_someone_named_twice_in_an_entry_is_indexed_once(journal: Journal, logboek: Database, regel: Callable[..., Logregel]) -> None:
    betrokkene = regel(1).betrokkenen[0]
    await journal.record(regel(1, betrokkenen=(betrokkene, betrokkene)))
    assert await count(logboek, log_betrokkene) == 1


async def test_a_caller_that_goes_away_loses_no_entry_of_another(
    journal: Journal, logboek: Database, regel: Callable[..., Logregel]
) -> None:
    tasks = [asyncio.create_task(journal.record(regel(number))) for number in range(40)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(result is None for result in done[1::2])
    assert {f"spoor-{number}" for number in range(1, 40, 2)} <= set(await traces(logboek))
    await journal.record(regel(99))


async def test_a_cancelled_transaction_gives_its_stream_back(journal: Journal, logboek: Database, regel: Callable[..., Logregel]) -> None:
    for number in range(12):
        task = asyncio.create_task(journal.transact(lambda c, n=number: (None, [regel(n)])))  # type: ignore[misc]
        for _ in range(number):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    done = await asyncio.gather(*(journal.transact(lambda c, n=n: (n, [regel(n)])) for n in range(100, 120)))  # type: ignore[misc]
    assert done == list(range(100, 120))
    assert {f"spoor-{number}" for number in range(100, 120)} <= set(await traces(logboek))


async def test_a_closed_journal_refuses_everything(logboek: Database, identity: Ed25519PrivateKey, klok: StaandeKlok, regel: Any) -> None:
    journal = Journal(logboek, identity, klok)
    await journal.close()
    for _ in range(2):
        for call in (journal.record(regel(1)), journal.transact(lambda c: (adds_person(1)(c), [regel(1)])), journal.checkpoint()):
            with pytest.raises(LogNietBeschikbaar):
                await call
        await journal.open()
        await journal.open()
        await journal.close()
    assert await count(logboek, log_regel) == 0
    assert await count(logboek, log_pseudoniem) == 0


async def test_closing_finishes_what_waits_and_ends_each_stream(
    logboek: Database, identity: Ed25519PrivateKey, klok: StaandeKlok, regel: Callable[..., Logregel]
) -> None:
    journal = Journal(logboek, identity, klok, writers=2)
    await journal.open()
    waiting = [asyncio.create_task(journal.record(regel(number))) for number in range(700)]
    writing = [asyncio.create_task(journal.transact(lambda c, n=n: (n, [regel(n)]))) for n in range(1000, 1010)]  # type: ignore[misc]
    await asyncio.sleep(0)
    await journal.close()
    await asyncio.gather(*waiting, *writing)
    assert len(await traces(logboek)) == 710
    ended = [body["stream"] for body in await bodies(logboek) if body["gebeurtenis"] == "STROOM_GESLOTEN"]
    assert len(ended) == len(set(ended)) == await count(logboek, log_stroom) == await count(logboek, log_kop)
    async with logboek.snapshot() as snapshot:
        assert set(await snapshot.run(lambda c: c.execute(select(log_stroom.c.gesloten)).scalars().all())) == {True}
    assert await count(logboek, log_checkpoint) == 1


async def test_a_life_after_closing_has_new_streams(
    logboek: Database, identity: Ed25519PrivateKey, klok: StaandeKlok, regel: Callable[..., Logregel]
) -> None:
    journal = Journal(logboek, identity, klok, writers=1)
    for number in range(3):
        async with journal:
            await journal.record(regel(number))
    assert await count(logboek, log_stroom) == 3
    opened = [body for body in await bodies(logboek) if body["seq"] == 0]
    assert ["checkpoint" in body["details"] for body in opened] == [False, True, True]
    assert {(body["details"]["systeem"], body["details"]["versie"]) for body in opened} == {("wijkwerk", version("wijkwerk"))}


async def test_closing_without_a_database_is_reported_and_ends(
    logboek: Database, identity: Ed25519PrivateKey, klok: StaandeKlok, regel: Any, caplog: pytest.LogCaptureFixture
) -> None:
    journal = Journal(logboek, identity, klok)
    await journal.open()
    await journal.record(regel(1))
    await break_log(logboek)
    await journal.close()
    assert "stroom niet gesloten" in caplog.text
    assert "checkpoint mislukt" in caplog.text
    assert "spoor-1" not in caplog.text


async def test_checkpoints_are_set_at_the_interval_and_failures_are_retried(
    logboek: Database, identity: Ed25519PrivateKey, klok: StaandeKlok, regel: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with Journal(logboek, identity, klok, interval=0.02) as journal:
        await journal.record(regel(1))
        await tot(lambda: count(logboek, log_checkpoint))
        before = await count(logboek, log_checkpoint)
        await break_log(logboek, "log_checkpoint")
        await tot(lambda: asyncio.sleep(0, "checkpoint mislukt" in caplog.text))
        await journal.record(regel(2))
        with pytest.raises(LogNietBeschikbaar):
            await journal.checkpoint()
        await mend_log(logboek, "log_checkpoint")
        await tot(lambda: more_than(before, count(logboek, log_checkpoint)))


async def more_than(before: int, now: Any) -> bool:
    return bool(await now > before)


async def test_a_stream_whose_head_moved_behind_our_back_is_not_written_to(
    journal: Journal, logboek: Database, regel: Callable[..., Logregel]
) -> None:
    await journal.record(regel(1))
    await logboek.transact(lambda c: c.execute(text("UPDATE log_kop SET seq = 0")) and None)
    with pytest.raises(LogNietBeschikbaar):
        await journal.record(regel(2))
    assert await traces(logboek) == ["spoor-1"]


async def test_a_commit_that_fails_means_no_answer(
    logboek: Database, identity: Ed25519PrivateKey, klok: StaandeKlok, regel: Callable[..., Logregel]
) -> None:
    """The database goes away under an open journal: nobody is told that anything was logged."""
    journal = Journal(logboek, identity, klok)
    await journal.open()
    await journal.record(regel(1))
    await logboek.close()
    with pytest.raises(LogNietBeschikbaar):
        await journal.record(regel(2))
    with pytest.raises(DatabaseNietBeschikbaar):
        await journal.transact(lambda c: (adds_person(1)(c), [regel(3)]))
    await logboek.open()
    await journal.close()
    assert await traces(logboek) == ["spoor-1"]
    assert await count(logboek, log_pseudoniem) == 0


async def test_checkpoints_at_the_same_time_wait_for_each_other(
    journal: Journal, logboek: Database, regel: Callable[..., Logregel]
) -> None:
    records = [journal.record(regel(number)) for number in range(20)]
    await asyncio.gather(*records, *(journal.checkpoint() for _ in range(5)))
    notes = await asyncio.gather(*(journal.checkpoint() for _ in range(5)))
    assert len(set(notes)) == 1
    async with logboek.snapshot() as snapshot:
        cut = await snapshot.run(lambda c: c.execute(select(log_segment.c.eerste, log_segment.c.laatste)).all())
    assert sum(laatste - eerste + 1 for eerste, laatste in cut) == 21
