"""The values that a document writes out: checked where it is validated, and refused by path and reason.

graphql-core looks at each value by itself, so its errors do not say which argument they are about, and those of a
scalar of ours have no location.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphql import (
    ArgumentNode,
    GraphQLError,
    ListValueNode,
    Node,
    ObjectValueNode,
    ValidationRule,
    ValuesOfCorrectTypeRule,
    VariableDefinitionNode,
    specified_rules,
)
from graphql.utilities.validate_input_value import validate_input_literal

from api.graphql.compile.input_problems import described


class LiteralsFitRule(ValidationRule):
    """Refuses an argument, or the default of a variable, that does not fit its type."""

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        """Look at an argument of a field or of a directive."""
        argument = self.context.get_argument()
        if argument is not None:
            self._check("Argument '{}'", node.name.value, node.value, argument.type)

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> None:
        """Look at the default of a variable."""
        type_ = self.context.get_input_type()
        if node.default_value is not None and type_ is not None:
            self._check("The default of variable '${}'", node.variable.name.value, node.default_value, type_)

    def _check(self, called: str, name: str, value: Node, type_: Any) -> None:
        def refuse(error: GraphQLError, path: list[str | int]) -> None:
            at, reason = described(name, path, error.message, type_)
            nodes = [each for each in error.nodes or () if each.loc] or [_at(value, path)]  # copies have no place
            self.report_error(
                GraphQLError(f"{called.format(at)} does not fit: {reason}", nodes, extensions={"field": at})
            )

        validate_input_literal(value, type_, refuse, hide_suggestions=self.context.hide_suggestions)  # type: ignore[arg-type]


RULES = tuple(LiteralsFitRule if each is ValuesOfCorrectTypeRule else each for each in specified_rules)
"""The rules of the specification, of which one is ours."""


def _at(value: Node, path: Sequence[str | int]) -> Node:
    """Return the part of a literal at a path."""
    for each in path:
        if isinstance(value, ObjectValueNode):
            value = next(field.value for field in value.fields if field.name.value == each)
        elif isinstance(value, ListValueNode) and isinstance(each, int):
            value = value.values[each]
    return value
