"""Tegenprestatie, from 2027 maatschappelijke participatie (domain.md 5). Declares itself; its records are not built yet."""

from __future__ import annotations

from importlib.metadata import version

from wijkwerk.hookspecs import PluginInfo, hookimpl


@hookimpl
def plugin_info() -> PluginInfo:
    """Who this plugin is, and what it needs."""
    return PluginInfo(
        naam="tegenprestatie",
        uitleg="Tegenprestatie, vanaf 2027 maatschappelijke participatie: afspraken en uren.",
        versie=version("wijkwerk-tegenprestatie"),
        vereist={"core": ">=0.1"},
    )
