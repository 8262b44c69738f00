"""Figures that others publish of areas; never one of our own counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, SmallInteger, Text, case, func, literal_column, select

from geo.arguments import AreaCode, argument, search_text
from geo.database.tables import admin_area, context_series, context_value
from geo.queries.base.area_codes import NO_LOCALITY
from geo.queries.base.levels import ADMIN_LEVELS, number_of, one_level
from geo.queries.base.question import Page, area_bind, bind, constant, in_area
from geo.vocabulary import AreaLevel, FigureStatus

MOST_OF_KEY = 200
"""Characters that order the list: as many as a name has, so that a cursor holds them. Ties go by id."""


@dataclass(frozen=True, kw_only=True)
class ContextSeries(Page):
    """Figures of an area, or of the areas of a level inside it, by indicator, breakdown, area and period."""

    area_code: AreaCode = argument(f"The area. {NO_LOCALITY}", search_text)
    level: AreaLevel | None = one_level(
        "The figures of the areas of this level inside it, not its own", ADMIN_LEVELS, "it is for areas.", default=None
    )
    indicator: str | None = argument(
        "Only this indicator, by its whole name; case and accents do not count.", search_text, default=None
    )

    def ordered_by(self) -> tuple[str, type]:
        """Return the key: indicator, breakdown, area, period, sex and age in one text."""
        return "key", str

    def matching(self) -> Select[Any]:
        """Return the figures that match."""
        own, of, area = context_value.c, context_series.c, admin_area.c
        whole = func.coalesce(of.breakdown, constant("0"))  # before its parts, as digits come before letters
        parts = (of.indicator, of.publisher, whole, area.name_fr, own.starts_on, own.ends_on, own.sex, own.age)
        key = func.left(func.lakana.fold(func.concat_ws(constant(" "), *parts)), literal_column(str(MOST_OF_KEY)))
        known = case(
            (own.below.is_(None), constant(FigureStatus.KNOWN.name)), else_=constant(FigureStatus.CENSORED.name)
        )
        rows = (
            select(context_value, of.publisher, of.indicator, of.breakdown, known.label("status"))
            .add_columns(key.collate("C").label("key"))
            .join_from(context_value, context_series, of.id == own.series_id)
            .join(admin_area, area.id == own.area_id)
        )
        if self.level is None:
            rows = rows.where(own.area_id == area_bind())
        else:
            rows = rows.where(in_area(own.area_id), area.level == bind("level", SmallInteger))
        if self.indicator is not None:
            rows = rows.where(of.name_key == func.lakana.fold(bind("indicator", Text)))
        return rows

    def binds(self) -> dict[str, Any]:
        """Return the binds, the level by its number."""
        return super().binds() | {"level": number_of(self.level)}
