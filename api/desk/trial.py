"""Sites that are tried: what they would change, the best that a model finds, and a scenario that keeps them.

All goes by POST, since a site is a point, which stands in no address. What is done is a question or a mutation of the
API, as whoever asks: finding the best sites and saving are for planners.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from api.desk.choices import Choices
from api.desk.told import Figures
from api.exports.asking import Asker
from geo.errors import BadInput
from geo.vocabulary import ServiceCategory

MOST_BYTES, MOST_TRIED = 20_000, 50
PROBLEMS = {
    "one": "Sites can be tried for one service at a time; choose one above.",
    "body": "Send sites and services as the page does.",
    "planners": "This is for planners: sign in, or give a key below.",
    "none": "The model finds no site that helps.",
    "saved": "Saved as a scenario.",
}
TRY = """
query Try(
  $category: ServiceCategory!, $sites: [PointInput!], $closed: [ID!],
  $within: ReachInput!, $area: AreaCode, $level: AreaLevel
) {
  sitesTried(category: $category, sites: $sites, closedIds: $closed, within: $within, areaCode: $area, level: $level) {
    total { ...Changed }
    areas { area { areaCode name } ...Changed }
    assumptions
  }
}
fragment Changed on ScenarioArea {
  coveredPercent coveredUnder18 coveredBeforeUnder18 newlyCoveredUnder18 lostUnder18 netUnder18 populationUnder18
  meanDistanceBeforeMetres meanDistanceMetres
}
"""
BEST = """
query Best($category: ServiceCategory!, $within: ReachInput!, $area: AreaCode, $count: Int!) {
  siteRecommendations(category: $category, within: $within, areaCode: $area, model: MCLP, siteCount: $count) {
    status coveredBeforeUnder18 coveredAfterUnder18
    sites { point locality { name } marginalGainUnder18 }
  }
}
"""
SAVE = """
mutation Save($input: CreateScenarioInput!) {
  createScenario(input: $input) { __typename ... on ScenarioCreated { id } ... on WriteError { message } }
}
"""


@dataclass(frozen=True, slots=True)
class Change:
    """A site that is added, a service that is closed, or one that is moved."""

    name: str
    service_id: str | None = None
    lon: float | None = None
    lat: float | None = None

    @property
    def point(self) -> dict[str, float] | None:
        """Return where the site is, as a variable of the API."""
        return None if self.lon is None or self.lat is None else {"lon": self.lon, "lat": self.lat}

    def input(self) -> dict[str, Any]:
        """Return it as a change of a scenario."""
        if self.service_id is None:
            return {"add": {"point": self.point, "name": self.name}}
        if self.point is None:
            return {"close": {"serviceId": self.service_id}}
        return {"move": {"serviceId": self.service_id, "point": self.point}}


@dataclass(frozen=True, slots=True)
class Sent:
    """What the page sends: the changes, how many sites it wants, and what a scenario is to be called."""

    changes: Sequence[Change] = ()
    count: int = 1
    name: str = ""


def sent_of(body: bytes) -> Sent:
    """Return what a body holds.

    Raises
    ------
    BadInput
        If it is not what the page sends.

    """
    try:
        given: Any = orjson.loads(body) if len(body) <= MOST_BYTES else None
        listed = given["changes"][: MOST_TRIED + 1]
        changes = [
            Change(str(each["name"]), each.get("id"), _degrees(each.get("lon")), _degrees(each.get("lat")))
            for each in listed
        ]
        return Sent(changes, int(given.get("count") or 1), str(given.get("saveAs") or ""))
    except (orjson.JSONDecodeError, TypeError, KeyError, ValueError, AttributeError):
        raise BadInput("", PROBLEMS["body"]) from None


def _degrees(value: Any) -> float | None:
    return None if value is None else float(value)


async def tried(asker: Asker, choices: Choices, sent: Sent) -> Mapping[str, Any]:
    """Return the answer to :data:`TRY`."""
    given = {
        **_asked(choices),
        "sites": [each.point for each in sent.changes if each.point],
        "closed": [each.service_id for each in sent.changes if each.service_id],
        "level": choices.level and choices.level.name,
    }
    found: Mapping[str, Any] = (await asker.paid(TRY, given))["sitesTried"]
    return found


async def best(asker: Asker, choices: Choices, sent: Sent) -> list[dict[str, Any]]:
    """Return the best sites as changes of the page; none where the model finds none."""
    found = (await asker.paid(BEST, {**_asked(choices), "count": sent.count}))["siteRecommendations"]
    return [
        {
            "name": each["locality"]["name"] if each["locality"] else "",
            "lon": each["point"]["coordinates"][0],
            "lat": each["point"]["coordinates"][1],
        }
        for each in found["sites"]
        if each["marginalGainUnder18"]
    ]


async def save(asker: Asker, choices: Choices, sent: Sent) -> str | None:
    """Save a scenario; return what stands against it, ``None`` where it is done."""
    given = {
        "name": sent.name,
        "category": _service(choices).name,
        "changes": [each.input() for each in sent.changes],
        "idempotencyKey": str(uuid.uuid4()),
    }
    told = (await asker.paid(SAVE, {"input": given}))["createScenario"]
    problem: str | None = told.get("message")
    return problem


def _service(choices: Choices) -> ServiceCategory:
    if choices.service is None:
        raise BadInput("need", PROBLEMS["one"])
    return choices.service


def _asked(choices: Choices) -> dict[str, Any]:
    return {"category": _service(choices).name, "within": choices.reach_input(), "area": choices.area}


@dataclass(frozen=True, slots=True)
class Changed(Figures):
    """The answer to :data:`TRY`, ready for the template."""

    @property
    def whole(self) -> Mapping[str, Any]:
        """Return the figures of the whole area."""
        found: Mapping[str, Any] = self.answer["total"]
        return found

    @property
    def parts(self) -> Sequence[Mapping[str, Any]]:
        """Return the parts in which anything changes, those that gain most first."""
        changed = [each for each in self.answer["areas"] if each["newlyCoveredUnder18"] or each["lostUnder18"]]
        return sorted(changed, key=lambda each: (-each["netUnder18"], each["area"]["name"]))

    def share_before(self, row: Mapping[str, Any]) -> float | None:
        """Return the share covered today."""
        if not row["populationUnder18"]:
            return None
        return float(100 * row["coveredBeforeUnder18"] / row["populationUnder18"])
