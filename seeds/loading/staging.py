"""Rows on their way into the database: copied into a temporary table, from where they are merged in sets."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

from psycopg2.errors import QueryCanceled
from sqlalchemy import Connection, text

NAME = "staged"
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def statement(name: str) -> str:
    """Read a statement by its name in this package, without ``.sql``."""
    return resources.files("seeds.loading").joinpath(f"{name}.sql").read_text(encoding="utf-8")


def stage(connection: Connection, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """Copy rows into a temporary table ``staged`` that is gone with the transaction.

    Parameters
    ----------
    connection
        The owner's, in a transaction.
    columns
        Types by column. The table has two further ones before them: ``file``, the number of a table, and ``row``.
    rows
        Each with the two numbers and a value a column; read as they are needed.

    """
    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.execute(text(f"DROP TABLE IF EXISTS {NAME}"))
    connection.execute(
        text(f"CREATE TEMPORARY TABLE {NAME} (file smallint NOT NULL, row integer NOT NULL, {typed}) ON COMMIT DROP")
    )
    lines = _Lines(map(line, rows))
    try:
        connection.connection.cursor().copy_expert(f"COPY {NAME} FROM STDIN", lines)
    except QueryCanceled:
        if lines.error is None:
            raise
        raise lines.error from None
    connection.execute(text(f"ANALYZE {NAME}"))


def line(row: Sequence[Any]) -> str:
    r"""Return a row as COPY reads it.

    Examples
    --------
    >>> line([1, None, "a\tb", ["x", 'y"'], {"k": "\\"}])
    '1\t\\N\ta\\tb\t{"x","y\\\\""}\t{"k": "\\\\\\\\"}\n'

    """
    return "\t".join(map(_value, row)) + "\n"


def _value(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int | float):
        return repr(value)
    text = value if isinstance(value, str) else _text(value)
    # What can be printed holds neither tabs nor ends of lines; to ask that takes a third of the time of replacing them.
    return text if text.isprintable() and "\\" not in text else text.translate(_ESCAPED)


def _text(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return _array(tuple(value))
    return json.dumps(value, ensure_ascii=False)


@lru_cache(maxsize=5_000)
def _array(values: tuple[str | None, ...]) -> str:
    """Return an array; the codes and names of areas come again and again."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: str | None) -> str:
    return "NULL" if value is None else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Lines:
    """A file that COPY reads from, made of lines as they come."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.error: Exception | None = None
        """What ended the lines, of which psycopg2 only says that the statement was cancelled."""

    def read(self, size: int = 8192) -> str:
        """Return some lines, about as long as asked for; nothing at the end."""
        taken: list[str] = []
        length = 0
        try:
            for each in self._lines:
                taken.append(each)
                length += len(each)
                if length >= size:
                    break
        except Exception as error:
            self.error = error
            raise
        return "".join(taken)
