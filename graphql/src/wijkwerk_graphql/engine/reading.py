"""Reading for a request: one snapshot, the plan or else the reference executor, the log entry of both, and only then the answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from graphql import OperationDefinitionNode
from graphql.execution.values import VariableValues
from sqlalchemy import Connection

from wijkwerk.access.actor import Actor
from wijkwerk.app import Wijkwerk
from wijkwerk.errors import WijkwerkError
from wijkwerk.log.entry import Gebeurtenis, Logregel, Resultaat
from wijkwerk.records.read import Reader
from wijkwerk.records.shown import Shown
from wijkwerk.storage.base import Snapshot
from wijkwerk_graphql.engine import reference
from wijkwerk_graphql.engine.answer import Answer
from wijkwerk_graphql.engine.documents import Operation
from wijkwerk_graphql.engine.plan import Afwijkend, Run
from wijkwerk_graphql.engine.selection import Collector
from wijkwerk_graphql.schema.problems import DocumentTeZwaar, field_error, formatted
from wijkwerk_graphql.schema.schema import Schema

logger = logging.getLogger("wijkwerk.graphql")


@dataclass(frozen=True, slots=True)
class Request:
    """One operation of one actor, allowed and with its variables read."""

    schema: Schema
    wijkwerk: Wijkwerk
    actor: Actor
    operation: Operation
    variables: VariableValues

    @property
    def collector(self) -> Collector:
        """Collects the fields of this request."""
        return self.operation.collector(self.schema, self.variables)

    def now(self) -> Request:
        """The same, as of this moment: what ended since the document began has ended, also for the rest of it."""
        return replace(self, actor=replace(self.actor, moment=self.wijkwerk.klok.nu()))

    def next(self) -> Request:
        """As `now`, for an action after the first: with a span of its own, under this one's."""
        now = self.now()
        return replace(now, actor=replace(now.actor, aanroep=now.actor.aanroep.onder()))


@dataclass(slots=True)
class Reading:
    """One reading of a request: all of a query, or what a mutation's field answers.

    `root` is the parent of the root fields; `keys` the response keys to read, None for all.
    """

    request: Request
    onderdeel: str
    gebeurtenis: Gebeurtenis
    root: Any = None
    keys: tuple[str, ...] | None = None
    shown: Shown = field(default_factory=Shown)

    async def answer(self) -> Answer:
        """Read, log, and answer. Raises LogNietBeschikbaar: then there is no answer."""
        request = self.request
        return await request.wijkwerk.show(
            request.actor, self.shown, self._read, onderdeel=self.onderdeel, gebeurtenis=self.gebeurtenis, afloop=self._outcome
        )

    async def _read(self, snapshot: Snapshot) -> Answer:
        planned = await self._by_plan(snapshot)
        return planned or await self._by_reference(snapshot)

    async def _by_plan(self, snapshot: Snapshot) -> Answer | None:
        plan = self.request.operation.plan(self.request.schema, self.request.variables)
        if plan is None:
            return None
        work = self._reader()
        try:
            [data] = await snapshot.run(lambda connection: plan.rows(Run(work(connection), self.request.variables), [self.root], self.keys))
            return Answer(data, executed=True)
        except DocumentTeZwaar as error:  # by whichever way: nothing of it is answered
            return Answer(None, [formatted(error)], executed=True)
        except (Afwijkend, WijkwerkError):
            return None
        except Exception as error:
            # the reference executor finds out what is wrong and where; when it finds nothing, the plan is wrong
            logger.warning("het plan faalde: %s", type(error).__name__)
            return None

    async def _by_reference(self, snapshot: Snapshot) -> Answer:
        context = reference.Context(self.request.collector, snapshot, self._reader())
        try:
            result = await reference.execute(context, self._operation(), self.root)
        finally:
            await context.finish()
        return Answer(result.data, [field_error(error) for error in result.errors or ()], executed=True)

    def _operation(self) -> OperationDefinitionNode:
        node = self.request.operation.node
        if self.keys is None:
            return node
        grouped = self.request.collector.root(self.request.schema.root(node))
        return reference.only(node, [details for key in self.keys for details in grouped[key]])

    def _reader(self) -> Callable[[Connection], Reader]:
        actor, wijkwerk, shown = self.request.actor, self.request.wijkwerk, self.shown
        return lambda connection: wijkwerk.reader(connection, actor, shown)

    def _outcome(self, regel: Logregel, answer: Answer) -> Logregel:
        """An entry of a reading that failed in part says so; one that showed nothing was a refusal or a fault."""
        if not answer.errors:
            return regel
        code = str(answer.errors[0]["extensions"]["code"])
        failed = Resultaat.FOUT if code == "INTERNE_FOUT" else Resultaat.GEWEIGERD
        return replace(regel, code=code, resultaat=regel.resultaat if self.shown.persons else failed)


async def read(request: Request) -> Answer:
    """Answer a query."""
    facts = request.operation.facts
    return await Reading(request, request.operation.roots, facts.gebeurtenis).answer()
