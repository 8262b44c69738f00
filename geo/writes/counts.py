"""Raw incident counts: aggregates by locality, quarter and type, entered by stewards and read by the release alone."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, text

from geo.arguments import Period, RowId, argument, between, check, check_id
from geo.audience import Caller
from geo.database.tables import locality, release
from geo.errors import BadInput
from geo.vocabulary import IncidentType
from geo.writes.write import Saved, Write, source_of_direct_entry

QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)
FIRST_YEAR = 1900
MOST_ROWS = 500
MOST_INCIDENTS = 100_000
LAST_REVISION = 1


@dataclass(frozen=True, kw_only=True)
class Reported:
    """How many the source reports: exactly one of these."""

    count: int | None = argument("So many, 0 to 100,000.", between(0, MOST_INCIDENTS), default=None)
    below: int | None = argument(
        "Fewer than so many, 1 to 100,000: the source says no more.", between(1, MOST_INCIDENTS), default=None
    )


@dataclass(frozen=True, kw_only=True)
class Count:
    """One leaf."""

    locality_id: RowId = argument("The locality.")
    period: Period = argument("The quarter, 2025-Q4 for example; not to come.")
    incident_type: IncidentType = argument("The type.")
    reported: Reported = argument("How many the source reports.")

    def row(self) -> dict[str, Any]:
        """Return the row of the leaf."""
        return {
            "locality_id": check_id("locality_id", self.locality_id),
            "quarter": self.period,
            "incident_type": self.incident_type.name,
            "count": self.reported.count,
            "censored_below": self.reported.below,
        }


@dataclass(frozen=True, kw_only=True)
class RecordIncidentCounts(Write):
    """Enter counts, all or nothing; an existing leaf is replaced, unless its quarter has had its revision."""

    counts: tuple[Count, ...] = argument("From 1 to 500 counts.")

    def __post_init__(self) -> None:
        """Check each row and that no two are for one leaf."""
        if not 1 <= len(self.counts) <= MOST_ROWS:
            raise BadInput("counts", f"{len(self.counts)} rows; give from 1 to {MOST_ROWS:,}.")
        seen: set[tuple[str, str, IncidentType]] = set()
        for number, each in enumerate(self.counts):
            leaf = (check_id(f"counts.{number}.locality_id", each.locality_id), each.period, each.incident_type)
            _check(f"counts.{number}", each)
            if leaf in seen:
                raise BadInput(f"counts.{number}", "it is for the same locality, quarter and type as a row before it.")
            seen.add(leaf)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Write the rows."""
        self._check_localities(connection)
        self._check_revisions(connection)
        rows = [each.row() for each in self.counts]
        source = source_of_direct_entry(connection)
        written: int = connection.scalar(
            text("SELECT raw.record(CAST(:counts AS jsonb), CAST(:source AS uuid))"),
            {"counts": json.dumps(rows), "source": source},
        )
        return Saved(source, None, written)

    def _check_localities(self, connection: Connection) -> None:
        wanted = {check_id("locality_id", each.locality_id) for each in self.counts}
        known = set(connection.execute(select(locality.c.id).where(locality.c.id.in_(wanted))).scalars())
        for number, each in enumerate(self.counts):
            if check_id("locality_id", each.locality_id) not in known:
                raise BadInput(
                    f"counts.{number}.locality_id", "there is no locality of that id; `localities` lists them."
                )

    def _check_revisions(self, connection: Connection) -> None:
        found = select(release.c.quarter, release.c.given_back).where(
            (release.c.revision >= LAST_REVISION) | release.c.given_back
        )
        closed = {
            row.quarter[:4] if row.given_back else row.quarter: (
                "was told again as it was, after a restore" if row.given_back else "has had its revision"
            )
            for row in connection.execute(found)
        }
        for number, each in enumerate(self.counts):
            for period in {each.period, each.period[:4]} & closed.keys():
                raise BadInput(
                    f"counts.{number}.period", f"{period} {closed[period]}; nothing more is published of it."
                )


def _check(field: str, row: Count) -> None:
    found: Any = QUARTER.fullmatch(row.period)
    if not found:
        raise BadInput(f"{field}.period", "give a quarter, 2025-Q4 for example.")
    if int(found[1]) < FIRST_YEAR:
        raise BadInput(f"{field}.period", f"{row.period} is too long ago.")
    today = dt.datetime.now(dt.UTC).date()
    if (int(found[1]), int(found[2])) > (today.year, (today.month + 2) // 3):
        raise BadInput(f"{field}.period", f"{row.period} is still to come.")
    check(row.reported, f"{field}.reported")
