"""The records of the maps of plans: pathways, recommended sites, scenarios; as :mod:`maps.records`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.vocabulary import IncidentType, ServiceCategory
from maps.records import DataDates, Feature, FeatureCollection, Frame, SourceRecord


@dataclass(frozen=True, slots=True)
class SitesMap:
    """Where a model would build services, the best first.

    Parameters
    ----------
    frame, regions, others, sources, assumptions, dates, services, category, max_distance_m
        As of :class:`CoverageMap`; the regions have ``name`` and ``code`` alone.
    sites
        Points of the sites, the best first: ``name`` (null of a point without one), ``gainUnder18`` (children whom it
        brings within reach besides the services that there are and the sites before it).
    covered_before, covered_after
        Children within reach today, and with all sites; null where nobody is known.
    proven
        Whether no choice of as many sites is better; else it is the best that was found in time.

    """

    frame: Frame
    regions: FeatureCollection
    others: Sequence[Mapping[str, Any]]
    services: FeatureCollection
    sites: FeatureCollection
    category: ServiceCategory
    max_distance_m: float
    covered_before: int | None
    covered_after: int | None
    proven: bool
    assumptions: tuple[str, ...]
    dates: DataDates
    sources: tuple[SourceRecord, ...]


@dataclass(frozen=True, slots=True)
class ScenarioMap:
    """What a scenario would change, beside what is there today.

    Parameters
    ----------
    frame, others, sources, assumptions, dates, max_distance_m
        As of :class:`CoverageMap`.
    name, category
        Of the scenario.
    before, after
        The regions of :class:`CoverageMap` today and under the scenario, in the same order.
    services, kept
        The services of today, and those of them that the scenario leaves as they are.
    added
        Points of sites that are added or moved to: ``name``, ``moved``.
    total_before, total_after
        ``coveredPercent``, ``coveredUnder18`` of the whole; null where nobody is known.
    newly_covered, lost
        Children who are within reach under the scenario and not today, and the other way round; null alike.

    """

    frame: Frame
    name: str
    category: ServiceCategory
    before: FeatureCollection
    after: FeatureCollection
    others: Sequence[Mapping[str, Any]]
    services: FeatureCollection
    kept: FeatureCollection
    added: FeatureCollection
    max_distance_m: float
    total_before: Mapping[str, Any]
    total_after: Mapping[str, Any]
    newly_covered: int | None
    lost: int | None
    assumptions: tuple[str, ...]
    dates: DataDates
    sources: tuple[SourceRecord, ...]


@dataclass(frozen=True, slots=True)
class PathwayStep:
    """A step of a pathway: its stage and its need in words, what is to be done, and who is told, if anybody."""

    stage: str
    need: str
    what_to_do: str | None
    told: str | None
    places: Sequence[str]
    """The places that serve it, the nearest first, each in one line; those that are confidential are not among them."""


@dataclass(frozen=True, slots=True)
class PathwayMap:
    """Whom to tell and where a child can go from a town or village after an incident, step by step.

    Parameters
    ----------
    frame, regions, others, sources, assumptions
        As of :class:`HotspotMap`.
    place
        The point of the town or village: ``name``.
    incident
        The type of incident.
    steps
        The steps, in their order.
    sites
        Points of whom to tell and of the places: ``name``, ``family`` (of ``maps.palette``), ``need``,
        ``distanceMetres``, ``verifiedOn`` (each may be null), ``illustrative``; ``openingHours``, ``phone`` and
        ``sourceName`` where they are known.
    areas
        As the ``shelters`` of precision ``AREA`` of :class:`Overview`.
    verified_on
        When the last of these places was verified: an ISO date, or null.

    """

    frame: Frame
    regions: FeatureCollection
    others: Sequence[Mapping[str, Any]]
    place: Feature
    incident: IncidentType
    steps: tuple[PathwayStep, ...]
    sites: FeatureCollection
    areas: FeatureCollection
    verified_on: str | None
    assumptions: tuple[str, ...]
    sources: tuple[SourceRecord, ...]
