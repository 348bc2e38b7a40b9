"""By what a resident is found on BSN without the BSN being readable (design.md 6): two columns, for the key can be renewed.

While it is renewed there are two keys. Who writes fills both columns, who looks looks in both: `sleutelbeheer/zoeksleutel.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, select, update

from wijkwerk.crypto.keyring import Keyring
from wijkwerk.personen import Persoon
from wijkwerk.records.conditions import Filter, Indexwaarde, asked, condition, parameters
from wijkwerk.records.session import Work
from wijkwerk.records.types.bsn import Bsn

OP_BSN: Final = Filter("bsn_index", "index")
"""The condition of a search; its value is what `bsn_index` gives."""
LEEG: Final[Mapping[str, bytes | None]] = {"bsn_index": None, "bsn_index_nieuw": None}
"""The columns of who is not found on BSN."""


def bsn_indexer(keyring: Keyring, connection: Connection, gemeente: UUID) -> Callable[[Bsn], Indexwaarde]:
    """For many at once: two statements at most, whatever their number."""
    blind = keyring.blind_indexer(connection, gemeente)
    return lambda bsn: Indexwaarde(blind(bsn.waarde), asked(Filter("bsn"), bsn.waarde))


def bsn_index(keyring: Keyring, connection: Connection, gemeente: UUID, bsn: Bsn) -> Indexwaarde:
    """By what a resident with this BSN is found."""
    return bsn_indexer(keyring, connection, gemeente)(bsn)


def index_van(work: Work, bsn: Bsn) -> Indexwaarde:
    """By what a resident with this BSN is found."""
    return bsn_index(work.keyring, work.core_connection, work.actor.gemeente, bsn)


def merk_van(work: Work, persoon: UUID) -> Indexwaarde:
    """What stands in the columns of a file that was made because this resident is held back from who reported (docs/decisions/0018)."""
    given = merk_tekst(persoon)
    return Indexwaarde(work.keyring.blind_indexer(work.core_connection, work.actor.gemeente)(given), given.encode())


def merk_tekst(persoon: UUID) -> str:
    """Stands for a BSN there."""
    return f"afgeschermd:{persoon}"


def indexkolommen(index: Indexwaarde) -> dict[str, bytes | None]:
    """What the columns hold: under the older key, and under the one that is coming."""
    return {"bsn_index": index.waarden[0], "bsn_index_nieuw": index.waarden[1] if len(index.waarden) > 1 else None}


def zet_bsn_index(work: Work, persoon: UUID, index: Mapping[str, bytes | None]) -> None:
    """What a resident out of reach is found by on BSN."""
    p = Persoon.tabel()
    own = (p.c.gemeente_id == work.actor.gemeente, p.c.id == persoon)
    work.core_connection.execute(update(p).where(*own).values(index))


def zoek_persoon(work: Work, index: Indexwaarde) -> UUID | None:
    """For core services: the id of who is found by this, in reach or not; that somebody is there, and nothing else."""
    p = Persoon.tabel()
    found = select(p.c.id).where(p.c.gemeente_id == work.actor.gemeente, condition(Persoon, p, OP_BSN)).limit(1)
    return work.core_connection.execute(found, parameters({OP_BSN: index})).scalar()
