"""Birth and death at every door: reporting, registering and changing a resident (domain.md 1.4); and what a change may touch."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.aanmeldingen.aanmelding import Aanmelding
from wijkwerk.aanmeldingen.inschrijven import schrijf_in
from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron, Partijsoort
from wijkwerk.errors import OngeldigeInvoer, VersieVerouderd
from wijkwerk.log.tables import log_pseudoniem
from wijkwerk.personen import INVOER, WIJZIGBAAR, Persoon, wijzig
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import BEGIN, Wijk

pytestmark = pytest.mark.anyio
BSN = Bsn.lees("999993653")

FOUT = [
    ({"geboortedatum": Datum(2099), "overlijdensdatum": Datum(1900)}, "geboortedatum"),
    ({"geboortedatum": Datum(2027, 3, 2)}, "geboortedatum"),
    ({"overlijdensdatum": Datum(2027, 4)}, "overlijdensdatum"),
    ({"geboortedatum": Datum(1956, 11, 15), "overlijdensdatum": Datum(1956, 11, 14)}, "overlijdensdatum"),
]


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def stored(wijk: Wijk) -> list[Any]:
    """All rows that a registration makes."""
    tables = (Persoon.tabel(), Aanmelding.tabel(), Betrokkenheid.tabel(), log_pseudoniem)
    return [list(await wijk.rows(select(table))) for table in tables]


async def change(wijk: Wijk, persoon: UUID, versie: int, **gegevens: Any) -> UUID:
    return await wijk.schrijf("WIJKTEAM", lambda work: wijzig(work, persoon, versie, gegevens))


@pytest.mark.parametrize(("datums", "veld"), FOUT)
async def test_no_door_lets_dates_in_that_can_not_be(wijk: Wijk, datums: dict[str, Any], veld: str) -> None:
    persoon = await wijk.inwoner("Moulin", bsn=BSN)
    before = await stored(wijk)
    doors: list[Callable[[], Awaitable[UUID]]] = [
        lambda: wijk.inwoner("Anders", **datums),
        lambda: wijk.inwoner("Anders", bsn=BSN, **datums),
        lambda: wijk.schrijf("IMPORT", lambda work: schrijf_in(work, {"geslachtsnaam": "Anders"} | datums)),
        lambda: change(wijk, persoon, 1, **datums),
    ]
    for door in doors:
        with pytest.raises(OngeldigeInvoer) as refused:
            await door()
        assert refused.value.veld == veld
        assert await stored(wijk) == before


async def test_a_date_is_held_against_the_one_that_is_registered(wijk: Wijk) -> None:
    persoon = await wijk.inwoner(geboortedatum=Datum(1956, 11, 15), overlijdensdatum=Datum(2020))
    before = await stored(wijk)
    for datum in ({"overlijdensdatum": Datum(1956, 11, 14)}, {"geboortedatum": Datum(2021)}):
        with pytest.raises(OngeldigeInvoer) as refused:
            await change(wijk, persoon, 1, **datum)
        assert refused.value.veld == "overlijdensdatum"
        assert await stored(wijk) == before


async def test_dates_that_can_be_are_changed(wijk: Wijk) -> None:
    persoon = await wijk.inwoner(geboortedatum=Datum(1956, 11, 15))
    for versie, overleden in enumerate((Datum(1956, 11), Datum(), Datum.van(BEGIN.date()), None), 1):
        await change(wijk, persoon, versie, overlijdensdatum=overleden)
        [row] = await wijk.rows(select(Persoon.tabel()))
        assert (row.overlijdensdatum, row.versie) == (overleden, versie + 1)


async def test_a_refusal_does_not_tell_a_birth_date_that_the_writer_may_not_see(wijk: Wijk) -> None:
    persoon = await wijk.inwoner(geboortedatum=Datum(1956, 11, 15))
    door = {"persoon_id": persoon, "partij_id": wijk.KLANTMANAGER, "partijsoort": Partijsoort.GEBRUIKER, "kader_id": nieuw_id(),
            "doel": "PW_UITVOERING", "categorie_code": "IDENTITEIT", "niveau_tot": 2, "grondslag": "Pw", "bron": Bron.KOPPELING,
            "bron_id": nieuw_id(), "van": BEGIN - timedelta(days=1)}  # fmt: skip
    await wijk.wijkwerk.database.transact(lambda connection: wijk.put(connection, Betrokkenheid, **door))
    seen: Any = await wijk.lees("KLANTMANAGER", lambda r: r.one(Persoon, ("geslachtsnaam", "geboortedatum"), persoon))
    assert (seen.geslachtsnaam, seen.geboortedatum) == ("Moulin", None)
    with pytest.raises(OngeldigeInvoer):
        await wijk.schrijf("KLANTMANAGER", lambda work: wijzig(work, persoon, 1, {"overlijdensdatum": Datum(2099)}))
    await wijk.schrijf("KLANTMANAGER", lambda work: wijzig(work, persoon, 1, {"overlijdensdatum": Datum(1950)}))


async def test_a_bsn_secrecy_and_what_follows_from_others_are_no_ordinary_change(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    before = await stored(wijk)
    for name, value in (("bsn", BSN), ("geheim", True), ("sorteernaam", "x"), ("bsn_index", b"x" * 16), ("gemeente_id", nieuw_id())):
        with pytest.raises(OngeldigeInvoer) as refused:
            await change(wijk, persoon, 1, roepnaam="Jo", **{name: value})
        assert refused.value.veld == name
    with pytest.raises(VersieVerouderd):
        await change(wijk, persoon, 2, roepnaam="Jo")
    assert await stored(wijk) == before
    assert set(WIJZIGBAAR) == set(INVOER) - {"bsn", "geheim"}


@pytest.mark.parametrize("veld", ["partner_voorvoegsel", "partner_geslachtsnaam", "huisnummertoevoeging", "straat", "roepnaam"])
async def test_an_error_names_the_column_at_every_door(wijk: Wijk, veld: str) -> None:
    persoon = await wijk.inwoner()
    before = await stored(wijk)
    for door in (wijk.inwoner("Anders", **{veld: "<script>"}), change(wijk, persoon, 1, **{veld: "<script>"})):
        with pytest.raises(OngeldigeInvoer) as refused:
            await door
        assert refused.value.veld == veld
    assert await stored(wijk) == before
