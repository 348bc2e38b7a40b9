"""The export of the log: JSON Lines, one snapshot, always in the same order, bodies as exact text. What `verify.py` reads.

Lines, by `soort`: `log` (version); for each stream `stroom`, its `regel` and `segment` lines in order (a segment right after its
entries) and its signed `kop`; then each `checkpoint`, smallest first; last `einde` with the counts. Hashes are hex, keys and
signatures base64. The caller logs the export BEFORE the first byte (`Gebeurtenis.EXPORT`).
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Final, Protocol
from uuid import UUID

import orjson
from sqlalchemy import Connection, Row, select, union

from wijkwerk.log.index import betrokkenen, kolommen
from wijkwerk.log.tables import log_betrokkene, log_checkpoint, log_kop, log_regel, log_segment, log_stroom, regel_body
from wijkwerk.storage.base import Database, Snapshot

VERSION: Final = 1
CHUNK: Final = 1_000
_FIRST: Final = -(2**63)

Line = dict[str, Any]


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
    telling = Telling()
    async with database.snapshot() as snapshot:
        _write(file, {"soort": "log", "versie": VERSION})
        for stroom in await snapshot.run(_streams):
            await _export_stream(snapshot, file, stroom, telling)
        await _export_checkpoints(snapshot, file, telling)
    _write(file, {"soort": "einde", **asdict(telling)})
    return telling


async def _export_stream(snapshot: Snapshot, file: TextFile, stroom: UUID, telling: Telling) -> None:
    _write(file, await snapshot.run(partial(_stream_line, stroom=stroom)))
    telling.stromen += 1
    after: int | None = _FIRST
    while after is not None:
        lines, after = await snapshot.run(partial(_chunk, stroom=stroom, after=after))
        for line in lines:
            _write(file, line)
        segments = sum(line["soort"] == "segment" for line in lines)
        telling.segmenten += segments
        telling.regels += len(lines) - segments
    for line in await snapshot.run(partial(_head_lines, stroom=stroom)):
        _write(file, line)


async def _export_checkpoints(snapshot: Snapshot, file: TextFile, telling: Telling) -> None:
    after = -1
    while rows := await snapshot.run(partial(_checkpoints, after=after)):
        for row in rows:
            _write(file, {"soort": "checkpoint", "note": row.note})
        after = rows[-1].omvang
        telling.checkpoints += len(rows)


def _write(file: TextFile, line: Line) -> None:
    file.write(json.dumps(line, separators=(",", ":")) + "\n")


def _streams(connection: Connection) -> list[UUID]:
    """Every stream that anything is left of, so that one whose row was taken away does not go unseen."""
    parts = (log_stroom.c.id, log_kop.c.stroom, log_segment.c.stroom, log_regel.c.stroom)
    return sorted(connection.execute(union(*(select(column) for column in parts))).scalars())


def _stream_line(connection: Connection, stroom: UUID) -> Line:
    row = connection.execute(select(log_stroom).where(log_stroom.c.id == stroom)).one_or_none()
    line: Line = {"soort": "stroom", "id": stroom.hex}
    if row is None:
        return line
    return {**line, "sleutel": _b64(row.sleutel), "certificaat": _b64(row.certificaat), "gesloten": row.gesloten}


def _head_lines(connection: Connection, stroom: UUID) -> list[Line]:
    rows = connection.execute(select(log_kop).where(log_kop.c.stroom == stroom))
    return [{"soort": "kop", "seq": row.seq, "hash": row.hash.hex(), "handtekening": _b64(row.handtekening)} for row in rows]


def _checkpoints(connection: Connection, after: int) -> list[Row[Any]]:
    newer = select(log_checkpoint).where(log_checkpoint.c.omvang > after).order_by(log_checkpoint.c.omvang).limit(CHUNK)
    return list(connection.execute(newer))


def _chunk(connection: Connection, stroom: UUID, after: int) -> tuple[list[Line], int | None]:
    """The next lines of a stream, and the number to go on from (`None`: that was all)."""
    columns = [column for column in log_regel.c if column is not log_regel.c.body]
    newer = select(*columns, regel_body).where(log_regel.c.stroom == stroom, log_regel.c.seq > after).order_by(log_regel.c.seq).limit(CHUNK)
    rows = connection.execute(newer).all()
    last = rows[-1].seq if len(rows) == CHUNK else None
    segments = select(log_segment).where(log_segment.c.stroom == stroom, log_segment.c.laatste > after)
    if last is not None:
        segments = segments.where(log_segment.c.laatste <= last)
    index = _index(connection, stroom, after, last)
    placed = [((row.seq, 0, 0), _entry_line(row, index)) for row in rows]
    placed += [((row.laatste, 1, row.blad), _segment_line(row)) for row in connection.execute(segments)]
    return [line for _, line in sorted(placed, key=lambda item: item[0])], last


def _index(connection: Connection, stroom: UUID, after: int, last: int | None) -> dict[int, list[Line]]:
    place = log_betrokkene.c
    rows = select(log_betrokkene).where(place.stroom == stroom, place.seq > after).order_by(place.pseudoniem, place.tijdstip)
    found: dict[int, list[Line]] = {}
    for row in connection.execute(rows if last is None else rows.where(place.seq <= last)).mappings():
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
    values = {name: value.hex() if isinstance(value, bytes) else value for name, value in row._mapping.items()}
    return {"soort": "segment", **values, "stroom": row.stroom.hex}


def _b64(data: bytes) -> str:
    return b64encode(data).decode()
