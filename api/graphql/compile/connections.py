"""The row sets of a connection: of a root field's list, or of a list inside a record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Subquery,
    Text,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)

from geo.queries.base.cursor import TAG, encoded
from geo.queries.base.nested_page import nested_after
from geo.queries.base.question import Page, bind, constant

HOLDER = "holder_id"
"""The column with the id of the record that a nested list is of, which is a part of its cursors."""


@dataclass(frozen=True)
class Paged:
    """A page of a list: ``kept`` are its rows, with ``row_number`` and ``cursor``; ``page`` has one more, if any."""

    matching: FromClause
    page: FromClause
    kept: FromClause
    before: FromClause | None
    """The rows up to the cursor, ``None`` where none was given."""
    first: ColumnElement[int]


def root_connection(question: Page) -> Subquery:
    """Return the one row of the connection that a question answers with."""
    return question.about().subquery("connection")


def nested_connection(holder: ColumnElement[Any], asked: str, around: Sequence[FromClause]) -> Subquery:
    """Return the one row of a connection inside a record; it refuses a cursor of another record's list.

    Parameters
    ----------
    holder
        The id of the record, which is a column of one of the row sets ``around``.
    asked
        The prefix of the binds of :class:`geo.queries.base.nested_page.NestedPage`.
    around
        The row sets around the connection.

    """
    row: Select[Any] = select(literal_column("1").label("one")).where(
        func.lakana.is_cursor_of(holder, nested_after(asked)[0])
    )
    return row.correlate(*around).subquery("connection")


def root_page(question: Page) -> Paged:
    """Return the page that a question asks for; what several of its fields read is computed once."""
    first = bind("first", Integer)
    page = question.rows().cte("page")
    key = question.key(page)
    return Paged(
        matching=question.matching().subquery("matching"),
        page=page,
        kept=_kept(page, key, encoded(bind(TAG, Text), *key), first).cte("kept"),
        before=None if question.after is None else question.before().limit(1).subquery("before"),
        first=first,
    )


def nested_page(rows: Select[Any], listed: str, asked: str) -> Paged:
    """Return the page of a list inside a record: ``rows`` are its items with :data:`HOLDER`, ``listed`` is its name."""
    first = bind(f"{asked}_first", Integer)
    holder, after = nested_after(asked)
    key = _by_name(rows.selected_columns)
    page = rows.where(or_(holder.is_(None), tuple_(*key) > after)).order_by(*key).limit(first + literal_column("1"))
    whole = page.subquery(f"{asked}_page")
    cursor = encoded(constant(listed), whole.c[HOLDER], *_by_name(whole.c))
    return Paged(
        matching=rows.subquery(f"{asked}_matching"),
        page=whole,
        kept=_kept(whole, _by_name(whole.c), cursor, first).subquery(f"{asked}_kept"),
        before=rows.where(tuple_(*key) <= after).limit(literal_column("1")).subquery(f"{asked}_before"),
        first=first,
    )


def _by_name(columns: Any) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return columns["name_key"], columns["id"]


def _kept(
    page: FromClause, key: Sequence[ColumnElement[Any]], cursor: ColumnElement[str], first: ColumnElement[int]
) -> Select[Any]:
    number = func.row_number().over(order_by=key).label("row_number")
    numbered = select(page, number, cursor.label("cursor")).subquery("numbered")
    return select(numbered).where(numbered.c.row_number <= first).order_by(numbered.c.row_number)
