"""Strawberry's own execution, for documents with fields that Python resolves (introspection).

Its executor lets the database's finished JSON through, so both ways give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    execute,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails
from graphql.execution.values import VariableValues
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from api.graphql.compile.computed_answer import binds_of
from api.graphql.compile.document_thread import pause_if_due
from api.graphql.compile.projection import Compiled, Projection
from api.graphql.compile.readings import Root, Shape
from api.graphql.compile.response import MAX_RESPONSE_BYTES, Response, checked, respond
from geo import metering
from geo.arguments import RowId
from geo.audience import Caller
from geo.database.statements import Answer
from geo.queries.base.question import Question
from geo.queries.directory.node import Node
from geo.service import Resources

NODE = Root(lambda given: Node(id=given["id"]), Shape.NODE)


class Answers(dict[str, Answer | Exception]):
    """The database's answers to the root fields of one request, by response key.

    ``momentary`` is whether one of the statements that gave them reads the clock, so that they are true at that moment
    alone. It is of this request: what others have asked of the same operation does not show in it.
    """

    momentary: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What resolvers work with: the variables, the database's answers, the caller, and access to the database."""

    variables: VariableValues
    answers: Answers
    caller: Caller
    resources: Resources
    operation: Executable | None = None


class Executable(Protocol):
    """What Strawberry executes: an operation of a document, valid against a schema."""

    async def compiled(  # noqa: D102
        self,
        key: Hashable,
        nodes: Sequence[FieldNode],
        make: Callable[[], Compiled],
        variables: VariableValues,
        caller: Caller,
    ) -> Compiled: ...

    @property
    def schema(self) -> GraphQLSchema: ...  # noqa: D102

    @property
    def document(self) -> DocumentNode: ...  # noqa: D102

    @property
    def definition(self) -> OperationDefinitionNode: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Finished:
    """Finished JSON from the database: it goes into the response unchanged."""

    text: str


def _fragment(value: Any) -> orjson.Fragment:
    if isinstance(value, Finished):
        return orjson.Fragment(value.text)
    raise TypeError(type(value).__name__)


async def resolve(_source: Any, info: Any, **_: Any) -> Finished:
    """Resolve a root field that the database has answered, in Strawberry's execution."""
    context: Context = info.context
    text, error = checked(context.answers[info.path.key])
    if error is not None:
        raise error
    return Finished(text or "null")


async def read_node(info: Any, row_id: str) -> Finished | None:
    """Read the selected fields of the record of an id as the caller may see it; ``None`` if it is gone."""
    return await read_answer(info, NODE, Node(id=RowId(row_id), audience=info.context.caller.audience))


async def read_answer(info: Any, root: Root, question: Question) -> Finished | None:
    """Read the selected fields of a question's answer, as of a root field; ``None`` if there is none."""
    context: Context = info.context
    assert context.operation is not None  # noqa: S101

    def make() -> Compiled:
        fragments = {name: FragmentDetails(each, None) for name, each in info.fragments.items()}
        projection = Projection(info.schema, info.operation, fragments, context.variables)
        details = [FieldDetails(each, None) for each in info.field_nodes]
        return projection.compiled(root, question, info.parent_type.fields[info.field_name], details)

    key = (info.parent_type.name, *info.path.as_list(), question.shape())
    compiled = await context.operation.compiled(key, info.field_nodes, make, context.variables, context.caller)
    with metering.current().working():
        job = compiled.job(binds_of(question, context.caller), context.variables)
    context.answers.momentary |= job.statement.momentary
    pool = context.resources.of(context.caller.audience)
    [answer] = await pool.run([job], context.caller.turn, MAX_RESPONSE_BYTES)
    if isinstance(answer, Exception):
        raise answer
    return None if answer is None else Finished(answer)


class LetThrough(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's executor, which leaves finished JSON as it is and does not coerce the variables once more."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.variable_values = self.context_value.variables

    def complete_value(
        self, return_type: Any, field_details_list: Any, info: Any, path: Any, result: Any, position_context: Any
    ) -> Any:
        """Complete a value, unless it is finished JSON."""
        pause_if_due()
        if isinstance(result, Finished):
            return result
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)


async def executed(operation: Executable, context: Context) -> Response:
    """Return the response body by Strawberry's execution."""
    with metering.current().working():
        name = operation.definition.name.value if operation.definition.name else None
        result = _execute(operation.schema, operation.document, name, replace(context, operation=operation))
    return _responded(result if isinstance(result, ExecutionResult) else await result)


def introspected(operation: Executable, nodes: Sequence[FieldNode], context: Context) -> Mapping[str, str]:
    """Return the introspection fields by response key; no other field of the operation is executed."""
    definition = OperationDefinitionNode(
        operation=operation.definition.operation,
        variable_definitions=operation.definition.variable_definitions,
        selection_set=SelectionSetNode(selections=tuple(nodes)),
    )
    fragments = (each for each in operation.document.definitions if isinstance(each, FragmentDefinitionNode))
    document = DocumentNode(definitions=(definition, *fragments))
    result = _execute(operation.schema, document, None, context)
    assert isinstance(result, ExecutionResult)  # noqa: S101  nothing in it waits
    assert result.data is not None  # noqa: S101  nothing in it fails
    return {key: orjson.dumps(value).decode() for key, value in result.data.items()}


def _execute(schema: GraphQLSchema, document: DocumentNode, name: str | None, context: Context) -> Any:
    definitions = (
        replace(each, variable_definitions=()) if isinstance(each, OperationDefinitionNode) else each
        for each in document.definitions
    )
    return execute(
        schema,
        DocumentNode(definitions=tuple(definitions)),
        operation_name=name,
        context_value=context,
        executor_class=LetThrough,
    )


def _responded(result: ExecutionResult) -> Response:
    data = (
        None
        if result.data is None
        else [orjson.dumps(result.data, default=_fragment, option=orjson.OPT_PASSTHROUGH_DATACLASS)]
    )
    failed = {each.path[0] for each in result.errors or () if each.path}
    # Of the root fields only __typename is a text; it is no answer.
    answered = {key for key, value in (result.data or {}).items() if not isinstance(value, str)} - failed
    return respond(data, result.errors or [], answered=bool(answered))
