"""The settings by which travel times are estimated, for the operator to read and change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, update

from geo.database.owner import owner_transaction
from geo.database.tables import travel_estimate
from geo.errors import BadInput
from geo.texts import line
from geo.vocabulary import Season, TravelMode

MOST_SPEED_KM_H, MOST_DETOUR = 200.0, 5.0


@dataclass(frozen=True, kw_only=True)
class Setting:
    """How fast one travels and how much longer the way is than the straight line.

    Parameters
    ----------
    mode, season
        The mode and season of the setting.
    speed_km_h
        Along the way, above 0, at most 200.
    detour
        Length of the way / length of the straight line, 1 to 5.
    source
        Where the figures come from, 1 to 200 characters.

    """

    mode: TravelMode
    season: Season
    speed_km_h: float
    detour: float
    source: str

    def __post_init__(self) -> None:
        """Check the bounds."""
        if not 0 < self.speed_km_h <= MOST_SPEED_KM_H:
            raise BadInput("speed", f"{self.speed_km_h} is not above 0 and at most {MOST_SPEED_KM_H:.0f} km/h.")
        if not 1 <= self.detour <= MOST_DETOUR:
            raise BadInput("detour", f"{self.detour} is outside 1 to {MOST_DETOUR:.0f}.")
        line("source", self.source)


def listed(url: str) -> list[Row[Any]]:
    """Return every setting, by mode and season."""
    with owner_transaction(url) as connection:
        return list(connection.execute(select(travel_estimate).order_by("mode", "season")))


def change(url: str, setting: Setting) -> None:
    """Replace the setting of its mode and season; later estimates use it."""
    with owner_transaction(url) as connection:
        connection.execute(
            update(travel_estimate)
            .where(travel_estimate.c.mode == setting.mode, travel_estimate.c.season == setting.season)
            .values(speed_km_h=setting.speed_km_h, detour=setting.detour, source=line("source", setting.source))
        )
