"""Pages of a computed list, ordered by figures first and the id last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Boolean, Column, Integer, Text

from geo.queries.base.cursor import Key, encode

PAGE: list[Column[Any]] = [Column("total_count", Integer), Column("has_next_page", Boolean), Column("end_cursor", Text)]
"""What :func:`page` returns about a page, apart from its rows."""


ROWS_AT_MOST = 50
"""Rows of a page. Each page is computed anew, and the guard assumes that it is full."""


def page(
    rows: Sequence[dict[str, Any]], key: Callable[[dict[str, Any]], Key], first: int, after: Key | None, of: str
) -> dict[str, Any]:
    """Sort rows by their keys and return the page after a key: its rows, and its position in the list.

    Examples
    --------
    >>> page([{"n": 3}, {"n": 1}, {"n": 2}], lambda row: (row["n"],), 1, (1,), "a")
    {'rows': [{'n': 2}], 'total_count': 3, 'has_next_page': True, 'end_cursor': 'WyJhIiwyXQ'}
    >>> page([], lambda row: (row["n"],), 1, None, "a")
    {'rows': [], 'total_count': 0, 'has_next_page': False, 'end_cursor': None}

    """
    ordered = sorted(rows, key=key)
    rest = [row for row in ordered if after is None or key(row) > after]
    kept = rest[:first]
    return {
        "rows": kept,
        "total_count": len(ordered),
        "has_next_page": len(rest) > first,
        "end_cursor": encode(of, key(kept[-1])) if kept else None,
    }
