"""`wijkwerk log`: exit codes, files, and that each look at the log is in the log."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import text

from wijkwerk.klok import StaandeKlok
from wijkwerk.log import lek_opdracht
from wijkwerk.log.commands import log
from wijkwerk.log.entry import Logregel
from wijkwerk.log.journal import Journal
from wijkwerk.log.lekonderzoek import onderzoek
from wijkwerk.log.tables import TABLES
from wijkwerk.organisaties import gemeente, maak_gemeente
from wijkwerk.testing.databases import make_tables
from wijkwerk.testing.logopdracht import geopend, logomgeving

Maak = Callable[..., Logregel]
Wijkwerk = Callable[..., Result]
DAG = ("--van", "2027-03-15", "--tot", "2027-03-15")


@pytest.fixture
def path(tmp_path: Path, identity: Ed25519PrivateKey, klok: StaandeKlok, regel: Maak) -> Path:
    """A database whose log holds two entries under a checkpoint."""

    async def fill() -> None:
        async with geopend(tmp_path / "log.db") as database:
            await make_tables(database, TABLES)
            async with Journal(database, identity, klok) as journal:
                await journal.record(regel(1), regel(2))

    asyncio.run(fill())
    return tmp_path / "log.db"


@pytest.fixture
def gezien(path: Path, identity: Ed25519PrivateKey, klok: StaandeKlok, regel: Maak) -> list[tuple[UUID, UUID]]:
    """Who was seen by whom: two residents at half past nine, an hour later the second again, by another user, and two more.

    In the one municipality that there is. Now is an hour after that.
    """
    half, ander = 2**127, UUID(int=6)

    async def fill() -> None:
        klok.moment += timedelta(hours=1)
        async with geopend(path) as database:
            await make_tables(database, [gemeente])
            await database.transact(lambda c: maak_gemeente(c, UUID(int=3), "Rotterdam", "GM9999"))
            async with Journal(database, identity, klok) as journal:
                await journal.record(*(regel(nummer, gebruiker=ander) for nummer in (2, half, half + 1)))
        klok.moment += timedelta(hours=1)

    asyncio.run(fill())
    return [(UUID(int=wie), UUID(int=door)) for wie, door in ((1, 5), (2, 5), (2, 6), (half, 6), (half + 1, 6))]


@pytest.fixture
def wijkwerk(path: Path, identity: Ed25519PrivateKey, klok: StaandeKlok) -> Wijkwerk:
    """Runs a command as the root command would: with a way to open the application."""

    omgeving = partial(logomgeving, path, identity, klok)
    return lambda *arguments: CliRunner().invoke(log, list(map(str, arguments)), obj=omgeving)


def statement(path: Path, sql: str) -> None:
    async def work() -> None:
        async with geopend(path) as database:
            await database.administer(lambda c: c.execute(text(sql)))

    asyncio.run(work())


def events(file: Path) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    return [json.loads(line["body"]) for line in lines if line["soort"] == "regel"]


def test_a_good_log_verifies_with_code_0(wijkwerk: Wijkwerk) -> None:
    done = wijkwerk("verify")
    assert done.exit_code == 0
    assert "Het log klopt." in done.output


def test_a_tampered_log_ends_with_code_1_and_names_the_place(wijkwerk: Wijkwerk, path: Path) -> None:
    statement(path, "DROP TRIGGER log_regel_vast")
    statement(path, "UPDATE log_regel SET body = replace(body, 'spoor-2', 'spoor-3') WHERE seq = 2")
    done = wijkwerk("verify")
    assert done.exit_code == 1
    assert "regel 2: is veranderd" in done.output
    assert "spoor" not in done.output


def test_an_export_verifies_and_is_itself_in_the_log_before_it_is_made(wijkwerk: Wijkwerk, tmp_path: Path) -> None:
    file = tmp_path / "export.jsonl"
    done = wijkwerk("export", file)
    assert done.exit_code == 0
    assert "regels uit" in done.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [event["onderdeel"] for event in events(file) if event["gebeurtenis"] == "EXPORT"] == ["wijkwerk log export"]
    assert wijkwerk("verify", file).exit_code == 0
    file.write_text(file.read_text().replace("spoor-1", "spoor-9"))
    assert wijkwerk("verify", file).exit_code == 1


def test_a_live_verification_is_itself_in_the_log(wijkwerk: Wijkwerk, tmp_path: Path) -> None:
    wijkwerk("verify")
    wijkwerk("export", tmp_path / "export.jsonl")
    viewed = [event for event in events(tmp_path / "export.jsonl") if event["gebeurtenis"] == "LOG_BEKEKEN"]
    assert [event["onderdeel"] for event in viewed] == ["wijkwerk log verify"]


def test_an_export_never_overwrites_a_file(wijkwerk: Wijkwerk, tmp_path: Path) -> None:
    file = tmp_path / "export.jsonl"
    file.write_text("iets van een ander")
    done = wijkwerk("export", file)
    assert done.exit_code == 2
    assert "Kies een nieuwe naam" in done.output
    assert file.read_text() == "iets van een ander"


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"soort":"regel"}', b"\xff\xfe", b"[" * 5000, b"geslachtsnaam;x\n"], ids=repr)
def test_a_file_that_is_no_export_is_refused_and_nothing_is_looked_at(wijkwerk: Wijkwerk, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "geen.jsonl"
    file.write_bytes(content)
    done = wijkwerk("verify", file)
    assert (done.exit_code, "geen export van het log" in done.output) == (2, True)
    assert file.read_bytes() == content


def test_an_export_into_a_folder_that_is_not_there_is_refused(wijkwerk: Wijkwerk, tmp_path: Path) -> None:
    done = wijkwerk("export", tmp_path / "weg" / "export.jsonl")
    assert (done.exit_code, "map waarin u mag schrijven" in done.output) == (2, True)
    assert not (tmp_path / "weg").exists()


def test_an_export_that_fails_leaves_no_file(wijkwerk: Wijkwerk, path: Path, tmp_path: Path) -> None:
    statement(path, "DROP TABLE log_segment")
    done = wijkwerk("export", tmp_path / "export.jsonl")
    assert done.exit_code != 0
    assert not (tmp_path / "export.jsonl").exists()


def test_without_a_log_nothing_is_exported(wijkwerk: Wijkwerk, path: Path, tmp_path: Path) -> None:
    statement(path, "DROP TABLE log_regel")
    done = wijkwerk("export", tmp_path / "export.jsonl")
    assert done.exit_code == 2
    assert "inzagelog is niet beschikbaar" in done.output
    assert not (tmp_path / "export.jsonl").exists()


def test_a_checkpoint_can_be_kept_and_verified_against(wijkwerk: Wijkwerk, tmp_path: Path) -> None:
    shown, kept = wijkwerk("checkpoint"), tmp_path / "checkpoint.txt"
    assert wijkwerk("checkpoint", "--out", kept).exit_code == 0
    assert kept.read_text("utf-8") == shown.output
    good = wijkwerk("verify", "--checkpoint", kept)
    assert good.exit_code == 0
    assert "Bewaard checkpoint: tot en met segment 1." in good.output
    kept.write_text(shown.output.replace("\n1\n", "\n2\n"), "utf-8")
    assert wijkwerk("verify", "--checkpoint", kept).exit_code == 1
    kept.write_bytes(b"\xff\xfe")
    assert wijkwerk("verify", "--checkpoint", kept).exit_code == 1
    assert wijkwerk("checkpoint", "--out", kept).exit_code == 2
    assert kept.read_bytes() == b"\xff\xfe"


def test_the_public_key_is_shown_as_pem(wijkwerk: Wijkwerk, identity: Ed25519PrivateKey) -> None:
    done = wijkwerk("key")
    assert load_pem_public_key(done.output.encode()) == identity.public_key()


def found(done: Result) -> list[tuple[UUID, UUID]]:
    """Of whom and by whom something was seen, as the command wrote it down in JSON."""
    assert done.exit_code == 0, done.output
    return [(UUID(line["pseudoniem"]), UUID(line["gebruiker"])) for line in map(json.loads, done.stdout.splitlines())]


def test_a_leak_is_told_part_after_part_and_goes_on_where_it_was_broken_off(
    wijkwerk: Wijkwerk, gezien: list[tuple[UUID, UUID]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("lek", *DAG, "--veld", "Persoon.postcode", "--vorm", "jsonl")
    whole = wijkwerk(*asked)
    assert (found(whole), whole.stderr) == (gezien, "Klaar: 4 inwoners gevonden.\n")
    monkeypatch.setattr(lek_opdracht, "onderzoek", partial(onderzoek, meeste=1))
    parts = wijkwerk(*asked)
    told = [line.rsplit(" ", 1) for line in parts.stderr.splitlines()]
    assert (parts.stdout, told[-1]) == (whole.stdout, ["Klaar: 4 inwoners", "gevonden."])
    assert [begin for begin, _ in told[:-1]] == [
        f"{share}% bekeken, {number} inwoners gevonden. Afgebroken? Ga verder met --na" for number, share in enumerate((0, 0, 50), start=1)
    ]
    for number, (_, na) in enumerate(told[:-1], start=1):
        assert found(wijkwerk(*asked, "--na", na)) == [pair for pair in gezien if pair[0] > UUID(na)], number
    wijkwerk("export", tmp_path / "export.jsonl")
    viewed = [event["onderdeel"] for event in events(tmp_path / "export.jsonl") if event["gebeurtenis"] == "LOG_BEKEKEN"]
    assert viewed == ["wijkwerk log lek"] * 5


def test_a_leak_is_looked_for_between_moments_the_last_one_not_included(wijkwerk: Wijkwerk, gezien: list[tuple[UUID, UUID]]) -> None:
    def between(van: str, tot: str) -> list[tuple[UUID, UUID]]:
        return found(wijkwerk("lek", "--van", van, "--tot", tot, "--veld", "Persoon", "--vorm", "jsonl"))

    assert between("2027-03-15T10:30+01:00", "2027-03-15T11:30+01:00") == gezien[:2]
    assert between("2027-03-15T10:30:00.000001+01:00", "2027-03-16") == gezien[2:]
    assert between("2027-03-15T09:30Z", "2028-01-01T00:00Z") == gezien


def test_a_leak_of_which_nothing_is_found_says_what_to_look_at(wijkwerk: Wijkwerk, gezien: list[tuple[UUID, UUID]]) -> None:
    done = wijkwerk("lek", *DAG, "--veld", "Persoon.postcod")
    assert (done.exit_code, done.stdout) == (0, ",".join(lek_opdracht.KOLOMMEN) + "\n")
    assert done.stderr == "Klaar: 0 inwoners gevonden.\nControleer of u de rol, het veld en het doel goed schreef.\n"
    told = wijkwerk("lek", *DAG, "--veld", "Persoon.postcode").stdout.splitlines()[1:]
    assert [tuple(map(UUID, line.split(",")[:2])) for line in told] == gezien


ROL = ("--rol", "DOCK")
WRONG = {
    "no rule": (DAG, "Zeg waar het om gaat"),
    "no day": (("--van", "gisteren", "--tot", "2027-03-15", *ROL), "Schrijf bij --van een dag"),
    "month": (("--van", "2027-13-01", "--tot", "2027-03-15", *ROL), "Schrijf bij --van een dag"),
    "year": (("--van", "0001-01-01", "--tot", "2027-03-15", *ROL), "Schrijf bij --van een dag"),
    "no time zone": (("--van", "2027-03-15T09:00", "--tot", "2027-03-15", *ROL), "Schrijf bij --van een dag"),
    "no such day": (("--van", "2027-03-15", "--tot", "2027-02-29", *ROL), "Schrijf bij --tot een dag"),
    "end before begin": (("--van", "2027-03-15", "--tot", "2027-03-14", *ROL), "De periode klopt niet"),
    "later than now": (("--van", "2027-03-16", "--tot", "2027-03-17", *ROL), "De periode klopt niet"),
    "municipality": ((*DAG, *ROL, "--gemeente", "GM0599"), "Deze gemeente is er niet"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_question_about_a_leak_that_can_not_be_is_refused_and_nothing_is_looked_at(
    wijkwerk: Wijkwerk, gezien: list[tuple[UUID, UUID]], tmp_path: Path, wrong: str
) -> None:
    words, told = WRONG[wrong]
    done = wijkwerk("lek", *words)
    assert (done.exit_code, told in done.stderr) == (2, True)
    assert str(gezien[0][0]) not in done.output
    wijkwerk("export", tmp_path / "export.jsonl")
    assert not [event for event in events(tmp_path / "export.jsonl") if event["gebeurtenis"] == "LOG_BEKEKEN"]


@pytest.mark.parametrize("command", ["verify", "export", "checkpoint", "key", "lek"])
def test_help_is_dutch(wijkwerk: Wijkwerk, command: str) -> None:
    assert any(word in wijkwerk(command, "--help").output for word in ("Controleer", "Schrijf", "Zet", "Toon", "Zoek"))
