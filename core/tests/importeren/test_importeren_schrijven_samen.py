"""Two imports at once, and reports to the team meanwhile: nobody twice, nobody lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.app import Wijkwerk
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.errors import VersieVerouderd
from wijkwerk.huishoudens import Huishoudlid
from wijkwerk.importeren import inlezen
from wijkwerk.importeren.inlezen import Uitslag
from wijkwerk.importeren.verslag import Importregel, Uitkomst
from wijkwerk.personen import Persoon
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.storage.base import Database
from wijkwerk.systeem import POGINGEN, nogmaals
from wijkwerk.testing.wijk import Wijk, made

pytestmark = pytest.mark.anyio

Importeer = Callable[..., Awaitable[Uitslag]]
Namen = Callable[[], Awaitable[list[str]]]
Rijen = Callable[[], Awaitable[dict[str, int]]]
Schrijf = Callable[..., Path]
Bsns = Callable[[int], list[str]]
AnderProces = Callable[[], AbstractAsyncContextManager[Wijkwerk]]


def telling(ingelezen: int = 0, bestaat_al: int = 0, geweigerd: int = 0) -> Counter[Uitkomst]:
    return Counter({Uitkomst.INGELEZEN: ingelezen, Uitkomst.BESTAAT_AL: bestaat_al, Uitkomst.GEWEIGERD: geweigerd})


def regels(bsns: list[str]) -> list[str]:
    return [f"{bsn};Jan;Boer{nummer}" for nummer, bsn in enumerate(bsns)]


@pytest.fixture
async def wijk(database: Database, tmp_path: Path) -> AsyncIterator[Wijk]:
    """With real commits: what happens at the same time happens on several connections."""
    async with made(database, tmp_path, []) as opened:
        yield opened


async def test_two_imports_of_the_same_file_at_once_write_each_row_once(
    stad: Wijk, importeer: Importeer, schrijf: Schrijf, namen: Namen, ander_proces: AnderProces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inlezen, "PER_TRANSACTIE", 3)
    pad = schrijf(*[f";Jan;Boer{nummer}" for nummer in range(20)])
    async with ander_proces() as ander:
        uitslagen = await asyncio.gather(importeer(pad), importeer(pad, ww=ander))
    assert [uitslag.telling for uitslag in uitslagen] == [telling(ingelezen=20)] * 2
    assert len(set(await namen())) == len(await namen()) == 20
    assert len(await stad.rows(select(Importregel.tabel()))) == 20


async def test_two_imports_of_the_same_file_at_once_make_each_household_once(
    stad: Wijk, importeer: Importeer, schrijf: Schrijf, ander_proces: AnderProces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inlezen, "PER_TRANSACTIE", 2)
    pad = schrijf(*[f"Boer{at};{at % 3};hoofd;0612345678" for at in range(12)], kop="geslachtsnaam;huishouden;huishoudrol;telefoon")
    async with ander_proces() as ander:
        uitslagen = await asyncio.gather(importeer(pad), importeer(pad, ww=ander))
    meegekomen = {(uitslag.meegekomen.huishoudens, uitslag.meegekomen.contactgegevens) for uitslag in uitslagen}
    assert (3, 12) in meegekomen
    assert meegekomen <= {(3, 12), (0, 0)}  # who begins when it is finished has nothing to do
    leden = Counter(row.huishouden_id for row in await stad.rows(select(Huishoudlid.tabel().c.huishouden_id)))
    assert sorted(leden.values()) == [4, 4, 4]
    assert len(await stad.rows(select(Contactgegeven.tabel().c.id))) == 12


async def test_two_files_with_the_same_people_at_once_write_everybody_once(
    importeer: Importeer, schrijf: Schrijf, bsns: Bsns, namen: Namen, ander_proces: AnderProces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inlezen, "PER_TRANSACTIE", 3)
    een, twee = schrijf(*regels(bsns(20)), naam="1.csv"), schrijf(*reversed(regels(bsns(20))), naam="2.csv")
    async with ander_proces() as ander:
        uitslagen = await asyncio.gather(importeer(een), importeer(twee, ww=ander))
    assert uitslagen[0].telling + uitslagen[1].telling == telling(ingelezen=20, bestaat_al=20)
    assert len(await namen()) == 20


async def test_reports_to_the_team_during_an_import_are_neither_lost_nor_doubled(
    stad: Wijk, importeer: Importeer, schrijf: Schrijf, bsns: Bsns, ander_proces: AnderProces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inlezen, "PER_TRANSACTIE", 2)

    async def meld(bsn: str) -> UUID:
        try:
            return await stad.inwoner("Melding", bsn=Bsn.lees(bsn))
        except VersieVerouderd:  # the import was first: who reports is told to try again
            return await stad.inwoner("Melding", bsn=Bsn.lees(bsn))

    async def meldingen() -> list[UUID]:
        return [await meld(bsn) for bsn in reversed(bsns(20))]

    async with ander_proces() as ander:
        uitslag, gemeld = await asyncio.gather(importeer(schrijf(*regels(bsns(20))), ww=ander), meldingen())
    assert uitslag.telling.total() == len(gemeld) == 20
    assert {row[0] for row in await stad.rows(select(Persoon.tabel().c.id))} == set(gemeld)


async def test_who_was_not_first_tries_again_but_not_forever() -> None:
    tries: list[int] = []

    async def third_time() -> str:
        tries.append(len(tries))
        if len(tries) < 3:
            raise VersieVerouderd
        return "gelukt"

    async def never() -> str:
        tries.append(0)
        raise VersieVerouderd

    assert (await nogmaals(third_time), len(tries)) == ("gelukt", 3)
    tries.clear()
    with pytest.raises(VersieVerouderd):
        await nogmaals(never)
    assert len(tries) == POGINGEN
