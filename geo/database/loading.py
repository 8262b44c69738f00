"""Inserting rows in bulk, from seeds and imported data sets, as opposed to rows that a person writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, insert
from sqlalchemy.dialects.postgresql import insert as upsert

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
    for text in texts:
        week = opening_hours.read(opening_hours.plain(text))
        if week is not None:
            connection.execute(upsert(hours_read).values(hours=text, **vars(week)).on_conflict_do_nothing())
