"""Fields with one response name are compared pairwise by validation: a document that repeats a name too often is refused before that.

Counted as graphql-core compares them (GraphQL specification, 5.3.2): inline fragments and fragment spreads belong to the field that
they are in, and the selections of fields with one response name are merged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from graphql import DocumentNode, FieldNode, FragmentDefinitionNode, InlineFragmentNode, OperationDefinitionNode, SelectionSetNode

MAX_SAME_NAME, MAX_STEPS = 30, 20_000

Fragments: TypeAlias = Mapping[str, list[SelectionSetNode]]


def repeats(document: DocumentNode) -> bool:
    """Whether a response name is used too often in one place, or finding that out takes too many steps."""
    fragments = _fragments(document)
    todo = [[node.selection_set] for node in document.definitions if isinstance(node, OperationDefinitionNode | FragmentDefinitionNode)]
    seen: set[frozenset[int]] = set()
    steps = 0
    while todo:
        sets = todo.pop()
        place = frozenset(map(id, sets))
        if place in seen:
            continue
        seen.add(place)
        fields, taken = _merged(sets, fragments)
        steps += taken
        if steps > MAX_STEPS or any(len(group) > MAX_SAME_NAME for group in fields):
            return True
        todo += [list(_below(group)) for group in fields]
    return False


def _fragments(document: DocumentNode) -> Fragments:
    """All definitions of a name: that there is only one, is for validation to say."""
    found = defaultdict(list)
    for node in document.definitions:
        if isinstance(node, FragmentDefinitionNode):
            found[node.name.value].append(node.selection_set)
    return dict(found)


def _merged(sets: Iterable[SelectionSetNode], fragments: Fragments) -> tuple[list[list[FieldNode]], int]:
    """The fields of these selections by response name, and how many selections were looked at."""
    found: dict[str, list[FieldNode]] = defaultdict(list)
    spread: set[str] = set()
    todo, steps = list(sets), 0
    while todo:
        for node in todo.pop().selections:
            steps += 1
            if isinstance(node, FieldNode):
                found[(node.alias or node.name).value].append(node)
            elif isinstance(node, InlineFragmentNode):
                todo.append(node.selection_set)
            elif (name := node.name.value) not in spread:  # type: ignore[attr-defined] # a spread is the only other kind there is
                spread.add(name)
                todo += fragments.get(name, ())
    return list(found.values()), steps


def _below(group: Iterable[FieldNode]) -> Iterator[SelectionSetNode]:
    return (node.selection_set for node in group if node.selection_set is not None)
