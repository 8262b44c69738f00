"""Proposals, wrong numbers and the audit log, which stewards read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from sqlalchemy import Boolean, CompoundSelect, FromClause, Select, Text, cast, select, union_all

from geo.arguments import RowId, argument, check_id, search_text
from geo.audience import Audience
from geo.database.tables import PROPOSAL_STATUS, shelter
from geo.queries.base.question import Binds, Page, bind
from geo.queries.base.row_sets import audit_entries
from geo.queries.directory.node import KINDS, records_for
from geo.queries.stewards.wrong_numbers import wrong_numbers
from geo.vocabulary import ProposalStatus


@dataclass(frozen=True, kw_only=True)
class Proposals(Page):
    """Proposals, the oldest first, all or those of one status: a partner's own, or for stewards everybody's."""

    audience: Audience = Audience.STEWARD

    structural = frozenset({"audience"})

    status: ProposalStatus | None = argument("Only those of this status.", default=None)

    def asked_by(self, audience: Audience) -> Self:
        """Return the question as this audience asks it."""
        return replace(self, audience=audience)

    def related(self) -> Mapping[str, FromClause]:
        """Return the rows that a proposal may be about."""
        return records_for(self.audience)

    def matching(self) -> Select[Any]:
        """Return the proposals that match."""
        rows = KINDS["Proposal"].rows_for(self.audience)
        if self.status is not None:
            rows = rows.where(rows.selected_columns["status"] == bind("status", PROPOSAL_STATUS))
        return rows


@dataclass(frozen=True, kw_only=True)
class WrongNumbers(Page):
    """Phone numbers that somebody said are wrong, the oldest first, all or only those that are open or settled."""

    open: bool | None = argument("True for those that nobody has settled, false for the others.", default=None)

    def matching(self) -> Select[Any]:
        """Return the numbers that match."""
        rows = wrong_numbers()
        if self.open is not None:
            rows = rows.where(rows.selected_columns["outcome"].is_(None) == bind("open", Boolean))
        return rows

    def related(self) -> Mapping[str, FromClause]:
        """Return the rows that a number may belong to; stewards alone read the list."""
        return records_for(Audience.STEWARD)


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
    holder: str | None = argument("Only what this holder did, 1 to 200 characters.", search_text, default=None)

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
