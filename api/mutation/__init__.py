"""The mutations: each is one write of :mod:`geo.writes`, for the audiences that it names; one file a subject."""

from __future__ import annotations

import strawberry

from api.mutation.directory import DirectoryMutation
from api.mutation.shelters import SheltersMutation
from api.mutation.siting import SitingMutation
from api.mutation.stewardship import StewardshipMutation


@strawberry.type(description="What can be changed. Each write is attributed, and lands in the audit log.")
class Mutation(DirectoryMutation, SheltersMutation, SitingMutation, StewardshipMutation):
    """The root."""
