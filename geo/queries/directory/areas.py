"""Which admin areas are in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Select, SmallInteger, Text

from geo.arguments import MOST_PAGE, argument, between, search_text
from geo.errors import BadInput
from geo.queries.base.question import Binds, Page, area_bind, bind
from geo.queries.base.row_sets import areas_in_force

MAX_LEVEL = 5


def _level(name: str, value: int) -> None:
    if not 0 <= value <= MAX_LEVEL:
        raise BadInput(name, f"{value} is outside 0 (nation) to {MAX_LEVEL}.")


@dataclass(frozen=True, kw_only=True)
class AdminAreas(Page):
    """Admin areas in force, by level (0 is the nation), scheme and parent."""

    area_argument: ClassVar[str] = "parent_code"

    level: int | None = argument("Only this admin level, 0 (nation) to 5.", _level, default=None)
    scheme: str | None = argument("Only this scheme, `COD-AB` for example.", search_text, default=None)
    parent_code: str | None = argument(
        "Only the parts of this area: SCHEME:CODE or a bare code.", search_text, default=None
    )
    first: int = argument("Size of the page, 1 to 100.", between(1, MOST_PAGE), default=50)

    def matching(self) -> Select[Any]:
        """Return the areas that match."""
        rows = areas_in_force()
        columns = rows.selected_columns
        if self.level is not None:
            rows = rows.where(columns["level"] == bind("level", SmallInteger))
        if self.scheme is not None:
            rows = rows.where(columns["scheme"] == bind("scheme", Text))
        if self.parent_code is not None:
            rows = rows.where(columns["parent_id"] == area_bind(self.area_argument))
        return rows

    def binds(self) -> Binds:
        """Return the values; the area is the parent."""
        return super().binds() | {"area_code": self.parent_code}
