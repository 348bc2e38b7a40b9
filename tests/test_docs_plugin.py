"""The plugin of docs/plugins is a whole one: it starts, and what it declares is there."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest

from wijkwerk.app import Wijkwerk
from wijkwerk.post.sjablonen import schrijf
from wijkwerk.settings import Settings
from wijkwerk_graphql import kern

BLOKKEN = re.compile(r"^```(python|jinja)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_plugin_of_the_docs_starts_and_its_mail_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (Path(__file__).parents[1] / "docs" / "plugins" / "dagelijks-werk.md").read_text(encoding="utf-8")
    (_, code), (_, plat), (_, html) = BLOKKEN.findall(text)
    package = tmp_path / "wijkwerk_belkring"
    (package / "sjablonen").mkdir(parents=True)
    for name, content in (("__init__.py", code), ("sjablonen/beldag.txt", plat), ("sjablonen/beldag.html", html)):
        (package / name).write_text(content, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    belkring: Any = importlib.import_module("wijkwerk_belkring")

    settings = Settings(map=tmp_path / "data")
    wijkwerk = Wijkwerk(settings, [kern, belkring])
    found = wijkwerk.catalogue
    assert found.taaksoorten["BELKRING_TERUGBELLEN"] == belkring.TERUGBELLEN
    assert (found.werkbronnen["BELRONDE"].record, found.jobs["belkring-opruimen"].stap) == (belkring.Belronde, belkring.ruim_op)
    mail = schrijf(found.berichtsoorten["BELDAG"], {"dag": "maandag 1 maart 2027"}, settings.post)
    assert all("Wij bellen u op maandag 1 maart 2027." in tekst for tekst in (mail.plat, mail.html))
