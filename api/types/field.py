"""How a field of a type is declared: its words for the schema, its reading for the projection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import strawberry
from sqlalchemy import JSON, ColumnElement, Select, case, cast, func, literal_column

from api import prices
from api.projection import KEY, Many, One, Row, Same, Value
from api.types.reserved import ReservedFor
from geo.queries.question import constant
from geo.vocabulary import Locale


def value(
    expression: Callable[[Row], ColumnElement[Any]],
    description: str,
    reserved: ReservedFor | None = None,
    price: prices.Size | float = prices.LEAF,
) -> Any:
    """Declare a leaf that is an expression over the row, for everybody unless it is reserved."""
    directives = () if reserved is None else (reserved,)
    return strawberry.field(description=description, metadata={KEY: Value(expression, price)}, directives=directives)


def column(name: str, description: str) -> Any:
    """Declare a leaf that is a column of the row."""
    return value(lambda row: getattr(row, name), description)


# What geo.texts takes for an address of the web; \S alone would let through what turns the direction of writing.
_WEB = r"""^https?://[^[:space:][:cntrl:]<>"{}|\\^`\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+$"""


def address(name: str, description: str) -> Any:
    """Declare a leaf that is an address of the web in a column of the row, null where it is none.

    What is written since is one; an older row may hold what a page that links to it would run.
    """

    def linked(row: Row) -> ColumnElement[Any]:
        held = getattr(row, name)
        return case((held.op("~*")(constant(_WEB)), held))

    return value(linked, description)


def same(description: str, present: Callable[[Row], ColumnElement[bool]] | None = None) -> Any:
    """Declare a nested object that is read from the same row, null where ``present`` is not true."""
    return strawberry.field(description=description, metadata={KEY: Same(present)})


def one(rows: Callable[[Row], Select[Any]], description: str) -> Any:
    """Declare a nested object that is read from a row of its own."""
    return strawberry.field(description=description, metadata={KEY: One(rows)})


def many(
    rows: Callable[[Row], Select[Any]],
    size: prices.Size | int,
    description: str,
    work: prices.Size = prices.nothing,
) -> Any:
    """Declare a nested list; ``size`` is how many rows it can hold, ``work`` what finding them costs."""
    return strawberry.field(description=description, metadata={KEY: Many(rows, size, work)})


def localized(
    expression: Callable[[Row, ColumnElement[str]], ColumnElement[Any]], description: str, *, of: Any = str
) -> Any:
    """Declare a leaf that comes in the language of its argument ``locale``."""

    def resolver(
        locale: Annotated[  # noqa: ARG001  Strawberry reads the arguments from here
            Locale | None, strawberry.argument(description="Language; French where it is left out.")
        ] = None,
    ) -> Any:
        raise AssertionError("read from the database, never resolved")

    resolver.__annotations__["return"] = of
    return strawberry.field(
        resolver=resolver,
        description=f"{description} In French where the language has no word of its own.",
        metadata={KEY: Value(expression)},
    )


def said_in(sentences: ColumnElement[Any], locale: ColumnElement[str]) -> ColumnElement[Any]:
    """Give what stands as JSON by locale (:func:`geo.queries.said.said`) in a language, French where it has none."""
    told = cast(sentences, JSON)
    french: ColumnElement[str] = literal_column(f"'{Locale.FR.name}'")
    return func.coalesce(told.op("->")(func.coalesce(locale, Locale.FR.name)), told.op("->")(french))


def assumptions_field() -> list[str]:
    """Declare the field of what an answer takes for granted, from the column ``assumptions``: JSON by locale."""
    told: list[str] = localized(
        lambda row, locale: said_in(row.assumptions, locale),
        "What this answer takes for granted, in sentences.",
        of=list[str],
    )
    return told


def by_id(rows: Callable[[], Select[Any]], key: str) -> Callable[[Row], Select[Any]]:
    """Say that a row is the one whose id stands in a column of the row around it."""

    def found(row: Row) -> Select[Any]:
        every = rows()
        return every.where(every.selected_columns["id"] == getattr(row, key))

    return found


def name_in(row: Row, locale: ColumnElement[str]) -> ColumnElement[Any]:
    """Give ``name_fr``, ``name_en`` or ``name_bm`` by locale."""
    return case(
        (locale == Locale.EN.name, func.coalesce(row.name_en, row.name_fr)),
        (locale == Locale.BM.name, func.coalesce(row.name_bm, row.name_fr)),
        else_=row.name_fr,
    )
