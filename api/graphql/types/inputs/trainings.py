"""What is given to record a training."""

from __future__ import annotations

import datetime as dt

import strawberry
from strawberry import UNSET

from geo.vocabulary import ActorKind, IncidentType


@strawberry.input(description="A kind of actor that took part in a training, and how many people came from it.")
class NewParticipants:
    """Participants of a kind: an aggregate, never a person."""

    kind: ActorKind = strawberry.field(description="The kind; each at most once.")
    people: int | None = strawberry.field(
        description="How many people, 1 to 10,000; published rounded once the training is over, never read back.",
        default=UNSET,
    )


@strawberry.input(description="A training to record.")
class NewTraining:
    """A training."""

    name: str = strawberry.field(description="Its name, 1 to 200 characters.")
    starts_on: dt.date = strawberry.field(description="Its first day, from 1990 on.")
    ends_on: dt.date = strawberry.field(description="Its last day: not before the first, at most a year after it.")
    participants: list[NewParticipants] = strawberry.field(description="Who took part: from 1 to 21 kinds of actor.")
    topics: list[IncidentType] = strawberry.field(
        description="The types of incident that it was about, at most 10, each once.", default_factory=list
    )
    organizer_ids: list[strawberry.ID] = strawberry.field(
        description="The organisations that held it, at most 20.", default_factory=list
    )
    trained_actor_ids: list[strawberry.ID] = strawberry.field(
        description="The actors that sent somebody, at most 500, each of a kind that took part.", default_factory=list
    )
    programme: str | None = strawberry.field(
        description="The programme that it was a part of, 1 to 200 characters.", default=UNSET
    )
    description: str | None = strawberry.field(
        description="What is known of it besides, 1 to 200 characters; nothing about a person.", default=UNSET
    )
    locality_id: strawberry.ID | None = strawberry.field(description="The locality where it was held.", default=UNSET)
