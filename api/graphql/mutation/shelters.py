"""Changes of shelters."""

from __future__ import annotations

from typing import Annotated

import strawberry

from api.graphql.declarations import OfRow, Version, about, writes
from api.graphql.types.inputs import records
from api.graphql.types.inputs.records import values_of
from geo.audience import Audience
from geo.writes.shelters import CreateShelter, RetireShelter, UpdateShelter, UpdateShelterOccupancy
from geo.writes.write import Write


@strawberry.type
class SheltersMutation:
    """A part of the root."""

    @writes(Audience.STEWARD)
    def create_shelter(
        self,
        shelter: Annotated[records.NewShelter, about("The shelter.")],
    ) -> Write:
        """Enter a shelter, open or confidential."""
        return CreateShelter(values=values_of(shelter))

    @writes(Audience.STEWARD)
    def update_shelter(
        self,
        id: OfRow,  # noqa: A002
        expected_version: Version,
        changes: Annotated[records.ShelterChanges, about("What to change.")],
    ) -> Write:
        """Change some fields of a shelter.

        To make it confidential takes effect at once, for distances, coverage and maps too. To make it public again
        takes a proposal that another steward approves.
        """
        return UpdateShelter(id=id, expected_version=expected_version, values=values_of(changes))

    @writes(Audience.STEWARD)
    def retire_shelter(
        self,
        id: OfRow,  # noqa: A002
        expected_version: Version,
    ) -> Write:
        """Take a shelter out of the directory, its place included. The audit log keeps it."""
        return RetireShelter(id=id, expected_version=expected_version)

    @writes(Audience.PARTNER, Audience.STEWARD)
    def update_shelter_occupancy(
        self,
        shelter_id: OfRow,
        expected_version: Version,
        occupancy: Annotated[int, about("Places taken, 0 to 10,000.")],
        capacity: Annotated[int | None, about("Places in all, where that has changed: 0 to 10,000.")] = None,
    ) -> Write:
        """Say how many places of a shelter are taken; partners of their own shelters."""
        return UpdateShelterOccupancy(
            id=shelter_id, expected_version=expected_version, occupancy=occupancy, capacity=capacity
        )
