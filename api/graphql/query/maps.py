"""The query for the address of a map."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from api.graphql.compile import prices
from api.graphql.declarations import about, works
from api.graphql.types.field import worked
from api.graphql.types.scalars import Language
from api.names import spelt
from geo import arguments
from geo.arguments import AreaCode, Period
from geo.errors import BadInput
from geo.vocabulary import ActorKind, AreaLevel, IncidentType, Sector, ServiceCategory
from maps.kinds import LEVELS, MOST_SITES, TAKES, MapKind, address

WORDS = {
    "OVERVIEW": "Who protects children and where, and published counts. Takes areaCode and period",
    "COVERAGE": "Children within reach of a category of service. Takes areaCode, category and distanceMetres",
    "PRESENCE": "Which organisations are where, as lists of who does what where say. Takes areaCode, sector and period",
    "TRAINING": "Children without a trained actor within reach. Takes areaCode, actorKind and distanceMetres",
    "PATHWAY": "Whom to tell and where a child can go from a town or village. Takes areaCode, localityCode and "
    "incidentType",
    "SITES": "Where a model would build services; a page for planners. Takes areaCode, category, distanceMetres and "
    "siteCount",
    "SCENARIO": "Today and a scenario of yours side by side; a page for planners. Takes areaCode, scenarioId and "
    "distanceMetres",
    "HOTSPOTS": "Where rates stand out beyond chance, by quarter. Takes areaCode, level and incidentType",
}
_described: Any = strawberry.enum(MapKind, description="A kind of map, with what may be chosen for it.")
for _each in _described.__strawberry_definition__.values:
    _each.description = WORDS[_each.name]
PARAMETERS = {
    "area_code": "area",
    "category": "category",
    "distance_metres": "metres",
    "period": "period",
    "level": "level",
    "incident_type": "incident",
    "sector": "sector",
    "actor_kind": "actors",
    "locality_code": "place",
    "site_count": "sites",
    "scenario_id": "scenario",
}
"""Which parameter of the address each argument becomes."""


@strawberry.type(description="Where a map is.")
class MapLink:
    """An address."""

    url: str = worked("Its path with its choices, to be put behind the address of this service.")


@strawberry.type
class MapsQuery:
    """A part of the root."""

    @works(prices.fixed(1))
    def map_link(
        self,
        kind: Annotated[MapKind, about("Which map.")],
        area_code: Annotated[
            AreaCode | None,
            about("Of a nation, or of an area inside one whose outline is known; the nation where it is left out."),
        ] = strawberry.UNSET,
        category: Annotated[ServiceCategory | None, about("What should be within reach.")] = strawberry.UNSET,
        distance_metres: Annotated[
            float | None,
            about("How far is within reach, 0.001 to 1,000,000; what the map shows by itself where it is left out."),
        ] = strawberry.UNSET,
        period: Annotated[
            Period | None, about("The year or quarter; the latest where it is left out.")
        ] = strawberry.UNSET,
        level: Annotated[
            AreaLevel | None, about("The level of the places: LOCALITY, ADM1 or ADM2; LOCALITY where it is left out.")
        ] = strawberry.UNSET,
        incident_type: Annotated[IncidentType | None, about("One type; all where it is left out.")] = strawberry.UNSET,
        sector: Annotated[Sector | None, about("One sector; all where it is left out.")] = strawberry.UNSET,
        actor_kind: Annotated[
            ActorKind | None, about("Who should be trained; CHILD_PROTECTION_OFFICER where it is left out.")
        ] = strawberry.UNSET,
        locality_code: Annotated[
            AreaCode | None, about("A locality by its own code; the largest of the area where it is left out.")
        ] = strawberry.UNSET,
        site_count: Annotated[
            int | None, about("How many sites at most, 1 to 20; what the map shows by itself where it is left out.")
        ] = strawberry.UNSET,
        scenario_id: Annotated[
            strawberry.ID | None, about("One of your scenarios; the one saved last where it is left out.")
        ] = strawberry.UNSET,
        language: Annotated[
            Language | None, about("Left out, it is that of whoever opens the map.")
        ] = strawberry.UNSET,
    ) -> MapLink | None:
        """Give the address of a map: a page that anybody may open, drawn from what the public may read.

        Two kinds are for planners, who sign in to open them.
        An argument that the map does not take is an error. `lakana map` writes the same map as a file.
        """
        chosen = {
            "area_code": area_code,
            "category": category,
            "distance_metres": distance_metres,
            "period": period,
            "level": level,
            "incident_type": incident_type,
            "sector": sector,
            "actor_kind": actor_kind,
            "locality_code": locality_code,
            "site_count": site_count,
            "scenario_id": scenario_id,
        }
        given: dict[str, Any] = {name: value for name, value in chosen.items() if value not in {None, strawberry.UNSET}}
        if "distance_metres" in given:
            arguments.reach_in_metres("distance_metres", given["distance_metres"])
        if "period" in given:
            arguments.period("period", given["period"])
        if "site_count" in given and not 1 <= given["site_count"] <= MOST_SITES:
            raise BadInput("site_count", f"give 1 to {MOST_SITES}.")
        if "level" in given and given["level"] not in LEVELS:
            raise BadInput("level", f"choose one of {', '.join(each.name for each in LEVELS)}.")
        return MapLink(url=address(kind, _choices(kind, given) | _spoken(language)))


def _choices(kind: MapKind, given: dict[str, Any]) -> dict[str, str]:
    takes = [spelt(name) for name, parameter in PARAMETERS.items() if parameter in TAKES[kind]]
    written = {}
    for name, value in given.items():
        if PARAMETERS[name] not in TAKES[kind]:
            raise BadInput(name, f"this map takes no more than {', '.join(takes)}.")
        written[PARAMETERS[name]] = f"{value:g}" if isinstance(value, float) else getattr(value, "name", str(value))
    return written


def _spoken(language: Any) -> dict[str, str]:
    return {"lang": language.name.lower()} if language else {}
