"""Attacks on entries: changed, removed, made up, moved, cut off; hashes anew as far as no key is needed."""

from __future__ import annotations

import copy
import json
from datetime import datetime, timedelta
from random import Random

from .logaanvallen import Held, Spoor, attack, edit, flipped, held, rechain
from .logverificatie import Lines, Log, streams


@attack
def change_a_byte(lines: Lines, rnd: Random, log: Log) -> Spoor:
    stream = held(lines, rnd, least=1)
    line = lines[rnd.choice(stream.at("regel"))]
    at = rnd.randrange(len(line["body"]))
    line["body"] = line["body"][:at] + chr(ord(line["body"][at]) ^ 1) + line["body"][at + 1 :]
    return Spoor(stream.regel(line["seq"]))


@attack
def change_a_hash(lines: Lines, rnd: Random, log: Log) -> Spoor:
    stream = held(lines, rnd, least=1)
    line = lines[rnd.choice(stream.at("regel"))]
    line["hash"] = flipped(line["hash"], rnd)
    return Spoor(stream.regel(line["seq"]))


@attack
def remove_an_entry(lines: Lines, rnd: Random, log: Log) -> Spoor:
    stream = held(lines, rnd)
    del lines[rnd.choice(stream.at("regel"))]
    return Spoor(stream.place)


@attack
def remove_and_renumber(lines: Lines, rnd: Random, log: Log) -> Spoor:
    stream = held(lines, rnd)
    del lines[rnd.choice(stream.at("regel"))]
    rechain(Held(lines, stream.start, stream.end - 1), renumber=True)
    return Spoor(stream.place)


@attack
def insert_and_renumber(lines: Lines, rnd: Random, log: Log) -> Spoor:
    stream = held(lines, rnd)
    at = rnd.choice(stream.at("regel")[1:])
    lines.insert(at, copy.deepcopy(lines[at]))
    edit(lines[at], onderdeel="verzonnen")
    rechain(Held(lines, stream.start, stream.end + 1), renumber=True)
    return Spoor(stream.place)


@attack
def write_an_entry_twice(lines: Lines, rnd: Random, log: Log) -> Spoor:
    """Once with another moment, so that the table takes it."""
    stream = held(lines, rnd)
    at = rnd.choice(stream.at("regel"))
    lines.insert(at + 1, copy.deepcopy(lines[at]))
    moment = datetime.fromisoformat(json.loads(lines[at]["body"])["tijdstip"]) + timedelta(microseconds=rnd.randrange(1, 900))
    edit(lines[at + 1], tijdstip=moment.isoformat(timespec="microseconds"))
    return Spoor(stream.regel(lines[at]["seq"]))


@attack
def swap_two_entries(lines: Lines, rnd: Random, log: Log) -> Spoor:
    stream = held(lines, rnd)
    one, other = (lines[at] for at in sorted(rnd.sample(stream.at("regel"), 2)))
    for name in ("body", "hash"):
        one[name], other[name] = other[name], one[name]
    return Spoor(stream.regel(one["seq"]))


@attack
def swap_and_rechain(lines: Lines, rnd: Random, log: Log) -> Spoor:
    stream = held(lines, rnd)
    one, other = (lines[at] for at in rnd.sample(stream.at("regel"), 2))
    one["body"], other["body"] = other["body"], one["body"]
    rechain(stream, renumber=True)
    return Spoor(stream.place)


@attack
def renumber_an_entry(lines: Lines, rnd: Random, log: Log) -> Spoor:
    stream = held(lines, rnd)
    line = lines[stream.at("regel")[-1]]
    line["seq"] += rnd.randrange(1, 2**40)
    return Spoor(stream.regel(line["seq"]))


@attack
def change_and_rechain(lines: Lines, rnd: Random, log: Log) -> Spoor:
    stream = held(lines, rnd)
    edit(lines[rnd.choice(stream.at("regel"))], actie="X")
    rechain(stream, renumber=False)
    return Spoor(stream.place)


@attack
def move_to_another_stream(lines: Lines, rnd: Random, log: Log) -> Spoor:
    source = held(lines, rnd)
    at = rnd.choice(source.at("regel")[:-1])
    place, line = source.place, lines.pop(at)
    target = rnd.choice([stream for where in streams(lines) if (stream := Held(lines, *where)).at("regel") and stream.place != place])
    last = target.at("regel")[-1]
    line["seq"] = lines[last]["seq"] + 1
    lines.insert(last + 1, line)
    return Spoor(place)


@attack
def cut_the_tail(lines: Lines, rnd: Random, log: Log) -> Spoor:
    """Of a stream, and the head made to fit."""
    stream = held(lines, rnd)
    gone = stream.at("regel")[-rnd.randrange(1, 3) :]
    for at in reversed(gone):
        del lines[at]
    left = Held(lines, stream.start, stream.end - len(gone))
    last = lines[left.at("regel")[-1]]
    left.head.update(seq=last["seq"], hash=last["hash"])
    return Spoor(stream.place)


@attack
def drop_a_period_without_saying_so(lines: Lines, rnd: Random, log: Log) -> Spoor:
    stream = held(lines, rnd)
    while stream.first.get("streamsoort"):
        stream = held(lines, rnd)
    gone = lines[rnd.choice(stream.at("segment"))]
    lines[:] = [
        line for at, line in enumerate(lines) if not (at in stream.at("regel") and gone["eerste"] <= line["seq"] <= gone["laatste"])
    ]
    return Spoor(f"{stream.place}, segment {gone['blad']}")
