"""The grain at which a year is published: the finest at which the attacks fail.

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
from geo.vocabulary import Grain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from geo.release.check import Findings
    from geo.release.schedule import Due

CANDIDATES = tuple(each for each in Grain if each is not Grain.BY_TYPE)
"""From the finest. BY_TYPE is tried only if somebody names it."""

_RELEASED = """
SELECT DISTINCT ON (quarter) quarter, grain FROM lakana.release
WHERE left(quarter, 4) = :year AND quarter <> ALL(:due) ORDER BY quarter, number DESC
"""


@dataclass(frozen=True)
class Chosen:
    """The grain of each released quarter of a year, and what the attacks found."""

    year: str
    grain: Mapping[str, Grain]
    findings: Findings

    def told(self) -> str:
        """Return a sentence on what was chosen and what the attacks found."""
        grains = ", ".join(dict.fromkeys(self.grain.values()))
        return f"{self.year}: told {grains}; {self.findings.told()}"


def choose(
    connection: Connection,
    year: str,
    due: Sequence[Due],
    wanted: Grain | None = None,
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
        quarter: Grain(grain) for quarter, grain in connection.execute(text(_RELEASED), {"year": year, "due": names})
    }
    kept = released | {each.quarter: Grain(each.grain) for each in due if each.grain}
    free = [each.quarter for each in due if not each.grain]
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


def _refusal(year: str, failed: Sequence[tuple[Grain | None, Findings]]) -> str:
    lines = [f"Nothing was published: at no grain that was tried are the small counts of {year} safe."]
    lines += [f"Told {name}: {found.told()}" if name else found.told() for name, found in failed]
    if len(failed) < len(CANDIDATES) and failed[-1][0]:
        lines.append("Without --grain the finest grain that passes is looked for.")
    return "\n".join(lines)
