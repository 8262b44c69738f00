"""The root fields: which question each asks of the database, one file a subject.

The bodies are empty: Strawberry takes names, arguments, types and words from here, and the answer comes from the
compiled statement (see ``api.operation``), in either way of execution.
"""

from __future__ import annotations

import strawberry

from api.query.counts import CountsQuery
from api.query.coverage import CoverageQuery
from api.query.directory import DirectoryQuery
from api.query.places import PlacesQuery
from api.query.siting import SitingQuery
from api.query.stewardship import StewardshipQuery


@strawberry.type(description="What can be asked.")
class Query(PlacesQuery, DirectoryQuery, CountsQuery, CoverageQuery, SitingQuery, StewardshipQuery):
    """The root."""
