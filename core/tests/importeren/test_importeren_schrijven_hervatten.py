"""Every good row exactly once: stopped, repeated, changed and tried out."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from sqlalchemy import select

from wijkwerk.app import Wijkwerk
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.importeren import inlezen
from wijkwerk.importeren.inlezen import Uitslag
from wijkwerk.importeren.verslag import Importbestand, Uitkomst
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.testing.wijk import Wijk

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


async def test_an_import_that_stops_half_way_goes_on_where_it_stopped(
    importeer: Importeer, schrijf: Schrijf, namen: Namen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inlezen, "PER_TRANSACTIE", 2)
    pad = schrijf(";Jan;Boer", "1;Jan;Fout", ";Jan;Boer", ";Jan;Boer", "999993653;Jan;Boer")

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await importeer(pad, voortgang=stop)
    assert await namen() == ["Boer"]
    uitslag = await importeer(pad)
    assert (uitslag.telling, uitslag.eerder) == (telling(ingelezen=4, geweigerd=1), 2)
    assert await namen() == ["Boer"] * 4
    assert uitslag.fouten == tmp_path / "p.csv.fouten-2.csv"
    assert len(uitslag.fouten.read_text("utf-8-sig").splitlines()) == 2


async def test_a_finished_file_writes_nothing_the_next_time(
    importeer: Importeer, schrijf: Schrijf, bsns: Bsns, rijen: Rijen, tmp_path: Path
) -> None:
    pad = schrijf("1;Jan;Fout", ";Jan;Boer", ";Jan;Boer", *regels(bsns(3)))
    eerst = await importeer(pad)
    voor, bestanden = await rijen(), sorted(os.listdir(tmp_path))
    nogmaals = await importeer(pad)
    assert nogmaals.telling == eerst.telling == telling(ingelezen=5, geweigerd=1)
    assert (nogmaals.eerder, nogmaals.fouten) == (6, None)
    assert (await rijen(), sorted(os.listdir(tmp_path))) == (voor, bestanden)


async def test_a_changed_file_is_another_file_in_which_persons_are_found_by_bsn(importeer: Importeer, schrijf: Schrijf, bsns: Bsns) -> None:
    await importeer(schrijf(*regels(bsns(2))))
    assert (await importeer(schrijf(*regels(bsns(3))))).telling == telling(ingelezen=1, bestaat_al=2)


async def test_a_file_begun_for_one_team_is_not_continued_for_another(
    importeer: Importeer, schrijf: Schrijf, bsns: Bsns, rijen: Rijen
) -> None:
    pad = schrijf(*regels(bsns(2)))
    await importeer(pad, team="team")
    voor = await rijen()
    for team in ("ander_team", None):
        with pytest.raises(OngeldigeInvoer, match="ander team"):
            await importeer(pad, team=team)
    assert await rijen() == voor


async def test_a_dry_run_says_the_same_and_writes_nothing(stad: Wijk, importeer: Importeer, schrijf: Schrijf, rijen: Rijen) -> None:
    await stad.inwoner("Bekend", bsn=Bsn.lees("999993653"))
    pad = schrijf("999993653;;Een", "999993653;;Twee", ";;Drie", "x;;Vier")
    voor = await rijen()
    proef = await importeer(pad, proef=True)
    assert await rijen() == voor
    assert proef.fouten is not None
    assert len(proef.fouten.read_text("utf-8-sig").splitlines()) == 3
    echt = await importeer(pad)
    assert proef.telling == echt.telling == telling(ingelezen=1, bestaat_al=1, geweigerd=2)
    assert (await importeer(pad, proef=True)).telling == echt.telling


async def test_a_dry_run_of_a_file_that_is_half_done_counts_no_row_twice(
    importeer: Importeer, schrijf: Schrijf, bsns: Bsns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inlezen, "PER_TRANSACTIE", 2)
    pad = schrijf(*regels(bsns(3)))

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await importeer(pad, voortgang=stop)
    assert (await importeer(pad, proef=True)).telling == telling(ingelezen=3)


async def test_a_file_that_is_changed_while_it_is_read_stops_the_import(
    stad: Wijk, importeer: Importeer, schrijf: Schrijf, bsns: Bsns, namen: Namen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inlezen, "PER_TRANSACTIE", 2)
    pad = schrijf(*regels(bsns(5)))
    with pytest.raises(OngeldigeInvoer, match="intussen gewijzigd"):
        await importeer(pad, voortgang=lambda _: schrijf(*regels(bsns(6))))
    assert len(await namen()) == 2
    assert [row[0] for row in await stad.rows(select(Importbestand.tabel().c.klaar))] == [None]


async def test_a_file_that_disappears_while_it_is_read_stops_the_import(
    importeer: Importeer, schrijf: Schrijf, bsns: Bsns, namen: Namen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inlezen, "PER_TRANSACTIE", 2)
    pad = schrijf(*regels(bsns(5)))
    with pytest.raises(OngeldigeInvoer, match="intussen gewijzigd"):
        await importeer(pad, voortgang=lambda _: pad.unlink())
    assert len(await namen()) == 2
