"""The localities of known population, each with its distance from a need and whether that is within reach."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Double, FromClause, Select, Uuid, column, func, literal_column, select, text

from geo.arguments import AreaCode, argument
from geo.assumptions.coverage import CHILDREN, FARTHEST, SERVICES, WITHOUT_PLACES
from geo.database.tables import demand_point
from geo.queries.base.area_codes import ONE, coded_area
from geo.queries.base.data_date import DATES
from geo.queries.base.descriptions import NEED, WITHIN
from geo.queries.base.left_out import LEFT_OUT
from geo.queries.base.question import Page, in_area
from geo.queries.base.reach import ESTIMATE, Reach, estimate, reach_m
from geo.queries.base.row_sets import localities
from geo.queries.reach.need import Need

_FROM_TRAVELLED = "SELECT demand_point_id, distance_m FROM measured_travelled"


@dataclass(frozen=True, kw_only=True)
class LocalityCoverage(Page):
    """Localities of known population, by name, each with its distance from the need and whether it is within reach."""

    of_one_nation: ClassVar[bool] = True

    need: Need = argument(NEED)
    within: Reach = argument(WITHIN)
    area_code: AreaCode | None = coded_area(otherwise=ONE)

    def shape(self) -> Hashable:
        """Return the key of the SQL that answers this page."""
        return super().shape(), self.need.shape, self.within.basis.name

    def matching(self) -> Select[Any]:
        """Return one row for each locality: ``locality_id``, ``under_18``, ``distance_m`` (NULL: none), ``covered``."""
        place = localities().subquery("place")
        # By itself for each row of the page, so that the list is walked by name, and counted without measuring.
        column_m = column("distance_m", Double)
        measured = text(self.need.measured_point()).columns(column_m).scalar_subquery()
        rows = select(
            place.c.id,
            place.c.name_key,
            place.c.id.label("locality_id"),
            demand_point.c.under_18,
            measured.label("distance_m"),
        ).join_from(demand_point, place, place.c.id == demand_point.c.locality_id)
        judged: ColumnElement[Any] = measured
        if self.within.minutes is not None:
            columns = column("demand_point_id", Uuid(as_uuid=False)), column_m
            statement = f"WITH {self.need.travelled()} {_FROM_TRAVELLED}"
            travelled = text(statement).columns(*columns).subquery("travelled_point")
            rows = rows.outerjoin(travelled, travelled.c.demand_point_id == demand_point.c.id)
            judged = travelled.c.distance_m
        rows = rows.add_columns(func.coalesce(judged <= reach_m(), literal_column("false")).label("covered"))
        return rows if self.area_code is None else rows.where(in_area(demand_point.c.area_set_id))

    def about(self) -> Select[Any]:
        """Return one row: what the answer rests on."""
        return select(*self.need.rests_on(self.within, FARTHEST, CHILDREN[:1], SERVICES, WITHOUT_PLACES))

    def related(self) -> Mapping[str, FromClause]:
        """Return the sources, the estimate, and how many services are left out."""
        return {
            "sources": self.need.sources(self.within),
            DATES: self.need.dates(self.within, everywhere=True),
            ESTIMATE: estimate(),
            LEFT_OUT: self.need.left_out(everywhere=True),
        }
