"""The kinds of maps, what a reader may choose for each, and the address of a map with these choices."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from urllib.parse import urlencode

from geo.vocabulary import AreaLevel


class MapKind(Enum):
    """A kind of map; its value stands in its address."""

    OVERVIEW = "overview"
    COVERAGE = "coverage"
    HOTSPOTS = "hotspots"
    PRESENCE = "presence"
    TRAINING = "training"
    PATHWAY = "pathway"
    SITES = "sites"
    SCENARIO = "scenario"


TAKES: dict[MapKind, tuple[str, ...]] = {
    MapKind.OVERVIEW: ("area", "period"),
    MapKind.COVERAGE: ("area", "category", "metres"),
    MapKind.HOTSPOTS: ("area", "level", "incident"),
    MapKind.PRESENCE: ("area", "sector", "period"),
    MapKind.TRAINING: ("area", "actors", "metres"),
    MapKind.PATHWAY: ("area", "place", "incident"),
    MapKind.SITES: ("area", "category", "metres", "sites"),
    MapKind.SCENARIO: ("area", "scenario", "metres"),
}
"""The choices that a map knows beside its language, ``lang``; any other is refused."""
FOR_PLANNERS = frozenset({MapKind.SITES, MapKind.SCENARIO})
"""The maps that planners alone may open: what they show, the API tells nobody else."""

MOST_SITES = 20
"""Sites that a model may be asked for on a map."""
LEVELS = (AreaLevel.LOCALITY, AreaLevel.ADM1, AreaLevel.ADM2)
"""Of the places of a map of hotspots; the first is the usual one."""


def address(kind: MapKind, choices: Mapping[str, str]) -> str:
    """Return the path of a map with its choices, those that are empty left out.

    Examples
    --------
    >>> address(MapKind.COVERAGE, {"area": "A:1", "metres": "", "lang": "fr"})
    '/maps/coverage.html?area=A%3A1&lang=fr'
    >>> address(MapKind.OVERVIEW, {})
    '/maps/overview.html'

    """
    given = urlencode({name: value for name, value in choices.items() if value})
    return f"/maps/{kind.value}.html{'?' if given else ''}{given}"
