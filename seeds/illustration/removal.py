"""Illustrative rows out of the database again: all of them and nothing else, in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, delete, select, text

from geo import audit
from geo.database.tables import actor, organization, service, source, trained_actor, training_event
from geo.errors import SetupError
from geo.progress import Progress, silent
from geo.release import record, removal
from geo.vocabulary import ServiceCategory
from geo.writes.write import hold_category, hold_words
from seeds.illustration.country import statement

TABLES = {
    "trained actors": trained_actor,
    "trainings": training_event,
    "services": service,
    "actors": actor,
    "organisations": organization,
}
"""What has a source of its own and may be illustrative, but returns of incidents; each before what it refers to."""


def remove(connection: Connection, data_dir: Path, progress: Progress = silent) -> dict[str, int]:
    """Remove every illustrative row, what was published of them, and their sources.

    Parameters
    ----------
    connection
        The owner's, in a transaction; nothing is removed unless it is committed.
    data_dir
        The folder of the record of releases, which is told.
    progress
        Told of each step.

    Returns
    -------
    dict
        How many rows went, by what they are; empty where nothing is illustrative.

    Raises
    ------
    SetupError
        If rows that are not illustrative refer to some that are, or were released with them; it names them.

    """
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('lakana.seed'))"))
    made_up = select(source.c.id).where(source.c.illustrative)
    keys = connection.scalars(select(source.c.key).where(source.c.illustrative).order_by(source.c.key)).all()
    if not keys:
        return {}
    hold_words(connection, hidden=True)
    for each in ServiceCategory:
        hold_category(connection, each)
    if standing := [_told(row) for row in connection.execute(text(statement("standing")))]:
        raise SetupError(
            f"Rows that are not illustrative refer to illustrative ones: {'; '.join(standing)}. Change these first."
        )
    removed: dict[str, int] = {}
    with audit.bulk(connection, "illustration", removed=", ".join(keys)):
        progress("incident counts", 0, len(TABLES) + 1)
        removed["returns of incidents"] = removal.remove_illustrative(connection, data_dir)
        for number, (what, table) in enumerate(TABLES.items(), 1):
            progress(what, number, len(TABLES) + 1)
            removed[what] = connection.execute(delete(table).where(table.c.source_id.in_(made_up))).rowcount
        removed["actors"] += connection.execute(text(statement("unlisted"))).rowcount
        connection.execute(text(statement("former")))
        removed["sources"] = connection.execute(delete(source).where(source.c.illustrative)).rowcount
    record.note_removal(connection, data_dir)
    return removed


def _told(row: Row[Any]) -> str:
    names = f" ({', '.join(row.names)}{' …' if row.many > len(row.names) else ''})" if row.names else ""
    return f"{row.many} {row.what}{names}"
