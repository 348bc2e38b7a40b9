"""What the tests of the verifier share: a log as an export, the keys it is signed with, and what an attacker can compute anew."""

from __future__ import annotations

import io
import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ..klok import StaandeKlok
from ..log.entry import Actie, Betrokkene, Gebeurtenis, Logregel, Resultaat
from ..log.export import export
from ..log.journal import Journal
from ..log.tables import TABLES
from ..log.verify import Rapport, verifieer
from ..storage.sqlite import SqliteDatabase
from .databases import make_tables

Lines = list[dict[str, Any]]
IDENTITY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


class Log(NamedTuple):
    """An export, a line each, and the checkpoints that a witness kept."""

    lines: Lines
    notes: list[str]

    def __repr__(self) -> str:
        return f"Log({len(self.lines)} lines)"


async def build(path: Path, identity: Ed25519PrivateKey, skip: int = -1) -> Log:
    """Two lives of a journal over two months, some checkpoints kept, and a tail that no checkpoint covers."""
    klok, notes = StaandeKlok(datetime(2027, 1, 31, 22, tzinfo=UTC)), []
    database = SqliteDatabase(path / "log.db")
    await database.open()
    await make_tables(database, TABLES)
    journal = Journal(database, identity, klok, writers=1)
    for life in range(2):
        await journal.open()
        for number in range(30 * life, 30 * life + 30):
            klok.moment += timedelta(minutes=10)
            if number != skip:
                await journal.record(entry(number, klok))
            await journal.transact(lambda _, n=number: (None, [entry(n + 1000, klok)]))  # type: ignore[misc]
            if number % 10 == 5:
                notes.append(await journal.checkpoint())
        if life == 0:
            await journal.close()
    file = io.StringIO()
    await export(database, file)
    await journal.close()
    await database.close()
    return Log([json.loads(line) for line in file.getvalue().splitlines()], notes)


def entry(number: int, klok: StaandeKlok) -> Logregel:
    """Somebody reads about a resident of their own."""
    return Logregel(
        gebeurtenis=Gebeurtenis.LEZEN,
        actie=Actie.READ,
        resultaat=Resultaat.GESLAAGD,
        tijdstip=klok.nu(),
        gemeente=UUID(int=1),
        trace=f"spoor-{number}",
        onderdeel="één loket",
        betrokkenen=(Betrokkene(UUID(int=number), ()),),
    )


def check(lines: Lines, notes: list[str] | None = None, key: Ed25519PrivateKey = IDENTITY) -> Rapport:
    """What the verifier says of these lines and of the checkpoints that were kept."""
    return verifieer([json.dumps(line).encode() for line in lines], key.public_key(), notes or [])


def named(rapport: Rapport, place: str) -> bool:
    """Whether a finding is about this place."""
    return any(place in finding.plaats for finding in rapport.bevindingen)


def streams(lines: Lines) -> list[tuple[int, int]]:
    """Of each stream, where its lines begin and end."""
    starts = [at for at, line in enumerate(lines) if line["soort"] == "stroom"]
    end = next(at for at, line in enumerate(lines) if line["soort"] == "checkpoint")
    return list(zip(starts, [*starts[1:], end], strict=True))


def rechain(lines: Lines, start: int, end: int, *, renumber: bool) -> None:
    """The attacker computes the numbers and hashes of a stream anew, as far as no key is needed."""
    stream = lines[start]
    named = stream["id"].encode() + b"\n" + b64decode(stream["sleutel"])
    hash_ = sha256(b"wijkwerk-log-stroom/1\n" + named).digest()
    for number, line in enumerate([line for line in lines[start:end] if line["soort"] == "regel"]):
        if renumber:
            line["seq"] = number
            line["body"] = json.dumps(
                {**json.loads(line["body"]), "seq": number}, separators=(",", ":"), sort_keys=True, ensure_ascii=False
            )
        hash_ = sha256(b"\0" + hash_ + line["body"].encode()).digest()
        line["hash"] = hash_.hex()
    head = next((line for line in lines[start:end] if line["soort"] == "kop"), None)
    if head is not None and renumber:
        last = [line for line in lines[start:end] if line["soort"] == "regel"][-1]
        head.update(seq=last["seq"], hash=last["hash"])


def signed_stream(bodies: list[dict[str, Any]]) -> Lines:
    """A correctly signed stream 'a' of these bodies, not yet under a checkpoint."""
    raw = STRANGER.public_key().public_bytes_raw()
    certificate = IDENTITY.sign(b"wijkwerk-log-certificaat/1\na\n" + raw)
    stream = {"soort": "stroom", "id": "a", "sleutel": b64encode(raw).decode(), "certificaat": b64encode(certificate).decode()}
    entries = [{"soort": "regel", "seq": seq, "body": json.dumps(body), "hash": ""} for seq, body in enumerate(bodies)]
    lines: Lines = [{"soort": "log", "versie": 1}, stream, *entries]
    rechain(lines, 1, len(lines), renumber=False)
    message = b"wijkwerk-log-kop/1\na\n" + (len(bodies) - 1).to_bytes(8, "big") + bytes.fromhex(lines[-1]["hash"])
    lines.append(
        {"soort": "kop", "seq": len(bodies) - 1, "hash": lines[-1]["hash"], "handtekening": b64encode(STRANGER.sign(message)).decode()}
    )
    return [*lines, {"soort": "einde", "stromen": 1, "regels": len(bodies), "segmenten": 0, "checkpoints": 0}]
