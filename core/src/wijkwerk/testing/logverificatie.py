"""What the tests of the verifier share: a log as an export and as a database, the keys it is signed with, and places in it."""

from __future__ import annotations

import io
import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, delete, insert, select

from ..klok import StaandeKlok
from ..log.entry import Actie, Betrokkene, Gebeurtenis, Logregel, Logsoort, Resultaat
from ..log.export import export
from ..log.journal import Journal
from ..log.note import COSIGNATUUR, Sleutel, cosigneer
from ..log.tables import TABLES, log_betrokkene, log_getuige, log_regel, log_stroom, log_vervallen
from ..log.verify import Rapport, lees_getuige, verifieer
from ..storage.base import Database
from ..storage.sqlite import SqliteDatabase
from .databases import make_tables

Lines = list[dict[str, Any]]
IDENTITY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
GETUIGE = Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34)))
VKEY = Sleutel("getuige.example/1", COSIGNATUUR, GETUIGE.public_key()).vkey()
VERVALLEN = "2027-02"


@dataclass(frozen=True)
class Log:
    """An export, the checkpoints that somebody kept, what the log was at each of these, and the database it is of."""

    lines: Lines
    notes: list[str]
    ouder: list[Lines]
    path: Path

    def __repr__(self) -> str:
        return f"Log({len(self.lines)} lines)"


async def build(path: Path, identity: Ed25519PrivateKey, skip: int = -1) -> Log:
    """Three lives of a journal: over the edge of a month, then a day later, then seven months on, when the sign-ins of then have gone.

    Some checkpoints are kept, half of these confirmed by a witness; the tail is under none. `skip`: a read that is left out.
    """
    klok = StaandeKlok(datetime(2027, 1, 31, 22, tzinfo=UTC))
    database = SqliteDatabase(path / "log.db")
    await database.open()
    await make_tables(database, TABLES)
    log = Log([], [], [], path / "log.db")
    for life, pause in enumerate((timedelta(0), timedelta(days=1), timedelta(days=215))):
        klok.moment += pause
        async with Journal(database, identity, klok, writers=1, levensduur=timedelta(days=400)) as journal:
            await _live(log, database, journal, range(10 * life, 10 * life + (8 if life < 2 else 4)), klok, skip)
            if life == 2:
                await journal.transact(partial(_drop, klok=klok))
                log.lines[:] = await _exported(database)
    await database.close()
    return log


async def _live(log: Log, database: Database, journal: Journal, numbers: range, klok: StaandeKlok, skip: int) -> None:
    for number in numbers:
        klok.moment += timedelta(minutes=20)
        if number != skip:
            await journal.record(entry(number, klok))
        await journal.transact(lambda _, n=number: (None, [entry(n + 1000, klok)]))  # type: ignore[misc]
        if number % 3 == 0:
            await journal.record(sign_in(klok))
        if number % 4 == 1:
            note = await journal.checkpoint()
            await database.transact(partial(_witnessed, note=note, klok=klok)) if len(log.notes) % 2 == 0 else None
            log.notes.append(note)
            log.ouder.append(await _exported(database))


def _witnessed(connection: Connection, note: str, klok: StaandeKlok) -> None:
    body, origin, omvang = note.rpartition("\n\n")[0] + "\n", "getuige.example/1", int(note.split("\n")[1])
    values = {"getuige": "anderen", "omvang": omvang, "tijdstip": klok.nu(), "bevestiging": cosigneer(body, origin, GETUIGE, klok.nu())}
    connection.execute(insert(log_getuige), [values, {**values, "getuige": "tijdstempel", "bevestiging": "AAAA"}])


def _drop(connection: Connection, klok: StaandeKlok) -> tuple[None, list[Logregel]]:
    """As retention does: whole months of one kind, and an entry that says so."""
    connection.execute(insert(log_vervallen).values(soort="AANMELDING", tot_en_met=VERVALLEN, tijdstip=klok.nu()))
    kind = select(log_stroom.c.id).where(log_stroom.c.soort == Logsoort.AANMELDING)
    gone = [row.id for row in connection.execute(kind)]
    connection.execute(
        delete(log_betrokkene).where(log_betrokkene.c.stroom.in_(gone), log_betrokkene.c.tijdstip < datetime(2027, 3, 1, tzinfo=UTC))
    )
    connection.execute(delete(log_regel).where(log_regel.c.stroom.in_(gone), log_regel.c.periode <= VERVALLEN))
    details = {"soort": "AANMELDING", "totEnMet": VERVALLEN, "regels": 1, "maanden": 6}
    return None, [_event(Gebeurtenis.LOG_VERVALLEN, klok, details)]


async def _exported(database: Database) -> Lines:
    file = io.StringIO()
    await export(database, file)
    return [json.loads(line) for line in file.getvalue().splitlines()]


def _event(gebeurtenis: Gebeurtenis, klok: StaandeKlok, details: dict[str, Any]) -> Logregel:
    return Logregel(gebeurtenis=gebeurtenis, actie=Actie.EXECUTE, resultaat=Resultaat.GESLAAGD, tijdstip=klok.nu(), details=details)


def sign_in(klok: StaandeKlok) -> Logregel:
    """Somebody signs in; that is kept for half a year."""
    return _event(Gebeurtenis.AANMELDING_GESLAAGD, klok, {})


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


def check(lines: Lines, notes: Sequence[str] = (), key: Ed25519PrivateKey = IDENTITY, getuigen: Sequence[str] = (VKEY,)) -> Rapport:
    """What the verifier says of these lines and of the checkpoints that were kept."""
    witnesses = [lees_getuige(vkey) for vkey in getuigen]
    return verifieer([json.dumps(line).encode() for line in lines], key.public_key(), notes, getuigen=witnesses)


def named(rapport: Rapport, place: str) -> bool:
    """Whether a finding is about this place."""
    return any(place in finding.plaats for finding in rapport.bevindingen)


def streams(lines: Lines) -> list[tuple[int, int]]:
    """Of each stream, where its lines begin and end."""
    starts = [at for at, line in enumerate(lines) if line["soort"] == "stroom"]
    end = next(at for at, line in enumerate(lines) if line["soort"] in ("checkpoint", "einde"))
    return list(zip(starts, [*starts[1:], end], strict=True))


def stream(bodies: list[dict[str, Any]], soort: str = "INZAGE", name: str = "a") -> Lines:
    """A correctly signed stream of these bodies, not yet under a checkpoint."""
    raw, kind = STRANGER.public_key().public_bytes_raw(), "" if soort == "INZAGE" else "-aanmelding"
    certificate = IDENTITY.sign(f"wijkwerk-log-certificaat{kind}/1\n{name}\n".encode() + raw)
    first = {"soort": "stroom", "id": name, "sleutel": b64encode(raw).decode(), "certificaat": b64encode(certificate).decode()}
    hash_ = sha256(f"wijkwerk-log-stroom{kind}/1\n{name}\n".encode() + raw).digest()
    lines: Lines = [{**first, "streamsoort": soort}]
    for seq, body in enumerate(bodies):
        text = json.dumps(body)
        hash_ = sha256(b"\0" + hash_ + text.encode()).digest()
        lines.append({"soort": "regel", "seq": seq, "body": text, "hash": hash_.hex()})
    message = f"wijkwerk-log-kop/1\n{name}\n".encode() + (len(bodies) - 1).to_bytes(8, "big") + hash_
    head = {"soort": "kop", "seq": len(bodies) - 1, "hash": hash_.hex(), "handtekening": b64encode(STRANGER.sign(message)).decode()}
    return [*lines, head]


def signed_stream(bodies: list[dict[str, Any]], soort: str = "INZAGE") -> Lines:
    """An export with one stream."""
    counts = {"stromen": 1, "regels": len(bodies), "segmenten": 0, "checkpoints": 0}
    return [{"soort": "log", "versie": 1}, *stream(bodies, soort), {"soort": "einde", **counts}]
