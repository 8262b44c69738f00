"""What planners ask about where to build."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.projection import Shape
from api.graphql.declarations import (
    After,
    AreaCode,
    Candidates,
    Exclude,
    First,
    Given,
    Sites,
    SitingCategory,
    SitingGoal,
    Within,
    about,
    asks,
    candidates_of,
    or_default,
    page,
    within,
)
from api.graphql.types.answers import Connection
from api.graphql.types.siting import SiteRecommendations, SitingJob
from geo.audience import Audience
from geo.queries.planning import siting, siting_jobs


def _question(given: Given) -> siting.SiteRecommendations:
    return siting.SiteRecommendations(
        category=given["category"],
        within=within(given),
        model=given["model"],
        sites=given.get("sites"),
        area_code=given.get("areaCode"),
        exclude=given.get("exclude"),
        time_limit_s=or_default(given, "timeLimitSeconds", siting.DEFAULT_TIME_S),
        **candidates_of(given.get("candidates")),
    )


@strawberry.type
class SitingQuery:
    """A part of the root."""

    @asks(_question, Shape.OBJECT, work=prices.siting, reserved=[Audience.PLANNER])
    def site_recommendations(
        self,
        category: SitingCategory,
        within: Within,
        model: SitingGoal,
        sites: Sites = None,
        area_code: AreaCode = None,
        candidates: Candidates = None,
        exclude: Exclude = None,
        time_limit_seconds: Annotated[
            int | None, about("The best plan so far is given after so many seconds, 1 to 10.")
        ] = siting.DEFAULT_TIME_S,
    ) -> SiteRecommendations:
        """Recommend sites for further services of a category; those that exist stay and count already.

        The same question gets the same answer until the data change, where it is not FEASIBLE. What takes longer runs
        as a job: startSiting.
        """

    @asks(
        lambda given: siting_jobs.OneSitingJob(id=given["id"]),
        Shape.OBJECT,
        reserved=[Audience.PLANNER],
    )
    def siting_job(
        self,
        id: Annotated[strawberry.ID, about("The id that startSiting gave.")],  # noqa: A002
    ) -> SitingJob:
        """Say how far a job of your own is, with its answer. NOT_FOUND for others' and for what does not exist."""

    @asks(
        lambda given: siting_jobs.SitingJobs(**page(given, 20)),
        Shape.CONNECTION,
        work=prices.page,
        reserved=[Audience.PLANNER],
    )
    def siting_jobs(self, first: First = 20, after: After = None) -> Connection[SitingJob]:
        """List your own jobs, the newest first."""
