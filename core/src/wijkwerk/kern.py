"""The core as its own first plugin: it says what it has through the same hooks (design.md 9)."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from wijkwerk import register
from wijkwerk.hookspecs import Declaraties, PluginInfo, hookimpl
from wijkwerk.storage.revisions import Migraties

_MIGRATIONS = Path(__file__).parent / "migrations"
SLEUTELS = (Migraties(owner="sleutels", map=_MIGRATIONS / "sleutels", keys=True),)


@hookimpl
def plugin_info() -> PluginInfo:
    """The core."""
    return PluginInfo("core", "De kern: personen, toestemming, dossiers, notities, betrokkenheid en het inzagelog.", version("wijkwerk"))


@hookimpl
def declaraties() -> Declaraties:
    """The closed lists of the core."""
    return register.CORE


@hookimpl
def migraties() -> Migraties:
    """The tables of the core."""
    return Migraties(owner="core", map=_MIGRATIONS / "core")
