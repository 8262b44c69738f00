"""A GraphQL operation, compiled once: parsed, validated, priced, and turned into prepared statements.

What only the database answers is never executed by graphql-core: the statement's JSON goes into the response as it comes.
An operation that asks for something that Python resolves (introspection) is executed by Strawberry in the ordinary way,
with an executor that lets the database's finished JSON through. Both ways give the same bytes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    execute,
    get_argument_values,
    get_operation_ast,
    get_variable_values,
    is_non_null_type,
    parse,
    validate,
    visit,
    Visitor,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields
from graphql.execution.values import VariableValues
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from api import guard
from api.errors import VALIDATION_FAILED, told
from api.projection import Projection, Root, reading
from geo.errors import BadInput, LakanaError, NotFound, TooCostly, Unavailable
from geo.statements import Answer, Job, Pool, Statement

OPERATIONS_AT_MOST = 500
VARIANTS_AT_MOST = 64
MAX_RESPONSE_BYTES = 2_000_000
NOTHING_FOUND = "There is nothing of that name or id that you may see."


class Refused(Exception):
    """A request that does not run: the errors to answer with, as the response shows them."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Response:
    """A response body, and after how many seconds to ask again where the database could not answer."""

    body: bytes
    codes: tuple[str, ...] = ()
    retry_after_s: int | None = None


@dataclass(frozen=True, slots=True)
class RootField:
    """A root field of a selection: its response key, definition and merged nodes."""

    key: str
    definition: GraphQLField | None
    details: list[FieldDetails]

    @property
    def node(self) -> FieldNode:
        """The first of the merged nodes: all have the same arguments."""
        return self.details[0].node


@dataclass(frozen=True, slots=True)
class _Variant:
    """A root field's statement for one shape, and where its nested arguments come from."""

    statement: Statement
    arguments: Mapping[str, Any]


@dataclass
class Operation:
    """One operation of a validated document."""

    schema: GraphQLSchema
    document: DocumentNode
    definition: OperationDefinitionNode
    fragments: dict[str, FragmentDetails] = field(init=False)
    _cost: guard.Size = field(init=False)
    _flags: tuple[str, ...] = field(init=False)
    _selections: dict[tuple[Any, ...], list[RootField]] = field(default_factory=dict)
    _variants: OrderedDict[Hashable, _Variant] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        """Price the operation and find the variables that switch fields on and off."""
        parts = {each.name.value: each for each in self.document.definitions if isinstance(each, FragmentDefinitionNode)}
        self.fragments = {name: FragmentDetails(each, None) for name, each in parts.items()}
        self._cost = guard.Price(self.schema, parts).of(self.definition)
        self._flags = _switches(self.document)

    @property
    def is_mutation(self) -> bool:
        """Whether it writes."""
        return self.definition.operation is OperationType.MUTATION

    def variables(self, given: Mapping[str, Any]) -> VariableValues:
        """Coerce the variables and check what the operation costs with them.

        Raises
        ------
        Refused
            Where a variable does not fit, or the cost is too high.

        """
        values = get_variable_values(self.schema, self.definition.variable_definitions or (), dict(given), max_errors=5)
        if isinstance(values, list):
            raise Refused([told(error, default="BAD_USER_INPUT") for error in values])
        try:
            guard.check_cost(self._cost(values.coerced))
        except TooCostly as error:
            raise Refused([told(_located(error))]) from None
        return values

    async def answer(self, variables: VariableValues, pool: Pool) -> Response:
        """Give the response body."""
        selection = self._selection(variables)
        if all(_is_compiled(each) for each in selection):
            return await self._from_database(selection, variables, pool)
        return await self.executed(variables, pool)

    async def _from_database(self, selection: Sequence[RootField], variables: VariableValues, pool: Pool) -> Response:
        asked = [each for each in selection if each.definition is not None]
        jobs = [_job_or_error(self, each, variables) for each in asked]
        runnable = [job for job in jobs if isinstance(job, Job)]
        ran = iter(await _run(runnable, pool))
        answers = iter([next(ran) if isinstance(job, Job) else job for job in jobs])
        parts, errors = [], []
        for each in selection:
            if each.definition is None:
                parts.append(f'"{each.key}":"{self.schema.query_type}"')
                continue
            text, error = checked(each.definition, next(answers))
            if error is not None:
                errors.append(_located(error, each))
                if is_non_null_type(each.definition.type):
                    return respond(None, errors)
            parts.append(f'"{each.key}":{text or "null"}')
        return respond("{" + ",".join(parts) + "}", errors)

    async def executed(self, variables: VariableValues, pool: Pool) -> Response:
        """Give the response body by Strawberry's execution."""
        context = Execution(self, variables, pool)
        result = execute(
            self.schema,
            self.document,
            variable_values={name: each.value for name, each in variables.sources.items()},
            operation_name=self.definition.name.value if self.definition.name else None,
            context_value=context,
            executor_class=LetThrough,
        )
        if not isinstance(result, ExecutionResult):
            result = await result
        data = None if result.data is None else orjson.dumps(result.data, default=_fragment, option=orjson.OPT_PASSTHROUGH_DATACLASS).decode()
        return respond(data, result.errors or [])

    def _selection(self, variables: VariableValues) -> list[RootField]:
        switches = tuple(variables.coerced.get(name) for name in self._flags)
        if switches not in self._selections:
            root = self.schema.get_root_type(self.definition.operation)
            assert root is not None  # noqa: S101  validation has refused what has no root type
            collected = collect_fields(self.schema, self.fragments, variables, root, self.definition)
            if len(self._selections) >= VARIANTS_AT_MOST:
                self._selections.clear()
            self._selections[switches] = [
                RootField(key, root.fields.get(details[0].node.name.value), details)
                for key, details in collected.grouped_field_set.items()
            ]
        return self._selections[switches]

    def job(self, asked: RootField, variables: VariableValues) -> Job:
        """Give the statement that answers a root field, with this request's values.

        Raises
        ------
        BadInput
            Where an argument is outside its bounds.

        """
        assert asked.definition is not None  # noqa: S101
        root = reading(asked.definition)
        assert isinstance(root, Root)  # noqa: S101
        question = root.question(get_argument_values(asked.definition, asked.node, variables))
        switches = tuple(variables.coerced.get(name) for name in self._flags)
        key = (asked.key, switches, question.shape())
        variant = self._variants.get(key)
        if variant is None:
            projection = Projection(self.schema, self.definition, self.fragments, variables)
            select = projection.statement(root, question, asked.definition, asked.details)
            variant = _Variant(Statement.of(select), projection.arguments)
            if len(self._variants) >= VARIANTS_AT_MOST:
                self._variants.popitem(last=False)
            self._variants[key] = variant
        binds = question.binds()
        for name, value in variant.arguments.items():
            binds[name] = value(variables)
        return Job(variant.statement, variant.statement.values(binds))


def _is_compiled(asked: RootField) -> bool:
    if asked.definition is None:
        return asked.node.name.value == "__typename"
    return isinstance(reading(asked.definition), Root)


async def _run(jobs: Sequence[Job], pool: Pool) -> Sequence[Answer]:
    if not jobs:
        return ()
    try:
        return await pool.run(jobs)
    except Unavailable as busy:
        return [busy] * len(jobs)


def _job_or_error(operation: Operation, asked: RootField, variables: VariableValues) -> Job | Exception:
    try:
        return operation.job(asked, variables)
    except (LakanaError, GraphQLError) as error:
        return error


def checked(definition: GraphQLField, answer: Answer | Exception) -> tuple[str | None, Exception | None]:
    """Give the text of an answer, or what is wrong with it."""
    if isinstance(answer, Exception):
        return None, answer
    if answer is None:
        return None, NotFound(NOTHING_FOUND)
    if len(answer) > MAX_RESPONSE_BYTES:
        return None, TooCostly("The answer is larger than 2 MB; ask for fewer items (first) or fields.")
    return answer, None


def _located(error: Exception, asked: RootField | None = None) -> GraphQLError:
    original = error.original_error if isinstance(error, GraphQLError) else error
    nodes = [each.node for each in asked.details] if asked else None
    message = error.message if isinstance(error, GraphQLError) else str(error)
    return GraphQLError(message, nodes, path=[asked.key] if asked else None, original_error=original)


def respond(data: str | None, errors: Sequence[GraphQLError] = ()) -> Response:
    """Join the response."""
    if errors:
        shown = [told(each, default="BAD_USER_INPUT") for each in errors]
        codes = tuple(each["extensions"]["code"] for each in shown)
        retries = [each.original_error.retry_after_s for each in errors if isinstance(each.original_error, Unavailable)]
        whole = f'{{"errors":{orjson.dumps(shown).decode()},"data":{data or "null"}}}'
        return Response(whole.encode(), codes, max(retries, default=None))
    whole = f'{{"data":{data or "null"}}}'
    if len(whole) > MAX_RESPONSE_BYTES:
        return respond(None, [_located(TooCostly("The response is larger than 2 MB; ask for fewer items (first) or fields."))])
    return Response(whole.encode())


def _switches(document: DocumentNode) -> tuple[str, ...]:
    """Give the names of the variables that ``@skip`` and ``@include`` depend on."""
    names: set[str] = set()

    class Directives(Visitor):
        def enter_directive(self, node: Any, *_: Any) -> None:
            names.update(each.value.name.value for each in node.arguments or () if isinstance(each.value, VariableNode))

    visit(document, Directives())
    return tuple(sorted(names))


@dataclass(frozen=True, slots=True)
class Finished:
    """JSON that the database has finished: it goes into the response as it is."""

    text: str


def _fragment(value: Any) -> orjson.Fragment:
    if isinstance(value, Finished):
        return orjson.Fragment(value.text)
    raise TypeError(type(value).__name__)


@dataclass(frozen=True, slots=True)
class Execution:
    """What a root field's resolver finds in its context."""

    operation: Operation
    variables: VariableValues
    pool: Pool

    async def answer(self, info: Any) -> Finished | None:
        """Answer a root field."""
        key = info.path.key
        asked = next(each for each in self.operation._selection(self.variables) if each.key == key)  # noqa: SLF001
        assert asked.definition is not None  # noqa: S101
        [answer] = await self.pool.run([self.operation.job(asked, self.variables)])
        text, error = checked(asked.definition, answer)
        if error is not None:
            raise error
        return Finished(text or "null")


async def resolve(_source: Any, info: Any, **_: Any) -> Finished | None:
    """Resolve a root field that the database answers, in Strawberry's execution."""
    context: Execution = info.context
    return await context.answer(info)


class LetThrough(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's executor, which leaves finished JSON as it is."""

    def complete_value(self, return_type: Any, field_details_list: Any, info: Any, path: Any, result: Any, position_context: Any) -> Any:  # noqa: PLR0917, E501
        """Complete a value, unless the database has."""
        if isinstance(result, Finished):
            return result
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)


class Operations:
    """The operations that were asked lately, compiled. What was refused is remembered as well."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._known: OrderedDict[tuple[str, str | None], Operation | Refused] = OrderedDict()

    def get(self, document: str, name: str | None) -> Operation:
        """Give a document's operation.

        Raises
        ------
        Refused
            Where it does not parse, is not valid, or asks for too much.

        """
        key = (document, name)
        known = self._known.get(key)
        if known is None:
            try:
                known = self._compile(document, name)
            except Refused as refused:
                known = refused
            if len(self._known) >= OPERATIONS_AT_MOST:
                self._known.popitem(last=False)
            self._known[key] = known
        else:
            self._known.move_to_end(key)
        if isinstance(known, Refused):
            raise known
        return known

    def _compile(self, text: str, name: str | None) -> Operation:
        try:
            document = parse(text, max_tokens=guard.MAX_TOKENS)
            guard.check_structure(document)
        except GraphQLError as error:
            raise Refused([told(error, default=VALIDATION_FAILED)]) from None
        except TooCostly as error:
            raise Refused([told(_located(error))]) from None
        except RecursionError:
            raise Refused([told(_located(TooCostly("The document nests too deeply; flatten it.")))]) from None
        errors = validate(self._schema, document, max_errors=10)
        if any(error.message == "Validation aborted." for error in errors):
            raise Refused([told(_located(TooCostly("The document repeats too many fields; ask for each once.")))])
        if errors:
            raise Refused([told(error, default=VALIDATION_FAILED) for error in errors])
        definition = get_operation_ast(document, name)
        if definition is None:
            problem = (
                f"the document has no operation called {name}."
                if name
                else "the document has several operations or none; name the one to run."
            )
            raise Refused([told(_located(BadInput("operationName", problem)))])
        return Operation(self._schema, document, definition)


