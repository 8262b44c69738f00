"""A GraphQL operation, compiled once: parsed, validated, priced, and turned into prepared statements.

If the database alone answers an operation, graphql-core does not execute it: the statement's JSON goes into the
response unchanged. Operations with fields that Python resolves go to :mod:`api.graphql.compile.execution`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.collect_fields import FragmentDetails, collect_fields
from graphql.execution.values import VariableValues

from api.errors import told
from api.graphql.compile import document_shape, guard, tariff
from api.graphql.compile.arguments import Arguments
from api.graphql.compile.computed_answer import binds_of, statements_for, worked_out
from api.graphql.compile.country_size import Country
from api.graphql.compile.document_thread import Aside
from api.graphql.compile.execution import Answers, Context, executed, introspected
from api.graphql.compile.projection import Compiled, Projection
from api.graphql.compile.response import Refused, Response, checked, located, respond, too_large
from api.graphql.compile.selection import RootField, Selection
from api.graphql.compile.variables import Variables
from geo import metering
from geo.audience import Audience, Caller
from geo.bounded_cache import BoundedCache
from geo.database.read_pool import ReadPool
from geo.database.statements import AGAIN, Answer, Job
from geo.errors import Forbidden, TooCostly, Unauthenticated, Unavailable
from geo.queries.base.question import Question
from geo.queries.base.two_step import COMPUTED, Computed
from geo.service import Resources

MADE_AT_MOST_BYTES = 2_000_000
"""For the selections and statements of one operation; variants from ``@include`` beyond that are made anew."""
VALUES_ON_THE_LOOP = 50
"""Up to this many values in the variables are coerced at once: some 5 µs each, up to 70 for input objects."""
WRITES = "This request writes to the database; send it by POST."
PERSONAL = "This request has an argument for points, an age or a sex, which belong in no log; send it by POST."
SELECTION_BYTES = 1_500
"""Memory for a root field of one selection, without the document's tree and arguments, which all selections share."""
STATEMENT_BYTES_A_CHARACTER = 2.2
"""Memory for each character of a statement's SQL: 23.2 kB for 11.2 thousand (tracemalloc)."""


@dataclass
class Operation:
    """One operation of a validated document.

    It keeps the selections and statements that were made from it. ``aside`` runs work that would block the event loop,
    ``grows`` is called with the number of bytes by which the operation has grown, and ``digest`` is that of its
    document's text and its name.
    """

    schema: GraphQLSchema
    document: DocumentNode
    definition: OperationDefinitionNode
    country: Country = field(default_factory=Country)
    aside: Aside | None = None
    grows: Callable[[int], object] | None = None
    digest: int = 0
    fragments: dict[str, FragmentDetails] = field(init=False)
    by_post: str | None = field(init=False)
    """Why it is to be sent by POST; None where it need not."""
    is_private: bool = field(init=False)
    """Whether its text may hold what its caller chose: where a child is, or who, what is written, or is looked for."""
    _cost: guard.Reckoning = field(init=False)
    _reserved: Mapping[str, frozenset[Audience]] = field(init=False)
    _introspects: bool = field(init=False)
    _fields: int = field(init=False)
    """How many it selects."""
    _fragments: Mapping[str, FragmentDefinitionNode] = field(init=False)
    _flags: tuple[str, ...] = field(init=False)
    _variables: Variables = field(init=False)
    _arguments: dict[int, Arguments] = field(init=False, default_factory=dict)
    """Those of its root fields, for all selections."""
    _made: BoundedCache[Hashable, Any] = field(init=False, default_factory=lambda: BoundedCache(MADE_AT_MOST_BYTES))

    def __post_init__(self) -> None:
        """Price the operation and find the variables that switch fields on and off."""
        parts = {
            each.name.value: each for each in self.document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        self.fragments = {name: FragmentDetails(each, None) for name, each in parts.items()}
        price = guard.Price(self.schema, parts)
        self._cost, self._reserved = price.of(self.definition), price.reserved
        self._fragments = parts
        self._fields = document_shape.fields_of(self.definition.selection_set, parts)
        self._introspects = price.introspects
        writes = price.writes or self.definition.operation is OperationType.MUTATION
        self.by_post = WRITES if writes else PERSONAL if price.personal else None
        defaults = any(each.default_value is not None for each in self.definition.variable_definitions or ())
        self.is_private = price.private or defaults
        self._flags = _switches(self.document)
        self._variables = Variables(self.schema, self.document, self.definition)

    async def admit(self, given: Mapping[str, Any], caller: Caller) -> tuple[VariableValues, float]:
        """Check that the caller may run this; return the coerced variables, and what it costs with them.

        A large number of them does not block others, nor does counting what the types have that they name.

        Raises
        ------
        Refused
            Where something is reserved for others, a variable does not fit, or the cost is too high.

        """
        self._check_audience(caller)
        many = VALUES_ON_THE_LOOP < guard.values_in(given) <= guard.MAX_VALUES
        if self.aside is not None and (many or (given and self._introspects)):
            return await self.aside.run(partial(self._priced, given), caller)
        with metering.current().working():
            return self._priced(given)

    def variables(self, given: Mapping[str, Any]) -> VariableValues:
        """Coerce the variables and check what the operation costs with them.

        Raises
        ------
        Refused
            Where a variable does not fit, or the cost is too high.

        """
        return self._priced(given)[0]

    def _priced(self, given: Mapping[str, Any]) -> tuple[VariableValues, float]:
        try:
            guard.check_values(given)
        except TooCostly as error:
            raise Refused([told(located(error))]) from None
        values = self._variables.coerced(given)
        cost = self.cost(values)
        try:
            guard.check_cost(cost)
        except TooCostly as error:
            raise Refused([told(located(error))], guard.reckoning_price(self._fields)) from None
        return values, cost

    def cost(self, variables: VariableValues) -> float:
        """Return what the operation costs with these variables."""
        return self._cost(variables.coerced, self.country)

    async def answer(self, variables: VariableValues, caller: Caller, resources: Resources) -> Response:
        """Return the response body.

        Raises
        ------
        Refused
            If the operation requests a field that the caller may not read.

        """
        self._check_audience(caller)
        selection = self.selection(variables)
        schema: Mapping[str, str] = {}
        if selection.about_types:
            schema = await self._introspected(selection, Context(variables, Answers(), caller, resources))
        try:
            answers = await self.answers(variables, caller, resources)
        except TooCostly:
            return too_large(selection.definitions)
        answers.update(schema)
        if selection.is_compiled:
            response = self._joined(selection, answers)
        else:
            response = await executed(self, Context(variables, answers, caller, resources))
        if len(response.body) > selection.most_bytes:
            return too_large(selection.definitions)
        return replace(response, momentary=True) if answers.momentary else response

    def _check_audience(self, caller: Caller) -> None:
        try:
            guard.check_audience(self._reserved, caller)
        except (Unauthenticated, Forbidden) as error:
            raise Refused([told(located(error))]) from None

    async def _introspected(self, selection: Selection, context: Context) -> Mapping[str, str]:
        """Return the introspection result: from the cache, or computed off the event loop (usually 0.13 s)."""
        given = context.variables.coerced
        simple = all(isinstance(value, str | int | None) for value in given.values())
        key = ("introspected", *given.items())
        known: Mapping[str, str] | None = self._made.get(key) if simple else None
        if known is None:
            find = partial(introspected, self, selection.nodes, context)
            known = find() if self.aside is None else await self.aside.run(find, context.caller)
            if simple:
                self._keep(key, known, sum(len(str(each)) for each in (*known.values(), *given.values())) + 1_000)
        return known

    async def answers(self, variables: VariableValues, caller: Caller, resources: Resources) -> Answers:
        """Return the database's answers by response key; all root fields share one connection.

        Raises
        ------
        TooCostly
            Where they are larger than a response may be. They are not joined: that would hold everybody up.

        """
        selection, answers = self.selection(variables), Answers()
        await self._ask(answers, selection.asked, selection, variables, caller, resources)
        again = [each for each in selection.asked if answers[each.key] == AGAIN]
        if again:
            await self._ask(answers, again, selection, variables, caller, resources, again=True)
        return answers

    async def _ask(
        self,
        answers: Answers,
        asked: Sequence[RootField],
        selection: Selection,
        variables: VariableValues,
        caller: Caller,
        resources: Resources,
        *,
        again: bool = False,
    ) -> None:
        jobs = [await self._job_or_error(answers, each, variables, caller, resources, again=again) for each in asked]
        pool, ready = resources.of(caller.audience), [job for job in jobs if isinstance(job, Job)]
        ran = iter(await _run(ready, pool, caller, selection.most_asked_bytes))
        for each, job in zip(asked, jobs, strict=True):
            answers[each.key] = next(ran) if isinstance(job, Job) else job

    async def _job_or_error(
        self,
        answers: Answers,
        asked: RootField,
        variables: VariableValues,
        caller: Caller,
        resources: Resources,
        *,
        again: bool = False,
    ) -> Job | Exception:
        try:
            question = (await self._asked(asked, variables, caller, resources)).asked_by(caller.audience)
            question = question.otherwise() if again else question
            guard.check_audience(question.reserved(), caller)
            text = None
            if isinstance(question, Computed):
                answers.momentary |= any(each.momentary for each in statements_for(question).values())
                text = await worked_out(question, caller, resources)
            make = partial(self._compile, asked, question, variables)
            nodes = [each.node for each in asked.details]
            compiled = await self.compiled((asked.key, question.shape()), nodes, make, variables, caller)
            answers.momentary |= compiled.statement.momentary
            with metering.current().working():  # decodes the cursors, too
                return compiled.job(binds_of(question, caller) | {COMPUTED: text}, variables)
        except Exception as error:  # noqa: BLE001  of this field alone: masked and logged like the database's own
            return error

    async def _asked(
        self, asked: RootField, variables: VariableValues, caller: Caller, resources: Resources
    ) -> Question:
        """Return the checked question of a field; a polygon is checked in a thread, since that may take long."""
        with metering.current().working():
            given = _given(asked, variables)
            if not any(isinstance(given.get(name), dict) for name in asked.drawn):
                return _question(asked, given)
        return await resources.checks.run(partial(_question, asked, given), caller)

    def _joined(self, selection: Selection, answers: Answers) -> Response:
        parts, errors, answered = list[bytes](), [], False
        for each in selection:
            parts.append(f'{"," if parts else "{"}"{each.key}":'.encode())
            if each.definition is None and each.key not in answers:
                parts.append(f'"{self.schema.get_root_type(self.definition.operation)}"'.encode())
                continue
            text, error = checked(answers[each.key])
            if error is not None:
                errors.append(located(error, [part.node for part in each.details], each.key))
            answered = answered or error is None
            parts.append(text.encode() if text else b"null")
        return respond([*parts, b"}"] if parts else [b"{}"], errors, answered=answered)

    def selection(self, variables: VariableValues) -> Selection:
        """Return the root fields that ``@skip`` and ``@include`` leave, merged by response key."""
        key = self._switched(variables)
        selection: Selection | None = self._made.get(key)
        if selection is None:
            root = self.schema.get_root_type(self.definition.operation)
            assert root is not None  # noqa: S101  validation has refused what has no root type
            with metering.current().working():
                collected = collect_fields(self.schema, self.fragments, variables, root, self.definition)
                selection = Selection(root, collected.grouped_field_set, self._arguments)
            self._keep(key, selection, SELECTION_BYTES * (1 + len(selection.fields)))
        return selection

    def _switched(self, variables: VariableValues) -> tuple[Any, ...]:
        return tuple(variables.coerced.get(name) for name in self._flags)

    def question(self, asked: RootField, variables: VariableValues) -> Question:
        """Return the question that a root field asks with these variables.

        Raises
        ------
        BadInput
            Where an argument is outside its bounds.

        """
        return _question(asked, _given(asked, variables))

    def job(
        self, asked: RootField, question: Question, variables: VariableValues, caller: Caller, text: str | None = None
    ) -> Job:
        """Return the job that answers a root field: its statement with this request's values and computed results."""
        compiled = self._compile(asked, question, variables)
        return compiled.job(binds_of(question, caller) | {COMPUTED: text}, variables)

    def _compile(self, asked: RootField, question: Question, variables: VariableValues) -> Compiled:
        assert asked.definition is not None and asked.root is not None  # noqa: S101, PT018
        projection = Projection(self.schema, self.definition, self.fragments, variables)
        return projection.compiled(asked.root, question, asked.definition, asked.details)

    async def compiled(
        self,
        key: Hashable,
        nodes: Sequence[FieldNode],
        make: Callable[[], Compiled],
        variables: VariableValues,
        caller: Caller,
    ) -> Compiled:
        """Return the statement that is kept under a key, or make it in the caller's turn, which takes 10 to 400 ms.

        Making it is owed here, whether it is kept or not, by the fields of the nodes that it answers or by its length,
        whichever is more: another is needed not only for each choice of ``@skip`` and ``@include``, but also for each
        choice of arguments that are given. What was put out of the cache and is made again is owed again.
        """
        key = self._switched(variables), key
        known: tuple[Compiled, int] | None = self._made.get(key)
        if known is not None:
            metering.current().owe((self.digest, key), known[1])
            return known[0]
        fields = document_shape.fields_of(SelectionSetNode(selections=tuple(nodes)), self._fragments)
        cost = math.ceil(tariff.COMPILED * fields)
        metering.current().owe((self.digest, key), cost, anew=True)
        made = make() if self.aside is None else await self.aside.run(make, caller)
        more = math.ceil(tariff.COMPILED_FOR_1000_CHARACTERS * len(made.statement.sql) / 1_000) - cost
        if more > 0:
            metering.current().owe((self.digest, key), more, anew=True)
            cost += more
        self._keep(key, (made, cost), int(STATEMENT_BYTES_A_CHARACTER * len(made.statement.sql)) + 1_000)
        return made

    def _keep(self, key: Hashable, made: Any, size_bytes: int) -> None:
        before = self._made.size_bytes
        self._made.put(key, made, size_bytes)
        if self.grows is not None:
            self.grows(self._made.size_bytes - before)


def _given(asked: RootField, variables: VariableValues) -> dict[str, Any]:
    assert asked.arguments is not None  # noqa: S101
    return asked.arguments.values(variables)


def _question(asked: RootField, given: dict[str, Any]) -> Question:
    assert asked.root is not None  # noqa: S101
    return asked.root.question(given)


async def _run(jobs: Sequence[Job], pool: ReadPool, caller: Caller, most: int) -> Sequence[Answer]:
    if not jobs:
        return ()
    try:
        return await pool.run(jobs, caller.turn, most)
    except Unavailable as busy:
        # One error for each field: the traceback of an error grows each time it is raised.
        return [Unavailable(str(busy), busy.retry_after_s) for _ in jobs]


def _switches(document: DocumentNode) -> tuple[str, ...]:
    """Return the names of the variables that ``@skip`` and ``@include`` depend on."""
    names: set[str] = set()

    class Directives(Visitor):
        def enter_directive(self, node: Any, *_: Any) -> None:
            names.update(each.value.name.value for each in node.arguments or () if isinstance(each.value, VariableNode))

    visit(document, Directives())
    return tuple(sorted(names))
