"""The map of recommended sites: what it asks as a planner, and the records that it is drawn from."""

from __future__ import annotations

from typing import Any

from api.pages.map_choices import Choices
from api.pages.map_questions import Public, ground, own_answer, sites
from api.pages.map_records import Answers, Drawn, collection, data, feature, frame_of, lands, sites_of, sources
from geo.queries.directory.features import MapLayer
from maps.controls import Controls
from maps.planned import SitesMap
from maps.records import DataDates

SITES = """
query Sites(
  $category: ServiceCategory!, $metres: Float!, $area: AreaCode!, $count: Int!, $language: Language
) {
  siteRecommendations(
    category: $category, within: {metres: $metres}, areaCode: $area, model: MCLP, siteCount: $count
  ) {
    status coveredBeforeUnder18 coveredAfterUnder18 assumptions(language: $language)
    dataAsOf { services population }
    sites { point locality { name(language: $language) } marginalGainUnder18 }
  }
}
"""


async def ask(by: Public, choices: Choices) -> Answers:
    """Ask for the sites that a model finds, at the localities of the area."""
    nation, answers = await ground(by, choices.area)
    asked: dict[str, Any] = {
        "category": choices.category.name,
        "metres": choices.metres,
        "area": nation.code,
        "count": choices.sites,
        "language": choices.locale.name.lower(),
    }
    return {
        **answers,
        "recommended": [await own_answer(by, SITES, asked)],
        **await sites(by, MapLayer.SERVICES, nation.only, choices.category),
    }


def draw(answers: Answers, choices: Choices, controls: Controls | None = None) -> Drawn:
    """Draw the map of recommended sites."""
    from maps import recommended as drawing  # noqa: PLC0415

    page = drawing.draw(records(answers, choices), choices.locale, controls)
    return page.html.encode(), page.csp


def records(answers: Answers, choices: Choices) -> SitesMap:
    """Return the records of the map."""
    regions, others = lands(answers)
    told = data(answers["recommended"])["siteRecommendations"]
    return SitesMap(
        frame=frame_of(answers),
        regions=regions,
        others=others,
        services=sites_of(answers, "services"),
        sites=collection(
            [
                feature(
                    each["point"],
                    name=each["locality"] and each["locality"]["name"],
                    gainUnder18=each["marginalGainUnder18"],
                )
                for each in told["sites"]
            ]
        ),
        category=choices.category,
        max_distance_m=choices.metres,
        covered_before=told["coveredBeforeUnder18"],
        covered_after=told["coveredAfterUnder18"],
        proven=told["status"] == "OPTIMAL",
        assumptions=tuple(told["assumptions"]),
        dates=DataDates(**told["dataAsOf"], incidents=None),
        sources=sources(data(answers["frame"])),
    )
