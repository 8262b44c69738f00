"""The reach: a distance, or how far one gets in a time.

Where no roads are known, a time is estimated from the straight line::

    distance = minutes / 60 × speed_km_h × 1000 / detour

with speed and detour by mode of travel and season, from the table ``travel_estimate``, which names their sources.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Double, FromClause, cast, func, select

from geo.arguments import reach_in_metres
from geo.assumptions.catalogue import Sentences
from geo.database.tables import SEASON, TRAVEL_MODE, travel_estimate
from geo.errors import BadInput
from geo.queries.base.question import Binds, bind, constant, said
from geo.vocabulary import Season, TravelBasis, TravelMode

ESTIMATE = "estimate"
"""The name of the rows of :func:`estimate` in :meth:`geo.queries.base.question.Question.related`."""

LEAST_MINUTES, MOST_MINUTES = 0.001, 10_080.0
"""From some centimetres on foot to a week. The database would take far less for no distance at all."""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """The limit of what is within reach: metres, or minutes of travel, inclusive.

    Parameters
    ----------
    metres
        On the WGS 84 spheroid, 0.001 to 1,000,000; ``None`` where a time is given.
    mode, season, minutes
        How, when and how long one travels: 0.001 minutes to a week, both inclusive. The database, which knows the
        speed, refuses a time in which one gets farther than 1,000 km.
    field
        The name of the reach in errors.

    """

    metres: float | None = None
    mode: TravelMode | None = None
    season: Season = Season.DRY
    minutes: float | None = None
    field: str = "within"

    def __post_init__(self) -> None:
        """Check that exactly one of the two is given, and its bounds."""
        if self.metres is not None:
            reach_in_metres(f"{self.field}.metres", self.metres)
        if self.minutes is not None and not LEAST_MINUTES <= self.minutes <= MOST_MINUTES:
            raise BadInput(
                f"{self.field}.travel.minutes",
                f"{self.minutes} is outside {LEAST_MINUTES} to {MOST_MINUTES:,.0f}; a time is above 0, at most a week.",
            )

    @property
    def basis(self) -> TravelBasis:
        """Return what it rests on: a distance is measured, a time is estimated."""
        return TravelBasis.MEASURED if self.minutes is None else TravelBasis.ESTIMATE

    def binds(self) -> Binds:
        """Return the binds of :func:`reach_m`."""
        return {
            "reach_metres": self.metres,
            "travel_mode": self.mode and self.mode.name,
            "travel_season": self.season.name,
            "travel_minutes": self.minutes,
        }


def reach_m() -> ColumnElement[Any]:
    """Return the bound reach in metres, worked out once a statement."""
    travelled = func.lakana.reach_m(
        bind("travel_mode", TRAVEL_MODE), bind("travel_season", SEASON), bind("travel_minutes", Double)
    )
    return select(func.coalesce(bind("reach_metres", Double), travelled)).scalar_subquery()


def estimate() -> FromClause:
    """Return the setting that the bound travel time was estimated with; no row for a distance."""
    setting = select(travel_estimate).where(
        travel_estimate.c.mode == bind("travel_mode", TRAVEL_MODE),
        travel_estimate.c.season == bind("travel_season", SEASON),
        cast(bind("travel_minutes", Double), Double).is_not(None),
    )
    return setting.subquery(ESTIMATE)


def rests_on(within: Reach, *sentences: Sentences) -> list[ColumnElement[Any]]:
    """Return ``basis``, ``reach_m`` and ``assumptions`` of an answer that looks at no roads."""
    return [
        constant(within.basis.name).label("basis"),
        reach_m().label("reach_m"),
        said(*sentences).label("assumptions"),
    ]


REACH_M = (
    "coalesce(CAST(:reach_metres AS double precision), lakana.reach_m(CAST(:travel_mode AS lakana.travel_mode), "
    "CAST(:travel_season AS lakana.season), CAST(:travel_minutes AS double precision)))"
)
"""The same for handwritten SQL: put ``SELECT`` before it, once, in a CTE of its own."""
