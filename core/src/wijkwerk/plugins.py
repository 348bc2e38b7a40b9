"""Find, order and check plugins. Whatever is wrong stops the start, naming the plugin (design.md 9; peers.md C.9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import entry_points
from typing import Any

import pluggy
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from wijkwerk import kern
from wijkwerk.access.permissions import PUBLIC, Permission
from wijkwerk.errors import OpstartFout
from wijkwerk.hookspecs import PROJECT, Declaraties, Hooks, PluginInfo
from wijkwerk.post import sjablonen
from wijkwerk.records.declare import Record
from wijkwerk.storage.migrate import in_order
from wijkwerk.storage.revisions import Migraties

GROUP = "wijkwerk.plugins"
CORE = "core"
_HOOKS = tuple(name for name in vars(Hooks) if not name.startswith("_"))


class Plugins:
    """The core and the plugins of one installation, checked. Several live in one process (design.md 9)."""

    def __init__(self, modules: Sequence[Any]) -> None:
        self.manager = pluggy.PluginManager(PROJECT)
        self.manager.add_hookspecs(Hooks)
        self.infos: dict[str, PluginInfo] = {}
        for module in (kern, *modules):
            self._register(module)
        self._check_hooks()
        self._check_required()

    @classmethod
    def installed(cls) -> Plugins:
        """The plugins that are installed beside the core. Raises OpstartFout naming one that can't be imported, or has another name."""
        points = sorted(entry_points(group=GROUP), key=lambda point: point.name)
        found = cls([_load(point) for point in points])
        if strangers := {point.name for point in points} - found.infos.keys():
            raise OpstartFout(f"De plugin {min(strangers)} noemt zichzelf anders. Gebruik bij plugin_info() dezelfde naam.")
        return found

    def _register(self, module: Any) -> None:
        info = _info(module)
        if info.naam in self.infos:
            raise OpstartFout(f"Er zijn twee plugins met de naam {info.naam!r}. Verwijder er een.")
        self.infos[info.naam] = info
        try:
            self.manager.register(module, name=info.naam)
        except pluggy.PluginValidationError as error:
            raise OpstartFout(f"De plugin {info.naam} beantwoordt een hook met andere parameters: {error}") from error
        if unmarked := [hook for hook in _HOOKS if callable(getattr(module, hook, None)) and info.naam not in self._implementations(hook)]:
            raise OpstartFout(f"De plugin {info.naam} heeft een functie {unmarked[0]}, maar zonder @hookimpl. Zet dat erboven.")

    def _implementations(self, hook: str) -> dict[str, pluggy.HookImpl]:
        return {found.plugin_name: found for found in getattr(self.manager.hook, hook).get_hookimpls()}

    def _check_hooks(self) -> None:
        try:
            self.manager.check_pending()
        except pluggy.PluginValidationError as error:
            raise OpstartFout(f"Een plugin kent een hook die niet bestaat: {error}") from error

    def _check_required(self) -> None:
        for info in self.infos.values():
            for name, bound in info.vereist.items():
                found = self.infos.get(name)
                if found is None or not _fits(info.naam, found.versie, bound):
                    raise OpstartFout(f"De plugin {info.naam} heeft {name} {bound} nodig. Installeer die versie.")

    def answers(self, hook: str, kind: type[Any], **given: Any) -> list[tuple[str, Any]]:
        """What each plugin answers to a hook, core first. Raises OpstartFout naming the plugin that raises or answers something else."""
        found = []
        implementations = self._implementations(hook)
        for name in filter(implementations.__contains__, self.infos):
            try:
                value = implementations[name].function(**given)
            except Exception as error:
                raise OpstartFout(
                    f"De plugin {name} faalt in {hook}(): {type(error).__name__}. Herstel of verwijder deze plugin."
                ) from error
            if not isinstance(value, kind):
                raise OpstartFout(f"De plugin {name} geeft bij {hook}() een {type(value).__name__}; het moet {kind.__name__} zijn.")
            found.append((name, value))
        return found

    def declaraties(self) -> list[Declaraties]:
        """The declarations of all, core first: each record checked to be its plugin's own, each kind of mail to have its templates."""
        found = self.answers("declaraties", Declaraties)
        for name, declared in found:
            for record in declared.records:
                _own(name, record)
            for soort in declared.berichtsoorten:
                sjablonen.keur(name, soort)
        return [declared for _, declared in found]

    def records(self) -> list[type[Record]]:
        """All records, core first."""
        return [record for declared in self.declaraties() for record in declared.records]

    def permissions(self) -> list[Permission]:
        """All permissions: declared ones, and those of the records."""
        found: list[Permission] = [PUBLIC]
        for declared in self.declaraties():
            found += [*declared.permissions, *(p for record in declared.records for p in _of_record(record))]
        return list(dict.fromkeys(found))

    def migraties(self) -> list[Migraties]:
        """Histories of tables, in order: keys, core, plugins."""
        return in_order([*kern.SLEUTELS, *(value for _, value in self.answers("migraties", Migraties))])


def _load(point: Any) -> Any:
    try:
        return point.load()
    except Exception as error:
        raise OpstartFout(
            f"De plugin {point.name} kan niet worden geladen ({type(error).__name__}). Herstel of verwijder deze plugin."
        ) from error


def _info(module: Any) -> PluginInfo:
    name = getattr(module, "__name__", type(module).__name__)
    try:
        info = module.plugin_info()
    except Exception as error:
        raise OpstartFout(f"De plugin {name} zegt niet wie hij is: plugin_info() faalt met {type(error).__name__}.") from error
    if not isinstance(info, PluginInfo):
        raise OpstartFout(f"De plugin {name} zegt niet wie hij is: plugin_info() moet een PluginInfo geven.")
    return info


def _fits(name: str, versie: str, bound: str) -> bool:
    try:
        return SpecifierSet(bound).contains(versie, prereleases=True)
    except InvalidSpecifier as error:
        raise OpstartFout(f"De plugin {name} noemt een versie die niet te lezen is. Schrijf bijvoorbeeld '>=0.1'.") from error


def _own(name: str, record: type[Record]) -> None:
    if record.owner != name:
        raise OpstartFout(f"De plugin {name} geeft het record {record.__name__} aan, maar dat is van {record.owner}.")
    if name != CORE and not record.__tablename__.startswith(f"{name}_"):
        raise OpstartFout(f"De plugin {name} geeft het record {record.__name__} een tabel zonder eigen voorvoegsel. Noem die {name}_...")


def _of_record(record: type[Record]) -> Iterable[Permission]:
    yield record.lezen
    yield record.schrijven
    yield from (veld.requires for veld in record.velden.values() if veld.requires is not None)
