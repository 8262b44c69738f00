"""The scalars and enumerations of the API."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import Any, NewType

import strawberry
from sqlalchemy import ColumnElement, Text, cast, func, literal_column
from sqlalchemy.dialects.postgresql import JSON, JSONB
from strawberry.schema.types import base_scalars
from strawberry.types.scalar import ScalarDefinition

from api.languages import spoken
from geo import vocabulary
from geo.arguments import AreaCode, Period
from geo.audience import Audience
from geo.queries.base.question import constant
from geo.queries.directory.features import MapLayer, properties_of
from geo.vocabulary import (
    ActorKind,
    AreaBasis,
    AreaLevel,
    AuditAction,
    AuditSubject,
    CompetenceBasis,
    CountStatus,
    DirectoryOrder,
    IncidentType,
    Locale,
    LocationPrecision,
    PopulationBasis,
    ProposalKind,
    ProposalStatus,
    PublicFact,
    ScenarioChangeKind,
    Season,
    Sector,
    ServiceCategory,
    Sex,
    SitingJobStatus,
    SitingModel,
    SitingStatus,
    Stage,
    TravelBasis,
    TravelMode,
    WrongNumberOutcome,
)

GeoJSON = NewType("GeoJSON", object)
Language = NewType("Language", str)


def _language(given: object) -> Locale:
    """Return the language that a tag names by its first part, such as fr-ML."""
    found = spoken(given) if isinstance(given, str) else None
    if found is None:
        raise ValueError
    return found


def _text(given: object) -> str:
    """Return a text; what it says is checked by the question that takes it."""
    if not isinstance(given, str):
        raise TypeError
    return given


def _written(form: str, usual: ScalarDefinition) -> Callable[[object], object]:
    """Return the parser of a scalar that takes nothing but RFC 3339; ISO 8601 has weeks, and days without dashes."""
    wanted = re.compile(form, re.ASCII)

    def parsed(given: object) -> object:
        if not isinstance(given, str) or not wanted.fullmatch(given):
            raise ValueError
        return usual.parse_value(given)  # type: ignore[misc]

    return parsed


FULL_DATE = r"\d{4}-\d{2}-\d{2}"
DATE_TIME = FULL_DATE + r"T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?"
"""Without seconds as well; a moment without its offset is refused where it is asked for, with what to write."""

SCALARS: dict[object, ScalarDefinition] = {
    AreaCode: strawberry.scalar(
        name="AreaCode",
        description="The code of an area as `areaCode` gives it: SCHEME:CODE, or SCHEME@EDITION:CODE for an edition "
        "that is not in force. Blanks and case do not matter, and CODE alone will do where one area in force bears it. "
        "Each argument says whether a locality’s code will do. Another code is an error; `adminArea` is null then.",
        parse_value=_text,
    ),
    Period: strawberry.scalar(name="Period", description="A year (2025) or a quarter (2025-Q4).", parse_value=_text),
    GeoJSON: strawberry.scalar(
        name="GeoJSON",
        description="An RFC 7946 object: EPSG:4326, longitude first.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc7946",
        serialize=lambda given: given,
        parse_value=lambda given: given,
    ),
    Language: strawberry.scalar(
        name="Language",
        description="A language by its tag (BCP 47): fr, en or bm. A region behind it, as in fr-ML, is ignored.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc5646",
        serialize=lambda given: given,
        parse_value=_language,
    ),
    dt.date: replace(
        base_scalars.DateDefinition,
        description="A day as in RFC 3339: 2025-11-28.",
        parse_value=_written(FULL_DATE, base_scalars.DateDefinition),
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
    ),
    dt.datetime: replace(
        base_scalars.DateTimeDefinition,
        description="A moment as in RFC 3339, with its offset from UTC: 2025-11-28T08:00:00+00:00.",
        parse_value=_written(DATE_TIME, base_scalars.DateTimeDefinition),
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
    ),
}

POINT_DIGITS, OUTLINE_DIGITS = 6, 5
"""Decimals of a degree: about 0.1 m for points, 1 m for outlines."""


def geojson(geometry: ColumnElement[Any], digits: int) -> ColumnElement[Any]:
    """Return a geometry as GeoJSON, in degrees with this many decimals."""
    return cast(func.ST_AsGeoJSON(geometry, literal_column(str(digits))), JSON)


def term_label(term: ColumnElement[Any], kind: type[vocabulary.Term], locale: ColumnElement[str]) -> ColumnElement[Any]:
    """Return the label of a term by locale, from the vocabulary, as a constant of the statement."""
    table = cast(constant(json.dumps(vocabulary.labels(kind), ensure_ascii=False)), JSONB)
    return table.op("->")(cast(term, Text)).op("->>")(locale)


def _describe(term: type[Enum], description: str, words: dict[str, str] | None = None) -> None:
    definition = strawberry.enum(term, description=description).__strawberry_definition__  # type: ignore[attr-defined]
    for each in definition.values:
        each.description = (words or {}).get(each.name) or vocabulary.label(term[each.name], Locale.EN)


_describe(
    AreaLevel,
    "A level of a country, those of areas as COD-AB names them. `AdminArea.levelLabel` gives the country's own word.",
    {
        "ADM0": "The nation",
        "ADM1": "The largest parts of a nation: regions",
        "ADM2": "The parts of those",
        "ADM3": "The parts of those: communes",
        "ADM4": "The smallest areas",
        "LOCALITY": "A town or village",
    },
)
_describe(TravelMode, "How one travels.", {"WALK": "On foot", "MOTORCYCLE": "By motorcycle", "CAR": "By car"})
_describe(Sector, "A sector of humanitarian work, by which a 3W says who does what where.")
_describe(
    Season,
    "When one travels: rain makes roads slower and ways longer.",
    {"DRY": "The dry season", "RAINY": "The rainy season"},
)
_describe(
    TravelBasis,
    "What the reach of an answer rests on.",
    {
        "MEASURED": "A distance, measured in a straight line",
        "ESTIMATE": "A time, estimated from the straight line by speed, detour and season: see travelEstimates",
        "NETWORK": "A time along the roads of OpenStreetMap",
    },
)
_describe(
    Stage,
    "A stage of the way of a child to help, that a service belongs to.",
    {
        "IDENTIFICATION": "Somebody notices: identification, police and justice",
        "REFERRAL": "Somebody takes the case on: case management",
        "SUPPORT": "Somebody helps: all other categories but OTHER",
    },
)
_describe(
    AreaBasis,
    "How the area of a place is known.",
    {"OUTLINE": "The outline of the area holds the place", "REGISTER": "Somebody registered the place in the area"},
)
_describe(
    CompetenceBasis,
    "How it is known that an actor is competent at a place.",
    {
        "OUTLINE": "The outline of its jurisdiction holds the place, or that of an area inside of it",
        "REGISTER": "The town that the place belongs to, at most 10 km away, is registered in its jurisdiction",
        "LEVEL_ABOVE": "One of its kind in the smallest area around the place that has any; which one, nobody knows",
        "NATION": "The same of the whole nation",
    },
)
_describe(
    PopulationBasis,
    "What the number of an area's people rests on.",
    {
        "COUNTED": "They add up to the census of the area",
        "MODELLED": "The census of a larger area was shared out by a model",
        "TOWNS_ONLY": "Only people of known localities are counted; the others of the area are missing",
    },
)
_describe(
    LocationPrecision,
    "What a point stands for.",
    {
        "EXACT": "The place itself",
        "AREA": "The published point of the area that the place lies in, which tells nothing about where in it",
    },
)
_describe(
    Audience,
    "Who may ask. What the public may ask, everybody may.",
    {
        "PUBLIC": "Anybody, without a key",
        "PARTNER": "An organisation that works with children, by its key",
        "PLANNER": "Who plans where services should be",
        "CUSTODIAN": "Who may be told an exact place, one at a time, for a stated purpose",
        "STEWARD": "Who keeps the data",
    },
)
_describe(
    ProposalKind,
    "What a proposal is about.",
    {
        "ACTOR": "Changes of an actor",
        "SERVICE": "Changes of a service",
        "SHELTER": "Changes of a shelter",
        "PUBLICATION": "That a confidential shelter become public",
    },
)
_describe(
    ProposalStatus,
    "How far a proposal is.",
    {"OPEN": "It waits for a review", "APPROVED": "The change was made", "REJECTED": "The change was not made"},
)
_describe(
    AuditAction,
    "What an entry of the audit log says was done.",
    {
        "INSERT": "A record was entered",
        "UPDATE": "A record was changed",
        "DELETE": "A record was taken away",
        "TRUNCATE": "All records of a kind were taken away",
        "LOAD": "Many records were loaded at once; `after` says which",
        "TRY": "Files were read and nothing of them was loaded; `after` says of which kind, and how many rows",
        "UNDO": "An import was undone",
        "WITHDRAW": "A record was withdrawn with all that leads to it; `after` says why",
        "LOCATE": "An exact place was asked for; `after` says what for",
        "ZONES": "The zones of confidential places were drawn anew",
        "RENAME": "An upgrade mended names and front gates that told a place",
        "BAND": "An upgrade rounded the places of confidential shelters down to tens",
        "UNLINK": "An upgrade gave records another id than the one that was public, or that a name told",
        "OTHER": "What this version has no word for",
    },
)
_describe(
    CountStatus,
    "Whether there is a count of a place for a period. What is not published is not zero.",
    {
        "PUBLISHED": "It is published",
        "NOT_REPORTED": "Who was expected to report it, or one at least of its quarters, did not; nothing is known",
        "NOT_RELEASED": "It is not told: the period, the type at this grain, or the edition of areas is not released",
    },
)
_describe(
    AuditSubject,
    "The kind of record that an entry of the audit log is about.",
    {
        "ORGANIZATION": "An organisation",
        "ACTOR": "A protection actor",
        "SERVICE": "A service",
        "SHELTER": "A shelter, beside its service",
        "FRONT_GATE": "Whom partners call about a confidential shelter",
        "SITE": "The exact place of a shelter that was confidential",
        "CAPACITY": "The capacity and occupancy of shelters that are or were confidential",
        "PROPOSAL": "A proposal",
        "INCIDENT_RETURN": "That a locality reported for a quarter",
        "INCIDENT_COUNT": "Recorded counts of incidents of a locality",
        "EXPECTED_REPORTER": "When a locality is expected to report",
        "RELEASE": "A release of counts",
        "TRAINING_EVENT": "A training",
        "PRESENCE": "Where an organisation is present",
        "GUIDANCE": "A text that pathways rest on",
        "PATHWAY_STEP": "A step of a response pathway",
        "TRAINED_ACTOR": "An actor that sent somebody to a training",
        "TRAINING_PARTICIPANTS": "How many took part in a training",
        "SCENARIO": "A planner's scenario",
        "SITING_JOB": "A planner's job that looks for sites",
        "KEY": "An API key",
        "PERSON": "A person who may sign in",
        "INVITATION": "A link by which a person signs in; its id is the person's",
        "ZONE": "The zones of confidential places",
        "ROADS": "The network of roads",
        "COUNTRY": "The data of a country, loaded whole",
        "IMPORT": "An import of files",
        "WRONG_NUMBER": "A phone number that somebody said is wrong",
        "OTHER": "What this version has no word for",
    },
)
_describe(
    PublicFact,
    "What everybody could read of a record before it was hidden or withdrawn.",
    {
        "RECORD": "That it is there",
        "NAME": "What it was called",
        "SITE": "Where it stands",
        "LOCALITY": "The locality that it lies in",
        "ACTOR": "Who runs it, whose office is public",
        "PHONE": "Its phone number",
        "OPENING_HOURS": "When it is open",
        "LANGUAGES": "The languages spoken there",
        "CLOSED": "The days on which it is closed",
        "SOURCE": "The source that its record named, such as the list that it came from",
    },
)
_describe(
    SitingModel,
    "What sites are to be best at.",
    {
        "MCLP": "Maximal covering: bring as many children as possible within reach (Church and ReVelle 1974)",
        "P_MEDIAN": "P-median: make the sum of all children's ways as short as possible (Hakimi 1964)",
        "LSCP": "Set covering: bring every child within reach by the fewest sites (Toregas et al. 1971)",
        "P_CENTER": "P-centre: make the longest way as short as possible (Hakimi 1964)",
    },
)
_describe(
    SitingStatus,
    "What is known of recommended sites.",
    {
        "OPTIMAL": "Nothing better exists",
        "FEASIBLE": "The time was over before anything better was ruled out; optimalityGapPercent bounds it",
        "INFEASIBLE": "No choice does what was asked; sufficientReachMetres would do",
    },
)
_describe(
    SitingJobStatus,
    "How far a job is.",
    {
        "QUEUED": "It waits for its turn",
        "RUNNING": "It is being worked on",
        "DONE": "Its answer is there",
        "FAILED": "It ended without an answer; problem says why",
        "CANCELLED": "Its owner ended it",
    },
)
_describe(Sex, "Of a child, where a shelter takes girls only or boys only.", {"GIRL": "A girl", "BOY": "A boy"})
_describe(
    DirectoryOrder,
    "In which order a list of the directory comes; ties by id.",
    {
        "NAME": "By name",
        "VERIFIED_ON": "Those first that nobody has verified for longest; before all those that nobody ever did",
    },
)
_describe(vocabulary.ReferralExclusion, "Why a service is left out of what a child can be referred to.")
_describe(
    ScenarioChangeKind,
    "What a scenario does to the services of its category.",
    {
        "ADD": "A site where there is none",
        "CLOSE": "A service is gone",
        "MOVE": "A service stands elsewhere",
        "RESIZE": "A service has another capacity",
    },
)
_describe(vocabulary.DataPart, "A part of the data that a comparison of scenarios rests on.")
_describe(ActorKind, "What a protection actor is, by its mandate.")
_describe(IncidentType, "What was reported. Trafficking and smuggling are two crimes.")
_describe(ServiceCategory, "What a service does for a child.")
_describe(WrongNumberOutcome, "What became of a phone number that somebody said is wrong.")
_describe(
    MapLayer,
    "A layer of a map. A feature has an `id`, which `node` knows unless it is of the ground, and the properties that "
    "its layer lists, with the names and values of the fields of its type. `actorName` and `zoneName`, null where the "
    "place is exact, are of other records, `illustrative` of its source. Names of areas, localities and zones are "
    "French. A service without a place has no geometry.",
    {
        layer.name: f"{words} Properties: {', '.join(f'`{each}`' for each in properties_of(layer))}."
        for layer, words in {
            MapLayer.ADMIN_AREAS: "Outlines of the admin areas that have one.",
            MapLayer.LOCALITIES: "Localities at their points.",
            MapLayer.ACTORS: "Protection actors at their places.",
            MapLayer.SERVICES: "Services at their public places; takes categories.",
            MapLayer.SHELTERS: "Shelters at their public places.",
            MapLayer.GROUND: "What a map is drawn on: rivers, lakes and neighbouring countries, with French names. It "
            "takes no areaCode. `kind` is RIVER, LAKE or NEIGHBOUR, `rank` how much it matters, 0 the most, and "
            "`source` the name of its source.",
        }.items()
    },
)
