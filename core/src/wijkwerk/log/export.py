"""The export of the log: JSON Lines, one snapshot, always in the same order, bodies as exact text. What `verify.py` reads.

Lines, by `soort`: `log` (version); for each stream `stroom` (with its `streamsoort`, unless that is INZAGE), its `regel` and `segment`
lines in order (a segment right after its entries) and its signed `kop`; then each `checkpoint`, smallest first, with what witnesses put
under it; last `einde` with the counts. Hashes are hex, keys and signatures base64. What only an export can see is wrong is a line too:
`zoekindex` (an entry that is searched on, but isn't there), `knoop` (a node of the stored tree that isn't the hash of what is under
it), `onleesbaar` (what was put in the database can't be read). The caller logs the export BEFORE the first byte (`Gebeurtenis.EXPORT`).
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, NamedTuple, Protocol, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import Connection, Row, and_, or_, select, union

from wijkwerk.log.boomcontrole import UNREADABLE, afwijkende_knopen
from wijkwerk.log.entry import Logsoort
from wijkwerk.log.index import betrokkenen, kolommen
from wijkwerk.log.segments import Segment
from wijkwerk.log.tables import log_betrokkene, log_checkpoint, log_getuige, log_kop, log_regel, log_segment, log_stroom, regel_body
from wijkwerk.storage.base import Database, Snapshot

VERSION: Final = 1
CHUNK: Final = 1_000

T = TypeVar("T")
Line = dict[str, Any]


class Place(NamedTuple):
    """After which entry to go on. Two entries of one number are two places: one that should not be there is not passed over."""

    seq: int
    tijdstip: datetime


_FIRST: Final = Place(-(2**63), datetime.min.replace(tzinfo=UTC))


class TextFile(Protocol):
    """What ASCII text can be written to."""

    def write(self, text: str, /) -> object: ...


@dataclass(slots=True)
class Telling:
    """How many lines of each kind were written."""

    stromen: int = 0
    regels: int = 0
    segmenten: int = 0
    checkpoints: int = 0


async def export(database: Database, file: TextFile) -> Telling:
    """Write the whole log as it is in one snapshot; memory does not grow with it. Raises what the database or the file raises."""
    telling, unreadable = Telling(), list[UUID | None]([None])
    async with database.snapshot() as snapshot:
        _write(file, {"soort": "log", "versie": VERSION})
        for stroom in await _read(snapshot, _streams, unreadable):
            await _export_stream(snapshot, file, stroom, telling)
        await _export_checkpoints(snapshot, file, telling)
        async for place in afwijkende_knopen(snapshot):
            _write(file, {"soort": "knoop", "niveau": place.level, "nummer": place.number})
    _write(file, {"soort": "einde", **asdict(telling)})
    return telling


async def _export_stream(snapshot: Snapshot, file: TextFile, stroom: UUID | None, telling: Telling) -> None:
    if stroom is None:
        _write(file, {"soort": "onleesbaar", "na": -1})
        return
    _write(file, await _read(snapshot, partial(_stream_line, stroom=stroom), {"soort": "stroom", "id": stroom.hex}))
    telling.stromen += 1
    after: Place | None = _FIRST
    while after is not None:
        unreadable: tuple[list[Line], Place | None] = ([{"soort": "onleesbaar", "na": after.seq}], None)
        lines, after = await _read(snapshot, partial(_chunk, stroom=stroom, after=after), unreadable)
        for line in lines:
            _write(file, line)
        telling.segmenten += sum(line["soort"] == "segment" for line in lines)
        telling.regels += sum(line["soort"] == "regel" for line in lines)
    for line in await _read(snapshot, partial(_head_lines, stroom=stroom), list[Line]()):
        _write(file, line)


async def _export_checkpoints(snapshot: Snapshot, file: TextFile, telling: Telling) -> None:
    after = -1
    while lines := await _read(snapshot, partial(_checkpoints, after=after), list[Line]()):
        for line in lines:
            _write(file, line)
        after = lines[-1]["omvang"]
        telling.checkpoints += len(lines)


async def _read(snapshot: Snapshot, work: Callable[[Connection], T], unreadable: T) -> T:
    """What can't be read is missing in the export, or a line that says so; and so found."""
    try:
        return await snapshot.run(work)
    except UNREADABLE:
        return unreadable


def _write(file: TextFile, line: Line) -> None:
    file.write(json.dumps(line, separators=(",", ":")) + "\n")


def _streams(connection: Connection) -> list[UUID | None]:
    """Every stream that anything is left of, so that one whose row was taken away does not go unseen."""
    parts = (log_stroom.c.id, log_kop.c.stroom, log_segment.c.stroom, log_regel.c.stroom, log_betrokkene.c.stroom)
    return sorted(connection.execute(union(*(select(column) for column in parts))).scalars())


def _stream_line(connection: Connection, stroom: UUID) -> Line:
    row = connection.execute(select(log_stroom).where(log_stroom.c.id == stroom)).one_or_none()
    line: Line = {"soort": "stroom", "id": stroom.hex}
    if row is None:
        return line
    kind = {} if row.soort == Logsoort.INZAGE else {"streamsoort": row.soort}
    return {**line, **kind, "sleutel": _b64(row.sleutel), "certificaat": _b64(row.certificaat), "gesloten": row.gesloten}


def _head_lines(connection: Connection, stroom: UUID) -> list[Line]:
    rows = connection.execute(select(log_kop).where(log_kop.c.stroom == stroom))
    return [{"soort": "kop", "seq": row.seq, "hash": row.hash.hex(), "handtekening": _b64(row.handtekening)} for row in rows]


def _checkpoints(connection: Connection, after: int) -> list[Line]:
    """The next checkpoints, with what witnesses put under them; also of a checkpoint that isn't there, with an empty note."""
    known = union(select(log_checkpoint.c.omvang), select(log_getuige.c.omvang)).subquery()
    newer = select(known.c.omvang, log_checkpoint.c.note).outerjoin(log_checkpoint, log_checkpoint.c.omvang == known.c.omvang)
    rows = connection.execute(newer.where(known.c.omvang > after).order_by(known.c.omvang).limit(CHUNK)).all()
    under = medeondertekend(connection, after, rows[-1].omvang) if rows else {}
    return [{"soort": "checkpoint", "omvang": row.omvang, "note": f"{row.note or ''}{under.get(row.omvang, '')}"} for row in rows]


def medeondertekend(connection: Connection, after: int, last: int) -> dict[int, str]:
    """What witnesses put under the checkpoints of a size after one and up to the other, by size: lines of a note.

    A time stamp is no such line: that stays where it is kept.
    """
    confirmed = select(log_getuige.c.omvang, log_getuige.c.bevestiging).where(log_getuige.c.omvang > after, log_getuige.c.omvang <= last)
    found: dict[int, str] = {}
    for row in connection.execute(confirmed.order_by(log_getuige.c.omvang, log_getuige.c.getuige)):
        if str(row.bevestiging).startswith("— "):
            found[row.omvang] = found.get(row.omvang, "") + str(row.bevestiging)
    return found


def _chunk(connection: Connection, stroom: UUID, after: Place) -> tuple[list[Line], Place | None]:
    """The next lines of a stream, and the place to go on from (`None`: that was all)."""
    rows = _entries(connection, stroom, after)
    last = Place(rows[-1].seq, rows[-1].tijdstip) if len(rows) == CHUNK else None
    index = _index(connection, stroom, after, last)
    placed = [((row.seq, 0, 0), _entry_line(row, index)) for row in rows]
    placed += [((row.laatste, 1, row.blad), _segment_line(row)) for row in _segments(connection, stroom, after, last)]
    there = {row.seq for row in rows}
    placed += [((seq, 2, 0), {"soort": "zoekindex", "seq": seq}) for seq in index if seq not in there]
    return [line for _, line in sorted(placed, key=lambda item: item[0])], last


def _entries(connection: Connection, stroom: UUID, after: Place) -> list[Any]:
    regel = log_regel.c
    columns = [column for column in regel if column is not regel.body]
    newer = or_(regel.seq > after.seq, and_(regel.seq == after.seq, regel.tijdstip > after.tijdstip))
    whole = select(*columns, regel_body).where(regel.stroom == stroom, regel.seq >= after.seq, newer)
    return list(connection.execute(whole.order_by(regel.seq, regel.tijdstip).limit(CHUNK)))


def _segments(connection: Connection, stroom: UUID, after: Place, last: Place | None) -> Sequence[Row[Any]]:
    """Those whose last entry is after one place and not after the other."""
    found = select(log_segment).where(log_segment.c.stroom == stroom, log_segment.c.laatste > after.seq)
    return connection.execute(found if last is None else found.where(log_segment.c.laatste <= last.seq)).all()


def _index(connection: Connection, stroom: UUID, after: Place, last: Place | None) -> dict[int, list[Line]]:
    """By number: what the search for a person finds of the entries after one place, up to the other."""
    place = log_betrokkene.c
    rows = select(log_betrokkene).where(place.stroom == stroom, place.seq > after.seq).order_by(place.pseudoniem, place.tijdstip)
    found: dict[int, list[Line]] = {}
    for row in connection.execute(rows if last is None else rows.where(place.seq <= last.seq)).mappings():
        found.setdefault(row["seq"], []).append(dict(row))
    return found


def _entry_line(row: Any, index: dict[int, list[Line]]) -> Line:
    body = row.body.decode(errors="surrogateescape")
    line: Line = {"soort": "regel", "seq": row.seq, "hash": row.hash.hex(), "body": body}
    return line if _indexed(row, index.get(row.seq, [])) else {**line, "zoekindex": "wijkt af"}


def _indexed(row: Row[Any], subjects: list[Line]) -> bool:
    """Does what the auditor searches on follow from the body? A body that can't be read has no answer but no."""
    try:
        inhoud = orjson.loads(row.body)
        return all(row._mapping[name] == value for name, value in kolommen(inhoud).items()) and betrokkenen(inhoud) == subjects
    except (ValueError, LookupError, TypeError, AttributeError):
        return False


def _segment_line(row: Row[Any]) -> Line:
    return {"soort": "segment", "blad": row.blad, **Segment.van(row).velden()}


def _b64(data: bytes) -> str:
    return b64encode(data).decode()
