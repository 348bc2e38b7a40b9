"""`wijkwerk register check`: what a file would change, or in one Dutch line what is wrong with it; nothing is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wijkwerk.cli_register import register

DOEL = '[[doel]]\ncode = "BUURTGROEP"\nversie = 2\nvan = 2028-01-01\ncategorieen = ["IDENTITEIT", "CONTACT"]\n'
GROND = '[[grondslag]]\ncode = "X"\nuitleg = "Verzonnen."\nartikel6 = "6(1)(c)"\nbijzonder = false\ninstemming = "NIET_NODIG"\n'


@pytest.fixture(autouse=True)
def hier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WIJKWERK_MAP", str(tmp_path / "data"))


def check(*arguments: str) -> Result:
    return CliRunner().invoke(register, ["check", *arguments])


def test_it_shows_what_a_file_changes_and_makes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "register.toml").write_text(DOEL + GROND, encoding="utf-8")
    done = check("register.toml")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "nieuw: grondslag X", "  + versie 1, van altijd tot en met altijd", "  + uitleg: Verzonnen.", "  + artikel6: 6(1)(c)",
        "  + bijzonder: nee", "  + instemming: NIET_NODIG", "anders: doel BUURTGROEP",
        "  + versie 2, van 2028-01-01 tot en met altijd", "  + categorieen: CONTACT, IDENTITEIT", "Het registerbestand klopt.",
    ]  # fmt: skip
    monkeypatch.setenv("WIJKWERK_REGISTER_FILE", "register.toml")
    assert check().stdout == done.stdout
    (tmp_path / "leeg.toml").touch()
    assert check("leeg.toml").stdout == "Het registerbestand verandert niets.\nHet registerbestand klopt.\n"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("inhoud", "melding"),
    [
        (DOEL + "vna = 2028-01-01\n", "Registerbestand, regel 6, [[doel]] BUURTGROEP: het veld vna kennen we niet."),
        (DOEL.replace("CONTACT", "GEZONDHEID"), "doel BUURTGROEP opent bijzondere gegevens 'GEZONDHEID', maar zijn grondslag"),
        (None, "Er is geen registerbestand. Noem een bestand, of geef WIJKWERK_REGISTER_FILE."),
    ],
    ids=["veld", "bijzonder", "geen"],
)
def test_what_is_wrong_is_one_line_and_exit_code_1(tmp_path: Path, inhoud: str | None, melding: str) -> None:
    if inhoud is not None:
        (tmp_path / "register.toml").write_text(inhoud, encoding="utf-8")
    done = check() if inhoud is None else check("register.toml")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(melding)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(("naam", "melding"), [("weg.toml", "bestaat niet"), (".", "is een map")], ids=["weg", "map"])
def test_a_file_that_is_not_there_is_named(naam: str, melding: str) -> None:
    done = CliRunner().invoke(register, ["check", naam], standalone_mode=False)
    assert f"Het bestand {naam} {melding}. Controleer de naam." in str(done.exception)


def test_a_file_that_is_no_utf_8_says_so_and_a_mark_before_it_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "register.toml").write_bytes(b"\xef\xbb\xbf" + DOEL.encode())
    assert check("register.toml").exit_code == 0
    (tmp_path / "register.toml").write_bytes(DOEL.encode("utf-16"))
    done = check("register.toml")
    assert (done.exit_code, done.stderr) == (1, "Het registerbestand is geen tekst in UTF-8. Bewaar het bestand opnieuw, als UTF-8.\n")


def test_a_policy_that_needs_what_the_file_no_longer_says_is_a_fault_of_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "beleid.csv").write_text("p, TOVENAAR, persoon:lezen\n", encoding="utf-8")
    (tmp_path / "register.toml").write_text(GROND, encoding="utf-8")
    monkeypatch.setenv("WIJKWERK_POLICY_FILE", "beleid.csv")
    done = check("register.toml")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "TOVENAAR" in done.stderr
