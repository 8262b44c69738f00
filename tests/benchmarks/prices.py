"""The price of every root field beside what it takes: of the database, the event loop and the worker processes."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator
from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType, get_named_type, is_leaf_type, is_object_type

from api.graphql.compile.country_size import Country
from api.graphql.compile.document_cache import Operations
from api.graphql.compile.tariff import POINT_MS, WORKER_POINT_MS
from api.graphql.schema import compiled_schema
from geo import metering
from geo.audience import Audience, Caller
from geo.service import Resources

TIMES = 5
OFF = 4.0
"""A price that is off by more than this factor is marked."""

AT = "{lon: -5.5, lat: 12.5}"
SIXTEEN = (
    "IDENTIFICATION, CASE_MANAGEMENT, POLICE_JUSTICE, CIVIL_DOCUMENTATION, LIVELIHOODS_CASH, MEDICAL, "
    "PSYCHOSOCIAL_SUPPORT, EDUCATION, FAMILY_MEDIATION, LEGAL_AID, FOOD_NUTRITION, SAFE_SHELTER, DISABILITY, "
    "FAMILY_TRACING_REUNIFICATION, BASIC_ITEMS_WASH, ALTERNATIVE_CARE"
)
KM30 = "within: {metres: 30000}"
CAR = "within: {travel: {mode: CAR, minutes: 1500}}"
ASKED: dict[str, list[str]] = {
    "organizations": ["first: 20", "first: 100"],
    "actors": ["first: 20", "first: 100", 'text: "an", first: 20'],
    "services": [
        "first: 20",
        "first: 100, categories: [MEDICAL]",
        f"first: 20, categories: [{SIXTEEN}]",
        "first: 100, orderBy: VERIFIED_ON",
        "bbox: {west: -6, south: 11, east: -5, north: 12}, first: 100",
    ],
    "shelters": ["first: 20", "availableOnly: true, first: 20"],
    "nearestServices": [
        f"origin: {AT}",
        f"origin: {AT}, categories: [LEGAL_AID], first: 100",
        f"origin: {AT}, categories: [{SIXTEEN}]",
        f"origin: {AT}, first: 1",
    ],
    "competentActors": [f"at: {AT}"],
    "adminAreas": ["level: ADM1", "level: ADM2, first: 100"],
    "places": ['search: "Koutyala"', 'search: "ko", first: 100'],
    "locality": ['name: "Mopti"'],
    "localities": ["first: 20", "first: 100"],
    "sources": [""],
    "featureCollection": ["layer: ACTORS", "layer: SERVICES, first: 100", "layer: LOCALITIES", "layer: ADMIN_AREAS"],
    "incidentCounts": ['level: ADM1, period: "2025"', 'level: LOCALITY, period: "2025"'],
    "releasedPeriods": [""],
    "coverage": [
        f"need: {{categories: [MEDICAL]}}, {KM30}",
        f"need: {{categories: [MEDICAL]}}, {KM30}, level: ADM2",
        f"need: {{categories: [{SIXTEEN}]}}, {KM30}",
        f"need: {{categories: [{SIXTEEN}]}}, {CAR}",
        f"need: {{stage: SUPPORT}}, {KM30}, level: ADM2",
        f"need: {{pathway: TRAFFICKING}}, {KM30}",
        f"need: {{categories: [SAFE_SHELTER]}}, {KM30}, byPlaces: true",
    ],
    "localityCoverage": [
        f"need: {{categories: [MEDICAL]}}, {KM30}",
        f"need: {{categories: [{SIXTEEN}]}}, {KM30}, first: 1",
        f"need: {{categories: [{SIXTEEN}]}}, {CAR}, first: 1",
    ],
    "coverageCurve": ["need: {categories: [MEDICAL]}", f"need: {{categories: [{SIXTEEN}]}}"],
    "travelEstimates": [""],
    "coverageGaps": [
        f"need: {{categories: [MEDICAL]}}, {KM30}",
        f"need: {{categories: [MEDICAL]}}, {CAR}, first: 100",
        f"need: {{categories: [{SIXTEEN}]}}, {KM30}, first: 100",
    ],
    "gapAreas": [f"category: MEDICAL, {KM30}", f"category: IDENTIFICATION, {KM30}, simplifyMetres: 0"],
    "responsePathway": ["incidentType: TRAFFICKING"],
    "referralOptions": [f"at: {AT}, incidentType: TRAFFICKING", f"at: {AT}, incidentType: TRAFFICKING, first: 10"],
    "trainingEvents": [""],
    "trainingCoverage": [f"kind: SOCIAL_SERVICE, {KM30}", f"kind: NGO, {KM30}"],
    "travelTimes": ["category: MEDICAL, mode: CAR", "category: MEDICAL, mode: CAR, first: 100"],
    "accessScores": [
        f"category: SAFE_SHELTER, {KM30}",
        "category: IDENTIFICATION, within: {metres: 300000}, first: 50",
    ],
    "hotspots": [
        'level: ADM1, period: "2025"',
        'level: LOCALITY, period: "2025"',
        'level: LOCALITY, period: "2025", neighbours: {nearest: 50}',
        'level: LOCALITY, period: "2025", neighbours: {distanceMetres: 400000}',
    ],
    "trends": ["level: ADM1", "level: LOCALITY, first: 50"],
    "siteRecommendations": [
        f"category: MEDICAL, {KM30}, model: MCLP, siteCount: 5",
        f"category: MEDICAL, {KM30}, model: P_MEDIAN, siteCount: 5",
    ],
    "scenarios": [""],
    "siting_jobs": [""],
}
"""Arguments of the root fields whose price depends on them, from the usual to the most expensive."""
PLANNER = Caller(Audience.PLANNER, "benchmark")


def selection(of: GraphQLObjectType, depth: int, rich: bool) -> str:
    """Return a selection of an object: its leaves, and with ``rich`` what hangs on it, so deep."""
    parts = []
    for name, field in of.fields.items():
        kind: Any = get_named_type(field.type)
        if any(argument.type.__class__ is GraphQLNonNull for argument in field.args.values()):
            continue
        if is_leaf_type(kind):
            if rich or name not in {"geometry", "totalCount"}:
                parts.append(name)
        elif (
            is_object_type(kind)
            and depth > 0
            and (rich or name in {"edges", "node", "service", "locality"} or _is_list(field.type))
        ):
            parts.append(f"{name} {selection(kind, depth - 1, rich)}")
    return "{ " + " ".join(parts or ["__typename"]) + " }"


def _is_list(kind: Any) -> bool:
    return isinstance(kind, GraphQLList) or (isinstance(kind, GraphQLNonNull) and isinstance(kind.of_type, GraphQLList))


def documents() -> Iterator[tuple[str, str]]:
    """Yield root fields with documents: each with its arguments, poor and rich in fields."""
    schema = compiled_schema()
    assert schema.query_type
    for name, field in schema.query_type.fields.items():
        kind: Any = get_named_type(field.type)
        for given in ASKED.get(name, ()):
            arguments = f"({given})" if given else ""
            if not is_object_type(kind):
                yield f"{name}{arguments}", f"{{ {name}{arguments} }}"
                continue
            yield f"{name}{arguments}", f"{{ {name}{arguments} {selection(kind, 3, False)} }}"
            yield f"{name}{arguments} …", f"{{ {name}{arguments} {selection(kind, 3, True)} }}"


def measure(url: str) -> list[tuple[str, str, str]]:
    """Return a row for each: the price, the points that it took, and a mark where they are far apart."""
    return [
        (what, f"{price:,.1f} points for {taken:,.1f} ({took})", "OFF" if off else "within 4×")
        for what, price, taken, took, off in asyncio.run(_measured(url))
    ]


async def _measured(url: str) -> list[tuple[str, float, float, str, bool]]:
    resources, country, rows = Resources(url, 2), Country(), []
    await country.look(resources)
    operations = Operations(compiled_schema(), country)
    try:
        for what, document in documents():
            rows.append(await _one(operations, resources, what, document))
    finally:
        resources.close()
    return rows


async def _one(
    operations: Operations, resources: Resources, what: str, document: str
) -> tuple[str, float, float, str, bool]:
    try:
        operation = operations.get(document, None)
        variables = operation.variables({})
    except Exception as error:  # noqa: BLE001  the table says so
        return what, 0.0, 0.0, str(error)[:200], True
    price = operation.cost(variables)
    meters, loops = [], []
    for _ in range(TIMES):
        meter = metering.Meter()
        metering.enter(meter)
        began = time.thread_time()
        answered = await operation.answer(variables, PLANNER, resources)
        loops.append(time.thread_time() - began)
        meters.append(meter)
        if answered.codes:
            return what, price, 0.0, answered.body[:200].decode(), True
    database, worker = (
        statistics.median(getattr(each, f"{kind}_s") for each in meters) * 1_000 for kind in ("database", "worker")
    )
    loop = statistics.median(loops) * 1_000
    taken = (database + loop) / POINT_MS + worker / WORKER_POINT_MS
    off = not 1 / OFF <= (price + 5) / (taken + 5) <= OFF
    return what, price, taken, f"{database:.1f} + {loop:.1f} + {worker:.1f} ms, {len(answered.body):,} bytes", off


if __name__ == "__main__":
    import sys

    for row in measure(sys.argv[1]):
        print(" | ".join(row))
