"""The register through the API: everybody who is logged in sees what holds today, oversight sees what was said before."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from wijkwerk.access.actor import Toewijzer
from wijkwerk.access.purposes import Activiteit, Categorie, Doel, Domein, Grondslag, Instemming
from wijkwerk.access.register import IDENTITEIT
from wijkwerk.app import Wijkwerk
from wijkwerk.errors import GeenRecht
from wijkwerk.hookspecs import Declaraties, PluginInfo, hookimpl
from wijkwerk.testing.wijk import Wijk
from wijkwerk.verwerkingen import leg_vast
from wijkwerk_graphql import kern
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
KOOR = Categorie(
    "KOOR", "Welke stem u zingt", domein=Domein.BUURT, met_instemming=(("WMO_ONDERZOEK", Instemming.UITDRUKKELIJKE_TOESTEMMING),)
)
ZINGEN = Doel("ZINGEN", "Zingen in een koor", Domein.BUURT, Grondslag("ZANG", "U zingt mee.", "6(1)(b)"), (IDENTITEIT, KOOR))
INFO = PluginInfo("koor", "Proef.", "1.0")
DECLARATIES = Declaraties(
    categorieen=(KOOR,), doelen=(ZINGEN,), activiteiten=(Activiteit("KOORZANG", "Zingen", (ZINGEN,), ("GROEPSHOST",)),)
)
PLUGIN = SimpleNamespace(__name__="wijkwerk_koor", plugin_info=hookimpl(lambda: INFO), declaraties=hookimpl(lambda: DECLARATIES))

REGISTER = """{
    grondslagen{code versie van tot uitleg artikel6 artikel9 sectorwet bijzonder instemming}
    doelen{code versie van tot uitleg domein koppelbaar grondslag{code instemming} categorieen{categorie instemming}}
    verwerkingsactiviteiten{code versie uitleg doelen rollen}
    gegevenscategorieen{code uitleg bijzonder domein doelen}
}"""
VERSIES = """query($f:RegisterversiesFilter){
    registerversies(filter:$f){totalCount edges{node{soort code nummer inhoud sinds}}}
    beleidsversies{totalCount edges{node{nummer kenmerk regels sinds}}}
}"""
WAMS = """
[[grondslag]]
code = "WAMS"
uitleg = "Verzonnen wet."
artikel6 = "6(1)(e)"
bijzonder = false
instemming = "NIET_NODIG"
[[doel]]
code = "WAMS_AANPAK"
uitleg = "Eén plan"
domein = "WMO"
grondslag = "WAMS"
categorieen = ["IDENTITEIT"]
van = 2028-01-01
[[activiteit]]
code = "WAMS_AANPAK"
uitleg = "Samen één plan maken"
doelen = ["WAMS_AANPAK"]
rollen = ["REGISSEUR"]
van = 2028-01-01
"""


@pytest.fixture
def plugins() -> list[Any]:
    return [kern, PLUGIN]


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


def een(found: dict[str, Any], lijst: str, code: str) -> dict[str, Any]:
    [item] = [each for each in found[lijst] if each["code"] == code]
    return dict(item)


def neem_over(wijk: Wijk, register: str) -> None:
    """This installation, with a register file."""
    bestand = wijk.wijkwerk.settings.map / "register.toml"
    bestand.write_text(register, encoding="utf-8")
    ander = Wijkwerk(wijk.wijkwerk.settings.model_copy(update={"register_file": bestand}), [kern, PLUGIN], database=wijk.wijkwerk.database)
    wijk.wijkwerk.catalogue = ander.catalogue
    wijk.wijkwerk.toewijzer = Toewijzer(wijk.wijkwerk.toewijzer.policy, ander.catalogue)


async def test_everybody_who_is_logged_in_reads_the_register_with_what_plugins_declare(wijk: Wijk, vraag: Vrager) -> None:
    found = await vraag.data("INWONER", REGISTER)
    for rol in wijk.wijkwerk.catalogue.rollen:
        assert await vraag.data(rol, REGISTER) == found, rol
    assert een(found, "grondslagen", "PW_DERDEN") == {
        "code": "PW_DERDEN", "versie": 1, "van": None, "tot": None, "artikel6": "", "artikel9": "", "sectorwet": "Participatiewet art. 65",
        "uitleg": "Gegevens van de Participatiewet gaan alleen naar anderen als u hebt opgeschreven dat u daar geen bezwaar tegen hebt.",
        "bijzonder": False, "instemming": "SCHRIFTELIJK_GEEN_BEZWAAR",
    }  # fmt: skip
    assert een(found, "doelen", "ZINGEN") == {
        "code": "ZINGEN", "versie": 1, "van": None, "tot": None, "uitleg": "Zingen in een koor", "domein": "BUURT", "koppelbaar": False,
        "grondslag": {"code": "ZANG", "instemming": "NIET_NODIG"},
        "categorieen": [{"categorie": "IDENTITEIT", "instemming": "NIET_NODIG"}, {"categorie": "KOOR", "instemming": "NIET_NODIG"}],
    }  # fmt: skip
    kruising = {"categorie": "KOOR", "instemming": "UITDRUKKELIJKE_TOESTEMMING"}
    assert kruising in een(found, "doelen", "WMO_ONDERZOEK")["categorieen"]
    assert een(found, "verwerkingsactiviteiten", "KOORZANG") == {
        "code": "KOORZANG", "versie": 1, "uitleg": "Zingen", "doelen": ["ZINGEN"], "rollen": ["GROEPSHOST"],
    }  # fmt: skip
    assert een(found, "verwerkingsactiviteiten", "WMO_ONDERSTEUNING")["rollen"] == ["CRISISDIENST", "REGISSEUR", "TEAMLEIDER", "WIJKTEAM"]
    assert een(found, "gegevenscategorieen", "KOOR")["doelen"] == ["WMO_ONDERZOEK", "ZINGEN"]
    assert een(found, "gegevenscategorieen", "GEZONDHEID")["bijzonder"] is True


async def test_a_purpose_of_the_register_file_is_there_from_its_day_on(wijk: Wijk, vraag: Vrager) -> None:
    neem_over(wijk, WAMS)
    wijk.klok.moment = datetime(2027, 12, 31, 22, 30, tzinfo=UTC)
    ervoor = await vraag.data("REGISSEUR", REGISTER)
    assert "WAMS_AANPAK" not in {each["code"] for lijst in ("doelen", "verwerkingsactiviteiten") for each in ervoor[lijst]}
    assert een(ervoor, "grondslagen", "WAMS")["versie"] == 1
    with pytest.raises(GeenRecht):
        wijk.actor("REGISSEUR", activiteit="WAMS_AANPAK")
    wijk.klok.moment = datetime(2027, 12, 31, 23, 0, tzinfo=UTC)
    actor = wijk.actor("REGISSEUR", activiteit="WAMS_AANPAK")
    erna = await vraag.data(actor, REGISTER)
    assert actor.doelen == ("WAMS_AANPAK",)
    assert een(erna, "doelen", "WAMS_AANPAK")["van"] == "2028-01-01"
    assert een(erna, "verwerkingsactiviteiten", "WAMS_AANPAK")["rollen"] == ["REGISSEUR"]


async def test_oversight_reads_what_was_said_before_and_nobody_else_does(wijk: Wijk, vraag: Vrager) -> None:
    await leg_vast(wijk.wijkwerk)
    wijk.klok.moment = datetime(2027, 5, 1, 9, 0, tzinfo=UTC)
    neem_over(wijk, WAMS)
    await leg_vast(wijk.wijkwerk)
    neem_over(wijk, WAMS.replace("Eén plan", "Eén gezin, één plan"))
    await leg_vast(wijk.wijkwerk)
    for rol in ("FG", "PRIVACY_OFFICER", "ARCHIVARIS"):
        found = await vraag.data(rol, VERSIES, f={"soort": "DOEL", "code": "WAMS_AANPAK"})
        nodes = [edge["node"] for edge in found["registerversies"]["edges"]]
        assert [(node["nummer"], node["inhoud"][1]) for node in nodes] == [(2, "uitleg: Eén gezin, één plan"), (1, "uitleg: Eén plan")]
        assert nodes[0]["inhoud"][0] == "versie 1, van 2028-01-01 tot en met altijd"
        assert nodes[0]["sinds"].startswith("2027-05-01")
        policy = wijk.wijkwerk.toewijzer.policy
        [edge] = found["beleidsversies"]["edges"]
        assert (edge["node"]["nummer"], edge["node"]["kenmerk"], len(edge["node"]["regels"])) == (1, policy.versie, len(policy.regels))
    for rol in set(wijk.wijkwerk.catalogue.rollen) - {"FG", "PRIVACY_OFFICER", "ARCHIVARIS"}:
        assert set(codes(await vraag(rol, VERSIES))) == {"GEEN_RECHT"}, rol
