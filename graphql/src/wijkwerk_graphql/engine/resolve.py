"""Calling the function behind a field: the same for the plan and for the reference executor."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args, get_origin
from uuid import UUID

from wijkwerk.records.declare import Record
from wijkwerk_graphql.engine.budget import Budget
from wijkwerk_graphql.schema.fields import Declaratie
from wijkwerk_graphql.schema.lezing import Lezing
from wijkwerk_graphql.schema.outcomes import MARK, Uitkomst
from wijkwerk_graphql.schema.types import strip_optional


class AantalKlopt(RuntimeError):
    """A batch function gave another number of answers than it got parents."""


def answers(declaratie: Declaratie, parents: list[Any], lezer: Lezing, arguments: dict[str, Any], budget: Budget) -> list[Any]:
    """One answer per parent, within the budget. The parent of a mutation's field is what the mutation returned."""
    found = _answers(declaratie, parents, lezer, arguments)
    budget.spend(found, len(lezer.gekozen.velden))
    return found


def _answers(declaratie: Declaratie, parents: list[Any], lezer: Lezing, arguments: dict[str, Any]) -> list[Any]:
    if declaratie.muteert:
        return [_payload(strip_optional(declaratie.geeft), parent, lezer) for parent in parents]
    if not declaratie.batch:
        return [declaratie.werk(lezer, **arguments)]
    found = declaratie.werk(parents, lezer, **arguments)
    if len(found) != len(parents):
        raise AantalKlopt(declaratie.werk.__qualname__)
    return list(found)


def _payload(geeft: Any, outcome: Any, lezer: Lezing) -> Any:
    """A record is read again after the commit, under the actor's own scope, also where an answer names one; any other is as it is."""
    if isinstance(geeft, type) and issubclass(geeft, Record) and isinstance(outcome, UUID):
        return lezer.een(geeft, outcome)
    known = getattr(geeft, MARK, None)
    if not isinstance(known, Uitkomst) or not isinstance(outcome, geeft):
        return outcome
    named = {name: _named(strip_optional(kind), getattr(outcome, name), lezer) for name, (kind, _) in known.velden.items()}
    return replace(outcome, **named)


def _named(kind: Any, value: Any, lezer: Lezing) -> Any:
    """The record or records that a field of an answer names by id."""
    if get_origin(kind) is list and isinstance(value, tuple) and issubclass(record := get_args(kind)[0], Record):
        return [row for row in lezer.bij_id(record, value) if row is not None]
    is_record = isinstance(kind, type) and issubclass(kind, Record)
    return lezer.een(kind, value) if is_record and isinstance(value, UUID) else value
