"""Which admin areas are in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Select, SmallInteger, Text

from geo.errors import BadInput
from geo.queries.base.question import Binds, Page, area_bind, bind, check_text
from geo.queries.base.row_sets import areas_in_force

MAX_LEVEL = 5


@dataclass(frozen=True, kw_only=True)
class AdminAreas(Page):
    """Admin areas in force, by level (0 is the nation), scheme and parent."""

    area_argument: ClassVar[str] = "parentCode"

    level: int | None = None
    scheme: str | None = None
    parent_code: str | None = None

    def __post_init__(self) -> None:
        """Check the level and the codes."""
        super().__post_init__()
        if self.level is not None and not 0 <= self.level <= MAX_LEVEL:
            raise BadInput("level", f"{self.level} is outside 0 (nation) to {MAX_LEVEL}.")
        check_text("scheme", self.scheme)
        check_text(self.area_argument, self.parent_code)

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

    def filters(self) -> Binds:
        """Return the binds of :meth:`matching`."""
        return {"level": self.level, "scheme": self.scheme, "area_code": self.parent_code}
