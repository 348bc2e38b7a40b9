"""The social map: what an organisation offers, what plugins put there, and what stands on it today (domain.md 8.5)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.aanbod import Aanbod, Aanbodsoort, beeindig, bied_aan, haal_weg, publiceer, wijzig
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.gebieden import Gebied
from wijkwerk.organisaties import beeindig_organisatie
from wijkwerk.records.conditions import Filter
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing import weigering
from wijkwerk.testing.wijk import OP_SQLITE, Wijk

pytestmark = pytest.mark.anyio
VANDAAG = date(2027, 3, 1)
GISTEREN, MORGEN = VANDAAG - timedelta(days=1), VANDAAG + timedelta(days=1)
SOEP = {"soort": Aanbodsoort.ACTIVITEIT, "naam": "Soep op dinsdag", "omschrijving": "Voor wie mee wil eten"}
GROEP = {"soort": Aanbodsoort.GROEP, "naam": "Wandelgroep"}
state = partial(weigering.rows_of, records=(Aanbod,))
refused = partial(weigering.refused, records=(Aanbod,))


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def op_de_kaart(wijk: Wijk, **filters: Any) -> list[str]:
    """What somebody of the municipality finds there today."""
    where = {Filter("van", "geldig_op"): VANDAAG} | {Filter(veld): waarde for veld, waarde in filters.items()}
    page = await wijk.lees("WIJKTEAM", lambda reader: reader.page(Aanbod, ("naam",), order=("naam",), filters=where, first=50))
    return [row.naam for row in page.rows]


async def test_an_offer_is_put_there_changed_and_taken_off(wijk: Wijk) -> None:
    gebied = (await wijk.rows(select(Gebied.tabel().c.id)))[0].id
    id = await wijk.schrijf("DOCK", lambda work: bied_aan(work, wijk.dock, SOEP | {"gebied_id": gebied}))
    assert await op_de_kaart(wijk, gebied_id=gebied, soort=Aanbodsoort.ACTIVITEIT, organisatie_id=wijk.dock) == ["Soep op dinsdag"]
    assert await op_de_kaart(wijk, soort=Aanbodsoort.GROEP) == await op_de_kaart(wijk, organisatie_id=wijk.zorg) == []
    await wijk.schrijf("PARTNER_BEHEER", lambda work: wijzig(work, id, 1, {"naam": "Soep op woensdag", "omschrijving": None}))
    [row] = await state(wijk)
    assert (row.naam, row.omschrijving, row.gebied_id, row.van, row.versie) == ("Soep op woensdag", None, gebied, VANDAAG, 2)
    await wijk.schrijf("BEHEER", lambda work: beeindig(work, id, 2))
    assert await op_de_kaart(wijk) == []


@pytest.mark.parametrize(
    ("van", "tot", "there"),
    [
        (VANDAAG, None, True),
        (VANDAAG, VANDAAG, True),
        (GISTEREN, MORGEN, True),
        (MORGEN, None, False),
        (date(2020, 1, 1), GISTEREN, False),
    ],
    ids=["from today", "only today", "around today", "from tomorrow", "until yesterday"],
)
async def test_only_what_is_valid_today_stands_there(wijk: Wijk, van: date, tot: date | None, there: bool) -> None:
    await wijk.schrijf("DOCK", lambda work: bied_aan(work, wijk.dock, SOEP | {"van": van, "tot": tot}))
    assert (await op_de_kaart(wijk) == ["Soep op dinsdag"]) is there


@OP_SQLITE
@pytest.mark.parametrize(
    ("gegevens", "veld"),
    [
        ({"naam": None}, "naam"),
        ({"naam": ""}, "naam"),
        ({"naam": "x" * 100_000}, "naam"),
        ({"omschrijving": "x" * 2001}, "omschrijving"),
        ({"soort": None}, "soort"),
        ({"van": VANDAAG, "tot": GISTEREN}, "tot"),
        ({"onderdeel": "proef"}, "onderdeel"),
        ({"organisatie_id": None}, "organisatie_id"),
    ],
    ids=["no name", "empty name", "huge name", "huge text", "no kind", "ends before it begins", "machinery", "of nobody"],
)
async def test_what_cannot_be_is_refused_and_nothing_happens(wijk: Wijk, gegevens: dict[str, Any], veld: str) -> None:
    id = await wijk.schrijf("DOCK", lambda work: bied_aan(work, wijk.dock, GROEP))
    before = await state(wijk)
    for unit in (
        lambda work: bied_aan(work, wijk.dock, SOEP | gegevens),
        lambda work: wijzig(work, id, 1, gegevens),
        lambda work: publiceer(work, "proef", wijk.team, SOEP | gegevens),
    ):
        with pytest.raises(OngeldigeInvoer) as found:
            await wijk.schrijf("DOCK", unit)
        assert found.value.veld == veld
    assert await state(wijk) == before


async def test_only_the_organisation_itself_or_functional_administration_does_this(wijk: Wijk) -> None:
    id = await wijk.schrijf("DOCK", lambda work: bied_aan(work, wijk.dock, SOEP))
    for rol in ("DOCK", "PARTNER_BEHEER", "VRIJW_COORD"):
        await refused(wijk, rol, NietGevonden, lambda work: bied_aan(work, wijk.zorg, SOEP))
    for rol in ("WIJKTEAM", "ZORG", "FG"):
        await refused(wijk, rol, GeenRecht, partial(bied_aan, organisatie=wijk.functie(rol).organisatie, gegevens=SOEP))
        await refused(wijk, rol, GeenRecht, lambda work: wijzig(work, id, 1, {"naam": "Anders"}))
        await refused(wijk, rol, GeenRecht, lambda work: beeindig(work, id, 1))
    ander = await wijk.schrijf("BEHEER", lambda work: bied_aan(work, wijk.zorg, GROEP))
    for rol in ("DOCK", "PARTNER_BEHEER"):
        await refused(wijk, rol, NietGevonden, lambda work: wijzig(work, ander, 1, {"naam": "Anders"}))
        await refused(wijk, rol, NietGevonden, lambda work: beeindig(work, ander, 1))
    await refused(wijk, "BEHEER", VersieVerouderd, lambda work: wijzig(work, ander, 3, {"naam": "Anders"}))
    await refused(wijk, "BEHEER", NietGevonden, lambda work: bied_aan(work, nieuw_id(), SOEP))
    await refused(wijk, "BEHEER", NietGevonden, lambda work: bied_aan(work, wijk.dock, SOEP | {"gebied_id": nieuw_id()}))
    await refused(wijk, "BEHEER", OngeldigeInvoer, lambda work: beeindig(work, ander, 1, GISTEREN - timedelta(days=1)))
    await wijk.schrijf("BEHEER", lambda work: beeindig_organisatie(work, wijk.zorg, 1))
    await refused(wijk, "BEHEER", NietGevonden, lambda work: bied_aan(work, wijk.zorg, SOEP))


async def test_what_a_plugin_puts_there_is_one_row_however_often(wijk: Wijk) -> None:
    """Its own right decides: who leads a group has no right to the map, and the group stands on it."""
    groep = nieuw_id()

    def put(work: Work, **rest: Any) -> UUID:
        return publiceer(work, "proef", groep, GROEP | rest)

    ids = {await wijk.schrijf("GROEPSHOST", put) for _ in range(3)}
    await wijk.schrijf("GROEPSHOST", lambda work: put(work, naam="Wandelclub"))
    [row] = await state(wijk)
    assert ({row.id}, row.naam, row.organisatie_id, row.openbaar) == (ids, "Wandelclub", wijk.bewoners, True)
    assert await op_de_kaart(wijk) == ["Wandelclub"]
    await wijk.schrijf("GROEPSHOST", lambda work: publiceer(work, "proef", nieuw_id(), GROEP))
    await wijk.schrijf("GROEPSHOST", lambda work: publiceer(work, "ander", groep, GROEP))
    assert len(await state(wijk)) == 3


async def test_what_a_plugin_takes_off_is_gone_today_and_may_come_back_with_its_first_day(wijk: Wijk) -> None:
    groep = nieuw_id()
    await wijk.schrijf("GROEPSHOST", lambda work: publiceer(work, "proef", groep, GROEP | {"van": GISTEREN}))
    assert [await wijk.schrijf("GROEPSHOST", lambda work: haal_weg(work, "proef", groep)) for _ in range(2)] == [True, False]
    assert await op_de_kaart(wijk) == []
    assert await wijk.schrijf("GROEPSHOST", lambda work: haal_weg(work, "proef", nieuw_id())) is False
    await wijk.schrijf("GROEPSHOST", lambda work: publiceer(work, "proef", groep, GROEP))
    [row] = await state(wijk)
    assert (row.van, row.tot) == (GISTEREN, None)


async def test_nobody_changes_by_hand_or_for_another_organisation_what_a_plugin_put_there(wijk: Wijk) -> None:
    groep = nieuw_id()
    id = await wijk.schrijf("GROEPSHOST", lambda work: publiceer(work, "proef", groep, GROEP))
    await refused(wijk, "BEHEER", OngeldigeInvoer, lambda work: wijzig(work, id, 1, {"naam": "Anders"}))
    await refused(wijk, "BEHEER", OngeldigeInvoer, lambda work: beeindig(work, id, 1))
    for rol in ("DOCK", "BEHEER"):
        await refused(wijk, rol, NietGevonden, lambda work: publiceer(work, "proef", groep, SOEP))
        await refused(wijk, rol, NietGevonden, lambda work: haal_weg(work, "proef", groep))
    await refused(wijk, "GROEPSHOST", NietGevonden, lambda work: publiceer(work, "proef", groep, GROEP | {"gebied_id": nieuw_id()}))


async def test_the_log_tells_that_it_was_made_and_changed(wijk: Wijk) -> None:
    groep = nieuw_id()
    for _ in range(2):
        await wijk.schrijf("GROEPSHOST", lambda work: publiceer(work, "proef", groep, GROEP))
    assert [regel["gebeurtenis"] for regel in await wijk.log()] == ["AANMAKEN", "WIJZIGEN"]
