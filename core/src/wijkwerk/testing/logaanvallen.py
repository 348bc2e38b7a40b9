"""What somebody who can write where the log is could try: on the lines of an export, and so on the rows of a database (`store`).

Each attack changes the lines and says which place must be named, and the kept checkpoints that it takes to find it.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from hashlib import sha256
from random import Random
from typing import Any, NamedTuple

from .logherteken import dumped, start_of
from .logverificatie import Lines, Log, streams


class Spoor(NamedTuple):
    """What must be named, and who kept what."""

    place: str
    notes: Sequence[str] = ()


Attack = Callable[[Lines, Random, Log], Spoor]
ATTACKS: dict[str, Attack] = {}


def attack(function: Attack) -> Attack:
    """One that can be done to the rows as well."""
    ATTACKS[function.__name__] = function
    return function


class Held(NamedTuple):
    """A stream that has entries: where its lines are."""

    lines: Lines
    start: int
    end: int

    @property
    def first(self) -> dict[str, Any]:
        return self.lines[self.start]

    @property
    def place(self) -> str:
        return f"stroom {self.first['id']}"

    def at(self, soort: str) -> list[int]:
        return [at for at in range(self.start, self.end) if self.lines[at]["soort"] == soort]

    def regel(self, seq: int) -> str:
        return f"{self.place}, regel {seq}"

    @property
    def head(self) -> dict[str, Any]:
        return self.lines[self.at("kop")[0]]


def held(lines: Lines, rnd: Random, soort: str = "regel", least: int = 3) -> Held:
    """Some stream with at least so many lines of this kind."""
    return rnd.choice([stream for where in streams(lines) if len((stream := Held(lines, *where)).at(soort)) >= least])


def flipped(text: str, rnd: Random, digits: str = "0123456789abcdef") -> str:
    """The same with another digit somewhere."""
    at = rnd.randrange(len(text))
    return text[:at] + rnd.choice([digit for digit in digits if digit != text[at]]) + text[at + 1 :]


def flipped64(text: str, rnd: Random, after: int = 0) -> str:
    """Base64 of the same bytes with one bit changed."""
    raw = bytearray(b64decode(text))
    raw[rnd.randrange(after, len(raw))] ^= 1 << rnd.randrange(8)
    return b64encode(raw).decode()


def rechain(stream: Held, *, renumber: bool) -> None:
    """Numbers and hashes of a stream anew, and its head: as far as no key is needed."""
    hash_ = start_of(stream.first)
    for number, at in enumerate(stream.at("regel")):
        line = stream.lines[at]
        if renumber:
            line.update(seq=number, body=dumped({**json.loads(line["body"]), "seq": number, "stream": stream.first["id"]}))
        hash_ = sha256(b"\0" + hash_ + line["body"].encode()).digest()
        line["hash"] = hash_.hex()
    stream.head.update(seq=line["seq"], hash=line["hash"])


def edit(line: dict[str, Any], **changes: Any) -> None:
    """Say something else in a body."""
    line["body"] = dumped({**json.loads(line["body"]), **changes})
