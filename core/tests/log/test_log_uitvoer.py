"""`wijkwerk log export` in a form to read, and the forms: what stands in them, and that the export is in the log before it is made."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from wijkwerk.klok import StaandeKlok
from wijkwerk.log.commands import log
from wijkwerk.log.entry import Betrokkene, Deur, Gebeurtenis, Getoond, Logregel
from wijkwerk.log.journal import Journal
from wijkwerk.log.levering import Levering
from wijkwerk.log.query import MAX_FIRST, Cursor, LogRij
from wijkwerk.log.tables import TABLES, log_regel
from wijkwerk.log.vormen import VORMEN
from wijkwerk.log.vormen.bron import Bron
from wijkwerk.log.vormen.tabel import KOLOMMEN, cel
from wijkwerk.organisaties import gemeente, maak_gemeente
from wijkwerk.testing.databases import make_tables
from wijkwerk.testing.logopdracht import geopend, logomgeving
from wijkwerk.verwerkingen import Registerversie

Maak = Callable[..., Logregel]
Wijkwerk = Callable[..., Result]
GEMEENTE = UUID(int=3)
DAG = ("--van", "2027-03-15", "--tot", "2027-03-15")
BRON = Bron("proef", "1", lambda code, moment: f"https://register.example/{code}")
DEUR = Deur(UUID(int=7), "DOSSIER", UUID(int=8), "WMO/1")


@pytest.fixture
def path(tmp_path: Path, identity: Ed25519PrivateKey, klok: StaandeKlok, regel: Maak) -> Path:
    """More entries than go in one piece, of the one municipality that there is."""

    async def fill() -> None:
        async with geopend(tmp_path / "log.db") as database:
            await make_tables(database, [*TABLES, gemeente, Registerversie.tabel()])
            await database.transact(lambda c: maak_gemeente(c, GEMEENTE, "Rotterdam", "GM9999"))
            async with Journal(database, identity, klok) as journal:
                await journal.record(*(regel(nummer % 7) for nummer in range(MAX_FIRST + 20)), regel(9, gebruiker=UUID(int=6)))
                await journal.record(regel(50, gemeente=UUID(int=4)))
        klok.moment += timedelta(hours=1)

    asyncio.run(fill())
    return tmp_path / "log.db"


@pytest.fixture
def wijkwerk(path: Path, identity: Ed25519PrivateKey, klok: StaandeKlok) -> Wijkwerk:
    omgeving = partial(logomgeving, path, identity, klok, levering=Levering(BRON, ()))
    return lambda *arguments: CliRunner().invoke(log, list(map(str, arguments)), obj=omgeving)


def exports(path: Path) -> list[dict[str, Any]]:
    async def read() -> list[dict[str, Any]]:
        async with geopend(path) as database, database.snapshot() as snapshot:
            where = log_regel.c.gebeurtenis == "EXPORT"
            return [
                json.loads(body) for body in await snapshot.run(lambda c: c.execute(select(log_regel.c.body).where(where)).scalars().all())
            ]

    return asyncio.run(read())


def test_what_is_found_is_written_newest_first_and_the_export_is_in_the_log(wijkwerk: Wijkwerk, path: Path, tmp_path: Path) -> None:
    file = tmp_path / "uit.jsonl"
    done = wijkwerk("export", file, "--vorm", "jsonl", *DAG)
    assert (done.exit_code, done.output) == (0, f"{MAX_FIRST + 21} regels geschreven.\n")
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert len(lines) == MAX_FIRST + 21
    assert [line["seq"] for line in lines] == sorted((line["seq"] for line in lines), reverse=True)
    assert {line["gemeente"] for line in lines} == {GEMEENTE.hex}
    [regel] = exports(path)
    assert (regel["gemeente"], regel["onderdeel"], regel["actie"]) == (GEMEENTE.hex, "wijkwerk log export", "E")
    assert regel["details"] == {
        "kanaal": "opdrachtregel", "vorm": "jsonl", "van": "2027-03-14T23:00:00+00:00", "tot": "2027-03-15T10:30:00+00:00",
    }  # fmt: skip
    file = tmp_path / "uit.csv"
    done = wijkwerk("export", file, "--vorm", "csv", *DAG, "--gebruiker", UUID(int=6), "--pseudoniem", UUID(int=9), "--gemeente", "GM9999")
    assert (done.exit_code, done.output) == (0, "1 regel geschreven.\n")
    [rij] = csv.DictReader(StringIO(file.read_text()))
    assert (rij["pseudoniem"], rij["gebruiker"], rij["velden"]) == (
        UUID(int=9).hex,
        UUID(int=6).hex,
        "Persoon.geslachtsnaam Persoon.postcode",
    )
    details = exports(path)[-1]["details"]
    assert (details["gezocht"], details["pseudoniem"]) == (["Inzagelog.pseudoniem", "Inzagelog.gebruiker"], UUID(int=9).hex)


@pytest.mark.parametrize(
    ("arguments", "melding"),
    [
        (("--vorm", "csv"), "Geef een periode"),
        (("--vorm", "csv", "--van", "2027-03-15"), "Geef een periode"),
        (("--vorm", "csv", "--van", "gisteren", "--tot", "2027-03-15"), "Schrijf bij --van"),
        (("--vorm", "csv", "--van", "2027-03-16", "--tot", "2027-03-15"), "De periode klopt niet"),
        (("--vorm", "csv", *DAG, "--doel", "WEET_NIET"), "Dit doel kent het register niet"),
        (("--vorm", "csv", *DAG, "--gemeente", "GM1"), "Deze gemeente is er niet"),
        (("--gebruiker", str(UUID(int=6))), "Het hele log kan alleen zonder filters"),
        (("--gemeente", "GM9999"), "Het hele log kan alleen zonder filters"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    wijkwerk: Wijkwerk, path: Path, tmp_path: Path, arguments: tuple[str, ...], melding: str
) -> None:
    done = wijkwerk("export", tmp_path / "uit", *arguments)
    assert done.exit_code == 2
    assert melding in done.output
    assert not (tmp_path / "uit").exists()
    assert exports(path) == []


def rijen(*regels: Logregel) -> Iterator[LogRij]:
    for seq, regel in enumerate(regels):
        yield LogRij(Cursor(regel.moment, UUID(int=9), seq), json.loads(regel.body(UUID(int=9).hex, seq)), bytes(32))


def test_csv_has_a_line_for_each_resident_with_the_doors_to_that_one(regel: Maak) -> None:
    ander = Betrokkene(UUID(int=2), (Getoond("Persoon", ("IDENTITEIT",), ("naam",), ()),))
    twee = regel(1, toegang=(DEUR, replace(DEUR, betrokkenheid=UUID(int=99))), rollen=("A", "B"), details={"gezocht": ["x"]})
    zonder = regel(1, betrokkenen=(), gebeurtenis=Gebeurtenis.EXPORT, onderdeel="=1+1")
    vorm = VORMEN["csv"]
    lines = [vorm.kop or "", *vorm.regels(rijen(replace(twee, betrokkenen=(*twee.betrokkenen, ander)), zonder), BRON)]
    een, anders, leeg = csv.DictReader(StringIO("\n".join(lines)))
    assert list(een) == list(KOLOMMEN)
    assert (een["pseudoniem"], een["toegang"]) == (UUID(int=1).hex, f"{UUID(int=7).hex}/DOSSIER/{UUID(int=8).hex}/WMO/1/")
    assert (een["rollen"], een["details"], een["categorieen"]) == ("A B", '{"gezocht":["x"]}', "naw")
    assert (anders["pseudoniem"], anders["toegang"], anders["seq"]) == (UUID(int=2).hex, "", "0")
    assert (leeg["pseudoniem"], leeg["onderdeel"], leeg["gebeurtenis"]) == ("", "'=1+1", "EXPORT")


@pytest.mark.parametrize("waarde", ["=A1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_what_a_spreadsheet_would_work_out_is_made_text(waarde: str) -> None:
    assert cel(waarde) == f"'{waarde}"
    assert cel([waarde, "b"]) == f"'{waarde} b"


def test_every_form_gives_lines_that_can_be_read_one_by_one(regel: Maak) -> None:
    voor_ldv = regel(1, activiteit="WMO", trace="ab" * 16, span="cd" * 8, einde=datetime(2027, 3, 15, 9, 31, tzinfo=UTC))
    geen = regel(1, gebeurtenis=Gebeurtenis.STROOM_GEOPEND, betrokkenen=())
    counted = {}
    for naam, vorm in VORMEN.items():
        lines = list(vorm.regels(rijen(voor_ldv, geen), BRON))
        assert not any("\n" in line for line in lines)
        assert list(vorm.regels([], BRON)) == []
        counted[naam] = len(lines)
        if naam != "csv":
            assert all(isinstance(json.loads(line), dict) for line in lines)
    assert counted == {"csv": 2, "jsonl": 2, "ldv": 1, "nen7513": 2, "otlp": 1, "otlp-audit": 1}
