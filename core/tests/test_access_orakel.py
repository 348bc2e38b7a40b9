"""The predicate against an oracle in plain Python, on random worlds (design.md 11.1): same rows, blanks and winning betrokkenheid."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from wijkwerk.access.actor import Actor
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.provider import FileProvider
from wijkwerk.klok import SysteemKlok
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import PersonRecord
from wijkwerk.records.plan import Filter
from wijkwerk.records.read import Reader
from wijkwerk.storage.base import Database
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import make_tables
from wijkwerk.testing.lekken.orakel import Gezien, Orakel
from wijkwerk.testing.lekken.rijen import Wereld
from wijkwerk.testing.werelden import FILTERS, IDS, VELDEN, Band, Blad, Gesprek, make_actor, make_world, store

pytestmark = pytest.mark.anyio


def flat(seen: Sequence[Gezien], velden: Sequence[str]) -> list[tuple[Any, ...]]:
    return [(g.rij["id"], *(g.waarden[name] for name in velden), g.beperkt) for g in seen]


def as_read(rows: Sequence[Any], velden: Sequence[str]) -> list[tuple[Any, ...]]:
    return [(row.id, *(getattr(row, name) for name in velden), row.beperkt) for row in rows]


def expected_log(record: type[PersonRecord], seen: Sequence[Gezien]) -> dict[UUID, dict[Any, set[UUID]]]:
    """What `shown` has to hold after these rows: fields, categories and the winning betrokkenheden, also of the other person."""
    found: dict[UUID, dict[Any, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    for g in seen:
        persoon = g.rij["id"] if record is Persoon else g.rij["persoon_id"]
        found[persoon][record.__name__, tuple(sorted(g.deuren)), g.velden].update(g.deuren.values())
        for ander, deur in g.anderen.items():
            found[ander][record.__name__, ("IDENTITEIT",), ("ander_id",)].add(deur)
    return {persoon: dict(whats) for persoon, whats in found.items()}


class Comparison:
    """One actor in one world: each way of reading gives what the oracle gives."""

    def __init__(self, connection: Connection, keyring: Keyring, wereld: Wereld, actor: Actor, rng: random.Random) -> None:
        self.connection, self.keyring, self.actor, self.rng = connection, keyring, actor, rng
        self.orakel = Orakel(wereld, actor)

    def reader(self) -> Reader:
        return Reader(self.connection, self.actor, self.keyring)

    def by_key(self, record: type[PersonRecord]) -> None:
        """All rows of some residents, with what was shown; and one by one."""
        velden, key = VELDEN[record], "id" if record is Persoon else "persoon_id"
        some = self.rng.sample(IDS["personen"], 7)
        listed = [g for g in self.orakel.lijst(record, velden) if g.rij[key] in some]
        assert as_read(self.reader().by_key(record, velden, key, some, roster=True), velden) == flat(listed, velden)
        seen = [g for g in self.orakel.lijst(record, velden, roster=False) if g.rij[key] in some]
        reader = self.reader()
        assert as_read(reader.by_key(record, velden, key, some), velden) == flat(seen, velden)
        assert {p: dict(w) for p, w in reader.shown.persons.items()} == expected_log(record, seen)
        ids = {g.rij["id"] for g in seen}
        for row in self.orakel.wereld.rijen[record][:4]:
            if row[key] in some:
                assert (self.reader().one(record, velden, row["id"]) is not None) == (row["id"] in ids)

    def list_count_and_pages(self, record: type[PersonRecord]) -> None:
        """A list, filtered and sorted, whole and page by page, and its count."""
        velden = [name for name in VELDEN[record] if self.rng.random() < 0.6]
        order = [self.rng.choice(["", "-"]) + name for name in self.rng.sample(list(FILTERS[record]), self.rng.randrange(3))]
        chosen = self.rng.sample(list(FILTERS[record]), self.rng.choice([0, 0, 1, 2]))
        values = {
            name: row[name] for name in chosen for row in [self.rng.choice(self.orakel.wereld.rijen[record])] if row[name] is not None
        }
        filters = {Filter(name): value for name, value in values.items()}
        seen = self.orakel.lijst(record, velden, order=order, filters=values)
        asked = {name.removeprefix("-") for name in order}
        whole = self.reader().page(record, velden, order=order, filters=filters, first=100)
        assert [row.id for row in whole.rows] == [g.rij["id"] for g in seen]
        assert [tuple(getattr(row, name) for name in (*velden, *asked)) for row in whole.rows] == [
            tuple(g.waarden[name] for name in (*velden, *asked)) for g in seen
        ]
        assert self.reader().count(record, filters, order=order) == len(seen)
        assert [row.id for row in self.pages(record, velden, order, filters)] == [row.id for row in whole.rows]

    def pages(self, record: type[PersonRecord], velden: Sequence[str], order: Sequence[str], filters: Mapping[Filter, Any]) -> list[Any]:
        rows: list[Any] = []
        after, more, size = None, True, self.rng.choice([3, 7])
        while more:
            page = self.reader().page(record, velden, order=order, filters=filters, first=size, after=after)
            rows, more = [*rows, *page.rows], page.more
            after = [getattr(rows[-1], name.removeprefix("-")) for name in (*order, "id")] if more else None
        return rows

    def per_key(self, record: type[PersonRecord]) -> None:
        """The first so many of each value of a key: a key that is held back gives no rows."""
        key = self.rng.choice(["persoon_id", *FILTERS[record]])
        order = [self.rng.choice(["", "-"]) + self.rng.choice(list(FILTERS[record]))]
        values = sorted({row[key] for row in self.orakel.wereld.rijen[record] if row[key] is not None})
        found = self.reader().by_key(record, (), key, values, order=order, limit=2)
        for value in values:
            expected = [g.rij["id"] for g in self.orakel.lijst(record, (), order=order, roster=False) if g.rij[key] == value]
            mine = [i for i in expected if self.orakel.ziet(record, next(r for r in self.orakel.wereld.rijen[record] if r["id"] == i), key)]
            assert [row.id for row in found if getattr(row, key) == value] == mine[:2]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
async def test_every_way_of_reading_shows_exactly_what_the_oracle_allows(database: Database, tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    await make_tables(database, [record.tabel() for record in (Gesprek, Blad, Band)])
    keyring = Keyring(FileProvider(tmp_path / "root.key"), database, SysteemKlok())
    wereld, gemeente = make_world(rng), nieuw_id()
    await database.transact(lambda connection: store(connection, gemeente, wereld))

    def compare(connection: Connection) -> None:
        for _ in range(5):
            comparison = Comparison(connection, keyring, wereld, make_actor(rng, gemeente), rng)
            for record in VELDEN:
                comparison.by_key(record)
                comparison.list_count_and_pages(record)
                if record is not Persoon:
                    comparison.per_key(record)

    async with database.snapshot() as snapshot:
        await snapshot.run(compare)
