"""Inputs to record a training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.graphql.types.inputs.offered import whole
from geo.writes.trainings import Participants, RecordTraining

if TYPE_CHECKING:
    NewTraining = Any
else:
    whole(
        Participants,
        "NewParticipants",
        "A kind of actor that took part in a training, and how many people came from it.",
    )
    NewTraining = whole(RecordTraining, "NewTraining", "A training to record.")
