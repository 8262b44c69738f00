"""The grain at which the localities of a year are published: the finest at which the attacks fail.

A grain that passes for one country's counts may fail for another's. So each release is published inside its transaction
at one grain after the other, the finest first. There it is attacked together with everything that was ever published of
the year, and rolled back if an attack succeeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

from geo.errors import TooRevealing
from geo.progress import Progress, silent
from geo.release import cells, check
from geo.vocabulary import Localities

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from geo.release.check import Findings
    from geo.release.schedule import Due

CANDIDATES = (Localities.TYPES_BY_YEAR, Localities.YEARS, Localities.ALL_TYPES, Localities.YEARS_ALL_TYPES)
"""From the finest. Quarters are published by type only if somebody asks for that grain by name and it passes."""

_RELEASED = """
SELECT DISTINCT ON (quarter) quarter, localities FROM lakana.release
WHERE left(quarter, 4) = :year AND quarter <> ALL(:due) ORDER BY quarter, number DESC
"""


@dataclass(frozen=True)
class Chosen:
    """The grain of each released quarter of a year, and what the attacks found."""

    year: str
    grain: Mapping[str, Localities]
    findings: Findings

    def told(self) -> str:
        """Return a sentence on what was chosen and what the attacks found."""
        grains = ", ".join(dict.fromkeys(self.grain.values()))
        return f"{self.year}: localities told {grains}; {self.findings.told()}"


def choose(
    connection: Connection,
    year: str,
    due: Sequence[Due],
    wanted: Localities | None = None,
    *,
    progress: Progress = silent,
) -> Chosen:
    """Publish the due quarters of a year at the finest grain that passes.

    Parameters
    ----------
    connection
        After :func:`geo.release.cells.round_cells`, in the transaction of the release.
    year
        As ``2025``.
    due
        Its quarters that are released now. A revision keeps the grain of its quarter's first release.
    wanted
        The one grain to try, or all of ``CANDIDATES``.

    Raises
    ------
    TooRevealing
        Where none passes. The text names levels, periods, types and places, and never a value.

    """
    names = [each.quarter for each in due]
    released = {
        quarter: Localities(localities)
        for quarter, localities in connection.execute(text(_RELEASED), {"year": year, "due": names})
    }
    kept = released | {each.quarter: Localities(each.localities) for each in due if each.localities}
    free = [each.quarter for each in due if not each.localities]
    failed = []
    for candidate in [wanted] if wanted else CANDIDATES if free else CANDIDATES[:1]:
        grain = kept | dict.fromkeys(free, candidate)
        with connection.begin_nested() as tried:
            cells.publish(connection, year, grain)
            findings = check.examine(connection, year, progress=progress)
            if findings.passes():
                return Chosen(year, dict(sorted(grain.items())), findings)
            tried.rollback()
        failed.append((candidate if free else None, findings))
    raise TooRevealing(_refusal(year, failed))


def _refusal(year: str, failed: Sequence[tuple[Localities | None, Findings]]) -> str:
    lines = [f"Nothing was published: at no grain that was tried are the small counts of {year} safe."]
    lines += [f"Localities told {name}: {found.told()}" if name else found.told() for name, found in failed]
    if len(failed) < len(CANDIDATES) and failed[-1][0]:
        lines.append("Without --localities the finest grain that passes is looked for.")
    return "\n".join(lines)
