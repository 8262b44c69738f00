"""The arguments of an export as texts, of an address or a command line, read by the types of the schema.

They are those of the query, by the same names. A part of an input has its way with points, ``within.metres=30000`` and
``bbox.west=-8``; the values of a list stand with commas between, or the argument comes again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    get_nullable_type,
)

from api.exports.tables import Table
from geo.errors import BadInput

LONGEST = 20_000
"""Characters of a value."""
MOST = 1_000
"""Arguments and parts of them."""
_INT = re.compile(r"[-+]?\d{1,18}", re.ASCII)
_FLAGS = {"true": True, "false": False}


def read(table: Table, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the arguments that texts give, as variables of a query.

    Raises
    ------
    BadInput
        Where a list has no such argument, or its text cannot be read; the error names it.

    """
    given: dict[str, Any] = {}
    for number, (name, text) in enumerate(pairs):
        if number >= MOST or len(text) > LONGEST:
            raise BadInput(name, f"at most {MOST:,} arguments of {LONGEST:,} characters each can be given.")
        first, *rest = name.split(".")
        _put(given, first, rest, _type(table, first), text, name)
    return given


def check(table: Table, given: Mapping[str, Any]) -> None:
    """Refuse arguments that a list does not have.

    Raises
    ------
    BadInput
        Names the first of them, and those that there are.

    """
    for name in given:
        _type(table, name)


def _type(table: Table, name: str) -> GraphQLInputType:
    argument = table.field.args.get(name)
    if argument is None:
        raise BadInput(name, f"{table.name} takes no such argument; {_those(table.field.args)}.")
    return argument.type


def _those(known: Iterable[str]) -> str:
    names = ", ".join(known)
    return f"it takes {names}" if names else "it takes none"


def _put(held: dict[str, Any], key: str, rest: list[str], given: GraphQLInputType, text: str, whole: str) -> None:
    type_: Any = get_nullable_type(given)
    if isinstance(type_, GraphQLList):
        if rest:
            raise BadInput(whole, f"{key} is a list; give its values with commas between.")
        inner = get_nullable_type(type_.of_type)
        if isinstance(inner, GraphQLInputObjectType):
            raise BadInput(whole, f"{key} is a list of objects, which goes by POST as JSON only.")
        values = [_leaf(inner, each.strip(), whole) for each in text.split(",") if each.strip()]
        held.setdefault(key, []).extend(values)
    elif isinstance(type_, GraphQLInputObjectType):
        if not rest:
            names = ", ".join(f"{key}.{each}" for each in type_.fields)
            raise BadInput(whole, f"it has parts; give {names}.")
        part = type_.fields.get(rest[0])
        if part is None:
            raise BadInput(whole, f"{key} has no {rest[0]}; {_those(type_.fields)}.")
        inside = held.setdefault(key, {})
        _put(inside, rest[0], rest[1:], part.type, text, whole)
    elif rest:
        raise BadInput(whole, f"{key} has no parts.")
    elif key in held:
        raise BadInput(whole, "it is given twice; give it once.")
    else:
        held[key] = _leaf(type_, text, whole)


def _leaf(type_: Any, text: str, whole: str) -> Any:
    """Return a value as JSON has it; a term, a day or a code is a text there too."""
    match type_.name:
        case "Int":
            if not _INT.fullmatch(text):
                raise BadInput(whole, "give a whole number.")
            return int(text)
        case "Float":
            try:
                return float(text)
            except ValueError:
                raise BadInput(whole, "give a number.") from None
        case "Boolean":
            if text not in _FLAGS:
                raise BadInput(whole, "give true or false.")
            return _FLAGS[text]
        case "GeoJSON":
            try:
                return orjson.loads(text)
            except orjson.JSONDecodeError:
                raise BadInput(whole, "give GeoJSON.") from None
    return text
