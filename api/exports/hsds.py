"""A service of ours in the words of the Human Services Data Specification 3.0, https://docs.openreferral.org/.

HSDS knows no zones: whoever reads a location takes it for the place. So a confidential service is in no such file, and
the file says how many were left out. Its organisation is the actor who offers a service, and the organisation that the
actor belongs to is the parent. What HSDS 3.0 has no field for stands in attributes: the category, how many children can
be served, and where the record comes from.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from geo.notations import opening_hours
from geo.vocabulary import Words

Thing = dict[str, Any]

_ASKED = """
id name category categoryLabel capacity phones.number phones.label verifiedOn closedFrom closedUntil languages
openingHours.text location.point location.precision location.locality.name location.adminArea.name
serviceArea.areaCode serviceArea.name source.name source.licence source.illustrative source.url
actor.id actor.name actor.kindLabel actor.organization.id actor.organization.name actor.organization.acronym
actor.organization.kindLabel actor.organization.url
"""
PATHS: tuple[tuple[str, ...], ...] = tuple(tuple(each.split(".")) for each in _ASKED.split())
"""What is asked of a service, from the row on."""

FILES: Mapping[str, tuple[str, ...]] = {
    "organizations": ("id", "name", "alternate_name", "description", "website", "parent_organization_id"),
    "services": ("id", "organization_id", "name", "status", "assured_date", "alert"),
    "locations": ("id", "location_type", "name", "organization_id", "latitude", "longitude"),
    "service_at_location": ("id", "service_id", "location_id"),
    "phones": ("id", "service_id", "number", "description"),
    "schedules": (
        "id",
        "service_id",
        "freq",
        "interval",
        "wkst",
        "byday",
        "opens_at",
        "closes_at",
        "valid_from",
        "valid_to",
        "description",
    ),
    "languages": ("id", "service_id", "code", "name"),
    "service_areas": ("id", "service_id", "name", "extent", "extent_type"),
    "attributes": ("id", "link_id", "link_type", "link_entity", "taxonomy_term_id", "value"),
    "taxonomy_terms": ("id", "code", "name", "description", "taxonomy", "taxonomy_id"),
    "taxonomies": ("id", "name", "description"),
}
"""The files of a tabular package, and the columns that are filled, by the names of HSDS."""
TYPES: Mapping[str, str] = {
    **dict.fromkeys(("assured_date", "valid_from", "valid_to"), "date"),
    **dict.fromkeys(("opens_at", "closes_at"), "time"),
    **dict.fromkeys(("latitude", "longitude", "interval"), "number"),
}
"""What columns hold that hold no text, as a data package calls it."""

OURS = uuid5(NAMESPACE_URL, "lakana")
TAXONOMY: Thing = {"id": str(uuid5(OURS, "taxonomy")), "name": "Lakana", "description": "The vocabulary of Lakana."}
TERMS: Mapping[str, Words] = {
    "capacity": ("Enfants accueillis à la fois", "Children served at a time", None),
    "source": ("Source", "Source", None),
    "licence": ("Licence", "Licence", None),
    "illustrative": ("Donnée illustrative", "Illustrative data", None),
}
"""Attributes beside the category."""
LEFT_OUT: Words = (
    "{many} services laissés de côté : confidentiels, ou sans acteur connu",
    "{many} services are left out: confidential, or without a known actor",
    None,
)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SPAN = re.compile(r"\[(\d+),(\d+)\)")
_LAST_MINUTE = opening_hours.DAY - 1


def service(row: Mapping[str, Any], today: str, words: Mapping[str, str]) -> Thing | None:
    """Return a service with all that hangs on it; ``None`` where it has no place in HSDS.

    Parameters
    ----------
    row
        What an answer says at :data:`PATHS`.
    today
        The day, as ISO 8601 writes it, by which it is or is not closed for a while.
    words
        What the attributes of :data:`TERMS` are called, by their codes.

    """
    actor, location = row["actor"], row["location"]
    if actor is None or (location is not None and location["precision"] != "EXACT"):
        return None
    closed = row["closedFrom"] is not None and row["closedFrom"] <= today <= (row["closedUntil"] or today)
    made: Thing = {
        "id": row["id"],
        "organization_id": actor["id"],
        "name": row["name"],
        "status": "temporarily closed" if closed else "active",
        "assured_date": row["verifiedOn"],
        "organization": _organization(actor),
        "service_at_locations": [] if location is None else [_at(row, location)],
        "phones": [
            _linked(row, f"phone {number}", number=each["number"], description=each["label"])
            for number, each in enumerate(row["phones"])
        ],
        "schedules": list(_schedules(row)),
        "languages": [_linked(row, f"language {each}", code=each, name=each) for each in row["languages"]],
        "service_areas": _areas(row),
        "attributes": list(_attributes(row, words)),
    }
    return known(made)


def parent_of(row: Mapping[str, Any]) -> Thing | None:
    """Return the organisation that the actor of a service belongs to."""
    above = row["actor"]["organization"]
    if above is None:
        return None
    names = {"id": above["id"], "name": above["name"], "alternate_name": above["acronym"]}
    return known({**names, "description": above["kindLabel"], "website": above["url"]})


def _organization(actor: Mapping[str, Any]) -> Thing:
    above = actor["organization"]
    own = {"id": actor["id"], "name": actor["name"], "description": actor["kindLabel"]}
    return known({**own, "parent_organization_id": above and above["id"]})


def _at(row: Mapping[str, Any], location: Mapping[str, Any]) -> Thing:
    lon, lat = location["point"]["coordinates"]
    called = (location["locality"] or location["adminArea"] or {}).get("name")
    place = {"id": _id(row, "location"), "location_type": "physical", "name": called, "latitude": lat}
    place |= {"longitude": lon, "organization_id": row["actor"]["id"]}
    return _linked(row, "at location", location_id=place["id"], location=known(place))


def _schedules(row: Mapping[str, Any]) -> Iterator[Thing]:
    """Return a schedule for the days that open and close alike; one of words where nobody can tell when it is open."""
    text = (row["openingHours"] or {}).get("text")
    if text is None:
        return
    read = opening_hours.read(text)
    days: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for begin, end in _SPAN.findall(read.weekly_open if read else ""):
        for number, day in enumerate(DAYS):
            first, last = number * opening_hours.DAY, (number + 1) * opening_hours.DAY
            opens, closes = max(int(begin), first), min(int(end), last)
            if opens < closes:
                days[opens - first, closes - first].append(day)
    if not days:
        yield _linked(row, "schedule", description=text)
    for (opens, closes), open_days in sorted(days.items()):
        weekly = {"freq": "WEEKLY", "interval": 1, "wkst": "MO", "byday": ",".join(open_days)}
        times = {"opens_at": _time(opens), "closes_at": _time(min(closes, _LAST_MINUTE))}
        yield _linked(row, f"schedule {opens} {closes}", **weekly, **times, description=text)


def _time(minute: int) -> str:
    """Return a time of the day with its seconds: without them it is none to what reads data packages."""
    return f"{minute // 60:02}:{minute % 60:02}:00"


def _areas(row: Mapping[str, Any]) -> list[Thing]:
    area = row["serviceArea"]
    if area is None:
        return []
    return [_linked(row, "service area", name=area["name"], extent=area["areaCode"], extent_type="other")]


def _attributes(row: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[Thing]:
    yield _attribute(row, "category", row["category"], row["categoryLabel"], row["categoryLabel"])
    source = row["source"]
    values = {
        "capacity": row["capacity"],
        "source": source["name"],
        "licence": source["licence"],
        "illustrative": str(source["illustrative"]).lower(),
    }
    for code, value in values.items():
        if value is not None:
            yield _attribute(row, code, code, words[code], str(value))


def _attribute(row: Mapping[str, Any], kind: str, code: str, name: str, value: str) -> Thing:
    term_id = str(uuid5(OURS, f"term {code}"))
    term = {"id": term_id, "code": code, "name": name, "description": name, "taxonomy": TAXONOMY["name"]}
    term["taxonomy_id"] = TAXONOMY["id"]
    linked = {"link_id": row["id"], "link_type": kind, "link_entity": "service", "taxonomy_term_id": term_id}
    return {"id": _id(row, f"attribute {code}"), **linked, "value": value, "taxonomy_term": term}


def _linked(row: Mapping[str, Any], what: str, **values: Any) -> Thing:
    return known({"id": _id(row, what), "service_id": row["id"], **values})


def _id(row: Mapping[str, Any], what: str) -> str:
    """Return the id of what hangs on a service: the same in each export."""
    return str(uuid5(UUID(row["id"]), what))


def known(thing: Thing) -> Thing:
    """Return a thing without what is not known: HSDS has no null."""
    return {name: value for name, value in thing.items() if value is not None}
