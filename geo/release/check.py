"""Attacks on what a release would publish, by an outsider who has kept everything that was ever published.

There are two kinds. Exact inference: integers and keys are propagated through the rounding rule
(:mod:`geo.release.propagation`), and linear programs continue from the result (:mod:`geo.release.differencing`). No
count below 5 may be inferred exactly. The other kind is guessing: :mod:`geo.release.guessing`.

Releases made under the former rule are already public. What they reveal by themselves is no reason to refuse, and their
leaves are not scored; what a new release reveals together with them is a reason.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import text

from geo.progress import Progress, silent
from geo.release.differencing import pinned
from geo.release.guessing import NAMED_AT_MOST, POINTS_AT_MOST, Score, scores
from geo.release.outsider import UNTOLD
from geo.release.outsider_view import Year, year_of
from geo.release.propagation import inferred
from geo.release.sampler import Effort

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from geo.release.differencing import Integers

NAMED = 5
"""How many places the report names for a group of cells."""
EFFORT = Effort(chains=16, sweeps=80, warm_up=120)
"""Within a point of what four times the time finds, measured on the seeds under the former rule and this one."""
MARGIN = 1.0
LONGER = Effort(chains=16, sweeps=320, warm_up=480)
"""For scores within that point of the limit, or with so many leaves close to being named that they would break it."""

_CELLS = """
SELECT p.level::text, period, incident_type::text, coalesce(a.name_fr, l.name_fr) AS name
FROM lakana.published_count p
LEFT JOIN lakana.admin_area a ON a.id = p.area_id
LEFT JOIN lakana.locality l ON l.id = p.locality_id
WHERE p.id = ANY(:rows) ORDER BY p.id
"""


@dataclass(frozen=True)
class Findings:
    """What the attacks on a year found.

    Parameters
    ----------
    pinned
        The published cells below 5 that can be inferred exactly, with level, period, type and name.
    leaves
        How many unpublished leaves below 5 can be inferred exactly.
    scores
        Scores of the guessing attackers; empty if something is pinned, since that is enough to refuse.

    """

    pinned: Sequence[Any] = ()
    leaves: int = 0
    scores: Sequence[Score] = field(default=())

    def passes(self) -> bool:
        """Return whether this may be published."""
        return not self.pinned and not self.leaves and all(each.passes() for each in self.scores)

    def told(self) -> str:
        """Return in words what was found, without any value."""
        if self.pinned or self.leaves:
            return _report(self.pinned, self.leaves)
        return "; ".join(["no count below 5 can be told exactly", *(each.told() for each in self.scores)])


def examine(connection: Connection, year: str, *, progress: Progress = silent) -> Findings:
    """Attack everything that is published of a year in this transaction.

    Examples
    --------
    A year without findings passes.

    >>> Findings().passes()
    True

    """
    known = year_of(connection, year)
    found = exact(known, progress=progress)
    published = found[found < len(known.rows)]
    if len(found):
        rows = connection.execute(text(_CELLS), {"rows": known.rows[published].tolist()}).all()
        return Findings(rows, len(found) - len(published))
    found_likely = scores(known.seen, EFFORT, known.fresh, progress=progress)
    if all(each.passes() for each in found_likely) and any(_is_close(each) for each in found_likely):
        found_likely = scores(known.seen, LONGER, known.fresh, progress=progress)
    return Findings(scores=found_likely)


def _is_close(score: Score) -> bool:
    return score.upper > POINTS_AT_MOST - MARGIN or score.close > NAMED_AT_MOST * score.not_zero


def exact(known: Year, *, progress: Progress = silent) -> Integers:
    """Return the cells below 5 that can be inferred exactly, except those that the former rule alone reveals."""
    seen = known.seen
    found = _exact(known, seen.published, progress)
    if len(found) and seen.additive.any():
        found = np.setdiff1d(found, _exact(known, np.where(seen.additive, seen.published, UNTOLD), silent))
    # A leaf that is published itself is found as its published cell.
    return found[(found < len(known.rows)) | (seen.lattice().same()[found] >= len(known.rows))]


def _exact(known: Year, published: Integers, progress: Progress) -> Integers:
    found = pinned(inferred(known.seen.publishing(published)), progress=progress)
    return found[found < len(published)]


def _report(cells: Sequence[Any], leaves: int) -> str:
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for cell in cells:
        groups[cell.level, cell.period, cell.incident_type or "all types"].append(cell.name)
    lines = []
    for (level, period, kind), names in sorted(groups.items()):
        shown = sorted(set(names))
        more = f" and {len(shown) - NAMED} more" if len(shown) > NAMED else ""
        lines.append(f"  {len(names)} × {level}, {period}, {kind}: {', '.join(shown[:NAMED])}{more}")
    if leaves:
        lines.append(f"  {leaves} × LOCALITY, a quarter, one type, not told themselves")
    many = len(cells) + leaves
    told = "count below 5" if many == 1 else "counts below 5"
    return "\n".join([f"{many} {told} could be worked out exactly from all that would be public:", *lines])
