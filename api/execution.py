"""Strawberry's own execution, for documents that ask for something that Python resolves (introspection).

Its executor lets the database's finished JSON through, so both ways give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from graphql import ExecutionResult, execute
from graphql.execution.values import VariableValues
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from api.response import Response, checked, respond
from geo.audience import Caller
from geo.pool import Pools
from geo.statements import Answer

if TYPE_CHECKING:
    from api.operation import Operation


Answers = dict[str, Answer | Exception]
"""What the database answers to the root fields, by response key."""


@dataclass(frozen=True, slots=True)
class Context:
    """What resolvers work with: the database's answers, who asks, and the way to the database."""

    answers: Answers
    caller: Caller
    pools: Pools


@dataclass(frozen=True, slots=True)
class Finished:
    """JSON that the database has finished: it goes into the response as it is."""

    text: str


def _fragment(value: Any) -> orjson.Fragment:
    if isinstance(value, Finished):
        return orjson.Fragment(value.text)
    raise TypeError(type(value).__name__)


async def resolve(_source: Any, info: Any, **_: Any) -> Finished | None:
    """Resolve a root field that the database has answered, in Strawberry's execution."""
    context: Context = info.context
    text, error = checked(context.answers[info.path.key])
    if error is not None:
        raise error
    return Finished(text or "null")


class LetThrough(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's executor, which leaves finished JSON as it is."""

    def complete_value(
        self, return_type: Any, field_details_list: Any, info: Any, path: Any, result: Any, position_context: Any
    ) -> Any:
        """Complete a value, unless the database has."""
        if isinstance(result, Finished):
            return result
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)


async def executed(operation: Operation, variables: VariableValues, context: Context) -> Response:
    """Give the response body by Strawberry's execution."""
    result = execute(
        operation.schema,
        operation.document,
        variable_values={name: each.value for name, each in variables.sources.items()},
        operation_name=operation.definition.name.value if operation.definition.name else None,
        context_value=context,
        executor_class=LetThrough,
    )
    if not isinstance(result, ExecutionResult):
        result = await result
    data = (
        None
        if result.data is None
        else orjson.dumps(result.data, default=_fragment, option=orjson.OPT_PASSTHROUGH_DATACLASS).decode()
    )
    return respond(data, result.errors or [])
