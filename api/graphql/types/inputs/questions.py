"""What questions take: places, reaches, needs, candidates."""

from __future__ import annotations

import strawberry

from api.graphql.types import scalars  # noqa: F401  an input keeps a term as it finds it, so it is described before
from geo.arguments import AreaCode
from geo.queries.base.area_codes import NO_LOCALITY
from geo.vocabulary import IncidentType, Season, ServiceCategory, Stage, TravelMode

LONGITUDE = "Longitude, -180 to 180 or that after up to 100 turns."


@strawberry.input(description="A place in degrees, EPSG:4326; any turn of the earth, so that a longitude of 352 is -8.")
class PointInput:
    """A place."""

    lon: float = strawberry.field(description=LONGITUDE)
    lat: float = strawberry.field(description="Latitude, -90 to 90.")


@strawberry.input(
    description="A box in degrees, EPSG:4326, edges inclusive. Where west is more than east, it goes across the "
    "antimeridian."
)
class BBoxInput:
    """A box."""

    west: float = strawberry.field(description=f"Western edge, from which the box goes east. {LONGITUDE}")
    south: float = strawberry.field(description="Southern edge, a latitude from -90 to 90, not north of `north`.")
    east: float = strawberry.field(description=f"Eastern edge. {LONGITUDE}")
    north: float = strawberry.field(description="Northern edge, a latitude from -90 to 90.")


@strawberry.input(description="A time of travel.")
class TravelInput:
    """A time of travel."""

    mode: TravelMode = strawberry.field(description="How one travels.")
    minutes: float = strawberry.field(
        description="At most so many minutes, 0.001 to 10,080 (a week), and no more than take one 1,000 km far."
    )
    season: Season = strawberry.field(description="When.", default=Season.DRY)


@strawberry.input(
    one_of=True, description="What is within reach: a distance, or a time of travel. Exactly that still is."
)
class ReachInput:
    """A reach."""

    metres: float | None = strawberry.field(
        description="At most so many metres on the WGS 84 spheroid, 0.001 to 1,000,000.", default=strawberry.UNSET
    )
    travel: TravelInput | None = strawberry.field(description="At most so long a way.", default=strawberry.UNSET)


@strawberry.input(one_of=True, description="What must be within reach of a child.")
class NeedInput:
    """A need."""

    categories: list[ServiceCategory] | None = strawberry.field(
        description="Every one of these categories, 1 to 16, no one twice.", default=strawberry.UNSET
    )
    stage: Stage | None = strawberry.field(description="Any of the categories of this stage.", default=strawberry.UNSET)
    pathway: IncidentType | None = strawberry.field(
        description="Every category that a step of the response pathway of this type needs; where nobody has "
        "recorded that pathway, nobody has it within reach.",
        default=strawberry.UNSET,
    )


@strawberry.input(description="Localities as candidates.")
class CandidateLocalitiesInput:
    """Localities."""

    area_code: AreaCode | None = strawberry.field(
        description=f"Only those of this area. {NO_LOCALITY}",
        default=strawberry.UNSET,
    )


@strawberry.input(one_of=True, description="Where a site may stand: at localities, or at points of your own.")
class CandidatesInput:
    """Candidates."""

    localities: CandidateLocalitiesInput | None = strawberry.field(
        description="Localities of the area, all or those of a part of it; at most 3,000.", default=strawberry.UNSET
    )
    points: list[PointInput] | None = strawberry.field(description="1 to 1,000 points.", default=strawberry.UNSET)
