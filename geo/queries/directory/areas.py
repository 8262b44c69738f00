"""Admin areas: those in force or of an edition, and the one that a code names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Select, SmallInteger, Text, func, select

from geo.arguments import MOST_PAGE, AreaCode, argument, between, search_text
from geo.queries.base.area_codes import ALL, coded_area
from geo.queries.base.levels import ADMIN_LEVELS, number_of, one_level
from geo.queries.base.question import Binds, Page, Question, area_bind, bind, constant
from geo.queries.base.row_sets import areas, areas_in_force
from geo.vocabulary import AreaLevel


@dataclass(frozen=True, kw_only=True)
class AdminArea(Question):
    """The one area that a code names, of whatever edition."""

    code: AreaCode = argument(
        "Its code, as `area_code` gives it. Of one that no area bears, and of a locality's, the answer is null.",
        search_text,
    )

    def rows(self) -> Select[Any]:
        """Return one row, or none where no area bears the code."""
        rows = areas()
        wanted = select(func.lakana.area_written(bind("code", Text), constant("code"))).scalar_subquery()
        return rows.where(rows.selected_columns["id"] == wanted)


@dataclass(frozen=True, kw_only=True)
class AdminAreas(Page):
    """Admin areas by level, scheme, edition and parent: those in force, or those of the edition."""

    area_argument: ClassVar[str] = "parent_code"

    level: AreaLevel | None = one_level(
        "Only one level", ADMIN_LEVELS, "localities are listed by `localities`.", default=None
    )
    scheme: str | None = argument(
        "Only this scheme, `COD-AB` for example; of one that is not known the list is empty.", search_text, default=None
    )
    edition: str | None = argument(
        "Only this edition, in force or not: of each scheme that has one of this name, where `scheme` names none. All "
        "areas in force where the edition is left out.",
        search_text,
        default=None,
    )
    parent_code: AreaCode | None = coded_area("Only the parts of this area.", ALL)
    first: int = argument("Size of the page, 1 to 100.", between(1, MOST_PAGE), default=50)

    def matching(self) -> Select[Any]:
        """Return the areas that match."""
        rows = areas_in_force() if self.edition is None else areas()
        columns = rows.selected_columns
        if self.level is not None:
            rows = rows.where(columns["level"] == bind("level", SmallInteger))
        if self.scheme is not None:
            rows = rows.where(columns["scheme"] == bind("scheme", Text))
        if self.edition is not None:
            rows = rows.where(columns["edition"] == bind("edition", Text))
        if self.parent_code is not None:
            rows = rows.where(columns["parent_id"] == area_bind(self.area_argument))
        return rows

    def binds(self) -> Binds:
        """Return the values; the area is the parent."""
        return super().binds() | {"area_code": self.parent_code, "level": number_of(self.level)}
