"""The root fields: which question each asks of the database, one file a subject.

The bodies are empty: Strawberry takes names, arguments, types and words from here, and the answer comes from the
compiled statement (see ``api.operation``), in either way of execution.
"""

from __future__ import annotations

import strawberry

from api.query.counts import CountsQuery
from api.query.coverage import CoverageQuery
from api.query.coverage_of import CoverageOfQuery
from api.query.directory import DirectoryQuery
from api.query.gaps import GapsQuery
from api.query.pathways import PathwaysQuery
from api.query.places import PlacesQuery
from api.query.scenarios import ScenariosQuery
from api.query.siting import SitingQuery
from api.query.statistics import StatisticsQuery
from api.query.stewardship import StewardshipQuery
from api.query.training import TrainingQuery
from api.query.travel_times import TravelTimesQuery


@strawberry.type(description="What can be asked.")
class Query(
    PlacesQuery,
    DirectoryQuery,
    CountsQuery,
    CoverageQuery,
    CoverageOfQuery,
    PathwaysQuery,
    TrainingQuery,
    GapsQuery,
    ScenariosQuery,
    SitingQuery,
    StatisticsQuery,
    TravelTimesQuery,
    StewardshipQuery,
):
    """The root."""
