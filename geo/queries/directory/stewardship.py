"""What stewards read: proposals, and the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, FromClause, Select, Text, cast, select, union_all

from geo.arguments import RowId, argument, check_id, search_text
from geo.audience import Audience
from geo.database.tables import PROPOSAL_STATUS, shelter
from geo.queries.base.question import Binds, Page, bind
from geo.queries.base.row_sets import audit_entries, proposals
from geo.queries.directory.node import records_for
from geo.vocabulary import ProposalStatus


@dataclass(frozen=True, kw_only=True)
class Proposals(Page):
    """Proposals, the oldest first, all or those of one status."""

    status: ProposalStatus | None = argument("Only those of this status.", default=None)

    def matching(self) -> Select[Any]:
        """Return the proposals that match."""
        rows = proposals()
        if self.status is not None:
            rows = rows.where(rows.selected_columns["status"] == bind("status", PROPOSAL_STATUS))
        return rows


def _same(subject: Any) -> CompoundSelect[Any]:
    """Return the id and, for a shelter or its service, the id of the other: a shelter has a row in both tables."""
    own, of = cast(shelter.c.id, Text), cast(shelter.c.service_id, Text)
    return union_all(select(subject), select(of).where(own == subject), select(own).where(of == subject))


@dataclass(frozen=True, kw_only=True)
class AuditEntries(Page):
    """Entries of the audit log, the newest first, of one record or one holder or all."""

    subject_id: RowId | None = argument(
        "Only what was done to this record; a shelter’s service counts too.", check_id, default=None
    )
    holder: str | None = argument("Only what this holder did.", search_text, default=None)

    def matching(self) -> Select[Any]:
        """Return the entries that match."""
        rows = audit_entries()
        columns = rows.selected_columns
        if self.subject_id is not None:
            rows = rows.where(columns["subject_id"].in_(_same(bind("subject_id", Text))))
        if self.holder is not None:
            rows = rows.where(columns["holder"] == bind("holder", Text))
        return rows

    def related(self) -> Mapping[str, FromClause]:
        """Return the rows that an entry may be about; stewards alone read the log."""
        return records_for(Audience.STEWARD)

    def binds(self) -> Binds:
        """Return the values, with the id in the form of the log."""
        return super().binds() | {"subject_id": self.subject_id and check_id("subject_id", self.subject_id)}
