"""What does not fit in a value that a client sends: where in it, and why.

The value itself may be a place and is not repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLScalarType, get_named_type

UNKNOWN = r"(Expected value of type '\w+' not to include unknown field '(?P<member>[^']{1,40})'"
REASONS = [
    (re.compile(pattern, re.DOTALL), reason)
    for pattern, reason in (
        (r"Value '.*' does not exist in '(\w+)' enum\.(.*)", r"There is no such value in enum '\1'.\2"),
        (r"(Enum '\w+' cannot represent non-enum value): .*\.( Did you mean the enum value [^?]{,200}\?)", r"\1.\2"),
        (r"((?:Enum '\w+'|\w+) cannot represent [\w -]{,40}value)(?:: .*)?", r"\1."),
        (r"(Expected value of type '\w+' to be an object), found: .*", r"\1."),
        (r"(Expected value of type '\w+' to include required field '(?P<member>\w+)'), found: .*", r"\1."),
        (UNKNOWN + r"), found: .*", r"\1."),
        (UNKNOWN + r"\. Did you mean [^?]{,200}\?) .*", r"\1"),
        (r"(Expected a value of non-null type '[^']+' to be provided\.)", r"\1"),
        (r"(Expected value of non-null type '[^']+' not to be) None\.", r"\1 null."),
    )
]
"""What graphql-core says of a value, and what of it is repeated; a ``member`` is a part of the path to the problem."""
ONE_OF = "Within OneOf Input Object type"
EACH_END = 400
"""Characters that are read of each end of a message; between them graphql-core quotes what the client sent."""


def described(name: str, path: Sequence[str | int], message: str, type_: Any) -> tuple[str, str]:
    """Return the path to a problem, and its reason.

    Parameters
    ----------
    name, type_
        The argument or the variable, and its type.
    path, message
        Where in it graphql-core found the problem, and what it says.

    """
    along = [*_types(type_, path)]
    message = _ends(message)
    for pattern, reason in REASONS:
        if found := pattern.fullmatch(message):
            member = found.groupdict().get("member")
            return _dotted(name, *path, *([member] if member else [])), found.expand(reason) + _choices(
                message, along[-1]
            )
    if message.startswith(ONE_OF):
        choice = next(each for each in reversed(along) if getattr(each, "is_one_of", False))
        return _dotted(name, *path), f"Give exactly one field of '{choice}' and not null: {' or '.join(choice.fields)}."
    here = along[-1]
    words = f" {here.description}" if isinstance(here, GraphQLScalarType) and here.description else ""
    return _dotted(name, *path), f"Expected a value of type '{here}'.{words}"


def _choices(message: str, type_: Any) -> str:
    """Return the values of an enum, where graphql-core does not guess which one is meant."""
    guessed = "Did you mean" in message
    return "" if guessed or not isinstance(type_, GraphQLEnumType) else f" Give one of {', '.join(type_.values)}."


def _ends(message: str) -> str:
    """Return a message without the middle of a long one: its own words stand at its ends."""
    return message if len(message) <= 2 * EACH_END else message[:EACH_END] + message[-EACH_END:]


def _dotted(*path: str | int) -> str:
    return ".".join(map(str, path))


def _types(type_: Any, path: Sequence[str | int]) -> Iterator[Any]:
    """Return the named types along a path, from that of the whole value, as far as it has one."""
    named: Any = get_named_type(type_)
    yield named
    for each in path:
        if isinstance(named, GraphQLInputObjectType) and each in named.fields:
            named = get_named_type(named.fields[str(each)].type)
            yield named
