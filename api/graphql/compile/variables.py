"""The variables of a request: coerced, or refused by path and reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    get_variable_values,
    is_non_null_type,
    type_from_ast,
    visit,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, input_is_nested_too_deeply
from graphql.pyutils import Undefined
from graphql.utilities.coerce_input_value import coerce_input_value
from graphql.utilities.validate_input_value import validate_input_value

from api.errors import told
from api.graphql.compile.input_problems import described
from api.graphql.compile.response import Refused

MOST_PROBLEMS = 5
UNTOLD = "The variables do not fit; they may be nested too deeply."


class _Enough(Exception):
    """So many problems are told; looking for more would take long."""


_Found = tuple[GraphQLError, list[str | int]]


class Variables:
    """The variables of an operation, whose types are looked up once.

    Parameters
    ----------
    schema
        The schema.
    document
        The document, which is valid.
    definition
        Its operation.

    """

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, definition: OperationDefinitionNode) -> None:
        self._schema = schema
        self._definitions = definition.variable_definitions or ()
        self._never_null = never_null(schema, document)
        signatures = [get_variable_signature(schema, each) for each in self._definitions]
        self._signatures = [each for each in signatures if isinstance(each, GraphQLVariableSignature)]

    def coerced(self, given: Mapping[str, Any]) -> VariableValues:
        """Return the values.

        Raises
        ------
        Refused
            Where one does not fit its type, or may be left out but is null.

        """
        try:
            values = self._usual(given)
        except RecursionError:
            values = None
        return coerced(self._schema, self._definitions, given, self._never_null) if values is None else values

    def _usual(self, given: Mapping[str, Any]) -> VariableValues | None:
        """Return the values where all fit, and no default stands in the document; ``None`` otherwise."""
        sources: dict[str, VariableValueSource] = {}
        values: dict[str, Any] = {}
        for each in self._signatures:
            name, value = each.name, given.get(each.name, Undefined)
            sources[name] = VariableValueSource(each, value)
            if value is Undefined:
                if each.default or is_non_null_type(each.type):
                    return None
                continue
            if value is None and name in self._never_null:
                return None
            found = Undefined if input_is_nested_too_deeply(value, each.type) else coerce_input_value(value, each.type)
            if found is Undefined:
                return None
            values[name] = found
        return VariableValues(sources, values)


def never_null(schema: GraphQLSchema, document: DocumentNode) -> Mapping[str, str]:
    """Return the variables that may be left out, since a default stands where they are used, but may not be null.

    Each has the type of that place.
    """
    types: dict[str, str] = {}
    here = TypeInfo(schema)

    class Uses(Visitor):
        def enter_variable(self, node: VariableNode, *_: Any) -> None:
            if is_non_null_type(here.get_input_type()):
                types[node.name.value] = str(here.get_input_type())

    visit(document, TypeInfoVisitor(here, Uses()))
    return types


def coerced(
    schema: GraphQLSchema,
    definitions: Sequence[VariableDefinitionNode],
    given: Mapping[str, Any],
    not_null: Mapping[str, str] = MappingProxyType({}),
) -> VariableValues:
    """Return the values of an operation's variables, of which some may be left out, but not be null.

    Raises
    ------
    Refused
        Where one does not fit its type.

    """
    values = get_variable_values(schema, definitions, dict(given), max_errors=MOST_PROBLEMS)
    if isinstance(values, list):
        found = list(islice(_problems(schema, definitions, given), MOST_PROBLEMS))
        raise Refused([told(each, default="BAD_USER_INPUT") for each in found or [GraphQLError(UNTOLD)]])
    nulls = [each for each in definitions if values.coerced.get(each.variable.name.value, ...) is None]
    if found := [_null(each, not_null[name]) for each in nulls if (name := each.variable.name.value) in not_null]:
        raise Refused([told(each, default="BAD_USER_INPUT") for each in found])
    return values


def _null(definition: VariableDefinitionNode, type_: str) -> GraphQLError:
    name = definition.variable.name.value
    return GraphQLError(
        f"Variable '${name}' does not fit: Expected value of non-null type '{type_}' not to be null. Leave it out and "
        "the default holds.",
        definition,
        extensions={"field": name},
    )


def _problems(
    schema: GraphQLSchema, definitions: Sequence[VariableDefinitionNode], given: Mapping[str, Any]
) -> Iterator[GraphQLError]:
    for each in definitions:
        name = each.variable.name.value
        type_: Any = type_from_ast(schema, each.type)
        value = given.get(name, Undefined)
        if value is Undefined and (each.default_value or not is_non_null_type(type_)):
            continue
        found: list[_Found] = []
        try:
            validate_input_value(value, type_, _into(found))
        except _Enough:
            pass
        except RecursionError:
            return
        for problem, path in found:
            at, reason = described(name, path, problem.message, type_)
            yield GraphQLError(f"Variable '${at}' does not fit: {reason}", each, extensions={"field": at})


def _into(found: list[_Found]) -> Callable[[GraphQLError, list[str | int]], None]:
    def keep(error: GraphQLError, path: list[str | int]) -> None:
        found.append((error, path))
        if len(found) == MOST_PROBLEMS:
            raise _Enough

    return keep
