"""Queries about trainings."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.readings import Shape
from api.graphql.declarations import asks
from api.graphql.types.connections import Connection
from api.graphql.types.training import TrainingCoverage, TrainingEvent
from geo.queries.planning import training, training_events


@strawberry.type
class TrainingQuery:
    """A part of the root."""

    @asks(training_events.Trainings, Shape.CONNECTION, work=prices.page, table="trainings")
    def training_events(self) -> Connection[TrainingEvent]:
        """List trainings, the newest first, ties by name. Those of an area are those held in one of its localities."""

    @asks(training.TrainingCoverage, Shape.OBJECT, work=prices.training)
    def training_coverage(self) -> TrainingCoverage:
        """Count the children within reach of a trained actor of a kind, and list the localities that are not.

        With nobody trained coverage is 0 %.
        """
