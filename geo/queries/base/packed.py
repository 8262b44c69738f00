"""Columns of many rows, handed to a process as one text each: hexadecimal digits of their binary form.

As JSON lists, 300,000 rows of seven columns took 1.3 s to write and read; packed they take 0.3 s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, FromClause, LargeBinary, Select, cast, func, literal_column, select

if TYPE_CHECKING:
    import numpy.typing as npt

_SENT = {"float8": ("float8send", ">f8"), "int4": ("int4send", ">i4"), "uuid": ("uuid_send", None)}


def packed(rows: FromClause, **kinds: str) -> Select[Any]:
    """Return one row with a text for each column named, ``''`` of no rows.

    Parameters
    ----------
    rows
        The rows, in the order of the texts; no column is NULL.
    kinds
        Of each column its type: ``float8``, ``int4`` or ``uuid``.

    """
    digits: list[Any] = [_digits(rows.c[name], kind).label(name) for name, kind in kinds.items()]
    return select(*digits).select_from(rows)


def unpacked(text: str, kind: str) -> npt.NDArray[Any]:
    """Return the values of a text: floats, integers, or ids as 32 lower-case digits in bytes, which sort as ids do.

    Examples
    --------
    >>> unpacked("3ff0000000000000bff0000000000000", "float8").tolist(), unpacked("ffffffff", "int4").tolist()
    ([1.0, -1.0], [-1])
    >>> unpacked("", "uuid").tolist()
    []

    """
    import numpy as np  # noqa: PLC0415  in the process that works it out, and nowhere else

    form = _SENT[kind][1]
    if form is None:
        return np.frombuffer(text.encode(), "S32")
    found = np.frombuffer(bytes.fromhex(text), form)
    return found.astype(found.dtype.newbyteorder("="))


def _digits(column: ColumnElement[Any], kind: str) -> ColumnElement[str]:
    sent: ColumnElement[Any] = getattr(func, _SENT[kind][0])(column)
    joined = func.string_agg(sent, cast(literal_column("''"), LargeBinary))
    return func.coalesce(func.encode(joined, literal_column("'hex'")), literal_column("''"))
