"""Counts without persons, and the log as an auditor sees it (domain.md 2.5, 3.7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from wijkwerk.dossiers.dossier import Dossier, Dossierstatus
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.gebieden import Gebied, Gebiedsbron, Gebiedsoort
from wijkwerk.log.entry import Gebeurtenis, Resultaat
from wijkwerk.organisaties import Organisatie, Organisatiesoort, Team
from wijkwerk.personen import Persoon
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.naam import Geslacht, Naamgebruik
from wijkwerk.tellingen import DOSSIERS_PER_GEBIED, VLOER, Cel, onderdruk, tel
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk.toezicht.inzagelog import Inzagefilter, bekijk

pytestmark = pytest.mark.anyio


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


def put_cases(wijk: Wijk, connection: Connection, team: UUID, number: int, **where: Any) -> None:
    persoon = wijk.put(
        connection, Persoon, geslachtsnaam="X", sorteernaam="x", aanduiding_naamgebruik=Naamgebruik.EIGEN, geslacht=Geslacht.ONBEKEND,
        geboortedatum=Datum.lees("onbekend"), geheim=False, **where,
    )  # fmt: skip
    for _ in range(number):
        wijk.put(connection, Dossier, persoon_id=persoon, team_id=team, status=Dossierstatus.OPEN, geopend=BEGIN, **where)


async def cases(wijk: Wijk, **teams: int) -> None:
    """So many cases per team, and many in the neighbouring municipality."""

    def fill(connection: Connection) -> None:
        for name, number in teams.items():
            put_cases(wijk, connection, wijk.ids[name], number)
        there = {"gemeente_id": wijk.buurgemeente, "verantwoordelijke_id": wijk.buurstad}
        wijk.put(connection, Organisatie, id=wijk.buurstad, naam="Buur", soort=Organisatiesoort.GEMEENTE, **there)
        gebied = wijk.put(
            connection,
            Gebied,
            code="WK0",
            naam="Buurwijk",
            soort=Gebiedsoort.WIJK,
            herkomst=Gebiedsbron.GEMEENTE,
            van=date(2020, 1, 1),
            **there,
        )
        team = wijk.put(connection, Team, naam="Buurteam", organisatie_id=wijk.buurstad, gebied_id=gebied, **there)
        put_cases(wijk, connection, team, 50, **there)

    await wijk.wijkwerk.database.transact(fill)


async def test_counts_are_per_area_of_the_own_municipality_and_show_nobody(wijk: Wijk) -> None:
    await cases(wijk, team=7, ander_team=9)
    for rol in (wijk.actor("GEBIED"), wijk.actor("TEAMLEIDER", activiteit="BELEIDSINFORMATIE")):
        assert await wijk.lees(rol, lambda r: tel(r, DOSSIERS_PER_GEBIED)) == [Cel("WK0", 7), Cel("WK1", 9)]
        assert "betrokkenen" not in (await wijk.log())[-1]


async def test_a_small_count_is_held_back_with_the_one_that_would_give_it_away(wijk: Wijk) -> None:
    await cases(wijk, team=7, ander_team=2)
    assert await wijk.lees("GEBIED", lambda r: tel(r, DOSSIERS_PER_GEBIED)) == [Cel("WK0", None), Cel("WK1", None)]


@pytest.mark.parametrize("rol", ["WIJKTEAM", "REGISSEUR", "FG", "BEHEER", "DOCK", "KLANTMANAGER"])
async def test_who_makes_no_policy_counts_nothing(wijk: Wijk, rol: str) -> None:
    with pytest.raises(GeenRecht):
        await wijk.lees(rol, lambda r: tel(r, DOSSIERS_PER_GEBIED))
    assert (await wijk.log())[-1]["resultaat"] == "GEWEIGERD"


COUNTS = st.lists(st.integers(1, 30), max_size=8).map(lambda numbers: {f"WK{n}": number for n, number in enumerate(numbers)})


@given(COUNTS)
def test_what_is_shown_is_true_and_never_under_the_floor(aantallen: dict[str, int]) -> None:
    cellen = onderdruk(aantallen)
    assert [cel.waarde for cel in cellen] == list(aantallen)
    assert all(cel.aantal is None or cel.aantal == aantallen[cel.waarde] >= VLOER for cel in cellen)
    if all(aantal >= VLOER for aantal in aantallen.values()):
        assert all(cel.aantal is not None for cel in cellen)


@given(COUNTS)
def test_a_cell_that_is_held_back_can_not_be_worked_out_from_the_others_and_the_total(aantallen: dict[str, int]) -> None:
    """Who knows the total, and that an area in the list has a case at least, is left with six values or more for each."""
    cellen = onderdruk(aantallen)
    hidden = [cel.waarde for cel in cellen if cel.aantal is None]
    if not hidden or len(hidden) == len(cellen):
        return
    rest = sum(aantallen.values()) - sum(cel.aantal for cel in cellen if cel.aantal is not None)
    assert len(hidden) >= 2
    possible = [{one for one, other in product(range(1, rest + 1), repeat=2) if one + other + len(hidden) - 2 <= rest} for _ in hidden]
    assert all(len(values) > VLOER for values in possible)


def test_nothing_to_count_gives_no_cells() -> None:
    assert onderdruk({}) == []
    assert onderdruk({"WK0": 3}) == [Cel("WK0", None)]


async def test_only_the_fg_views_the_log_and_sees_pseudonyms(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Zwaluwenstein")
    await wijk.lees("WIJKTEAM", lambda r: r.one(Persoon, ("geslachtsnaam",), persoon))
    await wijk.lees("ZORG", lambda r: r.one(Persoon, ("geslachtsnaam",), persoon))
    alles = Inzagefilter(van=BEGIN, tot=BEGIN + timedelta(days=1))
    for rol in ("WIJKTEAM", "BEHEER", "PRIVACY_OFFICER"):
        with pytest.raises(GeenRecht):
            await wijk.lees(rol, lambda r: bekijk(r, alles))
    rows = await wijk.lees("FG", lambda r: bekijk(r, alles))
    assert [row.inhoud["resultaat"] for row in rows] == ["GEWEIGERD"] * 3 + ["GEEN_RESULTAAT", "GESLAAGD", "GESLAAGD"]
    assert "Zwaluwenstein" not in repr(rows)
    assert persoon.hex not in repr(rows)
    [one] = await wijk.lees("FG", lambda r: bekijk(r, replace(alles, gebruiker=wijk.ZORG, gebeurtenis=Gebeurtenis.LEZEN)))
    assert one.inhoud["resultaat"] == Resultaat.GEEN_RESULTAAT
    with pytest.raises(OngeldigeInvoer):
        await wijk.lees("FG", lambda r: bekijk(r, alles, first=0))
