"""`wijkwerk gebieden import`: areas and postcodes from a file, all of it or nothing, as often as one likes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.gebieden import Gebied, gebied_postcode
from wijkwerk.importeren import gebieden_command, gebiedenbestand
from wijkwerk.importeren.gebieden import Uitslag
from wijkwerk.importeren.gebieden_command import bekijk, verslag, werk_bewoners_bij
from wijkwerk.importeren.gebiedenbestand import Regelfouten, lees_bestand
from wijkwerk.importeren.plek import Plek
from wijkwerk.personen import Persoon
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.testing.wijk import OP_SQLITE, Wijk

pytestmark = pytest.mark.anyio

KOP = "code;naam;soort;bovenliggend;herkomst;van;tot"
BOOM = (
    "BU05990451;Kleinpolder;buurt;WK059904;cbs;2020-01-01;", "GM0599;Rotterdam;gemeente;;CBS;01-01-2020;",
    "wk059904;Overschie;Wijk;GM0599;;20200101;", "N1;Noord;wijk;GM0599;gemeente;2020-01-01;2030-12-31",
)  # fmt: skip
Schrijf = Callable[..., Path]
Doe = Callable[..., Awaitable[Uitslag]]
Rijen = Callable[[], Awaitable[dict[str, int]]]


@pytest.fixture
def doe(stad: Wijk, zoek: Callable[..., Awaitable[Plek]]) -> Doe:
    """Import a file, or look what it would do."""

    async def run(pad: Path, *, proef: bool = False) -> Uitslag:
        return await (bekijk if proef else gebieden_command.schrijf)(stad.wijkwerk, await zoek(), lees_bestand(pad))

    return run


async def stand(wijk: Wijk) -> dict[str, tuple[Any, ...]]:
    """The areas by code: name, level, whose, the code of the larger area, days, version."""
    g = Gebied.tabel()
    rows = await wijk.rows(select(g).where(~g.c.code.in_(["WK0", "WK1"])))
    codes = {row.id: row.code for row in rows}
    return {
        row.code: (row.naam, row.soort.value, row.herkomst.value, codes.get(row.bovenliggend_id), row.van, row.tot, row.versie)
        for row in rows
    }


async def test_a_tree_in_any_order_of_rows(stad: Wijk, schrijf: Schrijf, doe: Doe) -> None:
    assert await doe(schrijf(*BOOM, kop=KOP)) == Uitslag(4, 0, 0, ("WK0", "WK1"))
    begin = date(2020, 1, 1)
    assert await stand(stad) == {
        "GM0599": ("Rotterdam", "GEMEENTE", "CBS", None, begin, None, 1),
        "WK059904": ("Overschie", "WIJK", "CBS", "GM0599", begin, None, 1),
        "BU05990451": ("Kleinpolder", "BUURT", "CBS", "WK059904", begin, None, 1),
        "N1": ("Noord", "WIJK", "GEMEENTE", "GM0599", begin, date(2030, 12, 31), 1),
    }


async def test_the_same_file_twice_changes_nothing(stad: Wijk, schrijf: Schrijf, doe: Doe) -> None:
    pad = schrijf(*BOOM, kop=KOP)
    await doe(pad)
    voor = await stand(stad)
    assert await doe(pad) == Uitslag(0, 0, 4, ("WK0", "WK1"))
    assert await stand(stad) == voor


async def test_what_changed_is_changed_and_what_is_not_named_is_left_alone_and_told(stad: Wijk, schrijf: Schrijf, doe: Doe) -> None:
    await doe(schrijf(*BOOM, kop=KOP))
    nieuw = "BU05990451;Klein Polder;buurt;WK059904;cbs;2021-01-01;", "WK059904;Overschie;wijk;GM0599;cbs;2020-01-01;"
    assert await doe(schrijf(*nieuw, kop=KOP)) == Uitslag(0, 1, 1, ("GM0599", "N1", "WK0", "WK1"))
    after = await stand(stad)
    assert after["BU05990451"] == ("Klein Polder", "BUURT", "CBS", "WK059904", date(2021, 1, 1), None, 2)
    assert (after["GM0599"][-1], after["WK059904"][-1], after["N1"][-1]) == (1, 1, 1)


async def test_a_later_period_of_a_code_is_another_area(stad: Wijk, schrijf: Schrijf, doe: Doe) -> None:
    await doe(schrijf(*BOOM, kop=KOP))
    assert (await doe(schrijf("N1;Nieuw Noord;wijk;GM0599;gemeente;2031-01-01;", kop=KOP))).nieuw == 1
    g = Gebied.tabel()
    assert {row.naam for row in await stad.rows(select(g.c.naam).where(g.c.code == "N1"))} == {"Noord", "Nieuw Noord"}


@OP_SQLITE
@pytest.mark.parametrize(
    ("regel", "veld"),
    [
        pytest.param("WK05990;X;wijk;GM0599;cbs;2020-01-01;", "code", id="not a CBS code"),
        pytest.param("WK059912;X;buurt;;cbs;2020-01-01;", "code", id="a code of another level"),
        pytest.param("A B;X;wijk;;gemeente;2020-01-01;", "code", id="a space"),
        pytest.param(";X;wijk;;gemeente;2020-01-01;", "code", id="no code"),
        pytest.param("X;;wijk;;gemeente;2020-01-01;", "naam", id="no name"),
        pytest.param("X;X;stadsdeel;;gemeente;2020-01-01;", "soort", id="an unknown level"),
        pytest.param("X;X;wijk;;rijk;2020-01-01;", "herkomst", id="an unknown source"),
        pytest.param("X;X;wijk;;gemeente;2020;", "van", id="half a date"),
        pytest.param("X;X;wijk;;gemeente;;", "van", id="no date"),
        pytest.param("X;X;wijk;;gemeente;2020-02-30;", "van", id="a date that can't be"),
        pytest.param("X;X;wijk;;gemeente;2020-01-02;2020-01-01", "tot", id="ends before it begins"),
        pytest.param("X;X;wijk;GM9999;gemeente;2020-01-01;", "bovenliggend", id="no such larger area"),
        pytest.param("X;X;buurt;GM0599;gemeente;2020-01-01;", "bovenliggend", id="two levels up"),
        pytest.param("WK123404;X;wijk;GM0599;cbs;2020-01-01;", "bovenliggend", id="the digits of another municipality"),
        pytest.param("N1;X;wijk;GM0599;gemeente;2020-01-01;", "code", id="twice in the file"),
        pytest.param("X;X;wijk;;gemeente;2020-01-01", "regel", id="a cell too few"),
        pytest.param('X;"X;wijk;;gemeente;2020-01-01;', "regel", id="an open quote"),
    ],
)
async def test_one_wrong_row_and_nothing_happens(stad: Wijk, schrijf: Schrijf, doe: Doe, rijen: Rijen, regel: str, veld: str) -> None:
    pad = schrijf(*BOOM, regel, kop=KOP)
    await doe(schrijf("WK1;Wijk 1;wijk;;gemeente;2020-01-01;", kop=KOP, naam="eerst.csv"))
    voor, tabellen = await stand(stad), await rijen()
    for proef in (True, False):
        with pytest.raises(Regelfouten) as refused:
            await doe(pad, proef=proef)
        assert [(fout.regel, fout.veld) for fout in refused.value.fouten][-1:] == [(6, veld)]
    after = await rijen()
    assert await stand(stad) == voor
    assert {name for name in after if after[name] != tabellen[name]} <= {"log_regel", "log_stroom", "log_kop"}


async def test_every_wrong_row_is_told_and_no_value(schrijf: Schrijf) -> None:
    with pytest.raises(Regelfouten) as refused:
        lees_bestand(schrijf(*[f"Geheim {number};X;wijk;;gemeente;2020-01-01;" for number in range(25)], kop=KOP))
    lines = refused.value.melding.splitlines()
    assert (len(lines), lines[1][:8], lines[-1]) == (22, "Regel 2,", "En nog 5 fouten.")
    assert "Geheim" not in refused.value.melding


@pytest.mark.parametrize(
    "inhoud",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\n\n\n", id="empty lines"),
        pytest.param(KOP.encode(), id="a header alone"),
        pytest.param(b"naam;soort\nX;wijk\n", id="columns missing"),
        pytest.param(b"code;code;naam;soort;van\nX;X;X;wijk;2020-01-01\n", id="a column twice"),
        pytest.param(b"postcode;naam\n3043TD;X\n", id="postcodes without areas"),
        pytest.param(b"\0" * 100, id="zeros"),
        pytest.param(Random(1).randbytes(4096), id="noise"),
        pytest.param(b"PK\x03\x04" + bytes(100), id="a spreadsheet"),
        pytest.param(b"\xff\xfe\xff", id="half of UTF-16"),
        pytest.param(b'"' * 100_000, id="quotes"),
        pytest.param(KOP.encode() + b"\n" + b"x" * 1_000_001, id="one endless line"),
    ],
)
async def test_what_is_no_such_file_is_refused_as_a_whole(tmp_path: Path, inhoud: bytes) -> None:
    pad = tmp_path / "x.csv"
    pad.write_bytes(inhoud)
    with pytest.raises(OngeldigeInvoer):
        lees_bestand(pad)


async def test_a_file_that_goes_on_and_on_is_refused(schrijf: Schrijf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gebiedenbestand, "MEESTE_REGELS", 3)
    with pytest.raises(OngeldigeInvoer, match="meer dan 3 regels"):
        lees_bestand(schrijf(*BOOM, kop=KOP))


@pytest.mark.parametrize("codering", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("teken", [";", ",", "\t"], ids=["semicolon", "comma", "tab"])
async def test_encodings_and_separators(tmp_path: Path, codering: str, teken: str) -> None:
    pad = tmp_path / "x.csv"
    pad.write_bytes("\r\n".join([KOP, "E1;Café de Zürich;wijk;;gemeente;2020-01-01;"]).replace(";", teken).encode(codering))
    gelezen = lees_bestand(pad)
    assert [(regel.code, regel.naam) for regel in gelezen.gebieden] == [("E1", "Café de Zürich")]
    assert len(gelezen.meldingen) == (codering == "cp1252")


async def postcodes(wijk: Wijk) -> dict[str, str]:
    g, t = Gebied.tabel(), gebied_postcode.c
    rows = await wijk.rows(select(t.postcode, g.c.code).join_from(gebied_postcode, g, g.c.id == t.gebied_id))
    return {row.postcode: row.code for row in rows}


async def test_postcodes_of_neighbourhoods(stad: Wijk, schrijf: Schrijf, doe: Doe) -> None:
    await doe(schrijf(*BOOM, "BU05990456;Overschie;buurt;WK059904;cbs;2020-01-01;", kop=KOP))
    een = schrijf("3043 td;BU05990451", "3043TE;bu05990451", kop="Postcode;Gebied")
    assert await doe(een) == Uitslag(2, 0, 0, ())
    assert await doe(een) == Uitslag(0, 0, 2, ())
    twee = schrijf("3043TE;BU05990456", "3043TG;BU05990456", kop="postcode;gebied")
    assert await doe(twee, proef=True) == await doe(twee) == Uitslag(1, 1, 0, ("3043TD",))
    assert await postcodes(stad) == {"3043TD": "BU05990451", "3043TE": "BU05990456", "3043TG": "BU05990456"}


@pytest.mark.parametrize(
    ("regel", "veld"),
    [
        pytest.param("3043;BU05990451", "postcode", id="not a postcode"),
        pytest.param("3043SS;BU05990451", "postcode", id="letters that are never used"),
        pytest.param("3043TD;BU05990451", "postcode", id="twice"),
        pytest.param("3043TE;BU05999999", "gebied", id="no such area"),
        pytest.param("3043TE;WK059904", "gebied", id="not a neighbourhood"),
        pytest.param("3043TE;", "gebied", id="no area"),
    ],
)
async def test_one_wrong_postcode_and_nothing_happens(stad: Wijk, schrijf: Schrijf, doe: Doe, regel: str, veld: str) -> None:
    await doe(schrijf(*BOOM, kop=KOP))
    pad = schrijf("3043TD;BU05990451", regel, kop="postcode;gebied")
    for proef in (True, False):
        with pytest.raises(Regelfouten) as refused:
            await doe(pad, proef=proef)
        assert [(fout.regel, fout.veld) for fout in refused.value.fouten] == [(3, veld)]
    assert await postcodes(stad) == {}


async def test_residents_get_their_neighbourhood_in_batches_when_the_postcodes_come(
    stad: Wijk, schrijf: Schrijf, doe: Doe, zoek: Callable[..., Awaitable[Plek]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wijkwerk.woonbuurt.PER_KEER", 2)
    for _ in range(5):
        await stad.inwoner(postcode=Postcode("3043TD"))
    await stad.inwoner(postcode=Postcode("3031AV"))
    await doe(schrijf(*BOOM, kop=KOP))
    await doe(schrijf("3043TD;BU05990451", kop="postcode;gebied"))
    plek = await zoek()
    assert [await werk_bewoners_bij(stad.wijkwerk, plek) for _ in range(2)] == [5, 0]
    p, g = Persoon.tabel(), Gebied.tabel()
    [(buurt,)] = await stad.rows(select(g.c.id).where(g.c.code == "BU05990451"))
    found = await stad.rows(select(p.c.postcode, p.c.gebied_id))
    assert sorted((str(row.postcode), row.gebied_id) for row in found if row.gebied_id) == [("3043TD", buurt)] * 5
    entries = [regel for regel in await stad.log() if regel["onderdeel"] == "gebieden" and regel.get("betrokkenen")]
    assert sorted(len(regel["betrokkenen"]) for regel in entries) == [1, 2, 2]


async def test_a_dry_run_writes_nothing_at_all(stad: Wijk, schrijf: Schrijf, doe: Doe, rijen: Rijen) -> None:
    voor = await rijen()
    assert (await doe(schrijf(*BOOM, kop=KOP), proef=True)).nieuw == 4
    assert await rijen() == voor


def test_what_the_screen_says() -> None:
    lines = list(verslag(Uitslag(1, 2, 3, tuple(f"X{n}" for n in range(12))), proef=True))
    assert lines == [
        "Dit was een proef: er is niets in de database geschreven.", "Nieuw:         1", "Gewijzigd:     2", "Gelijk:        3",
        "Niet in het bestand, en zo gelaten: 12 (X0, X1, X2, X3, X4, X5, X6, X7, X8, X9 en nog 2)",
    ]  # fmt: skip
