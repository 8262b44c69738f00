"""The records that a map is drawn from, filled by the caller. Longitude comes before latitude in every geometry.

Each layer is a GeoJSON object of RFC 7946; the properties that it needs are listed with its field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, TypedDict

from geo.vocabulary import ActorKind, AreaLevel, IncidentType, Sector, ServiceCategory

Geometry: TypeAlias = Mapping[str, Any]


class Feature(TypedDict):
    """One GeoJSON feature."""

    type: Literal["Feature"]
    geometry: Geometry
    properties: Mapping[str, Any]


class FeatureCollection(TypedDict):
    """The things of a layer."""

    type: Literal["FeatureCollection"]
    features: Sequence[Feature]


def nothing() -> FeatureCollection:
    """Return a layer without anything."""
    return {"type": "FeatureCollection", "features": ()}


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """Where data comes from, under which licence, and whether it is made up for illustration."""

    name: str
    licence: str | None
    url: str | None
    illustrative: bool


@dataclass(frozen=True, slots=True)
class DataDates:
    """Of when data are: ISO dates, and a reference period; None where nothing is known."""

    services: str | None
    population: str | None
    incidents: str | None


@dataclass(frozen=True, slots=True)
class Frame:
    """What every map is drawn on.

    Parameters
    ----------
    nation
        The outline of the nation, or of the area that the map is of; None where it is not known.
    ground
        Lines and polygons: ``name``, ``kind`` (a name of ``GroundKind``), ``rank`` (0 matters the most), ``source``
        (the name of its source).
    outline_sources
        Where the outlines come from.
    around
        Polygons of the parts of the nation around the area that the map is of: ``name``.
    towns
        Points of the largest towns of the area, the largest first: ``name``.

    """

    nation: Geometry | None
    ground: FeatureCollection
    outline_sources: tuple[SourceRecord, ...]
    around: FeatureCollection = field(default_factory=nothing)
    towns: FeatureCollection = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class Overview:
    """Who protects children and where, and what was reported.

    Parameters
    ----------
    frame
        What it is drawn on.
    regions
        Polygons: ``name``, ``code``.
    others
        The same of regions without an outline, whose border nobody knows.
    actors
        Points: ``name``, ``kind`` (a name of ``ActorKind``), ``verifiedOn`` (ISO date or null), ``illustrative``; of
        these and all sites ``openingHours``, ``phone`` and ``sourceName`` where they are known.
        Where there are too many, each stands for ``number`` of a ``group`` (a family of ``maps.palette``) in a square,
        at the middle of their places, and has no name or kind.
    shelters
        Points: ``name``, ``precision`` (``EXACT`` or ``AREA``), ``radiusMetres``, ``zoneName`` (null where exact),
        ``confidential``, ``hasPlaces`` (null where nobody knows), ``illustrative``. One of precision ``AREA`` is
        somewhere in its zone, whose point it has. Where there are too many, each stands for ``number`` in a square or,
        of precision ``AREA``, in a zone, and has no name.
    counts
        Points of the localities that reported or were expected to, or of areas where these are too many: ``name``,
        ``status`` (a name of ``CountStatus``), ``count`` (published, a multiple of 5; null where it is not),
        ``countLabel`` (``0–4``, ``25``, ``–``), ``period``, ``localitiesReporting`` and ``localitiesExpected`` (0 or 1
        of a locality), ``illustrative``.
    by_area
        Whether the counts are those of areas.
    period
        The reference period of the counts: ``2025`` or ``2025-Q4``; empty where none is published.
    sources
        Where the data comes from.

    """

    frame: Frame
    regions: FeatureCollection
    others: Sequence[Mapping[str, Any]]
    actors: FeatureCollection
    shelters: FeatureCollection
    counts: FeatureCollection
    by_area: bool
    period: str
    sources: tuple[SourceRecord, ...]


@dataclass(frozen=True, slots=True)
class CoverageMap:
    """How many children are within reach of a category of service, and where children are out of reach.

    Parameters
    ----------
    frame
        What it is drawn on.
    regions
        Polygons: ``name``, ``code``, ``coveredPercent`` (0 to 100), ``populationUnder18``, ``uncoveredUnder18``,
        ``populationBasis`` (a name of ``PopulationBasis``); null where nobody is known.
    others
        The same of regions without an outline, whose border nobody knows. One without a name and a code stands for the
        children who are known to live in the nation, but not in which region.
    gaps
        Points of localities out of reach: ``name``, ``uncoveredUnder18``, ``priority`` (larger is more urgent),
        ``nearestDistanceMetres`` (or null where there is no service at all), ``incidentStatus`` (a name of
        ``CountStatus``).
    gap_areas
        Polygons of land that no catchment reaches; without properties.
    gap_area_km2
        Their area in square kilometres; None where no outline is known.
    tolerance_m
        How far their outlines were moved at most, in metres.
    services
        Points: ``name``, ``actorName`` (null where confidential), ``precision``, ``radiusMetres``, ``zoneName``,
        ``verifiedOn``, ``illustrative``. Where there are too many, as ``shelters`` of :class:`Overview`.
    category
        The category of service that was asked for.
    max_distance_m
        The reach in metres, inclusive.
    covered_percent
        The share of children within reach, 0 to 100; null where nobody is known.
    population_under_18, uncovered_under_18
        Children in all, and those out of reach; null where nobody is known.
    assumptions
        What the numbers take for granted, in the language of the map.
    dates
        Of when the data are that the numbers and the ranking rest on.
    reporting
        How many localities reported the incidents that the ranking rests on, and how many were expected to; 0 and 0
        where nothing is released.
    sources
        Where the data comes from.

    """

    frame: Frame
    regions: FeatureCollection
    others: Sequence[Mapping[str, Any]]
    gaps: FeatureCollection
    gap_areas: FeatureCollection
    gap_area_km2: float | None
    tolerance_m: float
    services: FeatureCollection
    category: ServiceCategory
    max_distance_m: float
    covered_percent: float | None
    population_under_18: int | None
    uncovered_under_18: int | None
    assumptions: tuple[str, ...]
    dates: DataDates
    reporting: tuple[int, int]
    sources: tuple[SourceRecord, ...]


@dataclass(frozen=True, slots=True)
class HotspotFrame:
    """What is known of one quarter.

    Parameters
    ----------
    period
        The quarter: ``2025-Q4``.
    places
        Points of the places that were tested, the most certain first: ``name``, ``count`` (published), ``hotspotClass``
        (``HOT_99`` … ``COLD_99``, ``OUTLIER_…``, ``NOT_SIGNIFICANT``, ``UNSTABLE``; null where it is not tested),
        ``ratePer100kUnder18`` and ``qValue`` (null where they are not told).
    left_out
        Points of localities that were not tested: ``name``, ``reason`` (``NOT_REPORTED``, ``NOT_PUBLISHED``, …).
    tested, untested, not_reported, unstable
        How many places were tested, were not, were not because they did not report, and have no stable class.
    others
        How many more places are not drawn, as they are the least certain.

    """

    period: str
    places: FeatureCollection
    left_out: FeatureCollection
    tested: int
    untested: int
    not_reported: int
    unstable: int
    others: int


@dataclass(frozen=True, slots=True)
class HotspotMap:
    """Where published rates stand out beyond chance, quarter by quarter.

    Parameters
    ----------
    frame, regions, others, sources, assumptions
        As of :class:`CoverageMap`; the regions have ``name`` and ``code`` alone.
    quarters
        The quarters, the oldest first; empty where nothing is published.
    level
        Of the places.
    incident
        The type of incident; None for all together.

    """

    frame: Frame
    regions: FeatureCollection
    others: Sequence[Mapping[str, Any]]
    quarters: tuple[HotspotFrame, ...]
    level: AreaLevel
    incident: IncidentType | None
    assumptions: tuple[str, ...]
    sources: tuple[SourceRecord, ...]


@dataclass(frozen=True, slots=True)
class TrainingMap:
    """Where children are out of reach of a trained actor of a kind.

    Parameters
    ----------
    frame, regions, others, sources, assumptions
        As of :class:`HotspotMap`.
    gaps
        Points of localities out of reach, those with most children first: ``name``, ``uncoveredUnder18``,
        ``nearestDistanceMetres`` and ``actorName`` (null where nobody is trained).
    trainings
        Points of localities where trainings were held: ``name``, ``trainings`` (their names with ``endsOn``),
        ``illustrative``.
    kind
        The kind of actor.
    max_distance_m
        The reach in metres, inclusive.
    covered_percent, covered_under_18, uncovered_under_18
        Of the children of the area; null where nobody is known.
    trained_actors
        How many actors of the kind are trained, wherever they are.
    last_training_on
        An ISO date; null without any.

    """

    frame: Frame
    regions: FeatureCollection
    others: Sequence[Mapping[str, Any]]
    gaps: FeatureCollection
    trainings: FeatureCollection
    kind: ActorKind
    max_distance_m: float
    covered_percent: float | None
    covered_under_18: int | None
    uncovered_under_18: int | None
    trained_actors: int
    last_training_on: str | None
    assumptions: tuple[str, ...]
    sources: tuple[SourceRecord, ...]


@dataclass(frozen=True, slots=True)
class PresenceMap:
    """Which organisations are present in which part of an area, as lists say.

    Parameters
    ----------
    frame, sources
        As of :class:`Overview`.
    regions, others
        As there, each with ``present``: a list of ``organization`` and ``sector`` (a name of ``Sector``).
    elsewhere
        How many presences lie in no part.
    shown, total
        How many presences are shown, and how many there are.
    organizations
        How many organisations those shown are of.
    sector
        None for all.
    period
        Empty for any time.
    reported_on
        The day of the latest list; null where it is not known.
    illustrative
        Whether a list is made up.

    """

    frame: Frame
    regions: FeatureCollection
    others: Sequence[Mapping[str, Any]]
    elsewhere: int
    shown: int
    total: int
    organizations: int
    sector: Sector | None
    period: str
    reported_on: str | None
    illustrative: bool
    sources: tuple[SourceRecord, ...]
