"""Where further services of a category would help most children, by location models over the data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    Double,
    Integer,
    Select,
    Text,
    TextualSelect,
    Uuid,
    bindparam,
    column,
    select,
    text,
)

from geo.arguments import AreaCode, argument, between, search_text
from geo.assumptions.siting import assumptions
from geo.coordinates import LonLat
from geo.database.owner import sql_file
from geo.database.tables import SERVICE_CATEGORY
from geo.errors import BadInput
from geo.polygons import polygons, seem_swapped
from geo.queries.base.area_codes import coded_area
from geo.queries.base.data_date import dates_of_category
from geo.queries.base.descriptions import WITHIN
from geo.queries.base.left_out import LEFT_OUT_COLUMN
from geo.queries.base.question import Binds
from geo.queries.base.reach import REACH_M, Reach
from geo.queries.base.two_step import Computed, computed
from geo.vocabulary import Season, ServiceCategory, SitingModel, TravelMode

if TYPE_CHECKING:
    from geo.siting.solver import Clock

MAX_SITES, MAX_POINTS = 100, 1_000
DEFAULT_SITES = 3
DEFAULT_TIME_S, MAX_TIME_S, DEFAULT_JOB_TIME_S, MAX_JOB_TIME_S = 5, 10, 60, 600

ANSWER = (
    Column("model", Text),
    Column("status", Text),
    Column("gap_percent", Double),
    Column("objective_before", Double),
    Column("objective_after", Double),
    Column("population_under_18", Integer),
    Column("covered_before_under_18", Integer),
    Column("covered_after_under_18", Integer),
    Column("needed_m", Double),
    Column("needed_sites", Integer),
    Column("basis", Text),
    Column("reach_m", Double),
    Column("estimate", JSON),
    Column("demand_points", Integer),
    Column("candidates", Integer),
    Column("excluded", Integer),
    Column("sites", JSON),
    Column("assumptions", JSON),
    Column(LEFT_OUT_COLUMN, Integer),
    Column("sources", JSON),
    Column("data_as_of", DateTime(timezone=True)),
    Column("services_verified_on", Date),
    Column("census_on", Date),
    Column("solver", Text),
    Column("thinned", JSON),
)
"""The columns of an answer, from this question or from a finished job.

``data_as_of`` is when distances last changed; jobs of before have none of the two dates after it. ``thinned`` is NULL
where each candidate was compared with each demand point.
"""

THINNED = (Column("candidates", Integer), Column("demand_points", Integer), Column("apart_m", Double))
"""The columns of ``thinned``: in how many groups they were gathered, and how far from its middle one is at most."""

ESTIMATED = (
    Column("mode", Text),
    Column("season", Text),
    Column("speed_km_h", Double),
    Column("detour", Double),
    Column("source", Text),
)
"""The columns of an answer's ``estimate``: the setting that its time was estimated with, NULL for a distance."""

ASKED = (
    Column("category", Text),
    Column("within", JSON),
    Column("model", Text),
    Column("sites", Integer),
    Column("area_code", Text),
    Column("area_id", Uuid(as_uuid=False)),
    Column("candidates_area_code", Text),
    Column("candidates_area_id", Uuid(as_uuid=False)),
    Column("points", JSON),
    Column("exclude", JSON),
    Column("time_limit_s", Integer),
)
"""The columns of a job's question: those of :meth:`SiteRecommendations.asked`, and the areas that its codes name."""

WITHIN_ASKED = (
    Column("metres", Double),
    Column("mode", Text),
    Column("season", Text),
    Column("minutes", Double),
)
"""The columns of its ``within``."""

SITE = (
    Column("rank", Integer),
    Column("locality_id", Uuid(as_uuid=False)),
    Column("position", Integer),
    Column("lon", Double),
    Column("lat", Double),
    Column("gain_under_18", Integer),
    Column("covered_under_18", Integer),
    Column("objective", Double),
)


PACKED = (
    "under_18",
    "existing_m",
    "demand_lon",
    "demand_lat",
    "candidates_lon",
    "candidates_lat",
    "localities",
    "positions",
)
"""The columns of what a model needs that are packed (:mod:`geo.queries.base.packed`)."""


@cache
def _needed() -> TextualSelect:
    statement = text(sql_file("queries/planning/siting").replace("{reach}", REACH_M)).bindparams(
        bindparam("category", type_=SERVICE_CATEGORY), bindparam("reach_metres", type_=Double)
    )
    return statement.columns(
        column("reach_m", Double),
        *(column(name, JSON) for name in ("estimate", "counted", "offered")),
        *(column(name, Text) for name in PACKED),
        column("sources", JSON),
        column(LEFT_OUT_COLUMN, Integer),
    )


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """Candidate sites: all localities, those of an area, or given points, at most 1,000."""

    area_code: AreaCode | None = None
    points: tuple[LonLat, ...] | None = None

    def __post_init__(self) -> None:
        """Check the area code and the number of points."""
        if self.area_code is not None:
            search_text("candidates.localities.area_code", self.area_code)
        if self.points is not None and not 1 <= len(self.points) <= MAX_POINTS:
            raise BadInput("candidates.points", f"give 1 to {MAX_POINTS:,} points.")


@dataclass(frozen=True, kw_only=True)
class SiteRecommendations(Computed):
    """Sites for further services of a category."""

    category: ServiceCategory = argument("The category of the service to build.")
    within: Reach = argument(WITHIN)
    area_code: AreaCode | None = coded_area()
    model: SitingModel = argument("What the sites are to be best at.")
    site_count: int | None = argument(
        "How many sites at most, 1 to 100, and no more than there are candidates; 3 where it is left out. Not for "
        "LSCP, which finds the number.",
        between(1, MAX_SITES),
        default=None,
    )
    candidates: Candidates | None = argument(
        "Where a site may stand; at every locality of the area where it is left out.", default=None, by_post=True
    )
    exclude: Any = argument(
        "Where no site may stand, borders included: a GeoJSON Polygon or MultiPolygon, or a GeometryCollection, "
        "Feature or FeatureCollection of them, longitude first, at most 10 polygons and 5,000 positions.",
        default=None,
    )
    time_limit_s: int = argument(
        "The best plan so far is given after so many seconds, 1 to 10.", between(1, MAX_TIME_S), default=DEFAULT_TIME_S
    )
    polygons: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        """Check all that can be checked without the data."""
        super().__post_init__()
        if self.model is SitingModel.LSCP and self.site_count is not None:
            raise BadInput("site_count", "LSCP finds the smallest number itself; leave it out.")
        points = None if self.candidates is None else self.candidates.points
        if points is not None and self.model is not SitingModel.LSCP and self.number > len(points):
            raise BadInput("site_count", _too_many(self.number, len(points)))
        if self.exclude is not None:
            object.__setattr__(self, "polygons", polygons("exclude", self.exclude))

    @property
    def number(self) -> int:
        """The number of sites requested."""
        return DEFAULT_SITES if self.site_count is None else self.site_count

    def needs(self) -> Mapping[str, Select[Any]]:
        """Return one row with lists: demand points and candidates, all of one moment."""
        dates = dates_of_category()
        told = (
            dates.c.loaded_on.label("data_as_of"),
            dates.c.services.label("services_verified_on"),
            dates.c.population.label("census_on"),
        )
        return {"siting": select(_needed().subquery("siting"), *told)}

    def rows(self) -> Select[Any]:
        """Return one row with the columns of :data:`ANSWER`."""
        return select(computed("answer", ANSWER))

    def binds(self) -> Binds:
        """Return the binds of ``siting.sql``."""
        candidates = self.candidates or Candidates()
        points = candidates.points and json.dumps([[each.lon, each.lat] for each in candidates.points])
        return self.within.binds() | {
            "category": self.category.name,
            "area_code": self.area_code,
            "candidate_area_code": candidates.area_code,
            "candidate_points": points,
            "excluded": f"[{','.join(self.polygons)}]",
        }

    def work_out(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """Solve the model within the time limit, and return the one answer."""
        from geo.siting.solver import Clock  # noqa: PLC0415  the solver takes half a second to load

        return {"answer": [self.answer(read(found), Clock(self.time_limit_s))]}

    def answer(self, places: Mapping[str, Any], clock: Clock) -> dict[str, Any]:
        """Return the answer, with the columns of :data:`ANSWER`.

        Raises
        ------
        BadInput
            If the question cannot be answered with these candidates.

        """
        from geo.queries.planning.siting_answer import answered  # noqa: PLC0415  with the solver

        self.check_places(places)
        found = answered(self.model, self.number, places, clock)
        sentences = assumptions(
            self.model,
            by_time=self.within.minutes is not None,
            points_given=(self.candidates or Candidates()).points is not None,
            thinned=found["thinned"] is not None,
        )
        return {**found, "basis": self.within.basis.name, "assumptions": sentences}

    def check_places(self, places: Mapping[str, Any]) -> None:
        """Refuse a question that cannot be answered with these candidates.

        Raises
        ------
        BadInput
            If there are no candidates, none are left, or there are fewer than the requested sites; or if a polygon lies
            outside the places but would meet them with longitude and latitude swapped.

        """
        corners = [*places["demand"].tolist(), *places["candidates"].tolist()] if self.polygons else []
        if corners:
            lons, lats = zip(*corners, strict=True)
            if any(seem_swapped(each, min(lons), min(lats), max(lons), max(lats)) for each in self.polygons):
                raise BadInput("exclude", "longitude and latitude seem to be swapped; longitude comes first.")
        left, offered = len(places["candidates"]), places["offered"]
        if not offered:
            raise BadInput("candidates", "there is no locality in the area; name another, or give points.")
        if not left:
            raise BadInput("exclude", f"all {offered} candidates lie in the excluded areas; exclude less.")
        if self.model is not SitingModel.LSCP and self.number > left:
            raise BadInput("site_count", _too_many(self.number, left))

    def asked(self) -> dict[str, Any]:
        """Return the question as JSON, for :meth:`of`; stored jobs have these keys, so they stay."""
        within, candidates = self.within, self.candidates or Candidates()
        return {
            "category": self.category.name,
            "within": {
                "metres": within.metres,
                "mode": within.mode and within.mode.name,
                "season": within.season.name,
                "minutes": within.minutes,
            },
            "model": self.model.name,
            "sites": self.site_count,
            "area_code": self.area_code,
            "candidates_area_code": candidates.area_code,
            "points": None if candidates.points is None else [[each.lon, each.lat] for each in candidates.points],
            "exclude": self._kept(),
            "time_limit_s": self.time_limit_s,
        }

    def _kept(self) -> dict[str, Any] | None:
        """Return only the polygons: other parts of the GeoJSON, with a NUL for example, may not be storable."""
        if self.exclude is None:
            return None
        return {"type": "GeometryCollection", "geometries": [json.loads(each) for each in self.polygons]}

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> SiteRecommendations:
        """Return the question from the JSON of :meth:`asked`."""
        within = asked["within"]
        reach = Reach(metres=within["metres"])
        if within["minutes"] is not None:
            mode, season = TravelMode[within["mode"]], Season[within["season"]]
            reach = Reach(mode=mode, season=season, minutes=within["minutes"])
        points = asked["points"]
        candidates = Candidates(
            area_code=asked["candidates_area_code"],
            points=None if points is None else tuple(LonLat(lon=lon, lat=lat) for lon, lat in points),
        )
        return cls(
            category=ServiceCategory[asked["category"]],
            within=reach,
            model=SitingModel[asked["model"]],
            site_count=asked["sites"],
            area_code=asked["area_code"],
            candidates=candidates,
            exclude=asked["exclude"],
            time_limit_s=asked["time_limit_s"],
        )


@dataclass(frozen=True, kw_only=True)
class LongSiteRecommendations(SiteRecommendations):
    """The same, computed for longer by a job."""

    time_limit_s: int = argument(
        "The best plan so far is the answer after so many seconds, 1 to 600.",
        between(1, MAX_JOB_TIME_S),
        default=DEFAULT_JOB_TIME_S,
    )


def _too_many(sites: int, candidates: int) -> str:
    return f"{sites} are more than the {candidates} candidates; ask for fewer, or offer more candidates."


def read(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the one row of :meth:`SiteRecommendations.needs` by column, its long columns as arrays.

    ``demand`` and ``candidates`` have longitude and latitude in degrees, EPSG:4326, shape (n, 2).
    """
    from geo.queries.planning.siting_answer import arrays  # noqa: PLC0415  NumPy, only where it is solved

    row = {name: values[0] for name, values in found["siting"].items()}
    return {name: value for name, value in row.items() if name not in PACKED} | arrays(row)
