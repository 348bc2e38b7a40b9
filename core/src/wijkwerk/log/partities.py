"""Parts of the log by month, on PostgreSQL (docs/decisions/0025-log-per-maand.md). On SQLite nothing here does anything.

A part is made ahead of its month, and dropped whole when all that is in it may go. Either needs a lock that readers and writers may have
to wait for, so it is asked for a moment only: what does not succeed now is done otherwise, or later. Nothing depends on a part being
there: what belongs to none is kept in `..._rest`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import product
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import BigInteger, Connection, column, func, select, table, text
from sqlalchemy.exc import DBAPIError

from wijkwerk.klok import Klok
from wijkwerk.log.tables import PARTITIONED, guard_part, log_regel
from wijkwerk.storage.base import Database
from wijkwerk.storage.columns import Tijdstip, Uuid16

T = TypeVar("T")

VOORUIT: Final = 2
"""So many months after this one have a part already."""

LOCK_MILLISECONDS: Final = 250
"""How long a lock is asked for, and so how long who comes after us may have to wait."""

_LATER: Final = frozenset({"55P03", "40P01", "23514", "42P07", "23505"})
"""The lock was not to be had in time, or two waited for each other; the rest has rows of this month; somebody made it just now."""


def plan_voor_waarden(connection: Connection) -> None:
    """Have PostgreSQL plan what follows in this transaction for the values that are asked, each time.

    A plan that it keeps for any values looks in the part of every month, and guesses so badly that it reads them whole.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))


def maand_van(moment: datetime) -> str:
    """The month (UTC, 'YYYY-MM') of a moment with a timezone: entries of one month are destroyed together."""
    return moment.astimezone(UTC).strftime("%Y-%m")


def plus(maand: str, aantal: int) -> str:
    """So many months after this one, or before it."""
    maanden = int(maand[:4]) * 12 + int(maand[5:]) - 1 + aantal
    return f"{maanden // 12:04}-{maanden % 12 + 1:02}"


def grenzen(maand: str) -> tuple[datetime, datetime]:
    """Where a month begins, and where the next one does (UTC)."""
    begin, einde = (datetime.fromisoformat(f"{each}-01T00:00:00+00:00") for each in (maand, plus(maand, 1)))
    return begin, einde


def deel(tabel: str, maand: str) -> str:
    """The name of the part of a month."""
    return f"{tabel}_{maand.replace('-', '_')}"


async def zorg_vooruit(database: Database, klok: Klok) -> None:
    """See to the parts of this month and of those to come. Raises what the database raises."""
    if database.dialect == "postgresql":
        await database.transact(lambda connection: maak_vooruit(connection, klok.nu()))


def maak_vooruit(connection: Connection, nu: datetime) -> list[str]:
    """A unit, on PostgreSQL: make the parts that are not there yet; the names of those that could be made. It stops at one that can't."""
    there, made = _delen(connection), list[str]()
    for tabel, aantal in product(PARTITIONED, range(VOORUIT + 1)):
        maand = plus(maand_van(nu), aantal)
        if deel(tabel, maand) in there or _in_rest(connection, tabel, maand):
            continue
        if not maak(connection, tabel, maand):
            return made
        made.append(deel(tabel, maand))
    return made


def maak(connection: Connection, tabel: str, maand: str) -> bool:
    """Make the part of a month on PostgreSQL; False when that can't be now.

    It is made apart and then attached: that keeps nobody from the other parts (`PARTITION OF` would, for as long as it takes).
    """
    naam, (begin, einde) = deel(tabel, maand), grenzen(maand)

    def work() -> bool:
        connection.execute(text(f"CREATE TABLE {naam} (LIKE {tabel} INCLUDING DEFAULTS)"))
        connection.execute(text(f"ALTER TABLE {tabel} ATTACH PARTITION {naam} FOR VALUES FROM ('{begin}') TO ('{einde}')"))
        guard_part(connection, naam)
        return True

    return _even(connection, work) or False


def laat_vallen(connection: Connection, maand: str, mag_weg: Callable[[], Mapping[UUID, tuple[int, int]]]) -> int | None:
    """Drop the parts of a month on PostgreSQL: the number of entries; None when there is no part, or it can't be (now).

    `mag_weg`: from and up to which number may go of each stream. A dropped part goes past the triggers, so with the parts closed for
    writing first, each entry in it must be one of these. DETACH CONCURRENTLY is no way: PostgreSQL refuses it where there is a part for
    the rest, and in a transaction.
    """
    namen = {deel(tabel, maand) for tabel in PARTITIONED}
    if connection.dialect.name != "postgresql" or not namen <= _delen(connection):
        return None
    lijst = ", ".join(sorted(namen))

    def work() -> int | None:
        connection.execute(text(f"LOCK TABLE {lijst} IN SHARE ROW EXCLUSIVE MODE"))
        aantal = _alles_binnen(connection, deel(log_regel.name, maand), mag_weg())
        if aantal is not None:
            connection.execute(text(f"DROP TABLE {lijst}"))
        return aantal

    return _even(connection, work)


def _alles_binnen(connection: Connection, naam: str, bladen: Mapping[UUID, tuple[int, int]]) -> int | None:
    """How many entries there are, if each has a number that may go; None if not."""
    part = table(naam, column("stroom", Uuid16), column("seq", BigInteger))
    seq = part.c.seq
    rows = connection.execute(select(part.c.stroom, func.count(), func.min(seq), func.max(seq)).group_by(part.c.stroom)).all()
    for stroom, _, eerste, laatste in rows:
        if stroom not in bladen or eerste < bladen[stroom][0] or laatste > bladen[stroom][1]:
            return None
    return sum(int(row[1]) for row in rows)


def _delen(connection: Connection) -> set[str]:
    i, c = table("pg_inherits", column("inhrelid"), column("inhparent")), table("pg_class", column("oid"), column("relname"))
    parents = [func.to_regclass(tabel) for tabel in PARTITIONED]
    return set(connection.execute(select(c.c.relname).join(i, i.c.inhrelid == c.c.oid).where(i.c.inhparent.in_(parents))).scalars())


def _in_rest(connection: Connection, tabel: str, maand: str) -> bool:
    """Whether the rest has rows of this month: then they and those to come stay there, and nobody is kept waiting to find that out."""
    begin, einde = grenzen(maand)
    rest = table(f"{tabel}_rest", column("tijdstip", Tijdstip))
    return connection.execute(select(rest.c.tijdstip).where(rest.c.tijdstip >= begin, rest.c.tijdstip < einde).limit(1)).first() is not None


def _even(connection: Connection, work: Callable[[], T]) -> T | None:
    """Do this, asking for locks for a moment only; None, with nothing done, when that is not enough."""
    try:
        with connection.begin_nested():
            connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}"))
            result = work()
            connection.execute(text("SET LOCAL lock_timeout TO DEFAULT"))
            return result
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in _LATER:
            raise
        return None
