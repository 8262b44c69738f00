"""Jobs that look for sites."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.compile import prices
from api.graphql.mutation.declaration import writes
from api.graphql.types.siting import SitingJob
from geo.audience import Audience
from geo.queries.planning.siting import LongSiteRecommendations
from geo.writes.siting import CancelSiting, StartSiting
from geo.writes.write import Write


@strawberry.type
class SitingMutation:
    """A part of the root."""

    @writes(Audience.PLANNER, price=prices.start_siting, of=LongSiteRecommendations, gives={"job": SitingJob})
    def start_siting(self, question: LongSiteRecommendations) -> StartSiting:
        """Start a job that recommends sites as siteRecommendations does, for longer.

        The id is that of the job: `node(id)` says how far it is. Jobs are done one at a time, in turns between those
        who ask; 3 of yours may wait or run, more are an error UNAVAILABLE, and the 100 newest are kept.
        """
        return StartSiting(question=question)

    @writes(Audience.PLANNER, of=CancelSiting, gives={"job": SitingJob})
    def cancel_siting(self) -> Write:
        """Cancel a job of your own that waits or runs."""
