"""How a field of a type is declared: its description for the schema, and how the projection reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

import strawberry
from sqlalchemy import JSON, ColumnElement, Select, Text, case, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB

from api.graphql.compile import prices, tariff
from api.graphql.compile.readings import KEY, Many, One, Record, Row, Same, Value, Worked
from api.graphql.compile.reserved import ReservedFor, for_whom
from api.graphql.types.scalars import Language
from geo.assumptions.catalogue import translated
from geo.assumptions.coverage import LEFT_OUT as LEFT_OUT_SENTENCE
from geo.queries.base.left_out import LEFT_OUT, LEFT_OUT_COLUMN
from geo.queries.base.question import bind, constant
from geo.vocabulary import Locale


def value(
    expression: Callable[[Row], ColumnElement[Any]],
    description: str,
    reserved: ReservedFor | None = None,
    price: prices.Size | float = tariff.LEAF,
    shared_price: prices.Size | float | None = None,
) -> Any:
    """Declare a leaf that is an expression over the row, for everybody unless it is reserved."""
    metadata = {KEY: Value(expression, price, shared_price)}
    return strawberry.field(metadata=metadata, **for_whom(description, reserved))


def worked(description: str, resolver: Any = None, reserved: ReservedFor | None = None) -> Any:
    """Declare a field that Python computes, for everybody who may ask its root field unless it is reserved."""
    return strawberry.field(resolver=resolver, metadata={KEY: Worked()}, **for_whom(description, reserved))


def column(name: str, description: str) -> Any:
    """Declare a leaf that is a column of the row."""
    return value(lambda row: getattr(row, name), description)


# What geo.texts accepts as a web address; \S alone would let through characters that turn the direction of writing.
_WEB = r"""^https?://[^[:space:][:cntrl:]<>"{}|\\^`\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+$"""


def address(name: str, description: str) -> Any:
    """Declare a leaf that is a web address in a column of the row, null if it is none.

    New rows are checked; an older row may hold an address that would run as a script if a page linked to it.
    """

    def linked(row: Row) -> ColumnElement[Any]:
        held = getattr(row, name)
        return case((held.op("~*")(constant(_WEB)), held))

    return value(linked, description)


def same(description: str, present: Callable[[Row], ColumnElement[bool]] | None = None) -> Any:
    """Declare a nested object that is read from the same row, null where ``present`` is not true."""
    return strawberry.field(description=description, metadata={KEY: Same(present)})


def one(rows: Callable[[Row], Select[Any]], description: str, work: prices.Size = prices.nothing) -> Any:
    """Declare a nested object that is read from a row of its own; ``work`` is what finding it costs."""
    return strawberry.field(description=description, metadata={KEY: One(rows, work)})


def record(row_id: Callable[[Row], ColumnElement[Any]], description: str) -> Any:
    """Declare a nested record of whatever type by its id; the question's related rows are those of each type."""
    return strawberry.field(description=description, metadata={KEY: Record(row_id)})


def many(
    rows: Callable[[Row], Select[Any]],
    size: prices.Size | int,
    description: str,
    work: prices.Size = prices.nothing,
    present: Callable[[Row], ColumnElement[bool]] | None = None,
) -> Any:
    """Declare a nested list; ``size`` is how many rows it can hold, ``work`` what finding them costs.

    An item is null where ``present`` is not true of its row.
    """
    return strawberry.field(description=description, metadata={KEY: Many(rows, size, work, present)})


def localized(
    expression: Callable[[Row, ColumnElement[str]], ColumnElement[Any]],
    description: str,
    *,
    of: Any = str,
    price: prices.Size | float = tariff.LEAF,
) -> Any:
    """Declare a leaf that comes in the language of its argument ``language``, or else in the caller's."""

    def resolver(
        language: Annotated[  # noqa: ARG001  Strawberry reads the arguments from here
            Language | None, strawberry.argument(description="Left out, it is that of the request (Accept-Language).")
        ] = strawberry.UNSET,
    ) -> Any:
        raise AssertionError("read from the database, never resolved")

    def in_language(row: Row, language: ColumnElement[str]) -> ColumnElement[Any]:
        return expression(row, func.coalesce(language, bind("caller_language", Text)))

    resolver.__annotations__["return"] = of
    return strawberry.field(
        resolver=resolver,
        description=f"{description} In French where the language has no word of its own.",
        metadata={KEY: Value(in_language, price)},
    )


def at_moment(
    expression: Callable[[Row, ColumnElement[str]], ColumnElement[Any]], description: str, *, of: Any, price: float
) -> Any:
    """Declare a leaf that is null where it is not known, and is asked of the moment of its argument ``at``."""

    def resolver(
        at: Annotated[  # noqa: ARG001  Strawberry reads the arguments from here
            dt.datetime | None,
            strawberry.argument(
                description="The moment, with its offset from UTC, 2000 to 2099; now where it is left out."
            ),
        ] = strawberry.UNSET,
    ) -> Any:
        raise AssertionError("read from the database, never resolved")

    resolver.__annotations__["return"] = of | None
    return strawberry.field(resolver=resolver, description=description, metadata={KEY: Value(expression, price)})


def told_left_out(row: Row) -> ColumnElement[Any]:
    """Return how many confidential services a row's answer leaves out: as stored with the row, or as of now."""
    if LEFT_OUT_COLUMN in row:
        return func.coalesce(row[LEFT_OUT_COLUMN], literal_column("0"))  # stored before there were zones
    return select(row.related[LEFT_OUT].c.number).scalar_subquery()


def left_out_field() -> int:
    """Declare the field of how many confidential services the answer leaves out."""
    number: int = value(
        told_left_out,
        "How many confidential services of the categories asked for are left out, as they have no distance: those "
        "whose zone has a part in common with the area.",
        price=tariff.LEFT_OUT,
    )
    return number


def said_in(sentences: ColumnElement[Any], locale: ColumnElement[str]) -> ColumnElement[Any]:
    """Return sentences in a language from JSON by locale, in French where it has none."""
    told = cast(sentences, JSON)
    french: ColumnElement[str] = literal_column(f"'{Locale.FR.name}'")
    return func.coalesce(told.op("->")(locale), told.op("->")(french))


def assumptions_field(price: prices.Size | float = tariff.LEAF) -> list[str]:
    """Declare the field of what an answer takes for granted, from the column ``assumptions``: JSON by locale."""
    told: list[str] = localized(
        lambda row, locale: with_left_out(row, said_in(row.assumptions, locale), locale),
        "What this answer takes for granted, in sentences.",
        of=list[str],
        price=price,
    )
    return told


def with_left_out(row: Row, sentences: ColumnElement[Any], locale: ColumnElement[str]) -> ColumnElement[Any]:
    """Add a sentence with the number of services left out, if the answer measures distances to services at all."""
    if LEFT_OUT not in row.related and LEFT_OUT_COLUMN not in row:
        return sentences
    others = [(locale == each.name, constant(translated(LEFT_OUT_SENTENCE, each))) for each in (Locale.EN, Locale.BM)]
    words = case(*others, else_=constant(translated(LEFT_OUT_SENTENCE, Locale.FR)))
    last = func.to_jsonb(func.format(words, told_left_out(row).cast(Text)))
    return cast(cast(sentences, JSONB).op("||")(last), JSON)


def by_id(rows: Callable[[], Select[Any]], key: str) -> Callable[[Row], Select[Any]]:
    """Return a nested row that is found by the id in a column of the row around it."""

    def found(row: Row) -> Select[Any]:
        every = rows()
        return every.where(every.selected_columns["id"] == getattr(row, key))

    return found


def name_in(row: Row, locale: ColumnElement[str]) -> ColumnElement[Any]:
    """Return ``name_fr``, ``name_en`` or ``name_bm`` by locale."""
    return case(
        (locale == Locale.EN.name, func.coalesce(row.name_en, row.name_fr)),
        (locale == Locale.BM.name, func.coalesce(row.name_bm, row.name_fr)),
        else_=row.name_fr,
    )
