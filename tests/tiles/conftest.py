"""What the tests of tiles stand on: the application over the seeds, and tiles read by a reader of our own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import httpx
import pytest

from geo.queries.tiles.tile import Tile
from tests.graphql.conftest import run, talking
from tests.tiles.decoding import Layer, decode

__all__ = ["run"]


def tile_at(zoom: int, lon: float, lat: float) -> Tile:
    """Return the tile of a place, by the textbook's formula."""
    n = 1 << zoom
    north = math.asinh(math.tan(math.radians(lat)))
    return Tile(zoom, int((lon + 180) / 360 * n), int((1 - north / math.pi) / 2 * n))


def path(layers: str, tile: Tile, **more: str) -> str:
    """Return the path of a tile."""
    query = "&".join(f"{name}={value}" for name, value in more.items())
    return f"/tiles/{layers}/{tile.zoom}/{tile.x}/{tile.y}.mvt{f'?{query}' if query else ''}"


@pytest.fixture(scope="session")
def http(run, seeded_url) -> Iterator[Callable[..., httpx.Response]]:
    with talking(run, seeded_url, timeout_s=60) as send:
        yield send


@pytest.fixture(scope="session")
def layers(http) -> Callable[..., dict[str, Layer]]:
    """Return the layers of a tile."""

    def layers(names: str, tile: Tile, **more: str) -> dict[str, Layer]:
        answer = http("GET", path(names, tile, **more))
        assert answer.status_code in {200, 204}, answer.text
        return decode(answer.content, tile.zoom, tile.x, tile.y)

    return layers
