"""What an outsider sees of a year, and whether small counts can be worked out from it.

The outsider has kept everything that was ever published of the year: all levels, types, quarters, the year itself, and
first publications beside their revisions. Taken for granted in the outsider's favour: which leaves a revision changed
(so what did not change is one unknown in both), which localities report, and how the rounding works. Not taken for
granted: any raw count, and K. Years have no leaf in common, so each is checked by itself.

A linear program knows no whole numbers: what it calls free could, in theory, still be pinned by integer reasoning. And
it is about certainty: a guess that is only likely is measured by the tests, not refused here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import text

from geo.cell_key import OFF_BY
from geo.differencing import Lattice, pinned
from geo.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

NAMED = 5
"""How many places of a group of cells the report names."""

_LEAVES = """
SELECT r.number, r.quarter, c.locality_id, c.incident_type, c.count
FROM lakana.release r JOIN raw.released_count c ON c.release_number = r.number
WHERE left(r.quarter, 4) = :year
"""
_AREAS = """
SELECT release_number, locality_id, area_id FROM raw.released_area
WHERE release_number IN (SELECT number FROM lakana.release WHERE left(quarter, 4) = :year)
"""
_CELLS = """
SELECT release_number, period, coalesce(p.area_id, p.locality_id) AS place, incident_type, count,
       p.level::text, coalesce(a.name_fr, l.name_fr) AS name, r.rounding
FROM lakana.published_count p
JOIN lakana.release r ON r.number = p.release_number
LEFT JOIN lakana.admin_area a ON a.id = p.area_id
LEFT JOIN lakana.locality l ON l.id = p.locality_id
WHERE left(period, 4) = :year
ORDER BY p.id
"""


@dataclass(frozen=True)
class Findings:
    """What the attackers make of a year.

    Parameters
    ----------
    pinned
        The cells below 5 that they can tell exactly, without those that what was released under the rule of before
        tells.

    """

    pinned: Sequence[Any]

    def passes(self) -> bool:
        """Say whether this may be published."""
        return not self.pinned

    def told(self) -> str:
        """Say what was found, and never a value."""
        return _report(self.pinned) if self.pinned else "no count below 5 can be told exactly"


def examine(connection: Connection, year: str, *, progress: Progress = silent) -> Findings:
    """Attack everything that is published of a year in this transaction, as whoever kept all of it would."""
    cells, lattice = seen(connection, year)
    found = set(pinned(lattice, progress=progress).tolist())
    old = np.array([row.rounding == "sum-of-keys" for row in cells])
    if found and old.any():
        found -= set(
            pinned(lattice.without(~old)).tolist()
        )  # these are out: nothing that is refused now takes them back
    return Findings([cells[number] for number in sorted(found)])


def seen(connection: Connection, year: str) -> tuple[Sequence[Any], Lattice]:
    """Give the cells that were ever published of a year, and what they say of its leaves.

    A leaf that a revision changed is two leaves, before and after.
    """
    versions: dict[str, list[int]] = defaultdict(list)
    counted: dict[int, list[Any]] = defaultdict(list)
    numbers: dict[tuple[Any, ...], int] = {}
    for row in connection.execute(text(_LEAVES), {"year": year}):
        if row.number not in versions[row.quarter]:
            versions[row.quarter].append(row.number)
        number = numbers.setdefault((row.locality_id, row.quarter, row.incident_type, row.count), len(numbers))
        counted[row.number].append((row.locality_id, row.incident_type, number))
    places: dict[tuple[int, Any], list[Any]] = defaultdict(list)
    for row in connection.execute(text(_AREAS), {"year": year}):
        places[row.release_number, row.locality_id].append(row.area_id)
    rows = connection.execute(text(_CELLS), {"year": year}).all()
    index = {(row.release_number, row.period, row.place, row.incident_type): i for i, row in enumerate(rows)}
    pairs = [
        (cell, leaf)
        for release, period in {(row.release_number, row.period) for row in rows}
        for quarter, known in versions.items()
        if quarter.startswith(period) and min(known) <= release
        for locality, kind, leaf in counted[max(number for number in known if number <= release)]
        for place in (locality, *places[release, locality])
        for shown in (kind, None)
        if (cell := index.get((release, period, place, shown))) is not None
    ]
    return rows, _lattice(rows, np.array([count for *_, count in numbers]), np.array(pairs).reshape(-1, 2))


def _lattice(rows: Sequence[Any], counts: Any, pairs: Any) -> Lattice:
    published = np.array([row.count for row in rows])
    low, high = np.maximum(published - OFF_BY, 0), published + OFF_BY
    lattice = Lattice(counts, low, high, *pairs.T)
    # Of a release from before leaves were kept not all may be known any more: such a cell is about other leaves.
    truth = lattice.truth()
    unknown = (truth < low) | (truth > high)
    return Lattice(counts, np.where(unknown, 0, low), np.where(unknown, np.iinfo(np.int32).max, high), *pairs.T)


def _report(cells: Sequence[Any]) -> str:
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for cell in cells:
        groups[cell.level, cell.period, cell.incident_type or "all types"].append(cell.name)
    lines = []
    for (level, period, kind), names in sorted(groups.items()):
        shown = sorted(set(names))
        more = f" and {len(shown) - NAMED} more" if len(shown) > NAMED else ""
        lines.append(f"  {len(names)} × {level}, {period}, {kind}: {', '.join(shown[:NAMED])}{more}")
    told = "count below 5" if len(cells) == 1 else "counts below 5"
    return "\n".join(
        [
            f"{len(cells)} {told} could be worked out exactly from all that would be public:",
            *lines,
        ]
    )
