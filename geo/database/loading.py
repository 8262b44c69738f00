"""The way in for rows that are loaded and not written by somebody: seeds, and data sets that are brought in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, insert

from geo.texts import KINDS


def insert_rows(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows, each text held to what its column says that it holds (see :mod:`geo.texts`).

    Raises
    ------
    BadInput
        With ``table.column`` of the first text that does not hold.

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
