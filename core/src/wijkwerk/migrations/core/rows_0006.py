"""What the sixth revision of the core does with entries of the log that are there already. History: not to be changed.

Their bytes stay as they are: only what is searched on is filled in, and their place. A thousand at a time, in the order of their key.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from wijkwerk.storage import columns

_MANY = 1_000

_OLD: dict[str, Any] = {
    "stroom": columns.Uuid16(), "seq": sa.BigInteger(), "tijdstip": columns.Tijdstip(), "periode": sa.String(), "hash": sa.LargeBinary(),
    "body": sa.LargeBinary(), "gemeente_id": columns.Uuid16(), "gebruiker": columns.Uuid16(), "gebeurtenis": sa.String(),
    "resultaat": sa.String(),
}  # fmt: skip
_NEW: dict[str, Any] = {"organisatie": columns.Uuid16(), "activiteit": sa.String(), "doelen": sa.Text()}
_SUBJECT: dict[str, Any] = {
    "pseudoniem": columns.Uuid16(), "tijdstip": columns.Tijdstip(), "stroom": columns.Uuid16(), "seq": sa.BigInteger(),
}  # fmt: skip
_VERVALLEN: dict[str, Any] = {"tot_en_met": sa.String(), "tijdstip": columns.Tijdstip()}


def move_entries(old: str, new: str, *, derive: bool) -> None:
    """Every entry of `old` into `new`; `derive`: with what is searched on since this revision."""
    _move(_table(old, _OLD), _table(new, _OLD | _NEW if derive else _OLD), ("stroom", "seq"), _derived if derive else dict)


def move_subjects(old: str, new: str) -> None:
    """Every row of the index of persons of `old` into `new`."""
    _move(_table(old, _SUBJECT), _table(new, _SUBJECT), tuple(_SUBJECT), dict)


def make_months(old: str, new: str) -> None:
    """On PostgreSQL a part of `new` for each month that `old` has rows of, before they are moved."""
    if op.get_bind().dialect.name != "postgresql":
        return
    month = sa.func.to_char(sa.func.timezone("UTC", sa.column("tijdstip")), "YYYY-MM")
    for maand in op.get_bind().execute(sa.select(month).select_from(sa.table(old)).distinct()).scalars().all():
        year, number = int(maand[:4]), int(maand[5:])
        begin, end = (f"{year + more // 12:04}-{more % 12 + 1:02}-01 00:00:00+00" for more in (number - 1, number))
        op.execute(f"CREATE TABLE {new}_{year:04}_{number:02} PARTITION OF {new} FOR VALUES FROM ('{begin}') TO ('{end}')")


def expired(where: str = "1 = 1") -> list[dict[str, Any]]:
    """What was destroyed until which month, to be put back into the table made anew."""
    table = _table("log_vervallen", _VERVALLEN)
    return [dict(row) for row in op.get_bind().execute(sa.select(table).where(sa.text(where))).mappings()]


def put_back(rows: list[dict[str, Any]]) -> None:
    """What `expired` gave."""
    if rows:
        op.get_bind().execute(_table("log_vervallen", _VERVALLEN).insert(), rows)


def _table(name: str, types: dict[str, Any]) -> sa.TableClause:
    return sa.table(name, *[sa.column(column, type_) for column, type_ in types.items()])


def _move(source: sa.TableClause, target: sa.TableClause, names: tuple[str, ...], as_new: Callable[[Any], dict[str, Any]]) -> None:
    connection, key, after = op.get_bind(), [source.c[name] for name in names], None
    while True:
        page = sa.select(source).order_by(*key).limit(_MANY)
        if after is not None:
            page = page.where(sa.tuple_(*key) > sa.tuple_(*[sa.literal(v, column.type) for v, column in zip(after, key, strict=True)]))
        rows = connection.execute(page).mappings().all()
        if not rows:
            return
        connection.execute(target.insert(), [as_new(row) for row in rows])
        after = [rows[-1][name] for name in names]


def _derived(row: Any) -> dict[str, Any]:
    try:
        inhoud = json.loads(row["body"])
        organisatie = inhoud.get("organisatie")
        found = {
            "organisatie": organisatie and UUID(hex=organisatie),
            "activiteit": inhoud.get("activiteit"),
            "doelen": f" {' '.join(inhoud['doelen'])} " if inhoud.get("doelen") else "",
        }
    except (ValueError, TypeError, AttributeError):  # tampered with: the verifier says so, a migration goes on
        found = {"organisatie": None, "activiteit": None, "doelen": ""}
    return {**row, **found}
