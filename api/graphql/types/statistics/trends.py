"""Answers of trends."""

from __future__ import annotations

from typing import Any

import strawberry
from sqlalchemy import Select, func, select

from api.graphql.compile import prices, tariff
from api.graphql.compile.readings import Row
from api.graphql.types.answer_basis import DataDates, published_dates_field
from api.graphql.types.connections import Connection, total_field
from api.graphql.types.field import assumptions_field, column, many
from api.graphql.types.places import Source
from api.graphql.types.statistics.common import Placed, known_sources
from geo.arguments import Period
from geo.queries.incidents.trends import QUARTER
from geo.statistics.terms import TrendDirection


@strawberry.type(description="What is published of a place for a quarter.")
class TrendQuarter:
    """A quarter of a trend."""

    period: Period = column("period", "The quarter.")
    count: int | None = column(
        "count", "The published value, or the sum of those of its parts; null where one is not told. 0 means 0 to 4."
    )
    localities_reporting: int = column(
        "localities_reporting", "How many localities reported the quarter; 0 where nothing of it is released."
    )
    localities_expected: int = column("localities_expected", "Of how many that was expected.")
    change: int | None = column(
        "change", "This less the quarter before; null where one is missing, or other localities reported."
    )
    direction: TrendDirection | None = column(
        "changed",
        "Whether that is more than rounding alone can do; NOT_COMPARABLE where other localities reported than in the "
        "quarter before, null where one is missing.",
    )


def _quarters(row: Row) -> Select[Any]:
    found = func.json_to_recordset(row.quarters).table_valued(*QUARTER).render_derived(name="quarter", with_types=True)
    return select(found).order_by(found.c.period)


@strawberry.type(description="How the published counts of a place went from quarter to quarter.")
class Trend(Placed):
    """A trend."""

    part_count: int = column(
        "parts",
        "How many published values make up each quarter; 0 where counts are published of nothing that makes it up.",
    )
    error_bound: int = column("error_bound", "How far each value may be from the true one: 4 × partCount.")
    quarters: list[TrendQuarter] = many(_quarters, prices.quarters, "The quarters, the oldest first.")
    first_count: int | None = column("first_count", "The value of the first quarter; null where it is missing.")
    last_count: int | None = column("last_count", "The value of the last quarter; null where it is missing.")
    change: int | None = column(
        "change", "The last less the first; null where one is missing, or other localities reported."
    )
    direction: TrendDirection | None = column(
        "changed",
        "RISE or FALL only where the change is larger than 2 × errorBound; NOT_COMPARABLE where other localities "
        "reported in the last quarter than in the first, null where a value is missing.",
    )


@strawberry.type(description="A page of the trends of the places of a level, by name, ties by id.")
class TrendConnection(Connection[Trend]):
    """An answer of trends."""

    total_count: int = total_field(prices.fixed(tariff.LEAF))
    from_period: Period | None = column("from_period", "The first quarter; null where none was ever published.")
    to_period: Period | None = column("to_period", "The last quarter; null where none was ever published.")
    assumptions: list[str] = assumptions_field()
    data_as_of: DataDates | None = published_dates_field()
    sources: list[Source] = many(known_sources, prices.counted("sources"), "Where the counts come from.")
