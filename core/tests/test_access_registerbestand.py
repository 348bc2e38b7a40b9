"""What an installation adds to the register without code: refused with entry and line, or used from the day it begins."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkwerk.access.actor import Actor, Functie
from wijkwerk.access.purposes import Domein, Instemming
from wijkwerk.access.register import ROLLEN
from wijkwerk.access.registerbestand import ontleed
from wijkwerk.access.versies import Register
from wijkwerk.app import Wijkwerk
from wijkwerk.errors import GeenRecht, OngeldigeInvoer, OpstartFout
from wijkwerk.settings import Settings

GEMEENTE, WIE, STAD = (UUID(int=n) for n in range(1, 4))
VOORBEELD = Path(__file__).parents[2] / "docs" / "beheer" / "register.md"
GROND = """
[[grondslag]]
code = "WAMS"
uitleg = "Verzonnen wet."
artikel6 = "6(1)(e)"
bijzonder = true
instemming = "NIET_NODIG"
"""
DOEL = """
[[doel]]
code = "WAMS_AANPAK"
uitleg = "Eén plan"
domein = "WMO"
grondslag = "WAMS"
categorieen = ["IDENTITEIT"]
"""
NIEUW_DOEL = '[[doel]]\ncode = "BUURTGROEP"\nversie = 2\nvan = 2027-07-01\n'


def installatie(tmp_path: Path, tekst: str | bytes) -> Wijkwerk:
    bestand = tmp_path / "register.toml"
    bestand.write_bytes(tekst if isinstance(tekst, bytes) else tekst.encode())
    return Wijkwerk(Settings(map=tmp_path / "data", register_file=bestand), [])


def actor(wijkwerk: Wijkwerk, rol: str, moment: datetime, activiteit: str) -> Actor:
    return wijkwerk.toewijzer.actor(WIE, GEMEENTE, [Functie(rol, STAD)], activiteit, moment)


def voorbeeld() -> str:
    """The example of the manual, so that it stays true."""
    return VOORBEELD.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]


FOUTEN: dict[str, tuple[str, str]] = {
    "no toml": ("[[doel]]\ncode = \n", r"^Registerbestand, regel 2: dit is geen geldige TOML"),
    "unknown kind": ('[[doelen]]\ncode = "X"\n', r"'doelen' kennen we niet. Kies uit \[\[categorie\]\]"),
    "single brackets": ('[doel]\ncode = "X"\n', r"schrijf \[\[doel\]\] met dubbele haken"),
    "unknown field": (GROND + 'sectorwte = "x"\n', r"regel 8, \[\[grondslag\]\] WAMS: het veld sectorwte kennen we niet"),
    "no code": ("\n[[activiteit]]\nrollen = []\n", r"regel 2, \[\[activiteit\]\] zonder code: hier mist code"),
    "code in small letters": ('[[grondslag]]\ncode = "wams"\n', r"regel 2, .*code kan dit niet zijn"),
    "text for a truth": (GROND.replace("true", '"ja"'), "regel 6, .*bijzonder is true of false"),
    "date as text": (GROND + 'van = "2028-01-01"\n', "regel 8, .*van is een datum zonder aanhalingstekens"),
    "moment for a date": (GROND + "van = 2028-01-01T00:00:00\n", "regel 8, .*van is een datum"),
    "date that can't be": (GROND + "van = 2028-02-30\n", "regel 8: dit is geen geldige TOML"),
    "number as text": (GROND + 'versie = "2"\n', "regel 8, .*versie is een heel getal"),
    "version nought": (GROND + "versie = 0\n", "regel 8, .*versie is te kort"),
    "end before begin": (GROND + "van = 2028-01-02\ntot = 2028-01-01\n", "regel 9, .*tot ligt voor van"),
    "unknown consent": (GROND.replace("NIET_NODIG", "STILZWIJGEND"), "regel 7, .*Kies uit: NIET_NODIG, AVG_TOESTEMMING"),
    "consent left out": (GROND.replace('instemming = "NIET_NODIG"', ""), r"regel 2, \[\[grondslag\]\] WAMS: hier mist instemming"),
    "line break in a text": (GROND.replace("Verzonnen wet.", "Een\\nwet"), "regel 4, .*uitleg kan dit niet zijn"),
    "unknown ground": (DOEL, r"regel 6, \[\[doel\]\] WAMS_AANPAK: grondslag noemt 'WAMS', maar dat kan hier niet"),
    "unknown category": (GROND + DOEL.replace("IDENTITEIT", "IDENTTEIT"), "regel 14, .*categorieen noemt 'IDENTTEIT'"),
    "unknown act": (GROND + DOEL.replace('"WMO"', '"WAMS"'), "regel 12, .*domein kan dit niet zijn. Kies uit: WMO, ZORG"),
    "a version that is there": (NIEUW_DOEL.replace("2\n", "1\n", 1), "regel 3, .*versie 1 is er al. Geef versie 2"),
    "the same version twice": (NIEUW_DOEL + NIEUW_DOEL, "regel 7, .*versie 2 is er al"),
    "a new version without a day": ('[[doel]]\ncode = "BUURTGROEP"\nversie = 2\n', "een nieuwe versie begint later dan de vorige"),
    "versions out of order": (NIEUW_DOEL + NIEUW_DOEL.replace("2\n", "3\n", 1).replace("07", "06"), "regel 8, .*begint later"),
    "another act": (NIEUW_DOEL + 'domein = "PW"\n', "regel 5, .*blijft bij dezelfde wet"),
    "data of another act": (NIEUW_DOEL + 'categorieen = ["UITKERING"]\n', "BUURTGROEP opent categorie 'UITKERING' van een andere wet"),
    "special data": (NIEUW_DOEL + 'categorieen = ["GEZONDHEID"]\n', "bijzondere gegevens 'GEZONDHEID', maar zijn grondslag"),
    "health that is not special": ('[[categorie]]\ncode = "GEZONDHEID"\nbijzonder = false\n', "regel 3, .*bijzonder blijft bijzonder"),
    "a category of no act": ('[[categorie]]\ncode = "UITKERING"\ndomein = "WMO"\n', "bijzonder blijft bijzonder"),
    "a category for no purpose": ('[[categorie]]\ncode = "ADL"\ndoelen = ["WEG"]\n', "regel 3, .*doelen noemt 'WEG'"),
    "a new category that says half": ('[[categorie]]\ncode = "SCHULDEN"\nuitleg = "Uw schulden"\n', "regel 1, .*mist bijzonder"),
    "consent that is none": ('[[categorie]]\ncode = "ADL"\n[categorie.met_instemming]\nPW_DERDEN = "NIET_NODIG"\n', "Noem een instemming"),
    "a category twice": ('[[categorie]]\ncode = "ADL"\n[[categorie]]\ncode = "ADL"\n', "regel 4, .*staat er twee keer in"),
    "unknown role": ('[[activiteit]]\ncode = "X"\nuitleg = "X"\ndoelen = []\nrollen = ["TOVENAAR"]\n', "regel 5, .*noemt 'TOVENAAR'"),
    "role of the system": ('[[activiteit]]\ncode = "X"\nuitleg = "X"\ndoelen = []\nrollen = ["JOBS"]\n', "rollen noemt 'JOBS'"),
    "role that is alone": ('[[activiteit]]\ncode = "X"\nuitleg = "X"\ndoelen = []\nrollen = ["FG"]\n', "rollen noemt 'FG'"),
    "two acts": (
        '[[activiteit]]\ncode = "X"\nuitleg = "X"\nrollen = []\ndoelen = ["PW_DERDEN", "INZAGE"]\n', "regel 5, .*verschillende wetten"
    ),
}  # fmt: skip


@pytest.mark.parametrize("fout", FOUTEN)
def test_a_fault_in_the_file_stops_the_start_with_the_entry_and_the_line(fout: str, tmp_path: Path) -> None:
    tekst, melding = FOUTEN[fout]
    with pytest.raises(OpstartFout, match=melding):
        installatie(tmp_path, tekst)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "inhoud", [b"[[doel]]\ncode = \"\xff\"\n", b"#" * 1_000_001, b"doel = " + b"[" * 100_000], ids=["bytes", "groot", "diep"]
)  # fmt: skip
def test_a_file_that_can_not_be_read_stops_the_start(inhoud: bytes, tmp_path: Path) -> None:
    with pytest.raises(OpstartFout, match=r"^(Het r|R)egisterbestand"):
        installatie(tmp_path, inhoud)
    with pytest.raises(OpstartFout, match="kan niet worden gelezen"):
        Wijkwerk(Settings(map=tmp_path / "data", register_file=tmp_path / "weg.toml"), [])


@given(st.text(max_size=60), st.sampled_from(["code", "versie", "van", "rollen", "[doel", "uitleg"]))
def test_no_text_whatever_gives_anything_but_a_message_or_a_register(tekst: str, na: str) -> None:
    try:
        gelezen = ontleed(f"{GROND}{na} = {tekst}", Register(), {rol.code: rol for rol in ROLLEN})
    except OpstartFout:
        return
    assert [each.code for each in gelezen.grondslagen] == ["WAMS"]


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    assert installatie(tmp_path, "# niets\n").catalogue == Wijkwerk(Settings(map=tmp_path / "data"), []).catalogue


def test_the_example_of_the_manual_is_used_from_its_day_on_and_not_the_day_before(tmp_path: Path) -> None:
    wijkwerk = installatie(tmp_path, voorbeeld())
    voor, op = datetime(2027, 12, 31, 22, 59, 59, tzinfo=UTC), datetime(2027, 12, 31, 23, 0, tzinfo=UTC)  # midnight in Amsterdam
    with pytest.raises(GeenRecht, match="hoort niet bij uw rol"):
        actor(wijkwerk, "REGISSEUR", voor, "WAMS_AANPAK")
    assert actor(wijkwerk, "REGISSEUR", op, "WAMS_AANPAK").doelen == ("WAMS_AANPAK",)
    dicht, open_ = (wijkwerk.catalogue.op(actor(wijkwerk, "REGISSEUR", moment, "WMO_ONDERSTEUNING").vandaag) for moment in (voor, op))
    with pytest.raises(OngeldigeInvoer, match="Dit doel kennen we niet"):
        dicht.doel("WAMS_AANPAK")
    assert open_.doel("WAMS_AANPAK").grondslag.kenmerk == "WAMS/1"
    assert open_.opens(open_.doel("WAMS_AANPAK"), ["PLAN_EN_DOELEN"]) == ("PLAN_EN_DOELEN",)
    assert (dicht.matrix["WAMS_AANPAK"], dicht.met_instemming["WAMS_AANPAK"]) == (frozenset(), {})


def test_a_new_version_takes_the_place_of_the_old_one_on_its_day_and_the_old_one_never_comes_back(tmp_path: Path) -> None:
    tekst = """
[[grondslag]]
code = "BUURTGROEP"
versie = 2
van = 2027-07-01
tot = 2027-12-31
instemming = "AVG_TOESTEMMING"
[[doel]]
code = "BUURTGROEP"
versie = 2
van = 2027-08-01
categorieen = ["IDENTITEIT", "CONTACT"]
"""
    catalogue = installatie(tmp_path, tekst).catalogue
    moment = {dag: datetime.fromisoformat(f"{dag}T12:00+00:00").date() for dag in ("2027-06-30", "2027-07-01", "2027-08-01", "2027-12-31")}
    gezien = [
        (op.doel("BUURTGROEP").grondslag.kenmerk, op.doel("BUURTGROEP").geldigheid.versie, sorted(op.matrix["BUURTGROEP"]))
        for op in map(catalogue.op, moment.values())
    ]
    assert gezien == [
        ("BUURTGROEP/1", 1, ["IDENTITEIT"]), ("BUURTGROEP/2", 1, ["IDENTITEIT"]), ("BUURTGROEP/2", 2, ["CONTACT", "IDENTITEIT"]),
        ("BUURTGROEP/2", 2, ["CONTACT", "IDENTITEIT"]),
    ]  # fmt: skip
    nieuw = catalogue.op(moment["2027-12-31"]).doel("BUURTGROEP")
    assert (nieuw.grondslag.instemming, nieuw.grondslag.uitleg) == (Instemming.AVG_TOESTEMMING, "U doet mee aan een groep in de buurt.")
    erna = catalogue.op(datetime(2028, 1, 1, tzinfo=UTC).date())
    assert "BUURTGROEP" not in erna.doelen
    assert "BUURTGROEP" not in erna.grondslagen
    assert erna.activiteiten["BUURTWERK"].doelen == ()
    assert erna.geopend(["BUURTGROEP"]) == frozenset()


def test_a_category_that_is_changed_keeps_what_is_not_said(tmp_path: Path) -> None:
    tekst = """
[[categorie]]
code = "UITKERING"
uitleg = "Uw uitkering en toeslagen"
met_instemming = { WMO_ONDERZOEK = "UITDRUKKELIJKE_TOESTEMMING" }
"""
    catalogue = installatie(tmp_path, tekst).catalogue
    assert catalogue.categorieen["UITKERING"].domein is Domein.PW
    assert catalogue.instemming(catalogue.doel("WMO_ONDERZOEK"), "UITKERING") is Instemming.UITDRUKKELIJKE_TOESTEMMING
    assert "UITKERING" in catalogue.matrix["PW_UITVOERING"] - catalogue.matrix["WMO_ONDERZOEK"]
    assert catalogue.doel("PW_UITVOERING").categorieen[4].uitleg == "Uw uitkering en toeslagen"


def test_a_new_category_opens_for_the_purposes_it_names_and_for_another_act_by_a_consent_alone(tmp_path: Path) -> None:
    tekst = """
[[categorie]]
code = "SCHULDEN"
uitleg = "Uw schulden"
bijzonder = false
domein = "WMO"
doelen = ["WMO_ONDERZOEK"]
met_instemming = { PW_UITVOERING = "SCHRIFTELIJK_GEEN_BEZWAAR" }
"""
    catalogue = installatie(tmp_path, tekst).catalogue
    assert {doel for doel, opent in catalogue.matrix.items() if "SCHULDEN" in opent} == {"WMO_ONDERZOEK"}
    assert {doel for doel, soorten in catalogue.met_instemming.items() if "SCHULDEN" in soorten} == {"PW_UITVOERING"}
    assert catalogue.instemming(catalogue.doel("PW_UITVOERING"), "SCHULDEN") is Instemming.SCHRIFTELIJK_GEEN_BEZWAAR
    with pytest.raises(OpstartFout, match="opent categorie 'SCHULDEN' van een andere wet"):
        installatie(tmp_path, tekst.replace('["WMO_ONDERZOEK"]', '["WMO_ONDERZOEK", "PW_UITVOERING"]'))


def test_a_new_version_of_an_activity_gives_it_to_a_role_from_its_day_on_for_the_purposes_it_had(tmp_path: Path) -> None:
    wijkwerk = installatie(tmp_path, '[[activiteit]]\ncode = "BUURTWERK"\nversie = 2\nvan = 2027-07-01\nrollen = ["DOCK"]\n')
    voor, op = datetime(2027, 6, 30, 12, tzinfo=UTC), datetime(2027, 7, 1, 12, tzinfo=UTC)
    with pytest.raises(GeenRecht, match="hoort niet bij uw rol"):
        actor(wijkwerk, "DOCK", voor, "BUURTWERK")
    assert actor(wijkwerk, "DOCK", op, "BUURTWERK").doelen == ("BUURTGROEP",)
    assert actor(wijkwerk, "GROEPSHOST", op, "BUURTWERK").doelen == actor(wijkwerk, "GROEPSHOST", voor, "BUURTWERK").doelen
    assert wijkwerk.catalogue.op(op.date()).activiteiten["BUURTWERK"].uitleg == "Buurtgroepen"
