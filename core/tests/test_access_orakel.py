"""The predicate against an oracle in plain Python, on random worlds (design.md 11.1): same rows, blanks and winning betrokkenheid."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, String, insert
from sqlalchemy.orm import Mapped

from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import Afscherming, Afschermsoort, Betrokkenheid, Bron, Partijsoort
from wijkwerk.access.levels import N1, N2, N3, N4, N5, Niveau
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import ADRES, CONTACT, CONTACTVERSLAGEN, GEZONDHEID, IDENTITEIT, PLAN_EN_DOELEN, VEILIGHEID
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.provider import FileProvider
from wijkwerk.dossiers.dossier import Dossier, Dossierstatus
from wijkwerk.klok import SysteemKlok
from wijkwerk.organisaties import Organisatie, Organisatiesoort, Team, maak_gemeente
from wijkwerk.personen import Persoon
from wijkwerk.records.checks import code
from wijkwerk.records.declare import PersonRecord, Record, Retention
from wijkwerk.records.fields import field, kader, machinery, related_person, subject
from wijkwerk.records.plan import Filter
from wijkwerk.records.read import Reader
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.naam import Geslacht, Naamgebruik
from wijkwerk.storage.base import Database
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import make_tables
from wijkwerk.testing.orakel import Gezien, Orakel, Rij, Wereld
from wijkwerk.testing.wijk import BEGIN

pytestmark = pytest.mark.anyio


class Orakelrecord(PersonRecord):
    """What the records of this test have in common."""

    __abstract__ = True
    retention = Retention("eigen", "P1D", "einde proef")
    lezen = Permission("orakel:lezen", "Proef.")
    schrijven = Permission("orakel:schrijven", "Proef.")


class Gesprek(Orakelrecord):
    """Een gesprek, met velden in drie categorieën."""

    owner = "orakel"
    categorie = PLAN_EN_DOELEN
    niveau = N3
    persoon_id: Mapped[UUID] = subject("Wie")
    onderwerp: Mapped[str] = field("Waarover", level=N3, check=code, type_=String(9))
    telefoon: Mapped[str | None] = field("Bellen", level=N2, categorie=CONTACT, afschermbaar=True, check=code, type_=String(9))
    ernst: Mapped[int | None] = field("Hoe erg", level=N5)
    klacht: Mapped[int | None] = field("Welke klacht", level=N4, categorie=GEZONDHEID)


class Blad(Orakelrecord):
    """Een blad in een dossier, met een eigen categorie en niveau per rij."""

    owner = "orakel"
    categorie = CONTACTVERSLAGEN
    niveau = N5
    categorie_kolom = "categorie_code"
    niveau_kolom = "niveau_vanaf"
    persoon_id: Mapped[UUID] = subject("Wie")
    dossier_id: Mapped[UUID] = kader("dossier")
    categorie_code: Mapped[str] = machinery(String(60))
    niveau_vanaf: Mapped[int] = machinery()
    inhoud: Mapped[int | None] = field("Wat er staat", level=N4)
    woonplek: Mapped[int | None] = field("Waar", level=N2, categorie=IDENTITEIT, afschermbaar=True)


class Band(Orakelrecord):
    """Een band met iemand anders."""

    owner = "orakel"
    categorie = IDENTITEIT
    niveau = N1
    rij_afschermbaar = True
    persoon_id: Mapped[UUID] = subject("Wie")
    ander_id: Mapped[UUID | None] = related_person("Met wie", level=N2)
    sterkte: Mapped[int | None] = field("Hoe sterk", level=N3)


VELDEN: Mapping[type[PersonRecord], Sequence[str]] = {
    Gesprek: ("onderwerp", "telefoon", "ernst", "klacht"),
    Blad: ("dossier_id", "inhoud", "woonplek"),
    Band: ("ander_id", "sterkte"),
    Persoon: ("roepnaam", "sorteernaam", "geboortedatum", "woonplaats", "straat"),
}
FILTERS: Mapping[type[PersonRecord], Sequence[str]] = {
    Gesprek: VELDEN[Gesprek],
    Blad: VELDEN[Blad],
    Band: VELDEN[Band],
    Persoon: ("roepnaam", "woonplaats", "straat"),
}
POOL = random.Random(20270301)
IDS = {
    name: [UUID(int=POOL.getrandbits(128)) for _ in range(n)] for name, n in (("personen", 10), ("partijen", 6), ("orgs", 3), ("kaders", 3))
}
CODES = [k.code for k in (PLAN_EN_DOELEN, CONTACTVERSLAGEN, IDENTITEIT, ADRES, CONTACT, GEZONDHEID, VEILIGHEID)]
DOELEN = ["WMO_ONDERZOEK", "PW_UITVOERING", "ZORG_UITWISSELING"]
RECHTEN = frozenset({Persoon.lezen.naam, Orakelrecord.lezen.naam})
GEMEENTEN = count(1)


def moments(rng: random.Random) -> dict[str, Any]:
    """A period that mostly runs now, and now and then begins or ends at this very moment."""
    van = BEGIN + timedelta(seconds=rng.choice([-90, -90, -90, -90, 0, 1, 90]))
    return {"van": van, "tot": rng.choice([None, None, None, BEGIN + timedelta(seconds=1), BEGIN, BEGIN - timedelta(seconds=1)])}


def make_world(rng: random.Random) -> Wereld:
    """Few parties and persons, many betrokkenheden: about one door in three is open."""
    who = {"persoon_id": IDS["personen"], "verantwoordelijke_id": IDS["orgs"][:2]}

    def rows(number: int, **choices: Sequence[Any]) -> list[dict[str, Any]]:
        return [{"id": nieuw_id(), **{name: rng.choice(list(values)) for name, values in choices.items()}} for _ in range(number)]

    doors = rows(
        rng.choice([200, 900]), **who, partij_id=IDS["partijen"] + IDS["orgs"], doel=DOELEN, categorie_code=CODES,
        kader_id=[None, *IDS["kaders"]], niveau_tot=[2, 4, 5, 7],
    )  # fmt: skip
    held = rows(
        rng.choice([8, 30]), **who, partij_id=[None, None, *IDS["partijen"]], niveau_tot=[0, 1, 3, 7, 7, 7, 7, 7], verbergt=[True, False]
    )
    small, letters = [None, 1, 2], ["A", "B", "C"]
    personen: list[dict[str, Any]] = [
        {"id": id_, "verantwoordelijke_id": rng.choice(IDS["orgs"][:2]), "roepnaam": rng.choice([None, *letters]),
         "sorteernaam": rng.choice(letters), "geboortedatum": Datum.lees("1980-05"), "woonplaats": rng.choice([None, "1", "2"]),
         "straat": rng.choice([None, *letters])}
        for id_ in IDS["personen"]
    ]  # fmt: skip
    rijen: dict[type[PersonRecord], list[dict[str, Any]]] = {
        Persoon: personen,
        Gesprek: rows(25, **who, onderwerp=letters, telefoon=[None, *letters], ernst=small, klacht=small),
        Blad: rows(25, **who, dossier_id=IDS["kaders"], categorie_code=CODES, niveau_vanaf=range(1, 8), inhoud=small, woonplek=small),
        Band: rows(25, **who, ander_id=[None, *IDS["personen"]], sterkte=small),
    }
    return Wereld({p["id"]: p for p in personen}, [d | moments(rng) for d in doors], [h | moments(rng) for h in held], rijen)


def store(connection: Connection, gemeente: UUID, wereld: Wereld) -> None:
    """Put a world in a municipality of its own; the ids are the same in every municipality."""

    def put(record: type[Record], rows: Sequence[Rij], **same: Any) -> None:
        connection.execute(insert(record.tabel()), [{"gemeente_id": gemeente, "versie": 1, **same, **row} for row in rows])

    maak_gemeente(connection, gemeente, "Proef", f"GM{next(GEMEENTEN):04d}")
    put(Organisatie, [{"id": i, "verantwoordelijke_id": i} for i in IDS["orgs"]], naam="O", soort=Organisatiesoort.OVERIG, openbaar=True)
    stad = IDS["orgs"][0]
    put(Team, [{"id": stad}], naam="T", organisatie_id=stad, verantwoordelijke_id=stad, openbaar=True)
    put(
        Persoon, wereld.rijen[Persoon], geslachtsnaam="X", aanduiding_naamgebruik=Naamgebruik.EIGEN, geslacht=Geslacht.ONBEKEND,
        geheim=False,
    )  # fmt: skip
    put(
        Dossier, [{"id": i} for i in IDS["kaders"]], persoon_id=IDS["personen"][0], team_id=stad, verantwoordelijke_id=stad,
        status=Dossierstatus.OPEN, geopend=BEGIN,
    )  # fmt: skip
    put(Betrokkenheid, wereld.betrokkenheden, partijsoort=Partijsoort.TEAM, grondslag="x", bron=Bron.DOSSIER, bron_id=stad)
    put(Afscherming, wereld.afschermingen, soort=Afschermsoort.VEILIGHEID)
    for record in (Gesprek, Blad, Band):
        put(record, wereld.rijen[record])


def make_actor(rng: random.Random, gemeente: UUID) -> Actor:
    """Somebody with a few of the parties, purposes and any ceiling."""
    return Actor(
        gebruiker=IDS["partijen"][0], gemeente=gemeente, organisatie=rng.choice(IDS["orgs"]),
        teams=tuple(rng.sample(IDS["partijen"][1:4], rng.randrange(4))), rollen=("PROEF",), activiteit="PROEF",
        doelen=tuple(rng.sample(DOELEN, rng.choice([0, 1, 1, 2, 2]))), rechten=RECHTEN,
        plafond=Niveau(rng.choice([0, 1, 3, 4, 5, 6, 7, 7, 7])), buiten_gemeente=rng.random() < 0.5, moment=BEGIN, beleid="proef",
    )  # fmt: skip


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
