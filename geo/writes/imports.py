"""Imports are undone: what they made goes, and what they changed gets back what stood before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, text

from geo.arguments import RowId, argument, check_id
from geo.audience import Caller
from geo.database.tables import audit_import
from geo.errors import BadInput, NotFound, Unavailable
from geo.vocabulary import ServiceCategory
from geo.writes.write import NOTHING, Saved, Write, hold_category, hold_words

NOT_UNDONE = {
    "incidents": "a return stands in the place of the one before it: record that once more.",
    "shelters": "shelters are retired one by one.",
}
"""Kinds of which too little is remembered to be undone, since what they hold is not told; what is done instead."""
MOST_TOLD = 5
"""Reasons that one sentence names."""
MOST_AT_ONCE = 1_000
"""Rows that a steward undoes while others who write wait: those of 190 services, 951, took 2.3 s at a load of 17 on two
processors, less than others wait for words (4 s)."""

IMPORTING = "Another import is running. Try again when it has ended."

SERVICES = "services"
"""The kind of import that services come by."""

_STANDING = text(
    "SELECT relation, reason, referring, count(*) AS rows FROM audit.stands_on_import(CAST(:id AS uuid)) "
    "GROUP BY relation, reason, referring ORDER BY rows DESC, relation, referring"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Later work that stands on an import."""

    table: str
    """The table of rows that the import left, without its schema."""
    referring: str | None
    """The table whose rows refer to these; ``None`` where these were changed, or it may not be told."""
    is_changed: bool
    """Whether the rows themselves are not any more as the import left them."""
    rows: int

    def __str__(self) -> str:
        """Return it as a clause."""
        if self.is_changed:
            return f"{self.rows} of {self.table} changed since"
        return f"{self.rows} of {self.table} referred to by {self.referring or 'what is not told'}"


class StandsFirm(BadInput):
    """An import on which later work stands.

    Parameters
    ----------
    standing
        The work.

    """

    def __init__(self, standing: tuple[Standing, ...]) -> None:
        told = "; ".join(map(str, standing[:MOST_TOLD]))
        super().__init__("id", f"later work stands on it: {told}; undo or change that first.")
        self.standing = standing


@dataclass(frozen=True, kw_only=True)
class UndoImport(Write):
    """Undo an import, all or nothing."""

    refusals = (BadInput, NotFound)

    id: RowId = argument("The import.")

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Undo it unless later work stands on it; one that was undone before stays so."""
        its = held_import(connection, self.id)
        if its.undone_at is not None:
            return Saved(its.id, None, rows=0)
        if its.size > MOST_AT_ONCE:
            told = f"it wrote more than {MOST_AT_ONCE:,} rows, for which others would wait"
            raise BadInput(
                "id",
                f"{told}; have it undone by `lakana import undo {its.id}`, beside which most others go on writing.",
            )
        # In the order of other writers: words, rows, categories.
        hold_words(connection, hidden=False)
        connection.execute(select(func.audit.hold_import(its.id)))
        for each in ServiceCategory if its.kind == SERVICES else ():
            hold_category(connection, each)
        check_standing(connection, its.id)
        undone = connection.scalar(select(func.audit.undo_import(its.id)))
        return Saved(its.id, None, rows=int(undone or 0))


def held_import(connection: Connection, import_id: str) -> Any:
    """Return a row of the ``id``, ``kind``, ``undone_at`` and ``size`` of an import that may be undone.

    No other is loaded or undone until the transaction ends. The size is the number of rows that it wrote; where it
    wrote areas a tenth of all places counts too, since they are looked for in the areas anew.

    Raises
    ------
    BadInput
        If it is no id, or imports of its kind are not undone.
    NotFound
        Where there is none.
    Unavailable
        While an import is loaded or undone.

    """
    if not connection.scalar(text("SELECT pg_try_advisory_xact_lock(hashtext('lakana.import'))")):
        raise Unavailable(IMPORTING)
    size = func.audit.import_size(audit_import.c.id).label("size")
    its = select(audit_import.c.id, audit_import.c.kind, audit_import.c.undone_at, size)
    row = connection.execute(its.where(audit_import.c.id == check_id("id", import_id))).one_or_none()
    if row is None:
        raise NotFound(NOTHING)
    if row.kind in NOT_UNDONE:
        raise BadInput("id", f"{row.kind} are not undone; {NOT_UNDONE[row.kind]}")
    return row


def check_standing(connection: Connection, import_id: str) -> None:
    """Raise :class:`StandsFirm` if later work stands on an import."""
    standing = tuple(
        Standing(_bare(each.relation) or "", _bare(each.referring), each.reason == "CHANGED", each.rows)
        for each in connection.execute(_STANDING, {"id": import_id})
    )
    if standing:
        raise StandsFirm(standing)


def _bare(relation: str | None) -> str | None:
    """Return a table without its schema."""
    return relation and relation.rpartition(".")[2]
