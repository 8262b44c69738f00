"""Tiles of a directory of any size: each cold and warm, as the server answers them."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from functools import partial

import httpx

from api.app import create_app
from api.settings import Settings
from api.tiles.making import made
from geo.audience import ANYBODY
from geo.database.owner import owner_engine
from geo.queries.tiles.tile import LAYERS, Tile
from geo.service import Resources

TIMES = 9
TILES = {
    "world": Tile(0, 0, 0),
    "zoom 3": Tile(3, 3, 3),
    "zoom 5": Tile(5, 15, 14),
    "zoom 8": Tile(8, 122, 118),
    "zoom 10": Tile(10, 489, 475),
    "zoom 14": Tile(14, 7827, 7612),
}
"""The tiles of Bamako and around."""


def measure(url: str, services: int) -> list[tuple[str, str, str]]:
    """Return the rows of the table: medians; a database that has just been filled is cleaned up first."""
    with owner_engine(url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE lakana.service, lakana.locality")
    rows = []
    for name, (cold_ms, slowest, warm_ms) in asyncio.run(_all(url)).items():
        rows.append(
            (
                f"tile of all {len(LAYERS)} layers, {services:,} services, {name}: cold (slowest layer), warm",
                f"{cold_ms:.1f} ms ({slowest}), {warm_ms:.1f} ms",
                "≤ 50 ms, ≤ 5 ms",
            )
        )
    return rows


async def _all(url: str) -> dict[str, tuple[float, str, float]]:
    resources = Resources(url, 2)
    app = create_app(Settings(cost_per_minute={"public": 10**9}), url)
    names = list(LAYERS)
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://lakana.test") as client:
            found = {}
            for name, tile in TILES.items():
                path = f"/tiles/{','.join(names)}/{tile.zoom}/{tile.x}/{tile.y}.mvt"
                each = {one: await _ms(partial(made, resources, ANYBODY, [one], tile)) for one in names}
                slowest = max(each, key=lambda one: each[one])
                cold = await _ms(partial(made, resources, ANYBODY, names, tile))
                warm = await _ms(partial(client.get, path))
                found[name] = (cold, f"{slowest} {each[slowest]:.1f} ms", warm)
            return found
    finally:
        resources.close()
        app.state.resources.close()


async def _ms(ask: Callable[[], Awaitable[object]]) -> float:
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await ask()
        times.append((time.perf_counter() - began) * 1_000)
    return statistics.median(times)
