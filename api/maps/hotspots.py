"""The map of hotspots: where rates stand out beyond chance, in each of the latest quarters."""

from __future__ import annotations

from typing import Any

from api.pages.map_choices import Choices
from api.pages.map_questions import Public, ground, released
from api.pages.map_records import Answers, Drawn, collection, data, feature, frame_of, lands, sources
from maps.controls import Controls
from maps.records import HotspotFrame, HotspotMap

QUARTERS = 4
"""So many quarters are shown: each is computed anew, 0.15 s of a processor for a country of a hundred places."""
PLACES = 50
"""Places of a quarter that are drawn, the most certain first; as many as a page of the answer has."""

HOTSPOTS = """
query Hotspots($level: AreaLevel!, $area: AreaCode, $period: Period!, $incident: IncidentType, $language: Language) {
  hotspots(level: $level, areaCode: $area, period: $period, incidentType: $incident, first: 50) {
    totalCount testedCount notReportedCount unstableCount assumptions(language: $language)
    sources { name }
    leftOut(first: 100) {
      totalCount edges { node { reason locality { name point } area { name } } }
    }
    edges { node {
      locality { name } area { name } point count ratePer100kUnder18 hotspotClass qValue
    } }
  }
}
"""


async def ask(by: Public, choices: Choices) -> Answers:
    """Ask for the hotspots of the latest quarters of which counts are published, the oldest first."""
    nation, answers = await ground(by, choices.area)
    quarters = sorted(each for each in released(answers) if "Q" in each)[-QUARTERS:]
    asked: dict[str, Any] = {
        "level": choices.level.name,
        "area": nation.code,
        "incident": choices.incident and choices.incident.name,
        "language": choices.locale.name.lower(),
    }
    # One after the other: a map takes one turn at what computes them. All or none: a page without a quarter that took
    # too long would be kept, and be another page than the next.
    found = [await by.ask(HOTSPOTS, {**asked, "period": each}) for each in quarters]
    return {**answers, "hotspots": found, "quarters": [each.encode() for each in quarters]}


def draw(answers: Answers, choices: Choices, controls: Controls | None = None) -> Drawn:
    """Draw the map of hotspots."""
    from maps import hotspots as drawing  # noqa: PLC0415

    page = drawing.draw(records(answers, choices), choices.locale, controls)
    return page.html.encode(), page.csp


def records(answers: Answers, choices: Choices) -> HotspotMap:
    """Return the records of the map."""
    regions, others = lands(answers)
    told = [data([each])["hotspots"] for each in answers["hotspots"]]
    return HotspotMap(
        frame=frame_of(answers),
        regions=regions,
        others=others,
        quarters=tuple(_quarter(period.decode(), each) for period, each in zip(answers["quarters"], told, strict=True)),
        level=choices.level,
        incident=choices.incident,
        assumptions=tuple(told[-1]["assumptions"]) if told else (),
        sources=sources(data(answers["frame"])),
    )


def _quarter(period: str, told: dict[str, Any]) -> HotspotFrame:
    untested = [edge["node"] for edge in told["leftOut"]["edges"]]
    return HotspotFrame(
        period=period,
        places=collection(
            [
                feature(
                    node["point"],
                    name=(node["locality"] or node["area"])["name"],
                    **{name: node[name] for name in ("count", "ratePer100kUnder18", "hotspotClass", "qValue")},
                )
                for node in (edge["node"] for edge in told["edges"])
            ]
        ),
        left_out=collection(
            [
                feature(node["locality"]["point"], name=node["locality"]["name"], reason=node["reason"])
                for node in untested
                if node["locality"] and node["locality"]["point"]
            ]
        ),
        tested=told["testedCount"],
        not_reported=told["notReportedCount"],
        untested=told["leftOut"]["totalCount"],
        unstable=told["unstableCount"],
        others=max(0, told["totalCount"] - PLACES),
    )
