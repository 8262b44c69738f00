"""What a country of villages costs: questions and writes over made-up nations of several sizes, one client, medians.

Questions are answered as the server answers them, from the parsed document to the bytes. Writes run as the owner's
statements, triggers included, and are rolled back.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator

import psycopg2

from api.graphql.compile.country_size import Country
from api.graphql.compile.document_cache import Operations
from api.graphql.schema import compiled_schema
from geo.audience import Audience, Caller
from geo.service import Resources
from tests.benchmarks import nation

TIMES = 7
MOST_GROWTH = 3.3
SECOND = 1_000.0
PLANNER = Caller(Audience.PLANNER, "benchmark")

ONE = "need: {categories: [MEDICAL]}"
THREE = "need: {categories: [MEDICAL, LEGAL_AID, SAFE_SHELTER]}"
KM30 = "within: {metres: 30000}"
AREA = "{ coveredUnder18 populationUnder18 }"
PAGE = "edges { node { locality { name } nearestDistanceMetres } } pageInfo { hasNextPage }"
ASKED: dict[str, tuple[str, float]] = {
    "coverage": (f"{{ coverage({ONE}, {KM30}) {{ total {AREA} areas {AREA} }} }}", 30),
    "coverage, three categories": (f"{{ coverage({THREE}, {KM30}) {{ total {AREA} areas {AREA} }} }}", 300),
    "coverage, a stage of 13 categories": (
        f"{{ coverage(need: {{stage: SUPPORT}}, {KM30}) {{ total {AREA} }} }}",
        SECOND,
    ),
    "curve of 20 distances": (f"{{ coverageCurve({ONE}) {{ points {{ coveredUnder18 }} }} }}", 300),
    "curve, three categories": (f"{{ coverageCurve({THREE}) {{ points {{ coveredUnder18 }} }} }}", 300),
    "gaps, first 20": (f"{{ coverageGaps({ONE}, {KM30}) {{ uncoveredUnder18 {PAGE} }} }}", SECOND),
    "gaps, three categories": (f"{{ coverageGaps({THREE}, {KM30}) {{ uncoveredUnder18 {PAGE} }} }}", SECOND),
    "gap areas": (
        f"{{ gapAreas(category: MEDICAL, {KM30}) {{ uncoveredUnder18 parts {{ uncoveredUnder18 }} }} }}",
        SECOND,
    ),
    "locality page, three categories": (f"{{ localityCoverage({THREE}, {KM30}) {{ {PAGE} }} }}", SECOND),
    "access scores": (
        f"{{ accessScores(category: SAFE_SHELTER, {KM30}) {{ edges {{ node {{ capacityPer1000Under18 }} }} }} }}",
        SECOND,
    ),
}
"""Documents, and the milliseconds to reach at 300,000 demand points."""

_NEAREST = "SELECT service_id FROM lakana.access WHERE category = %s GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
_MOVE = "UPDATE lakana.service SET point = ST_Project(point, 5000, 1) WHERE id = %s"
_RETIRE = "DELETE FROM lakana.service WHERE id = %s"
_INSERT = """
INSERT INTO lakana.service (id, actor_id, name, category, point, area_id, source_id)
SELECT id, actor_id, name, category, point, area_id, source_id FROM pg_temp.kept
"""
_KEEP = "CREATE TEMPORARY TABLE kept AS SELECT * FROM lakana.service WHERE id = %s"


def measure(urls: dict[int, str], loaded: dict[int, tuple[float, float]]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table: what, the figure of each size, how much it grows, and what is to be reached."""
    sizes = sorted(urls)
    yield "what", *(f"{size:,} points" for size in sizes), "growth", f"to reach; growth ≤ {MOST_GROWTH}×"
    yield ("---",) * (len(sizes) + 3)
    taken = {size: asyncio.run(_asked(urls[size])) | _written(urls[size]) for size in sizes}
    bounds = {what: bound for what, (_, bound) in ASKED.items()}
    for what in taken[sizes[0]]:
        each = [taken[size][what] for size in sizes]
        bound = bounds.get(what, 2 * SECOND if "sixth" in what else 200)
        yield what, *(f"{ms:,.0f} ms" for ms in each), f"{each[-1] / each[0]:.1f}×", f"≤ {bound:,.0f} ms"
    yield "demand points loaded", *(f"{loaded[size][0]:,.0f}/s" for size in sizes), "", "≥ 20,000/s"
    yield "what is nearest to all, 17 categories", *(f"{loaded[size][1]:,.0f} s" for size in sizes), "", ""


async def _asked(url: str) -> dict[str, float]:
    resources, country = Resources(url, 2), Country()
    taken: dict[str, float] = {}
    await country.look(resources)
    operations = Operations(compiled_schema(), country)
    try:
        for what, (document, _) in ASKED.items():
            operation, times = operations.get(document, None), []
            variables = operation.variables({})
            for _ in range(TIMES):
                began = time.perf_counter()
                answered = await operation.answer(variables, PLANNER, resources)
                times.append((time.perf_counter() - began) * 1_000)
                assert not answered.codes, (what, answered.body[:300])
            taken[what] = statistics.median(times)
    finally:
        resources.close()
    return taken


def _written(url: str) -> dict[str, float]:
    taken: dict[str, float] = {}
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        for of, category in (("", "MEDICAL"), (", nearest for a sixth of all points", nation.FIRST)):
            cursor.execute(_NEAREST, (category,))
            [service_id] = cursor.fetchone()
            cursor.execute(_KEEP, (service_id,))
            connection.commit()
            steps = {"move a service": _MOVE, "retire a service": _RETIRE, "insert a service": _INSERT}
            times: dict[str, list[float]] = {name: [] for name in steps}
            for _ in range(TIMES):
                for name, statement in steps.items():
                    began = time.perf_counter()
                    cursor.execute(statement, (service_id,))
                    times[name].append((time.perf_counter() - began) * 1_000)
                connection.rollback()
            taken |= {name + of: statistics.median(each) for name, each in times.items()}
            cursor.execute("DROP TABLE pg_temp.kept")
    connection.close()
    return taken
