"""The search for what was sealed can fail: a text that is left readable anywhere is found, in a session of its own and in this one."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from wijkwerk.crypto.delen import Place, Sealer, new_key
from wijkwerk.notities.notitie import Notitiesoort
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.klaartekst import Klaartekst, KlareTekst, kanarie
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.wijk import Wijk

TEKST = "Ze zegt dat ze 's nachts niet slaapt"
SESSIE = f'''
import logging, pytest
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.testing.klaartekst import NAAM

TEKST = "{TEKST}"

@pytest.fixture(autouse=True)
def verzegeld(request):
    request.config.pluginmanager.get_plugin(NAAM).noteer("notitieversie.tekst", TEKST.encode())

def test_bestand(tmp_path):
    (tmp_path / "diep").mkdir()
    (tmp_path / "diep" / "uitvoer.bin").write_bytes(b"\\x00\\x01" + TEKST.encode() + b"\\x00")

def test_log():
    logging.getLogger("wijkwerk.proef").warning("mislukt: %s", TEKST)

def test_uitvoer():
    print("klaar:", TEKST)

def test_gelezen_uitvoer(capsys):
    print("klaar:", TEKST)
    assert TEKST in capsys.readouterr().out

def test_melding():
    with pytest.raises(OngeldigeInvoer):
        raise OngeldigeInvoer(f"Dit kan niet: {{TEKST}}")

def test_goed(tmp_path):
    (tmp_path / "uitvoer.txt").write_text(TEKST[:20])
    logging.getLogger("van.een.ander").warning("mislukt: %s", TEKST)

@pytest.mark.zelf_geschreven("*.csv")
def test_goed_eigen_invoer(tmp_path):
    (tmp_path / "invoer.csv").write_text(TEKST)

@pytest.mark.zelf_geschreven("*.csv")
def test_niet_wat_de_test_zelf_schreef(tmp_path):
    (tmp_path / "uitvoer.txt").write_text(TEKST)
'''


def test_a_text_that_is_left_in_a_file_the_log_the_output_or_an_error_fails_the_test(tmp_path: Path) -> None:
    (tmp_path / "test_sessie.py").write_text(SESSIE)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n")
    plugins = ["-p", "no:cacheprovider", "-p", "wijkwerk.testing.klaartekst"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rA", "--tb=line", *plugins, str(tmp_path)],
        cwd=tmp_path, env=os.environ | {"PYTEST_ADDOPTS": ""}, capture_output=True, text=True,
    )  # fmt: skip
    said = {line.split("::")[1].split(" ")[0]: line.split(" ")[0] for line in done.stdout.splitlines() if "::" in line}
    wrong = {"bestand", "log", "uitvoer", "gelezen_uitvoer", "melding", "niet_wat_de_test_zelf_schreef"}
    assert said == {f"test_{name}": "FAILED" for name in wrong} | {"test_goed": "PASSED", "test_goed_eigen_invoer": "PASSED"}
    assert done.stdout.count("notitieversie.tekst") >= len(wrong)


@pytest.mark.anyio
async def test_what_this_session_seals_is_noted_with_its_column(wijk_vlug: Wijk, klaartekst: Klaartekst) -> None:
    persoon = await wijk_vlug.inwoner()
    dossier = await wijk_vlug.dossier(persoon)
    await wijk_vlug.schrijf("WIJKTEAM", lambda work: schrijf(work, dossier, persoon, Notitiesoort.CONTACTVERSLAG, verteld(TEKST)))
    list(Sealer(new_key(), Place(wijk_vlug.gemeente, nieuw_id())).feed(b"De inhoud van een bestand"))
    assert klaartekst.test["notitieversie.tekst"] == [TEKST.encode()]
    assert klaartekst.test["bestand"] == [b"De inhoud van een bestand"]


@pytest.fixture
def ander() -> Klaartekst:
    """One that watches nothing by itself, and was told of one text."""
    made = Klaartekst()
    made.noteer("notitieversie.tekst", TEKST.encode())
    return made


def test_a_text_in_an_open_sqlite_database_is_found_in_its_log_and_after_it_was_closed(ander: Klaartekst, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "wijkwerk.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE los (tekst TEXT)")
        connection.execute("INSERT INTO los VALUES (?)", (TEKST,))
        assert ander.lekken([tmp_path]) == [f"{tmp_path / 'wijkwerk.db-wal'}: notitieversie.tekst"]
    assert ander.lekken([tmp_path]) == [f"{tmp_path / 'wijkwerk.db'}: notitieversie.tekst"]
    assert ander.lekken([tmp_path], ["wijkwerk.db"]) == []


def test_what_other_rows_hold_in_the_clear_by_design_may_be_in_a_database_and_nowhere_else(tmp_path: Path) -> None:
    ander = Klaartekst()
    ander.noteer("bericht.adres", b"anna.de.vries@voorbeeld.nl")
    for name in ("wijkwerk.db", "wijkwerk.db-wal", "uitvoer.json"):
        (tmp_path / name).write_bytes(b"anna.de.vries@voorbeeld.nl")
    ander.hoor("log", "aan anna.de.vries@voorbeeld.nl")
    assert ander.lekken([tmp_path]) == ["log: bericht.adres", f"{tmp_path / 'uitvoer.json'}: bericht.adres"]


def test_a_whole_folder_is_searched_for_what_earlier_tests_sealed_too(ander: Klaartekst, tmp_path: Path) -> None:
    ander.begin()
    ander.noteer("dossier.vraag", b"Kan iemand komen helpen?")
    (tmp_path / "000000010000000000000001").write_bytes(bytes(5000) + b"Kan iemand komen")
    ander.doorzoek(tmp_path)
    (tmp_path / "pg_wal").mkdir()
    (tmp_path / "pg_wal" / "000000010000000000000002").write_bytes(bytes(5000) + TEKST.encode() + bytes(9))
    with pytest.raises(KlareTekst, match=r"notitieversie\.tekst") as caught:
        ander.doorzoek(tmp_path)
    assert TEKST not in str(caught.value)
    ander.stop()


@pytest.mark.parametrize(
    ("plain", "looked_for"),
    [
        ("Ze zegt: \"nee\". Zij wil geen hulp", b". Zij wil geen hulp"),
        ("Één twee drie vier vijf", b"n twee drie vier vijf"),
        ("x" * 47 + " y en de rest", None),
        ("999990019", None),
        ('{"tekst": "wat er eerst stond"}', None),
        ("Een lang verslag " * 9, (b"Een lang verslag " * 9)[:48]),
    ],
    ids=["what JSON writes another way", "other letters", "all alike", "short", "several fields", "long"],
)  # fmt: skip
def test_what_is_looked_for_is_written_the_same_everywhere(plain: str, looked_for: bytes | None) -> None:
    assert kanarie(plain.encode()) == looked_for
