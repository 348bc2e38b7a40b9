"""`graphql/schema.graphql` is what the core and all plugins of this repository give: a change in the API is seen in a diff."""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from graphql import build_schema

from wijkwerk.plugins import GROUP, Plugins
from wijkwerk_graphql.schema_command import schema, sdl

ROOT = Path(__file__).parents[2]


def every_plugin() -> Plugins:
    """The plugins of this repository, by their entry points, whether installed or not."""
    found: dict[str, str] = {}
    for file in (ROOT / "pyproject.toml", *sorted(ROOT.glob("plugins/*/pyproject.toml"))):
        found |= tomllib.loads(file.read_text(encoding="utf-8"))["project"].get("entry-points", {}).get(GROUP, {})
    return Plugins([import_module(found[name]) for name in sorted(found)])


def test_the_printed_schema_is_current() -> None:
    printed = (ROOT / "graphql" / "schema.graphql").read_text(encoding="utf-8")
    assert printed == sdl(every_plugin()) + "\n", "run: wijkwerk schema print > graphql/schema.graphql"


def test_the_printed_schema_is_a_schema() -> None:
    built = build_schema((ROOT / "graphql" / "schema.graphql").read_text(encoding="utf-8"))
    assert built.query_type is not None
    assert "personen" in built.query_type.fields


def test_an_argument_that_is_a_code_says_where_the_codes_are() -> None:
    """Of what is asked and changed; a filter takes what an answer gave."""
    built: Any = build_schema(sdl(every_plugin()))
    plaatsen = {"doel": "`doelen`", "categorieen": "`gegevenscategorieen`", "activiteit": "`verwerkingsactiviteiten`"}
    velden = {f"{name}.{field}": args.args for name in ("Query", "Mutation") for field, args in built.type_map[name].fields.items()}
    velden["ToestemmingInvoer"] = built.type_map["ToestemmingInvoer"].fields
    gevonden = [(veld, naam, arg.description or "") for veld, args in velden.items() for naam, arg in args.items() if naam in plaatsen]
    assert len(gevonden) > 9
    gezegd = {"Mutation.overdrachtAanbieden", "Mutation.verwijzingBeperken"}  # the message of a wrong one names those that can be
    assert [each[:2] for each in gevonden if plaatsen[each[1]] not in each[2] and each[0] not in gezegd] == []


def test_the_command_prints_the_schema_of_what_is_installed() -> None:
    result = CliRunner().invoke(schema, ["print"])
    assert result.exit_code == 0
    assert build_schema(result.output).get_type("Query") is not None
