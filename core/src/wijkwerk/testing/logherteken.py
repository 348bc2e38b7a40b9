"""A thief with the identity key of the log: writes a whole history anew, correctly signed, and into a database too."""

from __future__ import annotations

import json
import sqlite3
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ..log.index import betrokkenen, kolommen
from ..log.note import sign_note
from ..log.tree import Tree
from .logverificatie import IDENTITY, Lines, streams

_KIND = {"INZAGE": "", "AANMELDING": "-aanmelding"}
_LEAF = ("eerste", "hash", "laatste", "periode", "stroom", "vorige", "wortel")


def dumped(value: Any) -> str:
    """As the log writes JSON."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def start_of(first: dict[str, Any]) -> bytes:
    """The hash before the first entry of the stream that begins with this line."""
    prefix = f"wijkwerk-log-stroom{_KIND[first.get('streamsoort', 'INZAGE')]}/1\n{first['id']}\n"
    return sha256(prefix.encode() + b64decode(first["sleutel"])).digest()


def certify(first: dict[str, Any], key: Ed25519PrivateKey, identity: Ed25519PrivateKey) -> None:
    """Give a stream this key."""
    raw, prefix = (
        key.public_key().public_bytes_raw(),
        f"wijkwerk-log-certificaat{_KIND[first.get('streamsoort', 'INZAGE')]}/1\n{first['id']}\n",
    )
    first.update(sleutel=b64encode(raw).decode(), certificaat=b64encode(identity.sign(prefix.encode() + raw)).decode())


def sign_head(head: dict[str, Any], name: str, key: Ed25519PrivateKey) -> None:
    """Sign what the head of a stream says."""
    message = f"wijkwerk-log-kop/1\n{name}\n".encode() + head["seq"].to_bytes(8, "big") + bytes.fromhex(head["hash"])
    head["handtekening"] = b64encode(key.sign(message)).decode()


class _Stream:
    """One stream that is written anew, a segment at a time."""

    def __init__(self, lines: Lines, key: Ed25519PrivateKey) -> None:
        self.first, self._key = lines[0], key
        certify(self.first, key, IDENTITY)
        self._hash, self._seq = start_of(self.first), -1
        self.parts: list[tuple[dict[str, Any] | None, Lines]] = []
        entries: Lines = []
        for line in lines[1:]:
            if line["soort"] == "segment":
                self.parts.append((line, entries))
                entries = []
            elif line["soort"] == "regel":
                entries.append(line)
            else:
                self._head = line
        self.parts.append((None, entries))

    def write(self, segment: dict[str, Any] | None, entries: Lines, notes: dict[str, str]) -> None:
        """The numbers, hashes and bodies of the next entries, and the segment over them. Gone entries leave the hash they left."""
        before, first, tree = self._hash, self._seq + 1, Tree()
        for line in entries:
            self._seq += 1
            body = {**json.loads(line["body"]), "seq": self._seq, "stream": self.first["id"]}
            if "checkpoint" in body.get("details", {}):
                body["details"]["checkpoint"] = notes[body["details"]["checkpoint"].split("\n")[1]]
            line.update(seq=self._seq, body=dumped(body))
            self._hash = sha256(b"\0" + self._hash + line["body"].encode()).digest()
            line["hash"] = self._hash.hex()
            tree.append(line["body"].encode())
        if segment is not None and entries:
            segment.update(eerste=first, laatste=self._seq, vorige=before.hex(), hash=self._hash.hex(), wortel=tree.root().hex())
        elif segment is not None:
            self._seq += segment["laatste"] - segment["eerste"] + 1
            self._hash = bytes.fromhex(segment["hash"])
            segment.update(eerste=first, laatste=self._seq, vorige=before.hex())

    def end(self) -> None:
        self._head.update(seq=self._seq, hash=self._hash.hex())
        sign_head(self._head, self.first["id"], self._key)


def resign(lines: Lines, rnd: Random) -> None:
    """Write all of it anew: keys, numbers, hashes, heads, segments and checkpoints. What witnesses signed is lost."""
    written = [_Stream(lines[start:end], Ed25519PrivateKey.from_private_bytes(rnd.randbytes(32))) for start, end in streams(lines)]
    parts = [(stream, *part) for stream in written for part in stream.parts]
    tree, notes = Tree(), {"0": _signed(Tree())}
    for stream, segment, entries in sorted(parts, key=lambda part: part[1]["blad"] if part[1] else 2**62):
        stream.write(segment, entries, notes)
        if segment is not None:
            tree.append(dumped({name: segment[name] for name in _LEAF}).encode())
            notes[str(tree.size)] = _signed(tree)
    for stream in written:
        stream.end()
    for line in lines:
        if line["soort"] == "checkpoint":
            line["note"] = notes[line["note"].split("\n")[1]]


def _signed(tree: Tree) -> str:
    return sign_note(f"wijkwerk/log\n{tree.size}\n{b64encode(tree.root()).decode()}\n", "wijkwerk/log", IDENTITY)


def store(lines: Lines, path: Path) -> None:
    """Make the database what this export says, with all that is derived from it, as somebody with its password and patience would."""
    with sqlite3.connect(path) as raw:
        for trigger in ("log_regel_vast", "log_regel_blijft"):
            raw.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        for table in ("stroom", "regel", "betrokkene", "kop", "segment", "boom", "checkpoint", "getuige"):
            raw.execute(f"DELETE FROM log_{table}")  # noqa: S608 - names of our own
        name, tree = b"", Tree()
        for line in lines:
            name = bytes.fromhex(line["id"]) if line["soort"] == "stroom" else name
            if line["soort"] in _STORE:
                _STORE[line["soort"]](raw, name, line)
        for line in sorted((line for line in lines if line["soort"] == "segment"), key=lambda line: int(line["blad"])):
            made = tree.append(dumped({each: line[each] for each in _LEAF}).encode())
            raw.executemany("INSERT INTO log_boom VALUES (?, ?, ?)", [(*place, tree.nodes[place]) for place in made])
    raw.close()


def _stream(raw: sqlite3.Connection, name: bytes, line: dict[str, Any]) -> None:
    key, certificate = b64decode(line["sleutel"]), b64decode(line["certificaat"])
    values = (name, key, certificate, "2027-01-01 00:00:00.000000", line["gesloten"], line.get("streamsoort", "INZAGE"))
    raw.execute("INSERT INTO log_stroom (id, sleutel, certificaat, geopend, gesloten, soort) VALUES (?, ?, ?, ?, ?, ?)", values)


def _entry(raw: sqlite3.Connection, name: bytes, line: dict[str, Any]) -> None:
    """A body that is none gets columns that can be."""
    body = line["body"].encode()
    try:
        columns, subjects = kolommen(json.loads(body)), betrokkenen(json.loads(body))
    except (ValueError, LookupError, TypeError, AttributeError):
        columns, subjects = kolommen({"tijdstip": "2027-01-01T00:00:00+00:00", "gebeurtenis": "LEZEN", "resultaat": "GESLAAGD"}), []
    values = {"stroom": name, "seq": line["seq"], "hash": bytes.fromhex(line["hash"]), "body": body, **columns}
    names = ", ".join(values)
    raw.execute(f"INSERT INTO log_regel ({names}) VALUES ({', '.join('?' * len(values))})", [_plain(value) for value in values.values()])  # noqa: S608 - names of our own
    for subject in subjects:
        row = [_plain(subject[each]) for each in ("pseudoniem", "tijdstip", "stroom", "seq")]
        raw.execute("INSERT OR IGNORE INTO log_betrokkene (pseudoniem, tijdstip, stroom, seq) VALUES (?, ?, ?, ?)", row)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.bytes
    return value.strftime("%Y-%m-%d %H:%M:%S.%f") if hasattr(value, "strftime") else value


def _head(raw: sqlite3.Connection, name: bytes, line: dict[str, Any]) -> None:
    values = (name, line["seq"], bytes.fromhex(line["hash"]), b64decode(line["handtekening"]))
    raw.execute("INSERT INTO log_kop (stroom, seq, hash, handtekening) VALUES (?, ?, ?, ?)", values)


def _segment(raw: sqlite3.Connection, _: bytes, line: dict[str, Any]) -> None:
    values = [line["blad"], bytes.fromhex(line["stroom"]), line["eerste"], line["laatste"], line["periode"]]
    values += [bytes.fromhex(line[name]) for name in ("vorige", "hash", "wortel")]
    raw.execute(
        "INSERT INTO log_segment (blad, stroom, eerste, laatste, periode, vorige, hash, wortel) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values
    )


def _checkpoint(raw: sqlite3.Connection, _: bytes, line: dict[str, Any]) -> None:
    note, mark, cosignature = line["note"].partition("— getuige.")
    moment = "2027-01-01 00:00:00.000000"
    raw.execute("INSERT INTO log_checkpoint (omvang, note, tijdstip) VALUES (?, ?, ?)", (line["omvang"], note, moment))
    if mark:
        values = ("anderen", line["omvang"], mark + cosignature, moment)
        raw.execute("INSERT INTO log_getuige (getuige, omvang, bevestiging, tijdstip) VALUES (?, ?, ?, ?)", values)


_STORE = {"stroom": _stream, "regel": _entry, "kop": _head, "segment": _segment, "checkpoint": _checkpoint}
