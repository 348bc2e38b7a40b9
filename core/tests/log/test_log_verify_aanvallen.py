"""Whatever is changed, removed, inserted, reordered, cut or forked is found, with its place: in an export, and in the log where it lives.

Together more than a thousand random tamperings.
"""

from __future__ import annotations

import asyncio
import copy
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wijkwerk.log.controle import verifieer_levend
from wijkwerk.log.verify import Rapport, geopend, lees_getuige
from wijkwerk.storage.sqlite import SqliteDatabase
from wijkwerk.testing import logaanvallen_dief, logaanvallen_regels, logaanvallen_zegels
from wijkwerk.testing.databases import Compiled
from wijkwerk.testing.logaanvallen import ATTACKS
from wijkwerk.testing.logaanvallen_rijen import ROW_ATTACKS
from wijkwerk.testing.logherteken import resign, store
from wijkwerk.testing.logverificatie import IDENTITY, VKEY, Lines, Log, check, named, streams

KINDS = (logaanvallen_regels, logaanvallen_zegels, logaanvallen_dief)
ON_EXPORT, LIVE, ON_ROWS = 25, 5, 6
SEEDS = st.integers(0, 2**32)


def times(number: int) -> settings:
    return settings(max_examples=number, deadline=None, database=None, suppress_health_check=list(HealthCheck))


Verify = Callable[[Callable[[Path], None], Sequence[str]], Rapport]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verify]:
    """What the verifier says of a database after something was done to it; one database, for as long as the tests last."""
    path = tmp_path_factory.mktemp("levend") / "log.db"
    compiled = Compiled()
    with asyncio.Runner() as runner:

        async def verify(notes: Sequence[str]) -> Rapport:
            database = SqliteDatabase(path, readers=1)
            await database.open()
            compiled.share(database)
            with geopend(IDENTITY.public_key(), notes, getuigen=[lees_getuige(VKEY)]) as verificatie:
                rapport = await verifieer_levend(database, verificatie, print)
            await database.close()
            return rapport

        def after(tampering: Callable[[Path], None], notes: Sequence[str]) -> Rapport:
            tampering(path)
            return runner.run(verify(notes))

        yield after


def recount(lines: Lines) -> None:
    """The attacker also mends the counts in the last line."""
    kinds = [line["soort"] for line in lines]
    lines[-1].update({f"{soort}{en}": kinds.count(soort) for soort, en in (("segment", "en"), ("checkpoint", "s"), ("regel", "s"))})
    lines[-1].update(stromen=kinds.count("stroom"), regels=kinds.count("regel"))


def test_there_are_more_than_a_thousand_tamperings_of_every_kind() -> None:
    assert {attack.__module__ for attack in ATTACKS.values()} == {module.__name__ for module in KINDS}
    assert len(ATTACKS) * (ON_EXPORT + LIVE) + len(ROW_ATTACKS) * ON_ROWS > 1_000


@pytest.mark.parametrize("name", sorted(ATTACKS))
@times(ON_EXPORT)
@given(seed=SEEDS)
def test_every_tampering_with_an_export_is_found_and_its_place_named(log: Log, name: str, seed: int) -> None:
    lines = copy.deepcopy(log.lines)
    place, notes = ATTACKS[name](lines, Random(seed), log)
    recount(lines)
    assert named(check(lines, notes), place)


@pytest.mark.parametrize("name", sorted(ATTACKS))
@times(LIVE)
@given(seed=SEEDS)
def test_every_tampering_with_a_live_log_is_found_and_its_place_named(log: Log, live: Verify, name: str, seed: int) -> None:
    lines = copy.deepcopy(log.lines)
    place, notes = ATTACKS[name](lines, Random(seed), log)

    def tamper(path: Path) -> None:
        shutil.copy(log.path, path)
        store(lines, path)

    assert named(live(tamper, notes), place)


@pytest.mark.parametrize("name", sorted(ROW_ATTACKS))
@times(ON_ROWS)
@given(seed=SEEDS)
def test_every_tampering_with_what_only_a_database_has_is_found(log: Log, live: Verify, name: str, seed: int) -> None:
    places = []

    def tamper(path: Path) -> None:
        shutil.copy(log.path, path)
        with sqlite3.connect(path) as raw:
            raw.execute("DROP TRIGGER log_regel_vast")
            raw.execute("DROP TRIGGER log_regel_blijft")
            places.append(ROW_ATTACKS[name](raw, Random(seed)))
        raw.close()

    assert named(live(tamper, []), places[0])


def test_what_the_attacks_are_done_to_is_good_before_them(log: Log, live: Verify) -> None:
    """Also when it was written into a database, or signed anew by a thief whom nobody kept anything from."""
    assert check(log.lines, log.notes).bevindingen == []

    def tamper(path: Path) -> None:
        shutil.copy(log.path, path)
        store(log.lines, path)

    assert live(tamper, log.notes).bevindingen == []
    stolen = copy.deepcopy(log.lines)
    resign(stolen, Random(1))
    assert check(stolen, getuigen=()).bevindingen == []
    assert named(check(stolen), "getuige")  # who is named as a witness and confirmed nothing
    assert all(named(check(stolen, [note]), "bewaard checkpoint 1") for note in log.notes)


FILE_ATTACKS: dict[str, Callable[[Lines, int, int, Random], str]] = {
    "a stream twice": lambda lines, start, end, rnd: _insert(lines, end, lines[start:end], lines[start]["id"]),
    "two heads": lambda lines, start, end, rnd: _insert(lines, end, [lines[end - 1]], lines[start]["id"]),
    "streams in another order": lambda lines, start, end, rnd: _insert(lines, 1, lines[start:end], "stroom"),
    "no head": lambda lines, start, end, rnd: _remove(lines, end - 1, end, lines[start]["id"]),
    "no row of the stream": lambda lines, start, end, rnd: _strip(lines[start]),
    "past the end": lambda lines, start, end, rnd: _insert(lines, len(lines), [lines[start]], f"regel {len(lines) + 1} van het bestand"),
    "cut off": lambda lines, start, end, rnd: _remove(lines, rnd.randrange(start, len(lines)), len(lines), "einde van het bestand"),
    "checkpoints in another order": lambda lines, start, end, rnd: _insert(lines, -1, [lines.pop(-3)], "checkpoint"),
    "garbled": lambda lines, start, end, rnd: _garble(lines, rnd.randrange(start + 1, end), rnd),
}


def _insert(lines: Lines, at: int, new: Lines, place: str) -> str:
    lines[at:at] = copy.deepcopy(new)
    return place


def _remove(lines: Lines, start: int, end: int, place: str) -> str:
    del lines[start:end]
    return place


def _strip(line: dict[str, object]) -> str:
    for name in ("sleutel", "certificaat", "gesloten"):
        del line[name]
    return str(line["id"])


def _garble(lines: Lines, at: int, rnd: Random) -> str:
    name = rnd.choice([name for name in lines[at] if name != "soort"])
    lines[at][name] = rnd.choice([None, -1, 2**80, "", "é", [], {}, True, 1.5, "\ud800"])
    return ""


@pytest.mark.parametrize("name", sorted(FILE_ATTACKS))
@times(ON_EXPORT)
@given(seed=SEEDS, which=st.integers(0, 8))
def test_every_tampering_with_the_file_is_found(log: Log, name: str, seed: int, which: int) -> None:
    lines = copy.deepcopy(log.lines)
    place = FILE_ATTACKS[name](lines, *streams(lines)[which], Random(seed))
    if lines[-1]["soort"] == "einde":
        recount(lines)
    assert named(check(lines), place)
