"""Everything that was ever published of a year, read from the database as :class:`geo.release.outsider.Seen`."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import text

from geo.database.owner import sql_file
from geo.release.outsider import UNTOLD, Seen, branches
from geo.vocabulary import IncidentType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from geo.release.differencing import Integers, Mask

KINDS = len(IncidentType)
_RELEASES = "SELECT number, quarter, rounding FROM lakana.release WHERE left(quarter, 4) = :year ORDER BY number"
_DROP = "DROP TABLE IF EXISTS pg_temp.seen_release, pg_temp.seen_locality, pg_temp.seen_area"
_CHILDREN = """
SELECT s.locality, coalesce(l.under_18, -1) FROM seen_locality s JOIN lakana.locality l ON l.id = s.locality_id
ORDER BY 1
"""


@dataclass(frozen=True)
class Year:
    """An outsider's view of a year, and the rows of ``published_count`` that are its first cells.

    Parameters
    ----------
    seen
        The published cells come first, then each leaf by itself, published or not.
    rows
        The id of each published cell.
    fresh
        The leaves that no release under the former rule counts; everything about the others is out already.

    """

    seen: Seen
    rows: Integers
    fresh: Mask


def year_of(connection: Connection, year: str) -> Year:
    """Return everything ever published of a year; a leaf that a revision changed counts as two, before and after."""
    releases = connection.execute(text(_RELEASES), {"year": year}).all()
    connection.execute(text(_DROP))
    for statement in sql_file("release/seen").split(";"):
        connection.execute(text(statement), {"year": year})
    leaf, area, told = (_fetched(connection, sql_file(f"release/seen_{rows}")) for rows in ("leaf", "area", "told"))
    children = _fetched(connection, _CHILDREN)[:, 1].astype(float)
    leaves = _Leaves([(row.number, int(row.quarter[-1])) for row in releases], leaf)
    cells, pairs = _pairs(told, leaves, area, len(children))
    many = len(leaves.counts)
    newest = area[area[:, 0] == area[:, 0].max()] if len(area) else np.zeros((0, 4), np.int64)
    seen = Seen(
        counts=leaves.counts,
        published=np.append(told[:, 6], np.full(many, UNTOLD)),
        cell=np.append(cells, len(told) + np.arange(many)),
        leaf=np.append(pairs, np.arange(many)),
        locality=leaves.locality,
        kind=leaves.kind,
        quarter=leaves.quarter - 1,
        children=np.where(children < 0, np.nan, children),
        branch=branches(newest[:, 1:], len(children)),
        additive=np.append(np.isin(told[:, 1], _old(releases)), np.zeros(many, bool)),
    )
    out = np.zeros(many, bool)
    for number in _old(releases):
        out[leaves.of[number]] = True
    return Year(seen, told[:, 0], ~out)


def _old(releases: Sequence[Any]) -> list[int]:
    return [row.number for row in releases if row.rounding == "sum-of-keys"]


def _fetched(connection: Connection, query: str) -> Integers:
    """Return rows of integers from the database."""
    written = io.StringIO()
    cursor: Any = connection.connection.cursor()
    cursor.copy_expert(f"COPY ({query}) TO STDOUT", written)
    written.seek(0)
    if not written.read(1):
        return np.zeros((0, 8), np.int64)
    written.seek(0)
    found: Integers = np.loadtxt(written, dtype=np.int64, delimiter="\t", ndmin=2)
    return found


class _Leaves:
    """The leaves of all releases: if successive releases of a quarter count a leaf alike, it is the same leaf."""

    def __init__(self, releases: list[tuple[int, int]], rows: Integers) -> None:
        self.quarters = dict(releases)
        self.of: dict[int, Integers] = {}
        """For each release the numbers of its leaves, in the order of locality and kind."""
        self.rows: dict[int, Integers] = {}
        found: list[Integers] = []
        quarters: list[Integers] = []
        known: dict[int, tuple[Integers, Integers, Integers]] = {}
        many = 0
        for number, quarter in releases:
            own = rows[rows[:, 0] == number]
            where, counts = own[:, 1] * KINDS + own[:, 2], own[:, 3]
            numbers = np.full(len(own), -1)
            if quarter in known and len(known[quarter][0]):
                before, its_counts, its_numbers = known[quarter]
                at = np.clip(np.searchsorted(before, where), 0, len(before) - 1)
                same = (before[at] == where) & (its_counts[at] == counts)
                numbers[same] = its_numbers[at[same]]
            new = numbers < 0
            numbers[new] = many + np.arange(new.sum())
            many += int(new.sum())
            found.append(own[new])
            quarters.append(np.full(new.sum(), quarter))
            known[quarter] = where, counts, numbers
            self.of[number], self.rows[number] = numbers, own
        every = np.concatenate(found) if found else rows[:0]
        self.locality, self.kind, self.counts = every[:, 1], every[:, 2], every[:, 3]
        self.quarter = np.concatenate(quarters) if quarters else np.zeros(0, np.int64)

    def then(self, release: int, quarter: int) -> int | None:
        """Return the release whose leaves a quarter had when another release was made."""
        made = [number for number, its in self.quarters.items() if its == quarter and number <= release]
        return max(made) if made else None


def _pairs(told: Integers, leaves: _Leaves, area: Integers, localities: int) -> tuple[Integers, Integers]:
    """Return pairs of a published cell and a leaf that it counts, as two columns."""
    places = localities + (int(area[:, 2].max()) + 1 if len(area) else 0)
    place = np.where(told[:, 3] >= 0, told[:, 3], localities + told[:, 4])
    found: list[tuple[Integers, Integers]] = []
    for release in np.unique(told[:, 1]).tolist():
        its_areas = area[area[:, 0] == release]
        for period in np.unique(told[told[:, 1] == release, 2]).tolist():
            cells = np.flatnonzero((told[:, 1] == release) & (told[:, 2] == period))
            index = np.full((places, KINDS + 1), -1)
            index[place[cells], told[cells, 5] + 1] = cells
            for quarter in [period] if period else [1, 2, 3, 4]:
                version = leaves.then(release, quarter)
                if version is None:
                    continue
                rows, numbers = leaves.rows[version], leaves.of[version]
                order = np.argsort(rows[:, 1], kind="stable")
                starts = np.searchsorted(rows[order, 1], np.arange(localities + 1))
                own = np.arange(localities)
                where = np.append(own, localities + its_areas[:, 2])
                held = np.append(own, its_areas[:, 1])
                for at in range(int(np.diff(starts).max(initial=0))):
                    has = starts[held] + at < starts[held + 1]
                    row = order[np.minimum(starts[held] + at, len(order) - 1)][has]
                    for kind in (rows[row, 2] + 1, np.zeros(len(row), np.int64)):
                        cell = index[where[has], kind]
                        found.append((cell[cell >= 0], numbers[row][cell >= 0]))
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate([one for one, _ in found]), np.concatenate([two for _, two in found])
