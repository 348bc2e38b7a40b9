"""The reference: graphql-core's own executor, on the same snapshot and with the same functions. It runs what the plan does not cover."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

from graphql import (
    ExecutionResult,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    SelectionSetNode,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetails
from sqlalchemy import Connection
from strawberry.dataloader import DataLoader

from wijkwerk.records.read import Reader
from wijkwerk.storage.base import Snapshot
from wijkwerk_graphql.engine.budget import Budget
from wijkwerk_graphql.engine.resolve import answers
from wijkwerk_graphql.engine.selection import Collector
from wijkwerk_graphql.schema.fields import Declaratie
from wijkwerk_graphql.schema.lezing import Lezing

Info: TypeAlias = GraphQLResolveInfo[Any]
Loaders = dict[tuple[int, ...], DataLoader[Any, Any]]


@dataclass(frozen=True, slots=True)
class Mislukt:
    """An error as a value. In a future that nobody awaits any more, the event loop would write its text to a log."""

    error: Exception


@dataclass(slots=True)
class Context:
    """What resolvers share during one execution. The snapshot takes one piece of work at a time.

    graphql-core cancels what it no longer needs when something fails. Work on the snapshot is shielded from that: a statement that is
    broken off would break the transaction that the log entry still needs.
    """

    collector: Collector
    snapshot: Snapshot
    reader: Callable[[Connection], Reader]
    loaders: Loaders = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    running: set[asyncio.Task[list[Any] | Mislukt]] = field(default_factory=set)
    closed: bool = False
    budget: Budget = field(default_factory=Budget)

    async def answers(self, declaratie: Declaratie, parents: list[Any], info: Info, given: dict[str, Any]) -> list[Any]:
        """One answer per parent, in one piece of work."""
        schema = self.collector.schema
        arguments = {} if declaratie.muteert else schema.arguments(info.parent_type.fields[info.field_name], given)
        gekozen = self.collector.gekozen(info.return_type, [FieldDetails(node, None) for node in info.field_nodes])

        def work(connection: Connection) -> list[Any]:
            return answers(declaratie, parents, Lezing(self.reader(connection), gekozen), arguments, self.budget)

        task = asyncio.ensure_future(self._in_turn(work))
        self.running.add(task)
        task.add_done_callback(self.running.discard)
        found = await asyncio.shield(task)
        if isinstance(found, Mislukt):
            raise found.error
        return found

    async def _in_turn(self, work: Callable[[Connection], list[Any]]) -> list[Any] | Mislukt:
        async with self.turn:
            if self.closed:
                raise asyncio.CancelledError
            try:
                return await self.snapshot.run(work)
            except Exception as error:
                return Mislukt(error)

    async def finish(self) -> None:
        """Start nothing any more, and wait for what runs."""
        self.closed = True
        await asyncio.gather(*self.running, return_exceptions=True)

    def loader(self, declaratie: Declaratie, info: Info, given: dict[str, Any]) -> DataLoader[Any, Any]:
        """One loader for each place in the document: its parents wait for each other, so that it is one statement too."""
        place = tuple(map(id, info.field_nodes))
        if place not in self.loaders:

            async def load(parents: list[Any]) -> list[Any]:
                try:
                    return await self.answers(declaratie, parents, info, given)
                except Exception as error:
                    return [Mislukt(error)] * len(parents)

            self.loaders[place] = DataLoader(load, cache=False)
        return self.loaders[place]


def resolver(declaratie: Declaratie) -> Callable[..., Awaitable[Any]]:
    """What graphql-core calls for a field that has a function."""

    async def resolve(source: Any, info: Info, **given: Any) -> Any:
        context: Context = info.context
        if declaratie.batch:
            loaded = await context.loader(declaratie, info, given).load(source)
            if isinstance(loaded, Mislukt):
                raise loaded.error
            return loaded
        [found] = await context.answers(declaratie, [source], info, given)
        return found

    return resolve


async def execute(context: Context, operation: OperationDefinitionNode, root: Any | UUID | None) -> ExecutionResult:
    """Run an operation as the GraphQL specification says (section 6). `root` is the parent of its root fields."""
    collector = context.collector
    definitions = {name: details.definition for name, details in collector.fragments.items()}
    executor: Executor[Any] = Executor(
        collector.schema.graphql, definitions, collector.fragments, root, context, operation, collector.variables,
        default_field_resolver, default_type_resolver, default_field_resolver, hide_suggestions=True,
    )  # fmt: skip
    result = executor.execute_operation()
    return result if isinstance(result, ExecutionResult) else await result  # type: ignore[misc] # no incremental delivery


def only(operation: OperationDefinitionNode, details: list[FieldDetails]) -> OperationDefinitionNode:
    """The same operation with one of its root fields."""
    return OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        variable_definitions=operation.variable_definitions,
        directives=operation.directives,
        selection_set=SelectionSetNode(selections=tuple(found.node for found in details)),
        loc=operation.loc,
    )
