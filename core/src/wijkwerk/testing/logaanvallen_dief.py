"""Attacks of whoever has the identity key of the log, or runs it: all signatures are good. And the log put back to what it was once."""

from __future__ import annotations

import copy
import json
from base64 import b64encode
from datetime import datetime, timedelta
from random import Random
from typing import Any

from ..log.note import sign_note
from .logaanvallen import Held, Spoor, attack, edit, held
from .logherteken import resign
from .logverificatie import IDENTITY, Lines, Log, streams


@attack
def fork_a_checkpoint(lines: Lines, rnd: Random, log: Log) -> Spoor:
    """A second checkpoint of the same size, with another root, signed with the stolen key."""
    at = rnd.choice([at for at, line in enumerate(lines) if line["soort"] == "checkpoint"])
    line = {**lines[at], "omvang": 1000 + at, "note": _note(lines[at]["note"].split("\n")[1], rnd)}
    lines.insert(-1, line)
    return Spoor("checkpoint")


@attack
def fork_for_who_kept_a_checkpoint(lines: Lines, rnd: Random, log: Log) -> Spoor:
    """Somebody was shown another log of the same size."""
    return Spoor("bewaard checkpoint 1", [_note(rnd.choice(log.notes).split("\n")[1], rnd)])


def _note(size: str, rnd: Random) -> str:
    return sign_note(f"wijkwerk/log\n{size}\n{b64encode(rnd.randbytes(32)).decode()}\n", "wijkwerk/log", IDENTITY)


@attack
def cut_what_a_witness_saw(lines: Lines, rnd: Random, log: Log) -> Spoor:
    """The log is put back to what it was once: all signatures are good."""
    then = rnd.randrange(len(log.notes) - 1)
    lines[:] = copy.deepcopy(log.ouder[then])
    return Spoor("bewaard checkpoint 1", [log.notes[rnd.randrange(then + 1, len(log.notes))]])


def _covered(lines: Lines, rnd: Random) -> dict[str, Any]:
    """An entry that is under the first kept checkpoint, and not the only one of its segment."""
    stream = held(lines, rnd, least=8)
    segment = lines[stream.at("segment")[0]]
    return lines[stream.start + 1 + rnd.randrange(1, segment["laatste"] + 1)]


@attack
def sign_everything_anew_with_the_stolen_key(lines: Lines, rnd: Random, log: Log) -> Spoor:
    line = _covered(lines, rnd)
    if rnd.random() < 0.5:
        lines.remove(line)
    else:
        edit(line, trace="niet ik")
    resign(lines, rnd)
    return Spoor("bewaard checkpoint", log.notes[-2:])


@attack
def sign_everything_anew_and_leave_what_witnesses_signed(lines: Lines, rnd: Random, log: Log) -> Spoor:
    confirmed = {line["omvang"]: line["note"].partition("— getuige.") for line in lines if "— getuige." in line.get("note", "")}
    line = _covered(lines, rnd)
    edit(line, trace="niet ik")
    resign(lines, rnd)
    for line in lines:
        if line.get("omvang") in confirmed:
            line["note"] += "".join(confirmed[line["omvang"]][1:])
    return Spoor("checkpoint")


@attack
def set_the_clock_back(lines: Lines, rnd: Random, log: Log) -> Spoor:
    """By whoever signs."""
    stream = held(lines, rnd, least=5)
    line = lines[rnd.choice(stream.at("regel")[1:])]
    before = json.loads(lines[stream.at("regel")[0]]["body"])["tijdstip"]
    back = datetime.fromisoformat(before) - timedelta(minutes=6, seconds=rnd.randrange(600_000))
    edit(line, tijdstip=back.isoformat(timespec="microseconds"))
    resign(lines, rnd)
    return Spoor(stream.regel(line["seq"]))


@attack
def set_the_clock_back_between_two_lives(lines: Lines, rnd: Random, log: Log) -> Spoor:
    found = [Held(lines, *where) for where in streams(lines)]
    later = [stream for stream in found if stream.at("regel") and "checkpoint" in lines[stream.start + 1]["body"]]
    stream, days = rnd.choice(later), timedelta(days=300, minutes=rnd.randrange(9999))
    for at in stream.at("regel"):
        moment = datetime.fromisoformat(json.loads(lines[at]["body"])["tijdstip"]) - days
        edit(lines[at], tijdstip=moment.isoformat(timespec="microseconds"))
    resign(lines, rnd)
    return Spoor(stream.regel(0))


@attack
def put_an_entry_in_a_stream_of_another_kind(lines: Lines, rnd: Random, log: Log) -> Spoor:
    """Where it would go after half a year."""
    stream = held(lines, rnd, least=2)
    line = lines[stream.at("regel")[1]]
    edit(line, gebeurtenis="LEZEN" if "streamsoort" in stream.first else "AANMELDING_GEWEIGERD")
    resign(lines, rnd)
    return Spoor(stream.regel(line["seq"]))


@attack
def drop_too_early(lines: Lines, rnd: Random, log: Log) -> Spoor:
    """With an entry that says so, by whoever signs."""
    [at] = [at for at, line in enumerate(lines) if '"LOG_VERVALLEN"' in line.get("body", "")]
    soort, maand = rnd.choice(
        [("AANMELDING", f"2027-0{rnd.randrange(3, 9)}"), ("INZAGE", f"20{rnd.randrange(23, 28)}-0{rnd.randrange(4, 8)}")]
    )
    edit(lines[at], details={"soort": soort, "totEnMet": maand})
    resign(lines, rnd)
    return Spoor(f"regel {lines[at]['seq']}")


@attack
def say_that_another_kind_was_dropped(lines: Lines, rnd: Random, log: Log) -> Spoor:
    [at] = [at for at, line in enumerate(lines) if '"LOG_VERVALLEN"' in line.get("body", "")]
    edit(lines[at], details={"soort": "INZAGE", "totEnMet": f"20{rnd.randrange(10, 22)}-01"})
    resign(lines, rnd)
    return Spoor("segment")
