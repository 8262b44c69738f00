"""Pages of a computed list, ordered by figures first and the id last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Boolean, Column, Integer, Text

from geo.queries.base.cursor import Key, encode

PAGE: list[Column[Any]] = [
    Column("total_count", Integer),
    Column("has_next_page", Boolean),
    Column("has_previous_page", Boolean),
]
"""What :func:`page` returns about a page, apart from its rows."""
KEPT: list[Column[Any]] = [Column("row_number", Integer), Column("cursor", Text)]
"""What it adds to each row."""

ROWS_AT_MOST = 50
"""Rows of a page. Each page is computed anew, and the guard assumes that it is full."""


def page(
    rows: Sequence[dict[str, Any]], key: Callable[[dict[str, Any]], Key], first: int, after: Key | None, of: str
) -> dict[str, Any]:
    """Sort rows by their keys and return the page after a key: its rows as ``kept``, and about it as ``page``.

    Examples
    --------
    >>> told = page([{"n": 3}, {"n": 1}, {"n": 2}], lambda row: (row["n"],), 1, (1,), "a")
    >>> told["kept"]
    [{'n': 2, 'row_number': 1, 'cursor': 'WyJhIiwyXQ'}]
    >>> told["page"]
    [{'total_count': 3, 'has_next_page': True, 'has_previous_page': True}]
    >>> page([], lambda row: (row["n"],), 1, None, "a")
    {'kept': [], 'page': [{'total_count': 0, 'has_next_page': False, 'has_previous_page': False}]}

    """
    ordered = sorted(rows, key=key)
    rest = [row for row in ordered if after is None or key(row) > after]
    return next_page(rest, key, first, of, total=len(ordered), before=len(rest) < len(ordered))


def next_page(
    rest: Sequence[dict[str, Any]],
    key: Callable[[dict[str, Any]], Key],
    first: int,
    of: str,
    *,
    total: int,
    before: bool,
) -> dict[str, Any]:
    """Return a page as :func:`page` does, from the rows that follow its cursor, in order, at least one more than fit.

    ``total`` is the number of rows of the list, and ``before`` says whether any of them comes before the page.
    """
    kept = [row | {"row_number": at, "cursor": encode(of, key(row))} for at, row in enumerate(rest[:first], 1)]
    about = {"total_count": total, "has_next_page": len(rest) > first, "has_previous_page": before}
    return {"kept": kept, "page": [about]}
