"""Published counts from quarter to quarter, by place, across a change of administrative division.

Counts are published for the current division. For an area of another division, ISO 3166-2 for example, the published
values of its parts are added up here, which reveals nothing that a reader of those values could not compute. If one of
them is not published, the sum is not known. :mod:`geo.statistics.trends` defines what counts as a change; where other
localities reported than before, nothing does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    Uuid,
    cast,
    exists,
    false,
    func,
    literal_column,
    null,
    select,
    tuple_,
)
from sqlalchemy import true as always

from geo.arguments import AreaCode, Period, argument, between, search_text
from geo.arguments import period as check_period
from geo.assumptions.catalogue import by_locale
from geo.assumptions.statistics import TRENDS
from geo.database.tables import (
    AREA_LEVEL,
    admin_area,
    area_crosswalk,
    area_within,
    locality,
    release,
    reporting,
)
from geo.errors import BadInput
from geo.queries.base.area_codes import coded_area
from geo.queries.base.cursor import Key, decode, list_of
from geo.queries.base.data_date import DATES, data_dates
from geo.queries.base.descriptions import AFTER, FIRST_ROWS, ONE_TYPE
from geo.queries.base.levels import level_of_places
from geo.queries.base.list_page import KEPT, PAGE, ROWS_AT_MOST, next_page
from geo.queries.base.question import KEY_TYPES, Binds, bind, ceiling
from geo.queries.base.row_sets import sources
from geo.queries.base.study_area import areas_at, counted_from, counts_of, in_study, inside
from geo.queries.base.two_step import Computed, computed
from geo.statistics.cell_key import OFF_BY
from geo.statistics.trends import changed, quarters, total
from geo.vocabulary import AreaLevel, IncidentType

USUAL = 8
QUARTERS_AT_MOST = 40


@dataclass(frozen=True, kw_only=True)
class Trends(Computed):
    """The published quarters of the places of a level, in a page of 1 to 50 by name, ties by id."""

    structural: ClassVar[frozenset[str]] = frozenset({"level"})
    of_one_nation: ClassVar[bool] = True

    level: AreaLevel = level_of_places()
    area_code: AreaCode | None = coded_area()
    incident_type: IncidentType | None = argument(ONE_TYPE, default=None)
    from_period: Period | None = argument(
        "The first quarter (2024-Q1) or year; seven quarters before the last where left out.",
        check_period,
        default=None,
    )
    to_period: Period | None = argument(
        "The last quarter (2025-Q4) or year, at most 40 after the first; the latest where left out.",
        check_period,
        default=None,
    )
    scheme: str | None = argument(
        "The division of the areas, `ISO-3166-2` for example; the one in use where it is left out. Of one that has no "
        "area of the level in force, or is not known, the list is empty.",
        search_text,
        default=None,
    )
    first: int = argument(FIRST_ROWS, between(1, ROWS_AT_MOST), default=20)
    after: str | None = argument(AFTER, default=None)
    _after: Key | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Check the span and the cursor as well, and turn years into quarters."""
        super().__post_init__()
        if self.scheme is not None and self.level is AreaLevel.LOCALITY:
            raise BadInput("scheme", "localities belong to no division; leave it out.")
        for name, quarter in (("from_period", "Q1"), ("to_period", "Q4")):
            object.__setattr__(self, name, _quarter(getattr(self, name), quarter))
        if self.from_period is not None and self.to_period is not None:
            _check_span(self.from_period, self.to_period)
        if self.after is not None:
            object.__setattr__(self, "_after", decode(self.after, list_of(self), [str]))

    def shape(self) -> Hashable:
        """Return the key of the SQL; the size of the page counts by its ceiling."""
        return super().shape(), ceiling(self.first)

    def binds(self) -> Binds:
        """Return all values, and the key of the cursor."""
        key = {} if self._after is None else dict(zip(("after_key", "after_id"), self._after, strict=True))
        return super().binds() | key

    def needs(self) -> Mapping[str, Select[Any]]:
        """Return the places of the page, their parts, the counts of these with who reported them, and about the list.

        Only what the page shows is read: of 300,000 localities and eight quarters that is 400 counts of 2.4 million.
        """
        return {
            "places": self._next(),
            "parts": self._parts_listed(),
            "cells": self._cells(),
            "about": self._about(),
        }

    def _next(self) -> Select[Any]:
        """Return the places that follow the cursor, by name: one more at least than fit, if there is one."""
        rows = self._places()
        columns = rows.selected_columns
        key = (columns["name_key"], columns["id"])
        if self._after is not None:
            rows = rows.where(tuple_(*key) > _bound_key())
        return rows.order_by(*key).limit(literal_column(str(ceiling(self.first) + 1)))

    def _about(self) -> Select[Any]:
        """Return how many places there are, whether any comes before the page, and the latest quarter released."""
        every = self._places()
        columns = every.selected_columns
        before: ColumnElement[Any] = false()
        if self._after is not None:
            before = every.where(tuple_(columns["name_key"], columns["id"]) <= _bound_key()).exists()
        return select(
            select(func.count()).select_from(every.subquery("listed")).scalar_subquery().label("total"),
            before.label("before"),
            select(func.max(release.c.quarter)).scalar_subquery().label("latest"),
        )

    def _parts_listed(self) -> Select[Any]:
        parts, listed = self._parts().subquery("every_part"), self._next().subquery("listed")
        return select(parts).where(parts.c.place_id.in_(select(listed.c.id)))

    def _quarters(self) -> Select[Any]:
        """Return the quarters of the span that were released."""
        rows = select(release.c.quarter)
        if self.from_period is not None:
            rows = rows.where(release.c.quarter >= bind("from_period", Text))
        if self.to_period is not None:
            rows = rows.where(release.c.quarter <= bind("to_period", Text))
        return rows

    def _cells(self) -> Select[Any]:
        """Return part_id, period, the count and who reported it, of the parts of the page: the quarters of the span."""
        rows, parts = counts_of(self.incident_type), self._parts_listed().subquery("part_listed")
        columns = rows.selected_columns
        if self.level is AreaLevel.LOCALITY:
            # Both columns are in the index, the area's first.
            part, rows = columns["locality_id"], rows.where(columns["counted_area_id"].is_(None))
        else:
            part = columns["counted_area_id"]
        rows = rows.where(columns["period"].in_(self._quarters()), part.in_(select(parts.c.part_id)))
        figures = (columns[name] for name in CELL)
        return rows.with_only_columns(part.label("part_id"), columns["period"].label("period"), *figures)

    def _places(self) -> Select[Any]:
        named = self.area_code is not None
        if self.level is AreaLevel.LOCALITY:
            rows = select(locality.c.id, locality.c.id.label("locality_id"), locality.c.area_id, locality.c.name_key)
            # A test of each row and no join, which PostgreSQL takes to leave a few rows, and sorts all for a page.
            rows = rows.where(in_study(locality.c.area_set_id, named=named).is_(always()))
            return rows.where(inside(locality.c.area_set_id, named=named) if named else always())
        nobody = cast(null(), Uuid(as_uuid=False)).label("locality_id")
        rows = areas_at(self.level).with_only_columns(
            admin_area.c.id, nobody, admin_area.c.id.label("area_id"), admin_area.c.name_key
        )
        if self.scheme is None:
            rows = rows.where(in_study(admin_area.c.id, named=named))
        else:
            rows = rows.where(admin_area.c.scheme == bind("scheme", Text))
        return rows.where(inside(admin_area.c.id, named=named)) if named else rows

    def _parts(self) -> Select[Any]:
        """Return place_id, part_id: areas of the level that make up the place; none if one lies in it only partly.

        They are of the edition that counts are released of, and hold a locality: where there is none, nobody reports.
        """
        if self.level is AreaLevel.LOCALITY:
            return select(locality.c.id.label("place_id"), locality.c.id.label("part_id"))
        part, place = areas_at(self.level).subquery("part"), areas_at(self.level).subquery("place")
        divided = exists().where(area_crosswalk.c.to_area_id == place.c.id, area_crosswalk.c.share < 1)
        edition = (
            select(admin_area.c.scheme, admin_area.c.edition)
            .join_from(reporting, admin_area, admin_area.c.id == reporting.c.area_id)
            .where(reporting.c.level == bind("level", AREA_LEVEL))
        )
        held = area_within.alias("held")
        lived_in = exists().where(held.c.ancestor_id == part.c.id, locality.c.area_id == held.c.area_id)
        return (
            select(place.c.id.label("place_id"), part.c.id.label("part_id"))
            .join_from(place, area_within, area_within.c.ancestor_id == place.c.id)
            .join(part, part.c.id == area_within.c.area_id)
            .where(~divided, tuple_(part.c.scheme, part.c.edition).in_(edition), lived_in)
        )

    def work_out(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """Assemble the quarters of each place, and return the page."""
        places = [dict(zip(found["places"], row, strict=True)) for row in zip(*found["places"].values(), strict=True)]
        about = {name: values[0] for name, values in found["about"].items()}
        span = self._span(about["latest"])
        cells: dict[str, dict[str, Cell]] = defaultdict(dict)
        for part, period, *figures in zip(
            *(found["cells"][name] for name in ("part_id", "period", *CELL)), strict=True
        ):
            if period in span:
                cells[part][period] = Cell(*figures)
        parts = defaultdict(list)
        for place, part in zip(found["parts"]["place_id"], found["parts"]["part_id"], strict=True):
            parts[place].append(cells.get(part, {}))
        kept = next_page(places, _key, self.first, list_of(self), total=about["total"], before=about["before"])
        rows = [row | _trend(span, parts[row["id"]]) for row in kept["kept"]]
        ends = {"from_period": span[0], "to_period": span[-1]} if span else {}
        return kept | {"kept": rows, "summary": [ends | {"assumptions": by_locale(TRENDS)}]}

    def _span(self, latest: str | None) -> list[str]:
        last = self.to_period or latest
        if last is None:
            return []
        if self.from_period is None:
            return [*quarters(f"{max(0, int(last[:4]) - USUAL // 4):04}-Q1", last)][-USUAL:]
        if last < self.from_period:
            return [self.from_period]  # nothing is published for so late a quarter: one quarter, without a value
        _check_span(self.from_period, last)
        return [*quarters(self.from_period, last)]

    def rows(self) -> Select[Any]:
        """Return one row: the span, and the position of the page."""
        summary = computed(
            "summary", [Column("from_period", Text), Column("to_period", Text), Column("assumptions", JSON)]
        )
        return select(summary, computed("page", PAGE))

    def related(self) -> Mapping[str, FromClause]:
        """Return the trends of the page, and the sources of the counts."""
        ids: list[Column[Any]] = [Column(name, Uuid(as_uuid=False)) for name in ("id", "locality_id", "area_id")]
        figures = ("parts", "first_count", "last_count", "change", "error_bound")
        told: list[Column[Any]] = [
            *(Column(name, Integer) for name in figures),
            Column("changed", Text),
            Column("quarters", JSON),
        ]
        every, quarter = sources(), self._quarters().subquery("quarter")
        reported = exists().where(
            reporting.c.level == bind("level", AREA_LEVEL), reporting.c.period == quarter.c.quarter
        )
        followed = select(func.max(quarter.c.quarter)).where(reported)
        dates = data_dates(
            select(func.max(release.c.released_at)).scalar_subquery(),
            incidents=followed.scalar_subquery(),
        )
        return {
            "kept": computed("kept", [*ids, *told, *KEPT]),
            DATES: dates,
            "sources": every.where(counted_from(every.selected_columns["id"], self.incident_type)).subquery("known"),
        }


QUARTER: list[Column[Any]] = [
    Column("period", Text),
    *(Column(name, Integer) for name in ("count", "change", "localities_reporting", "localities_expected")),
    Column("changed", Text),
]
"""The columns of a trend's ``quarters``."""


def _key(row: Mapping[str, Any]) -> Key:
    return row["name_key"], row["id"]


def _bound_key() -> Any:
    return tuple_(bind("after_key", KEY_TYPES[str]), bind("after_id", locality.c.id.type))


def _quarter(given: str | None, of_year: str) -> str | None:
    return given if given is None or "-" in given else f"{given}-{of_year}"


def _check_span(first: str, last: str) -> None:
    if last < first:
        raise BadInput("from_period", f"{first} comes after {last}; turn the two round.")
    if len([*quarters(first, last)]) > QUARTERS_AT_MOST:
        raise BadInput("from_period", f"{first} to {last} is more than {QUARTERS_AT_MOST} quarters; ask for fewer.")


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known of a part for a quarter; ``CELL`` names the columns."""

    count: int | None
    reporting: int
    expected: int
    reporters: str


CELL = ("count", "localities_reporting", "localities_expected", "reporters")
_UNKNOWN = Cell(None, 0, 0, "")


@dataclass(frozen=True, slots=True)
class _Sum:
    """What the parts of a place give for a quarter; ``reporters`` says who reported in each of them."""

    count: int | None
    reporters: tuple[str, ...]


def _trend(span: list[str], parts: list[dict[str, Cell]]) -> dict[str, Any]:
    """Return the sums of an area's parts, quarter by quarter, and what changed from the first to the last."""
    told, sums = [], []
    for period in span:
        known = [part.get(period, _UNKNOWN) for part in parts]
        sums.append(_Sum(total([each.count for each in known]), tuple(each.reporters for each in known)))
        told.append(
            {
                "period": period,
                "count": sums[-1].count,
                "localities_reporting": sum(each.reporting for each in known),
                "localities_expected": sum(each.expected for each in known),
                **(_change(sums[-2], sums[-1]) if len(sums) > 1 else {}),
            }
        )
    return {
        "parts": len(parts),
        "first_count": sums[0].count if sums else None,
        "last_count": sums[-1].count if sums else None,
        "error_bound": OFF_BY * len(parts),
        "quarters": told,
        **(_change(sums[0], sums[-1]) if sums else {}),
    }


def _change(before: _Sum, after: _Sum) -> dict[str, Any]:
    same = before.reporters == after.reporters
    direction = changed(before.count, after.count, len(after.reporters), same_reporters=same)
    if not same or before.count is None or after.count is None:
        return {"change": None, "changed": direction}
    return {"change": after.count - before.count, "changed": direction}
