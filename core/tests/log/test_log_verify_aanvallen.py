"""Whatever is changed, removed, inserted, reordered, cut or forked is found, with its place."""

from __future__ import annotations

import copy
import random
from base64 import b64encode
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wijkwerk.testing.logverificatie import STRANGER, Lines, Log, check, named, rechain, streams


def recount(lines: Lines) -> None:
    """The attacker also mends the counts in the last line."""
    kinds = [line["soort"] for line in lines]
    lines[-1].update({f"{soort}{en}": kinds.count(soort) for soort, en in (("segment", "en"), ("checkpoint", "s"))})
    lines[-1].update(stromen=kinds.count("stroom"), regels=kinds.count("regel"))


ATTACKS: dict[str, Callable[[Lines, int, int, random.Random], str | None]] = {}


def attack(function: Callable[[Lines, int, int, random.Random], str | None]) -> Callable[[Lines, int, int, random.Random], str | None]:
    """An attack on the stream between two lines; gives the place that must be named."""
    ATTACKS[function.__name__] = function
    return function


def some_entry(lines: Lines, start: int, end: int, rnd: random.Random) -> int:
    return rnd.choice([at for at in range(start, end) if lines[at]["soort"] == "regel"])


@attack
def change(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    line = lines[some_entry(lines, start, end, rnd)]
    at = rnd.randrange(len(line["body"]))
    line["body"] = line["body"][:at] + chr(ord(line["body"][at]) ^ 1) + line["body"][at + 1 :]
    return f"regel {line['seq']}"


@attack
def change_and_rehash(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    line = lines[some_entry(lines, start, end, rnd)]
    line["body"] = line["body"].replace('"actie":"', '"actie":"X')
    rechain(lines, start, end, renumber=False)
    return str(lines[start]["id"])


@attack
def remove(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    del lines[some_entry(lines, start, end, rnd)]
    return str(lines[start]["id"])


@attack
def remove_and_renumber(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    remove(lines, start, end, rnd)
    rechain(lines, start, end - 1, renumber=True)
    return str(lines[start]["id"])


@attack
def insert_copy(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    at = some_entry(lines, start, end, rnd)
    lines.insert(at, copy.deepcopy(lines[at]))
    return f"regel {lines[at]['seq']}"


@attack
def insert_and_renumber(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    insert_copy(lines, start, end, rnd)
    rechain(lines, start, end + 1, renumber=True)
    return str(lines[start]["id"])


@attack
def swap(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    entries = [at for at in range(start, end) if lines[at]["soort"] == "regel"]
    a, b = rnd.sample(entries, 2)
    lines[a], lines[b] = lines[b], lines[a]
    return f"regel {lines[min(a, b)]['seq']}"


@attack
def swap_and_rechain(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    swap(lines, start, end, rnd)
    rechain(lines, start, end, renumber=True)
    return str(lines[start]["id"])


@attack
def move_to_another_stream(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    place, line = str(lines[start]["id"]), lines.pop(some_entry(lines, start, end, rnd))
    lines.insert(rnd.choice([at for at in range(len(lines)) if lines[at]["soort"] == "regel" and not start <= at < end]), line)
    return place


@attack
def cut_tail(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    entries = [at for at in range(start, end) if lines[at]["soort"] == "regel"]
    for at in reversed(entries[-rnd.randrange(1, len(entries)) :]):
        del lines[at]
    rechain(lines, start, end, renumber=True)
    return str(lines[start]["id"])


@attack
def drop_entries_of_a_segment(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    """As retention would do, but no entry says so."""
    segments = [line for line in lines[start:end] if line["soort"] == "segment"]
    gone = rnd.choice(segments)
    lines[:] = [
        x
        for at, x in enumerate(lines)
        if not (start <= at < end and gone["eerste"] <= x.get("seq", -1) <= gone["laatste"]) or x["soort"] == "kop"
    ]
    return f"segment {gone['blad']}"


@attack
def change_segment(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    line = rnd.choice([line for line in lines[start:end] if line["soort"] == "segment"])
    name = rnd.choice(["eerste", "laatste", "blad", "vorige", "hash", "wortel", "periode", "stroom"])
    wrong = {"eerste": 99, "laatste": 99, "blad": rnd.choice([-1, 2**60, "0"]), "periode": "2020-01"}.get(name, "00" * 32)
    assert line[name] != wrong
    line[name] = wrong
    return ""


@attack
def remove_segment(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    del lines[rnd.choice([at for at in range(start, end) if lines[at]["soort"] == "segment"])]
    return ""


@attack
def remove_stream(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    del lines[start:end]
    return ""


@attack
def remove_stream_and_number_segments_anew(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    del lines[start:end]
    segments = sorted((line for line in lines if line["soort"] == "segment"), key=lambda line: line["blad"])
    for number, line in enumerate(segments):
        line["blad"] = number
    return ""


@attack
def show_stream_twice(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    lines[end:end] = copy.deepcopy(lines[start:end])
    return str(lines[start]["id"])


@attack
def sign_with_a_key_of_ones_own(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    """A fork: the stream anew, under a key that the log did not certify."""
    key, stream = Ed25519PrivateKey.generate(), lines[start]
    raw = key.public_key().public_bytes_raw()
    stream["sleutel"] = b64encode(raw).decode()
    stream["certificaat"] = b64encode(STRANGER.sign(b"wijkwerk-log-certificaat/1\n" + stream["id"].encode() + b"\n" + raw)).decode()
    rechain(lines, start, end, renumber=True)
    head = next(line for line in lines[start:end] if line["soort"] == "kop")
    message = b"wijkwerk-log-kop/1\n" + stream["id"].encode() + b"\n" + head["seq"].to_bytes(8, "big") + bytes.fromhex(head["hash"])
    head["handtekening"] = b64encode(key.sign(message)).decode()
    return str(stream["id"])


@attack
def remove_head(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    del lines[next(at for at in range(start, end) if lines[at]["soort"] == "kop")]
    return str(lines[start]["id"])


@attack
def remove_stream_row(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    lines[start] = {"soort": "stroom", "id": lines[start]["id"]}
    return str(lines[start]["id"])


@attack
def garble_a_line(lines: Lines, start: int, end: int, rnd: random.Random) -> None:
    at = rnd.choice([at for at in range(start, end) if lines[at]["soort"] != "stroom"])
    name = rnd.choice([name for name in lines[at] if name != "soort"])
    lines[at][name] = rnd.choice([None, -1, 2**80, "", "é", [], {}, True, "\ud800"])


@attack
def cut_the_file(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    del lines[rnd.randrange(start, len(lines)) :]
    lines.append({"soort": "log", "versie": 1})
    return "einde van het bestand"


@attack
def write_past_the_end(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    lines.append(lines[start])
    return f"regel {len(lines)} van het bestand"


@attack
def remove_newest_checkpoints(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    for _ in range(rnd.randrange(1, 7)):
        del lines[-2]
    return "checkpoint"


@attack
def reorder_checkpoints(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    lines[-2], lines[-3] = lines[-3], lines[-2]
    return "checkpoint"


@attack
def change_checkpoint(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    line = rnd.choice([line for line in lines if line["soort"] == "checkpoint"])
    line["note"] = line["note"].replace("\n", f"\n{rnd.randrange(10)}", 1)
    return "checkpoint"


@pytest.mark.parametrize("name", sorted(ATTACKS))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
@given(seed=st.integers(0, 2**32), which=st.integers(0, 3))
def test_every_tampering_is_found_and_its_place_named(log: Log, name: str, seed: int, which: int) -> None:
    lines = copy.deepcopy(log.lines)
    place = ATTACKS[name](lines, *streams(lines)[which], random.Random(seed))
    if lines[-1]["soort"] == "einde":
        recount(lines)
    rapport = check(lines)
    assert not rapport.goed
    assert named(rapport, place or "")
