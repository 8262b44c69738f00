"""Hotspots and cold spots of published rates, for one level, period and type.

Rates are computed only from published counts and smoothed (:mod:`geo.statistics.smoothing`); the tests are in
:mod:`geo.statistics.hotspots`. Counts are added up only for the mean rate of the smoothing, which reveals nothing that
a reader of the published counts could not compute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Double,
    FromClause,
    Integer,
    Select,
    Text,
    Uuid,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from geo.arguments import LEAST_DISTANCE_M, AreaCode, Period, argument, between, check, period
from geo.assumptions.catalogue import by_locale
from geo.assumptions.statistics import ANALYTIC, HOTSPOTS, NOT_REDRAWN, PERMUTED, REDRAWN
from geo.coordinates import MAX_DISTANCE_M
from geo.database.tables import AREA_LEVEL, area_population, demand_point, published_count, release, reporting
from geo.queries.base.area_codes import coded_area
from geo.queries.base.cursor import Key, decode, list_of
from geo.queries.base.data_date import DATES, census_on, data_dates
from geo.queries.base.descriptions import AFTER, FIRST_ROWS, LISTED_AREA, ONE_TYPE
from geo.queries.base.levels import level_of_places
from geo.queries.base.list_page import KEPT, PAGE, ROWS_AT_MOST, next_page
from geo.queries.base.nested_page import answer_holder, answer_id
from geo.queries.base.packed import packed
from geo.queries.base.question import Binds, bind, constant
from geo.queries.base.row_sets import sources
from geo.queries.base.study_area import counted_at, counted_from, of_type, places
from geo.queries.base.two_step import Computed, computed
from geo.statistics.terms import UNTESTED, HotspotExclusion, HotspotMethod
from geo.vocabulary import AreaLevel, IncidentType

NEAREST_AT_MOST = 50
COUNTED = ("tested_count", "island_count", "unstable_count", "permutations", "redraws")


@dataclass(frozen=True, kw_only=True)
class Neighbourhood:
    """Which places are neighbours: either the k nearest, or all within a distance in metres, inclusive."""

    nearest: int | None = argument(
        "So many nearest places, 1 to 50; ties go to the lesser id.", between(1, NEAREST_AT_MOST), default=None
    )
    distance_m: float | None = argument(
        "All at most so many metres away on the WGS 84 spheroid, inclusive, 0.001 to 20,037,508.",
        between(LEAST_DISTANCE_M, MAX_DISTANCE_M, "metres"),
        default=None,
    )

    def __post_init__(self) -> None:
        """Check the bounds."""
        check(self, "neighbours")


@dataclass(frozen=True, kw_only=True)
class Hotspots(Computed):
    """The places of a level with their rates, scores and classes, in a page."""

    structural: ClassVar[frozenset[str]] = frozenset({"level"})

    level: AreaLevel = level_of_places("The nation is an island.")
    area_code: AreaCode | None = coded_area(LISTED_AREA)
    period: Period = argument("The year or quarter.", period)
    incident_type: IncidentType | None = argument(ONE_TYPE, default=None)
    method: HotspotMethod = argument("How hotspots are found.", default=HotspotMethod.GETIS_ORD)
    neighbours: Neighbourhood = argument("Who are neighbours.", default=Neighbourhood(nearest=6))
    permutations: int = argument(
        "Of the test, 99 to 9,999; above 5,000 places the test is analytic.", between(99, 9_999), default=9_999
    )
    seed: int = argument(
        "Of the random numbers, 0 to 2,147,483,647; the same seed gives the same answer.",
        between(0, 2**31 - 1),
        default=1,
    )
    first: int = argument(FIRST_ROWS, between(1, ROWS_AT_MOST), default=20)
    after: str | None = argument(AFTER, default=None)
    _after: Key | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Check the cursor as well."""
        super().__post_init__()
        if self.after is not None:
            object.__setattr__(self, "_after", decode(self.after, list_of(self), [float, float]))

    def binds(self) -> Binds:
        """Return all values, and the id of the answer."""
        return super().binds() | answer_id(self)

    def needs(self) -> Mapping[str, Select[Any]]:
        """Return the places, by id, as packed columns (:mod:`geo.queries.base.packed`) of one row.

        ``reason`` is the number of why a place is not tested, 0 of those that are; of the others the figures say
        nothing.
        """
        every = self._looked_at().order_by(literal_column("id")).subquery("looked_at")
        nothing: ColumnElement[Any] = literal_column("0")
        numbers: dict[Any, Any] = {
            constant(each.name): literal_column(str(at)) for at, each in enumerate(HotspotExclusion, 1)
        }
        reason = case(numbers, value=every.c.reason, else_=nothing)
        columns: dict[str, ColumnElement[Any]] = {
            "id": every.c.id,
            **{name: func.coalesce(every.c[name], nothing, type_=Double()) for name in ("lon", "lat")},
            **{name: func.coalesce(every.c[name], nothing, type_=Integer()) for name in ("count", "under_18")},
            "inside": cast(every.c.inside, Integer),
            "reason": cast(reason, Integer),
        }
        whole: Any = select(*(packed(column).label(name) for name, column in columns.items()))
        return {"places": whole}

    def _looked_at(self) -> Select[Any]:
        """Return the places with their published counts, NULL if there is none, and why a place is not tested.

        Where some of those expected did not report the count is too low by nobody knows how much: it is left out.
        """
        found = places(self.level, named=self.area_code is not None).subquery("place")
        counted = counted_at(found, self.level, self.incident_type).subquery("counted")
        why_not = case(
            (
                counted.c.localities_reporting < counted.c.localities_expected,
                constant(HotspotExclusion.NOT_REPORTED.name),
            ),
            (counted.c.count.is_(None), constant(HotspotExclusion.NOT_PUBLISHED.name)),
            (
                func.coalesce(counted.c.under_18, literal_column("0")) == literal_column("0"),
                constant(HotspotExclusion.NO_POPULATION.name),
            ),
            (counted.c.lon.is_(None), constant(HotspotExclusion.NO_POINT.name)),
        ).label("reason")
        return select(counted, why_not)

    def work_out(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """Test the places, and return the page."""
        from geo.queries.incidents.hotspots_method import Test, read, tested  # noqa: PLC0415  NumPy, only in the worker process

        places, silent = read({name: values[0] for name, values in found["places"].items()})
        test = Test(
            method=self.method,
            nearest=self.neighbours.nearest,
            distance_m=self.neighbours.distance_m,
            permutations=self.permutations,
            seed=self.seed,
        )
        findings = tested(test, places)
        rows, before, total = findings.page(self.first, self._after)
        for row in rows:
            row |= {"locality_id" if self.level is AreaLevel.LOCALITY else "area_id": row["id"]}
        kept = next_page(rows, _key, self.first, list_of(self), total=total, before=before)
        summary = findings.summary
        tests = ANALYTIC if summary["permutations"] is None else PERMUTED
        said = by_locale(HOTSPOTS, tests, REDRAWN if summary["redraws"] else NOT_REDRAWN)
        return {**kept, "summary": [summary | {"not_reported_count": silent, "assumptions": said}]}

    def rows(self) -> Select[Any]:
        """Return one row: its id, what was tested, and the position of the page."""
        summary = computed(
            "summary",
            [
                *(Column(name, Integer) for name in (*COUNTED, "not_reported_count")),
                *(Column(name, Double) for name in ("mean_rate", "least_p")),
                Column("test", Text),
                Column("assumptions", JSON),
            ],
        )
        return select(answer_holder(), summary, computed("page", PAGE))

    def related(self) -> Mapping[str, FromClause]:
        """Return the places of the page, the places left out, and the sources of the counts and of the children."""
        ids = [Column(name, Uuid(as_uuid=False)) for name in ("id", "locality_id", "area_id")]
        where = (Column(name, Double) for name in ("lon", "lat"))
        figures = ("rate", "smoothed", "z", "moran_i", "p", "q", "agreement")
        told = [
            *(Column(name, Integer) for name in ("count", "under_18", "neighbours")),
            *(Column(name, Double) for name in figures),
            *(Column(name, Text) for name in ("hotspot", "quadrant")),
            Column("island", Boolean),
        ]
        place = self._looked_at().subquery("place_looked_at")
        every, of_period = sources(), published_count.c.period == bind("period", Text)
        known = every.selected_columns["id"]
        return {
            "kept": computed("kept", [*ids, *where, *told, *KEPT]),
            DATES: self._dates(),
            "left_out": select(place).where(place.c.reason.is_not(None), place.c.inside).subquery("left_out"),
            "sources": every.where(
                or_(counted_from(known, self.incident_type, of_period), known.in_(self._lived()))
            ).subquery("known"),
        }

    def _dates(self) -> FromClause:
        """Return of when the data are: the census is the one that the counts were divided by."""
        told, place = published_count.c, reporting.c
        of_period = (told.current, told.level == bind("level", AREA_LEVEL), told.period == bind("period", Text))
        numbers = select(told.release_number).where(*of_period, of_type(self.incident_type))
        released = select(func.max(release.c.released_at)).where(release.c.number.in_(numbers))
        period: ColumnElement[Any] = bind("period", Text)
        reported = exists().where(place.level == bind("level", AREA_LEVEL), place.period == period)
        return data_dates(
            released.scalar_subquery(),
            population=census_on(),
            incidents=case((reported, period)),
        )

    def _lived(self) -> Select[Any]:
        if self.level is AreaLevel.LOCALITY:
            return select(demand_point.c.source_id).where(demand_point.c.locality_id.is_not(None))
        return select(area_population.c.source_id)


def _key(row: Mapping[str, Any]) -> Key:
    q, z = row["q"], row["z"]
    return float(UNTESTED if q is None else q), 0.0 if z is None else -abs(z), row["id"]
