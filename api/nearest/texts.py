"""``POST /nearest.txt``: a place and a need, answered in at most three short messages, for SMS gateways.

Nothing else that a gateway sends is read, such as who asks; and nothing of it is kept.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from api.exports.asking import Asker
from api.nearest import questions
from api.nearest.asked import PROBLEMS, Spot, asked_of, spot_of
from api.nearest.needs import need_of
from api.nearest.told import Told
from api.pages.catalogue import say
from geo.errors import BadInput
from geo.notations.short_messages import packed
from geo.texts import fold
from geo.vocabulary import Locale, ServiceCategory, label

MOST_MESSAGES = 3
NEAR_M = 50_000.0
"""Beyond it, whoever asks is told to ring a helpline first."""
LONGEST_JSON = 20_000
JSON_BEGINS = b"{"


def wish_of(body: bytes) -> tuple[str, str]:
    """Return the place and the need that a gateway sends: by a form, or by JSON as a flow of RapidPro does.

    Raises
    ------
    BadInput
        If it is neither.

    Examples
    --------
    >>> wish_of(b"place=Dar&need=shelter"), wish_of(b'{"results": {"place": {"value": "Dar"}, "need": {"value": "x"}}}')
    (('Dar', 'shelter'), ('Dar', 'x'))

    """
    if not body.lstrip().startswith(JSON_BEGINS):
        asked = asked_of(body)
        return asked["place"], asked["need"]
    try:
        sent = orjson.loads(body) if len(body) <= LONGEST_JSON else None
    except orjson.JSONDecodeError:
        sent = None
    if sent is None:
        raise BadInput("", PROBLEMS[""])
    results = sent.get("results", sent)
    place, need = (_value(results.get(name)) if isinstance(results, dict) else "" for name in ("place", "need"))
    return place, need


def _value(of: Any) -> str:
    found = of.get("value") if isinstance(of, dict) else of
    return found.strip() if isinstance(found, str) else ""


async def messages(asker: Asker, place: str, need: str, locale: Locale) -> list[str]:
    """Return what is to be sent back: where to go and whom to ring, or what to write otherwise.

    Raises
    ------
    Refused, LakanaError
        As the API would.

    """
    category = need_of(need)
    if category is None:
        known = (f"{label(each, locale)};" for each in ServiceCategory if each is not ServiceCategory.OTHER)
        return packed([say("Write what is needed as one of:", locale), *known], MOST_MESSAGES)
    spot, meant = await _spot(asker, place)
    if spot is None:
        if not meant:
            return packed([say("This place is not known. Write it otherwise.", locale)], MOST_MESSAGES)
        return packed([say("Which place? Write for example:", locale), *(f"{each};" for each in meant)], MOST_MESSAGES)
    answer = await questions.short(asker, spot, category, NEAR_M)
    return packed([*_said(answer, spot, category, locale)], MOST_MESSAGES)


async def _spot(asker: Asker, place: str) -> tuple[Spot | None, list[str]]:
    """Return where a text means, by coordinates or the name of one place and part of its area's; else the choices."""
    spot = spot_of(re.sub(r"[,;]\s+", " ", place))
    if spot is not None:
        return spot, []
    name, _, area = place.partition(",")
    choices = await questions.places(asker, name.strip())
    exact = [each for each in choices if each[2] and fold(area) in fold(each[1])]
    if len(exact) == 1:
        return exact[0][0], []
    return None, [f"{spot.name}, {area}" if area else spot.name for spot, area, _ in exact or choices]


def _said(answer: Mapping[str, Any], spot: Spot, category: ServiceCategory, locale: Locale) -> Iterator[str]:
    """Yield the parts of an answer, the most important first."""
    near, helplines = (
        answer["near"],
        [each["service"] for each in answer["helplines"] if each["distanceMetres"] is None],
    )
    if any(each["service"]["source"]["illustrative"] for each in (*near, *answer["helplines"])):
        yield say("EXAMPLE, made up, do not use.", locale)
    calls = [_call(each, locale) for each in helplines]
    lines = [say("Call:", locale) + " " + each for each in calls] or [say("No helpline is known here.", locale)]
    told = [each for each in near if each["distanceMetres"] is not None]
    what = f"{label(category, locale)}, {spot.name}".removesuffix(", ")
    if not told:
        yield say("{what}: nothing is known within {km} km.", locale, what=what, km=f"{NEAR_M / 1000:.0f}")
        yield from lines
    else:
        yield f"{what}:"
        yield from (_place(number, each, locale) for number, each in enumerate(told, 1))
        yield lines[0]
        yield say("Straight distances.", locale)
    if category is ServiceCategory.SAFE_SHELTER:
        yield say("There may be a confidential shelter: a helpline or the social service calls it.", locale)


def _place(number: int, found: Mapping[str, Any], locale: Locale) -> str:
    service = found["service"]
    far = Told({}, dt.datetime.now(dt.UTC), locale).distance(found["distanceMetres"])
    return f"{number}) {_call(service, locale)}, {far}, {_hours(service, locale)}."


def _call(service: Mapping[str, Any], locale: Locale) -> str:
    """Return the number first, so that a long name is cut and not the number."""
    numbers = [each["number"] for each in service["phones"]] or [say("no number known", locale)]
    town = ((service["location"] or {}).get("locality") or {}).get("name")
    return f"{numbers[0]} {service['name']}" + (f", {town}" if town and town not in service["name"] else "")


def _hours(service: Mapping[str, Any], locale: Locale) -> str:
    """Return whether it is open now; days of closing are by UTC."""
    hours, today = service["openingHours"] or {}, dt.datetime.now(dt.UTC).date().isoformat()
    if service["closedFrom"] and service["closedFrom"] <= today <= (service["closedUntil"] or today):
        return say("closed for a while", locale)
    if hours.get("open") is None:
        return say("hours not known", locale)
    until = Told({}, dt.datetime.now(dt.UTC), locale).until(hours["nextChange"])
    if hours["open"]:
        return say("open", locale)
    return say("closed, opens in {time}", locale, time=until) if until else say("closed", locale)
