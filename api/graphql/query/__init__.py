"""The root fields and the question that each puts to the database, one file for each subject.

The bodies are empty: Strawberry takes names, arguments, types and descriptions from here. The answer comes from the
compiled statement (see ``api.graphql.compile.compiled_operation``) in both ways of execution.
"""

from __future__ import annotations

import strawberry

from api.graphql.query.counts import CountsQuery
from api.graphql.query.coverage import CoverageQuery
from api.graphql.query.directory import DirectoryQuery
from api.graphql.query.gaps import GapsQuery
from api.graphql.query.maps import MapsQuery
from api.graphql.query.pathways import PathwaysQuery
from api.graphql.query.places import PlacesQuery
from api.graphql.query.scenarios import ScenariosQuery
from api.graphql.query.siting import SitingQuery
from api.graphql.query.statistics import StatisticsQuery
from api.graphql.query.stewardship import StewardshipQuery
from api.graphql.query.training import TrainingQuery
from api.graphql.query.travel_times import TravelTimesQuery


@strawberry.type(
    description="What can be asked. A field is null where there is nothing, or nothing that you may see, without an "
    "error; and where it failed or took too long, with an error that has its path."
)
class Query(
    PlacesQuery,
    DirectoryQuery,
    CountsQuery,
    CoverageQuery,
    PathwaysQuery,
    TrainingQuery,
    GapsQuery,
    ScenariosQuery,
    SitingQuery,
    StatisticsQuery,
    TravelTimesQuery,
    MapsQuery,
    StewardshipQuery,
):
    """The root."""
