"""The contract with plugins: what one may say. Short, typed, and the core speaks through it first (design.md 9).

A plugin is a module with `@hookimpl` functions, found through the entry-point group `wijkwerk.plugins`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pluggy

from wijkwerk.access.permissions import Permission
from wijkwerk.access.purposes import Activiteit, Categorie, Doel, Grondslag
from wijkwerk.access.roles import Rol
from wijkwerk.jobs.job import Job
from wijkwerk.post.soorten import Berichtsoort
from wijkwerk.storage.revisions import Migraties
from wijkwerk.taken.bron import Werkbron
from wijkwerk.taken.soorten import Taaksoort

if TYPE_CHECKING:
    from wijkwerk.demo.buurt import Buurt
    from wijkwerk.records.declare import Record

PROJECT = "wijkwerk"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """Who a plugin is. `vereist` maps a plugin name (or "core") to a version bound such as `>=0.1`."""

    naam: str
    uitleg: str
    versie: str
    vereist: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Declaraties:
    """What a plugin adds to the closed lists. The permissions of its records come along by themselves.

    The grounds of its purposes come along by themselves; `grondslagen` is for those that no purpose rests on yet.
    `werkbronnen`: which of its own records stand on the work list of who has to do something with them.
    """

    records: Sequence[type[Record]] = ()
    permissions: Sequence[Permission] = ()
    categorieen: Sequence[Categorie] = ()
    grondslagen: Sequence[Grondslag] = ()
    doelen: Sequence[Doel] = ()
    activiteiten: Sequence[Activiteit] = ()
    rollen: Sequence[Rol] = ()
    taaksoorten: Sequence[Taaksoort] = ()
    berichtsoorten: Sequence[Berichtsoort] = ()
    werkbronnen: Sequence[Werkbron] = ()
    jobs: Sequence[Job] = ()


class Hooks:
    """The hooks. Each is called once, when the system is put together; a wrong return type stops the start."""

    @hookspec
    def plugin_info(self) -> PluginInfo:  # type: ignore[empty-body] # a specification
        """Who you are: every plugin answers this one. The entry-point name must be `naam`."""

    @hookspec
    def declaraties(self) -> Declaraties:  # type: ignore[empty-body] # a specification
        """Your records, permissions, categories, purposes, activities and roles. What is not declared does not exist."""

    @hookspec
    def migraties(self) -> Migraties:  # type: ignore[empty-body] # a specification
        """Where the Alembic revisions of your tables are. Needed when you declare records."""

    @hookspec
    def graphql_types(self) -> Sequence[type[Any]]:  # type: ignore[empty-body] # a specification
        """Your parts of the schema: types, and extensions made with `wijkwerk_graphql.extend`."""

    @hookspec
    def demo(self, buurt: Buurt) -> None:
        """Add made-up data of your own to the made-up neighbourhood of `wijkwerk demo`."""
