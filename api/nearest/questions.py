"""What the page asks, as any client does: by GraphQL, as the audience of whoever opens it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.exports.asking import Asker
from api.nearest.asked import LONGEST_PLACE, Asked, Spot
from geo.audience import Audience
from geo.vocabulary import ServiceCategory

Place = tuple[Spot, str, bool]
"""Where, in what area, and whether its name is the very one."""

PLACES = """
query Places($text: String!) {
  places(search: $text, first: 12) {
    exact
    place { ... on Locality { name point adminArea { name levelLabel parent { name } nation { name } } } }
  }
}
"""

_NEAREST = """
query Nearest($at: PointInput!, $incident: IncidentType!, $age: Int, $sex: Sex, $openAt: DateTime) {
  referralOptions(at: $at, incidentType: $incident, age: $age, sex: $sex, openAt: $openAt, first: 3) {
    steps {
      step { stage categoryLabel whatToDo reportToLabel }
      reportToActor { id name kindLabel phones { number label } }
      reportToCertain
      options {
        distanceMetres open hasPlaces
        service {
          id name languages phones { number label }
          openingHours { text nextChange(at: $openAt) }
          location { locality { name } }
        }
      }
      leftOut {
        distanceMetres open
        service { id name phones { number label } openingHours { nextChange(at: $openAt) } }
        reasons { exclusionLabel }
      }
      passedOver { exclusionLabel count }
      confidentialOptions { hasPlaces service { name GATE } reasons { exclusionLabel } }
    }
    lastVerifiedOn
    sources { name licence url illustrative }
  }
  travelEstimates { mode season speedKilometresPerHour detour }
  nearestServices(origin: $at, within: { metres: 1 }, first: 5) {
    distanceMetres service { id name phones { number label } openingHours { text } languages }
  }
}
"""
NEAREST = _NEAREST.replace(" GATE", "")
WITH_GATE = _NEAREST.replace("GATE", "shelter { frontGate }")
"""For whoever may read the front gate of a confidential shelter."""


SHORT = """
query Short($at: PointInput!, $category: ServiceCategory!, $near: Float!) {
  near: nearestServices(origin: $at, categories: [$category], within: {metres: $near}, first: 3) { ...Found }
  helplines: nearestServices(origin: $at, within: {metres: 1}, first: 2) { ...Found }
}
fragment Found on NearestService {
  distanceMetres
  service {
    name phones { number } openingHours { open nextChange } closedFrom closedUntil
    location { locality { name } } source { illustrative }
  }
}
"""


async def places(asker: Asker, text: str) -> list[Place]:
    """Return the towns and villages that a text may mean: where, in what area, and whether it is the same name."""
    if not 2 <= len(text) <= LONGEST_PLACE:  # noqa: PLR2004
        return []
    found = (await asker.paid(PLACES, {"text": text}))["places"]
    return [(_spot(each["place"]), _area(each["place"]["adminArea"]), each["exact"]) for each in found if each["place"]]


async def nearest(asker: Asker, spot: Spot, asked: Asked) -> Mapping[str, Any]:
    """Return whom to tell and where to go, stage by stage.

    Raises
    ------
    Refused, LakanaError
        As the API would.

    """
    moment = asked.moment()
    given = {
        "at": {"lon": spot.lon, "lat": spot.lat},
        "incident": asked.incident.name,
        "age": asked.age,
        "sex": asked.sex and asked.sex.name,
        "openAt": moment and moment.isoformat(),
    }
    return await asker.paid(NEAREST if asker.caller.audience is Audience.PUBLIC else WITH_GATE, given)


async def short(asker: Asker, spot: Spot, category: ServiceCategory, near_m: float) -> Mapping[str, Any]:
    """Return the services of a category within so many metres, and helplines.

    Raises
    ------
    Refused, LakanaError
        As the API would.

    """
    given = {"at": {"lon": spot.lon, "lat": spot.lat}, "category": category.name, "near": near_m}
    return await asker.paid(SHORT, given)


def _spot(place: Mapping[str, Any]) -> Spot:
    lon, lat = place["point"]["coordinates"]
    return Spot(lat, lon, place["name"])


def _area(area: Mapping[str, Any] | None) -> str:
    if area is None:
        return ""
    above = (each["name"] for each in (area["parent"], area["nation"]) if each)
    names = [f"{area['levelLabel']} {area['name']}", *above]
    return ", ".join(dict.fromkeys(names))
