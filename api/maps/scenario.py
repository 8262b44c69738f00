"""The map of a scenario: what it asks as the planner whose it is, and the records that it is drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.pages.map_choices import Choices
from api.pages.map_questions import Public, ground, own_answer, sites
from api.pages.map_records import (
    Answers,
    Drawn,
    collection,
    data,
    feature,
    frame_of,
    shares_of,
    sites_of,
    sources,
)
from geo.errors import BadInput
from geo.queries.directory.features import MapLayer
from geo.vocabulary import ServiceCategory
from maps.controls import Controls
from maps.planned import ScenarioMap
from maps.records import DataDates

SCENARIOS = "{ scenarios(first: 100) { edges { node { id name category changedAt } } } }"
COMPARED = """
query Compared($id: ID!, $metres: Float!, $area: AreaCode!, $language: Language) {
  compareScenarios(scenarioIds: [$id], within: {metres: $metres}, areaCode: $area) {
    assumptions(language: $language) dataAsOf { services population }
    base { total { ...Share } areas { area { areaCode name code } ...Share } }
    scenarios {
      total { ...Share } areas { area { areaCode name code } ...Share }
      scenario { name category changes { kind serviceId service { name } name point } }
    }
  }
}
fragment Share on ScenarioArea {
  coveredPercent coveredUnder18 populationUnder18 uncoveredUnder18 newlyCoveredUnder18 lostUnder18
}
"""
GONE = {"CLOSE", "MOVE"}
"""The kinds of change after which a service is no longer where it is."""


async def ask(by: Public, choices: Choices) -> Answers:
    """Ask for what the scenario would change; where none is chosen, the one that was saved last.

    Raises
    ------
    BadInput
        If it is none of the planner's.

    """
    nation, answers = await ground(by, choices.area)
    listed = await own_answer(by, SCENARIOS, {})
    known = [each["node"] for each in data([listed])["scenarios"]["edges"]]
    found = [each for each in known if choices.scenario in {None, each["id"]}]
    if not found:
        raise BadInput("scenario", "none of your scenarios has this id; save one at the desk first.")
    own = max(found, key=lambda each: each["changedAt"])
    asked: dict[str, Any] = {
        "id": own["id"],
        "metres": choices.metres,
        "area": nation.code,
        "language": choices.locale.name.lower(),
    }
    return {
        **answers,
        "scenarios": [listed],
        "scenario": [own["id"].encode()],
        "compared": [await own_answer(by, COMPARED, asked)],
        **await sites(by, MapLayer.SERVICES, nation.only, ServiceCategory[own["category"]]),
    }


def draw(answers: Answers, choices: Choices, controls: Controls | None = None) -> Drawn:
    """Draw the map of a scenario."""
    from maps import scenario as drawing  # noqa: PLC0415

    page = drawing.draw(records(answers, choices), choices.locale, controls)
    return page.html.encode(), page.csp


def records(answers: Answers, choices: Choices) -> ScenarioMap:
    """Return the records of the map."""
    told = data(answers["compared"])["compareScenarios"]
    base, [then] = told["base"], told["scenarios"]
    changes = then["scenario"]["changes"]
    before, others = shares_of(answers, base["areas"], base["total"])
    after, _ = shares_of(answers, then["areas"], then["total"])
    services = sites_of(answers, "services")
    gone = {each["serviceId"] for each in changes if each["kind"] in GONE}
    return ScenarioMap(
        frame=frame_of(answers),
        name=then["scenario"]["name"],
        category=ServiceCategory[then["scenario"]["category"]],
        before=before,
        after=after,
        others=others,
        services=services,
        kept=collection([each for each in services["features"] if each.get("id") not in gone]),
        added=collection([feature(each["point"], **_named(each)) for each in changes if each["point"]]),
        max_distance_m=choices.metres,
        total_before=base["total"],
        total_after=then["total"],
        newly_covered=then["total"]["newlyCoveredUnder18"],
        lost=then["total"]["lostUnder18"],
        assumptions=tuple(told["assumptions"]),
        dates=DataDates(**told["dataAsOf"], incidents=None),
        sources=sources(data(answers["frame"])),
    )


def _named(change: Mapping[str, Any]) -> dict[str, Any]:
    service = change["service"]
    return {"name": change["name"] or (service and service["name"]) or "–", "moved": change["serviceId"] is not None}
