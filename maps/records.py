"""The records that a map is drawn from, filled by the caller. Longitude comes before latitude in every geometry.

Each layer is a GeoJSON object of RFC 7946; the properties that it needs are listed with its field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypedDict

from geo.vocabulary import ServiceCategory

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
    """What both maps are drawn on.

    Parameters
    ----------
    nation
        The outline of the nation that the regions lie in; None where it is not known.
    ground
        Lines and polygons: ``name``, ``kind`` (a name of ``GroundKind``), ``rank`` (0 matters the most), ``source``
        (the name of its source).
    outline_sources
        Where the outlines come from.

    """

    nation: Geometry | None
    ground: FeatureCollection
    outline_sources: tuple[SourceRecord, ...]


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
        Points: ``name``, ``kind`` (a name of ``ActorKind``), ``verifiedOn`` (ISO date or null), ``illustrative``.
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
