"""Jobs that look for sites."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from api.graphql.compile import prices
from api.graphql.declarations import (
    AreaCode,
    Candidates,
    Exclude,
    RowId,
    Sites,
    SitingCategory,
    SitingGoal,
    Within,
    about,
    candidates_of,
    writes,
)
from api.graphql.declarations import within as within_of
from geo.audience import Audience
from geo.queries.planning.siting import DEFAULT_JOB_TIME_S, MAX_JOB_TIME_S, SiteRecommendations
from geo.writes.siting import CancelSiting, StartSiting
from geo.writes.write import Write


def _plain(given: Any) -> Any:
    """Give an input as the questions get it: by the names of the schema, without what was left out."""
    if isinstance(given, list):
        return [_plain(each) for each in given]
    if not dataclasses.is_dataclass(given):
        return given
    values = {each.name: getattr(given, each.name) for each in dataclasses.fields(given)}
    return {to_camel_case(name): _plain(value) for name, value in values.items() if value is not strawberry.UNSET}


@strawberry.type
class SitingMutation:
    """A part of the root."""

    @writes(Audience.PLANNER, price=prices.start_siting)
    def start_siting(
        self,
        category: SitingCategory,
        within: Within,
        model: SitingGoal,
        sites: Sites = None,
        area_code: AreaCode = None,
        candidates: Candidates = None,
        exclude: Exclude = None,
        time_limit_seconds: Annotated[
            int | None, about("The best plan so far is the answer after so many seconds, 1 to 600.")
        ] = DEFAULT_JOB_TIME_S,
    ) -> Write:
        """Start a job that recommends sites as siteRecommendations does, for longer.

        The id is that of the job: sitingJob says how far it is. Jobs are done one at a time, in turns between those who
        ask; 3 of yours may wait or run, and the 100 newest are kept.
        """
        question = SiteRecommendations(
            category=category,
            within=within_of({"within": _plain(within)}),
            model=model,
            sites=sites,
            area_code=area_code,
            exclude=exclude,
            time_limit_s=DEFAULT_JOB_TIME_S if time_limit_seconds is None else time_limit_seconds,
            most_time_s=MAX_JOB_TIME_S,
            **candidates_of(_plain(candidates)),
        )
        return StartSiting(question=question)

    @writes(Audience.PLANNER)
    def cancel_siting(
        self,
        id: RowId,  # noqa: A002
    ) -> Write:
        """Cancel a job of your own that waits or runs."""
        return CancelSiting(id=id)
