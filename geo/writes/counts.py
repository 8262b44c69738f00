"""What localities reported for a quarter: aggregates by type, entered by stewards and read by the release alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, text

from geo import texts
from geo.arguments import Period, RowId, argument, between, check, check_id, quarter
from geo.audience import Caller
from geo.database.tables import locality, release
from geo.errors import BadInput
from geo.notations.quarters import running
from geo.vocabulary import IncidentType
from geo.writes.write import Saved, Write, source_of_direct_entry

MOST_RETURNS = 100
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
    """What a return says of one type."""

    incident_type: IncidentType = argument("The type.")
    reported: Reported = argument("How many the source reports.")

    def row(self) -> dict[str, Any]:
        """Return the row of the count."""
        return {
            "incident_type": self.incident_type.name,
            "count": self.reported.count,
            "censored_below": self.reported.below,
        }


@dataclass(frozen=True, kw_only=True)
class Return:
    """All that a locality reports for a quarter; without counts it says that there was nothing to report."""

    locality_id: RowId = argument("The locality.")
    period: Period = argument("The quarter, 2025-Q4 for example; not to come.")
    counts: tuple[Count, ...] = argument(
        "What was counted, a type once; a type that is not named is zero. Empty: nothing to report.", default=()
    )
    reported_by: str | None = argument("Which body reported it, 1 to 200 characters; never a person.", default=None)

    def row(self) -> dict[str, Any]:
        """Return the row of the return, with those of its counts."""
        return {
            "locality_id": check_id("locality_id", self.locality_id),
            "quarter": self.period,
            "reported_by": None if self.reported_by is None else texts.line("reported_by", self.reported_by),
            "counts": [each.row() for each in self.counts],
        }


@dataclass(frozen=True, kw_only=True)
class RecordIncidentCounts(Write):
    """Enter returns, all or nothing; each replaces the former one whole, unless its quarter has had its revision."""

    returns: tuple[Return, ...] = argument("From 1 to 100 returns.")

    def __post_init__(self) -> None:
        """Check each return and that no two are for one locality and quarter."""
        if not 1 <= len(self.returns) <= MOST_RETURNS:
            raise BadInput("returns", f"{len(self.returns)} returns; give from 1 to {MOST_RETURNS:,}.")
        seen: set[tuple[str, str]] = set()
        for number, each in enumerate(self.returns):
            own = (check_id(f"returns.{number}.locality_id", each.locality_id), each.period)
            _check(f"returns.{number}", each)
            if own in seen:
                raise BadInput(f"returns.{number}", "it is for the same locality and quarter as a return before it.")
            seen.add(own)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Write the returns."""
        self._check_localities(connection)
        self._check_revisions(connection)
        rows = [each.row() for each in self.returns]
        source = source_of_direct_entry(connection)
        written: int = connection.scalar(
            text("SELECT raw.record(CAST(:returns AS jsonb), CAST(:source AS uuid))"),
            {"returns": json.dumps(rows), "source": source},
        )
        return Saved(source, None, written)

    def _check_localities(self, connection: Connection) -> None:
        check_localities(
            connection, {f"returns.{n}.locality_id": each.locality_id for n, each in enumerate(self.returns)}
        )

    def _check_revisions(self, connection: Connection) -> None:
        closed = closed_periods(connection)
        for number, each in enumerate(self.returns):
            for period in {each.period, each.period[:4]} & closed.keys():
                raise BadInput(
                    f"returns.{number}.period", f"{period} {closed[period]}; nothing more is published of it."
                )


def closed_periods(connection: Connection) -> dict[str, str]:
    """Return the quarters and years of which nothing more is published, each with why, as the end of a sentence."""
    found = select(release.c.quarter, release.c.given_back).where(
        (release.c.revision >= LAST_REVISION) | release.c.given_back
    )
    return {
        row.quarter[:4] if row.given_back else row.quarter: (
            "was told again as it was, after a restore" if row.given_back else "has had its revision"
        )
        for row in connection.execute(found)
    }


def check_localities(connection: Connection, given: dict[str, str]) -> None:
    """Refuse ids, by their fields, that are those of no locality."""
    ids = {field: check_id(field, each) for field, each in given.items()}
    known = set(connection.execute(select(locality.c.id).where(locality.c.id.in_({*ids.values()}))).scalars())
    for field, each in ids.items():
        if each not in known:
            raise BadInput(field, "there is no locality of that id; `localities` lists them.")


def _check(field: str, given: Return) -> None:
    quarter(f"{field}.period", given.period)
    if given.period > running():
        raise BadInput(f"{field}.period", f"{given.period} is still to come.")
    if given.reported_by is not None:
        texts.line(f"{field}.reported_by", given.reported_by)
    seen = set()
    for number, each in enumerate(given.counts):
        check(each.reported, f"{field}.counts.{number}.reported")
        if each.incident_type in seen:
            raise BadInput(f"{field}.counts.{number}", f"{each.incident_type.name} comes twice; give each type once.")
        seen.add(each.incident_type)
