"""A search over random worlds finds what fits of who may be seen: both worked out a second time."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection

from wijkwerk.access.betrokkenheid import Afscherming, Afschermsoort, Betrokkenheid, Bron, Partijsoort
from wijkwerk.log.subjects import maak_pseudoniem
from wijkwerk.personen import Persoon
from wijkwerk.records.read import Reader
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.naam import Geslacht, Naamgebruik
from wijkwerk.records.types.sorteren import sorteernaam, vindwoorden, zoekwoorden
from wijkwerk.records.woorden import herbouw
from wijkwerk.records.woordgeheugen import fouten
from wijkwerk.testing.lekken.orakel import Orakel
from wijkwerk.testing.lekken.rijen import Wereld
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk.zoeken.zoek import VOORVOEGSELS, Zoekvraag, tel, zoek

pytestmark = pytest.mark.anyio


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


def op_naam(naam: str, **rest: Any) -> Callable[[Reader], list[UUID]]:
    """A whole search on a name, with what is counted beside it."""

    def work(reader: Reader) -> list[UUID]:
        vraag = Zoekvraag(naam=naam, **rest)
        found = [row.id for row in zoek(reader, vraag, ("geslachtsnaam",), first=500).rows]
        assert tel(reader, vraag) == len(found)
        return found

    return work


class Wereldbouw:
    """Residents with few names, let in at every level by every door, some held back."""

    NAMEN = ("Visser", "Vissers", "Vischer", "Bakker", "Jansen-Visser", "van Dijk", "Dijkstra", "O'Visser")

    def __init__(self, wijk: Wijk, seed: int) -> None:
        self.wijk, self.rng = wijk, random.Random(seed)

    def bouw(self, connection: Connection) -> None:
        for _ in range(60):
            naam, tweede = self.rng.choice(self.NAMEN), self.rng.choice((None, *self.NAMEN))
            id = self.wijk.put(
                connection, Persoon, geslachtsnaam=naam, sorteernaam=sorteernaam(naam), partner_geslachtsnaam=tweede,
                aanduiding_naamgebruik=Naamgebruik.EIGEN, geslacht=Geslacht.ONBEKEND, geboortedatum=Datum(1950 + self.rng.randrange(3)),
                geheim=False, veiligheidsvlag=False, gebied_gekozen=False,
            )  # fmt: skip
            maak_pseudoniem(connection, self.wijk.gemeente, id)
            for _ in range(self.rng.randrange(1, 7)):
                self._deur(connection, id)
            if self.rng.random() < 0.2:
                self._afgeschermd(connection, id)
        herbouw(connection, Persoon, self.wijk.gemeente)

    def _deur(self, connection: Connection, id: UUID) -> None:
        self.wijk.put(
            connection, Betrokkenheid, persoon_id=id, partij_id=self.rng.choice([self.wijk.team, self.wijk.ander_team, self.wijk.dock]),
            partijsoort=Partijsoort.TEAM, doel=self.rng.choice(["WMO_ONDERZOEK", "WMO_ALG_VOORZIENING"]),
            categorie_code=self.rng.choice(["IDENTITEIT", "IDENTITEIT", "CONTACT"]), niveau_tot=self.rng.randrange(1, 8), grondslag="x",
            bron=Bron.DOSSIER, bron_id=id, van=BEGIN - timedelta(days=self.rng.choice([-1, 5, 5, 5])),
            tot=self.rng.choice([None, None, BEGIN - timedelta(days=1)]),
        )  # fmt: skip

    def _afgeschermd(self, connection: Connection, id: UUID) -> None:
        self.wijk.put(
            connection, Afscherming, persoon_id=id, soort=Afschermsoort.GEHEIM, partij_id=self.rng.choice([None, self.wijk.team]),
            niveau_tot=self.rng.randrange(0, 8), verbergt=self.rng.random() < 0.5, van=BEGIN - timedelta(days=1),
        )  # fmt: skip


def past(typed: str, namen: Sequence[str | None]) -> bool:
    """Whether a name fits, worked out a second time: each word typed is a word, its beginning, or a few errors away from one."""
    words = {word for naam in namen if naam for word in vindwoorden(naam)}
    asked = [word for word in zoekwoorden(typed) if word not in VOORVOEGSELS]
    return all(any(word.startswith(q) or afstand(q, word) <= fouten(q) for word in words) for q in asked)


def afstand(a: str, b: str) -> int:
    """Letters too many, too few, other, or two that changed places (optimal string alignment)."""
    a, b = a.replace("ij", "y"), b.replace("ij", "y")
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        rows.append([i])
        for j, y in enumerate(b, 1):
            best = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, rows[i - 2][j - 2] + 1)
            rows[i].append(best)
    return rows[-1][-1]


@pytest.mark.parametrize("seed", range(4))
async def test_what_is_found_is_what_fits_of_who_may_be_seen(wijk: Wijk, seed: int) -> None:
    await wijk.wijkwerk.database.transact(Wereldbouw(wijk, seed).bouw)
    personen = [row._asdict() for row in await wijk.rows(Persoon.tabel().select())]
    doors = [row._asdict() for row in await wijk.rows(Betrokkenheid.tabel().select())]
    shields = [row._asdict() for row in await wijk.rows(Afscherming.tabel().select())]
    wereld = Wereld({row["id"]: row for row in personen}, doors, shields, {Persoon: personen})
    total = 0
    for rol in ("WIJKTEAM", "TEAMLEIDER", "DOCK", "GROEPSHOST"):
        actor = wijk.actor(rol)
        orakel = Orakel(wereld, actor)
        for typed in ("Visser", "vis", "van Dijk", "dijk", "visser bakker", "jansenvisser", "Bakkre"):
            for jaar in (None, Datum(1951)):
                used = {} if jaar is None else {"geboortedatum": jaar}
                seen = orakel.lijst(Persoon, (), order=("sorteernaam",), filters=used)
                expected = {g.rij["id"] for g in seen if past(typed, (g.rij["geslachtsnaam"], g.rij["partner_geslachtsnaam"]))}
                found = await wijk.lees(actor, op_naam(typed, geboortedatum=jaar))
                assert set(found) == expected, (rol, typed, jaar)
                assert len(found) == len(expected)
                total += len(found)
    assert total > 50
