"""What was given to a mutation, in one form for one meaning: by that is known whether something sent twice is the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any
from uuid import UUID

from strawberry.types.unset import UNSET

from wijkwerk.records.declare import Record
from wijkwerk_graphql.schema.fields import INZENDING, Declaratie
from wijkwerk_graphql.schema.inputs import Invoer
from wijkwerk_graphql.schema.scalars import as_text
from wijkwerk_graphql.schema.types import strip_optional


def answered_record(declaratie: Declaratie) -> type[Record] | None:
    """The record that a mutation answers with; None for one that gives anything else."""
    kind = strip_optional(declaratie.geeft)
    return kind if isinstance(kind, type) and issubclass(kind, Record) else None


def repeatable(declaratie: Declaratie) -> bool:
    """Whether one id is enough to answer it a second time, and its function leaves the name of the argument free."""
    one_id = answered_record(declaratie) is not None or strip_optional(declaratie.geeft) is UUID
    return one_id and [parameter.name for parameter in declaratie.parameters()].count(INZENDING) == 1


def canonical(given: Mapping[str, Any]) -> bytes:
    """Coerced arguments as bytes: the same for the same meaning, however it was written (a literal or a variable, in any order, an ID in
    capitals, an argument left out or given as null).

    Within an input, left out and null differ: null makes a column empty. Raises TypeError for a value of no known type.
    """
    top = {name: value for name, value in given.items() if value is not None}
    return json.dumps(_form(top), sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _form(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, list | tuple):
        return [_form(item) for item in value]
    if isinstance(value, Invoer):
        value = vars(value)
    if isinstance(value, Mapping):
        return {name: _form(item) for name, item in value.items() if item is not UNSET}
    return as_text(value)
