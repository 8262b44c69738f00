"""Which localities there are, and which one bears a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Text, func, null, select

from geo.coordinates import BBox
from geo.queries.base.question import (
    Binds,
    Page,
    Question,
    area_bind,
    bind,
    box_binds,
    check_area_code,
    check_text,
    in_area,
    in_box,
)
from geo.queries.base.row_sets import localities


@dataclass(frozen=True, kw_only=True)
class Localities(Page):
    """Localities in a box, in an area, or both."""

    bbox: BBox | None = None
    area_code: str | None = None

    def __post_init__(self) -> None:
        """Check the area code."""
        super().__post_init__()
        check_area_code(self.area_code)

    def matching(self) -> Select[Any]:
        """Return the localities that match."""
        rows = localities()
        columns = rows.selected_columns
        if self.bbox is not None:
            rows = rows.where(in_box(columns["point"]))
        if self.area_code is not None:
            rows = rows.where(in_area(columns["area_id"]))
        return rows

    def filters(self) -> Binds:
        """Return the binds of :meth:`matching`."""
        return box_binds(self.bbox) | {"area_code": self.area_code}


@dataclass(frozen=True, kw_only=True)
class LocalityNamed(Question):
    """The one locality of a name, by any known spelling, case and accents ignored."""

    name: str
    area_code: str | None = None

    def __post_init__(self) -> None:
        """Check the name and the area code."""
        check_text("name", self.name)
        check_area_code(self.area_code)

    def rows(self) -> Select[Any]:
        """Return one row or none; several of one name are an error that lists them."""
        area = null() if self.area_code is None else area_bind()
        wanted = select(func.lakana.locality_named(bind("name", Text), area)).scalar_subquery()
        rows = localities()
        return rows.where(rows.selected_columns["id"] == wanted)

    def binds(self) -> Binds:
        """Return the name and the area code."""
        return {"name": self.name, "area_code": self.area_code}
