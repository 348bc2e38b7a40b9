"""The GraphQL side of Wijkwerk: what plugin authors use to add fields, and the engine that runs documents."""

from __future__ import annotations

from wijkwerk_graphql.connection import connection
from wijkwerk_graphql.fields import Mutation, Query, batch, extend, field, mutation, related
from wijkwerk_graphql.inputs import Invoer, Zoekveld, filterinvoer, invoer
from wijkwerk_graphql.lezing import Lezing, Row
from wijkwerk_graphql.outcomes import uitkomst

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
