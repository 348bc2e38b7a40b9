"""Running a request: what may run is decided before anything runs, and nothing leaves before it is in the log (design.md 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import OperationType
from graphql.execution.values import get_variable_values

from wijkwerk.access.actor import Actor
from wijkwerk.app import Wijkwerk
from wijkwerk.errors import GeenRecht
from wijkwerk.log.entry import Actie, Gebeurtenis
from wijkwerk_graphql.engine.answer import Answer
from wijkwerk_graphql.engine.authorise import refusals, too_costly
from wijkwerk_graphql.engine.mutating import mutate
from wijkwerk_graphql.engine.reading import Request, read
from wijkwerk_graphql.schema.problems import DocumentOngeldig, bad_variable, formatted, unexpected
from wijkwerk_graphql.schema.schema import Schema

_MAX_ERRORS = 5


async def execute(
    schema: Schema,
    wijkwerk: Wijkwerk,
    actor: Actor,
    text: str,
    variables: Mapping[str, Any] | None = None,
    operation_name: str | None = None,
) -> Answer:
    """Run one operation of a document for an actor. It does not raise: the answer says what went wrong.

    Without a log there is no answer: LOG_NIET_BESCHIKBAAR, and no data.
    """
    try:
        return await _execute(schema, wijkwerk, actor, text, dict(variables or {}), operation_name)
    except Exception as error:
        return Answer(errors=[unexpected(error)])


async def _execute(schema: Schema, wijkwerk: Wijkwerk, actor: Actor, text: str, variables: dict[str, Any], name: str | None) -> Answer:
    prepared = schema.documents.prepared(text)
    if prepared.errors:
        return Answer(errors=prepared.errors)
    operation = prepared.operation(name)
    if operation is None:
        return Answer(errors=[formatted(DocumentOngeldig("Noem een bewerking die in het document staat."))])
    if refused := refusals(schema, operation, actor, variables):
        await wijkwerk.journal.record(wijkwerk.failure(actor, GeenRecht(), Gebeurtenis.VERZOEK_GEWEIGERD, Actie.EXECUTE, operation.roots))
        return Answer(errors=refused)
    values = get_variable_values(schema.graphql, operation.node.variable_definitions or (), variables, _MAX_ERRORS, True)
    if isinstance(values, list):
        return Answer(errors=[bad_variable(error) for error in values])
    if costly := too_costly(operation, values):
        return Answer(errors=costly)
    request = Request(schema, wijkwerk, actor, operation, values)
    return await (mutate(request) if operation.node.operation is OperationType.MUTATION else read(request))
