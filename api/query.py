"""The root fields: which question each asks of the database.

The bodies are empty: Strawberry takes names, arguments, types and words from here, and the answer comes from the
compiled statement (see ``api.operation``), in either way of execution.
"""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated

import strawberry

from api.execution import Context
from api.projection import Shape
from api.response import NOTHING_FOUND
from api.roots import (
    After,
    AreaCode,
    Box,
    Category,
    Distance,
    First,
    Kind,
    NamePart,
    about,
    asks,
    located,
    or_default,
    page,
    works,
)
from api.types.answers import Connection, Coverage, CoverageGap, IncidentCount, ReleasedPeriod
from api.types.directory import NearestService, Organization, ProtectionActor, Service, Shelter
from api.types.places import AdminArea, Locality, Node, Source
from api.types.scalars import GeoJSON, PointInput
from api.types.stewardship import AuditEntry, ExactLocation, Proposal
from geo.audience import Audience
from geo.coordinates import LonLat
from geo.errors import NotFound
from geo.queries import (
    areas,
    competence,
    coverage,
    directory,
    features,
    incidents,
    localities,
    nearest,
    node,
    sources,
    stewardship,
)
from geo.queries.features import MapLayer
from geo.vocabulary import IncidentType, ProposalStatus, ReportingLevel, ServiceCategory
from geo.writes.custody import Locate

EXACT_LOCATION_PRICE = 3_000
"""More than half of what an operation may cost: one place a request, however it is written."""


@strawberry.type(description="What can be asked.")
class Query:
    """The root."""

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
        "first",
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

    @asks(lambda given: localities.Localities(**located(given), **page(given, 20)), Shape.CONNECTION, "first")
    def localities(
        self, bbox: Box = None, area_code: AreaCode = None, first: First = 20, after: After = None
    ) -> Connection[Locality]:
        """List localities, by name."""

    @asks(lambda given: directory.Organizations(text=given.get("text"), **page(given, 20)), Shape.CONNECTION, "first")
    def organizations(self, text: NamePart = None, first: First = 20, after: After = None) -> Connection[Organization]:
        """List organisations, by name."""

    @asks(
        lambda given: directory.Actors(
            kind=given.get("kind"), text=given.get("text"), **located(given), **page(given, 20)
        ),
        Shape.CONNECTION,
        "first",
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
        lambda given: directory.Services(
            category=given.get("category"), text=given.get("text"), **located(given), **page(given, 20)
        ),
        Shape.CONNECTION,
        "first",
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
        """List services, by name. A confidential one stands at the published point of its area."""

    @asks(
        lambda given: directory.Shelters(
            available_only=bool(given.get("availableOnly")), **located(given), **page(given, 20)
        ),
        Shape.CONNECTION,
        "first",
    )
    def shelters(
        self,
        area_code: AreaCode = None,
        bbox: Box = None,
        available_only: Annotated[bool | None, about("Only those with a place free.")] = False,
        first: First = 20,
        after: After = None,
    ) -> Connection[Shelter]:
        """List shelters, by name. A confidential one stands at the published point of its area."""

    @asks(
        lambda given: nearest.NearestServices(
            origin=LonLat(**given["origin"], field="origin"),
            category=given.get("category"),
            max_distance_m=given.get("maxDistanceMetres"),
            first=or_default(given, "first", 10),
        ),
        Shape.LIST,
        "first",
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
        """Find the services nearest to a place, nearest first, ties by id."""

    @asks(
        lambda given: competence.CompetentActors(at=LonLat(**given["at"], field="at"), kind=given.get("kind")),
        Shape.LIST,
        competence.MAX_COMPETENT,
    )
    def competent_actors(
        self, at: Annotated[PointInput, about("Where the child is. It is never logged.")], kind: Kind = None
    ) -> list[ProtectionActor]:
        """Find who is competent at a place: the smallest jurisdiction first, then the nearest; at most 100.

        A jurisdiction without an outline holds a place where it holds the nearest locality. Outside all jurisdictions
        the list is empty.
        """

    @asks(
        lambda given: incidents.IncidentCounts(
            level=given["level"],
            period=given["period"],
            area_code=given.get("areaCode"),
            incident_type=given.get("incidentType"),
        ),
        Shape.LIST,
        200,
    )
    def incident_counts(
        self,
        level: Annotated[ReportingLevel, about("The level of the places.")],
        period: Annotated[str, about("A year (2025) or a quarter (2025-Q4).")],
        area_code: AreaCode = None,
        incident_type: Annotated[
            IncidentType | None, about("One type; all types together where it is left out.")
        ] = None,
    ) -> list[IncidentCount]:
        """Give published counts of incidents, one a place, by name; none where the period has not been released."""

    @asks(lambda _: incidents.ReleasedPeriods(), Shape.LIST, 50)
    def released_periods(self) -> list[ReleasedPeriod]:
        """List the periods for which counts are published, the newest year first, a year before its quarters."""

    @asks(lambda _: sources.Sources(), Shape.LIST, 20)
    def sources(self) -> list[Source]:
        """List where the records come from, by name, for the attribution."""

    @asks(
        lambda given: coverage.Coverage(
            category=given["category"], max_distance_m=given["maxDistanceMetres"], area_code=given.get("areaCode")
        ),
        Shape.OBJECT,
        row_price=50,
    )
    def coverage(
        self,
        category: Annotated[ServiceCategory, about("The category that should be within reach.")],
        max_distance_metres: Distance,
        area_code: AreaCode = None,
    ) -> Coverage:
        """Count the children within reach of a category of service, in an area and in its parts.

        The area is the nation where none is named. With no service at all coverage is 0 %.
        """

    @asks(
        lambda given: coverage.CoverageGaps(
            category=given["category"],
            max_distance_m=given["maxDistanceMetres"],
            area_code=given.get("areaCode"),
            first=or_default(given, "first", 20),
        ),
        Shape.LIST,
        "first",
    )
    def coverage_gaps(
        self,
        category: Annotated[ServiceCategory, about("The category that should be within reach.")],
        max_distance_metres: Distance,
        area_code: AreaCode = None,
        first: Annotated[int | None, about("How many, 1 to 100.")] = 20,
    ) -> list[CoverageGap]:
        """List the localities out of reach, those of highest priority first, ties by id."""

    @asks(
        lambda given: features.Features(
            layer=given["layer"],
            category=given.get("category"),
            first=or_default(given, "first", 1000),
            **located(given),
        ),
        Shape.JSON,
        "first",
        0.1,
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

    @asks(
        lambda given: stewardship.Proposals(status=given.get("status"), **page(given, 20)),
        Shape.CONNECTION,
        "first",
        reserved=[Audience.STEWARD],
    )
    def proposals(
        self,
        status: Annotated[ProposalStatus | None, about("Only those of this status.")] = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Proposal]:
        """List proposals, the oldest first."""

    @asks(
        lambda given: stewardship.AuditEntries(
            subject_id=given.get("subjectId"), holder=given.get("holder"), **page(given, 20)
        ),
        Shape.CONNECTION,
        "first",
        reserved=[Audience.STEWARD],
    )
    def audit_entries(
        self,
        subject_id: Annotated[
            strawberry.ID | None, about("Only what was done to this record; a shelter’s service counts too.")
        ] = None,
        holder: Annotated[str | None, about("Only what this holder did.")] = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[AuditEntry]:
        """List who changed what, the newest first."""

    @works(EXACT_LOCATION_PRICE, Audience.CUSTODIAN)
    async def exact_location(
        self,
        info: strawberry.Info,
        shelter_id: Annotated[strawberry.ID, about("The shelter.")],
        purpose: Annotated[str, about("What the place is needed for, 10 to 200 characters; no child's name.")],
    ) -> ExactLocation:
        """Tell where one confidential shelter stands.

        Each call is logged with its purpose, also where it finds nothing; 20 an hour are told, one in a request.
        """
        context: Context = info.context
        told = await context.pools.writer.run(context.caller, Locate(shelter_id=shelter_id, purpose=purpose).apply)
        if told is None:
            raise NotFound(NOTHING_FOUND)
        point = {"type": "Point", "coordinates": [told.place.lon, told.place.lat]}
        return ExactLocation(point=GeoJSON(point), audit_number=told.entry)
