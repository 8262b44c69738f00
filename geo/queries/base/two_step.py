"""Questions that Python computes between two statements.

The data are read as JSON, the answer is computed in a process of its own, and handed back to the database as JSON. From
there it is projected like any other answer: areas, localities and services are joined as usual, and Python assembles
nothing row by row.
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
"""The bind that holds the computed result, as JSON."""


@dataclass(frozen=True, kw_only=True)
class Computed(Question):
    """A question whose answer Python computes.

    It is sent to another process, so its values are picklable.
    """

    @abstractmethod
    def needs(self) -> Mapping[str, Select[Any]]:
        """Return the rows that it needs, by name; they may use the binds of :meth:`rows` except ``computed``."""

    @abstractmethod
    def work_out(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """Compute the answer; this runs in another process.

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
    """Return the computed list under a key as rows: its objects have these columns.

    Parameters
    ----------
    key
        The key in the result of :meth:`Computed.work_out`.
    columns
        Names and types; what an object lacks is NULL.
    name
        The name of the row set in the statement, by default the key.

    """
    rows = cast(bind(COMPUTED, Text), JSON).op("->")(literal_column(f"'{key}'"))
    return func.json_to_recordset(rows).table_valued(*columns).render_derived(name=name or key, with_types=True)
