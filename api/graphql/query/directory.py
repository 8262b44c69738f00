"""Queries about the directory."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.readings import Shape
from api.graphql.declarations import (
    asks,
)
from api.graphql.types.connections import Connection
from api.graphql.types.directory import (
    CompetentActor,
    NearestSearch,
    NearestService,
    Organization,
    Presence,
    ProtectionActor,
    Service,
    Shelter,
)
from geo.queries.directory import competent_actors, nearest, presence, records


@strawberry.type
class DirectoryQuery:
    """A part of the root."""

    @asks(records.Organizations, Shape.CONNECTION, work=prices.page, table="organizations")
    def organizations(self) -> Connection[Organization]:
        """List organisations, by name."""

    @asks(presence.Presences, Shape.CONNECTION, work=prices.page, table="presence")
    def presence(self) -> Connection[Presence]:
        """List where organisations are present, as lists of who does what where say, by name.

        These are no services: nobody can be referred to them, and no coverage counts them.
        """

    @asks(
        records.Actors,
        Shape.CONNECTION,
        work=prices.page,
        table="actors",
        order=("kind", "area_code", "bbox", "text", "first", "after"),
    )
    def actors(self) -> Connection[ProtectionActor]:
        """List protection actors, by name."""

    @asks(
        records.Services,
        Shape.CONNECTION,
        work=prices.page,
        table="services",
        order=("categories", "area_code", "bbox", "text", "order_by", "first", "after"),
    )
    def services(self) -> Connection[Service]:
        """List services, by name or by when they were last verified.

        A confidential one has a zone for a place: it lies in no box, and in an area that holds its whole zone.
        """

    @asks(
        records.Shelters,
        Shape.CONNECTION,
        work=prices.page,
        table="shelters",
        order=("area_code", "bbox", "text", "available_only", "for_age_months", "for_sex", "first", "after"),
    )
    def shelters(self) -> Connection[Shelter]:
        """List shelters, by name.

        A confidential one has a zone for a place: it lies in no box, and in an area that holds its whole zone.
        """

    @asks(nearest.NearestServices, Shape.LIST, prices.first(10), prices.nearest)
    def nearest_services(self) -> list[NearestService]:
        """Find the services nearest to a place, nearest first, ties by id; then those that come to it.

        Helplines and mobile teams whose area holds the place have no distance. With `openAt` only those that are known
        to be open then; `nearestSearch` tells how many were passed over.
        Confidential services are not among them, for they have no distance; `referralOptions` and `shelters` list them
        with their zone, and `coverageGaps` says how many there are.
        """

    @asks(nearest.NearestSearch, Shape.OBJECT, work=prices.nearest_open)
    def nearest_search(self) -> NearestSearch:
        """Find the services nearest to a place that are open at a moment, and tell how many were passed over, and why.

        The search looks on, past closed ones and those whose hours are not known, until enough were found or all within
        reach were seen, at most 1,000 of each category.
        """

    @asks(
        competent_actors.CompetentActors,
        Shape.LIST,
        prices.counted("competent", competent_actors.MAX_COMPETENT),
        prices.competent,
    )
    def competent_actors(self) -> list[CompetentActor]:
        """Find who is competent at a place: the smallest area first, then the nearest; at most 100.

        On a border both sides are told, and neither is certain. Inside a known country the list is never empty for a
        kind that the law appoints and of which there is any: up the levels those are told who can be called meanwhile.
        Where no area is known to hold the place, abroad for example, it is empty.
        """
