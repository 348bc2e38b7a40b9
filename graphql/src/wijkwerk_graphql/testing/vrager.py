"""Asking the made-up municipality of `wijkwerk.testing.wijk` something, through the whole engine, as who has a role."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from wijkwerk.access.actor import Actor
from wijkwerk.access.permissions import Permission
from wijkwerk.records.declare import Record
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.engine.answer import Answer
from wijkwerk_graphql.engine.execute import execute
from wijkwerk_graphql.schema.schema import Schema, declared


@lru_cache(maxsize=4)
def _schema(parts: tuple[type[Any], ...], records: tuple[type[Record], ...], permissions: tuple[Permission, ...]) -> Schema:
    # to make one costs more than most tests that ask something of it
    return Schema(parts, records, permissions)


@dataclass
class Vrager:
    """Asks through the whole engine: rights, plan, log. The schema is that of the plugins of `wijk`."""

    wijk: Wijk
    schema: Schema = field(init=False)

    def __post_init__(self) -> None:
        self.schema = _schema(*declared(self.wijk.wijkwerk.plugins))

    async def __call__(self, rol: str | Actor, text: str, **variables: Any) -> Answer:
        """The answer of one document."""
        actor = self.wijk.actor(rol) if isinstance(rol, str) else rol
        return await execute(self.schema, self.wijk.wijkwerk, actor, text, variables)

    async def data(self, rol: str | Actor, text: str, **variables: Any) -> Any:
        """The data of a document that must go well."""
        answer = await self(rol, text, **variables)
        if answer.errors:
            raise AssertionError(codes(answer))
        return answer.data


def codes(answer: Answer) -> list[str]:
    """The codes of the errors of an answer."""
    return [str(error["extensions"]["code"]) for error in answer.errors]
