"""Scenarios of planners, and how they compare with what is there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, Double, Integer, Select, Text, Uuid, cast, func, literal_column, select
from sqlalchemy import column as sql_column
from sqlalchemy.dialects.postgresql import JSONB

from api.graphql.compile import prices
from api.graphql.compile.readings import Row
from api.graphql.types.answer_basis import CoveredChildren, WithReach, WithSources
from api.graphql.types.directory import VERSION, Service
from api.graphql.types.field import by_id, column, localized, many, one, value
from api.graphql.types.places import AdminArea, Node
from api.graphql.types.scalars import POINT_DIGITS, GeoJSON, geojson, term_label
from geo.queries.base.row_sets import areas, services
from geo.queries.planning.scenarios import MOST_COMPARED, scenarios
from geo.vocabulary import DataPart, ScenarioChangeKind, ServiceCategory
from geo.writes.scenarios import MOST_CHANGES


def _changes_of(row: Row) -> Select[Any]:
    listed = func.jsonb_array_elements(row.changes).table_valued(sql_column("change", JSONB), with_ordinality="turn")
    each = listed.render_derived(name="listed")

    def told(name: str, type_: Any = Text) -> ColumnElement[Any]:
        return cast(each.c.change.op("->>")(literal_column(f"'{name}'")), type_).label(name)

    types = {"service_id": Uuid(as_uuid=False), "lon": Double, "lat": Double}
    columns = (told(name, types.get(name, Text)) for name in ("kind", "service_id", "name", "lon", "lat"))
    return select(*columns, told("places", Integer).label("capacity")).order_by(each.c.turn)


@strawberry.type(description="One change that a scenario makes; what does not belong to its kind is null.")
class ScenarioChange:
    """A change."""

    kind: ScenarioChangeKind = column("kind", "What is done.")
    service_id: strawberry.ID | None = column(
        "service_id", "The service that is closed, moved or resized; null for a site that is added."
    )
    service: Service | None = one(by_id(services, "service_id"), "That service as it is; null where it is gone.")
    name: str | None = column("name", "What the added site is called; null for any other change.")
    point: GeoJSON | None = value(
        lambda row: geojson(func.ST_MakePoint(row.lon, row.lat), POINT_DIGITS),
        "Where the site is added, or the service moved to: a Point; null for any other change.",
    )
    capacity: int | None = column(
        "capacity",
        "How many children the added site takes at a time, or the resized service then; null where that was left out, "
        "and for any other change.",
    )


@strawberry.type(description="A saved scenario: changes to the services of a category, thought through and not made.")
class Scenario(Node):
    """A scenario."""

    name: str = column("name", "Its name.")
    category: ServiceCategory = column("category", "The category whose services it changes.")
    category_label: str = localized(
        lambda row, locale: term_label(row.category, ServiceCategory, locale), "The words for its category."
    )
    base_date: dt.datetime = column("base_date", "The moment of the data that it was made on.")
    changes: list[ScenarioChange] = many(
        _changes_of, MOST_CHANGES, f"What it changes, 1 to {MOST_CHANGES}, in the order given."
    )
    created_at: dt.datetime = column("created_at", "When it was saved first.")
    changed_at: dt.datetime = column("changed_at", "When it was saved last.")
    version: int = column("version", VERSION)


PARTS = (
    "Its parts at the level asked for, by name, those where children are counted. Children who are known to live in "
    "the area but not in which part stand in a row of the area itself, so that the rows add up to the total."
)


def _number(name: str, description: str) -> Any:
    return column(f"{name}_under_18", f"{description}; null where nobody is counted.")


@strawberry.type(description="Children within reach in an area under a scenario, beside those of today.")
class ScenarioArea(CoveredChildren):
    """A row of a comparison; what is covered is so under the scenario."""

    area: AdminArea = one(by_id(areas, "area_id"), "The area.")
    covered_before_under18: int | None = _number("covered_before", "Those within reach today")
    newly_covered_under18: int | None = _number("newly_covered", "Those within reach under the scenario and not today")
    lost_under18: int | None = _number("lost", "Those within reach today and not under the scenario")
    net_under18: int | None = value(
        lambda row: row.newly_covered_under_18 - row.lost_under_18,
        "Newly covered less lost; below 0 where more are lost, null where nobody is counted.",
    )
    mean_distance_before_metres: float | None = column(
        "mean_distance_before_m",
        "Metres to the nearest service today, the mean over children: Σ children × distance / Σ children. Null where "
        "there is no service at all, or no child.",
    )
    mean_distance_metres: float | None = column("mean_distance_m", "The same under the scenario; null alike.")
    max_distance_before_metres: float | None = column(
        "max_distance_before_m", "Metres that the child farthest from the nearest service has to go today; null alike."
    )
    max_distance_metres: float | None = column("max_distance_m", "The same under the scenario; null alike.")


def _areas_of(row: Row, *, whole: bool) -> Select[Any]:
    found = row.related["areas"]
    rows = select(found).where(found.c.number == row.number, found.c.whole if whole else ~found.c.whole)
    if whole:
        return rows
    every = areas().subquery("named")
    return rows.join(every, every.c.id == found.c.area_id).order_by(every.c.name_key, every.c.id)


@strawberry.type(description="What sites that are tried would change, beside today; nothing is saved.")
class SitesTried(WithReach, WithSources):
    """A trial."""

    total: ScenarioArea = one(lambda row: _areas_of(row, whole=True), "The whole area.")
    areas: list[ScenarioArea] = many(lambda row: _areas_of(row, whole=False), prices.parts, PARTS)


@strawberry.type(description="A part of the data that has changed.")
class ChangedData:
    """A changed part."""

    part: DataPart = column("part", "The part.")
    part_label: str = localized(lambda row, locale: term_label(row.part, DataPart, locale), "The words for it.")


def _changed(row: Row) -> Select[Any]:
    parts = func.unnest(row.changed_data).table_valued(sql_column("part", Text)).render_derived(name="changed")
    return select(parts).order_by(parts.c.part)


@strawberry.type(description="What comes of a scenario.")
class ScenarioOutcome:
    """An outcome."""

    scenario: Scenario | None = one(by_id(scenarios, "scenario_id"), "The scenario; null for what is there today.")
    total: ScenarioArea = one(lambda row: _areas_of(row, whole=True), "The whole area.")
    areas: list[ScenarioArea] = many(
        lambda row: _areas_of(row, whole=False),
        prices.parts,
        PARTS,
    )
    capacity_before: int = column(
        "capacity_before",
        "How many children all services of the category that are not confidential take at a time, today, in the whole "
        "country; those of unknown capacity count as 0.",
    )
    capacity: int = column("capacity", "The same under the scenario.")
    capacity_added: int = value(
        lambda row: row.capacity - row.capacity_before, "Capacity less that before; below 0 where some is given up."
    )
    unknown_capacity_count: int = column(
        "unknown_capacity_count",
        "How many of these services, those under the scenario, have no known capacity; each counts as 0.",
    )
    changed_data: list[ChangedData] = many(
        _changed,
        len(DataPart),
        "The parts of the data that are no longer what they were on the scenario's base date, or that changed between "
        "that date and its saving. Where none is named, the answer is the one of the base date.",
    )


def _outcomes(row: Row, *, base: bool) -> Select[Any]:
    found = row.related["outcomes"]
    is_base = found.c.number == literal_column("0")
    return select(found).where(is_base if base else ~is_base).order_by(found.c.number)


@strawberry.type(description="Scenarios of one category beside what is there today.")
class ScenarioComparison(WithReach, WithSources):
    """A comparison."""

    category: ServiceCategory = column("category", "The category of all of them.")
    base: ScenarioOutcome = one(lambda row: _outcomes(row, base=True), "What is there today, nothing changed.")
    scenarios: list[ScenarioOutcome | None] = many(
        lambda row: _outcomes(row, base=False),
        prices.length_of("scenarioIds", MOST_COMPARED),
        "The scenarios, in the order asked for; null in its place for one that is not there or not yours.",
        present=lambda row: row.scenario_id.is_not(None),
    )
