"""Published incident counts, and the pages of lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import strawberry
from sqlalchemy import ColumnElement, Integer, Select, exists, func, literal_column, select

from api.graphql.compile import prices
from api.graphql.compile.projection import Row
from api.graphql.types.field import column, many, same, value
from api.graphql.types.places import Source, source_field
from api.graphql.types.scalars import POINT_DIGITS, GeoJSON, geojson
from geo.queries.base.question import bind
from geo.vocabulary import IncidentType, ReportingLevel

Item = TypeVar("Item")


def _known(name: str, counted: Callable[[Row], Select[Any]]) -> Callable[[Row], ColumnElement[Any]]:
    """Return a value of a page: a computed one has it in a column, of any other it is counted."""
    return lambda row: row.source.c[name] if name in row.source.c else counted(row).scalar_subquery()


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Relay's page information."""

    has_next_page: bool = value(
        _known(
            "has_next_page", lambda row: select(func.count() > bind("first", Integer)).select_from(row.related["page"])
        ),
        "True where there are more.",
    )
    has_previous_page: bool = value(
        _known(
            "has_previous_page",
            lambda row: select(
                exists(select(row.related["before"])) if "before" in row.related else literal_column("false")
            ),
        ),
        "True where there is something before this page.",
    )
    start_cursor: str | None = value(lambda row: _cursor(row, last=False), "The cursor of the first edge.")
    end_cursor: str | None = value(
        lambda row: _cursor(row, last=True), "The cursor of the last edge: pass it as `after`."
    )


def _cursor(row: Row, *, last: bool) -> ColumnElement[Any]:
    kept = row.related["kept"]
    order = kept.c.row_number.desc() if last else kept.c.row_number
    return select(kept.c.cursor).order_by(order).limit(1).scalar_subquery()


@strawberry.type(description="An item of a page with its cursor.")
class Edge(Generic[Item]):
    """Relay's edge."""

    cursor: str = column("cursor", "Where this item stands; it stays good when the item is gone.")
    node: Item = same("The item.")


def total_field(price: prices.Size = prices.total) -> int:
    """Declare how many items match; a list that is computed whole has counted them already."""
    total: int = value(
        _known("total_count", lambda row: select(func.count()).select_from(row.related["matching"])),
        "How many items match in all; counted only when asked for.",
        price=price,
    )
    return total


@strawberry.type(description="A page of a list.")
class Connection(Generic[Item]):
    """Relay's connection."""

    edges: list[Edge[Item]] = many(
        lambda row: select(kept := row.related["kept"]).order_by(kept.c.row_number),
        prices.first(20),
        "The items of this page.",
    )
    page_info: PageInfo = same("Where this page stands.")
    total_count: int = total_field()


@strawberry.type(description="A published count of reported incidents: rounded so that no child can be pointed at.")
class IncidentCount:
    """A cell of the release."""

    level: ReportingLevel = column("level", "The level of the place.")
    area_code: str = column("area_code", "The code of the place, written SCHEME:CODE.")
    area_name: str = column("area_name", "The name of the place, in French.")
    point: GeoJSON | None = value(
        lambda row: geojson(row.point, POINT_DIGITS),
        "The place of a locality, a Point; null for areas.",
        price=prices.POINT_VALUE,
    )
    period: str = column("period", "A year (2025) or a quarter (2025-Q4).")
    incident_type: IncidentType | None = column("incident_type", "The type; null: all types together.")
    count: int = column("count", "The published value, a multiple of 5, at most 4 off the true one.")
    count_label: str = column("count_label", "The published value for people to read: `0–4`, `25`.")
    rate_per100k_under18: float | None = strawberry.field(
        name="ratePer100kUnder18",
        description="The published value for every 100,000 children under 18 who live there, in the period, to one "
        "decimal; null where nobody knows how many do.",
        metadata=value(lambda row: row.rate_per_100k_under_18, "").metadata,
    )
    source: Source = source_field()


@strawberry.type(description="A period for which counts are published.")
class ReleasedPeriod:
    """A released period."""

    period: str = column("period", "A year (2025) or a quarter (2025-Q4).")
    released_at: dt.datetime = column("released_at", "When its current values were published.")
    release_number: int = column("release_number", "The number of the release that its current values come from.")
    revision: int = column("revision", "How often they were revised: a quarter at most once, a year with its quarters.")
