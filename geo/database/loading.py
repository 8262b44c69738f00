"""Inserting rows in bulk, from seeds and imported data sets, as opposed to rows that a person writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, insert

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
    connection.execute(insert(table), checked)
