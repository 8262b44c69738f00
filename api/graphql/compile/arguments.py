"""The arguments of a field, coerced once for each document as far as they do not hang on variables.

graphql-core coerces every argument in every request. Here constants and defaults are coerced where the field is
compiled, variables are looked up, and only what is rare, as a list with a variable in it, is left to graphql-core.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    get_argument_values,
    get_nullable_type,
    is_non_null_type,
)
from graphql.execution.values import VariableValues
from graphql.pyutils import Undefined
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_literal

from api.graphql.compile.written_values import has_variable

ABSENT = object()
Reader = Callable[[VariableValues], Any]
"""Returns a value for the variables of a request: ``ABSENT`` if it was left out, ``Undefined`` if it does not fit."""


class Arguments:
    """The arguments of a field where it stands in a document.

    Parameters
    ----------
    definition
        The field.
    node
        Where it is asked for. The document must have passed validation.

    """

    def __init__(self, definition: GraphQLField, node: FieldNode) -> None:
        self._definition = definition
        self._node = node
        self._read = _parts(definition.args, node.arguments or ())

    def values(self, variables: VariableValues) -> dict[str, Any]:
        """Return the values of the arguments that are given or have a default, by name.

        Raises
        ------
        GraphQLError
            Where one is missing, or null where it may not be.

        """
        values: Any = self._read(variables)
        if values is Undefined:
            return get_argument_values(self._definition, self._node, variables)  # says what is wrong
        return dict(values)


def _parts(declared: Mapping[str, GraphQLArgument | GraphQLInputField], given: Iterable[Any]) -> Reader:
    """Return the reader of several named values: ``Undefined`` if one of them does not fit."""
    constants: dict[str, Any] = {}
    readers: list[tuple[str, Reader]] = []
    nodes = {each.name.value: each.value for each in given}
    for name, each in declared.items():
        node, default, key = nodes.get(name), coerce_default_value(each), each.out_name or name
        if node is None and not (default is Undefined and is_non_null_type(each.type)):
            constants |= {} if default is Undefined else {key: default}
        elif node is not None and not has_variable(node):
            constants[key] = coerce_input_literal(node, each.type)
        else:
            readers.append((key, _missing if node is None else _reader(node, each.type, default)))
    fits = all(each is not Undefined for each in constants.values())

    def read(variables: VariableValues) -> Any:
        values = constants.copy()
        for key, reader in readers:
            value = reader(variables)
            if value is Undefined:
                return Undefined
            if value is not ABSENT:
                values[key] = value
        return values if fits else Undefined

    return read


def _missing(_: VariableValues) -> Any:
    return Undefined


def _reader(node: ValueNode, type_: Any, default: Any) -> Reader:
    if isinstance(node, VariableNode):
        return _variable(node.name.value, default, never_null=is_non_null_type(type_))
    named = get_nullable_type(type_)
    if isinstance(node, ObjectValueNode) and isinstance(named, GraphQLInputObjectType) and not named.is_one_of:
        parts, made = _parts(named.fields, node.fields), named.out_type

        def whole(variables: VariableValues) -> Any:
            values = parts(variables)
            return Undefined if values is Undefined else made(values)

        return whole
    return lambda variables: coerce_input_literal(node, type_, variables)


def _variable(name: str, default: Any, *, never_null: bool) -> Reader:
    absent = default if default is not Undefined else Undefined if never_null else ABSENT

    def read(variables: VariableValues) -> Any:
        value = variables.coerced.get(name, Undefined)
        if value is Undefined:
            return absent
        return Undefined if value is None and never_null else value

    return read
