"""What is given to save a scenario."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import strawberry
from strawberry import UNSET

from api.graphql.types.inputs.records import values_of
from api.graphql.types.scalars import PointInput
from geo.coordinates import LonLat
from geo.vocabulary import ServiceCategory

NAME = "What it is called, 1 to 200 characters."
POINT = (
    "A place inside the hull of a country. Scenarios are no place for secrets: give the town of a confidential "
    "shelter, never its address."
)
PLACES = "How many children it takes at a time, 0 to 10,000."
BASE_DATE = "The moment of the data that it is made on, not to come; now where it is left out."
CHANGES = "From 1 to 50 changes, each service in one of them at most."


@strawberry.input(description="A site where there is none.")
class AddSite:
    """A site."""

    point: PointInput = strawberry.field(description=POINT)
    name: str = strawberry.field(description=NAME)
    places: int | None = strawberry.field(description=PLACES, default=UNSET)


@strawberry.input(description="A service that is closed.")
class CloseService:
    """A service."""

    service_id: strawberry.ID = strawberry.field(description="A service of the scenario's category.")


@strawberry.input(description="A service that stands elsewhere.")
class MoveService:
    """A service."""

    service_id: strawberry.ID = strawberry.field(description="A service of the scenario's category.")
    point: PointInput = strawberry.field(description=POINT)


@strawberry.input(description="A service with another number of places.")
class ResizeService:
    """A service."""

    service_id: strawberry.ID = strawberry.field(description="A service of the scenario's category.")
    places: int = strawberry.field(description=PLACES)


@strawberry.input(description="What is changed: one of these.", one_of=True)
class ScenarioChangeInput:
    """A change."""

    add: AddSite | None = strawberry.field(description="A site is added.", default=UNSET)
    close: CloseService | None = strawberry.field(description="A service is closed.", default=UNSET)
    move: MoveService | None = strawberry.field(description="A service is moved.", default=UNSET)
    resize: ResizeService | None = strawberry.field(
        description="A service gets another number of places.", default=UNSET
    )


@strawberry.input(description="A scenario to save.")
class NewScenario:
    """A scenario."""

    name: str = strawberry.field(description=NAME)
    category: ServiceCategory = strawberry.field(description="The category whose services it changes.")
    changes: list[ScenarioChangeInput] = strawberry.field(description=CHANGES)
    base_date: dt.datetime | None = strawberry.field(description=BASE_DATE, default=UNSET)


@strawberry.input(
    description="What to change of a scenario: what is left out stays. New changes rest on the data of now, or of the "
    "base date that is given with them."
)
class ScenarioChanges:
    """A scenario."""

    name: str | None = strawberry.field(description=NAME, default=UNSET)
    changes: list[ScenarioChangeInput] | None = strawberry.field(description=CHANGES, default=UNSET)
    base_date: dt.datetime | None = strawberry.field(description=BASE_DATE, default=UNSET)


def scenario_values(given: NewScenario | ScenarioChanges) -> dict[str, Any]:
    """Return the fields that were given, each change as its kind and what belongs to that."""
    values = values_of(given)
    if values.get("changes") is not None:
        values["changes"] = [_change(turn, each) for turn, each in enumerate(values["changes"])]
    return values


def _change(turn: int, given: ScenarioChangeInput) -> dict[str, Any]:
    [(kind, chosen)] = values_of(given).items()
    if hasattr(chosen, "point"):
        field = f"changes.{turn}.{kind}.point"  # before anything is checked: degrees are, as a place is made
        place = LonLat(lon=chosen.point.lon, lat=chosen.point.lat, field=field)
        return {"kind": kind.upper(), **values_of(replace(chosen, point=UNSET)), "point": place}
    return {"kind": kind.upper(), **values_of(chosen)}
