"""The texts of mail: looked through at the start, the same in both parts, and unmoved by what values hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from functools import partial
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from wijkwerk.app import Wijkwerk
from wijkwerk.errors import OpstartFout
from wijkwerk.hookspecs import Declaraties, PluginInfo, hookimpl
from wijkwerk.post.klaarzetten import zet_klaar
from wijkwerk.post.sjablonen import LANGSTE, Sjabloonfout, schrijf
from wijkwerk.post.soorten import AFSPRAAK_GEMAAKT, BERICHTSOORTEN, TAKEN_HERINNERING, Berichtsoort, Ontvanger
from wijkwerk.settings import Postinstellingen, Settings
from wijkwerk.testing.postvak import post
from wijkwerk.testing.wijk import POST, Wijk

VOOR = {"dag": "maandag 5 april 2027", "tijd": "10.00 uur", "wijze": "bij u thuis", "team": "Wijkteam Noord"}
NUMMERS = count()
TUIN = Berichtsoort("TUIN_OPEN", "De tuin is open", Ontvanger.GEBRUIKER, "De tuin is open", ("dag",), timedelta(days=1))
GOED = {
    "txt": '{% extends "basis.txt" %}{% block inhoud %}Open op {{ dag }}.{% endblock %}',
    "html": '{% extends "basis.html" %}{% block inhoud %}<p>Open op {{ dag }}.</p>{% endblock %}',
}
Maak = Callable[..., Any]


@pytest.fixture
def tuin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Maak:
    """A plugin with a kind of message of its own, and templates in its own package; a package that no test had before."""
    pakket = f"wijkwerk_tuin{next(NUMMERS)}"

    def maak(soort: Berichtsoort = TUIN, **sjablonen: str) -> Any:
        folder = tmp_path / pakket / "sjablonen"
        folder.mkdir(parents=True)
        (tmp_path / pakket / "__init__.py").write_text("")
        for ext, bron in sjablonen.items():
            (folder / f"{soort.code.lower()}.{ext}").write_text(bron)
        monkeypatch.syspath_prepend(str(tmp_path))
        own = replace(soort, pakket=pakket)
        return SimpleNamespace(
            __name__="wijkwerk_tuin", soort=own, plugin_info=hookimpl(lambda: PluginInfo("tuin", "Een tuin.", "1.0")),
            declaraties=hookimpl(lambda: Declaraties(berichtsoorten=(own,))),
        )  # fmt: skip

    return maak


def test_a_plugin_brings_its_own_templates_on_the_base_of_the_core(tuin: Maak, tmp_path: Path) -> None:
    plugin = tuin(**GOED)
    wijkwerk = Wijkwerk(Settings(map=tmp_path), [plugin])
    assert wijkwerk.catalogue.berichtsoorten["TUIN_OPEN"] == plugin.soort
    tekst = schrijf(plugin.soort, {"dag": "maandag"}, POST)
    assert "Open op maandag." in tekst.plat
    assert "<p>Open op maandag.</p>" in tekst.html
    assert "Gemeente Voorbeeld" in tekst.plat
    assert '<html lang="nl">' in tekst.html


FOUT: dict[str, tuple[dict[str, str], str]] = {
    "no templates": ({}, "tuin_open.txt"),
    "no html": ({"txt": GOED["txt"]}, "tuin_open.html"),
    "a value that is not declared": (GOED | {"html": GOED["html"] + "{% block x %}{{ naam }}{% endblock %}"}, "'naam'"),
    "a value that is left out": (GOED | {"txt": '{% extends "basis.txt" %}{% block inhoud %}Open.{% endblock %}'}, "'dag'"),
    "broken": (GOED | {"txt": "{% if %}"}, "TemplateSyntaxError"),
    "a filter that is not there": (GOED | {"txt": "{{ dag | bestaatniet }}"}, "TUIN_OPEN"),
    "a base that is not there": (GOED | {"txt": '{% extends "elders.txt" %}{% block inhoud %}{{ dag }}{% endblock %}'}, "TUIN_OPEN"),
}


@pytest.mark.parametrize("wat", FOUT)
def test_a_kind_whose_templates_are_wrong_stops_the_start_and_is_named(tuin: Maak, tmp_path: Path, wat: str) -> None:
    sjablonen, genoemd = FOUT[wat]
    with pytest.raises(OpstartFout) as found:
        Wijkwerk(Settings(map=tmp_path), [tuin(**sjablonen)])
    for word in ("plugin tuin", "TUIN_OPEN", genoemd):
        assert word in str(found.value)


def test_a_kind_that_is_no_mail_needs_no_templates_and_none_takes_a_name_of_all(tuin: Maak, tmp_path: Path) -> None:
    melding = replace(TUIN, onderwerp=None, velden=())
    wijkwerk = Wijkwerk(Settings(map=tmp_path), [tuin(melding)])
    with pytest.raises(Sjabloonfout):
        schrijf(wijkwerk.catalogue.berichtsoorten["TUIN_OPEN"], {}, POST)


def test_a_value_of_a_kind_may_not_have_the_name_of_what_every_mail_has(tuin: Maak, tmp_path: Path) -> None:
    with pytest.raises(OpstartFout, match="TUIN_OPEN een veld 'afzender'"):
        Wijkwerk(Settings(map=tmp_path), [tuin(replace(TUIN, velden=("afzender",)), **GOED)])


def test_a_package_that_is_not_there_stops_the_start(tuin: Maak, tmp_path: Path) -> None:
    plugin = tuin(**GOED)
    plugin.declaraties = hookimpl(lambda: Declaraties(berichtsoorten=(replace(TUIN, pakket="wijkwerk_nergens"),)))
    with pytest.raises(OpstartFout, match="plugin tuin heeft voor bericht TUIN_OPEN"):
        Wijkwerk(Settings(map=tmp_path), [plugin])


TAGS = re.compile(r"<(?!!)[^>]+>|<!DOCTYPE html>")
LEEG = {"meta", "br"}


class Kijker(HTMLParser):
    """Reads HTML and notes what is open, which tags there are, and the text of links."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in LEEG:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "a" in self.open:
            self.links.append(data)


def lichtheid(kleur: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    delen = [int(kleur[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    r, g, b = (deel / 12.92 if deel <= 0.04045 else ((deel + 0.055) / 1.055) ** 2.4 for deel in delen)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("soort", [soort for soort in BERICHTSOORTEN if soort.onderwerp], ids=lambda soort: soort.code)
def test_the_html_is_accessible_and_says_what_the_text_says(soort: Berichtsoort) -> None:
    tekst = schrijf(soort, dict.fromkeys(soort.velden, "WAARDE"), POST)
    kijker = Kijker()
    kijker.feed(tekst.html)
    assert kijker.open == []
    namen = [tag for tag, _ in kijker.tags]
    assert not {"img", "script", "link", "style", "form", "iframe"} & set(namen)
    assert namen.count("h1") == namen.count("title") == 1
    assert all(attrs.get("role") == "presentation" for tag, attrs in kijker.tags if tag == "table")
    stijl = " ".join(str(attrs.get("style", "")) for _, attrs in kijker.tags)
    kleuren = re.findall(r"(?<!-)color:(#[0-9a-f]{6})", stijl)
    assert kleuren
    assert all(1.05 / (lichtheid(kleur) + 0.05) >= 4.5 for kleur in kleuren)
    assert all("werkplek" in link for link in kijker.links)
    assert len(kijker.links) == (0 if soort.voor is Ontvanger.INWONER else 1)
    zinnen = [zin.strip() for zin in re.split(r"[.?!:\n]", tekst.plat) if len(zin.split()) > 1 and "//" not in zin]
    plat_uit_html = " ".join(TAGS.sub(" ", tekst.html).split())
    assert len(zinnen) > 3
    assert not [zin for zin in zinnen if " ".join(zin.split()) not in plat_uit_html]


def test_one_task_is_not_called_tasks_and_an_answer_that_is_read_is_invited() -> None:
    assert "U hebt 1 taak die" in schrijf(TAKEN_HERINNERING, {"aantal": "1"}, POST).plat
    gelezen = POST.model_copy(update={"antwoord_aan": "team@voorbeeld.nl"})
    texts = [schrijf(AFSPRAAK_GEMAAKT, VOOR, instellingen).plat for instellingen in (POST, gelezen)]
    assert ["U kunt op deze e-mail antwoorden." in text for text in texts] == [False, True]
    assert ["U kunt op deze e-mail niet antwoorden." in text for text in texts] == [True, False]


GEMEEN: dict[str, tuple[str, str]] = {
    "html": ('<script>alert("x")</script>&amp;', '<script>alert("x")</script>&amp;'),
    "a header": ("x\r\nBcc: ander@voorbeeld.nl\r\n\r\nx", "x Bcc: ander@voorbeeld.nl x"),
    "every line end": ("a\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h\x00i", "a b c d e f g h i"),
    "bidi": ("Wijk\u202etrooN\u202c \u2066team\u2069\u200f", "WijktrooN team"),
    "a template": ("{{ afzender }}{% raw %}", "{{ afzender }}{% raw %}"),
    "many languages": ("Wijkteam Çağlar – حي الشمال 北 🏡 e\u0301", "Wijkteam Çağlar – حي الشمال 北 🏡 e\u0301"),
    "as long as fits": ("ë" * LANGSTE, "ë" * LANGSTE),
    "nothing": ("", ""),
}


@pytest.mark.anyio
@pytest.mark.parametrize("wat", GEMEEN)
async def test_a_value_stays_a_value_in_the_mail_as_it_is_sent(wijk_vlug: Wijk, wat: str) -> None:
    """In the text as it is, in the HTML escaped; the headers are those of any other mail, and every byte is ASCII."""
    waarde, verwacht = GEMEEN[wat]
    for team in ("Noord", waarde):
        naar = partial(zet_klaar, aan="een@voorbeeld.nl", van_wie=wijk_vlug.WIJKTEAM, waarden=VOOR | {"team": team})
        await wijk_vlug.schrijf("WIJKTEAM", partial(naar, soort=AFSPRAAK_GEMAAKT))
    gewoon, gemeen = await post(wijk_vlug)
    assert koppen(gemeen.mail) == koppen(gewoon.mail)
    assert gemeen.mime is not None
    assert gemeen.mime.isascii()
    assert max(map(len, gemeen.mime.split("\r\n"))) <= 998
    assert "\n" not in gemeen.mime.replace("\r\n", "")
    assert f"U hebt een afspraak met {verwacht}." in gemeen.tekst("plain").replace("\r\n", "\n")
    kijker = Kijker()
    kijker.feed(gemeen.tekst("html"))
    assert "script" not in [tag for tag, _ in kijker.tags]


def koppen(mail: EmailMessage) -> list[tuple[str, str]]:
    """The headers, without what differs between any two mails."""
    return [(name, str(value)) for name, value in mail.items() if name not in ("Message-ID", "Content-Type", "Date")]


ONGESCHIKT: dict[str, dict[str, str]] = {
    "missing": {name: VOOR[name] for name in ("dag", "tijd")},
    "extra": VOOR | {"naam": "kanarie"},
    "too long": VOOR | {"team": "kanarie" * 100},
    "half a sign": VOOR | {"team": "kanarie\ud800"},
}


@pytest.mark.parametrize("wat", ONGESCHIKT)
def test_values_that_do_not_fit_are_refused_and_not_told(wat: str) -> None:
    with pytest.raises(Sjabloonfout) as found:
        schrijf(AFSPRAAK_GEMAAKT, ONGESCHIKT[wat], POST)
    assert "AFSPRAAK_GEMAAKT" in str(found.value)
    assert "kanarie" not in str(found.value)


def test_what_a_template_does_wrong_with_a_value_does_not_tell_the_value(tuin: Maak, tmp_path: Path) -> None:
    """It goes well with the value that the start tries."""
    plugin = tuin(**GOED | {"txt": "{{ {'1': 1}[dag].real }}"})
    Wijkwerk(Settings(map=tmp_path), [plugin])
    with pytest.raises(Sjabloonfout) as found:
        schrijf(plugin.soort, {"dag": "kanarie"}, POST)
    assert "kanarie" not in str(found.value)
    assert found.value.__suppress_context__


INSTELLINGEN: dict[str, dict[str, Any]] = {
    "no address": {"afzender_adres": "wijkteam"},
    "an address that not every server takes": {"afzender_adres": "één@voorbeeld.nl"},
    "a header in the name": {"afzender_naam": "x\r\nBcc: y@voorbeeld.nl"},
    "a domain with a space": {"domein": "voorbeeld nl"},
    "a workplace without encryption": {"werkplek": "http://werkplek.voorbeeld.nl"},
    "a workplace that is a script": {"werkplek": 'https://x" onclick="y'},
}


@pytest.mark.parametrize("wat", INSTELLINGEN)
def test_settings_that_can_not_be_are_refused(wat: str) -> None:
    with pytest.raises(ValueError, match=next(iter(INSTELLINGEN[wat]))):
        Postinstellingen(**INSTELLINGEN[wat])
