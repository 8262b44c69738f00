"""Proposals and their review, and counts."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated

import strawberry

from api.graphql.compile import prices
from api.graphql.declarations import about, writes
from api.graphql.types.inputs import records
from api.graphql.types.inputs.offered import values_of
from geo.audience import Audience
from geo.vocabulary import ProposalKind
from geo.writes.counts import Count, RecordIncidentCounts
from geo.writes.fields import VERSION
from geo.writes.proposals import ProposeChange, ReviewChange
from geo.writes.write import Write


@strawberry.type
class StewardshipMutation:
    """A part of the root."""

    @writes(Audience.PARTNER, Audience.STEWARD)
    def propose_change(
        self,
        proposal: Annotated[records.ProposedChange, about("What is proposed.")],
        expected_version: Annotated[int, about(VERSION)],
        reason: Annotated[str, about("Why, 1 to 200 characters; nothing about a child.")],
    ) -> Write:
        """Propose a change that you may not make yourself; a steward reviews it."""
        [(kind, subject)] = values_of(proposal).items()
        return ProposeChange(
            kind=ProposalKind[kind.upper()],
            subject_id=subject.id,
            expected_version=expected_version,
            values=values_of(subject.changes) if hasattr(subject, "changes") else {},
            reason=reason,
        )

    @writes(Audience.STEWARD, of=ReviewChange)
    def review_change(self) -> Write:
        """Approve a proposal, which makes the change at once, or reject it.

        A conflict where the record has changed since it was proposed. What makes a confidential shelter public takes
        another steward than the one who proposed it.
        """

    @writes(Audience.STEWARD, price=prices.write_each("counts", "counts", prices.CHANGE))
    def record_incident_counts(
        self,
        counts: Annotated[records.NewIncidentCounts, about("The counts.")],
    ) -> Write:
        """Record counts of incidents: aggregates only. They are published, rounded, when their quarter is released."""
        return RecordIncidentCounts(counts=[Count(**values_of(each)) for each in counts.counts])
