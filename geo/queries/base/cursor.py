"""Cursors: a text that says where a page ends, valid only for its own list.

A cursor is base64url of the JSON array ``[list, key…, id]``: ``list`` is a digest of the question with its filters and
its order, so that a cursor of another list is refused and never taken for a place in this one.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
import math
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, func, literal_column

from geo.arguments import declared
from geo.errors import BadInput

Key = tuple[Any, ...]

TAG = "cursor_list"
"""The bind that holds the list's digest."""
NOT_OURS = "not a cursor of this list; pass an `end_cursor` of it, with the same other arguments."
NEVER = "-infinity"
"""The day before all days: where there is none, and the list begins with those."""
OF_A_PAGE = frozenset({"first", "after"})
LONGEST = 9_000
"""Characters of a cursor. The longest of ours has 8,950: a name of 200 ligatures of 33 bytes, in a list of a record."""


def list_of(question: Any) -> str:
    """Return the digest of a question's list and order: all its arguments but the page."""
    kind: type = type(question)
    given = {name: repr(getattr(question, name)) for name in declared(kind) if name not in OF_A_PAGE}
    return hashlib.sha256(json.dumps([type(question).__name__, given], sort_keys=True).encode()).hexdigest()[:10]


def encode(of: str, key: Key) -> str:
    """Return the cursor of a key in a list."""
    text = json.dumps([of, *key], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def encoded(of: ColumnElement[str], *key: Any) -> ColumnElement[str]:
    """Return an expression for the cursor of a key in a list, that of :func:`encode`."""
    text = func.json_build_array(of, *key).cast(Text)
    told = func.encode(func.convert_to(text, "UTF8"), "base64")
    return func.translate(told, literal_column(r"E'+/\n='"), literal_column("'-_'"))


def decode(cursor: str, of: str, kinds: Sequence[type]) -> Key:
    """Decode a cursor of a list: values of these types, a day as its text or :data:`NEVER`, then an id.

    Raises
    ------
    BadInput
        Where it is no cursor of this list, or is longer than any.

    Examples
    --------
    >>> decode(encode("a", (0.5, "00000000-0000-0000-0000-000000000001")), "a", [float])
    (0.5, '00000000-0000-0000-0000-000000000001')
    >>> decode(encode("b", (0.5, "00000000-0000-0000-0000-000000000001")), "a", [float])
    Traceback (most recent call last):
        ...
    geo.errors.BadInput: after: not a cursor of this list; pass an `end_cursor` of it, with the same other arguments.

    """
    if len(cursor) > LONGEST:  # a longer one is not even decoded
        raise BadInput("after", NOT_OURS)
    try:
        whole = cursor.replace("+", "-").replace("/", "_").rstrip("=")
        told = base64.b64decode(whole + "=" * (-len(whole) % 4), altchars=b"-_", validate=True)
        if told.count(b",") != len(kinds) + 1:  # a key is a number, a day or a folded name: none has a comma
            raise BadInput("after", NOT_OURS)
        its_list, *values, row_id = json.loads(told)
        if its_list == of and len(values) == len(kinds) and all(map(_is, values, kinds)):
            return (*values, str(uuid.UUID(row_id)))
    except (binascii.Error, ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        pass
    raise BadInput("after", NOT_OURS)


def _is(value: object, kind: type) -> bool:
    match value:
        case str() if kind is dt.date:
            return value == NEVER or value == dt.date.fromisoformat(value).isoformat()
        case str():
            value.encode()  # a lone surrogate cannot be encoded
            return kind is str and "\0" not in value
        case int() | float() if kind is float and type(value) is not bool:  # JSON writes 2.0 as 2, too
            return math.isfinite(float(value))
    return type(value) is kind
