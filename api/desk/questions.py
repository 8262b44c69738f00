"""What the desk asks, as any client does: by GraphQL, as the audience of whoever opens it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.desk.choices import LEVELS, LONGEST_PLACE, PROBLEMS, Choices
from api.exports.asking import Asker
from geo.errors import BadInput
from geo.vocabulary import AreaLevel

NATIONS = """
query Nations {
  adminAreas(level: ADM0, first: 100) { edges { node { nation { areaCode name } ...Named } } }
}
fragment Named on AdminArea { areaCode name scheme edition level levelLabel parent { areaCode name } }
"""

AREA = """
query Area($code: AreaCode!) {
  adminArea(code: $code) { ...Named nation { areaCode name } parent { parent { areaCode name } } }
}
fragment Named on AdminArea { areaCode name scheme edition level levelLabel parent { areaCode name } }
"""

LEVELS_OF = """
query Levels($area: AreaCode!) {
  adminArea(code: $area) {
    children(first: 5) { edges { node {
      level levelLabel children(first: 1) { edges { node {
        level levelLabel children(first: 1) { edges { node {
          level levelLabel children(first: 1) { edges { node { level levelLabel } } }
        } } }
      } } }
    } } }
  }
}
"""
"""The words for the levels below an area, by its first parts."""

NAMED = """
query Named($text: String!, $first: Int!) {
  places(search: $text, first: $first) {
    exact
    place { ... on AdminArea { ...Named } ... on Locality { adminArea { ...Named } } }
  }
}
fragment Named on AdminArea { areaCode name scheme edition level levelLabel parent { areaCode name } }
"""

DESK = """
query Desk($need: NeedInput!, $within: ReachInput!, $area: AreaCode, $level: AreaLevel) {
  coverage(need: $need, within: $within, areaCode: $area, level: $level) {
    total { area { areaCode name } ...Covered }
    areas { area { areaCode name levelLabel } ...Covered }
    areasNotKnown { areaCode name }
    basis reachMetres confidentialLeftOut assumptions
    dataAsOf { services population loadedOn }
    sources { name licence url illustrative }
  }
  coverageCurve(need: $need, areaCode: $area) {
    points { distanceMetres coveredPercent coveredUnder18 }
  }
  coverageGaps(need: $need, within: $within, areaCode: $area, first: 20) {
    totalCount incidentPeriod
    edges { node {
      locality { name point adminArea { name } }
      uncoveredUnder18 nearestDistanceMetres incidentCount incidentStatus priority
    } }
  }
}
fragment Covered on CoverageArea {
  coveredPercent coveredUnder18 uncoveredUnder18 populationUnder18 populationBasis
}
"""
"""All that the desk shows of a setting, and what is copied from it."""
SUGGESTED = 12
Area = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ground:
    """What the choices of the form are made from.

    Parameters
    ----------
    nations
        The nations that one has to choose from; none where the area is known.
    area
        The area that is looked at; ``None`` where it has to be chosen first.
    levels
        The levels that it has below it, each by the country's own word.
    editions
        The nation in each edition of its divisions.

    """

    nations: Sequence[Area]
    area: Area | None
    levels: Mapping[AreaLevel, str]
    editions: Sequence[Area]

    @property
    def nation(self) -> str | None:
        """Return the code of the area's nation."""
        return None if self.area is None else str((self.area["nation"] or self.area)["areaCode"])


async def ground(asker: Asker, choices: Choices) -> Ground:
    """Return what there is to choose from, and the area of the choices.

    Raises
    ------
    BadInput
        If no area bears the code.

    """
    if choices.area is None:
        nations = await _nations(asker)
        if len(nations) != 1:
            return Ground(nations, None, {}, [])
        [area] = nations
    else:
        area = (await asker.paid(AREA, {"code": choices.area}))["adminArea"]
        if area is None:
            raise BadInput("area", PROBLEMS["area"])
    nation = (area["nation"] or area)["name"]
    below, named = await asyncio.gather(
        asker.paid(LEVELS_OF, {"area": area["areaCode"]}),
        _named(asker, nation, 20),
    )
    words = dict(_levels_below(below["adminArea"]))
    levels = {each: words[each.name] for each in LEVELS if each.name in words}
    return Ground([], area, levels, [each for each in _areas(named, exact=True) if _is_nation(each)])


async def _nations(asker: Asker) -> list[Area]:
    """Return the nations that are loaded, each in the division in use."""
    found = [edge["node"] for edge in (await asker.paid(NATIONS, {}))["adminAreas"]["edges"]]
    return [each for each in found if each["nation"] is None or each["nation"]["areaCode"] == each["areaCode"]]


async def _named(asker: Asker, text: str, first: int) -> Sequence[Mapping[str, Any]]:
    """Return the places that a text may mean; none where it is shorter or longer than what is searched for."""
    if not 2 <= len(text) <= LONGEST_PLACE:  # noqa: PLR2004
        return []
    found: Sequence[Mapping[str, Any]] = (await asker.paid(NAMED, {"text": text, "first": first}))["places"]
    return found


async def areas_named(asker: Asker, text: str, beside: Area | None = None) -> tuple[list[Area], Area | None]:
    """Return the areas that a text may mean, those of every edition, and the one of them that it means for sure.

    That is the only one of this very name, or the only one of them in the edition of the area that is looked at.
    """
    found = await _named(asker, text, SUGGESTED)
    exact = [each["place"] for each in found if each["exact"] and "areaCode" in (each["place"] or ())]
    if beside is not None:
        exact = [each for each in exact if _division(each) == _division(beside)] or exact
    return _areas(found), exact[0] if len(exact) == 1 else None


async def in_edition(asker: Asker, area: Area, edition: Area) -> str:
    """Return the code of the area of the same name and level in another edition; of its nation where there is none."""
    if _division(area) == _division(edition):
        return str(area["areaCode"])
    found = await _named(asker, area["name"], 20)
    same = (
        each["areaCode"]
        for each in _areas(found, exact=True)
        if _division(each) == _division(edition) and each["level"] == area["level"]
    )
    return str(next(same, edition["areaCode"]))


async def answer(asker: Asker, choices: Choices) -> Mapping[str, Any]:
    """Return the answer to :data:`DESK`."""
    return await asker.paid(DESK, choices.variables())


def settled(choices: Choices, found: Ground) -> Choices:
    """Return the choices with the area's code, and without a level that it does not have."""
    if found.area is None:
        return choices
    level = choices.level if choices.level in found.levels else None
    return replace(choices, area=str(found.area["areaCode"]), level=level)


def _areas(found: Sequence[Mapping[str, Any]], *, exact: bool = False) -> list[Area]:
    """Return the areas of places that were found, each once; of a locality that in which it lies."""
    matched = (each["place"] for each in found if each["place"] and (each["exact"] or not exact))
    areas = (each if "areaCode" in each else each["adminArea"] for each in matched)
    return list({each["areaCode"]: each for each in areas if each}.values())


def _levels_below(area: Area) -> Iterator[tuple[str, str]]:
    for edge in area.get("children", {"edges": []})["edges"]:
        yield edge["node"]["level"], edge["node"]["levelLabel"]
        yield from _levels_below(edge["node"])


def _is_nation(area: Area) -> bool:
    return bool(area["level"] == AreaLevel.ADM0.name)


def _division(area: Area) -> tuple[str, str]:
    return area["scheme"], area["edition"]
