"""Places by whatever they are called: localities, and areas of every edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Double, FromClause, Integer, Select, Text, Uuid, column, func, null, select

from geo.arguments import MOST_PAGE, AreaCode, argument, between, searched
from geo.queries.base.area_codes import ALL, coded_area
from geo.queries.base.question import Question, area_bind, bind
from geo.queries.base.row_sets import areas, localities

SHORTEST, LONGEST = 2, 100


@dataclass(frozen=True, kw_only=True)
class Places(Question):
    """The places that a text may mean, by any spelling, the likeliest first; ``lakana.places_called`` scores them."""

    search: str = argument(
        f"What the place may be called or its beginning, {SHORTEST} to {LONGEST} characters; case, accents and wrong "
        "letters are forgiven.",
        searched(SHORTEST, LONGEST),
    )
    area_code: AreaCode | None = coded_area("Only what is known to lie in this area, and the area itself.", ALL)
    first: int = argument("How many, 1 to 100.", between(1, MOST_PAGE), default=10)

    def rows(self) -> Select[Any]:
        """Return the matches: ``place_id``, ``matched_name``, ``score`` and ``exact``; none where nothing is alike."""
        area = null() if self.area_code is None else area_bind()
        called = func.lakana.places_called(bind("search", Text), area, bind("first", Integer)).table_valued(
            column("place_id", Uuid(as_uuid=False)),
            column("matched_name", Text),
            column("score", Double),
            column("exact", Boolean),
            with_ordinality="rank",
        )
        found = called.render_derived(name="called")
        return select(found).order_by(found.c.rank)

    def related(self) -> Mapping[str, FromClause]:
        """Return the rows of each kind of place, by its name in the API."""
        return {"AdminArea": areas().subquery("every-area"), "Locality": localities().subquery("every-locality")}
