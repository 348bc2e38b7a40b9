"""Entries of the log that the first release wrote, after the newest revision: found by what they say, in the part of their month."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import BigInteger, Connection, LargeBinary, String, column, insert, select, table, text
from sqlalchemy.exc import DBAPIError

from wijkwerk.log.tables import log_regel
from wijkwerk.plugins import Plugins
from wijkwerk.storage.base import Database
from wijkwerk.storage.columns import Tijdstip, Uuid16
from wijkwerk.storage.migrate import check, downgrade, migrate

pytestmark = pytest.mark.anyio
STROOM, STAD, SEPTEMBER, OCTOBER = UUID(int=1), UUID(int=2), datetime(2026, 9, 30, 23, 59, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
TYPES: Final[dict[str, Any]] = {
    "stroom": Uuid16(), "seq": BigInteger(), "periode": String(), "hash": LargeBinary(), "body": LargeBinary(), "tijdstip": Tijdstip(),
    "gebeurtenis": String(), "resultaat": String(),
}  # fmt: skip
BODY = f'{{"activiteit":"WIJKTEAM","doelen":["WMO","ADL"],"organisatie":"{STAD.hex}"}}'.encode()
ROWS = ((1, SEPTEMBER, BODY), (2, OCTOBER, b"\xff: tampered with"), (3, OCTOBER, b"{}"))


def _as_the_first_release(connection: Connection) -> None:
    entries = table("log_regel", *[column(name, type_) for name, type_ in TYPES.items()])
    subjects = table(
        "log_betrokkene", column("pseudoniem", Uuid16()), *[column(name, TYPES[name]) for name in ("stroom", "seq", "tijdstip")]
    )
    same: dict[str, Any] = {"stroom": STROOM, "hash": b"h" * 32, "gebeurtenis": "LEZEN", "resultaat": "GESLAAGD"}
    for seq, moment, body in ROWS:
        connection.execute(insert(entries).values(same | {"seq": seq, "tijdstip": moment, "periode": f"{moment:%Y-%m}", "body": body}))
        connection.execute(insert(subjects).values(pseudoniem=UUID(int=7), stroom=STROOM, seq=seq, tijdstip=moment))


async def test_what_is_searched_on_is_filled_in_and_the_bytes_stay(database: Database) -> None:
    owners = Plugins([]).migraties()
    await downgrade(database, next(one for one in owners if one.owner == "core"), "core_0001")
    await database.administer(_as_the_first_release)
    await migrate(database, owners)
    r = log_regel.c
    columns = select(r.seq, r.tijdstip, r.body, r.organisatie, r.activiteit, r.doelen).order_by(r.seq)
    found = await database.transact(lambda connection: connection.execute(columns).all())
    assert [tuple(row[:3]) for row in found] == list(ROWS)
    assert [tuple(row[3:]) for row in found] == [(STAD, "WIJKTEAM", " WMO ADL "), (None, None, ""), (None, None, "")]
    assert await check(database, owners) == []
    if database.dialect == "postgresql":
        await database.transact(_parts)
        with pytest.raises(DBAPIError):
            await database.transact(lambda connection: connection.execute(text("TRUNCATE log_regel_2026_09")))


def _parts(connection: Connection) -> None:
    parts = [f"{name}_{part}" for name in ("log_regel", "log_betrokkene") for part in ("2026_09", "2026_10", "rest")]
    assert [len(connection.execute(select(text("1")).select_from(table(part))).all()) for part in parts] == [1, 2, 0, 1, 2, 0]
