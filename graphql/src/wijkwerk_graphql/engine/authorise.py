"""Whether an actor may run an operation: decided for the whole document before anything runs (design.md 5, 8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from graphql.execution.values import VariableValues

from wijkwerk.access.actor import Actor
from wijkwerk.errors import GeenRecht
from wijkwerk_graphql.engine.budget import MAX_COST
from wijkwerk_graphql.engine.documents import Operation
from wijkwerk_graphql.engine.guards import Rights
from wijkwerk_graphql.schema.problems import DocumentTeZwaar, formatted, node_places

if TYPE_CHECKING:
    from wijkwerk_graphql.schema.schema import Schema


def refusals(schema: Schema, operation: Operation, actor: Actor, variables: Mapping[str, Any]) -> list[dict[str, Any]]:
    """An error for each right that the actor lacks, with the places that need it; empty when there is none."""
    found = _lacking(operation.facts.rights, actor)
    for right, nodes in _lacking(schema.guards.variables(operation.node, variables), actor).items():
        found.setdefault(right, []).extend(nodes)
    return [_refusal(right, nodes) for right, nodes in sorted(found.items())]


def too_costly(operation: Operation, variables: VariableValues) -> list[dict[str, Any]]:
    """An error when the answer could become too large for these variables, as the fields get them."""
    return [formatted(DocumentTeZwaar())] if operation.facts.cost(variables.coerced) > MAX_COST else []


def _lacking(rights: Rights, actor: Actor) -> Rights:
    return {right: list(nodes) for right, nodes in rights.items() if not actor.may(right)}


def _refusal(right: str, nodes: list[Any]) -> dict[str, Any]:
    made = formatted(GeenRecht(), node_places(nodes))
    made["extensions"]["recht"] = right
    return made
