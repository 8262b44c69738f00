"""Changes of shelters."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.mutation.declaration import changed, writes
from api.graphql.types.directory import Shelter
from api.graphql.types.inputs import records
from geo.audience import Audience
from geo.writes import shelters
from geo.writes.shelters import CreateShelter, RetireShelter, UpdateShelter, UpdateShelterOccupancy
from geo.writes.write import Write

SHELTERS = {"shelter": Shelter}


@strawberry.type
class SheltersMutation:
    """A part of the root."""

    @writes(Audience.STEWARD, of=CreateShelter, new=shelters.Shelter, gives=SHELTERS)
    def create_shelter(self) -> Write:
        """Enter a shelter, open or confidential.

        Of a confidential one the place is kept where custodians alone may ask for it.
        """

    @writes(
        Audience.STEWARD,
        of=UpdateShelter,
        takes=changed(records.ShelterChangesInput),
        gives=SHELTERS,
        further=("was_public",),
    )
    def update_shelter(self) -> Write:
        """Change some fields of a shelter.

        To make it confidential takes effect at once, for distances, coverage and maps too. To make it public again
        takes a proposal that another steward approves.
        """

    @writes(Audience.STEWARD, of=RetireShelter)
    def retire_shelter(self) -> Write:
        """Take a shelter out of the directory, its place included. The audit log keeps it."""

    @writes(Audience.PARTNER, Audience.STEWARD, of=UpdateShelterOccupancy, gives=SHELTERS)
    def update_shelter_occupancy(self) -> Write:
        """Say how many places of a shelter are taken; partners of their own shelters."""
