"""Recommended sites, and the jobs that look for them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, Select, Text, case, cast, func, literal_column, null, or_, select
from sqlalchemy.dialects.postgresql import JSON, JSONB

from api.graphql.compile import prices, tariff
from api.graphql.compile.asked import Asked
from api.graphql.compile.readings import Row
from api.graphql.types.answer_basis import DataDates, TravelEstimate, WithReach, WithSources
from api.graphql.types.field import by_id, column, many, one, same, value
from api.graphql.types.places import AdminArea, Locality, Node, Source
from api.graphql.types.scalars import POINT_DIGITS, GeoJSON, geojson
from geo.queries.base.question import constant
from geo.queries.base.row_sets import areas, localities, sources
from geo.queries.planning.siting import ANSWER, ASKED, DEFAULT_SITES, ESTIMATED, MAX_SITES, SITE, THINNED, WITHIN_ASKED
from geo.vocabulary import (
    Season,
    ServiceCategory,
    SitingJobStatus,
    SitingModel,
    SitingStatus,
    TravelBasis,
    TravelMode,
)


def _point(row: Row) -> ColumnElement[Any]:
    return func.ST_SetSRID(func.ST_MakePoint(row.lon, row.lat), literal_column("4326"))


@strawberry.type(description="A place for a service to build.")
class RecommendedSite:
    """A site."""

    rank: int = column("rank", "1 is to be built first: it improves the objective most, 2 most of what is left, …")
    locality: Locality | None = one(by_id(localities, "locality_id"), "The locality; null where points were offered.")
    candidate_number: int | None = column(
        "position", "The number of the point in `candidates.points`, from 1; null where localities were offered."
    )
    point: GeoJSON = value(lambda row: geojson(_point(row), POINT_DIGITS), "Its place, a Point.")
    marginal_gain_under18: int = column(
        "gain_under_18",
        "Children under 18 whom it brings within reach besides the services that exist and the sites before it. "
        "All together are coveredAfterUnder18 - coveredBeforeUnder18.",
    )
    covered_under18: int = column("covered_under_18", "Children within reach with it and all before it.")
    objective: float = column("objective", "The objective with it and all before it.")


def _recordset(rows: ColumnElement[Any], columns: Any, name: str) -> Any:
    return func.json_to_recordset(rows).table_valued(*columns).render_derived(name=name, with_types=True)


def _sites(row: Row) -> Select[Any]:
    every = _recordset(row.sites, SITE, "recommended")
    return select(every).order_by(every.c.rank)


def _sources(row: Row) -> Select[Any]:
    every = sources()
    ids = select(func.json_array_elements_text(row.sources)).scalar_subquery()
    columns = every.selected_columns
    return every.where(cast(columns["id"], Text).in_(ids)).order_by(columns["name"], columns["id"])


def _estimate(row: Row) -> Select[Any]:
    rows = _recordset(func.json_build_array(row.estimate), ESTIMATED, "estimated")
    return select(rows).where(row.estimate.is_not(None))


def _dates(row: Row) -> Select[Any]:
    return select(
        row.services_verified_on.label("services"),
        row.census_on.label("population"),
        cast(null(), Text).label("incidents"),
        row.data_as_of.label("loaded_on"),
    )


def _thinned(row: Row) -> Select[Any]:
    return select(_recordset(func.json_build_array(row.thinned), THINNED, "thinned")).where(row.thinned.is_not(None))


@strawberry.type(description="How candidates and demand points were gathered in squares, as there are too many pairs.")
class SitingThinning:
    """What was thinned."""

    candidate_square_count: int = column("candidates", "In how many squares the candidates were gathered.")
    demand_square_count: int = column("demand_points", "In how many squares the demand points were gathered.")
    square_radius_metres: float = column("apart_m", "How far a place is from the middle of its square at most.")


def _how_many(asked: Asked) -> float:
    return float(asked.given("siteCount", MAX_SITES))


@strawberry.type(description="Where further services would do most for children.")
class SiteRecommendations(WithReach, WithSources):
    """An answer."""

    model: SitingModel = column("model", "What the sites are best at.")
    status: SitingStatus = column("status", "What is known of them.")
    optimality_gap_percent: float | None = column(
        "gap_percent",
        "How far the objective is from the best at most: 100 × |bound - objective| / the larger. 0 where OPTIMAL, null "
        "where INFEASIBLE.",
    )
    sites: list[RecommendedSite] = many(_sites, _how_many, "The sites, the first to be built first.")
    objective_before: float | None = column(
        "objective_before",
        "What the model counts, without new sites. MCLP: children within reach. P_MEDIAN: the sum of children × metres "
        "to the nearest place. LSCP: new sites. P_CENTER: the longest distance in metres. Null where there is no "
        "service yet and so no distance, and where nobody is counted.",
    )
    objective_after: float | None = column(
        "objective_after", "The same with all sites; null where INFEASIBLE, and where nobody is counted."
    )
    population_under18: int | None = column(
        "population_under_18", "Children under 18 of all demand points of the area; null where nobody is counted."
    )
    covered_before_under18: int | None = column(
        "covered_before_under_18", "Those within reach of a service that exists; null alike."
    )
    covered_after_under18: int | None = column(
        "covered_after_under_18", "Those within reach with all sites; null alike."
    )
    sufficient_reach_metres: float | None = column(
        "needed_m",
        "Where children are left out of reach: the smallest reach, to the millimetre above, with which none would be. "
        "P_CENTER: with as many sites. LSCP: with any number. Null for the other models, and where it is not known.",
    )
    sufficient_site_count: int | None = column(
        "needed_sites",
        "P_CENTER, where children are left out of reach: the smallest number of sites with which none would be. Null "
        "where no number would do or it is not known.",
    )
    estimate: TravelEstimate | None = one(
        _estimate, "What a time was estimated with when the answer was made; null for a distance."
    )
    demand_point_count: int = column("demand_points", "How many places with children were looked at.")
    candidate_count: int = column("candidates", "How many candidates there were, the excluded ones left out.")
    excluded_candidate_count: int = column("excluded", "How many candidates lie in excluded areas.")
    sources: list[Source] = many(
        _sources, prices.counted("sources"), "Where children, candidates and services come from."
    )
    data_as_of: DataDates = one(_dates, "Of when its data are; of an older job only `loadedOn` is known.")
    solver: str = column("solver", "The solver and its version.")
    thinning: SitingThinning | None = one(
        _thinned,
        "How the sites were found where there are too many pairs of a candidate and a demand point; null where each "
        "was compared with each. Counts and `optimalityGapPercent` hold for all of them in either case.",
    )


def _answer(row: Row) -> Select[Any]:
    minutes = row.asked.op("->")(constant("within")).op("->>")(constant("minutes"))
    basis = case((minutes.is_(None), constant(TravelBasis.MEASURED.name)), else_=constant(TravelBasis.ESTIMATE.name))
    # An answer of before says nothing of its basis.
    whole = func.jsonb_build_object(constant("basis"), basis).op("||")(row.answer)
    return select(_recordset(func.json_build_array(whole), ANSWER, "answered")).where(row.answer.is_not(None))


@strawberry.type(description="A time of travel.")
class Travel:
    """As `TravelInput`."""

    mode: TravelMode = column("mode", "How one travels.")
    minutes: float = column("minutes", "At most so many minutes.")
    season: Season = column("season", "When.")


@strawberry.type(description="What is within reach: a distance, or a time of travel; the other is null.")
class Reach:
    """As `ReachInput`."""

    metres: float | None = column("metres", "At most so many metres on the WGS 84 spheroid; null for a time of travel.")
    travel: Travel | None = same(
        "At most so long a way; null for a distance.", present=lambda row: row.minutes.is_not(None)
    )


@strawberry.type(description="Where a site may stand; one of the two is null.")
class Candidates:
    """As `CandidatesInput`."""

    area: AdminArea | None = one(by_id(areas, "candidates_area_id"), "At the localities of this area; null for points.")
    points: GeoJSON | None = value(
        lambda row: _multipoint(row.points),
        "At these points, a MultiPoint in the order of `candidateNumber`; null for localities.",
        price=tariff.PART,
    )


def _multipoint(points: ColumnElement[Any]) -> ColumnElement[Any]:
    whole = func.json_build_object(
        constant("type"), constant("MultiPoint"), constant("coordinates"), points, type_=JSON
    )
    return case((points.is_not(None), whole))


def _question(row: Row) -> Select[Any]:
    # What may be 90 kB is read only where it is selected, and never with the rest.
    small: ColumnElement[Any] = cast(row.asked, JSONB)
    for name in LARGE:
        small = small.op("-")(constant(name))
    asked = _recordset(func.json_build_array(small), [each for each in ASKED if each.name not in LARGE], "asked").c
    large = [_stored(row.asked, name) for name in LARGE]
    reach = _recordset(func.json_build_array(asked.within), WITHIN_ASKED, "within")
    plain = (each for each in asked if each.name not in {"within", "sites"})
    most = case((asked.model != constant(SitingModel.LSCP.name), func.coalesce(asked.sites, DEFAULT_SITES)))
    return select(*plain, *large, most.label("site_count"), reach)


LARGE = ("exclude", "points")


def _stored(asked: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    found = cast(asked, JSONB).op("->")(constant(name))
    return cast(func.nullif(found, literal_column("'null'::jsonb")), JSON).label(name)


@strawberry.type(description="What a job was asked.")
class SitingQuestion:
    """The arguments of `startSiting`."""

    category: ServiceCategory = column("category", "The category of the service to build.")
    within: Reach = same("What is within reach.")
    area: AdminArea | None = one(
        by_id(areas, "area_id"), "The area; null for the nation, and of a job that is older than this field."
    )
    model: SitingModel = column("model", "What the sites are to be best at.")
    site_count: int | None = column("site_count", "How many sites at most; null for LSCP, which finds the number.")
    candidates: Candidates | None = same(
        "Where a site may stand; null: at every locality of the area, or of an older job that named a part of it.",
        present=lambda row: or_(row.candidates_area_id.is_not(None), row.points.is_not(None)),
    )
    exclude: GeoJSON | None = value(
        lambda row: row.exclude,
        "Where no site may stand, borders included: a GeometryCollection of polygons; null where that is nowhere.",
        price=tariff.STORED_POLYGONS,
    )
    time_limit_seconds: int = column("time_limit_s", "The best plan so far is the answer after so many seconds.")


@strawberry.type(description="A job that looks for sites for longer than a request may take. Only its owner sees it.")
class SitingJob(Node):
    """A job."""

    question: SitingQuestion = one(_question, "What was asked.", prices.fixed(tariff.UNPACKED))
    status: SitingJobStatus = column("status", "How far it is.")
    progress: float = column("progress", "From 0 to 1: the share of its time, or of the gap, that is behind it.")
    best_objective: float | None = column("best_objective", "The objective of the best plan so far; null without one.")
    optimality_gap_percent: float | None = column(
        "gap_percent", "`SiteRecommendations.optimalityGapPercent` of the best plan so far; null without one."
    )
    created_at: dt.datetime = column("created_at", "When it was asked for.")
    started_at: dt.datetime | None = column("started_at", "When work on it began; null while it waits.")
    finished_at: dt.datetime | None = column("finished_at", "When it ended in whichever way; null until then.")
    problem: str | None = column("problem", "What went wrong and what to change, where it FAILED; null otherwise.")
    answer: SiteRecommendations | None = one(_answer, "The answer; null until it is DONE.")
