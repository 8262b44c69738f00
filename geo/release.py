"""The release: raw incident counts become published ones, by cell-key rounding to base 5 on a fixed lattice.

Each leaf (locality, quarter, type) that is not zero has a key, the first 64 bits of HMAC-SHA256(K, leaf id). A cell
adds up the counts x and the keys of its leaves; with u = (Σ keys mod 2⁶⁴) / 2⁶⁴ it is published as 5⌊x/5⌋, plus 5 if
u < (x mod 5)/5. That is right on average and off by at most 4, and the same cell always gets the same answer.

A release keeps its leaves: a year is made of its quarters as they were released, so that a change that comes after a
quarter's one revision shows nowhere. What would be published is held against :mod:`geo.release_check` first.

Source: the cell key method of the Australian Bureau of Statistics (Fraser and Wooton, 2005), here with keys that nobody
can compute without K.
"""

from __future__ import annotations

import datetime as dt
import hmac
import io
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, text

from geo import release_check, release_schedule, release_trainings
from geo.database import owner_transaction, sql_file
from geo.errors import BadInput, SetupError
from geo.progress import Progress, silent
from geo.tables import release as release_table
from geo.tables import release_key
from geo.vocabulary import Localities

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

KEY_BYTES = 8


_LEAVES = """
SELECT quarter, localities, locality_id, l.scheme || ':' || l.code, incident_type, count
FROM (
  SELECT DISTINCT ON (quarter) quarter, localities, number AS release_number FROM lakana.release
  WHERE left(quarter, 4) = ANY(:years) ORDER BY quarter, number DESC
) r JOIN raw.released_count USING (release_number) JOIN lakana.locality l ON l.id = locality_id
"""
"""Every leaf of these years as it was last released."""

_LEAF_TABLE = """
CREATE TEMPORARY TABLE leaf (
  quarter text, localities text, locality_id uuid, incident_type lakana.incident_type, count int, key numeric
) ON COMMIT DROP
"""

_AWAITED = "SELECT EXISTS (SELECT FROM raw.incident_count) AND NOT EXISTS (SELECT FROM lakana.release)"

_PUBLISH = """
WITH told AS (  -- of a period's sources the illustrative one first: what holds any of it is illustrative
  SELECT DISTINCT ON (period) period, s.id AS source_id
  FROM raw.incident_count r
  JOIN lakana.source s ON s.id = r.source_id
  CROSS JOIN LATERAL (VALUES (r.quarter), (left(r.quarter, 4))) AS p(period)
  ORDER BY period, s.illustrative DESC, s.key
), number AS (
  SELECT p.period, max(r.number) AS release_number
  FROM (SELECT DISTINCT period FROM cell) p JOIN lakana.release r ON starts_with(r.quarter, p.period)
  GROUP BY p.period
)
INSERT INTO lakana.published_count
  (release_number, current, level, area_id, locality_id, period, incident_type, count, source_id)
SELECT release_number, true, level, area_id, locality_id, period, incident_type, count, source_id
FROM cell JOIN told USING (period) JOIN number USING (period)
"""

_OUTDATE = """
UPDATE lakana.published_count SET current = false WHERE current AND period IN (SELECT DISTINCT period FROM cell)
"""


def release(
    url: str,
    key: bytes,
    quarter: str | None = None,
    *,
    localities: Localities | None = None,
    progress: Progress = silent,
) -> list[str]:
    """Publish a quarter, or every quarter that is due, with the years that are whole with them, all or nothing.

    Parameters
    ----------
    url
        The owner's address: no audience reads raw counts.
    key
        K, at least 32 secret bytes that never change: under another key the same counts round otherwise.
    quarter
        As ``2025-Q4``; without it, every quarter that is due.
    localities
        How finely localities are told, by default by type; a revision keeps what its quarter began with.
    progress
        Told of each step.

    Raises
    ------
    SetupError
        Where an earlier release used another key.
    BadInput
        Where the quarter cannot be published; the sentence says why and from when it can.
    TooRevealing
        Where a count below 5 could be worked out from what would be published; then nothing is.

    Returns
    -------
    list of str
        The quarters published, the oldest first; empty where nothing is due. What was published before stays in the
        database, no longer current.

    """
    with owner_transaction(url) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('lakana.release'))"))
        _keep_key(connection, key)
        release_trainings.publish(connection, partial(leaf_key, key))
        running = release_schedule.quarter_of(_today(connection))
        due = release_schedule.due(connection, running, quarter)
        if due:
            progress("counts", 0, 3)
            newest = _freeze(connection, due, localities, running)
            years = sorted({each.quarter[:4] for each in due})
            _copy_leaves(connection, key, years)
            progress("counts", 1, 3)
            quarters = [each.quarter for each in due]
            connection.execute(text(sql_file("cells")), {"due": quarters, "newest": newest})
            progress("counts", 2, 3)
            connection.execute(text(_OUTDATE))
            connection.execute(text(_PUBLISH))
            release_check.check(connection, years, progress=progress)
            progress("counts", 3, 3)
    return [each.quarter for each in due]


def is_awaited(url: str) -> bool:
    """Say whether there are raw counts and nothing was ever released."""
    with owner_transaction(url) as connection:
        return bool(connection.scalar(text(_AWAITED)))


def knows_key(url: str, key: bytes) -> bool:
    """Say whether the counts of this database were released under this key, or none were yet."""
    with owner_transaction(url) as connection:
        return connection.scalar(select(release_key.c.fingerprint)) in {None, _fingerprint(key)}


def leaf_key(key: bytes, leaf: str) -> int:
    """Give the key of a leaf, a whole number below 2⁶⁴.

    Examples
    --------
    >>> leaf_key(b"k" * 32, "ML:1/2025-Q4/TRAFFICKING") < 2**64
    True

    """
    return int.from_bytes(hmac.digest(key, leaf.encode(), "sha256")[:KEY_BYTES], "big")


def _fingerprint(key: bytes) -> str:
    return hmac.digest(key, b"fingerprint", "sha256").hex()


def _today(connection: Connection) -> dt.date:
    today: dt.date = connection.execute(text("SELECT current_date")).scalar_one()
    return today


def _keep_key(connection: Connection, key: bytes) -> None:
    """Refuse another key than the first release's: two roundings of the same counts tell more than one."""
    known = connection.execute(select(release_key.c.fingerprint)).scalar()
    if known is None:
        connection.execute(insert(release_key), {"fingerprint": _fingerprint(key)})
    elif known != _fingerprint(key):
        raise SetupError(
            "The counts of this database were released under another key; give that one: the file release.key of the "
            "data folder it was released from, or LAKANA_RELEASE_KEY."
        )


def _freeze(
    connection: Connection, due: list[release_schedule.Due], localities: Localities | None, running: str
) -> int:
    """Enter the releases, keep their leaves, and give the newest number."""
    numbers = []
    for each in due:
        if each.localities is not None and localities not in {None, each.localities}:
            raise BadInput("localities", f"the localities of {each.quarter} are told {each.localities} for ever.")
        chosen = each.localities or localities or Localities.BY_TYPE
        values = {"quarter": each.quarter, "revision": each.revision, "localities": chosen}
        numbers.append(connection.execute(insert(release_table).returning(release_table.c.number), values).scalar_one())
    connection.execute(text(sql_file("freeze")), {"numbers": numbers, "running": running})
    return int(numbers[-1])


def _copy_leaves(connection: Connection, key: bytes, years: list[str]) -> None:
    rows = connection.execute(text(_LEAVES).execution_options(stream_results=True), {"years": years})
    connection.execute(text(_LEAF_TABLE))
    cursor: Any = connection.connection.cursor()
    lines = io.StringIO()
    lines.writelines(_lines(rows, key))
    lines.seek(0)
    cursor.copy_expert("COPY leaf FROM STDIN", lines)
    cursor.execute("ANALYZE leaf")


def _lines(rows: Any, key: bytes) -> Iterator[str]:
    for quarter, localities, locality_id, code, incident_type, count in rows:
        number = leaf_key(key, f"{code}/{quarter}/{incident_type}") if count else 0
        yield f"{quarter}\t{localities}\t{locality_id}\t{incident_type}\t{count}\t{number}\n"
