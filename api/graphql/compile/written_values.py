"""Which values a document writes out, and which it leaves to variables."""

from __future__ import annotations

from graphql import (
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)


def has_variable(value: ValueNode) -> bool:
    """Tell whether a variable is a part of a value, or all of it."""
    match value:
        case ListValueNode(values=values):
            return any(map(has_variable, values))
        case ObjectValueNode(fields=fields):
            return any(has_variable(each.value) for each in fields)
    return isinstance(value, VariableNode)


def is_written(value: ValueNode) -> bool:
    """Tell whether a value, or a part of it, is written out and not left to a variable."""
    match value:
        case ListValueNode(values=values):
            return any(map(is_written, values))
        case ObjectValueNode(fields=fields):
            return any(is_written(each.value) for each in fields)
    return not isinstance(value, VariableNode | NullValueNode)


def is_chosen(value: ValueNode, *, within: bool = False) -> bool:
    """Tell whether a text or a number that a caller chose is written out: no term, and not the size of a page."""
    match value:
        case ListValueNode(values=values):
            return any(is_chosen(each, within=within) for each in values)
        case ObjectValueNode(fields=fields):
            return any(is_chosen(each.value, within=True) for each in fields)
        case IntValueNode():
            return within
    return isinstance(value, StringValueNode | FloatValueNode)
