"""`wijkwerk gemeente`: a municipality is set up once, whole or not at all, with an administrator who can sign in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from wijkwerk.bekenden import bekende
from wijkwerk.cli_beheer import migrate
from wijkwerk.cli_gemeente import gemeente as command
from wijkwerk.errors import OngeldigeInvoer, WijkwerkError
from wijkwerk.gebruikers import Gebruiker
from wijkwerk.inrichting import Beheerder, maak_nieuwe_gemeente
from wijkwerk.organisaties import Organisatie, Organisatiesoort, gemeente
from wijkwerk.testing.wijk import Wijk

BEHEERDER = Beheerder("Bea Heer", "https://login.example", "bea")
GOOD = ["new", "Overdam", "--code", "GM9001", "--beheerder-naam", "Bea Heer", "--beheerder-subject", "bea"]


async def state(wijk: Wijk) -> list[Any]:
    """All that a set-up makes, except keys: those of a municipality that is not there open nothing."""
    tables = (gemeente, Organisatie.tabel(), Gebruiker.tabel())
    return [row for table in tables for row in await wijk.rows(select(table).order_by("id"))] + [len(await wijk.log())]


@pytest.mark.anyio
async def test_it_makes_all_that_the_administrator_needs_with_its_log_entry(wijk: Wijk) -> None:
    id = await maak_nieuwe_gemeente(wijk.wijkwerk, " Overdam ", "GM9001", BEHEERDER)
    o = Organisatie.tabel()
    [eigen] = await wijk.rows(select(o).where(o.c.gemeente_id == id))
    assert (eigen.naam, eigen.soort, eigen.verantwoordelijke_id) == ("Gemeente Overdam", Organisatiesoort.GEMEENTE, eigen.id)
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        found = await snapshot.run(lambda connection: bekende(connection, "https://login.example", "bea", wijk.klok.nu()))
        await snapshot.run(lambda connection: wijk.wijkwerk.keyring.blind_indexer(connection, id)("999993653"))
    assert found is not None
    assert (found.gemeente, [(f.rol, f.organisatie) for f in found.functies]) == (id, [("BEHEER", eigen.id)])
    [entry] = [regel for regel in await wijk.log() if regel["onderdeel"] == "gemeente:new"]
    assert (entry["gebeurtenis"], entry["gemeente"]) == ("AANMAKEN", id.hex)
    assert entry["gebruiker"] != found.gebruiker.hex


BAD = {
    "the same name": ("gemeente", "GM9001", BEHEERDER, "naam"),
    "the same name in capitals": ("GEMEENTE", "GM9001", BEHEERDER, "naam"),
    "the same code": ("Overdam", "GM9999", BEHEERDER, "naam"),
    "no name": ("  ", "GM9001", BEHEERDER, "naam"),
    "a huge name": ("x" * 10_000, "GM9001", BEHEERDER, "naam"),
    "a short code": ("Overdam", "GM901", BEHEERDER, "code"),
    "a small code": ("Overdam", "gm9001", BEHEERDER, "code"),
    "another code": ("Overdam", "WK9001", BEHEERDER, "code"),
    "an administrator without a name": ("Overdam", "GM9001", Beheerder(" ", "https://login.example", "bea"), "naam"),
    "an administrator without a subject": ("Overdam", "GM9001", Beheerder("Bea", "https://login.example", ""), "onderwerp"),
    "a huge issuer": ("Overdam", "GM9001", Beheerder("Bea", "x" * 10_000, "bea"), "issuer"),
    "a user of another municipality": ("Overdam", "GM9001", Beheerder("Bea", "test", "BEHEER"), "subject"),
}


@pytest.mark.anyio
@pytest.mark.parametrize(("naam", "code", "beheerder", "veld"), BAD.values(), ids=BAD.keys())
async def test_what_cannot_be_is_refused_and_nothing_happens(
    wijk_vlug: Wijk, naam: str, code: str, beheerder: Beheerder, veld: str
) -> None:
    before = await state(wijk_vlug)
    with pytest.raises(OngeldigeInvoer) as refused:
        await maak_nieuwe_gemeente(wijk_vlug.wijkwerk, naam, code, beheerder)
    assert refused.value.veld == veld
    assert await state(wijk_vlug) == before


@pytest.mark.anyio
async def test_a_second_municipality_is_fine_and_the_same_one_is_not(wijk: Wijk) -> None:
    await maak_nieuwe_gemeente(wijk.wijkwerk, "Overdam", "GM9001", BEHEERDER)
    with pytest.raises(OngeldigeInvoer):
        await maak_nieuwe_gemeente(wijk.wijkwerk, "Overdam", "GM9001", Beheerder("Bo", "https://login.example", "bo"))
    await maak_nieuwe_gemeente(wijk.wijkwerk, "Onderdam", "GM9002", Beheerder("Bo", "https://login.example", "bo"))
    assert (await wijk.rows(select(func.count()).select_from(gemeente)))[0][0] == 4


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, words: Sequence[str]) -> Result:
    monkeypatch.setenv("WIJKWERK_MAP", str(folder / "data"))
    return CliRunner().invoke(command, list(words))


def test_the_command_makes_one_and_lists_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    refused = run(monkeypatch, tmp_path, GOOD)
    assert isinstance(refused.exception, WijkwerkError)
    assert not (tmp_path / "data").exists()
    CliRunner().invoke(migrate, [])
    assert "Er is nog geen gemeente." in run(monkeypatch, tmp_path, ["list"]).output
    made = run(monkeypatch, tmp_path, GOOD)
    assert (made.exit_code, made.output.startswith("De gemeente is gemaakt, met nummer ")) == (0, True)
    again = run(monkeypatch, tmp_path, GOOD)
    assert isinstance(again.exception, OngeldigeInvoer)
    listed = run(monkeypatch, tmp_path, ["list"]).output.split()
    assert (listed[:2], len(listed)) == (["GM9001", "Overdam"], 3)


def test_another_issuer_than_that_of_the_settings_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run(monkeypatch, tmp_path, ["list"])
    CliRunner().invoke(migrate, [])
    made = run(monkeypatch, tmp_path, [*GOOD, "--beheerder-issuer", "https://elders.example"])
    assert made.exit_code == 0
    assert "WIJKWERK_IDENTITY__ISSUER" in made.output
