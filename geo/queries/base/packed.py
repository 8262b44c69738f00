"""Long columns of numbers, handed from the database to NumPy as they are stored.

As JSON, the places of a country of 300,000 localities are two million texts, which take the database, the parser and
the memory of the process many times as long as the numbers themselves.
"""

from __future__ import annotations

import base64
import uuid
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Double, Integer, Text, Uuid, func, literal_column

_SENT = {Double: func.float8send, Integer: func.int4send, Uuid: func.uuid_send}
DOUBLE, INTEGER, UUID = np.dtype(">f8"), np.dtype(">i4"), np.dtype("V16")
"""What is packed: columns of ``double precision``, ``integer`` and ``uuid``, in network byte order."""


def packed(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Return an aggregate: all values of a column in base64, in the order of the rows. None of them may be NULL."""
    sent = _SENT[type(column.type)](column)
    whole = func.encode(func.string_agg(sent, literal_column("''::bytea")), literal_column("'base64'"), type_=Text)
    return func.coalesce(whole, literal_column("''"), type_=Text)


def unpacked(text: str, of: npt.DTypeLike) -> npt.NDArray[Any]:
    """Return the values of a packed column, of one of the types above.

    Examples
    --------
    >>> unpacked("P/gAAAAAAAA=", DOUBLE).tolist()
    [1.5]
    >>> unpacked("", INTEGER).tolist()
    []

    """
    values = np.frombuffer(base64.b64decode(text), of)
    return values if values.dtype == UUID else values.astype(values.dtype.newbyteorder("="))


def identified(value: np.void) -> str:
    """Return a packed UUID as a text.

    Examples
    --------
    >>> identified(unpacked("AAAAAAAAAAAAAAAAAAAAAQ==", UUID)[0])
    '00000000-0000-0000-0000-000000000001'

    """
    return str(uuid.UUID(bytes=value.tobytes()))
