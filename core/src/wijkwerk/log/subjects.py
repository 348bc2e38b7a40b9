"""Pseudonyms of persons in the log. Destroying a row of `log_pseudoniem` makes that person's entries anonymous for good,
without touching the chain (design.md 7; AVG art. 4(5), 17).
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID, uuid4

from sqlalchemy import Connection, bindparam, insert, select

from wijkwerk.errors import LogNietBeschikbaar
from wijkwerk.log.tables import log_pseudoniem
from wijkwerk.storage.columns import among

_FIND = select(log_pseudoniem.c.persoon_id, log_pseudoniem.c.pseudoniem).where(
    log_pseudoniem.c.gemeente_id == bindparam("gemeente"), among(log_pseudoniem.c.persoon_id, "personen")
)


def maak_pseudoniem(connection: Connection, gemeente: UUID, persoon: UUID) -> UUID:
    """Give a new person a pseudonym, in the transaction that makes the person. Random: nothing can be derived from it."""
    pseudoniem = uuid4()
    connection.execute(insert(log_pseudoniem).values(persoon_id=persoon, gemeente_id=gemeente, pseudoniem=pseudoniem))
    return pseudoniem


def pseudoniemen(connection: Connection, gemeente: UUID, personen: Collection[UUID]) -> dict[UUID, UUID]:
    """The pseudonym of each person, in one statement whatever their number.

    Raises `LogNietBeschikbaar` when one of them has none (erased, or of another gemeente): no log, no answer.
    """
    if not personen:
        return {}
    rows = connection.execute(_FIND, {"gemeente": gemeente, "personen": list(personen)})
    found = {row.persoon_id: row.pseudoniem for row in rows}
    if not found.keys() >= set(personen):
        raise LogNietBeschikbaar
    return found


def persoon_van(connection: Connection, gemeente: UUID, pseudoniem: UUID) -> UUID | None:
    """Whose pseudonym this is; None for who is erased, or never was."""
    p = log_pseudoniem.c
    return connection.execute(select(p.persoon_id).where(p.gemeente_id == gemeente, p.pseudoniem == pseudoniem)).scalar_one_or_none()
