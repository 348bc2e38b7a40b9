"""A zoo of plugins with one fault each: every one stops the start, and the message names it (design.md 9; 11.6)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Mapped

from wijkwerk import kern, plugins
from wijkwerk.access.levels import N4, N7
from wijkwerk.access.permissions import PUBLIC, Permission
from wijkwerk.access.purposes import Activiteit, Categorie, Doel, Domein, Grondslag
from wijkwerk.access.register import GEZONDHEID, IDENTITEIT
from wijkwerk.access.roles import Rol
from wijkwerk.app import Wijkwerk
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.errors import OpstartFout
from wijkwerk.hookspecs import Declaraties, Hooks, PluginInfo, hookimpl
from wijkwerk.plugins import Plugins
from wijkwerk.records.declare import OpenRecord, PersonRecord, Retention
from wijkwerk.records.fields import subject
from wijkwerk.settings import Settings
from wijkwerk.storage.revisions import Migraties


class Zoodier(PersonRecord):
    """Een record van de dierentuin."""

    owner = "zoo"
    categorie = IDENTITEIT
    niveau = N4
    retention = Retention("eigen", "P1D", "einde")
    lezen = Permission("zoo:lezen", "Proef.")
    schrijven = Permission("zoo:schrijven", "Proef.")
    persoon_id: Mapped[UUID] = subject("Wie")


class Ontsnapt(OpenRecord):
    """Een record met een tabel buiten de dierentuin."""

    owner = "zoo"
    __tablename__ = "elders"
    retention = Zoodier.retention
    lezen = schrijven = PUBLIC


def plugin(naam: str = "zoo", info: Any = None, **hooks: Callable[..., Any]) -> Any:
    """A plugin with these hooks; sound but for what is given."""
    answer = info if callable(info) else lambda: PluginInfo(naam, "Proef.", "1.0") if info is None else info
    return SimpleNamespace(
        __name__=f"wijkwerk_{naam}", plugin_info=hookimpl(answer), **{name: hookimpl(answer) for name, answer in hooks.items()}
    )


def declares(**lists: Any) -> Any:
    def declaraties() -> Declaraties:
        return Declaraties(**lists)

    return plugin(declaraties=declaraties)


def fail() -> Any:
    raise RuntimeError("geheim: Suzanne Moulin")


ZOO: dict[str, Any] = {
    "no plugin_info": SimpleNamespace(__name__="wijkwerk_zoo"),
    "plugin_info that answers something else": plugin(info="zoo"),
    "plugin_info that raises": plugin(info=fail),
    "the name of the core": plugin(naam="core"),
    "declaraties that raises": plugin(declaraties=fail),
    "declaraties of the wrong type": plugin(declaraties=lambda: {"records": ()}),
    "migraties of the wrong type": plugin(migraties=lambda: "hier"),
    "a hook without its mark": SimpleNamespace(plugin_info=plugin().plugin_info, declaraties=Declaraties),
    "a hook that does not exist": plugin(declaratie=lambda: None),
    "a hook with other parameters": plugin(declaraties=lambda core: None),
    "a category of the core": declares(categorieen=[Categorie("GEZONDHEID", "Uw gezondheid", doelen=("PW_UITVOERING",))]),
    "a purpose of the core": declares(doelen=[Doel("PW_UITVOERING", "Alles", Domein.PW, Grondslag("GEEN", "Geen", ""), (GEZONDHEID,))]),
    "a role of the core": declares(rollen=[Rol("DOCK", "medewerker", ("WELZIJNSWERK",), N7, gemeentelijk=True)]),
    "an activity of the core": declares(activiteiten=[Activiteit("TOEZICHT", "Alles", ())]),
    "a permission of the core": declares(permissions=[Permission("persoon:lezen", "Zien.", ("BEHEER",))]),
    "a permission for a role that is not there": declares(permissions=[Permission("zoo:eten", "Eten.", ("OPPASSER",))]),
    "a record of the core": declares(records=[Dossier]),
    "a table outside its prefix": declares(records=[Ontsnapt]),
    "a need for something absent": plugin(info=PluginInfo("zoo", "Proef.", "1.0", {"mantelzorg": ">=0.1"})),
    "a need for a core of the future": plugin(info=PluginInfo("zoo", "Proef.", "1.0", {"core": ">=99"})),
    "a need that can't be read": plugin(info=PluginInfo("zoo", "Proef.", "1.0", {"core": "nieuwste"})),
}


@pytest.mark.parametrize("fault", ZOO)
def test_a_plugin_with_a_fault_stops_the_start_and_nothing_is_made(fault: str, tmp_path: Path) -> None:
    with pytest.raises(OpstartFout) as refused:
        Wijkwerk(Settings(map=tmp_path), [ZOO[fault]]).plugins.migraties()
    assert "Suzanne" not in str(refused.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "fault", ["no plugin_info", "declaraties that raises", "migraties of the wrong type", "a hook with other parameters"]
)
def test_the_message_names_the_plugin(fault: str, tmp_path: Path) -> None:
    with pytest.raises(OpstartFout, match="zoo"):
        Wijkwerk(Settings(map=tmp_path), [ZOO[fault]]).plugins.migraties()


def test_two_plugins_of_one_name_stop_the_start() -> None:
    with pytest.raises(OpstartFout, match="zoo"):
        Plugins([plugin(), plugin()])


def test_a_sound_plugin_adds_its_records_permissions_and_migrations(tmp_path: Path) -> None:
    made = plugin(
        declaraties=lambda: Declaraties(records=(Zoodier,), permissions=(Permission("zoo:voeren", "Voeren.", ("DOCK",)),)),
        migraties=lambda: Migraties(owner="zoo", map=tmp_path, requires=("core",)),
    )
    wijkwerk = Wijkwerk(Settings(map=tmp_path), [made])
    assert wijkwerk.plugins.records()[-1] is Zoodier
    assert {"zoo:lezen", "zoo:schrijven", "zoo:voeren"} <= wijkwerk.catalogue.permissions.keys()
    assert wijkwerk.toewijzer.policy.of(["DOCK"]) >= {"zoo:voeren"}
    assert not wijkwerk.toewijzer.policy.of(["DOCK"]) & {"zoo:lezen", "zoo:schrijven"}
    assert wijkwerk.plugins.migraties()[-1].owner == "zoo"


def test_two_installations_in_one_process_do_not_know_each_others_plugins(tmp_path: Path) -> None:
    with_zoo = Wijkwerk(Settings(map=tmp_path), [declares(records=[Zoodier])])
    without = Wijkwerk(Settings(map=tmp_path), [])
    assert "zoo:lezen" in with_zoo.catalogue.permissions
    assert "zoo:lezen" not in without.catalogue.permissions


def test_an_installed_plugin_that_can_not_be_imported_stops_the_start_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    class Point:
        name = "zoo"

        def load(self) -> Any:
            raise ImportError("wijkwerk_zoo")

    monkeypatch.setattr(plugins, "entry_points", lambda group: [Point()])
    with pytest.raises(OpstartFout, match="zoo"):
        Plugins.installed()


def test_an_installed_plugin_is_found_by_its_own_name_only(monkeypatch: pytest.MonkeyPatch) -> None:
    class Point:
        def __init__(self, name: str) -> None:
            self.name = name

        def load(self) -> Any:
            return plugin()

    monkeypatch.setattr(plugins, "entry_points", lambda group: [Point("zoo")])
    assert list(Plugins.installed().infos) == ["core", "zoo"]
    monkeypatch.setattr(plugins, "entry_points", lambda group: [Point("anders")])
    with pytest.raises(OpstartFout, match="anders"):
        Plugins.installed()


def test_every_hook_is_documented_and_answered_by_the_core_or_a_plugin() -> None:
    hooks = [name for name in vars(Hooks) if not name.startswith("_")]
    answered = {name for module in [kern, *(p for n, p in Plugins.installed().manager.list_name_plugin())] for name in vars(module)}
    assert all((vars(Hooks)[name].__doc__ or "").strip().endswith((".", ")")) for name in hooks)
    assert set(hooks) <= answered
