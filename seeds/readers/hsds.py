"""HSDS 3, the Human Services Data Specification: a package of tables as CSV or JSON, or services as whole objects.

It becomes two tables: services, one row for each at each of its locations, and organizations. Contacts, which are
persons, are not read. Source: https://docs.openreferral.org, version 3.0.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from geo.notations import opening_hours
from seeds.readers.bounds import MAX_COLUMNS, MAX_PACKAGE
from seeds.readers.nested import members
from seeds.readers.table import Cell, Column, Corrections, Form, Format, Row, Table, is_blank
from seeds.troubles import FileTrouble, Refused

Record = Mapping[str, Any]
Package = Mapping[str, Sequence[Record]]
"""Records by table."""

TABLES = (
    "organizations", "services", "locations", "service_at_location", "phones", "schedules", "attributes",
    "taxonomy_terms", "service_capacity",
)  # fmt: skip
"""The tables that are read."""
MARKS = (b'"organization_id"', b'"services.csv"', b'"organizations.csv"', b'"interpretation_services"', b'"tax_status"')
"""Members that JSON of HSDS has near its beginning."""
SERVICES = (
    "id", "name", "organization", "category", "latitude", "longitude", "phone", "opening_hours", "capacity",
    "assured_date", "status",
)  # fmt: skip
ORGANIZATIONS = ("id", "name", "acronym", "website")
OURS = "Lakana"
"""The taxonomy of what this system exports, and what the list of its services is called."""
LOCATION_TYPES = ("physical", "postal", "virtual")
DAYS = {"MO": "Mo", "TU": "Tu", "WE": "We", "TH": "Th", "FR": "Fr", "SA": "Sa", "SU": "Su"}
_NARROWER = ("byweekno", "bymonthday", "byyearday", "until", "count")
"""Fields of a schedule that is not the same every week."""


def is_json(head: bytes) -> bool:
    """Return whether the first bytes of a JSON file are of HSDS."""
    return b'"Feature' not in head and any(each in head for each in MARKS)


def table_of(name: str) -> str | None:
    """Return the table of a package that a file's name tells.

    Examples
    --------
    >>> table_of("pkg/services.csv"), table_of("service_at_locations.csv"), table_of("villages.csv")
    ('services', 'service_at_location', None)

    """
    stem = name.rpartition("/")[2].lower().removesuffix(".csv")
    return stem if stem in TABLES else {f"{each}s": each for each in TABLES}.get(stem)


def of_json(content: bytes, file: str, corrections: Corrections) -> list[Table]:
    """Return the tables of a package in JSON, tabular or whole.

    Raises
    ------
    Refused
        If it is too large, or no HSDS.

    """
    if len(content) > MAX_PACKAGE:
        raise Refused(FileTrouble.TOO_LARGE, most=MAX_PACKAGE)
    try:
        said = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Refused(FileTrouble.BROKEN_JSON, reason=error.msg, byte=error.pos) from None
    if isinstance(said, dict) and any(each.endswith(".csv") for each in said):
        found = {table_of(name): records for name, records in said.items() if isinstance(records, list)}
        return tables({name: records for name, records in found.items() if name}, file, corrections)
    listed = said.get("contents", [said]) if isinstance(said, dict) else said
    whole: defaultdict[str, list[Record]] = defaultdict(list)
    for each in listed:
        if isinstance(each, dict):
            _take_apart(each, whole)
    return tables(whole, file, corrections)


def of_tables(found: Mapping[str, Table], file: str, corrections: Corrections) -> list[Table]:
    """Return the tables of a package of CSV files, given by the tables that they hold."""
    package = {
        name: [dict(zip(each.form.names(), row.cells, strict=False)) for row in each.rows()]
        for name, each in found.items()
    }
    return tables(package, file, corrections)


def tables(package: Package, file: str, corrections: Corrections) -> list[Table]:
    """Return the services of a package at their locations, and its organizations, or the one that a person names."""
    names, services = dict.fromkeys(SERVICES), list[Record]()
    for each in _services(package):
        services.append(each)
        names |= dict.fromkeys(each)
        if len(names) > MAX_COLUMNS:
            raise Refused(FileTrouble.TOO_MANY_COLUMNS, most=MAX_COLUMNS)
    codes_of = OURS if any(each.get("taxonomy") == OURS for each in package.get("taxonomy_terms", ())) else None
    made = [
        _table(file, "services", tuple(names), services, codes_of),
        _table(file, "organizations", ORGANIZATIONS, list(_organizations(package))),
    ]
    if corrections.sheet is None:
        return made
    named = [each for each in made if each.form.sheet == corrections.sheet]
    if not named:
        raise Refused(FileTrouble.NO_SHEET, sheet=corrections.sheet, sheets="services, organizations")
    return named


def _table(
    file: str, sheet: str, names: Sequence[str], records: Sequence[Record], codes_of: str | None = None
) -> Table:
    form = Form(Format.HSDS, file, sheet, tuple(map(Column, names)), codes_of=codes_of)

    def read() -> Iterator[Row]:
        for number, each in enumerate(records, 1):
            yield Row(number, [_cell(each.get(name)) for name in names])

    return Table(form, read)


def _cell(value: Any) -> Cell:
    return value if value is None or isinstance(value, str | int | float) else orjson.dumps(value).decode()


def _take_apart(whole: Record, into: defaultdict[str, list[Record]]) -> None:
    """Put a whole organization or service into the tables of a package."""
    if "services" in whole or "tax_status" in whole:
        into["organizations"].append(whole)
        for each in whole.get("services") or ():
            _take_apart({"organization": whole, **each}, into)
        return
    offering = whole.get("organization") or {}
    if whole.get("organization"):
        into["organizations"].append(offering)
    own = {"service_id": whole.get("id")}
    into["services"].append({**whole, "organization_id": whole.get("organization_id") or offering.get("id")})
    for name in ("phones", "schedules", "service_capacity"):
        into[name] += [{**each, **own} for each in whole.get(name) or ()]
    for linked in (whole, offering):
        _take_attributes(linked, into)
    for each in whole.get("service_at_locations") or ():
        location = each.get("location") or {}
        into["locations"].append(location)
        into["service_at_location"].append({**each, "location": None, "location_id": location.get("id"), **own})
        for linked in (each, location):
            _take_attributes(linked, into)
        for name in ("phones", "schedules"):
            into[name] += [{**one, "service_at_location_id": each.get("id")} for one in each.get(name) or ()]


def _take_attributes(linked: Record, into: defaultdict[str, list[Record]]) -> None:
    for each in linked.get("attributes") or ():
        term = each.get("taxonomy_term") or {}
        into["attributes"].append({"link_id": linked.get("id"), "taxonomy_term_id": term.get("id")})
        into["taxonomy_terms"].append(term)


def _organizations(package: Package) -> Iterator[Record]:
    for each in _by(package.get("organizations", ()), "id").values():
        alternate = each[0].get("alternate_name")
        acronym = alternate if isinstance(alternate, str) and alternate.isupper() and " " not in alternate else None
        yield {**each[0], "acronym": acronym}


def _services(package: Package) -> Iterator[Record]:
    organizations, locations = (_by(package.get(each, ()), "id") for each in ("organizations", "locations"))
    at = _by(package.get("service_at_location", ()), "service_id")
    capacity = _by(package.get("service_capacity", ()), "service_id")
    said_once = {(each.get("link_id"), each.get("taxonomy_term_id")): each for each in package.get("attributes", ())}
    terms, linked = _by(package.get("taxonomy_terms", ()), "id"), _by(said_once.values(), "link_id")
    phones, schedules = (_Links(package.get(each, ())) for each in ("phones", "schedules"))
    for service in (each[0] for each in _by(package.get("services", ()), "id").values()):
        own, offering = service.get("id"), service.get("organization_id")
        most = {each.get("maximum") for each in capacity.get(own, ())}
        told = {
            "name": service.get("name"),
            "organization": organizations[offering][0].get("name") if offering in organizations else None,
            "category": _named(terms, linked.get(own, ())),
            "capacity": most.pop() if len(most) == 1 else None,
            "assured_date": service.get("assured_date"),
            "status": service.get("status"),
        }
        places = at.get(own) or [{}]
        for place in places:
            where = place.get("location_id")
            location = locations[where][0] if where in locations else {}
            keys = {"service_at_location_id": place.get("id"), "service_id": own, "location_id": where}
            linking = (place.get("id"), where, offering)
            yield {
                **_further("service", service, SERVICES),
                **_further("location", location, _plain_of(location)),
                **_further("link", place, ()),
                **told,
                "attributes": _named(terms, [each for link in linking for each in linked.get(link, ())]),
                "id": own if len(places) == 1 else f"{own} {where}",
                "latitude": location.get("latitude"),
                "longitude": location.get("longitude"),
                "phone": _number(phones.of(keys | {"organization_id": offering})),
                "opening_hours": hours(schedules.of(keys)),
            }


def _named(terms: Mapping[Any, Sequence[Record]], attributes: Iterable[Record]) -> str:
    """Return the codes and names of the terms that attributes tell, parted by bars."""
    held = [terms[each["taxonomy_term_id"]][0] for each in attributes if each.get("taxonomy_term_id") in terms]
    return "|".join(str(each) for term in held for each in (term.get("code"), term.get("name")) if each)


def _plain_of(location: Record) -> tuple[str, ...]:
    """Return the members of a location that say nothing of what it is: also its type, where that is a word of HSDS."""
    own = ("name", "latitude", "longitude")
    return (*own, "location_type") if location.get("location_type") in LOCATION_TYPES else own


def _further(kind: str, record: Record, read: Iterable[str]) -> Record:
    """Return the members that no column is made of, as columns of their own: one may say that a place is secret."""
    found = members(record, {"id", "organization", *read})
    return {
        f"{kind} {name.replace('/', ' ')}": value
        for name, value in found
        if not isinstance(value, list) and not is_blank(value) and not name.endswith("_id")
    }


def _by(records: Iterable[Record], key: str) -> dict[Any, list[Record]]:
    found: dict[Any, list[Record]] = {}
    for each in records:
        if not is_blank(each.get(key)):
            found.setdefault(each[key], []).append(each)
    return found


class _Links:
    """Records that belong to a service at a location, to a service, a location or an organization."""

    def __init__(self, records: Sequence[Record]) -> None:
        keys = ("service_at_location_id", "service_id", "location_id", "organization_id")
        self._by = {key: _by(records, key) for key in keys}

    def of(self, ids: Record) -> Sequence[Record]:
        """Return those of the first of these ids that has any."""
        return next((found for key, value in ids.items() if (found := self._by[key].get(value))), ())


def _number(phones: Sequence[Record]) -> str | None:
    numbers = (str(each.get("number") or "").strip("\"' ") for each in phones)
    return next((each for each in numbers if each), None)


def hours(schedules: Sequence[Record]) -> str | None:
    """Return weekly schedules in force as OpenStreetMap writes opening hours; ``None`` where they do not tell a week.

    Where their one description is written so, as in exports of this system, it is that.

    Examples
    --------
    >>> hours([{"freq": "WEEKLY", "byday": "MO,TU", "opens_at": "08:00:00", "closes_at": "12:00"}])
    'Mo,Tu 08:00-12:00'
    >>> hours([{"freq": "WEEKLY", "byday": "MO", "opens_at": "08:00", "closes_at": "12:00", "bymonthday": "3"}])

    """
    described = {str(each.get("description") or "") for each in schedules}
    if len(described) == 1 and opening_hours.read(opening_hours.plain(text := described.pop())) is not None:
        return text
    today = dt.datetime.now(dt.UTC).date().isoformat()
    open_on: defaultdict[str, list[str]] = defaultdict(list)
    for each in schedules:
        if str(each.get("valid_to") or "9") < today:
            continue
        days = [DAYS[day] for day in str(each.get("byday") or "").split(",") if day in DAYS]
        times = [str(each.get(name) or "")[:5] for name in ("opens_at", "closes_at")]
        if each.get("freq") != "WEEKLY" or not days or not all(times) or any(each.get(name) for name in _NARROWER):
            return None
        for day in days:
            open_on[day].append("-".join(times))
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for day in DAYS.values():
        if open_on.get(day):
            alike[",".join(sorted(open_on[day]))].append(day)
    return "; ".join(f"{','.join(days)} {times}" for times, days in alike.items()) or None
