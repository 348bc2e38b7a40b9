"""What the README shows of the API fits the printed schema: a field that is renamed there is renamed here too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SCHEMA = build_schema((ROOT / "graphql/schema.graphql").read_text(encoding="utf-8"))


def documents() -> list[str]:
    """One by one: of the blocks with only GraphQL, of the shell function `vraag`, and of the questions as JSON."""
    blocks = "\n".join(re.findall(r"```graphql\n(.*?)```", README, re.DOTALL))
    alone = re.split(r"\n(?=[a-z{])", blocks.strip())
    asked = re.findall(r"^vraag \S+ '(.*)'$", README, re.MULTILINE)
    posted = [text.replace('\\"', '"') for text in re.findall(r"""-d '\{"query": "(.*)"\}'""", README)]
    return [*alone, *asked, *posted, *re.findall(r"`((?:mutation|query) \{[^`]*\})`", README)]


def test_there_are_documents_of_each_kind() -> None:
    assert len(documents()) >= 15


@pytest.mark.parametrize("document", documents(), ids=[str(number) for number in range(len(documents()))])
def test_what_the_readme_asks_fits_the_schema(document: str) -> None:
    assert [error.message for error in validate(SCHEMA, parse(document))] == []
