"""Buurtgroepen: neighbourhood groups, activities and rooms (domain.md 8). Declares itself; its records are not built yet."""

from __future__ import annotations

from importlib.metadata import version

from wijkwerk.hookspecs import PluginInfo, hookimpl


@hookimpl
def plugin_info() -> PluginInfo:
    """Who this plugin is, and what it needs."""
    return PluginInfo(
        naam="buurtgroepen",
        uitleg="Buurtgroepen, activiteiten en ruimtes in de wijk.",
        versie=version("wijkwerk-buurtgroepen"),
        vereist={"core": ">=0.1"},
    )
