"""Who is expected to report: the list that a steward keeps, from and until which quarter.

It begins with all who ever reported, so that silence is never taken for completeness.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from geo.arguments import Period, RowId, argument, check_id, quarter
from geo.audience import Caller
from geo.database.tables import expected_reporter
from geo.errors import BadInput
from geo.notations.quarters import preceding
from geo.writes.counts import check_localities
from geo.writes.write import Saved, Write, hold_reporters

MOST_LOCALITIES = 500


@dataclass(frozen=True, kw_only=True)
class SetExpectedReporters(Write):
    """Say of some localities whether they are expected to report from a quarter on; what was before stays."""

    locality_ids: tuple[RowId, ...] = argument("The localities, 1 to 500, no one twice.")
    from_period: Period = argument(
        "The first quarter that this holds for, 2025-Q4 for example, 1900 to 2099; it may be to come."
    )
    expected: bool = argument(
        "Whether they are expected from then on; false ends it with the quarter before.", default=True
    )

    def __post_init__(self) -> None:
        """Check the list and the quarter."""
        if not 1 <= len(self.locality_ids) <= MOST_LOCALITIES:
            raise BadInput("locality_ids", f"{len(self.locality_ids)} are outside 1 to {MOST_LOCALITIES}.")
        if len(set(self._ids())) < len(self.locality_ids):
            raise BadInput("locality_ids", "one of them comes twice; give each once.")
        quarter("from_period", self.from_period)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Replace what the list says of them from that quarter on."""
        hold_reporters(connection)
        check_localities(connection, {f"locality_ids.{n}": each for n, each in enumerate(self.locality_ids)})
        connection.execute(select(func.raw.expect_reporters()))
        own = expected_reporter.c
        theirs = own.locality_id.in_(self._ids())
        connection.execute(delete(expected_reporter).where(theirs, own.from_quarter >= self.from_period))
        still = or_(own.to_quarter.is_(None), own.to_quarter >= self.from_period)
        ended = update(expected_reporter).values(to_quarter=preceding(self.from_period))
        connection.execute(ended.where(theirs, still))
        if self.expected:
            rows = [{"locality_id": each, "from_quarter": self.from_period} for each in self._ids()]
            connection.execute(insert(expected_reporter), rows)
        return Saved(self._ids()[0], None, len(self.locality_ids))

    def _ids(self) -> list[str]:
        return [check_id(f"locality_ids.{number}", each) for number, each in enumerate(self.locality_ids)]
