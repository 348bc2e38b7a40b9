"""Whether what somebody asked for and did not get was there: worked out afterwards, for an auditor (design.md 7).

When it is answered, absent and out of reach look alike, in time as well. The log holds keyed pseudonyms of what was asked; here those are
compared with the keyed pseudonyms of all that there is. Nothing of anybody is shown: only whether it was there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Table, select

from wijkwerk.bsnindex import OP_BSN
from wijkwerk.log.query import Cursor, LogRij
from wijkwerk.personen import Persoon
from wijkwerk.records.conditions import Filter, asked
from wijkwerk.records.declare import KaderRecord, PersonRecord
from wijkwerk.records.opening import binding
from wijkwerk.records.read import Reader
from wijkwerk.toezicht.inzagelog import Inzagefilter, bekijk

STUK: Final = 1_000
"""Rows that are looked at together."""
_MILLISECONDEN_IN_ID: Final = 80
"""A UUIDv7 begins with the moment it was made, in 48 bits (RFC 9562, 5.7)."""


class Bestond(StrEnum):
    """Whether it was there. NIET_TE_ZEGGEN: it was a search by something else than a number or a BSN, such as a name."""

    BESTOND = "BESTOND"
    BESTOND_NIET = "BESTOND_NIET"
    NIET_TE_ZEGGEN = "NIET_TE_ZEGGEN"


@dataclass(frozen=True, slots=True)
class Misser:
    """An entry, and of each thing that it asked for in vain whether it was there then."""

    rij: LogRij
    gevraagd: tuple[Bestond, ...]


def missers(reader: Reader, gezocht: Inzagefilter, *, after: Cursor | None = None, first: int = 50) -> list[Misser]:
    """The entries that `bekijk` finds, newest first, each with what it asked for in vain.

    What was there then and was destroyed since counts as not there. All residents and all rows about them are walked, until everything
    that was asked is found; for a search by BSN every BSN is opened to compare it, which the entry of this look says (`doorzocht`), and
    none is shown. Raises as `bekijk`.
    """
    rijen = bekijk(reader, gezocht, after=after, first=first)
    wanted = {asked for rij in rijen for asked in _gevraagd(rij)}
    found = _sinds(reader, wanted, op_bsn=any(OP_BSN.veld in _gezocht(rij) for rij in rijen))
    return [Misser(rij, tuple(_oordeel(rij, each, found) for each in _gevraagd(rij))) for rij in rijen]


def _oordeel(rij: LogRij, gevraagd: bytes, sinds: dict[bytes, datetime]) -> Bestond:
    if gevraagd in sinds and sinds[gevraagd] <= rij.cursor.tijdstip:
        return Bestond.BESTOND
    return Bestond.BESTOND_NIET if _gezocht(rij) <= {OP_BSN.veld} else Bestond.NIET_TE_ZEGGEN


def _gevraagd(rij: LogRij) -> list[bytes]:
    return [bytes.fromhex(each) for each in rij.inhoud.get("gevraagd", ())]


def _gezocht(rij: LogRij) -> set[str]:
    return set(rij.inhoud.get("details", {}).get("gezocht", ()))


def _sinds(reader: Reader, wanted: set[bytes], *, op_bsn: bool) -> dict[bytes, datetime]:
    """Of what is wanted, by keyed pseudonym: since when it is there."""
    found: dict[bytes, datetime] = {}
    for waarde, id in _bestaand(reader, op_bsn=op_bsn) if wanted else ():
        pseudoniem = reader.keyring.pseudonym(reader.connection, reader.actor.gemeente, waarde)
        if pseudoniem in wanted:
            found[pseudoniem] = _gemaakt(id)
            if found.keys() == wanted:
                break
    return found


def _bestaand(reader: Reader, *, op_bsn: bool) -> Iterator[tuple[bytes, UUID]]:
    """What can have been asked for, as it was asked, with the number of the row that it is of: residents first."""
    records = [record.tabel() for record in reader.catalogue.records if issubclass(record, PersonRecord | KaderRecord)]
    for tabel in sorted(records, key=lambda tabel: tabel is not Persoon.tabel()):
        for rijen in _stukken(reader, tabel, "id"):
            yield from ((rij.id.bytes, rij.id) for rij in rijen)
    for rijen in _stukken(reader, Persoon.tabel(), "id", "versie", "bsn") if op_bsn else ():
        yield from _op_bsn(reader, [rij for rij in rijen if rij.bsn is not None])


def _op_bsn(reader: Reader, rijen: list[Row[Any]]) -> Iterator[tuple[bytes, UUID]]:
    reader.shown.scan(len(rijen))
    plek = [(rij.bsn, binding(Persoon.__tablename__, reader.actor.gemeente, rij.id, "bsn", rij.versie)) for rij in rijen]
    for rij, bsn in zip(rijen, reader.keyring.open(reader.connection, plek), strict=True):
        if bsn is not None:
            yield asked(Filter("bsn"), bsn.decode()), rij.id


def _stukken(reader: Reader, tabel: Table, *kolommen: str) -> Iterator[list[Row[Any]]]:
    """The rows of the municipality, by number, whoever may see them: nothing of them leaves this module."""
    t = tabel.c
    alle = select(*(t[naam] for naam in kolommen)).where(t.gemeente_id == reader.actor.gemeente).order_by(t.id).limit(STUK)
    rijen = list(reader.connection.execute(alle).all())
    while rijen:
        yield rijen
        rijen = list(reader.connection.execute(alle.where(t.id > rijen[-1].id)).all()) if len(rijen) == STUK else []


def _gemaakt(id: UUID) -> datetime:
    """When a row was made, by its number. Of one with another kind of number: always."""
    return datetime.fromtimestamp((id.int >> _MILLISECONDEN_IN_ID) / 1000 if id.version == 7 else 0, UTC)
