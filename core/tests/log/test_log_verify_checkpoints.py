"""What a kept checkpoint proves: who kept one can tell that the log was written anew or shortened."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from wijkwerk.log.note import sign_note
from wijkwerk.testing.logverificatie import IDENTITY, Lines, Log, build, check, named


def test_a_stolen_identity_key_rewrites_nothing_that_a_witness_saw(log: Log, tmp_path: Path) -> None:
    """The thief makes a whole new log, correctly signed, with one read left out. Only who kept a checkpoint can tell."""
    forged = asyncio.run(build(tmp_path, IDENTITY, skip=3))
    assert check(forged.lines).goed
    rapport = check(forged.lines, log.notes)
    assert [finding.plaats for finding in rapport.bevindingen] == [f"bewaard checkpoint {number}" for number in range(1, 7)]


def test_a_log_that_is_shorter_than_what_a_witness_saw_is_found(log: Log, tmp_path: Path) -> None:
    empty = [log.lines[0], {"soort": "einde", "stromen": 0, "regels": 0, "segmenten": 0, "checkpoints": 0}]
    assert check(empty).goed
    assert named(check(empty, log.notes[:1]), "bewaard checkpoint 1")


def test_a_kept_checkpoint_of_another_log_or_no_checkpoint_at_all_is_a_finding(log: Log) -> None:
    other = log.notes[0].replace("wijkwerk/log", "ander/log")
    for note in (other, "", "geen checkpoint", "\n\n— wijkwerk/log AAAA", log.notes[0].replace("— ", "- ")):
        assert named(check(log.lines, [note]), "bewaard checkpoint 1")


def test_signatures_of_witnesses_are_left_alone(log: Log) -> None:
    cosigned = log.notes[0] + "— getuige.example " + b64encode(bytes(68)).decode() + "\n"
    reordered = log.notes[0].replace("\n\n", "\n\n— getuige.example " + b64encode(bytes(68)).decode() + "\n")
    assert check(log.lines, [cosigned, reordered]).goed


def test_a_checkpoint_of_nothing_belongs_to_a_log_with_nothing() -> None:
    note = sign_note(f"wijkwerk/log\n0\n{b64encode(sha256(b'').digest()).decode()}\n", "wijkwerk/log", IDENTITY)
    lines: Lines = [{"soort": "checkpoint", "note": note}, {"soort": "einde", "stromen": 0, "regels": 0, "segmenten": 0, "checkpoints": 1}]
    assert check(lines, [note]).goed
    odd = sign_note("wijkwerk/log\n01\nAAAA\n", "wijkwerk/log", IDENTITY)
    assert named(check(lines, [odd]), "bewaard checkpoint 1")
