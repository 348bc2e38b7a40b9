"""Errors of documents, and how every error looks to a client: a Dutch sentence and a code, never a value (design.md 8)."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

from graphql import GraphQLError, Node, get_location
from strawberry.utils.str_converters import to_camel_case

from wijkwerk.errors import OngeldigeInvoer, OpstartFout, WijkwerkError

logger = logging.getLogger("wijkwerk.graphql")


class SchemaFout(OpstartFout):
    """The parts of the schema don't fit, or leave something unsaid. The message lists everything, each on a line."""

    code = "SCHEMA_FOUT"


class DocumentOngeldig(WijkwerkError):
    """Not a GraphQL document that this schema can run."""

    code = "DOCUMENT_ONGELDIG"
    standaard = "Dit GraphQL-document klopt niet. Controleer het met het schema."


class DocumentTeZwaar(WijkwerkError):
    """A document that asks too much at once."""

    code = "DOCUMENT_TE_ZWAAR"
    standaard = "Dit document vraagt te veel tegelijk. Vraag minder velden of kleinere pagina's."


class CursorOngeldig(OngeldigeInvoer):
    """A cursor that was not made for this user and this list."""

    code = "CURSOR_ONGELDIG"
    standaard = "Deze cursor hoort niet bij deze lijst. Begin opnieuw bij de eerste pagina."


_VALIDATION = {
    "Cannot query field": "Een veld bestaat niet op dit type. Kijk in het schema welke velden er zijn.",
    "Unknown argument": "Een argument bestaat niet bij dit veld. Kijk in het schema welke er zijn.",
    "Unknown fragment": "Een fragment bestaat niet in dit document.",
    "Unknown type": "Een type bestaat niet in het schema.",
    "Argument": "Een verplicht argument ontbreekt. Kijk in het schema welke er nodig zijn.",
    "Variable": "Een variabele klopt niet: de naam of het type past niet bij waar ze wordt gebruikt.",
    "Field": "Een veld klopt niet: er ontbreekt een selectie, er is er een te veel, of een naam wordt voor twee dingen gebruikt.",
    "Fields": "Een naam wordt voor twee verschillende velden gebruikt. Geef een van de twee een alias.",
    "Expected value": "Een waarde past niet bij het type. Geef waarden mee als variabelen.",
    "Maximum introspection depth": "Het schema wordt te diep opgevraagd.",
    "Syntax Error": "Dit is geen geldige GraphQL. Controleer de tekst op deze plaats.",
}
"""By the first words of graphql-core's message. Its own text can repeat values and suggest names."""


def invalid(errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    """What a client is told of a document that does not parse or validate."""
    return [formatted(known, places(error)) if (known := expected(error)) else _refused(error) for error in errors]


def _refused(error: GraphQLError) -> dict[str, Any]:
    melding = next((text for words, text in sorted(_VALIDATION.items(), reverse=True) if error.message.startswith(words)), None)
    return formatted(DocumentOngeldig(melding), places(error))


def field_error(error: GraphQLError) -> dict[str, Any]:
    """What a client is told of an error in a field: an expected one as it is, any other by a reference number in our own log."""
    known = expected(error)
    cause = _cause(error)
    if known is None and isinstance(cause, GraphQLError) and cause.message.startswith("Argument "):
        known = OngeldigeInvoer()
    return formatted(known or _masked(error), places(error), error.path)


_PLACE = re.compile(r"Variable '\$\w+' has invalid value at [\w.\[\]]*\.(\w+)(?:\[[0-9]+\])*: ")
"""Where in a variable graphql-core finds a fault: names of the schema and places in lists, never a value."""


def bad_variable(error: GraphQLError) -> dict[str, Any]:
    """What a client is told of a variable whose value does not fit its type; of an input, with the field that it is about."""
    known = expected(error) or OngeldigeInvoer("De waarde van een variabele past niet bij het type. Controleer de invoer.")
    if known.veld is None and (place := _PLACE.match(error.message)):
        known.veld = place[1]
    return formatted(known, places(error))


def unexpected(error: Exception) -> dict[str, Any]:
    """What a client is told of an error of the whole request."""
    return formatted(error if isinstance(error, WijkwerkError) else _masked(error))


def expected(error: BaseException | None) -> WijkwerkError | None:
    """The error of ours that a GraphQL error is about, if it is."""
    while isinstance(error, GraphQLError):
        error = error.original_error
    return error if isinstance(error, WijkwerkError) and not isinstance(error, OpstartFout) else None


def formatted(
    error: WijkwerkError, locations: list[dict[str, int]] | None = None, path: Sequence[str | int] | None = None
) -> dict[str, Any]:
    """An error as GraphQL writes it (GraphQL specification, 7.1.2); a field by its name in the schema."""
    extensions = {"code": error.code} | ({"veld": to_camel_case(error.veld)} if error.veld else {})
    made: dict[str, Any] = {"message": error.melding, "extensions": extensions}
    return made | ({"locations": locations} if locations else {}) | ({"path": list(path)} if path else {})


def places(error: GraphQLError) -> list[dict[str, int]]:
    """Where in the document: line and column, counted from 1."""
    return [{"line": at.line, "column": at.column} for at in error.locations or ()]


def node_places(nodes: Sequence[Node]) -> list[dict[str, int]]:
    """Where these nodes are in the document."""
    return [{"line": at.line, "column": at.column} for at in _locations(nodes)]


def _locations(nodes: Sequence[Node]) -> Iterator[Any]:
    for node in nodes:
        if node.loc is not None:
            yield get_location(node.loc.source, node.loc.start)


def _masked(error: BaseException) -> WijkwerkError:
    reference = uuid4().hex[:12]
    logger.error("onverwachte fout %s, kenmerk %s", type(_cause(error)).__name__, reference)
    return WijkwerkError(f"{WijkwerkError.standaard} Noem daarbij het kenmerk {reference}.")


def _cause(error: BaseException) -> BaseException:
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error
