"""How Alembic is told about one owner's tables: a script folder and a version table of its own (libraries.md 1, approach B)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData
from sqlalchemy.types import TypeEngine

from . import columns
from .metadata import metadata

VERSION_PREFIX = "schema_version_"

_ENVIRONMENT = Path(__file__).parent / "alembic_env"


@dataclass(frozen=True, slots=True, kw_only=True)
class Migraties:
    """The migrations of one owner (the core, its keys, a plugin).

    `map` is the folder that holds `versions/`; `requires` names owners that go first; `keys` says that its tables live
    with the wrapped keys. `tables` holds the tables as declared, each with `info={"owner": owner}`.
    """

    owner: str
    map: Path
    requires: tuple[str, ...] = ()
    keys: bool = False
    tables: MetaData = field(default=metadata, repr=False)

    @property
    def version_table(self) -> str:
        return VERSION_PREFIX + self.owner

    def claims(self, table: str) -> bool:
        """Whether this owner declares the table; a table that nobody declares is nobody's to change or drop."""
        declared = self.tables.tables.get(table)
        return declared is not None and declared.info.get("owner") == self.owner


def config(owner: Migraties, connection: Connection) -> Config:
    """What `alembic.command` needs: no ini file, the caller's connection and transaction."""
    made = _scripts(owner.map / "versions")
    made.attributes["options"] = {"connection": connection, **_options(owner)}
    return made


def context(owner: Migraties, connection: Connection) -> MigrationContext:
    """For looking only: the current revision, and what differs from the declared tables."""
    return MigrationContext.configure(connection, opts=_options(owner))


def head(owner: Migraties) -> str | None:
    """The newest revision in the owner's folder; None when it has none."""
    versions = owner.map / "versions"
    return _head(versions, frozenset(file.name for file in versions.glob("*.py")))


@lru_cache(maxsize=32)
def _head(versions: Path, _files: frozenset[str]) -> str | None:
    # Alembic runs every revision to find the last: once per process is enough while there are the same
    return ScriptDirectory.from_config(_scripts(versions)).get_current_head()


def _scripts(versions: Path) -> Config:
    made = Config()
    made.set_main_option("script_location", _plain(_ENVIRONMENT))
    made.set_main_option("version_locations", _plain(versions))
    made.set_main_option("path_separator", "newline")
    return made


def _options(owner: Migraties) -> dict[str, Any]:
    return {
        "target_metadata": owner.tables,
        "version_table": owner.version_table,
        "include_object": _only_of(owner),
        "render_item": _render,
        "render_as_batch": True,
        "compare_type": True,
        "transaction_per_migration": True,
    }


def _only_of(owner: Migraties) -> Callable[[Any, str | None, str, bool, Any], bool]:
    def include(_item: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
        return kind != "table" or owner.claims(name or "")

    return include


def _render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    if kind != "type" or not isinstance(item, TypeEngine) or not type(item).__module__.startswith("wijkwerk"):
        return False
    if isinstance(item, columns.Uuid16 | columns.Tijdstip):
        autogen.imports.add("from wijkwerk.storage import columns")
        return f"columns.{type(item).__name__}()"
    autogen.imports.add(f"import {type(item).__module__}")
    return False


def _plain(path: Path) -> str:
    # ConfigParser reads % as the start of an interpolation
    return str(path).replace("%", "%%")
