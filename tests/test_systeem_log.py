"""Any change, removal, insertion, reordering or cut of the log of a running system is found and placed (design.md 11, invariant 3)."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from tests.systeem import vragen
from tests.systeem.dienst import Plek

from wijkwerk.log import verify

Lines = list[dict[str, Any]]


@dataclass
class Uitvoer:
    """The export of a system while it runs, and the public key of its log."""

    plek: Plek
    file: Path
    key: Path

    def lines(self) -> Lines:
        return [json.loads(line) for line in self.file.read_bytes().splitlines()]

    def controle(self, file: Path) -> tuple[int, str]:
        """What the verifier, copied to another machine, says."""
        command = [sys.executable, verify.__file__, str(file), "--key", str(self.key)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def uitvoer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Uitvoer]:
    folder, sjabloon = tmp_path_factory.mktemp("log"), request.getfixturevalue(f"{request.param}_sjabloon")
    with sjabloon.kopie(folder) as plek:
        killed = plek.start()
        killed.als("wijkteam").data(vragen.LIJST, first=10)
        killed.kill()
        with plek.dienst() as dienst:
            for onderwerp in ("wijkteam", "zorg", "fg"):
                dienst.als(onderwerp).vraag(vragen.LIJST, first=10)
            key, file = folder / "log.pem", folder / "log.jsonl"
            key.write_bytes(plek.opdracht("log", "key").stdout)
            assert plek.opdracht("log", "export", str(file)).returncode == 0
            yield Uitvoer(plek, file, key)


def _at(lines: Lines, soort: str, which: int = -1) -> int:
    """Where the line of this kind is: the last, unless said otherwise."""
    return [at for at, line in enumerate(lines) if line["soort"] == soort][which]


def _entry(lines: Lines) -> int:
    """An entry in the middle of the longest stream."""
    starts = [at for at, line in enumerate(lines) if line["soort"] == "stroom"]
    start = max(starts, key=lambda at: sum(line["soort"] == "regel" for line in _stream(lines, at)))
    entries = [at for at in range(start, len(lines)) if lines[at]["soort"] == "regel"]
    return entries[3]


def _stream(lines: Lines, start: int) -> Lines:
    rest = lines[start + 1 :]
    end = next((at for at, line in enumerate(rest) if line["soort"] in ("stroom", "checkpoint", "einde")), len(rest))
    return rest[:end]


def _place(lines: Lines, at: int) -> str:
    stroom = next(line["id"] for line in reversed(lines[: at + 1]) if line["soort"] == "stroom")
    return f"stroom {stroom}, regel {lines[at]['seq']}"


def other_word(lines: Lines) -> str:
    at = _entry(lines)
    lines[at]["body"] = lines[at]["body"].replace("GESLAAGD", "GEWEIGERD")
    return _place(lines, at)


def other_word_with_its_hash(lines: Lines) -> str:
    """As who forgets that the chain goes on."""
    at = _entry(lines)
    lines[at]["body"] = lines[at]["body"].replace("GESLAAGD", "GEWEIGERD")
    lines[at]["hash"] = sha256(b"\x00" + bytes.fromhex(lines[at - 1]["hash"]) + lines[at]["body"].encode()).hexdigest()
    return _place(lines, at + 1)


def removed(lines: Lines) -> str:
    at = _entry(lines)
    place = _place(lines, at + 1)
    del lines[at]
    return place


def doubled(lines: Lines) -> str:
    at = _entry(lines)
    lines.insert(at, lines[at])
    return _place(lines, at)


def swapped(lines: Lines) -> str:
    at = _entry(lines)
    place = _place(lines, at)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    return place


def tail_cut(lines: Lines) -> str:
    at = _at(lines, "kop")
    last = max(index for index in range(at) if lines[index]["soort"] == "regel")
    place = _place(lines, last).partition(",")[0]
    del lines[last]
    return place


def stream_removed(lines: Lines) -> str:
    at = _entry(lines)
    start = max(index for index in range(at) if lines[index]["soort"] == "stroom")
    del lines[start : start + 1 + len(_stream(lines, start))]
    return "segmenten"


def other_signature(lines: Lines) -> str:
    at = _at(lines, "kop")
    lines[at]["handtekening"] = b64encode(bytes(64)).decode()
    return next(f"stroom {line['id']}" for line in reversed(lines[:at]) if line["soort"] == "stroom")


def signature_removed(lines: Lines) -> str:
    at = _at(lines, "kop", 0)
    place = next(f"stroom {line['id']}" for line in reversed(lines[:at]) if line["soort"] == "stroom")
    del lines[at]
    return place


def other_stream_key(lines: Lines) -> str:
    at = _at(lines, "stroom")
    lines[at]["sleutel"] = b64encode(bytes(range(32))).decode()
    return f"stroom {lines[at]['id']}"


def segment_removed(lines: Lines) -> str:
    del lines[_at(lines, "segment")]
    return "segment"


def checkpoint_removed(lines: Lines) -> str:
    del lines[_at(lines, "checkpoint")]
    return "checkpoint"


def other_checkpoint(lines: Lines) -> str:
    at = _at(lines, "checkpoint")
    note = lines[at]["note"]
    lines[at]["note"] = note.replace("\n" + note.split("\n")[1] + "\n", "\n1\n", 1)
    return "checkpoint"


def other_counts(lines: Lines) -> str:
    lines[-1]["regels"] -= 1
    return "einde van het bestand"


def end_cut(lines: Lines) -> str:
    del lines[-1]
    return "einde van het bestand"


TAMPERS: list[Callable[[Lines], str]] = [
    other_word, other_word_with_its_hash, removed, doubled, swapped, tail_cut, stream_removed, other_signature, signature_removed,
    other_stream_key, segment_removed, checkpoint_removed, other_checkpoint, other_counts, end_cut,
]  # fmt: skip


def test_an_untouched_export_verifies_with_the_command_and_on_another_machine(uitvoer: Uitvoer) -> None:
    assert uitvoer.controle(uitvoer.file)[0] == 0
    done = uitvoer.plek.opdracht("log", "verify", str(uitvoer.file))
    assert (done.returncode, done.stdout.decode().splitlines()[0]) == (0, "Het log klopt.")


@pytest.mark.parametrize("tamper", TAMPERS)
def test_a_changed_export_is_found_and_the_place_is_named(uitvoer: Uitvoer, tmp_path: Path, tamper: Callable[[Lines], str]) -> None:
    lines, changed = uitvoer.lines(), tmp_path / "geknoeid.jsonl"
    place = tamper(lines)
    changed.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines), encoding="utf-8")
    code, report = uitvoer.controle(changed)
    assert code == 1
    assert any(line.startswith("- ") and place in line for line in report.splitlines())


def test_a_log_that_was_changed_in_the_database_is_found_by_the_command(plek_sqlite: Plek) -> None:
    """By who holds the disk, and takes the triggers away first."""
    opslag = plek_sqlite.opslag
    [regel] = [one for one in opslag.log() if one["onderdeel"] == "demo:koppelen"]
    triggers = opslag.rows(text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'log_regel'"))
    for trigger in triggers:
        opslag.change(text(f"DROP TRIGGER {trigger['name']}"))
    where = f"WHERE hex(stroom) = upper('{regel['stream']}') AND seq = {regel['seq']}"
    opslag.change(text(f"UPDATE log_regel SET body = CAST(replace(body, 'REGISSEUR', 'WIJKTEAM') AS BLOB) {where}"))
    done = plek_sqlite.opdracht("log", "verify")
    assert done.returncode == 1
    assert f"stroom {regel['stream']}, regel {regel['seq']}" in done.stdout.decode()


def test_a_log_that_was_not_changed_in_the_database_verifies_with_the_command(plek: Plek) -> None:
    with plek.dienst() as dienst:
        dienst.als("wijkteam").data(vragen.LIJST, first=10)
        done = plek.opdracht("log", "verify")
    assert (done.returncode, done.stderr) == (0, b"")
