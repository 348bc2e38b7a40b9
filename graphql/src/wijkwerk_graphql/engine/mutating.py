"""Mutations: root fields one after another, each one transaction with its log entry, then a reading of what it answers.

One that a client sends under a number of its own (`herhaalbaar`) is done once, however often it comes.
"""

from __future__ import annotations

from functools import partial

from graphql import FieldNode, located_error

from wijkwerk.inzendingen import eenmalig
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.records.session import Work
from wijkwerk_graphql.engine.answer import Answer
from wijkwerk_graphql.engine.reading import Reading, Request
from wijkwerk_graphql.schema.fields import INZENDING, Declaratie
from wijkwerk_graphql.schema.inzending import answered_record, canonical
from wijkwerk_graphql.schema.problems import field_error


async def mutate(request: Request) -> Answer:
    """Run the root fields. One that fails is null with an error, and does not stop the next: they are independent transactions."""
    data = {}
    errors = []
    for at, (key, details) in enumerate(request.collector.root(request.schema.root(request.operation.node)).items()):
        part = await _one(request.next() if at else request, key, details[0].node)
        data[key] = (part.data or {}).get(key)
        errors += part.errors
    return Answer(data, errors, executed=True)


async def _one(request: Request, key: str, node: FieldNode) -> Answer:
    name = node.name.value
    if name.startswith("__"):
        return await Reading(request.now(), name, Gebeurtenis.LEZEN, None, (key,)).answer()
    declaratie = request.schema.declared("Mutation", name)
    try:
        outcome = await _write(request.now(), declaratie, node)
        return await Reading(request.next(), name, Gebeurtenis.LEZEN, outcome, (key,)).answer()
    except Exception as error:
        return Answer(None, [field_error(located_error(error, [node], [key]))])


async def _write(request: Request, declaratie: Declaratie, node: FieldNode) -> object:
    name = node.name.value

    def unit(werk: Work) -> object:
        given = request.schema.given("Mutation", node, request.variables)
        nummer = given.pop(INZENDING, None) if declaratie.herhaalbaar else None
        doe = partial(declaratie.werk, werk, **given)
        if nummer is None:
            return doe()
        return eenmalig(werk, nummer, name, canonical(given), doe, leest=answered_record(declaratie))

    return await request.wijkwerk.write(request.actor, unit, onderdeel=name)
