"""What a kept checkpoint proves: who kept one, or believes a witness, can tell that the log was written anew or shortened."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from wijkwerk.log.note import COSIGNATUUR, ONDERTEKENING, Sleutel, cosigneer, sign_note
from wijkwerk.log.verify import bevestigingen, lees_getuige
from wijkwerk.testing.logverificatie import GETUIGE, IDENTITY, STRANGER, VKEY, Lines, Log, build, check, named

KNOWN = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""
"""The example of C2SP tlog-cosignature; its public key is not given there."""


def test_a_stolen_identity_key_rewrites_nothing_that_was_kept(log: Log, tmp_path: Path) -> None:
    """The thief makes a whole new log, correctly signed, with one read left out. Only who kept a checkpoint can tell."""
    forged = asyncio.run(build(tmp_path, IDENTITY, skip=0))
    assert check(forged.lines).goed
    rapport = check(forged.lines, log.notes)
    assert [finding.plaats for finding in rapport.bevindingen] == [f"bewaard checkpoint {number}" for number in range(1, 6)]


def test_a_log_that_is_shorter_than_what_was_kept_is_found(log: Log) -> None:
    empty = [log.lines[0], {"soort": "einde", "stromen": 0, "regels": 0, "segmenten": 0, "checkpoints": 0}]
    assert check(empty, getuigen=()).goed
    assert named(check(empty, log.notes[:1]), "bewaard checkpoint 1")


def test_a_kept_checkpoint_of_another_log_or_no_checkpoint_at_all_is_a_finding(log: Log) -> None:
    other = log.notes[0].replace("wijkwerk/log", "ander/log")
    for note in (
        other,
        "",
        "geen checkpoint",
        "\n\n— wijkwerk/log AAAA",
        log.notes[0].replace("— ", "- "),
        KNOWN,
        log.notes[0] + "x" * 99_999,
    ):
        assert named(check(log.lines, [note]), "bewaard checkpoint 1")


def test_a_kept_checkpoint_without_its_last_newline_is_one(log: Log) -> None:
    kept = [log.notes[0].rstrip("\n"), f"\n{log.notes[0]}\n\n"]
    assert check(log.lines, kept, getuigen=()).bewaard == int(log.notes[0].split("\n")[1])


def test_signatures_of_unknown_witnesses_are_left_alone(log: Log) -> None:
    cosigned = log.notes[0] + "— getuige.example " + b64encode(bytes(68)).decode() + "\n"
    reordered = log.notes[0].replace("\n\n", "\n\n— getuige.example " + b64encode(bytes(68)).decode() + "\n")
    assert check(log.lines, [cosigned, reordered]).goed
    assert check(log.lines, getuigen=()).bevestigd == {}


def test_what_a_witness_confirmed_counts_as_kept_and_is_told(log: Log) -> None:
    rapport = check(log.lines)
    [(naam, bevestigd)] = rapport.bevestigd.items()
    assert (naam, bevestigd.aantal, bevestigd.omvang) == ("getuige.example/1", 3, rapport.bewaard)
    assert "Getuige getuige.example/1 bevestigde 3 checkpoint(s), het laatste tot en met segment 23 op 05-09-2027" in rapport.tekst()


def test_a_signature_in_the_name_of_a_witness_that_is_not_its_own_is_found(log: Log) -> None:
    body = log.notes[0].rpartition("\n\n")[0] + "\n"
    stranger = cosigneer(body, "getuige.example/1", STRANGER, datetime(2027, 1, 1, tzinfo=UTC)).split(" ")[2]
    own = cosigneer(body, "getuige.example/1", GETUIGE, datetime(2027, 2, 1, tzinfo=UTC)).split(" ")[2]
    forged = b64encode(lees_getuige(VKEY).nummer + sha256(stranger.encode()).digest() * 2 + bytes(8)).decode()
    assert check(log.lines, [f"{log.notes[0]}— getuige.example/1 {own}"]).goed
    rapport = check(log.lines, [f"{log.notes[0]}— getuige.example/1 {forged}\n"])
    assert [finding.wat for finding in rapport.bevindingen] == ["de bevestiging van getuige getuige.example/1 klopt niet"]


@pytest.mark.parametrize(("uur", "fine"), [(22, True), (21, False)])
def test_entries_of_after_the_moment_that_a_witness_saw_them_are_of_a_clock_that_was_fast(log: Log, uur: int, fine: bool) -> None:
    """So could a log be made to destroy entries before their term. The first checkpoint is of 22:40."""
    seen = cosigneer(log.notes[0].rpartition("\n\n")[0] + "\n", "getuige.example/1", GETUIGE, datetime(2027, 1, 31, uur, 36, tzinfo=UTC))
    rapport = check(log.lines, [log.notes[0] + seen])
    assert (rapport.goed, "de klok liep voor" in rapport.tekst()) == (fine, not fine)


def test_a_witness_that_is_named_and_confirmed_nothing_is_a_finding(log: Log) -> None:
    """Somebody may have taken away what it confirmed, and written the log anew."""
    bare = [{**line, "note": line["note"].partition("— getuige.")[0]} if "note" in line else line for line in log.lines]
    assert check(bare, getuigen=()).goed
    assert [finding.plaats for finding in check(bare).bevindingen] == ["getuige getuige.example/1"]
    confirmed = next(line["note"] for line in log.lines if "— getuige." in line.get("note", ""))
    assert check(bare, [confirmed]).goed


def test_a_witness_that_saw_it_after_the_year_9999_is_not_believed() -> None:
    moment = 2**62
    signature = GETUIGE.sign(f"cosignature/v1\ntime {moment}\nx\n".encode())
    raw = lees_getuige(VKEY).nummer + moment.to_bytes(8, "big") + signature
    assert bevestigingen(f"x\n\n— getuige.example/1 {b64encode(raw).decode()}\n", [lees_getuige(VKEY)]) == [("getuige.example/1", None)]


def test_the_number_of_a_witness_is_that_of_the_known_example() -> None:
    """As far as the specification lets that be seen: its example says who signed, and with which number."""
    [_, (name, raw)] = [line.split(" ")[1:] for line in KNOWN.splitlines()[4:]]
    assert (name, len(raw)) == ("witness.example.com/w1", 104)
    assert bevestigingen(KNOWN, [lees_getuige(VKEY)]) == []


def test_the_key_of_a_witness_is_read_as_a_whole_or_not_at_all() -> None:
    assert lees_getuige(f" {VKEY}\n").naam == "getuige.example/1"
    name, number, key = VKEY.split("+", 2)
    log_key = Sleutel(name, ONDERTEKENING, GETUIGE.public_key()).vkey()
    other = Sleutel("iemand", COSIGNATUUR, STRANGER.public_key()).vkey()
    for wrong in (
        "",
        "a+b",
        f"+{number}+{key}",
        f"{name}+00000000+{key}",
        f"{name}+{number}+AAAA",
        log_key,
        f"{name}+{number}+{other.split('+', 2)[2]}",
    ):
        with pytest.raises(ValueError, match=r".*"):
            lees_getuige(wrong)


def test_a_checkpoint_of_nothing_belongs_to_a_log_with_nothing() -> None:
    note = sign_note(f"wijkwerk/log\n0\n{b64encode(sha256(b'').digest()).decode()}\n", "wijkwerk/log", IDENTITY)
    lines: Lines = [{"soort": "checkpoint", "note": note}, {"soort": "einde", "stromen": 0, "regels": 0, "segmenten": 0, "checkpoints": 1}]
    assert check(lines, [note], getuigen=()).goed
    odd = sign_note("wijkwerk/log\n01\nAAAA\n", "wijkwerk/log", IDENTITY)
    assert named(check(lines, [odd]), "bewaard checkpoint 1")
