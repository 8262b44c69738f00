"""The map of a pathway: what it asks for a town or village, and the records that it is drawn from.

Its address names a locality of the directory and a type of incident: never a point, an age or a sex, which go by POST.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.pages.map_choices import Choices
from api.pages.map_questions import Public, ground
from api.pages.map_records import Answers, Drawn, collection, data, feature, frame_of, lands, sources
from geo.errors import BadInput
from geo.vocabulary import ActorKind, IncidentType, Locale, LocationPrecision, Stage, label
from maps import numbers
from maps.controls import Controls
from maps.palette import FAMILY_OF
from maps.planned import PathwayMap, PathwayStep
from maps.records import Feature

PLACES = """
query Places($area: AreaCode!, $language: Language) {
  localities(areaCode: $area, first: 100) {
    edges { node { areaCode name(language: $language) point population { total } } }
  }
}
"""
PATHWAY = """
query Pathway($at: PointInput!, $incident: IncidentType!, $language: Language) {
  referralOptions(at: $at, incidentType: $incident, first: 3) {
    assumptions(language: $language) lastVerifiedOn
    steps {
      step {
        stage categoryLabel(language: $language)
        reportToLabel(language: $language) whatToDo(language: $language)
      }
      reportToActor {
        name kind verifiedOn phones { number } location { point } source { name illustrative }
      }
      options { distanceMetres service { ...Offered } }
      confidentialOptions {
        service { name location { point radiusMetres precision zone { name } } }
      }
    }
  }
}
fragment Offered on Service {
  name verifiedOn phones { number } openingHours { text } source { name illustrative }
  location { point precision }
}
"""
NO_PLACE = "give the code of a locality whose place is known, as `localities` lists it."


async def ask(by: Public, choices: Choices) -> Answers:
    """Ask for the pathway from a locality, the largest of the area where none is chosen.

    Raises
    ------
    BadInput
        If the place is no locality, or the area has none.

    """
    nation, answers = await ground(by, choices.area)
    language = choices.locale.name.lower()
    listed = [await by.ask(PLACES, {"area": nation.code, "language": language})]
    if choices.place:
        listed += await _asked_for(by, choices.place, language)
    own = _own(listed, choices.place)
    if own is None:
        raise BadInput("place", NO_PLACE)
    lon, lat = own["point"]["coordinates"]
    asked = {"at": {"lon": lon, "lat": lat}, "incident": incident_of(choices).name, "language": language}
    return {
        **answers,
        "places": listed,
        "place": [own["areaCode"].encode()],
        "pathway": [await by.ask(PATHWAY, asked)],
    }


def incident_of(choices: Choices) -> IncidentType:
    """Return the type of incident, the first of the list where none is chosen."""
    return choices.incident or next(iter(IncidentType))


async def _asked_for(by: Public, place: str, language: str) -> list[bytes]:
    """Return what is listed at a code: a nation lists its first localities alone, of which it may be none."""
    try:
        return [await by.ask(PLACES, {"area": place, "language": language})]
    except BadInput:
        return []


def _own(listed: list[bytes], place: str | None) -> dict[str, Any] | None:
    """Return the locality of a code, the largest where none is asked for; ``None`` if no such one has a place."""
    placed = [each for each in _places(listed) if each["point"]]
    if place:
        return next((each for each in placed if each["areaCode"] == place), None)
    return max(placed, key=lambda each: (each["population"] or {}).get("total") or 0, default=None)


def _places(listed: list[bytes]) -> list[dict[str, Any]]:
    return [edge["node"] for body in listed for edge in data([body])["localities"]["edges"]]


def draw(answers: Answers, choices: Choices, controls: Controls | None = None) -> Drawn:
    """Draw the map of a pathway."""
    from maps import pathway as drawing  # noqa: PLC0415

    page = drawing.draw(records(answers, choices), choices.locale, controls)
    return page.html.encode(), page.csp


def records(answers: Answers, choices: Choices) -> PathwayMap:
    """Return the records of the map."""
    regions, others = lands(answers)
    told = data(answers["pathway"])["referralOptions"]
    own = _own(answers["places"], answers["place"][0].decode())
    assert own is not None  # noqa: S101  it was asked for by its place
    found = [site for each in told["steps"] for site in _sites(each)]
    return PathwayMap(
        frame=frame_of(answers),
        regions=regions,
        others=others,
        place=feature(own["point"], name=own["name"]),
        incident=incident_of(choices),
        steps=tuple(_step(each, choices.locale) for each in told["steps"]),
        sites=collection(_once(found)),
        areas=collection(_once([area for each in told["steps"] for area in _areas(each)])),
        verified_on=told["lastVerifiedOn"],
        assumptions=tuple(told["assumptions"]),
        sources=sources(data(answers["frame"])),
    )


def _step(told: Mapping[str, Any], locale: Locale) -> PathwayStep:
    step, actor = told["step"], told["reportToActor"]
    return PathwayStep(
        stage=label(Stage[step["stage"]], locale),
        need=step["categoryLabel"],
        what_to_do=step["whatToDo"],
        told=_line(actor) if actor else step["reportToLabel"],
        places=[_line(each["service"], each["distanceMetres"], locale) for each in told["options"]],
    )


def _line(record: Mapping[str, Any], far_m: float | None = None, locale: Locale = Locale.FR) -> str:
    parts = [record["name"], far_m is not None and numbers.distance(far_m, locale), *_numbers(record)[:1]]
    return ", ".join(each for each in parts if each)


def _numbers(record: Mapping[str, Any]) -> list[str]:
    return [each["number"] for each in record["phones"]]


def _sites(told: Mapping[str, Any]) -> Iterator[Feature]:
    """Yield whom to tell, and the places that have a point."""
    actor, need = told["reportToActor"], told["step"]["categoryLabel"]
    if actor and actor["location"]["point"]:
        yield _site(actor, FAMILY_OF[ActorKind[actor["kind"]]], need, None, None)
    for each in told["options"]:
        service = each["service"]
        place = service["location"]
        if place and place["point"] and place["precision"] != LocationPrecision.AREA.name:
            hours = service["openingHours"] and service["openingHours"]["text"]
            yield _site(service, "service", need, each["distanceMetres"], hours)


def _site(record: Mapping[str, Any], family: str, need: str, far_m: float | None, hours: str | None) -> Feature:
    return feature(
        record["location"]["point"],
        name=record["name"],
        family=family,
        need=need,
        distanceMetres=far_m,
        verifiedOn=record["verifiedOn"],
        openingHours=hours,
        phone=", ".join(_numbers(record)) or None,
        sourceName=record["source"]["name"],
        illustrative=record["source"]["illustrative"],
    )


def _areas(told: Mapping[str, Any]) -> Iterator[Feature]:
    for each in told["confidentialOptions"]:
        place = each["service"]["location"]
        if place:
            zone = (place["zone"] or {}).get("name") or "–"
            told_of = {"radiusMetres": place["radiusMetres"], "zoneName": zone}
            yield feature(place["point"], name=each["service"]["name"], **told_of)


def _once(features: list[Feature]) -> list[Feature]:
    """Return each feature once; one that serves several needs names them all."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for each in features:
        own = found.setdefault((str(each["geometry"]), each["properties"]["name"]), dict(each["properties"]))
        need = each["properties"].get("need")
        if need and need not in str(own["need"]).split(" · "):
            own["need"] = f"{own['need']} · {need}"
        own["_geometry"] = each["geometry"]
    return [feature(own.pop("_geometry"), **own) for own in found.values()]
