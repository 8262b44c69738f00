"""Tiles and their extent, asked as an audience."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from geo.audience import Caller
from geo.database.statements import Job
from geo.errors import LakanaError, Unavailable
from geo.queries.tiles.tile import EXTENT, Tile, decoded, layer_job
from geo.service import Resources
from geo.vocabulary import ServiceCategory

NOT_NOW = "The tile cannot be made now; try again."
WORLD = (-180.0, -85.0, 180.0, 85.0)
Box = tuple[float, float, float, float]
"""West, south, east and north in degrees; across the antimeridian east is more than 180."""


async def made(
    resources: Resources,
    caller: Caller,
    layers: Sequence[str],
    tile: Tile,
    categories: tuple[ServiceCategory, ...] | None = None,
) -> bytes:
    """Return a tile with these layers, of services those of some categories; empty where nothing is there.

    Raises
    ------
    BadInput
        If ``categories`` are not 1 to 16 different ones.
    LakanaError
        If the database has no turn or no time for it.

    """
    jobs = [layer_job(each, tile, categories) for each in layers]
    return b"".join(decoded(each) for each in await _answers(resources, caller, jobs) if each)


async def extent(resources: Resources, caller: Caller) -> Box:
    """Return the box around all nations, or the world where none has an outline.

    Raises
    ------
    LakanaError
        If the database has no turn or no time for it.

    """
    [answer] = await _answers(resources, caller, [EXTENT])
    if answer is None:
        return WORLD
    west, south, east, north = orjson.loads(answer)
    return west, south, east, north


def bounds(box: Box) -> Box:
    """Return a box within 180 degrees; across the antimeridian it goes all around, for programs that cut it off there.

    Examples
    --------
    >>> bounds((178.0, -18.0, 181.0, -16.0)), bounds((-12.2, 10.1, 4.3, 25.0))
    ((-180.0, -18.0, 180.0, -16.0), (-12.2, 10.1, 4.3, 25.0))

    """
    _, south, east, north = box
    return (WORLD[0], south, WORLD[2], north) if east > WORLD[2] else box


async def _answers(resources: Resources, caller: Caller, jobs: Sequence[Job]) -> list[str | None]:
    found: list[str | None] = []
    for each in await resources.of(caller.audience).run(jobs, caller.turn):
        if isinstance(each, LakanaError):
            raise each
        if isinstance(each, Exception):
            raise Unavailable(NOT_NOW) from each
        found.append(each)
    return found
