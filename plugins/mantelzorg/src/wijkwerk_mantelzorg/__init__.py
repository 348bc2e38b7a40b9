"""Mantelzorg: who cares for whom, and how much (domain.md 6). Two persons, two files."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkwerk.hookspecs import Declaraties, PluginInfo, hookimpl
from wijkwerk.storage.revisions import Migraties
from wijkwerk_mantelzorg.relaties import MANTELZORG, Mantelzorgrelatie
from wijkwerk_mantelzorg.verklaringen import MAKEN, MANTELZORGVERKLARING, VERIFIEREN, Mantelzorgverklaring

if TYPE_CHECKING:
    from wijkwerk.demo.buurt import Buurt


@hookimpl
def plugin_info() -> PluginInfo:
    """Who this plugin is."""
    return PluginInfo("mantelzorg", "Mantelzorg: wie voor wie zorgt, en hoeveel.", version("wijkwerk-mantelzorg"), {"core": ">=0.1"})


@hookimpl
def declaraties() -> Declaraties:
    """The care relation and the statement, each with its own category: only the statement may cross to another act."""
    return Declaraties(
        records=(Mantelzorgrelatie, Mantelzorgverklaring), categorieen=(MANTELZORG, MANTELZORGVERKLARING), permissions=(MAKEN, VERIFIEREN)
    )


@hookimpl
def migraties() -> Migraties:
    """The tables of care relations and statements."""
    return Migraties(owner="mantelzorg", map=Path(__file__).parent / "migrations", requires=("core",))


@hookimpl
def graphql_types() -> Sequence[type[Any]]:
    """Care relations and statements of a resident, the list of statements, and what records them."""
    from wijkwerk_mantelzorg.schema import Opdrachten, Persoonsvelden, Verklaringopdrachten, Verklaringvragen

    return (Persoonsvelden, Verklaringvragen, Opdrachten, Verklaringopdrachten)


@hookimpl
def demo(buurt: Buurt) -> None:
    """Care relations in the made-up neighbourhood."""
    # not a module named demo: importing it would take the place of this hook
    from wijkwerk_mantelzorg.demobuurt import vul

    vul(buurt)
