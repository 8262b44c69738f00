"""What planners ask about where to build."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.readings import Shape
from api.graphql.declarations import asks
from api.graphql.types.connections import Connection
from api.graphql.types.siting import SiteRecommendations, SitingJob
from geo.audience import Audience
from geo.queries.planning import siting, siting_jobs


@strawberry.type
class SitingQuery:
    """A part of the root."""

    @asks(siting.SiteRecommendations, Shape.OBJECT, work=prices.siting, reserved=[Audience.PLANNER])
    def site_recommendations(self) -> SiteRecommendations:
        """Recommend sites for further services of a category; those that exist stay and count already.

        The same question gets the same answer until the data change, where it is not FEASIBLE. What takes longer runs
        as a job: startSiting.
        """

    @asks(siting_jobs.SitingJobs, Shape.CONNECTION, work=prices.page, reserved=[Audience.PLANNER])
    def siting_jobs(self) -> Connection[SitingJob]:
        """List your own jobs, the newest first: how far they are, and their answers."""
