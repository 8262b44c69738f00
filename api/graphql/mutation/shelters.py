"""Changes of shelters."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.declarations import Takes, writes
from api.graphql.types.inputs import records
from geo.audience import Audience
from geo.writes.shelters import CreateShelter, RetireShelter, UpdateShelter, UpdateShelterOccupancy
from geo.writes.write import Write


@strawberry.type
class SheltersMutation:
    """A part of the root."""

    @writes(Audience.STEWARD, of=CreateShelter, takes=Takes("shelter", records.NewShelter, "The shelter."))
    def create_shelter(self) -> Write:
        """Enter a shelter, open or confidential."""

    @writes(Audience.STEWARD, of=UpdateShelter, takes=Takes("changes", records.ShelterChanges, "What to change."))
    def update_shelter(self) -> Write:
        """Change some fields of a shelter.

        To make it confidential takes effect at once, for distances, coverage and maps too. To make it public again
        takes a proposal that another steward approves.
        """

    @writes(Audience.STEWARD, of=RetireShelter)
    def retire_shelter(self) -> Write:
        """Take a shelter out of the directory, its place included. The audit log keeps it."""

    @writes(Audience.PARTNER, Audience.STEWARD, of=UpdateShelterOccupancy)
    def update_shelter_occupancy(self) -> Write:
        """Say how many places of a shelter are taken; partners of their own shelters."""
