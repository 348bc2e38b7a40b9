"""One entry is proved without the rest of the log, and two checkpoints are proved to be of one log; who verifies needs the key alone."""

from __future__ import annotations

import asyncio
import copy
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Connection, event, select

from wijkwerk.errors import NietGevonden
from wijkwerk.klok import StaandeKlok
from wijkwerk.log import verify
from wijkwerk.log.bewijs import Note, regelbewijs, samenhang
from wijkwerk.log.commands import log as opdrachten
from wijkwerk.log.journal import Journal
from wijkwerk.log.note import sign_note
from wijkwerk.log.tables import TABLES, log_segment
from wijkwerk.log.verify import lees_getuige, open_note, toets_bewijs
from wijkwerk.storage.base import Database
from wijkwerk.storage.sqlite import SqliteDatabase
from wijkwerk.testing.databases import make_tables
from wijkwerk.testing.logaanvallen import flipped
from wijkwerk.testing.logopdracht import logomgeving
from wijkwerk.testing.logverificatie import IDENTITY, STRANGER, VKEY, Log, streams

KEY = IDENTITY.public_key()
Vraag = Callable[[Callable[[Connection], Any]], Any]
Opdracht = Callable[..., Result]


@pytest.fixture
def path(log: Log, tmp_path: Path) -> Path:
    return Path(shutil.copy(log.path, tmp_path / "log.db"))


@asynccontextmanager
async def geopend(path: Path) -> AsyncIterator[SqliteDatabase]:
    database = SqliteDatabase(path, readers=1)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def vraag(path: Path) -> Vraag:
    """Ask something of the database, and count the statements it takes."""

    def ask(work: Callable[[Connection], Any]) -> Any:
        async def asked() -> Any:
            async with geopend(path) as database:
                for engine in database.engines:
                    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
                async with database.snapshot() as snapshot:
                    before = len(statements)
                    result = await snapshot.run(work)
                    del statements[:before]
                    statements[:] = [each for each in statements if each.startswith("SELECT")]
                    return result

        statements.clear()
        return asyncio.run(asked())

    return ask


statements: list[str] = []


@pytest.fixture
def wijkwerk(path: Path) -> Opdracht:
    omgeving = partial(logomgeving, path, IDENTITY, StaandeKlok(datetime(2027, 10, 1, tzinfo=UTC)))
    return lambda *arguments: CliRunner().invoke(opdrachten, list(map(str, arguments)), obj=omgeving)


def oordeel(bewijs: dict[str, Any], *bewaard: str) -> verify.Oordeel:
    return toets_bewijs(json.dumps(bewijs).encode(), KEY, bewaard)


def gelezen(log: Log) -> list[tuple[UUID, int]]:
    """Every entry of the export that is under a checkpoint, by stream and number."""
    found = []
    for start, end in streams(log.lines):
        last = max((line["laatste"] for line in log.lines[start:end] if line["soort"] == "segment"), default=-1)
        entries = [line["seq"] for line in log.lines[start:end] if line["soort"] == "regel" and line["seq"] <= last]
        found += [(UUID(hex=log.lines[start]["id"]), seq) for seq in entries]
    return found


def test_every_entry_can_be_proved_with_a_few_statements(log: Log, vraag: Vraag) -> None:
    for stroom, seq in gelezen(log):
        bewijs = vraag(partial(regelbewijs, stroom=stroom, regel=seq))
        assert len(statements) <= 5
        goed, zinnen = oordeel(bewijs)
        assert (goed, zinnen[0].split(" staat")[0]) == (True, f"Regel {seq} van stroom {stroom.hex}")


def test_every_two_checkpoints_are_proved_to_be_of_one_log(log: Log, vraag: Vraag) -> None:
    notes = [Note(open_note(note, "wijkwerk/log", KEY)[0], note) for note in log.notes]
    for at, oud in enumerate(notes):
        for nieuw in (*notes[at:], None):
            bewijs = vraag(partial(samenhang, oud=oud, nieuw=nieuw))
            assert len(statements) <= 3
            assert oordeel(bewijs, oud.tekst).goed
    with pytest.raises(NietGevonden, match="langer log"):
        vraag(lambda connection: samenhang(connection, notes[-1], notes[0]))


def test_a_proof_that_was_changed_anywhere_does_not_hold(log: Log, vraag: Vraag) -> None:
    stroom, seq = gelezen(log)[1]
    bewijs = vraag(lambda connection: regelbewijs(connection, stroom, seq))
    for name in ("body", "plek", "segmentpad", "blad", "boompad", "checkpoint", "versie", "soort"):
        other = copy.deepcopy(bewijs)
        other[name] = other[name] + 1 if isinstance(other[name], int) else other[name][:-2]
        assert not oordeel(other).goed, name
    for name in ("eerste", "laatste", "periode", "stroom", "hash", "vorige", "wortel"):
        other = copy.deepcopy(bewijs)
        other["segment"][name] = other["segment"][name] + 1 if name in ("eerste", "laatste") else flipped(other["segment"][name], Random(1))
        assert not oordeel(other).goed, name
    moved = copy.deepcopy(bewijs)
    moved["body"] = moved["body"].replace(f'"seq":{seq}', f'"seq":{seq + 1}')
    assert "De regel hoort op een andere plaats." in oordeel(moved).zinnen
    assert not oordeel({**bewijs, "boompad": ["00" * 32] * 65}).goed
    assert not toets_bewijs(json.dumps(bewijs).encode(), STRANGER.public_key()).goed


def test_a_proof_is_held_against_a_kept_checkpoint_and_a_witness(log: Log, vraag: Vraag) -> None:
    stroom, seq = gelezen(log)[0]
    note = Note(open_note(log.notes[1], "wijkwerk/log", KEY)[0], log.notes[1])
    bewijs = vraag(lambda connection: regelbewijs(connection, stroom, seq, note))
    assert oordeel(bewijs, log.notes[1]).goed
    assert "Vraag ook een bewijs van samenhang" in oordeel(bewijs, log.notes[0]).tekst()
    fork = sign_note(f"wijkwerk/log\n{note.omvang}\n{'A' * 43}=\n", "wijkwerk/log", IDENTITY)
    assert "twee geschiedenissen" in oordeel(bewijs, fork).tekst()
    assert not oordeel(bewijs, "geen checkpoint").goed
    cosigned = next(line["note"] for line in log.lines if "— getuige." in line.get("note", ""))
    first = vraag(lambda connection: regelbewijs(connection, stroom, seq, Note(open_note(cosigned, "wijkwerk/log", KEY)[0], cosigned)))
    raw = json.dumps(first).encode()
    assert "Getuige getuige.example/1 zag dit op 31-01-2027" in toets_bewijs(raw, KEY, getuigen=[lees_getuige(VKEY)]).tekst()
    twice = raw.replace(b'{"soort"', b'{"body": "iets anders", "soort"', 1)
    assert (raw.startswith(b'{"soort"'), toets_bewijs(twice, KEY).goed, toets_bewijs(raw, KEY).goed) == (True, False, True)
    bad = json.dumps({**first, "checkpoint": cosigned[:-9] + ("A" if cosigned[-9] != "A" else "B") + cosigned[-8:]}).encode()
    assert "klopt niet" in toets_bewijs(bad, KEY, getuigen=[lees_getuige(VKEY)]).tekst()


def test_what_is_not_there_is_not_proved(log: Log, vraag: Vraag) -> None:
    stroom, _ = gelezen(log)[0]
    gone = next(UUID(hex=line["id"]) for line in log.lines if line.get("streamsoort"))
    first = Note(open_note(log.notes[0], "wijkwerk/log", KEY)[0], log.notes[0])
    for asked, regel, note, told in (
        (stroom, 999, None, "staat niet onder dit checkpoint"),
        (UUID(int=1), 0, None, "staat niet onder dit checkpoint"),
        (stroom, 9, first, "staat niet onder dit checkpoint"),
        (gone, 0, None, "vernietigd na zijn bewaartermijn"),
    ):
        with pytest.raises(NietGevonden, match=told):
            vraag(partial(regelbewijs, stroom=asked, regel=regel, note=note))


@pytest.mark.anyio
async def test_a_log_without_a_checkpoint_proves_nothing_and_a_new_one_everything(
    database_savepoint: Database, klok: StaandeKlok, regel: Callable[..., Any]
) -> None:
    """On each engine."""
    await make_tables(database_savepoint, TABLES)
    async with database_savepoint.snapshot() as snapshot:
        with pytest.raises(NietGevonden, match="nog geen checkpoint"):
            await snapshot.run(lambda connection: regelbewijs(connection, UUID(int=1), 0))
    async with Journal(database_savepoint, IDENTITY, klok) as journal:
        empty = await journal.checkpoint()
        await journal.record(*(regel(number) for number in range(5)))
        await journal.transact(lambda _: (None, [regel(9)]))
        await journal.checkpoint()
        async with database_savepoint.snapshot() as snapshot:
            grown = await snapshot.run(lambda connection: samenhang(connection, Note(0, empty)))
            stroom = await snapshot.run(lambda connection: connection.execute(select(log_segment.c.stroom).limit(1)).scalar_one())
            bewijs = await snapshot.run(lambda connection: regelbewijs(connection, stroom, 1))
    assert (oordeel(grown).goed, oordeel(bewijs).goed) == (True, True)
    assert not oordeel({**grown, "pad": ["00" * 32]}).goed


def test_the_commands_give_what_a_copy_of_the_verifier_accepts(
    log: Log, wijkwerk: Opdracht, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "key.pem").write_bytes(KEY.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    for number, note in enumerate(log.notes[:2]):
        (tmp_path / f"note{number}").write_text(note, "utf-8")
    stroom, seq = gelezen(log)[0]
    out = tmp_path / "bewijs.json"
    made = wijkwerk("bewijs", "--stroom", stroom, "--regel", seq, "--checkpoint", tmp_path / "note0", "--out", out)
    assert (made.exit_code, made.stdout) == (0, ""), made.output
    arguments = ["--bewijs", str(out), "--key", str(tmp_path / "key.pem"), "--checkpoint", str(tmp_path / "note0")]
    assert verify.main(arguments) == 0
    assert "Het bewijs klopt." in capsys.readouterr().out
    assert verify.main([*arguments[:-1], str(tmp_path / "note1"), "--getuige", VKEY]) == 1
    shown = wijkwerk("samenhang", tmp_path / "note0", tmp_path / "note1")
    assert json.loads(shown.stdout)["soort"] == "samenhang"
    assert toets_bewijs(shown.stdout.encode(), KEY).goed
    assert wijkwerk("samenhang", tmp_path / "note0").exit_code == 0
    assert wijkwerk("bewijs", "--stroom", stroom, "--regel", seq).exit_code == 0
    wijkwerk("export", tmp_path / "na.jsonl")
    bodies = [json.loads(line).get("body", "") for line in (tmp_path / "na.jsonl").read_text().splitlines()]
    assert [sum(f'"wijkwerk log {name}"' in body for body in bodies) for name in ("bewijs", "samenhang")] == [2, 2]
    assert sum(f'"regel":{seq},"stroom":"{stroom.hex}"' in body for body in bodies if "wijkwerk log bewijs" in body) == 2  # which one, too


def test_a_question_for_a_proof_that_can_not_be_is_refused(log: Log, wijkwerk: Opdracht, tmp_path: Path) -> None:
    (tmp_path / "geen").write_text("geen checkpoint")
    stroom, seq = gelezen(log)[0]
    for words, told in (
        (("bewijs", "--stroom", "x", "--regel", "0"), "32 tekens"),
        (("bewijs", "--stroom", stroom, "--regel", "-1"), "getal van 0"),
        (("bewijs", "--stroom", stroom, "--regel", 2**63 - 1), "staat niet onder dit checkpoint"),
        (("bewijs", "--stroom", stroom, "--regel", seq, "--checkpoint", tmp_path / "geen"), "geen checkpoint van dit log"),
        (("samenhang", tmp_path / "geen"), "geen checkpoint van dit log"),
        (("verify", "--getuige", "x"), "naam+nummer+sleutel"),
        (("verify", "--maanden", "INZAGE"), "INZAGE=60"),
        (("verify", "--maanden", "X=1"), "INZAGE=60"),
        (("verify", "--maanden", "INZAGE=-1"), "INZAGE=60"),
    ):
        done = wijkwerk(*words)
        assert (done.exit_code, told in done.output) == (2, True), done.output


def test_a_damaged_log_gives_no_proof(log: Log, wijkwerk: Opdracht, path: Path, tmp_path: Path) -> None:
    (tmp_path / "note").write_text(log.notes[0], "utf-8")
    stroom, seq = gelezen(log)[0]
    with sqlite3.connect(path) as raw:
        raw.execute("DELETE FROM log_boom WHERE niveau > 0")
        raw.execute("UPDATE log_boom SET hash = zeroblob(32)")
    raw.close()
    for words in (("bewijs", "--stroom", stroom, "--regel", seq, "--checkpoint", tmp_path / "note"), ("samenhang", tmp_path / "note")):
        done = wijkwerk(*words, "--out", tmp_path / "uit.json")
        assert (done.exit_code, "Het log is veranderd" in done.stderr) == (1, True), done.output
        assert not (tmp_path / "uit.json").exists()


def test_a_live_log_is_verified_with_terms_and_witnesses(wijkwerk: Opdracht, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wijkwerk.log.verify.STAP", 20)
    done = wijkwerk("verify", "--getuige", VKEY)
    assert (done.exit_code, done.stderr.splitlines()[:2]) == (0, ["20 regels gecontroleerd", "40 regels gecontroleerd"])
    assert "Getuige getuige.example/1 bevestigde 3 checkpoint(s)" in done.stdout
    assert wijkwerk("verify", "--maanden", "AANMELDING=7").exit_code == 1
