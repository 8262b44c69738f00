"""The outsider: asks the API for every cell of a year, and reckons with what it says."""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from geo.queries.base.levels import PUBLISHED_LEVELS
from geo.release.outsider import UNTOLD, Seen, branches
from geo.vocabulary import IncidentType

Leaf: TypeAlias = tuple[str, str, str]
Cell: TypeAlias = tuple[str, str, str, str | None]
Ask: TypeAlias = Callable[..., dict[str, Any]]

TYPES = tuple(each.name for each in IncidentType)
LEVELS = tuple(each.name for each in PUBLISHED_LEVELS)

COUNTS = """query ($level: AreaLevel!, $period: Period!, $type: IncidentType, $area: AreaCode, $after: String) {
  incidentCounts(level: $level, period: $period, incidentType: $type, areaCode: $area, after: $after) {
    edges { node { status count localitiesReporting area { areaCode } locality { areaCode point } } } pageInfo { hasNextPage endCursor } } }"""
PEOPLE = """query ($after: String) { localities(first: 100, after: $after) {
  edges { node { point population { under18 } } } pageInfo { hasNextPage endCursor } } }"""


@dataclass(frozen=True)
class Lattice:
    """The whole lattice of a year by its names, and what was published of it.

    Parameters
    ----------
    year
        As ``2025``.
    cells, leaves
        By their names; every cell that any return counts in, told or not.
    seen
        The same as numbers. Its counts, the truth, the outsider has not: they are to score by.

    """

    year: str
    cells: tuple[Cell, ...]
    leaves: tuple[Leaf, ...]
    seen: Seen

    def with_truth(self, truth: Mapping[Leaf, int]) -> Lattice:
        counts = np.array([truth[leaf] for leaf in self.leaves])
        return replace(self, seen=replace(self.seen, counts=counts))

    def told(self) -> dict[Cell, int]:
        return {
            cell: int(count) for cell, count in zip(self.cells, self.seen.published, strict=True) if count != UNTOLD
        }

    def by_sums_of_keys(self, key: bytes) -> Seen:
        """Publish everything by the rule of before: u is the sum of the leaves' keys."""
        keys = np.array(
            [int.from_bytes(hmac.digest(key, "/".join(leaf).encode(), "sha256")[:8], "big") for leaf in self.leaves],
            np.uint64,
        )
        published = rounded(self.seen, self.seen.counts, keys, additive=True)
        return replace(self.seen, published=published, additive=np.ones(len(self.cells), bool))

    def by_sets(self, chance: np.random.Generator) -> Seen:
        """Publish what is told by the set of a cell's leaves, under keys drawn here."""
        keys = chance.integers(0, 1 << 63, len(self.leaves), np.uint64)
        published = rounded(self.seen, self.seen.counts, keys, additive=False)
        return replace(self.seen, published=np.where(self.seen.told, published, UNTOLD))


def rounded(seen: Seen, counts: np.ndarray, keys: np.ndarray, *, additive: bool) -> np.ndarray:
    """Round every cell of these counts by the sum of its leaves' keys, or by what a hash makes of that sum."""
    truth = np.bincount(seen.cell, counts[seen.leaf], len(seen.published)).astype(np.int64)
    sums = np.zeros(len(truth), np.uint64)
    np.add.at(sums, seen.cell, np.where(counts > 0, keys, 0).astype(np.uint64)[seen.leaf])  # modulo 2⁶⁴
    whole, rest = np.divmod(truth, 5)
    up = (sums if additive else _mixed(sums)) / 2.0**64 < rest / 5
    found: np.ndarray = 5 * (whole + up)
    return found


def _mixed(sums: np.ndarray) -> np.ndarray:
    """Return what a hash makes of each: the finaliser of splitmix64 (Steele, Lea and Flood, OOPSLA 2014)."""
    mixed = sums.copy()
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed


def revised(before: Seen, changed: np.ndarray, after: np.ndarray, published: np.ndarray, again: np.ndarray) -> Seen:
    """Return what is seen by who kept the first publication beside its revision.

    Parameters
    ----------
    before
        The first publication.
    changed, after
        The leaves that came out otherwise, and every leaf's count then.
    published, again
        Every cell as it is rounded then, and which are told anew.

    """
    leaves, cells = len(before.counts), len(before.published)
    new = np.arange(leaves)
    new[changed] = leaves + np.arange(changed.sum())
    number = np.full(cells, -1)
    number[again] = cells + np.arange(again.sum())
    pairs = number[before.cell] >= 0
    return replace(
        before,
        counts=np.append(before.counts, after[changed]),
        published=np.append(before.published, published[again]),
        cell=np.append(before.cell, number[before.cell[pairs]]),
        leaf=np.append(before.leaf, new[before.leaf[pairs]]),
        locality=np.append(before.locality, before.locality[changed]),
        kind=np.append(before.kind, before.kind[changed]),
        quarter=np.append(before.quarter, before.quarter[changed]),
        additive=np.append(before.additive, before.additive[again]),
    )


def rebuilt(ask: Ask, year: str) -> Lattice:
    """Ask for everything that is published of a year, one code, one period and one type at a time."""
    quarters = tuple(f"{year}-Q{number}" for number in (1, 2, 3, 4))
    listed = {
        (level, row["areaCode"], period, kind): row
        for level in LEVELS
        for period in (*quarters, year)
        for kind in (*TYPES, None)
        for row in counts(ask, level=level, period=period, type=kind)
    }
    told = {cell: row["count"] for cell, row in listed.items() if row["status"] == "PUBLISHED"}
    returned = {
        (place, period)
        for (level, place, period, _), row in listed.items()
        if level == "LOCALITY" and row["localitiesReporting"]
    }
    places = sorted({(LEVELS.index(level), place) for level, place, *_ in listed})
    localities = [place for level, place in places if LEVELS[level] == "LOCALITY"]
    held: dict[str, list[str]] = defaultdict(list)
    for level, place in places:
        inside = [place]
        if LEVELS[level] != "LOCALITY":
            inside = [row["areaCode"] for row in counts(ask, level="LOCALITY", period=year, area=place)]
        for each in inside:
            held[each].append(place)
    leaves = tuple(
        (place, quarter, kind)
        for place in localities
        for quarter in quarters
        if (place, quarter) in returned
        for kind in TYPES
    )
    counted = {(where, when) for place, quarter in returned for where in held[place] for when in (quarter, year)}
    cells = tuple(
        (LEVELS[level], place, period, kind)
        for level, place in places
        for period in (*quarters, year)
        if (place, period) in counted
        for kind in (*TYPES, None)
    )
    number = {cell[1:]: at for at, cell in enumerate(cells)}
    pairs = [
        (number[where, when, shown], leaf)
        for leaf, (place, quarter, kind) in enumerate(leaves)
        for where in held[place]
        for when in (quarter, year)
        for shown in (kind, None)
    ]
    cell, leaf = np.array(pairs).T
    children = _children(ask)
    points = {row["areaCode"]: row["point"] for row in counts(ask, level="LOCALITY", period=year)}
    at, levels = {place: number for number, (_, place) in enumerate(places)}, {place: level for level, place in places}
    chain = [
        (number, at[where], levels[where])
        for number, place in enumerate(localities)
        for where in held[place]
        if where != place
    ]
    seen = Seen(
        counts=np.zeros(len(leaves), int),
        published=np.array([told.get(each, UNTOLD) for each in cells]),
        cell=cell,
        leaf=leaf,
        locality=np.array([localities.index(place) for place, _, _ in leaves]),
        kind=np.arange(len(leaves)) % len(TYPES),
        quarter=np.array([quarters.index(quarter) for _, quarter, _ in leaves]),
        children=np.array([children[tuple(points[place]["coordinates"])] for place in localities]),
        branch=branches(np.array(chain), len(localities)),
        additive=np.zeros(len(cells), bool),
    )
    return Lattice(year, cells, leaves, seen)


def counts(ask: Ask, **variables: Any) -> list[dict[str, Any]]:
    """Return the counts of all pages, each with the code of its place and, of a locality, its point."""
    rows: list[dict[str, Any]] = []
    after = None
    while True:
        answer = ask(COUNTS, **variables, after=after)
        assert "errors" not in answer, answer
        page = answer["data"]["incidentCounts"]
        for edge in page["edges"]:
            row = edge["node"]
            place = row.pop("area") or row["locality"]
            place = {"areaCode": place["areaCode"], "point": place.get("point")}
            rows.append({name: row[name] for name in ("status", "count", "localitiesReporting")} | place)
        if not page["pageInfo"]["hasNextPage"]:
            return rows
        after = page["pageInfo"]["endCursor"]


def _children(ask: Ask) -> dict[tuple[float, ...], float]:
    """Return how many live at each place; NaN where nobody knows."""
    found: dict[tuple[float, ...], float] = {}
    after = None
    while True:
        page = ask(PEOPLE, after=after)["data"]["localities"]
        for edge in page["edges"]:
            people = edge["node"]["population"]
            found[tuple(edge["node"]["point"]["coordinates"])] = people["under18"] if people else np.nan
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]
