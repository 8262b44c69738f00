"""The release: raw incident counts become published ones, by cell-key rounding to base 5 on a fixed lattice.

Each leaf (locality, quarter, type) that is not zero has a key, the first 64 bits of HMAC-SHA256(K, leaf id). A cell
adds up the counts x and the keys of its leaves; with u = (Σ keys mod 2⁶⁴) / 2⁶⁴ it is published as 5⌊x/5⌋, plus 5 if
u < (x mod 5)/5. That is right on average and off by at most 4, and the same cell always gets the same answer.

Source: the cell key method of the Australian Bureau of Statistics (Fraser and Wooton, 2005), here with keys that nobody
can compute without K.
"""

from __future__ import annotations

import hmac
import io
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, text

from geo.database import owner_transaction, sql_file
from geo.errors import SetupError
from geo.progress import Progress, silent
from geo.tables import release_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

KEY_BYTES = 8

_LEAVES = """
SELECT r.locality_id, l.scheme || ':' || l.code, r.quarter, r.incident_type,
       -- Known only to lie below a bound: the middle of what it can be, never zero.
       coalesce(r.count, (r.censored_below + 1) / 2)
FROM raw.incident_count r JOIN lakana.locality l ON l.id = r.locality_id
WHERE make_date(left(r.quarter, 4)::int, 3 * right(r.quarter, 1)::int - 2, 1) + interval '3 months' <= current_date
"""
"""Every leaf of the quarters that are over."""

_LEAF_TABLE = """
CREATE TEMPORARY TABLE leaf (
  locality_id uuid, quarter text, incident_type lakana.incident_type, count int, key numeric,
  PRIMARY KEY (locality_id, quarter, incident_type)
) ON COMMIT DROP
"""

_DUE = """
WITH known AS (
  SELECT quarter, max(revision) AS revision FROM lakana.release GROUP BY quarter
)
SELECT q.quarter, coalesce(k.revision + 1, 0) AS revision
FROM (SELECT DISTINCT quarter FROM leaf) q LEFT JOIN known k USING (quarter)
WHERE k.revision IS NULL
   OR k.revision = 0
      AND make_date(left(quarter, 4)::int, 3 * right(quarter, 1)::int - 2, 1) + interval '6 months' <= current_date
      AND EXISTS (
        SELECT level, area_id, locality_id, incident_type, count FROM cell WHERE period = quarter
        EXCEPT
        SELECT level, area_id, locality_id, incident_type, count FROM lakana.published_count
        WHERE current AND period = quarter)
ORDER BY quarter
"""
"""A quarter is published when it is over, and once more, where it came out otherwise, when the next one is over too."""

_AWAITED = "SELECT EXISTS (SELECT FROM raw.incident_count) AND NOT EXISTS (SELECT FROM lakana.release)"

_PUBLISH = """
WITH told AS (  -- of a period's sources the illustrative one first: what holds any of it is illustrative
  SELECT DISTINCT ON (period) period, s.id AS source_id
  FROM raw.incident_count r
  JOIN lakana.source s ON s.id = r.source_id
  CROSS JOIN LATERAL (VALUES (r.quarter), (left(r.quarter, 4))) AS p(period)
  WHERE period = ANY(:periods)
  ORDER BY period, s.illustrative DESC, s.key
), number AS (
  SELECT p.period, max(r.number) AS release_number
  FROM unnest(CAST(:periods AS text[])) AS p(period) JOIN lakana.release r ON starts_with(r.quarter, p.period)
  GROUP BY p.period
)
INSERT INTO lakana.published_count
  (release_number, current, level, area_id, locality_id, period, incident_type, count, source_id)
SELECT release_number, true, level, area_id, locality_id, period, incident_type, count, source_id
FROM cell JOIN told USING (period) JOIN number USING (period)
"""


def release(url: str, key: bytes, *, progress: Progress = silent) -> list[str]:
    """Publish every quarter that is due, with the years that it completes, all or nothing.

    Parameters
    ----------
    url
        The owner's address: no audience reads raw counts.
    key
        K, at least 32 secret bytes that never change: under another key the same counts round otherwise.
    progress
        Told of each step.

    Raises
    ------
    SetupError
        Where an earlier release used another key.

    Returns
    -------
    list of str
        The quarters published, as ``2025-Q4``, the oldest first; empty where nothing is due. What was published
        before stays in the database, no longer current.

    """
    with owner_transaction(url) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('lakana.release'))"))
        _check_key(connection, key)
        progress("counts", 0, 3)
        _copy_leaves(connection, key)
        progress("counts", 1, 3)
        connection.exec_driver_sql(sql_file("cells"))
        progress("counts", 2, 3)
        due = {row.quarter: row.revision for row in connection.execute(text(_DUE))}
        if due:
            _publish(connection, due)
        progress("counts", 3, 3)
    return list(due)


def is_awaited(url: str) -> bool:
    """Say whether there are raw counts and nothing was ever released."""
    with owner_transaction(url) as connection:
        return bool(connection.scalar(text(_AWAITED)))


def leaf_key(key: bytes, leaf: str) -> int:
    """Give the key of a leaf, a whole number below 2⁶⁴.

    Examples
    --------
    >>> leaf_key(b"k" * 32, "ML:1/2025-Q4/TRAFFICKING") < 2**64
    True

    """
    return int.from_bytes(hmac.digest(key, leaf.encode(), "sha256")[:KEY_BYTES], "big")


def _check_key(connection: Connection, key: bytes) -> None:
    """Refuse another key than the first release's: two roundings of the same counts tell more than one."""
    fingerprint = hmac.digest(key, b"fingerprint", "sha256").hex()
    known = connection.execute(select(release_key.c.fingerprint)).scalar()
    if known is None:
        connection.execute(insert(release_key), {"fingerprint": fingerprint})
    elif known != fingerprint:
        raise SetupError(
            "The counts of this database were released under another key; give that one: the file release.key of the "
            "data folder it was released from, or LAKANA_RELEASE_KEY."
        )


def _copy_leaves(connection: Connection, key: bytes) -> None:
    rows = connection.execute(text(_LEAVES).execution_options(stream_results=True))
    connection.execute(text(_LEAF_TABLE))
    cursor: Any = connection.connection.cursor()
    lines = io.StringIO()
    lines.writelines(_lines(rows, key))
    lines.seek(0)
    cursor.copy_expert("COPY leaf FROM STDIN", lines)
    cursor.execute("ANALYZE leaf")


def _lines(rows: Any, key: bytes) -> Iterator[str]:
    for locality_id, code, quarter, incident_type, count in rows:
        number = leaf_key(key, f"{code}/{quarter}/{incident_type}") if count else 0
        yield f"{locality_id}\t{quarter}\t{incident_type}\t{count}\t{number}\n"


def _publish(connection: Connection, due: dict[str, int]) -> None:
    connection.execute(
        text("INSERT INTO lakana.release (quarter, revision) VALUES (:quarter, :revision)"),
        [{"quarter": quarter, "revision": revision} for quarter, revision in due.items()],
    )
    periods = {"periods": sorted({*due, *(quarter[:4] for quarter in due)})}
    connection.execute(
        text("UPDATE lakana.published_count SET current = false WHERE current AND period = ANY(:periods)"), periods
    )
    connection.execute(text(_PUBLISH), periods)
