"""In which neighbourhood a resident lives: by postcode, by hand, and for who was there before the postcodes came (domain.md 1.8, 1.11)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update

from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron, Partijsoort
from wijkwerk.access.levels import N4
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.gebieden import Gebied, Gebiedsbron, Gebiedsoort, gebied_postcode
from wijkwerk.organisaties import Organisatie, Organisatiesoort
from wijkwerk.personen import Persoon, wijzig
from wijkwerk.records.history import Wijziging
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.storage.base import Database
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import BEGIN, Wijk, made
from wijkwerk.woonbuurt import kies, werk_bij

pytestmark = pytest.mark.anyio
HIER, DAAR, NERGENS = Postcode("3043TD"), Postcode("3031AV"), Postcode("3077AW")


@pytest.fixture
async def wijk(database_savepoint: Database, tmp_path: Path) -> AsyncIterator[Wijk]:
    async with made(database_savepoint, tmp_path, []) as opened:
        for name in ("noord", "zuid", "weg"):
            opened.ids[name] = nieuw_id()
        await opened.wijkwerk.database.transact(lambda connection: _buurten(opened, connection))
        yield opened


def _buurten(wijk: Wijk, connection: Any) -> None:
    for name, tot in (("noord", None), ("zuid", None), ("weg", date(2027, 2, 28))):
        wijk.put(
            connection, Gebied, id=wijk.ids[name], code=name, naam=name, soort=Gebiedsoort.BUURT, herkomst=Gebiedsbron.GEMEENTE,
            van=date(2020, 1, 1), tot=tot,
        )  # fmt: skip
    table = {HIER: "noord", DAAR: "zuid", Postcode("3065GA"): "weg"}
    rows = [{"gemeente_id": wijk.gemeente, "postcode": str(code), "gebied_id": wijk.ids[name]} for code, name in table.items()]
    elders = [{"gemeente_id": wijk.buurgemeente, "postcode": str(NERGENS), "gebied_id": wijk.noord}]
    connection.execute(insert(gebied_postcode), rows + elders)


async def woont(wijk: Wijk, persoon: UUID) -> tuple[UUID | None, bool, int]:
    p = Persoon.tabel()
    [row] = await wijk.rows(select(p.c.gebied_id, p.c.gebied_gekozen, p.c.versie).where(p.c.id == persoon))
    return tuple(row)


@pytest.mark.parametrize(
    ("postcode", "buurt"),
    [
        pytest.param(HIER, "noord", id="a known postcode"),
        pytest.param(NERGENS, None, id="a postcode of another municipality"),
        pytest.param(Postcode("3065GA"), None, id="a neighbourhood that has ended"),
        pytest.param(None, None, id="no postcode"),
    ],
)
async def test_who_is_registered_lives_where_the_postcode_says(wijk: Wijk, postcode: Postcode | None, buurt: str | None) -> None:
    persoon = await wijk.inwoner(postcode=postcode)
    assert await woont(wijk, persoon) == (buurt and wijk.ids[buurt], False, 1)


async def test_who_moves_lives_elsewhere(wijk: Wijk) -> None:
    persoon = await wijk.inwoner(postcode=HIER)
    await wijk.schrijf("WIJKTEAM", lambda work: wijzig(work, persoon, 1, {"postcode": DAAR}))
    assert await woont(wijk, persoon) == (wijk.zuid, False, 2)
    await wijk.schrijf("WIJKTEAM", lambda work: wijzig(work, persoon, 2, {"roepnaam": "Ans"}))
    assert await woont(wijk, persoon) == (wijk.zuid, False, 3)
    await wijk.schrijf("WIJKTEAM", lambda work: wijzig(work, persoon, 3, {"postcode": None}))
    assert await woont(wijk, persoon) == (None, False, 4)


async def test_a_choice_by_hand_stays_until_it_is_undone(wijk: Wijk) -> None:
    persoon = await wijk.inwoner(postcode=HIER)
    await wijk.schrijf("WIJKTEAM", lambda work: kies(work, persoon, 1, wijk.zuid))
    assert await woont(wijk, persoon) == (wijk.zuid, True, 2)
    await wijk.schrijf("WIJKTEAM", lambda work: wijzig(work, persoon, 2, {"postcode": Postcode("3043TE")}))
    assert (await bijgewerkt(wijk), await woont(wijk, persoon)) == (0, (wijk.zuid, True, 3))
    await wijk.schrijf("WIJKTEAM", lambda work: wijzig(work, persoon, 3, {"postcode": HIER}))
    await wijk.schrijf("WIJKTEAM", lambda work: kies(work, persoon, 4, None))
    assert await woont(wijk, persoon) == (wijk.noord, False, 5)


async def test_a_choice_that_can_not_be_is_refused_and_nothing_happens(wijk: Wijk) -> None:
    persoon, vreemd = await wijk.inwoner(postcode=HIER), await wijk.inwoner(rol=wijk.actor("WIJKTEAM", team=wijk.ander_team))
    g = Gebied.tabel()
    [(een_wijk,)] = await wijk.rows(select(g.c.id).where(g.c.code == "WK0"))
    for wie, versie, waar, kind in (
        (persoon, 1, een_wijk, OngeldigeInvoer), (persoon, 1, wijk.weg, OngeldigeInvoer), (persoon, 1, nieuw_id(), NietGevonden),
        (persoon, 9, wijk.zuid, VersieVerouderd), (vreemd, 1, wijk.zuid, NietGevonden), (nieuw_id(), 1, wijk.zuid, NietGevonden),
    ):  # fmt: skip
        with pytest.raises(kind):
            await wijk.schrijf("WIJKTEAM", lambda work, wie=wie, versie=versie, waar=waar: kies(work, wie, versie, waar))  # type: ignore[misc]
    for rol in ("BEHEER", "TEAMLEIDER", "DOCK"):
        with pytest.raises((GeenRecht, NietGevonden)):
            await wijk.schrijf(rol, lambda work: kies(work, persoon, 1, wijk.zuid))
    assert (await woont(wijk, persoon), await woont(wijk, vreemd)) == ((wijk.noord, False, 1), (None, False, 1))


async def test_one_statement_more_for_the_neighbourhood_of_who_is_registered(wijk: Wijk) -> None:
    counts = []
    for postcode in (None, HIER):
        with count_statements(wijk.wijkwerk.database) as seen:
            await wijk.inwoner(postcode=postcode)
        counts.append(len([text for text in seen if "gebied_postcode" in text]))
    assert counts == [0, 1]


async def bijgewerkt(wijk: Wijk) -> int:
    return len(await wijk.schrijf("IMPORT", werk_bij))


async def test_who_was_there_before_the_postcodes_gets_a_neighbourhood(wijk: Wijk) -> None:
    oud, gekozen, zonder = [await wijk.inwoner(postcode=HIER, bsn=bsn) for bsn in (Bsn("999993653"), None, None)]
    p = Persoon.tabel()
    await wijk.schrijf("WIJKTEAM", lambda work: kies(work, gekozen, 1, wijk.zuid))
    await wijk.change(update(p).where(p.c.id.in_([oud, zonder])).values(gebied_id=None))
    await wijk.change(update(p).where(p.c.id == zonder).values(postcode=None))
    assert (await bijgewerkt(wijk), await bijgewerkt(wijk)) == (1, 0)
    assert await woont(wijk, oud) == (wijk.noord, False, 2)
    assert await woont(wijk, gekozen) == (wijk.zuid, True, 2)
    assert await woont(wijk, zonder) == (None, False, 1)


async def test_a_sealed_bsn_can_still_be_read_and_the_history_tells_of_the_change(wijk: Wijk) -> None:
    persoon = await wijk.inwoner(postcode=HIER, bsn=Bsn("999993653"))
    await wijk.dossier(persoon)
    p, w = Persoon.tabel(), Wijziging.tabel()
    await wijk.change(update(p).values(gebied_id=wijk.zuid))
    assert await bijgewerkt(wijk) == 1
    row = await wijk.lees("REGISSEUR", lambda reader: reader.one(Persoon, ("bsn", "versie"), persoon))
    assert row is not None
    assert (row.bsn, row.versie) == (Bsn("999993653"), 2)
    changes = await wijk.rows(select(w.c.nummer, w.c.veldnamen, w.c.door_id).where(w.c.rij_id == persoon).order_by(w.c.nummer))
    assert [(row.nummer, row.veldnamen, row.door_id) for row in changes][1:] == [(2, ["gebied_id"], wijk.IMPORT)]
    [*_, entry] = [regel for regel in await wijk.log() if regel["onderdeel"] == "test" and regel["gebruiker"] == wijk.IMPORT.hex]
    assert [getoond for betrokkene in entry["betrokkenen"] for getoond in betrokkene["getoond"]] == [
        ["Persoon", ["ADRES"], ["gebied_id"], []]
    ]


async def test_residents_of_another_municipality_are_left_alone(wijk: Wijk) -> None:
    ander = await wijk.wijkwerk.database.transact(
        lambda connection: wijk.put(
            connection, Persoon, gemeente_id=wijk.buurgemeente, verantwoordelijke_id=_buurstad(wijk, connection), geslachtsnaam="Buur",
            sorteernaam="buur", aanduiding_naamgebruik="E", geslacht="O", geboortedatum=Datum(), geheim=False, veiligheidsvlag=False,
            gebied_gekozen=False, postcode=HIER,
        )
    )  # fmt: skip
    assert (await bijgewerkt(wijk), await woont(wijk, ander)) == (0, (None, False, 1))


def _buurstad(wijk: Wijk, connection: Any) -> UUID:
    return wijk.put(
        connection,
        Organisatie,
        gemeente_id=wijk.buurgemeente,
        naam="Buurstad",
        soort=Organisatiesoort.GEMEENTE,
        verantwoordelijke_id=wijk.stad,
    )


async def test_secrecy_hides_the_neighbourhood_from_outsiders_and_from_nobody_else(wijk: Wijk) -> None:
    open_, geheim = await wijk.inwoner(postcode=HIER), await wijk.inwoner(postcode=HIER, geheim=True)
    # no purpose of an outsider opens addresses today: let in past the services, so that only secrecy can hide
    await wijk.wijkwerk.database.transact(lambda connection: _laat_toe(wijk, connection, open_, geheim))
    seen = {
        rol: {
            row.id: row.gebied_id
            for row in await wijk.lees(rol, lambda reader: reader.by_key(Persoon, ("gebied_id",), "id", [open_, geheim]))
        }
        for rol in ("WIJKTEAM", "DOCK")
    }
    assert seen["WIJKTEAM"] == {open_: wijk.noord, geheim: wijk.noord}
    assert seen["DOCK"] == {open_: wijk.noord, geheim: None}


def _laat_toe(wijk: Wijk, connection: Any, *personen: UUID) -> None:
    for persoon, categorie in product(personen, ("IDENTITEIT", "ADRES")):
        wijk.put(
            connection, Betrokkenheid, persoon_id=persoon, partij_id=wijk.dock, partijsoort=Partijsoort.ORGANISATIE, bron=Bron.KOPPELING,
            doel="WMO_ALG_VOORZIENING", categorie_code=categorie, niveau_tot=int(N4), grondslag="test", bron_id=nieuw_id(), van=BEGIN,
        )  # fmt: skip
