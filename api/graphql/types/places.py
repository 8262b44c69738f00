"""Sources, populations, admin areas, localities, and the published place of a site."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry
from sqlalchemy import Boolean, ColumnElement, Select, Text, Uuid, case, func, literal_column, select

from api.graphql.compile import prices, tariff
from api.graphql.compile.readings import Row
from api.graphql.types.connections import Connection, pages
from api.graphql.types.field import address, by_id, column, localized, many, name_in, one, record, same, value
from api.graphql.types.scalars import OUTLINE_DIGITS, POINT_DIGITS, GeoJSON, geojson
from geo.arguments import AreaCode, Period
from geo.database.tables import zone_area
from geo.queries.base.row_sets import (
    area_basis,
    areas,
    areas_of_place,
    expected_reporters,
    level_names,
    localities,
    populations,
    same_code,
    sources,
    told_point,
    told_radius_m,
    zones,
)
from geo.queries.directory.features import precision
from geo.vocabulary import AreaBasis, AreaLevel, LocationPrecision

AdminAreaRef = Annotated["AdminArea", strawberry.lazy("api.graphql.types.places")]
EDITIONS = 4
"""Few countries have more editions of their areas."""
ZONE_AREAS = 10
"""Few zones have more areas."""

REPORTING_SPANS = 20

LocalityRef = Annotated["Locality", strawberry.lazy("api.graphql.types.places")]


@strawberry.interface(description="A thing with an id that is unique over all types.")
class Node:
    """What can be fetched by its id."""

    id: strawberry.ID = column(
        "id",
        "An opaque id that never changes, but of a shelter that becomes confidential and of its service. Those of "
        "areas, of localities and of real organisations are made from public codes.",
    )


@strawberry.type(description="Where a record comes from.")
class Source:
    """A source."""

    name: str = column("name", "Its name, for the attribution.")
    licence: str | None = column("licence", "Its licence; null where none is known.")
    url: str | None = address("url", "Where it can be read; null where no address is known.")
    retrieved_on: dt.date | None = column("retrieved_on", "When it was read; null where that is not known.")
    illustrative: bool = column("illustrative", "True where its records are made up to show the system at work.")


def sources_field(
    words: str = "Where the records come from that it is made of, by name.", work: prices.Size = prices.sourced
) -> list[Source]:
    """Declare the field of an answer's sources, from the related rows ``sources``."""

    def origins(row: Row) -> Any:
        found = row.related["sources"]
        return select(found).order_by(found.c.name, found.c.id)

    sources: list[Source] = many(origins, prices.counted("sources"), words, work)
    return sources


def _source() -> Source:
    source: Source = one(by_id(sources, "source_id"), "Where this record comes from.")
    return source


@strawberry.type(description="How many people live in a place.")
class Population:
    """A census figure."""

    total: int = column("population", "All people.")
    under18: int = column("under_18", "Children under 18.")
    year: int = column("population_year", "The year of the figure.")


def _latest_population(row: Row) -> object:
    census = populations()
    columns = census.selected_columns
    latest = census.where(columns["area_id"] == row.id).order_by(columns["year"].desc()).limit(1)
    return latest.with_only_columns(
        columns["total"].label("population"), columns["under_18"], columns["year"].label("population_year")
    )


def _known(row: Row) -> ColumnElement[bool]:
    return row.population.is_not(None)


def _children_of(row: Row) -> Select[Any]:
    every = areas()
    return every.where(every.selected_columns["parent_id"] == row.id)


def _outline_source(row: Row) -> Select[Any]:
    every = sources()
    own = func.coalesce(row.outline_source_id, row.source_id)
    return every.where(every.selected_columns["id"] == own, row.geom.is_not(None))


def _same_code(row: Row) -> Select[Any]:
    rows = same_code(row)
    return rows.order_by(rows.selected_columns["edition"], rows.selected_columns["id"])


def _level_label(row: Row, locale: ColumnElement[str]) -> ColumnElement[Any]:
    words = level_names(row).subquery("level_words")
    found = select(name_in(Row(words), locale)).select_from(words).limit(1).scalar_subquery()
    return func.coalesce(found, row.level_name)


@strawberry.type(description="An administrative area of one scheme and edition, in force from one date to another.")
class AdminArea(Node):
    """An admin area."""

    area_code: AreaCode = column(
        "area_code", "What any question takes as an area: SCHEME:CODE, with its edition where that is not in force."
    )
    scheme: str = column("scheme", "Who gives the code, `COD-AB` or `ISO-3166-2` for example.")
    edition: str = column("edition", "Which edition of the scheme it is of, `v03` for example.")
    code: str = column("code", "The code (P-code), unique inside the scheme at any time, and inside its edition.")
    level: AreaLevel = column("level_name", "How deep it lies in its country.")
    level_label: str = localized(_level_label, "The country's own word for its level; the level where none is known.")
    name: str = localized(name_in, "Its name.")
    parent: AdminAreaRef | None = one(
        by_id(areas, "parent_id"), "The area of the level above in the same scheme; null for a nation."
    )
    nation: AdminAreaRef | None = one(
        lambda row: nation_of(row.id),
        "The nation that it lies in, of the division in use; null where none is known.",
        prices.fixed(tariff.NATION),
    )
    children: Connection[AdminAreaRef] = pages(
        _children_of, Connection[AdminAreaRef], "The areas of the level below in the same scheme, by name."
    )
    valid_from: dt.date | None = column("valid_from", "The first day of its validity; null where it is not known.")
    valid_to: dt.date | None = column("valid_to", "The first day on which it is no longer valid; null while in force.")
    has_successor: bool = value(
        lambda row: func.lakana.has_successor(row.id, type_=Boolean),
        "True where a crosswalk leads to it from an area in force: then it is of an older or another division than the "
        "one in use.",
        price=tariff.SUCCESSOR,
    )
    population: Population | None = one(_latest_population, "The latest census figure; null where there is none.")  # type: ignore[arg-type]
    geometry: GeoJSON | None = value(
        lambda row: geojson(row.geom, OUTLINE_DIGITS),
        "Its outline, a MultiPolygon; null where no open outline of this edition is known.",
        price=prices.outline,
        shared_price=prices.shared_outline,
    )
    geometry_derived: bool | None = value(
        lambda row: case((row.geom.is_not(None), row.outline_derived)),
        "True where the outline was made of those of other areas; null where there is none.",
    )
    geometry_source: Source | None = one(_outline_source, "Where the outline comes from; null where there is none.")
    same_code_elsewhere: list[AdminAreaRef] = many(
        _same_code,
        EDITIONS,
        "The areas of other editions of its scheme that bear the same code and are other places, by edition: a code "
        "that comes without its edition may mean one of these.",
    )
    source: Source = _source()


@strawberry.type(description="An area that a place lies in, and how that is known.")
class KnownArea:
    """An area of a place."""

    area: AdminArea = same("The area.")
    basis: AreaBasis = value(
        lambda row: row.basis,
        "OUTLINE where the place lies inside of its outline, REGISTER where somebody registered it there.",
        price=tariff.OUTLINE_TEST,
    )


def _areas_of_place(row: Row) -> Select[Any]:
    rows = areas_of_place(row.area_set_id, row.point)
    columns = rows.selected_columns
    return rows.order_by(columns["valid_to"].desc(), columns["scheme"], columns["edition"], columns["id"])


AREA_BASIS = "How that area is known: by an outline that holds the place, or by a register; null where there is none."
AREAS_OF_PLACE = (
    "The smallest area of each edition that it is known to lie in, those in force first. Nothing is guessed by the "
    "nearest town: at a level that is not among these areas and those above them, the area is not known."
)


@strawberry.type(description="A span of quarters in which a locality is expected to report incidents.")
class ReportingSpan:
    """An entry of the list of expected reporters."""

    from_period: Period = column("from_quarter", "The first quarter.")
    to_period: Period | None = column("to_quarter", "The last quarter; null while no end is set.")


def _expected(row: Row) -> Select[Any]:
    every = expected_reporters()
    columns = every.selected_columns
    latest = (
        every.where(columns["locality_id"] == row.id).order_by(columns["from_quarter"].desc()).limit(REPORTING_SPANS)
    )
    spans = latest.subquery("latest_spans")
    return select(spans).order_by(spans.c.from_quarter)


@strawberry.type(description="A town or village.")
class Locality(Node):
    """A locality."""

    name: str = localized(name_in, "Its name.")
    area_code: AreaCode = column("area_code", "A code of its own, SCHEME:CODE.")
    admin_area: AdminArea | None = one(
        by_id(areas, "area_id"),
        "The smallest admin area in force that it is known to lie in; null where none is known.",
    )
    area_basis: AreaBasis | None = value(
        lambda row: area_basis(row.area_id, row.point), AREA_BASIS, price=tariff.OUTLINE_TEST
    )
    known_areas: list[KnownArea] = many(_areas_of_place, EDITIONS, AREAS_OF_PLACE)
    point: GeoJSON = value(
        lambda row: geojson(row.point, POINT_DIGITS), "Its place, a Point.", price=tariff.POINT_VALUE
    )
    population: Population | None = same("Its population; null where it is not known.", present=_known)
    expected_to_report: list[ReportingSpan] = many(
        _expected,
        REPORTING_SPANS,
        "When it is expected to report incidents: what the stewards' list says, the latest 20, the earliest of them "
        "first. Empty: it is not on the list. While nobody is, a release expects whoever had reported before.",
    )
    source: Source = _source()


Place = Annotated[
    Locality | AdminArea, strawberry.union("Place", description="A locality, or an admin area of whatever edition.")
]


@strawberry.type(description="A place that a text may mean.")
class PlaceMatch:
    """A place, and how alike its name is."""

    place: Place = record(lambda row: row.place_id, "The place; its area tells it from others of the name.")
    matched_name: str = column("matched_name", "The spelling of its name that is most like the text.")
    score: float = column(
        "score",
        "How alike the two are, from 0 to 1. It is 1 for the same name, and high where the text is the beginning or a "
        "word of the name.",
    )
    exact: bool = column("exact", "True where the two are the same but for case, accents and punctuation.")


def _areas_of_zone(row: Row) -> Select[Any]:
    every = areas()
    columns = every.selected_columns
    of_zone = select(zone_area.c.area_id).where(zone_area.c.zone_id == row.id)
    return every.where(columns["id"].in_(of_zone)).order_by(columns["name_key"], columns["id"])


@strawberry.type(
    description="Where confidential places are said to be, and nothing nearer: a part of the country that holds many "
    "people and places. The zones of a country hold all of it, and none holds a part of another."
)
class Zone(Node):
    """A zone."""

    name: str = localized(name_in, "Its name.")
    areas: list[AdminArea] = many(_areas_of_zone, ZONE_AREAS, "The admin areas that make it up, by name.")
    point: GeoJSON = value(
        lambda row: geojson(row.point, POINT_DIGITS), "A Point in its middle, where no place is meant to be."
    )
    radius_metres: float = column("radius_m", "The radius in metres of the circle of equal area.")


def _radius_m(row: Row) -> ColumnElement[Any]:
    return told_radius_m(row.radius_m, row.zone_id)


def nation_of(area: ColumnElement[Any]) -> Select[Any]:
    """Return the nation of an area, of the division in use; no row where none is known."""
    every = areas()
    return every.where(every.selected_columns["id"] == func.lakana.nation_in_use(area))


def _nation_of_site(row: Row) -> Select[Any]:
    parts = zone_area.alias("part_of_zone")
    of_zone = select(parts.c.area_id).where(parts.c.zone_id == row.zone_id).limit(1).scalar_subquery()
    return nation_of(func.coalesce(row.area_set_id, of_zone))


def _area_of_site(row: Row) -> Select[Any]:
    parts = zone_area.alias("part")
    of_zone = select(parts.c.area_id).where(parts.c.zone_id == row.zone_id).limit(2).subquery("first_of_zone")
    only = select(func.max(of_zone.c.area_id.cast(Text))).having(func.count() == literal_column("1")).scalar_subquery()
    every = areas()
    return every.where(every.selected_columns["id"] == func.coalesce(row.area_id, only.cast(Uuid)))


@strawberry.type(description="Where a site may be said to stand.")
class SiteLocation:
    """A public place."""

    point: GeoJSON = value(
        lambda row: geojson(told_point(row.point, row.zone_id), POINT_DIGITS),
        "A Point: the site itself or, where the site is confidential, the point of its zone.",
        price=tariff.POINT_VALUE,
    )
    precision: LocationPrecision = value(lambda row: precision(_radius_m(row)), "What the point stands for.")
    radius_metres: float = value(
        _radius_m, "0 for an exact place; for a zone, the radius in metres of the circle of equal area."
    )
    locality: Locality | None = one(by_id(localities, "locality_id"), "The locality; null where it is not public.")
    admin_area: AdminArea | None = one(
        _area_of_site, "The smallest admin area that may be named; null where the site's zone is not made of one alone."
    )
    nation: AdminArea | None = one(
        _nation_of_site,
        "The nation that it lies in: what is nearest to a place may stand across a border. Null where none is known.",
        prices.fixed(tariff.NATION),
    )
    area_basis: AreaBasis | None = value(
        lambda row: area_basis(row.area_id, row.point),
        f"{AREA_BASIS} Null of a confidential site.",
        price=tariff.OUTLINE_TEST,
    )
    known_areas: list[KnownArea] = many(_areas_of_place, EDITIONS, f"{AREAS_OF_PLACE} Empty for a confidential site.")
    zone: Zone | None = one(
        by_id(zones, "zone_id"), "The zone that a confidential site lies in; null where the place is exact."
    )


source_field = _source
