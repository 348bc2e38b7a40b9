"""The house rules that a machine can check (CONTRIBUTING.md)."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import entry_points
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PLUGINS = ("buurtgroepen", "mantelzorg", "tegenprestatie", "vrijwilligerspool")
MAX_LINES = 400
LONG_FUNCTION = 35
LONG_FILES = {
    "core/src/wijkwerk/migrations/core/versions/core_0001_kern.py": "a revision is history: all first tables at once, never edited again",
    "core/src/wijkwerk/migrations/core/versions/core_0002_personen.py": "the same, for what a register of residents has beside them",
    "core/src/wijkwerk/migrations/core/versions/core_0003_dagelijks_werk.py": "the same, for the daily work of a team",
    "core/src/wijkwerk/migrations/core/versions/core_0004_toegang.py": "the same, for who is let in",
    "core/src/wijkwerk/migrations/core/versions/core_0005_notities.py": "the same, for notes and what is done with keys",
    "core/src/wijkwerk/log/verify.py": "one file on purpose: an auditor copies it to a machine of their own, and reads it whole",
}
REGISTRY_HOSTS = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("yarnpkg", "com"))]
HOME_FOLDERS = re.compile(rb"(?<![\w.*<>~-])/(?:home|root|work|Users|opt/\w*venv)/[\w.]")
PIN = re.compile(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+")


def tracked(*patterns: str) -> list[Path]:
    """The files of the repository; a file that is deleted but not yet committed is left out."""
    names = subprocess.run(["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in names.split("\0") if name and (path := ROOT / name).is_file()]


def sources() -> list[Path]:
    """Every Python module that is shipped."""
    return [path for path in tracked("core/src", "graphql/src", "plugins/*/src") if path.suffix == ".py"]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(
    "folder", ["core", "graphql", "plugins", "tests", "core/tests", "graphql/tests", *(f"plugins/{name}/tests" for name in PLUGINS)]
)
def test_folder_is_not_a_python_package(folder: str) -> None:
    assert not (ROOT / folder / "__init__.py").exists()


def test_the_folder_graphql_does_not_hide_graphql_core() -> None:
    program = "import graphql; graphql.parse('{a}'); print(graphql.__file__)"
    found = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert "site-packages" in found


def test_no_file_names_the_host_of_a_registry() -> None:
    hosts = [host.encode() for host in REGISTRY_HOSTS]
    assert [relative(path) for path in tracked() if any(host in path.read_bytes().lower() for host in hosts)] == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert [relative(path) for path in tracked() if HOME_FOLDERS.search(path.read_bytes())] == []


@pytest.mark.parametrize("text", ["see /home" + "/someone/x", "'/work" + "/main'", "file:///root" + "/x"])
def test_the_search_for_paths_of_machines_finds_them(text: str) -> None:
    assert HOME_FOLDERS.search(text.encode())


def constraint_lines() -> list[str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_constraints_hold_exact_pins_only_each_once() -> None:
    assert [line for line in constraint_lines() if not PIN.fullmatch(line)] == []
    names = Counter(canonicalize_name(line.partition("==")[0]) for line in constraint_lines())
    assert [name for name, times in names.items() if times > 1] == []


def declared_requirements() -> Iterator[Requirement]:
    """What the five distributions and the development file ask for, our own distributions left out."""
    lines = [line for line in (ROOT / "requirements-dev.txt").read_text().splitlines() if re.match(r"\w", line)]
    for path in [ROOT / "pyproject.toml", *sorted(ROOT.glob("plugins/*/pyproject.toml"))]:
        content = tomllib.loads(path.read_text())
        extras = content["project"].get("optional-dependencies", {})
        lines += [*content["build-system"]["requires"], *content["project"]["dependencies"]]
        lines += chain.from_iterable(extra for name, extra in extras.items() if name != "plugins")
    return (requirement for line in lines if not (requirement := Requirement(line)).name.startswith("wijkwerk"))


def test_every_requirement_is_pinned_at_a_version_it_accepts() -> None:
    pins = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in constraint_lines())}
    missing = [str(req) for req in declared_requirements() if pins.get(canonicalize_name(req.name), "") not in req.specifier]
    assert missing == []


def test_all_four_plugins_are_installed_and_say_who_they_are() -> None:
    found = {point.name: point.load() for point in entry_points(group="wijkwerk.plugins")}
    assert set(found) == {*PLUGINS, "graphql"}  # the core's own part of the schema speaks through the same hooks
    assert {name: module.plugin_info().naam for name, module in found.items()} == {name: name for name in found}


def test_every_plugin_is_named_by_the_extra_and_by_the_development_file() -> None:
    assert {path.parent.name for path in ROOT.glob("plugins/*/pyproject.toml")} == set(PLUGINS)
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["plugins"]
    assert {line.rpartition("/")[2] for line in extra} == set(PLUGINS)
    assert set(re.findall(r"^-e \./plugins/(\w+)$", (ROOT / "requirements-dev.txt").read_text(), re.MULTILINE)) == set(PLUGINS)


def yaml_keys(text: str) -> set[str]:
    """The dotted keys of a YAML file of nested mappings, two spaces a level: all that publiccode.yml needs."""
    path: list[str] = []
    keys = set()
    for match in re.finditer(r"^((?:  )*)([A-Za-z]+):", text, re.MULTILINE):
        path = [*path[: len(match[1]) // 2], match[2]]
        keys.add(".".join(path))
    return keys


def test_publiccode_has_the_keys_the_standard_requires() -> None:
    """publiccode.yml 0.5, core schema; `contacts` is required for a project of type community."""
    described = {
        f"description.{language}.{key}" for language in ("nl", "en") for key in ("shortDescription", "longDescription", "features")
    }
    required = {
        *("publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType", "legal.license"),
        *("maintenance.type", "maintenance.contacts", "localisation.localisationReady", "localisation.availableLanguages"),
    }
    assert (required | described) - yaml_keys((ROOT / "publiccode.yml").read_text()) == set()


def test_publiccode_and_every_distribution_name_one_version() -> None:
    versions = {
        tomllib.loads(path.read_text())["project"]["version"] for path in [ROOT / "pyproject.toml", *ROOT.glob("plugins/*/pyproject.toml")]
    }
    versions |= set(re.findall(r"^softwareVersion: (\S+)$", (ROOT / "publiccode.yml").read_text(), re.MULTILINE))
    assert len(versions) == 1


def test_names_of_test_files_are_unique() -> None:
    names = Counter(path.name for path in tracked("*/test_*.py"))
    assert [name for name, times in names.items() if times > 1] == []


def test_source_files_are_small_and_exemptions_are_needed() -> None:
    too_long = {relative(path) for path in sources() if len(path.read_text().splitlines()) > MAX_LINES}
    assert too_long == set(LONG_FILES)


def test_nine_functions_in_ten_are_short() -> None:
    nodes = [node for path in sources() for node in ast.walk(ast.parse(path.read_text()))]
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    short = [node for node in functions if (node.end_lineno or 0) - node.lineno + 1 < LONG_FUNCTION]
    assert functions
    assert len(short) >= 0.9 * len(functions)


def test_whatever_builds_on_records_is_in_the_contract_that_records_know_none_of_it() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [above] = [contract["layers"][0] for contract in contracts if contract["name"] == "records and access know no domain module"]
    folder = ROOT / "core/src/wijkwerk"
    builds = {
        path.relative_to(folder).parts[0].removesuffix(".py")
        for path in sources()
        if folder in path.parents and re.search(r"^from wijkwerk\.records", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert builds - {"access", "records", "migrations"} <= set(re.findall(r"\((\w+)\)", above))


def test_every_decision_is_called_by_its_number() -> None:
    found = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [path.name[:4] for path in found] == [f"{number:04d}" for number in range(1, len(found) + 1)]
    assert [path.name for path in found if not path.read_text(encoding="utf-8").startswith(f"# {path.name[:4]}. ")] == []


def test_every_error_of_a_room_is_on_the_list_of_errors() -> None:
    listed = (ROOT / "core/src/wijkwerk/errors.py").read_text(encoding="utf-8").split('"""')[1]
    known = set(re.findall(r"\b[A-Z]\w+", listed))
    nodes = [
        node for path in tracked("core/src/*.py", "graphql/src/*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    ]
    parents = {node.name: {ast.unparse(base) for base in node.bases} for node in nodes if isinstance(node, ast.ClassDef)}
    assert {name for name, bases in parents.items() if bases & (known - {"HttpFout"})} <= known


def test_the_verifier_of_the_log_stands_alone() -> None:
    """Nobody should have to trust the system that is verified: standard library and `cryptography` only (design.md 7)."""
    tree = ast.parse((ROOT / "core/src/wijkwerk/log/verify.py").read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {"." * node.level + (node.module or "") for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} - sys.stdlib_module_names == {"cryptography"}


CORE_ONLY = {
    "core_connection", "kijker", "find_any", "get_whole", "grant", "changed", "als", "connection", "keyring", "database", "journal",
}  # fmt: skip


def test_no_plugin_goes_past_the_reader_and_the_session() -> None:
    """What these names reach has no scope, no check and no log (design.md 9); core services use them, plugins have no reason to."""
    named = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.attr}"
        for path in ROOT.glob("plugins/*/src/**/*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in CORE_ONLY
    ]
    assert named == []
