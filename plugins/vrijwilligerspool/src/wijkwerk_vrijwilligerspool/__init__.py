"""Vrijwilligerspool: volunteers, jobs and call-outs (domain.md 7). Declares itself; its records are not built yet."""

from __future__ import annotations

from importlib.metadata import version

from wijkwerk.hookspecs import PluginInfo, hookimpl


@hookimpl
def plugin_info() -> PluginInfo:
    """Who this plugin is, and what it needs."""
    return PluginInfo(
        naam="vrijwilligerspool",
        uitleg="Vrijwilligers, klussen en oproepen.",
        versie=version("wijkwerk-vrijwilligerspool"),
        vereist={"core": ">=0.1"},
    )
