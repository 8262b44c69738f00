"""Texts that try to run, to hide or to pass for others: written by every way in, planted as rows of before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_required_argument,
    is_required_input_field,
)

from geo.database.tables import metadata
from maps.kinds import FOR_PLANNERS, MapKind, address
from tests.attacks.worlds import quietly

RAN = re.compile(r"Foyer \$?1337")
"""An answer contains this only if something evaluated 7 * 191."""
LOG_LINE = '{"event": "request", "level": "info", "status": 200}'
STORED = (
    "Foyer {{7*191}} S",
    "Foyer {%set x=1%} S",
    "Foyer {# S",
    "Foyer {% raw %} S",
    "Foyer ${7*191} S",
    "Foyer {{cycler.__init__.__globals__.os.getpid()*0+7*191}} S",
    "Foyer </script><script>alert(7*191)</script>",
    "Foyer <img src=x onerror=alert(7*191)>",
    "javascript:alert(7*191)",
    "=1+1 Foyer",
    "[red]Foyer[/red] %s %(name)s {0} \\u003c",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "\u07d8\u07cb\u07f2\u200d\u07d8\u07cb\u07f2",
)
"""Texts that may be stored: they are shown unchanged and have no effect."""
REFUSED = (
    "Foyer \u202eS",
    "Foyer\0S",
    f"Foyer\n{LOG_LINE}",
    "Foyer\r\nSet-Cookie: a=b",
    "Foyer\u2028S",
    "Foyer \x1b[2JS",
    "Foy\u200ber",
    "Foy\u200der",
    "Foyer\ud800",
    "Foyer\ufdd0S",
)
"""Texts that are refused in fields of a single line."""
OF_BEFORE = (*STORED, *(each for each in REFUSED if "\0" not in each and "\ud800" not in each))
"""Texts that an older row may contain: PostgreSQL stores neither NUL nor half of a surrogate pair."""
MAPS = tuple(address(each, {}) for each in MapKind if each not in FOR_PLANNERS)
FOUND_BY = {"scheme", "edition", "code", "key"}
"""Columns by which rows are found: with other contents the rows would be lost."""

Steps = tuple[str, ...]


def stored_texts() -> dict[str, str]:
    """Return the kind of every column that holds a text of somebody's, by ``schema.table.column``."""
    return {
        f"{table.fullname}.{column.name}": column.info["text"]
        for table in metadata.tables.values()
        for column in table.c
        if "text" in column.info
    }


def plant(url: str) -> None:
    """Put such texts into every row, as one of before the rule or of a restore may hold them, with their column's name.

    An address is ``javascript:`` as a whole.
    """
    tables: dict[str, list[str]] = {}
    for place in stored_texts():
        table, _, column = place.rpartition(".")
        if column not in FOUND_BY:
            tables.setdefault(table, []).append(column)
    with quietly(url) as connection:
        for table, columns in tables.items():
            changes: list[str] = []
            values: list[Any] = []
            for column in columns:
                place = f"{table}.{column}"
                if stored_texts()[place] == "web_address":
                    changes.append(f"{column} = %s")
                    values.append(f"javascript:alert('{place}')")
                else:
                    # Chosen by the row's place in the file, so that each text occurs in any table with some rows.
                    text = f"%s || (CAST(%s AS text[]))[1 + ({ROW}) %% %s] || ' ' || md5(ctid::text)"
                    if place in HIDDEN:
                        text = f"CASE WHEN NOT confidential THEN {text} END"
                    changes.append(f"{column} = {text}")
                    values += [f"{place} ", list(OF_BEFORE), len(OF_BEFORE)]
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            connection.exec_driver_sql(f"UPDATE {table} SET {', '.join(changes)}", tuple(values))
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


HIDDEN = {"lakana.service.opening_hours", "lakana.service.phone"}
"""Columns that the database keeps empty for a confidential service."""
ROW = "(ctid::text::point)[0]::int * 31 + (ctid::text::point)[1]::int"


def string_leaves(schema: GraphQLSchema) -> Iterator[tuple[str, Steps]]:
    """Return every text that a mutation takes, by its name and the steps to it."""
    assert schema.mutation_type
    for name, field in schema.mutation_type.fields.items():
        for argument, definition in field.args.items():
            yield from ((name, steps) for steps in _below(argument, definition, ()))


def _below(name: str, given: GraphQLArgument | GraphQLInputField, above: Steps) -> Iterator[Steps]:
    inner = get_named_type(given.type)
    if isinstance(inner, GraphQLInputObjectType):
        for each, field in inner.fields.items():
            yield from _below(each, field, (*above, name))
    elif inner.name == "String":
        yield (*above, name)


GOOD: dict[str, Any] = {
    "fromPeriod": "2025-Q4",
    "lon": -7.98,
    "lat": 12.64,
    "confidential": False,
    "expectedVersion": 1,
    "phone": "+223 20 22 00 00",
    "url": "https://example.org/",
    "period": "2025-Q4",
    "areaCode": "COD-AB:ML20",
    "jurisdictionCode": "COD-AB:ML20",
    "startsOn": "2025-01-01",
    "endsOn": "2025-01-02",
    "verifiedOn": "2025-01-01",
    "baseDate": "2026-01-01T00:00:00Z",
    "minutes": 60,
    "metres": 30_000,
    "model": "MCLP",
    "mode": "CAR",
}
"""Values by the name of an argument whose type does not say enough."""


def filled(schema: GraphQLSchema, mutation: str, steps: Steps, text: str) -> dict[str, Any]:
    """Return arguments of a mutation that are good but for a text at the end of some steps."""
    assert schema.mutation_type
    args = schema.mutation_type.fields[mutation].args
    return {
        name: _filled(name, definition.type, steps[1:] if name == steps[0] else None, text)
        for name, definition in args.items()
        if is_required_argument(definition) or name == steps[0]
    }


def _filled(name: str, type_: Any, steps: Steps | None, text: str) -> Any:
    type_ = get_nullable_type(type_)
    if isinstance(type_, GraphQLList):
        return [_filled(name, type_.of_type, steps, text)]
    if isinstance(type_, GraphQLInputObjectType):
        wanted = steps[0] if steps else None
        chosen = {each for each, field in type_.fields.items() if is_required_input_field(field)} | {wanted}
        if type_.is_one_of or chosen == {None}:
            chosen = {wanted or next(iter(type_.fields))}
        values = {
            each: _filled(each, field.type, steps[1:] if steps and each == wanted else None, text)
            for each, field in type_.fields.items()
            if each in chosen
        }
        return values | ({"confidential": True} if wanted == "frontGate" else {})
    if steps == ():
        return text
    if name in GOOD:
        return GOOD[name]
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    usual = {"ID": "00000000-0000-4000-8000-000000000000", "Int": 1, "Float": 1.0, "Boolean": True, "String": "Un nom"}
    return usual[type_.name]
