"""Queries about places and the sources of the data."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.readings import Shape
from api.graphql.declarations import asks
from api.graphql.types.connections import Connection
from api.graphql.types.places import AdminArea, Locality, Node, PlaceMatch, Source
from api.graphql.types.scalars import GeoJSON
from geo.queries.directory import areas, features, localities, places, sources
from geo.queries.directory import node as by_id


@strawberry.type
class PlacesQuery:
    """A part of the root."""

    @asks(by_id.Node, Shape.NODE)
    def node(self) -> Node | None:
        """Fetch a thing by its id. Null for what is hidden, for what does not exist, and for what is no id."""

    @asks(by_id.Nodes, Shape.NODES, prices.length_of("ids", by_id.MOST_IDS), prices.by_ids)
    def nodes(self) -> list[Node | None]:
        """Fetch things by their ids, in the order of the ids.

        Null in its place for what is hidden, for what does not exist, and for what is no id.
        """

    @asks(places.Places, Shape.LIST, prices.first(10), prices.place_names, table="place_names")
    def places(self) -> list[PlaceMatch]:
        """Find the localities and admin areas that a text may mean, the likeliest first.

        Areas of every edition are among them. Several that bear one name are all told, each with its area: which one
        is meant is for the caller to choose. The list is empty where nothing is alike.
        """

    @asks(areas.AdminAreas, Shape.CONNECTION, work=prices.page, table="admin_areas")
    def admin_areas(self) -> Connection[AdminArea]:
        """List the admin areas in force, or those of an edition, by name."""

    @asks(areas.AdminArea, Shape.OBJECT)
    def admin_area(self) -> AdminArea | None:
        """Find an admin area by its code, of whatever edition. Null where no area bears it."""

    @asks(localities.LocalityNamed, Shape.OBJECT)
    def locality(self) -> Locality | None:
        """Find a locality by any known spelling of its name. Null where none bears it, or several do."""

    @asks(localities.Localities, Shape.CONNECTION, work=prices.page, table="localities")
    def localities(self) -> Connection[Locality]:
        """List localities, by name."""

    @asks(sources.Sources, Shape.LIST, prices.counted("sources"))
    def sources(self) -> list[Source]:
        """List where the records come from that everybody may read, by name, for the attribution."""

    @asks(features.Features, Shape.JSON, prices.layer_features, prices.features)
    def feature_collection(self) -> GeoJSON:
        """Return a layer as a GeoJSON FeatureCollection, by name.

        `numberReturned` counts its features, and `truncated` is true where `first` cut it off. An outline counts as in
        the box where it meets it.
        """
