"""The small map of the case worker's page: drawn once for all, and not again and again where that fails."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from api.nearest.small_map import NOT_NOW_S, SmallMaps
from geo.errors import Unavailable

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}


@pytest.fixture
def maps(monkeypatch):
    """Maps whose outlines fail while ``fails``, at a time that stands still; ``asked`` counts how often they are read."""
    world = SimpleNamespace(fails=True, asked=0, now=0.0)

    async def read() -> str:
        return "state"

    async def areas(*_: Any) -> list[dict[str, Any]]:
        world.asked += 1
        if world.fails:
            raise ValueError
        return [{"name": "A", "geometry": SQUARE}]

    monkeypatch.setattr("api.nearest.small_map.areas", areas)
    resources: Any = SimpleNamespace(public_state=SimpleNamespace(read=read))
    world.maps = SmallMaps(resources, lambda: world.now)
    return world


def get(world: Any) -> Any:
    asker: Any = None
    return asyncio.run(world.maps.get(asker))


def test_one_that_failed_is_not_drawn_anew_at_each_request(maps):
    with pytest.raises(ValueError):
        get(maps)
    for _ in range(20):
        with pytest.raises(Unavailable):
            get(maps)
    assert maps.asked == 1
    maps.now = NOT_NOW_S
    maps.fails = False
    assert get(maps).svg.startswith(b"<svg")
    assert get(maps) is get(maps)
    assert maps.asked == 3


def test_who_goes_away_while_it_is_drawn_keeps_it_from_nobody(maps, monkeypatch):
    maps.fails = False

    async def slow(*_: Any) -> list[dict[str, Any]]:
        await asyncio.sleep(0.01)
        return [{"name": "A", "geometry": SQUARE}]

    monkeypatch.setattr("api.nearest.small_map.areas", slow)

    async def come_and_go() -> Any:
        asker: Any = None
        gone = asyncio.create_task(maps.maps.get(asker))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        gone.cancel()
        return await maps.maps.get(asker)

    assert asyncio.run(come_and_go()) is not None
