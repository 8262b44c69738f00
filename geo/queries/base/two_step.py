"""Questions that are worked out between two statements.

What is needed is read as JSON, worked out in a process of its own, and given back to the database as JSON, from which
the answer is projected like any other: areas, localities and services hang on it as usual, and nothing is assembled
row by row.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, FromClause, Select, Text, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSON

from geo.database.statements import Statement
from geo.queries.base.question import Question, bind

COMPUTED = "computed"
"""The bind that holds what was worked out, as JSON."""


@dataclass(frozen=True, kw_only=True)
class Computed(Question):
    """A question whose answer Python works out.

    It is sent to another process, so its values are picklable.
    """

    @abstractmethod
    def needs(self) -> Mapping[str, Select[Any]]:
        """Return the rows that are needed, by name; they see the same binds as :meth:`rows`, but ``computed``."""

    @abstractmethod
    def work_out(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """Work the answer out, in another process.

        Parameters
        ----------
        found
            The rows of :meth:`needs`, each set by its name as column → list of values, all of one length; empty
            lists where there are no rows.

        Returns
        -------
        dict
            What :meth:`rows` and :meth:`related` read by :func:`computed`: plain values, lists and dicts, no NaN.

        """


def statement_of(rows: Select[Any]) -> Statement:
    """Return the statement whose answer is one JSON object: column → list of values, in the order of the rows."""
    found = rows.subquery("needed")
    lists: list[Any] = []
    for column in found.c:
        listed = func.coalesce(func.json_agg(column), literal_column("'[]'::json"))
        lists += [literal_column(f"'{column.name}'"), listed]
    return Statement.of(select(cast(func.json_build_object(*lists), Text)).select_from(found))


def computed(key: str, columns: Sequence[Column[Any]], name: str | None = None) -> FromClause:
    """Return as rows what was worked out under a key: a list of objects with these columns.

    Parameters
    ----------
    key
        The key in what :meth:`Computed.work_out` gave.
    columns
        Names and types; what an object lacks is NULL.
    name
        What the row set is called in the statement; the key where it is left out.

    """
    rows = cast(bind(COMPUTED, Text), JSON).op("->")(literal_column(f"'{key}'"))
    return func.json_to_recordset(rows).table_valued(*columns).render_derived(name=name or key, with_types=True)
