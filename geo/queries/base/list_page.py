"""Pages of a list that was worked out and put into order: by figures first, the id last."""

from __future__ import annotations

import base64
import binascii
import json
import math
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Boolean, Column, Integer, Text

from geo.errors import BadInput

Key = tuple[Any, ...]

PAGE: list[Column[Any]] = [Column("total_count", Integer), Column("has_next_page", Boolean), Column("end_cursor", Text)]
"""What :func:`page` says of a page besides its rows."""


ROWS_AT_MOST = 50
"""Rows of a page: each page is worked out anew, and the guard reckons with a page that is full."""


def encode_key(key: Key) -> str:
    """Return the cursor of a row: base64 of its key as JSON."""
    return base64.b64encode(json.dumps(key, ensure_ascii=False).encode()).decode()


def decode_key(cursor: str, kinds: Sequence[type]) -> Key:
    """Read a cursor back: values of these kinds, then an id.

    Raises
    ------
    BadInput
        Where it was not made by :func:`encode_key` for such a key.

    Examples
    --------
    >>> decode_key(encode_key((0.5, "00000000-0000-0000-0000-000000000001")), [float])
    (0.5, '00000000-0000-0000-0000-000000000001')
    >>> decode_key(encode_key(("gao", "00000000-0000-0000-0000-000000000001")), [float])
    Traceback (most recent call last):
        ...
    geo.errors.BadInput: after: not a cursor of this list; pass an `end_cursor` of an earlier page.

    """
    try:
        *values, row_id = json.loads(base64.b64decode(cursor, validate=True))
        if len(values) == len(kinds) and all(map(_is, values, kinds)):
            return (*values, str(uuid.UUID(row_id)))
    except (binascii.Error, ValueError, TypeError, AttributeError, RecursionError):
        pass
    raise BadInput("after", "not a cursor of this list; pass an `end_cursor` of an earlier page.")


def _is(value: object, kind: type) -> bool:
    return type(value) is kind and (not isinstance(value, float) or math.isfinite(value))


def page(
    rows: Sequence[dict[str, Any]], key: Callable[[dict[str, Any]], Key], first: int, after: Key | None
) -> dict[str, Any]:
    """Put rows into the order of their keys and give the page after a key: its rows, and where it stands.

    Examples
    --------
    >>> page([{"n": 3}, {"n": 1}, {"n": 2}], lambda row: (row["n"],), 1, (1,))
    {'rows': [{'n': 2}], 'total_count': 3, 'has_next_page': True, 'end_cursor': 'WzJd'}
    >>> page([], lambda row: (row["n"],), 1, None)
    {'rows': [], 'total_count': 0, 'has_next_page': False, 'end_cursor': None}

    """
    ordered = sorted(rows, key=key)
    rest = [row for row in ordered if after is None or key(row) > after]
    kept = rest[:first]
    return {
        "rows": kept,
        "total_count": len(ordered),
        "has_next_page": len(rest) > first,
        "end_cursor": encode_key(key(kept[-1])) if kept else None,
    }
