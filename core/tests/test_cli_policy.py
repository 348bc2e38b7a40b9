"""`wijkwerk policy`: a policy is looked through, told in Dutch, compared with another, and counted in residents as brute force counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from wijkwerk.access.actor import Toewijzer
from wijkwerk.access.beleidscontrole import waarschuwingen
from wijkwerk.access.policy import Policy, default_lines, load
from wijkwerk.access.policybestand import Beleidsfout, ontleed
from wijkwerk.app import Wijkwerk
from wijkwerk.beleidsgevolgen import eerder_beleid, gevolgen, gevolgzin
from wijkwerk.cli_beheer import migrate
from wijkwerk.cli_beleid import policy as command
from wijkwerk.cli_gemeente import gemeente as gemeente_command
from wijkwerk.errors import OngeldigeInvoer, OpstartFout
from wijkwerk.records.declare import subject_of
from wijkwerk.records.read import Reader
from wijkwerk.settings import Settings
from wijkwerk.testing.wijk import Wijk


@pytest.fixture
def map(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("WIJKWERK_MAP", str(tmp_path / "data"))
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(command, list(words))


def bestand(map: Path, text: str, naam: str = "beleid.csv") -> str:
    (map / naam).write_text(text, encoding="utf-8")
    return str(map / naam)


def test_every_fault_is_told_with_its_line_and_ends_with_1(map: Path) -> None:
    found = run("check", bestand(map, "p, WIJKTAEM, persoon:lezen\n# goed\np, FG, log:lezen\nonzin\nweiger, FG, Persoon.bns"))
    assert found.exit_code == 1
    assert [line.split(":")[0] for line in found.output.splitlines()] == ["Fout, regel 1", "Fout, regel 4", "Fout, regel 5"]
    assert not (map / "data").exists()


def test_what_is_declared_gives_no_warning_about_what_no_role_should_have(map: Path) -> None:
    """Also with the plugins: that a klantmanager sees a statement that may cross is meant."""
    catalogue = Wijkwerk(Settings(map=map / "data")).catalogue
    assert "KLANTMANAGER" in catalogue.permissions["mantelzorg:verklaring:lezen"].rollen
    told = run("check").output
    assert "Het beleid klopt." in told
    assert "De rol " not in told
    found = waarschuwingen(load(ontleed("p, KLANTMANAGER, mantelzorg:relatie:lezen")[0], catalogue), catalogue)
    assert any("deze rol ziet niets van de mantelzorg" in zin for zin in found)


def test_a_file_of_a_spreadsheet_is_read_and_one_that_is_no_utf_8_says_so(map: Path) -> None:
    naam = bestand(map, "p, WIJKTEAM, persoon:lezen\r\n")
    Path(naam).write_bytes(b"\xef\xbb\xbf" + Path(naam).read_bytes())
    assert run("check", naam).exit_code == 0
    assert run("diff", naam, naam).output == "Er verandert niets.\n"
    Path(naam).write_bytes("p, WIJKTEAM, persoon:lezen # café".encode("cp1252"))
    with pytest.raises(OpstartFout, match="geen tekst in UTF-8"):
        CliRunner().invoke(command, ["check", naam], catch_exceptions=False)


def test_what_is_strange_is_told_and_ends_with_0(map: Path) -> None:
    lines = [
        "p, FG, persoon:lezen",
        "p, PEERCOACH, persoon:bsn:lezen",
        "p, WIJKTEAM, persoon:lezen",
        "p, WIJKTEAM, persoon:lezen, PW_UITVOERING",
    ]
    found = run(
        "check", bestand(map, "\n".join([*lines, "p, WIJKTEAM, dossier:lezen, PW_UITVOERING", "p, WIJKTEAM, taak:lezen, WMO_ONDERZOEK"]))
    )
    assert found.exit_code == 0, found.output
    told = found.output
    assert "Niemand heeft het recht 'dossier:schrijven'" in told
    assert "De rol ARCHIVARIS heeft geen rechten." in told
    assert "De rol FG heeft het recht 'persoon:lezen', maar deze rol ziet geen inwoners." in told
    assert "De rol PEERCOACH heeft het recht 'persoon:bsn:lezen', maar deze rol krijgt geen BSN." in told
    assert "'p, WIJKTEAM, persoon:lezen, PW_UITVOERING' voegt niets toe" in told
    assert "'p, WIJKTEAM, dossier:lezen, PW_UITVOERING' werkt nooit" in told
    assert "taak:lezen, WMO_ONDERZOEK" not in told
    assert told.splitlines()[-1].startswith("Het beleid klopt. Het heeft kenmerk ")


def test_the_policy_of_the_declarations_gives_no_role_what_it_should_never_have(tmp_path: Path) -> None:
    kern = Wijkwerk(Settings(map=tmp_path), [])
    assert [zin for zin in waarschuwingen(kern.toewijzer.policy, kern.catalogue) if not zin.startswith("Niemand heeft het recht")] == []


def test_the_policy_of_the_settings_is_looked_through_without_a_file(monkeypatch: pytest.MonkeyPatch, map: Path) -> None:
    assert run("check").exit_code == 0
    monkeypatch.setenv("WIJKWERK_POLICY_FILE", bestand(map, "p, NIEMAND, persoon:lezen"))
    assert run("check").exit_code == 1
    assert isinstance(run("show").exception, Beleidsfout)


def test_a_role_is_told_in_dutch_and_an_unknown_one_refused(monkeypatch: pytest.MonkeyPatch, map: Path) -> None:
    lines = "p, GEBIED, telling:lezen\np, WIJKTEAM, persoon:lezen, WMO_ONDERZOEK\nweiger, WIJKTEAM, Persoon.taal"
    monkeypatch.setenv("WIJKWERK_POLICY_FILE", bestand(map, lines))
    told = run("show", "WIJKTEAM").output.splitlines()
    assert told[0] == "WIJKTEAM (wijkteammedewerker), ziet gegevens tot en met niveau 6:"
    assert told[1].startswith("  mag: Gegevens van een inwoner zien. (persoon:lezen) Alleen voor het doel '")
    assert told[2].endswith(" (Persoon.taal)")
    assert run("show", "FG").output.splitlines()[1:] == ["  mag niets."]
    assert "GEBIED" in run("show").output
    assert isinstance(run("show", "TOVENAAR").exception, OngeldigeInvoer)


def test_a_difference_is_told_per_role_and_without_a_database_not_counted(map: Path) -> None:
    oud = bestand(map, "p, WIJKTEAM, persoon:lezen\nweiger, FG, Persoon.taal", "oud.csv")
    nieuw = bestand(map, "p, REGISSEUR, persoon:lezen\nweiger, FG, Persoon.bsn\np, WIJKTEAM, persoon:lezen, WMO_ONDERZOEK", "nieuw.csv")
    found = CliRunner().invoke(command, ["diff", oud, nieuw])
    assert [line.split(":")[0] for line in found.stdout.splitlines()] == [
        "WIJKTEAM krijgt erbij", "WIJKTEAM raakt kwijt", "REGISSEUR krijgt erbij", "FG ziet nooit meer", "FG kan weer zien",
    ]  # fmt: skip
    assert "geen database" in found.stderr
    assert run("diff", oud, oud).output == "Er verandert niets.\n"
    assert isinstance(run("diff", "bestaat-niet", oud).exception, Exception)
    assert not (map / "data").exists()


def test_a_difference_is_counted_where_there_is_a_database_and_an_earlier_policy_found_by_its_mark(map: Path) -> None:
    CliRunner().invoke(migrate, [])
    new = ["new", "Overdam", "--code", "GM9001", "--beheerder-naam", "Bea", "--beheerder-subject", "bea"]
    assert CliRunner().invoke(gemeente_command, new).exit_code == 0
    CliRunner().invoke(gemeente_command, ["list"])
    kenmerk = run("check").output.split()[-1].rstrip(".")
    assert run("diff", kenmerk, "standaard").output == "Er verandert niets.\n"
    found = CliRunner().invoke(command, ["diff", "standaard", bestand(map, "p, BEHEER, persoon:lezen")])
    assert found.exit_code == 0
    assert "1 van 1 gebruikers bekeken" in found.stderr
    assert "BEHEER krijgt toegang tot Persoon van 0 inwoners." in found.stdout
    assert isinstance(run("diff", "0123", "standaard").exception, OngeldigeInvoer)


def beleid(wijk: Wijk, text: str) -> Policy:
    """The declared policy with these lines, and without those that begin with a minus sign."""
    weg = {line[1:].strip() for line in text.splitlines() if line.startswith("-")}
    lines = [line for line in default_lines(wijk.wijkwerk.catalogue.permissions.values()) if line.tekst not in weg]
    return load([*lines, *ontleed("\n".join(line for line in text.splitlines() if not line.startswith("-")))[0]], wijk.wijkwerk.catalogue)


async def brute(wijk: Wijk, oud: Policy, nieuw: Policy, records: Sequence[Any]) -> dict[tuple[str, str, bool], int]:
    """By asking for every row there is, one by one, as each user under each policy."""
    found: dict[tuple[str, str, bool], set[UUID]] = defaultdict(set)
    for rol in wijk.wijkwerk.catalogue.rollen:
        if wijk.wijkwerk.catalogue.rollen[rol].eigen or wijk.wijkwerk.catalogue.rollen[rol].systeem:
            continue
        for activiteit in wijk.wijkwerk.catalogue.rollen[rol].activiteiten:
            voor, na = (
                Toewijzer(p, wijk.wijkwerk.catalogue).actor(wijk.ids[rol], wijk.gemeente, [wijk.functie(rol)], activiteit, wijk.klok.nu())
                for p in (oud, nieuw)
            )
            for record in records:
                if voor.may(record.lezen.naam) == na.may(record.lezen.naam):
                    continue
                mag = na if na.may(record.lezen.naam) else voor
                key = subject_of(record)
                rows = await wijk.rows(select(record.tabel().c.id, record.tabel().c[key]))

                def ask(reader: Reader, rows: Any = rows, record: Any = record) -> set[UUID]:
                    return {row[1] for row in rows if reader.one(record, (), row[0]) is not None}

                found[rol, record.__name__, na.may(record.lezen.naam)] |= await wijk.lees(mag, ask)
    return {key: len(personen) for key, personen in found.items()}


@pytest.mark.anyio
async def test_the_count_is_that_of_brute_force(wijk_vlug: Wijk) -> None:
    wijk, core = wijk_vlug, wijk_vlug.wijkwerk
    wie = [await wijk.inwoner(naam, contact=["0101234567"]) for naam in ("Moulin", "Suus", "Kras")]
    await wijk.dossier(*wie[:2])
    await wijk.dossier(wie[2])
    oud = core.toewijzer.policy
    lines = ["-p, TEAMLEIDER, contactgegeven:lezen", "-p, REGISSEUR, dossier:lezen", "p, FG, persoon:lezen"]
    nieuw = beleid(wijk, "\n".join([*lines, "p, REGISSEUR, dossier:lezen, PW_UITVOERING"]))
    records = [record for record in core.catalogue.records if record.kind == "PersonRecord"]
    expected = await brute(wijk, oud, nieuw, records)
    steps: list[tuple[int, int]] = []
    async with core.database.snapshot() as snapshot:
        found = await snapshot.run(
            lambda connection: dict(
                gevolgen(connection, wijk.gemeente, core.toewijzer, nieuw, wijk.klok.nu(), lambda n, of: steps.append((n, of)))
            )
        )
    assert found == expected
    assert found["REGISSEUR", "Dossier", False] == 2
    assert found["FG", "Persoon", True] == 0
    assert found["TEAMLEIDER", "Contactgegeven", False] == 3
    assert steps[-1] == (len(steps), len(steps))
    assert gevolgzin(("REGISSEUR", "Dossier", False), 1) == "REGISSEUR verliest toegang tot Dossier van 1 inwoner."


@pytest.mark.anyio
async def test_a_policy_that_never_held_is_not_found(wijk_vlug: Wijk) -> None:
    async with wijk_vlug.wijkwerk.database.snapshot() as snapshot:
        with pytest.raises(OngeldigeInvoer):
            await snapshot.run(lambda connection: eerder_beleid(connection, "bestaat-niet"))


def test_why_is_told_and_logged(map: Path) -> None:
    CliRunner().invoke(migrate, [])
    new = ["new", "Overdam", "--code", "GM9001", "--beheerder-naam", "Bea", "--beheerder-subject", "bea"]
    CliRunner().invoke(gemeente_command, new)
    niemand = str(UUID(int=1))
    assert isinstance(run("why", "bea", niemand, "Persoon.bsn").exception, OngeldigeInvoer)
    assert isinstance(run("why", "tovenaar", niemand, "Persoon.bsn").exception, OngeldigeInvoer)
    assert run("why", "bea", "geen-nummer", "Persoon.bsn").exit_code == 2
