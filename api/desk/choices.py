"""What a planner chooses, read from the address, and the address and the variables that say it again.

The address holds choices about areas and services only. Sites that are tried are points: they stand behind its ``#``,
which browsers do not send (:mod:`api.desk.trial`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from api.pages.parameters import DEFAULT_CATEGORY
from geo.errors import BadInput
from geo.vocabulary import AreaLevel, IncidentType, Season, ServiceCategory, Stage, TravelMode

KILOMETRES = "KM"
WITHIN = 30.0
MOST_KM, MOST_MINUTES = 1_000.0, 10_080.0
LONGEST_AREA, LONGEST_PLACE, LONGEST_BESIDE, MOST_NEEDS = 100, 100, 1_000, 16
STAGE, PATHWAY = "stage.", "pathway."
LEVELS = (AreaLevel.ADM1, AreaLevel.ADM2, AreaLevel.ADM3, AreaLevel.ADM4)
_LEVELS = {each.name: each for each in LEVELS}
PROBLEMS = {
    "need": "Choose what is needed from the list; a stage or a pathway stands alone.",
    "within": "Give a distance of at most 1,000 km, or a time of at most 10,080 minutes.",
    "by": "Choose kilometres or a way of travelling.",
    "level": "Choose a level from the list.",
    "area": "No area bears this code; search for it by its name.",
    "place": "No area of this name is known; write it otherwise.",
    "places": "Choose which area is meant.",
    "nation": "Choose a country.",
    "none": "No country’s data are loaded yet.",
    "beside": "What to compare with cannot be read; choose it again.",
}
"""What is wrong with a choice, by its name."""
Need = tuple[ServiceCategory, ...] | Stage | IncidentType
"""Services that are all needed, any of a stage, or all that a pathway names."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices that were read and checked.

    Parameters
    ----------
    area
        The area's code; ``None`` for the country.
    need
        What must be within reach.
    within
        How far: kilometres, or minutes where ``by`` is a mode of travel.
    by
        How one travels; ``None`` for a straight line.
    season
        When one travels; it counts for times only.
    level
        Of the parts of the area; ``None`` for one level down.

    """

    area: str | None = None
    need: Need = (DEFAULT_CATEGORY,)
    within: float = WITHIN
    by: TravelMode | None = None
    season: Season = Season.DRY
    level: AreaLevel | None = None

    @property
    def needs(self) -> list[str]:
        """Return what is needed as the address has it."""
        match self.need:
            case Stage():
                return [STAGE + self.need.name]
            case IncidentType():
                return [PATHWAY + self.need.name]
        return [each.name for each in self.need]

    @property
    def service(self) -> ServiceCategory | None:
        """Return the one service that is needed; ``None`` where it is another need."""
        return self.need[0] if isinstance(self.need, tuple) and len(self.need) == 1 else None

    @property
    def distance(self) -> str:
        """Return the number of kilometres or minutes as a form has it."""
        return f"{self.within:.10g}"

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters of the address, each choice once."""
        said = [
            *([("area", self.area)] if self.area else []),
            *(("need", each) for each in self.needs),
            ("within", self.distance),
            ("by", self.by.name if self.by else KILOMETRES),
        ]
        if self.by and self.season is not Season.DRY:
            said.append(("season", self.season.name))
        return [*said, *([("level", self.level.name)] if self.level else [])]

    def query(self, **more: str | None) -> str:
        """Return the query string of these choices, with parameters that are others or more."""
        own = [(name, each) for name, each in self.pairs() if name not in more]
        return urlencode([*own, *((name, each) for name, each in more.items() if each)])

    def need_input(self) -> dict[str, Any]:
        """Return the need as a variable of the API."""
        match self.need:
            case Stage():
                return {"stage": self.need.name}
            case IncidentType():
                return {"pathway": self.need.name}
        return {"categories": [each.name for each in self.need]}

    def reach_input(self) -> dict[str, Any]:
        """Return the reach as a variable of the API."""
        if self.by is None:
            return {"metres": round(self.within * 1_000, 3)}
        return {"travel": {"mode": self.by.name, "minutes": self.within, "season": self.season.name}}

    def variables(self) -> dict[str, Any]:
        """Return all of them as variables of the API."""
        level = self.level and self.level.name
        return {"need": self.need_input(), "within": self.reach_input(), "area": self.area, "level": level}

    def arguments(self, *names: str) -> list[tuple[str, str]]:
        """Return those of ``need``, ``within``, ``area`` and ``level`` of an export, as its address has them."""
        said: list[tuple[str, str]] = []
        for name in names:
            match name:
                case "need":
                    said += [(f"need.{key}", _joined(each)) for key, each in self.need_input().items()]
                case "within":
                    said += _flat("within", self.reach_input())
                case "area" if self.area:
                    said.append(("areaCode", self.area))
                case "level" if self.level:
                    said.append(("level", self.level.name))
        return said


def choices_of(given: QueryParams) -> Choices:
    """Return the choices that an address makes.

    Raises
    ------
    BadInput
        Names the choice that is none; its text is one of :data:`PROBLEMS`.

    """
    by = given.get("by", KILOMETRES)
    travel = None if by == KILOMETRES else _one_of(TravelMode, by, "by")
    level = given.get("level")
    area = given.get("area") or None
    if area and len(area) > LONGEST_AREA:
        raise BadInput("area", PROBLEMS["area"])
    return Choices(
        area=area,
        need=_need([each for each in given.getlist("need") if each]),
        within=_within(given.get("within", str(WITHIN)), MOST_KM if travel is None else MOST_MINUTES),
        by=travel,
        season=_one_of(Season, given.get("season") or Season.DRY.name, "by"),
        level=_one_of(_LEVELS, level, "level") if level else None,
    )


def beside_of(given: QueryParams) -> Choices | None:
    """Return the choices that an address compares with, in ``beside`` as an address has them; ``None`` without.

    Raises
    ------
    BadInput
        If they are none.

    """
    text = given.get("beside")
    if not text:
        return None
    try:
        if len(text) <= LONGEST_BESIDE:
            return choices_of(QueryParams(text))
    except (BadInput, ValueError):
        pass
    raise BadInput("beside", PROBLEMS["beside"])


def _need(said: Sequence[str]) -> Need:
    names = list(dict.fromkeys(said))[: MOST_NEEDS + 1]
    if not names:
        return (DEFAULT_CATEGORY,)
    if names[0].startswith((STAGE, PATHWAY)):
        if len(names) > 1:
            raise BadInput("need", PROBLEMS["need"])
        kind = Stage if names[0].startswith(STAGE) else IncidentType
        found: Stage | IncidentType = _one_of(kind, names[0].partition(".")[2], "need")
        return found
    if len(names) > MOST_NEEDS:
        raise BadInput("need", PROBLEMS["need"])
    return tuple(_one_of(ServiceCategory, each, "need") for each in names)


def _one_of(terms: Any, name: str, field: str) -> Any:
    try:
        return terms[name]
    except KeyError:
        raise BadInput(field, PROBLEMS[field]) from None


def _within(text: str, most: float) -> float:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = math.nan
    if not 0.001 <= number <= most:  # noqa: PLR2004  as the API
        raise BadInput("within", PROBLEMS["within"])
    return number


def _flat(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [pair for key, each in value.items() for pair in _flat(f"{name}.{key}", each)]
    return [(name, f"{value:.10g}" if isinstance(value, float) else str(value))]


def _joined(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)
