"""Where children are out of reach of a category of service: the localities, by their priority."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Double, Integer, Select, Uuid, column, select

from geo.queries.coverage import _Reach, _statement
from geo.queries.question import MAX_PAGE, Binds, bind, check_count, in_area


@dataclass(frozen=True, kw_only=True)
class CoverageGaps(_Reach):
    """Localities beyond reach, those of highest priority first, ties by id.

    ``priority = children × (1 + incidents / 100) × min(distance / threshold, 10)``: children out of reach, incidents of
    all types published for the locality in the latest released year (base 5), and how many times the threshold the
    nearest service is away (10 where there is none). Localities of unknown population are not ranked.
    """

    first: int = 20

    def __post_init__(self) -> None:
        """Check the number of rows as well."""
        super().__post_init__()
        check_count("first", self.first, MAX_PAGE)

    def rows(self) -> Select[Any]:
        """Give one row a locality."""
        gap = _statement(
            "gaps",
            column("locality_id", Uuid(as_uuid=False)),
            column("area_id", Uuid(as_uuid=False)),
            column("uncovered_under_18", Integer),
            column("nearest_distance_m", Double),
            column("service_id", Uuid(as_uuid=False)),
            column("incident_count", Integer),
            column("priority", Double),
        ).subquery("gap")
        rows = select(gap)
        if self.area_code is not None:
            rows = rows.where(in_area(gap.c.area_id))
        return rows.order_by(gap.c.priority.desc(), gap.c.locality_id).limit(bind("first", Integer))

    def binds(self) -> Binds:
        """Give the number of rows besides."""
        return super().binds() | {"first": self.first}
