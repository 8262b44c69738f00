"""A map layer as one GeoJSON FeatureCollection (RFC 7946, longitude first), built entirely in the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from sqlalchemy import JSON, ColumnElement, FromClause, Integer, Select, Subquery, Uuid, case, cast, func, null, select

from geo.arguments import AreaCode, argument, between
from geo.coordinates import BBox
from geo.database.tables import service, source, zone
from geo.errors import BadInput
from geo.queries.base.area_codes import coded_place
from geo.queries.base.categories import among, some_categories
from geo.queries.base.descriptions import BOX
from geo.queries.base.question import Question, bind, constant, in_box, in_place, meets_box
from geo.queries.base.row_sets import (
    actors,
    areas_in_force,
    ground_of_maps,
    has_places,
    localities,
    services_with_actors,
    shelters,
    told_point,
    told_radius_m,
)
from geo.vocabulary import ServiceCategory

MAX_FEATURES = 10_000
DEGREE_DIGITS = 5
"""Decimals of a degree in outlines and points: about a metre."""


class MapLayer(Enum):
    """What a map can show."""

    ADMIN_AREAS = "ADMIN_AREAS"
    LOCALITIES = "LOCALITIES"
    ACTORS = "ACTORS"
    SERVICES = "SERVICES"
    SHELTERS = "SHELTERS"
    GROUND = "GROUND"


Told = Callable[[FromClause], ColumnElement[Any]]
"""Returns a property of the features from the selected rows."""


@dataclass(frozen=True)
class _Layer:
    rows: Callable[[], Select[Any]]
    geometry: str
    area: str | None
    """The column with the id of its area; the ground lies in none."""
    locality: str | None
    """The column with the id of its locality; of areas there is none."""
    properties: Mapping[str, Told]


def _column(name: str) -> Told:
    return lambda kept: kept.c[name]


def _radius_m(kept: FromClause) -> ColumnElement[float]:
    return told_radius_m(kept.c.radius_m, kept.c.zone_id)


def _of_source(name: str) -> Told:
    return lambda kept: select(source.c[name]).where(source.c.id == kept.c.source_id).scalar_subquery()


def _of_service(name: str) -> Told:
    """Return a property of the service that a shelter is; NULL where it is confidential, as the row of the service."""
    return lambda kept: select(service.c[name]).where(service.c.id == kept.c.service_id).scalar_subquery()


_EACH: Mapping[str, Told] = {"illustrative": _of_source("illustrative")}
_SITE: Mapping[str, Told] = {
    "radiusMetres": _radius_m,
    "precision": lambda kept: precision(_radius_m(kept)),
    **_EACH,
}
_HIDDEN: Mapping[str, Told] = {
    "zoneName": lambda kept: (
        select(zone.c.name_fr).where(zone.c.id == kept.c.zone_id).correlate(kept).scalar_subquery()
    ),
    **_SITE,
}
"""For features that may be confidential: also the name of the zone, null if the feature has a place."""
_LAYERS = {
    MapLayer.ADMIN_AREAS: _Layer(
        lambda: areas_in_force().where(areas_in_force().selected_columns["geom"].is_not(None)),
        "geom",
        "id",
        None,
        {
            "name": _column("name_fr"),
            "areaCode": _column("area_code"),
            "level": _column("level_name"),
            "derived": _column("outline_derived"),
            **_EACH,
        },
    ),
    MapLayer.LOCALITIES: _Layer(
        localities,
        "point",
        "area_set_id",
        "id",
        {
            "name": _column("name_fr"),
            "areaCode": _column("area_code"),
            "populationTotal": _column("population"),
            "populationUnder18": _column("under_18"),
            **_EACH,
        },
    ),
    MapLayer.ACTORS: _Layer(
        actors,
        "point",
        "area_set_id",
        "locality_id",
        {
            "name": _column("name"),
            "kind": _column("kind"),
            "verifiedOn": _column("verified_on"),
            "phone": _column("phone"),
            "sourceName": _of_source("name"),
            **_SITE,
        },
    ),
    MapLayer.SERVICES: _Layer(
        services_with_actors,
        "point",
        "area_set_id",
        "locality_id",
        {
            "name": _column("name"),
            "actorName": _column("actor_name"),
            "category": _column("category"),
            "capacity": _column("capacity"),
            "verifiedOn": _column("verified_on"),
            "phone": _column("phone"),
            "openingHours": _column("opening_hours"),
            "sourceName": _of_source("name"),
            **_HIDDEN,
        },
    ),
    MapLayer.SHELTERS: _Layer(
        shelters,
        "point",
        "area_set_id",
        "locality_id",
        {
            "name": _column("name"),
            "confidential": _column("confidential"),
            "hasPlaces": lambda kept: has_places(kept.c.service_id),
            "phone": _of_service("phone"),
            "openingHours": _of_service("opening_hours"),
            "sourceName": _of_source("name"),
            **_HIDDEN,
        },
    ),
    MapLayer.GROUND: _Layer(
        ground_of_maps,
        "geom",
        None,
        None,
        {
            "name": _column("name_fr"),
            "kind": _column("kind"),
            "rank": _column("rank"),
            "source": _of_source("name"),
            **_EACH,
        },
    ),
}


def properties_of(layer: MapLayer) -> tuple[str, ...]:
    """Return the names of the properties of a layer's features, in their order."""
    return tuple(_LAYERS[layer].properties)


def precision(radius_m: ColumnElement[float]) -> ColumnElement[str]:
    """Return the precision of a point with this radius in metres: EXACT for 0, else AREA."""
    return case((radius_m > 0, constant("AREA")), else_=constant("EXACT"))


@dataclass(frozen=True, kw_only=True)
class Features(Question):
    """The features of a layer in a box and an area, by name, ties by id.

    A confidential site is a feature at the point of its zone, with the zone's radius and name. It lies in no box, and
    in an area only if that contains the whole zone. An outline is returned if it meets the box, even only at an edge.
    The ground is what maps are drawn on: it lies in no area.
    """

    structural: ClassVar[frozenset[str]] = frozenset({"layer"})
    lists_places: ClassVar[bool] = True

    layer: MapLayer = argument("What to show.")
    bbox: BBox | None = argument(BOX, default=None)
    area_code: AreaCode | None = coded_place()
    categories: tuple[ServiceCategory, ...] | None = argument(
        "Only these categories, 1 to 16, no one twice; for the layer SERVICES.", some_categories, default=None
    )
    first: int = argument("At most this many features, 1 to 10,000.", between(1, MAX_FEATURES), default=1000)

    def __post_init__(self) -> None:
        """Check that categories are given only for services, and no area for the ground."""
        super().__post_init__()
        if self.categories is not None and self.layer is not MapLayer.SERVICES:
            raise BadInput(
                "categories", f"the layer {self.layer.name} has no categories; leave it out or ask for SERVICES."
            )
        if self.area_code is not None and _LAYERS[self.layer].area is None:
            raise BadInput("area_code", f"the layer {self.layer.name} lies in no area; leave it out or give a box.")

    def rows(self) -> Select[Any]:
        """Return one row with the column ``json``, the whole FeatureCollection."""
        page = self._page()
        kept = select(page).limit(bind("first", Integer)).subquery("kept")
        feature = select(
            constant("Feature").label("type"),
            kept.c.id,
            cast(func.ST_AsGeoJSON(self._geometry(kept), DEGREE_DIGITS), JSON).label("geometry"),
            self._properties(kept).label("properties"),
        ).subquery("feature")
        return select(
            func.json_build_object(
                constant("type"),
                constant("FeatureCollection"),
                constant("features"),
                func.coalesce(select(_aggregate(feature)).scalar_subquery(), cast(constant("[]"), JSON)),
                constant("numberReturned"),
                select(func.count()).select_from(kept).scalar_subquery(),
                constant("truncated"),
                select(func.count() > bind("first", Integer)).select_from(page).scalar_subquery(),
            ).label("json")
        )

    def _page(self) -> FromClause:
        layer = _LAYERS[self.layer]
        rows = layer.rows()
        columns = rows.selected_columns
        if self.bbox is not None:
            located = columns[layer.geometry]
            rows = rows.where(meets_box(located, self.bbox) if layer.geometry == "geom" else in_box(located, self.bbox))
        if self.area_code is not None and layer.area is not None:
            rows = rows.where(self._inside(layer.area, layer, columns))
        if self.categories is not None:
            rows = rows.where(among(columns["category"], self.categories))
        return rows.order_by(columns["name_key"], columns["id"]).limit(bind("first", Integer) + 1).cte("page")

    @staticmethod
    def _inside(column: str, layer: _Layer, columns: Any) -> ColumnElement[bool]:
        zones = "zoneName" in layer.properties
        area = func.coalesce(columns[column], columns["zone_id"]) if zones else columns[column]
        locality_id = columns[layer.locality] if layer.locality else cast(null(), Uuid(as_uuid=False))
        return in_place(area, locality_id, zones=zones)

    def _geometry(self, kept: FromClause) -> ColumnElement[Any]:
        located = kept.c[_LAYERS[self.layer].geometry]
        return told_point(located, kept.c.zone_id) if "zone_id" in kept.c else located

    def _properties(self, kept: FromClause) -> ColumnElement[Any]:
        pairs: list[Any] = []
        for name, told in _LAYERS[self.layer].properties.items():
            pairs += [constant(name), told(kept)]
        return func.json_build_object(*pairs)


def _aggregate(rows: Subquery) -> ColumnElement[Any]:
    return func.json_agg(rows.table_valued())
