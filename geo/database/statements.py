"""SQL statements, compiled once, and jobs with their values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import psycopg2
from sqlalchemy import Select, TextClause
from sqlalchemy.dialects import postgresql

from geo.errors import LakanaError

_DIALECT = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]

TOO_LARGE = ""
"""No answer is an empty text."""


AGAIN = "again"
"""In the place of an answer: it takes another statement. No JSON is this text."""

_DAY = re.compile(r"date_trunc\('day', now\(\), 'UTC'\)|\(now\(\) AT TIME ZONE 'UTC'\)::date")
_CLOCK = re.compile(
    r"\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(|"
    r"\b(?:current_time|current_timestamp|localtime|localtimestamp)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that returns one text, with the names of its binds in order and the values of its constants."""

    sql: str
    names: tuple[str, ...]
    constants: dict[str, Any]
    answers: str = field(default="", kw_only=True, compare=False)
    """The field of the schema that it answers, for the operator's figures; empty for what answers none."""
    momentary: bool = field(init=False)
    """Whether its answer may change within a day though nobody writes: it reads the clock."""

    def __post_init__(self) -> None:
        """Look for the clock; the day (UTC) may be asked for."""
        object.__setattr__(self, "momentary", _CLOCK.search(_DAY.sub("", self.sql)) is not None)

    @classmethod
    def of(cls, select: Select[Any] | TextClause, answers: str = "") -> Statement:
        """Compile an expression once; ``answers`` names the field of the schema that it answers."""
        compiled = select.compile(dialect=_DIALECT)
        names = tuple(compiled.positiontup or ())
        constants = {name: each.value for name, each in compiled.binds.items() if each.value is not None}
        return cls(str(compiled), names, constants, answers=answers)

    def at_most(self, size_bytes: int) -> Statement:
        """Return the statement with :data:`TOO_LARGE` for an answer of more bytes, which the database keeps to itself.

        ``OFFSET 0`` keeps PostgreSQL from working out the answer twice.
        """
        whole = f"SELECT answer FROM ({self.sql}) AS found(answer) OFFSET 0"  # noqa: S608  it has only binds
        given = f"CASE WHEN octet_length(answer) > {size_bytes} THEN '{TOO_LARGE}' ELSE answer END"
        return replace(self, sql=f"SELECT {given} FROM ({whole}) AS whole")  # noqa: S608

    def values(self, binds: dict[str, Any]) -> tuple[Any, ...]:
        """Return the values in order."""
        return tuple(binds[name] if name in binds else self.constants[name] for name in self.names)


@dataclass(frozen=True, slots=True)
class Job:
    """A statement with its values."""

    statement: Statement
    values: tuple[Any, ...]


Answer: TypeAlias = str | LakanaError | psycopg2.Error | None
"""A text, nothing, or the error."""
