"""Recording trainings."""

from __future__ import annotations

from typing import Annotated

import strawberry

from api.graphql.declarations import about, writes
from api.graphql.types.inputs.offered import values_of
from api.graphql.types.inputs.trainings import NewTraining
from geo.audience import Audience
from geo.writes.trainings import Participants, RecordTraining
from geo.writes.write import Write


@strawberry.type
class TrainingMutation:
    """A part of the root."""

    @writes(Audience.STEWARD)
    def record_training(self, training: Annotated[NewTraining, about("The training.")]) -> Write:
        """Record a training with who held it and which actors sent somebody, all or nothing.

        How many people took part is published rounded, by the first release after it ended, once.
        """
        values = values_of(training)
        participants = tuple(Participants(**values_of(each)) for each in values.pop("participants"))
        return RecordTraining(participants=participants, **values)
