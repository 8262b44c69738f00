"""Illustrative counts are taken out again, with all that was released of them.

Everybody can compute illustrative counts, so what was published of them tells how the release key rounds: the key is
spent, and nothing else is ever rounded by it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from geo.database.owner import sql_file
from geo.errors import SetupError
from geo.release import record

if TYPE_CHECKING:
    from sqlalchemy import Connection

_MIXED = """
SELECT DISTINCT r.quarter FROM lakana.release r
JOIN raw.incident_return i USING (quarter) JOIN lakana.source s ON s.id = i.source_id
WHERE NOT s.illustrative ORDER BY r.quarter
"""


def remove_illustrative(connection: Connection, data_dir: Path) -> int:
    """Remove illustrative returns, their counts, and every release; return how many returns there were.

    Whoever removes the rest, trainings too, tells the record at the end (:func:`geo.release.record.note_removal`).

    Parameters
    ----------
    connection
        The owner's, in the transaction in which illustrative rows go.
    data_dir
        The folder of the record of releases.

    Raises
    ------
    SetupError
        If real returns were released together with illustrative ones: what was published cannot be called back.

    """
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('lakana.release'))"))
    record.reconcile(connection, data_dir)
    if mixed := connection.scalars(text(_MIXED)).all():
        raise SetupError(
            f"{', '.join(mixed)} were released with returns that are not illustrative. What was published cannot be "
            "called back, so these counts stay. Load the real returns into a database without illustrative ones."
        )
    statements = sql_file("release/removal").split(";")
    *_, removed = (connection.execute(text(each)).rowcount for each in statements if each.strip())
    return removed
