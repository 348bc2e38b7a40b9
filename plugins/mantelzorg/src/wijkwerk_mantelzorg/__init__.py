"""Mantelzorg: who cares for whom, and how much (domain.md 6). Two persons, two files."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkwerk.hookspecs import Declaraties, PluginInfo, hookimpl
from wijkwerk.storage.revisions import Migraties
from wijkwerk_mantelzorg.relaties import MANTELZORG, Mantelzorgrelatie

if TYPE_CHECKING:
    from wijkwerk.demo.buurt import Buurt


@hookimpl
def plugin_info() -> PluginInfo:
    """Who this plugin is."""
    return PluginInfo("mantelzorg", "Mantelzorg: wie voor wie zorgt, en hoeveel.", version("wijkwerk-mantelzorg"), {"core": ">=0.1"})


@hookimpl
def declaraties() -> Declaraties:
    """The care relation, and the category it belongs to."""
    return Declaraties(records=(Mantelzorgrelatie,), categorieen=(MANTELZORG,))


@hookimpl
def migraties() -> Migraties:
    """The table of care relations."""
    return Migraties(owner="mantelzorg", map=Path(__file__).parent / "migrations", requires=("core",))


@hookimpl
def graphql_types() -> Sequence[type[Any]]:
    """`Persoon.mantelzorgrelaties`, and the mutation that records one."""
    from wijkwerk_mantelzorg.schema import Opdrachten, Persoonsvelden

    return (Persoonsvelden, Opdrachten)


@hookimpl
def demo(buurt: Buurt) -> None:
    """Care relations in the made-up neighbourhood."""
    # not a module named demo: importing it would take the place of this hook
    from wijkwerk_mantelzorg.demobuurt import vul

    vul(buurt)
