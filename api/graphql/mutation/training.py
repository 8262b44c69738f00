"""Recording trainings."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.compile import prices, tariff
from api.graphql.mutation.declaration import writes
from api.graphql.types.training import TrainingEvent
from geo.audience import Audience
from geo.writes.trainings import RecordTraining
from geo.writes.write import Write


@strawberry.type
class TrainingMutation:
    """A part of the root."""

    @writes(
        Audience.STEWARD,
        price=prices.write_each(tariff.TRAINED_ACTOR, "trainedActorIds"),
        of=RecordTraining,
        gives={"training_event": TrainingEvent},
    )
    def record_training(self) -> Write:
        """Record a training with who held it and which actors sent somebody, all or nothing.

        How many people took part is published rounded, by the first release after it ended, once.
        """
