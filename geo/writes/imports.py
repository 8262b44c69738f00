"""Imports are undone: what they made goes, and what they changed gets back what stood before."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, text

from geo.arguments import RowId, argument, check_id
from geo.audience import Caller
from geo.database.tables import audit_import
from geo.errors import BadInput, NotFound
from geo.vocabulary import ServiceCategory
from geo.writes.write import NOTHING, Saved, Write, hold_category, hold_words

NOT_UNDONE = {
    "incidents": "a return stands in the place of the one before it: record that once more.",
    "shelters": "shelters are retired one by one.",
}
"""Kinds of which too little is remembered to be undone, since what they hold is not told; what is done instead."""
MOST_TOLD = 5
"""Reasons that one sentence names."""

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
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('lakana.import'))"))
        wanted = check_id("id", self.id)
        its = select(audit_import.c.kind, audit_import.c.undone_at).where(audit_import.c.id == wanted)
        row = connection.execute(its).one_or_none()
        if row is None:
            raise NotFound(NOTHING)
        if row.kind in NOT_UNDONE:
            raise BadInput("id", f"{row.kind} are not undone; {NOT_UNDONE[row.kind]}")
        if row.undone_at is not None:
            return Saved(wanted, None, rows=0)
        # In the order of other writers, before any row is locked.
        hold_words(connection, hidden=False)
        for each in ServiceCategory if row.kind == SERVICES else ():
            hold_category(connection, each)
        standing = tuple(
            Standing(_bare(each.relation) or "", _bare(each.referring), each.reason == "CHANGED", each.rows)
            for each in connection.execute(_STANDING, {"id": wanted})
        )
        if standing:
            raise StandsFirm(standing)
        undone = connection.scalar(text("SELECT audit.undo_import(CAST(:id AS uuid))"), {"id": wanted})
        return Saved(wanted, None, rows=int(undone or 0))


def _bare(relation: str | None) -> str | None:
    """Return a table without its schema."""
    return relation and relation.rpartition(".")[2]
