"""Inserting rows in bulk, from seeds and imported data sets, as opposed to rows that a person writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert, text
from sqlalchemy.dialects.postgresql import insert as upsert

from geo.database.owner import sql_file
from geo.database.tables import hours_read
from geo.notations import opening_hours
from geo.texts import KINDS


def insert_rows(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows, checking each text by the kind that its column declares (see :mod:`geo.texts`).

    Raises
    ------
    BadInput
        Names ``table.column`` of the first text that is not valid.

    """
    checks = {column.name: KINDS[column.info["text"]] for column in table.c if "text" in column.info}
    checked = []
    for row in rows:
        texts = {
            name: check(f"{table.name}.{name}", row[name])
            for name, check in checks.items()
            if row.get(name) is not None
        }
        checked.append({**row, **texts})
    if "opening_hours" in table.c:
        keep_hours(connection, {row["opening_hours"] for row in checked if row.get("opening_hours") is not None})
    connection.execute(insert(table), checked)


def keep_hours(connection: Connection, texts: Iterable[str]) -> None:
    """Keep what opening hours mean for SQL to ask; those that cannot be read are not kept and count as not known."""
    for written in texts:
        week = opening_hours.read(opening_hours.plain(written))
        if week is not None:
            connection.execute(upsert(hours_read).values(hours=written, **vars(week)).on_conflict_do_nothing())


def insert_demand_points(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert demand points in one statement.

    The areas that they lie in, and what is nearest to them, are found together.

    Parameters
    ----------
    connection
        The owner's.
    rows
        Each with ``id``, ``locality_id`` (or ``None``), ``area_id``, ``point`` (WKT in degrees), ``population``,
        ``under_18`` and ``source_id``.

    """
    names = "id", "locality_id", "area_id", "point", "population", "under_18", "source_id"
    connection.execute(text(sql_file("database/demand_points")), {name: [row[name] for row in rows] for name in names})
