"""A made-up nation of any size, and what trends, hotspots, siting and maps of all of it take."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterable
from pathlib import Path

import httpx
import orjson
from sqlalchemy import text

from api.app import create_app
from api.graphql.compile.document_cache import Operations
from api.graphql.schema import compiled_schema
from api.pages import drawn_maps
from api.settings import Settings
from geo.audience import Audience, Caller
from geo.database import owner
from geo.service import Resources

MADE = Path(__file__).with_suffix(".sql")
MEASURED_TO = ("SAFE_SHELTER", "LEGAL_AID")
"""The categories whose distances are worked out: the questions here ask for no others."""
REFRESHED = text("SELECT lakana.refresh_access(CAST(:category AS lakana.service_category))")


def make(
    url: str, *, points: int, services: int, actors: int = 20_000, measured_to: Iterable[str] = MEASURED_TO
) -> None:
    """Fill an empty database with a nation of so many demand points, of which one in a hundred is no locality."""
    owner.upgrade(url)
    with owner.owner_transaction(url) as connection:
        sizes = {"points": points, "services": services, "actors": actors}
        connection.execute(text(MADE.read_text()), sizes)
        connection.execute(text("ANALYZE"))
        for category in measured_to:
            connection.execute(REFRESHED, {"category": category})
    owner.vacuum(url)


PLANNER = Caller(Audience.PLANNER, "benchmark")
TIMES = 5
SITES = """siteRecommendations(category: SAFE_SHELTER, within: {metres: 30000}, model: %s, siteCount: 5) {
  status optimalityGapPercent coveredAfterUnder18 sites { locality { name } } thinning { candidateSquareCount } }"""
ASKED = {
    "trends by locality": (
        "trends(level: LOCALITY, first: 50) { totalCount edges { node { locality { name } quarters { count } } } }",
        "≤ 1 s",
    ),
    "hotspots by locality": (
        'hotspots(level: LOCALITY, period: "2025", first: 50) { testedCount edges { node { hotspotClass zScore } } }',
        "≤ 5 s",
    ),
    "MCLP of 5 for the nation": (SITES % "MCLP", "≤ 10 s"),
    "P-median of 5 for the nation": (SITES % "P_MEDIAN", ""),
}
MAPS = {"overview map": "/maps/overview.html", "coverage map": "/maps/coverage.html"}


def measure(url: str) -> list[tuple[str, str, str]]:
    """Return the rows of the table: the median of five answers, one after the other, the first left out."""
    return [*asyncio.run(_asked(url)), *asyncio.run(_drawn(url))]


async def _asked(url: str) -> list[tuple[str, str, str]]:
    resources, operations, rows = Resources(url, 4), Operations(compiled_schema()), []
    try:
        for what, (field, bound) in ASKED.items():
            operation = operations.get(f"{{ answer: {field} }}", None)
            taken = []
            for _ in range(TIMES + 1):
                began = time.perf_counter()
                response = await operation.answer(operation.variables({}), PLANNER, resources)
                taken.append(time.perf_counter() - began)
            told = orjson.loads(response.body)
            gap = (told["data"]["answer"] or {}).get("optimalityGapPercent") if "errors" not in told else None
            said = ", ".join([*response.codes, *([] if gap is None else [f"at most {gap:.2f} % from the best"])])
            rows.append((what, f"{statistics.median(taken[1:]):.2f} s{said and ', ' + said}", bound))
    finally:
        resources.close()
    return rows


async def _drawn(url: str) -> list[tuple[str, str, str]]:
    drawn_maps.KEPT_S, rows = -1.0, []  # each is drawn anew
    app = create_app(Settings(cost_per_minute={"public": 10**9}), url)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://lakana.test", timeout=60) as client:
        for what, path in MAPS.items():
            taken = []
            for _ in range(TIMES + 1):
                began = time.perf_counter()
                page = await client.get(path)
                taken.append(time.perf_counter() - began)
            told = f"{statistics.median(taken[1:]):.2f} s, {page.status_code}, {len(page.content) / 1e6:.1f} MB"
            rows.append((what, told, "≤ 1.5 s"))
    app.state.resources.close()
    return rows
