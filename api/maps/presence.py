"""The map of presence: what it asks, and the records that it is drawn from."""

from __future__ import annotations

from typing import Any

from api.pages.map_choices import Choices
from api.pages.map_questions import Public, ground
from api.pages.map_records import Answers, Drawn, codes_of, collection, data, frame_of, lands, sources
from maps.controls import Controls
from maps.records import Feature, PresenceMap

PAGES = 10
"""Pages of 100 that are read: a list of a country has some hundreds; what is beyond is counted and not shown."""

PRESENCE = """
query Presence($area: AreaCode, $sector: Sector, $during: Period, $after: String) {
  presence(areaCode: $area, sector: $sector, during: $during, first: 100, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node {
      organizationName sector reportedOn source { illustrative }
      area { areaCode parent { areaCode parent { areaCode parent { areaCode } } } }
    } }
  }
}
"""


async def ask(by: Public, choices: Choices) -> Answers:
    """Ask for the presence of organisations in the area, page by page."""
    nation, answers = await ground(by, choices.area)
    asked: dict[str, Any] = {
        "area": nation.code,
        "sector": choices.sector and choices.sector.name,
        "during": choices.period,
    }
    pages, after = list[bytes](), None
    while len(pages) < PAGES:
        pages.append(await by.ask(PRESENCE, {**asked, "after": after}))
        page = data(pages[-1:])["presence"]["pageInfo"]
        if not page["hasNextPage"]:
            break
        after = page["endCursor"]
    return {**answers, "presence": pages}


def draw(answers: Answers, choices: Choices, controls: Controls | None = None) -> Drawn:
    """Draw the map of presence."""
    from maps import presence as drawing  # noqa: PLC0415

    page = drawing.draw(records(answers, choices), choices.locale, controls)
    return page.html.encode(), page.csp


def records(answers: Answers, choices: Choices) -> PresenceMap:
    """Return the records of the map."""
    told = [data([page])["presence"] for page in answers["presence"]]
    nodes = [edge["node"] for page in told for edge in page["edges"]]
    regions, others = lands(answers)
    parts = codes_of(answers)
    by_part: dict[str, list[dict[str, str]]] = {}
    elsewhere = 0
    for each in nodes:
        part = next((code for code in _chain(each["area"]) if code in parts), None)
        if part is None:
            elsewhere += 1
            continue
        by_part.setdefault(parts[part], []).append({"organization": each["organizationName"], "sector": each["sector"]})

    def with_present(properties: Any) -> dict[str, Any]:
        return {**properties, "present": by_part.get(properties["code"], [])}

    placed: list[Feature] = [{**each, "properties": with_present(each["properties"])} for each in regions["features"]]
    return PresenceMap(
        frame=frame_of(answers),
        regions=collection(placed),
        others=[with_present(each) for each in others],
        elsewhere=elsewhere,
        shown=len(nodes),
        total=told[0]["totalCount"],
        organizations=len({each["organizationName"] for each in nodes}),
        sector=choices.sector,
        period=choices.period or "",
        reported_on=max((each["reportedOn"] for each in nodes if each["reportedOn"]), default=None),
        illustrative=any(each["source"]["illustrative"] for each in nodes),
        sources=sources(data(answers["frame"])),
    )


def _chain(area: dict[str, Any] | None) -> list[str]:
    """Return the codes of an area and of those above it, the smallest first."""
    codes = []
    while area:
        codes.append(area["areaCode"])
        area = area.get("parent")
    return codes
