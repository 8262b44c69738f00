"""What can be asked of the directory."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.projection import Shape
from api.graphql.declarations import (
    After,
    AreaCode,
    Box,
    Category,
    First,
    Kind,
    NamePart,
    about,
    asks,
    located,
    or_default,
    page,
)
from api.graphql.types.answers import Connection
from api.graphql.types.directory import NearestService, Organization, ProtectionActor, Service, Shelter
from api.graphql.types.scalars import PointInput
from geo.coordinates import LonLat
from geo.queries.directory import competent_actors, nearest, records


@strawberry.type
class DirectoryQuery:
    """A part of the root."""

    @asks(
        lambda given: records.Organizations(text=given.get("text"), **page(given, 20)),
        Shape.CONNECTION,
        work=prices.page,
    )
    def organizations(self, text: NamePart = None, first: First = 20, after: After = None) -> Connection[Organization]:
        """List organisations, by name."""

    @asks(
        lambda given: records.Actors(
            kind=given.get("kind"), text=given.get("text"), **located(given), **page(given, 20)
        ),
        Shape.CONNECTION,
        work=prices.page,
    )
    def actors(
        self,
        kind: Kind = None,
        area_code: AreaCode = None,
        bbox: Box = None,
        text: NamePart = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[ProtectionActor]:
        """List protection actors, by name."""

    @asks(
        lambda given: records.Services(
            category=given.get("category"), text=given.get("text"), **located(given), **page(given, 20)
        ),
        Shape.CONNECTION,
        work=prices.page,
    )
    def services(
        self,
        category: Category = None,
        area_code: AreaCode = None,
        bbox: Box = None,
        text: NamePart = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Service]:
        """List services, by name.

        A confidential one has a zone for a place: it lies in no box, and in an area that holds its whole zone.
        """

    @asks(
        lambda given: records.Shelters(
            available_only=bool(given.get("availableOnly")), **located(given), **page(given, 20)
        ),
        Shape.CONNECTION,
        work=prices.page,
    )
    def shelters(
        self,
        area_code: AreaCode = None,
        bbox: Box = None,
        available_only: Annotated[bool | None, about("Only those that are known to have a place free.")] = False,
        first: First = 20,
        after: After = None,
    ) -> Connection[Shelter]:
        """List shelters, by name.

        A confidential one has a zone for a place: it lies in no box, and in an area that holds its whole zone.
        """

    @asks(
        lambda given: nearest.NearestServices(
            origin=LonLat(**given["origin"], field="origin"),
            category=given.get("category"),
            max_distance_m=given.get("maxDistanceMetres"),
            first=or_default(given, "first", 10),
        ),
        Shape.LIST,
        prices.first(10),
        prices.nearest,
    )
    def nearest_services(
        self,
        origin: Annotated[PointInput, about("Where the child is. It is never logged.")],
        category: Category = None,
        max_distance_metres: Annotated[
            float | None, about("Only what is at most this many metres away, on the WGS 84 spheroid; above 0.")
        ] = None,
        first: Annotated[int | None, about("How many, 1 to 100.")] = 10,
    ) -> list[NearestService]:
        """Find the services nearest to a place, nearest first, ties by id.

        Confidential services are not among them, for they have no distance; `referralOptions` and `shelters` list them
        with their zone, and `gapsOf` says how many there are.
        """

    @asks(
        lambda given: competent_actors.CompetentActors(at=LonLat(**given["at"], field="at"), kind=given.get("kind")),
        Shape.LIST,
        prices.counted("competent", competent_actors.MAX_COMPETENT),
        prices.fixed(prices.AT_PLACE),
    )
    def competent_actors(
        self, at: Annotated[PointInput, about("Where the child is. It is never logged.")], kind: Kind = None
    ) -> list[ProtectionActor]:
        """Find who is competent at a place: the smallest jurisdiction first, then the nearest; at most 100.

        A jurisdiction without an outline holds a place where it holds the nearest locality. Outside all jurisdictions
        the list is empty.
        """
