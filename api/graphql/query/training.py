"""What can be asked about trainings."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.projection import Shape
from api.graphql.declarations import After, AreaCode, First, Within, about, asks, or_default, page, within
from api.graphql.types.answers import Connection
from api.graphql.types.training import TrainingCoverage, TrainingEvent
from geo.queries.planning import training, training_events
from geo.vocabulary import ActorKind, IncidentType


@strawberry.type
class TrainingQuery:
    """A part of the root."""

    @asks(
        lambda given: training_events.Trainings(
            area_code=given.get("areaCode"), topic=given.get("topic"), **page(given, 20)
        ),
        Shape.CONNECTION,
        work=prices.page,
    )
    def training_events(
        self,
        area_code: AreaCode = None,
        topic: Annotated[IncidentType | None, about("Only those that were about this type of incident.")] = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[TrainingEvent]:
        """List trainings, the newest first, ties by name. Those of an area are those held in one of its localities."""

    @asks(
        lambda given: training.TrainingCoverage(
            kind=given["kind"],
            reach=within(given),
            area_code=given.get("areaCode"),
            since=given.get("trainedSince"),
            first=or_default(given, "first", 20),
        ),
        Shape.OBJECT,
        work=prices.training,
    )
    def training_coverage(
        self,
        kind: Annotated[ActorKind, about("The kind of actor of whom one should be trained and within reach.")],
        within: Within,
        area_code: AreaCode = None,
        trained_since: Annotated[
            dt.date | None, about("Only trainings that ended on this day or later; any where it is left out.")
        ] = None,
        first: Annotated[int | None, about("How many localities, 1 to 100.")] = 20,
    ) -> TrainingCoverage:
        """Count the children within reach of a trained actor of a kind, and list the localities that are not.

        The area is the nation where none is named. With nobody trained coverage is 0 %.
        """
