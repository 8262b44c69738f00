"""Localities, and the one locality of a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Select, Text, func, null, select

from geo.arguments import AreaCode, argument, search_text
from geo.coordinates import BBox
from geo.queries.base.area_codes import ALL, coded_area, coded_place
from geo.queries.base.descriptions import BOX
from geo.queries.base.question import Page, Question, area_bind, bind, in_box, in_place
from geo.queries.base.row_sets import localities


@dataclass(frozen=True, kw_only=True)
class Localities(Page):
    """Localities in a box, in an area, or both."""

    lists_places: ClassVar[bool] = True

    bbox: BBox | None = argument(BOX, default=None)
    area_code: AreaCode | None = coded_place()

    def matching(self) -> Select[Any]:
        """Return the localities that match."""
        rows = localities()
        columns = rows.selected_columns
        if self.bbox is not None:
            rows = rows.where(in_box(columns["point"], self.bbox))
        if self.area_code is not None:
            rows = rows.where(in_place(columns["area_set_id"], columns["id"]))
        return rows


@dataclass(frozen=True, kw_only=True)
class LocalityNamed(Question):
    """The one locality of a name, by any known spelling, case and accents ignored."""

    name: str = argument("Any known spelling, 1 to 200 characters; case and accents are ignored.", search_text)
    area_code: AreaCode | None = coded_area(otherwise=ALL)

    def rows(self) -> Select[Any]:
        """Return one row, or none where no locality has the name, or several have it."""
        area = null() if self.area_code is None else area_bind()
        wanted = select(func.lakana.locality_named(bind("name", Text), area)).scalar_subquery()
        rows = localities()
        return rows.where(rows.selected_columns["id"] == wanted)
