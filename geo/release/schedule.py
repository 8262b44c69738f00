"""When a quarter may be released: once when it is over, and once more a quarter later if its counts changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from geo.database.owner import sql_file
from geo.errors import BadInput
from geo.notations.quarters import following, is_quarter

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row


@dataclass(frozen=True, slots=True)
class Due:
    """A quarter to be published.

    Parameters
    ----------
    quarter
        As ``2025-Q4``.
    revision
        0 for the first release, 1 for the one revision.
    grain
        The grain of its first release; None if it was never released.

    """

    quarter: str
    revision: int
    grain: str | None


def due(connection: Connection, running: str, quarter: str | None) -> list[Due]:
    """Return what may be published while ``running`` is the current quarter: one quarter, or all due, oldest first.

    Raises
    ------
    BadInput
        If the text is no quarter, or the quarter is not over, has no returns, or was published and has no revision due.

    """
    if quarter is not None and not is_quarter(quarter):
        raise BadInput("quarter", "give a quarter, as 2025-Q4.")
    recorded = {row.quarter: row for row in connection.execute(text(sql_file("release/recorded")))}
    if quarter is not None:
        problem = _not_yet(quarter, running) or (
            _not_due(recorded[quarter], running) if quarter in recorded else "nobody has reported for it."
        )
        if problem:
            raise BadInput("quarter", f"{quarter} cannot be released: {problem}")
    return [
        Due(row.quarter, 0 if row.revision is None else row.revision + 1, row.grain)
        for row in recorded.values()
        if quarter in {None, row.quarter} and not _not_yet(row.quarter, running) and not _not_due(row, running)
    ]


def _first_day(quarter: str) -> str:
    return f"{quarter[:4]}-{3 * int(quarter[-1]) - 2:02}-01"


def _not_yet(quarter: str, running: str) -> str | None:
    if quarter < running:
        return None
    return f"it is not over; it can be from {_first_day(following(quarter))}."


def _not_due(row: Row[Any], running: str) -> str | None:
    """Return why a quarter that is over is not due, None if it is."""
    if row.closed:
        return f"{row.quarter[:4]} was told again as it was, after a restore; nothing more is published of it."
    if row.revision is None:
        return None
    if row.revision > 0:
        return "it was published and revised once; what came after its revision is kept and never published."
    if following(row.quarter) >= running:
        return f"it was published; its one revision can be from {_first_day(following(following(row.quarter)))}."
    return None if row.changed else "it was published, and nothing has changed since."
