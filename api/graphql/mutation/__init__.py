"""The mutations, one file a subject. Each runs one write of :mod:`geo.writes` for the audiences that it names."""

from __future__ import annotations

import strawberry

from api.graphql.mutation.directory import DirectoryMutation
from api.graphql.mutation.scenarios import ScenariosMutation
from api.graphql.mutation.shelters import SheltersMutation
from api.graphql.mutation.siting import SitingMutation
from api.graphql.mutation.stewardship import StewardshipMutation
from api.graphql.mutation.training import TrainingMutation


@strawberry.type(
    description="What can be changed. Each write is attributed, and lands in the audit log. A field is null "
    "where it failed or took too long, with an error that has its path."
)
class Mutation(
    DirectoryMutation, SheltersMutation, ScenariosMutation, SitingMutation, StewardshipMutation, TrainingMutation
):
    """The root."""
