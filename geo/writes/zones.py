"""Zones: the parts of a country by which a confidential service is published, and nothing more precise.

Going down from the nation, an area is divided only if **each** part has enough people, localities and land. A part that
has not is merged with the neighbour that has the longest common border under the same parent, the part with the fewest
people first, ties by code, until all parts have enough; otherwise the parent stays whole. So no zone is ever a part
that is too small. Areas without an outline stay whole, and so does an area if any of its parts has none.

A country is divided once, by one edition of its areas: a second set of zones would allow differencing with the first.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from geo.database.owner import owner_transaction, sql_file
from geo.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What each part of a divided area keeps at least."""

    people: int = 50_000
    localities: int = 20
    radius_m: float = 10_000.0
    """Radius of the circle of the same area, in metres."""

    def __post_init__(self) -> None:
        """Refuse thresholds that would hide less than was found to be safe."""
        for name, least in LEAST.items():
            if not getattr(self, name) >= least:
                raise BadInput(name, f"{getattr(self, name)} is too low to hide anybody; give {least:,} or more.")


LEAST = {"people": 50_000, "localities": 20, "radius_m": 10_000.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """The data of an area that dividing its country needs; an unknown number counts as zero."""

    id: str
    parent_id: str | None
    code: str
    people: int
    localities: int
    area_m2: float | None
    """``None`` if no outline is known."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Areas of one parent that are kept together."""

    ids: frozenset[str]
    code: str
    people: int
    localities: int
    area_m2: float

    def keeps(self, least: Thresholds) -> bool:
        return (
            self.people >= least.people
            and self.localities >= least.localities
            and math.sqrt(self.area_m2 / math.pi) >= least.radius_m
        )

    def with_(self, other: _Part) -> _Part:
        return _Part(
            self.ids | other.ids,
            min(self.code, other.code),
            self.people + other.people,
            self.localities + other.localities,
            self.area_m2 + other.area_m2,
        )


Border = frozenset[str]
"""The ids of the two areas that share it."""


def divided(
    areas: Iterable[Area], borders: Mapping[Border, float], nation: str, least: Thresholds
) -> list[frozenset[str]]:
    """Return the zones of a nation, each as the ids of its areas, in the order of their codes.

    Parameters
    ----------
    areas
        The nation and the areas below it, of one edition.
    borders
        The common border of two areas of one parent, in metres; pairs without one are left out.
    nation
        The id of the nation.
    least
        What each part keeps at least.

    """
    known = {each.id: each for each in areas}
    children: defaultdict[str, list[Area]] = defaultdict(list)
    for each in known.values():
        if each.parent_id is not None:
            children[each.parent_id].append(each)
    zones, waiting = [], [nation]
    while waiting:
        one = waiting.pop()
        parts = _parts(children[one], borders, least)
        if len(parts) < 2:  # noqa: PLR2004  undivided
            zones.append(frozenset({one}))
            continue
        for part in parts:
            if len(part.ids) == 1:
                waiting += part.ids
            else:
                zones.append(part.ids)
    return sorted(zones, key=lambda zone: min(known[each].code for each in zone))


def _parts(children: Sequence[Area], borders: Mapping[Border, float], least: Thresholds) -> list[_Part]:
    """Return the parts that an area is divided into; none where it stays whole."""
    parts = []
    for each in children:
        if each.area_m2 is None:
            return []
        parts.append(_Part(frozenset({each.id}), each.code, each.people, each.localities, each.area_m2))
    while small := [each for each in parts if not each.keeps(least)]:
        part = min(small, key=lambda each: (each.people, each.code))
        shared = {
            other: sum(borders.get(frozenset({a, b}), 0.0) for a in part.ids for b in other.ids)
            for other in parts
            if other is not part
        }
        neighbours = [other for other, metres in shared.items() if metres > 0]
        if not neighbours:
            return []
        nearest = min(neighbours, key=lambda other: (-shared[other], other.code))
        parts = [each for each in parts if each not in (part, nearest)] + [part.with_(nearest)]
    return parts


def make(connection: Connection, least: Thresholds | None = None) -> int:
    """Divide the countries that have an outline and are not divided yet; return the number of new zones.

    For each country, the edition that gives most zones is used, ties by scheme and code.
    """
    least = least or Thresholds()
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('lakana.zones'))"))
    made = 0
    for editions in _countries(connection):
        sets = [(_zones_of(connection, nation, least), nation) for nation in editions]
        zones, nation = max(sets, key=lambda each: len(each[0]))  # the first of several
        _keep(connection, nation, zones, least)
        made += len(zones)
    return made


def remake(url: str, least: Thresholds) -> int:
    """Redo the zones of countries without a confidential service so far, and return the number of new zones."""
    with owner_transaction(url) as connection:
        connection.execute(text("DELETE FROM lakana.zoning WHERE NOT in_use"))
        made = make(connection, least)
        if made:
            told = {"zones": made, "people": least.people, "localities": least.localities, "radius_m": least.radius_m}
            note = text("SELECT audit.append('ZONES', 'zone', NULL, NULL, :told)")
            connection.execute(note.bindparams(bindparam("told", type_=JSONB)), {"told": told})
    return made


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone in the list."""

    name: str
    codes: list[str]
    people: int
    radius_m: float


def listed(url: str) -> list[Zone]:
    """Return every zone, by name."""
    with owner_transaction(url) as connection:
        return [Zone(*row) for row in connection.execute(text(sql_file("writes/zone_list")))]


def _countries(connection: Connection) -> list[list[str]]:
    """Return the nations of each undivided country's editions, by scheme and code."""
    rows = connection.execute(text(sql_file("writes/zone_nations")))
    countries: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        countries[row.country].append(row.id)
    return list(countries.values())


def _zones_of(connection: Connection, nation: str, least: Thresholds) -> list[frozenset[str]]:
    values = {"nation": nation}
    areas = [Area(**row._mapping) for row in connection.execute(text(sql_file("writes/zone_areas")), values)]  # noqa: SLF001
    borders = {
        frozenset({row.one, row.other}): row.metres
        for row in connection.execute(text(sql_file("writes/zone_borders")), values)
    }
    return divided(areas, borders, nation, least)


def _keep(connection: Connection, nation: str, zones: Sequence[frozenset[str]], least: Thresholds) -> None:
    connection.execute(
        text("INSERT INTO lakana.zoning VALUES (CAST(:nation AS uuid), :people, :localities, :radius_m)"),
        {"nation": nation, "people": least.people, "localities": least.localities, "radius_m": least.radius_m},
    )
    statement = text(sql_file("writes/zone_kept")).bindparams(bindparam("zones", type_=JSONB))
    given: Any = [sorted(zone) for zone in zones]
    connection.execute(statement, {"nation": nation, "zones": given})
