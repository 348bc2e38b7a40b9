"""One prepared object per document text: parsed, validated, walked and planned once (design.md 8)."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    parse,
    specified_rules,
    validate,
    visit,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues

from wijkwerk_graphql.engine.facts import Facts, Walk
from wijkwerk_graphql.engine.plan import Afwijkend, Selection
from wijkwerk_graphql.engine.repeats import repeats
from wijkwerk_graphql.engine.selection import Collector
from wijkwerk_graphql.schema.problems import DocumentOngeldig, DocumentTeZwaar, formatted, invalid

if TYPE_CHECKING:
    from wijkwerk_graphql.schema.schema import Schema

MAX_CHARACTERS, MAX_TOKENS, MAX_COMMENTS = 20_000, 2_000, 50
MAX_DEPTH, MAX_ALIASES, MAX_READS = 12, 50, 100
MAX_ERRORS, MAX_PLANS = 20, 8


@dataclass(slots=True)
class Operation:
    """One operation of a document, with a plan for each combination of the variables that @skip and @include look at."""

    node: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    facts: Facts
    flags: tuple[str, ...]
    plans: dict[tuple[Any, ...], Selection | None] = field(default_factory=dict)

    @property
    def roots(self) -> str:
        """The names of its root fields, for the log; never arguments."""
        return ",".join(sorted(self.facts.roots)) or self.node.operation.value

    @property
    def too_heavy(self) -> bool:
        """Whether it is too large for any request."""
        size = self.facts.size
        return size.depth > MAX_DEPTH or size.aliases > MAX_ALIASES or size.reads > MAX_READS

    def collector(self, schema: Schema, variables: VariableValues) -> Collector:
        """Collects its fields for these variables."""
        return Collector(schema, self.fragments, self.node, variables)

    def plan(self, schema: Schema, variables: VariableValues) -> Selection | None:
        """The plan, or None for what only the reference executor can do."""
        key = tuple(variables.coerced.get(name) for name in self.flags)
        if key not in self.plans:
            if len(self.plans) >= MAX_PLANS:
                self.plans.clear()
            self.plans[key] = _compiled(self.collector(schema, variables))
        return self.plans[key]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that may run, or the errors that say why it may not."""

    operations: dict[str | None, Operation]
    errors: list[dict[str, Any]]

    def operation(self, name: str | None) -> Operation | None:
        """The operation with this name; without a name the only one (GraphQL specification, 6.1)."""
        if name is None:
            return next(iter(self.operations.values())) if len(self.operations) == 1 else None
        return self.operations.get(name)


class Documents:
    """The prepared documents of one schema: the most recently used."""

    def __init__(self, schema: Schema, size: int = 256) -> None:
        self._schema, self._size = schema, size
        self._known: OrderedDict[str, Prepared] = OrderedDict()

    def prepared(self, text: str) -> Prepared:
        """What there is to know of this text."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = _prepare(self._schema, text)
            if len(self._known) > self._size:
                self._known.popitem(last=False)
        self._known.move_to_end(text)
        return found


def _prepare(schema: Schema, text: str) -> Prepared:
    if len(text) > MAX_CHARACTERS:
        return Prepared({}, [formatted(DocumentTeZwaar())])
    try:
        document = parse(text, max_lexical_tokens=MAX_TOKENS, max_comments=MAX_COMMENTS)
    except GraphQLError as error:
        return Prepared({}, invalid([error]))
    if repeats(document):
        return Prepared({}, [formatted(DocumentTeZwaar())])
    if errors := validate(schema.graphql, document, specified_rules, MAX_ERRORS, hide_suggestions=True):
        return Prepared({}, invalid(errors))
    if any(isinstance(node, OperationDefinitionNode) and node.operation is OperationType.SUBSCRIPTION for node in document.definitions):
        return Prepared({}, [formatted(DocumentOngeldig("Abonnementen bestaan hier niet. Stel een vraag of doe een wijziging."))])
    operations = _operations(schema, document)
    return Prepared(operations, [formatted(DocumentTeZwaar())] if any(found.too_heavy for found in operations.values()) else [])


def _operations(schema: Schema, document: DocumentNode) -> dict[str | None, Operation]:
    definitions = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    fragments = {name: FragmentDetails(node) for name, node in definitions.items()}
    found: dict[str | None, Operation] = {}
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            flags = _Flags()
            for part in (node, *definitions.values()):
                visit(part, flags)
            facts = Walk(schema, definitions, node).facts
            found[node.name.value if node.name else None] = Operation(node, fragments, facts, tuple(sorted(flags.names)))
    return found


def _compiled(collector: Collector) -> Selection | None:
    root = collector.schema.root(collector.operation)
    try:
        return Selection(collector, root, collector.root(root))
    except Afwijkend:
        return None


class _Flags(Visitor):
    """The variables that @skip and @include look at."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: Any, *_: Any) -> None:
        self.names.update(argument.value.name.value for argument in node.arguments or () if isinstance(argument.value, VariableNode))
