"""What can be asked about places and where the data come from."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.projection import Shape
from api.graphql.declarations import After, AreaCode, Box, First, about, asks, located, or_default, page
from api.graphql.types.answers import Connection
from api.graphql.types.places import AdminArea, Locality, Node, Source
from api.graphql.types.scalars import GeoJSON
from geo.queries.directory import areas, features, localities, node, sources
from geo.queries.directory.features import MapLayer
from geo.vocabulary import ServiceCategory


@strawberry.type
class PlacesQuery:
    """A part of the root."""

    @asks(lambda given: node.Node(id=given["id"]), Shape.NODE)
    def node(self, id: Annotated[strawberry.ID, about("An id that an earlier answer gave.")]) -> Node | None:  # noqa: A002
        """Fetch a thing by its id. What is hidden and what does not exist both give NOT_FOUND."""

    @asks(
        lambda given: areas.AdminAreas(
            level=given.get("level"),
            scheme=given.get("scheme"),
            parent_code=given.get("parentCode"),
            **page(given, 50),
        ),
        Shape.CONNECTION,
        work=prices.page,
    )
    def admin_areas(
        self,
        level: Annotated[int | None, about("Only this admin level, 0 (nation) to 5.")] = None,
        scheme: Annotated[str | None, about("Only this scheme, `COD-AB` for example.")] = None,
        parent_code: Annotated[str | None, about("Only the parts of this area: SCHEME:CODE or a bare code.")] = None,
        first: First = 50,
        after: After = None,
    ) -> Connection[AdminArea]:
        """List the admin areas in force, by name."""

    @asks(
        lambda given: localities.LocalityNamed(name=given["name"], area_code=given.get("areaCode")),
        Shape.OBJECT,
    )
    def locality(
        self,
        name: Annotated[str, about("Any known spelling, 1 to 200 characters; case and accents are ignored.")],
        area_code: AreaCode = None,
    ) -> Locality | None:
        """Find a locality by any known spelling of its name. Several of one name are an error that lists them."""

    @asks(lambda given: localities.Localities(**located(given), **page(given, 20)), Shape.CONNECTION, work=prices.page)
    def localities(
        self, bbox: Box = None, area_code: AreaCode = None, first: First = 20, after: After = None
    ) -> Connection[Locality]:
        """List localities, by name."""

    @asks(lambda _: sources.Sources(), Shape.LIST, prices.counted("sources"))
    def sources(self) -> list[Source]:
        """List where the records come from, by name, for the attribution."""

    @asks(
        lambda given: features.Features(
            layer=given["layer"],
            category=given.get("category"),
            first=or_default(given, "first", 1000),
            **located(given),
        ),
        Shape.JSON,
        prices.first(1000),
        prices.features,
    )
    def feature_collection(
        self,
        layer: Annotated[MapLayer, about("What to show.")],
        bbox: Box = None,
        area_code: AreaCode = None,
        category: Annotated[ServiceCategory | None, about("Only this category; for the layer SERVICES.")] = None,
        first: Annotated[int | None, about("At most this many features, 1 to 10,000.")] = 1000,
    ) -> GeoJSON:
        """Give a layer as a GeoJSON FeatureCollection, by name.

        `numberReturned` counts its features, and `truncated` is true where `first` cut it off. An outline counts as in
        the box where it meets it.
        """
