"""For tests of the core and of plugins: ask the made-up municipality of `wijkwerk.testing.wijk` something, as who has a role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wijkwerk.access.actor import Actor
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.answer import Answer
from wijkwerk_graphql.execute import execute
from wijkwerk_graphql.schema import Schema


@dataclass
class Vrager:
    """Asks through the whole engine: rights, plan, log. The schema is that of the plugins of `wijk`."""

    wijk: Wijk
    schema: Schema = field(init=False)

    def __post_init__(self) -> None:
        self.schema = Schema.of(self.wijk.wijkwerk.plugins)

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
