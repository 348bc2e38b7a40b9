"""The GraphQL side of Wijkwerk: what plugin authors use to add fields, and the engine that runs documents."""

from __future__ import annotations

from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, batch, extend, field, mutation, related
from wijkwerk_graphql.schema.inputs import Invoer, Zoekveld, filterinvoer, invoer
from wijkwerk_graphql.schema.lezing import Lezing, Row
from wijkwerk_graphql.schema.outcomes import uitkomst

__all__ = [
    "Invoer",
    "Lezing",
    "Mutation",
    "Query",
    "Row",
    "Zoekveld",
    "batch",
    "connection",
    "extend",
    "field",
    "filterinvoer",
    "invoer",
    "mutation",
    "related",
    "uitkomst",
]
