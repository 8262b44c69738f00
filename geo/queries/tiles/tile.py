"""Vector tiles (Mapbox Vector Tile 2.1) in the usual pyramid of EPSG:3857, of which tile 0/0/0 is the world.

Each layer is a statement of the caller's login, so that a tile tells no more than the caller may read. A confidential
service is in the layer ``zones`` alone: as one more of its zone.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import text

from geo.database.owner import sql_file
from geo.database.statements import Job, Statement
from geo.errors import BadInput
from geo.queries.base.categories import some_categories
from geo.vocabulary import AreaLevel, ServiceCategory

MOST_ZOOM = 14
"""A unit of its tiles is 0.6 m; maps draw them larger beyond."""
KEY_ZOOM = 20
"""The zoom of the tiles that ``lakana.tile_key`` numbers."""
ONE_BY_ONE = 2_000
"""Points that a layer of a tile shows one by one, in 0.2 MB. More are gathered, or thinned."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer: the statement that makes it, the values of its own, and whether it can be narrowed to categories."""

    file: str
    binds: Mapping[str, Any]
    of_services: bool = False


LAYERS: Mapping[str, Layer] = {
    "ground": Layer("ground", {}),
    **{
        each.name.lower(): Layer("areas", {"layer": each.name.lower(), "level": int(each.name[3:])})
        for each in AreaLevel
        if each is not AreaLevel.LOCALITY
    },
    "localities": Layer("localities", {}),
    "zones": Layer("zones", {}, of_services=True),
    "services": Layer("services", {}, of_services=True),
}
"""By name, in the order in which a map draws them."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of the pyramid.

    Parameters
    ----------
    zoom
        0 to 14, both inclusive.
    x, y
        Its column from the west and its row from the north, 0 to 2 ** zoom - 1.

    Raises
    ------
    BadInput
        Outside of these; it names the part.

    """

    zoom: int
    x: int
    y: int

    def __post_init__(self) -> None:
        """Check the bounds."""
        if not 0 <= self.zoom <= MOST_ZOOM:
            raise BadInput("z", f"the zoom is 0 to {MOST_ZOOM}; draw tiles of {MOST_ZOOM} larger beyond.")
        for name, value in (("x", self.x), ("y", self.y)):
            if not 0 <= value < 1 << self.zoom:
                raise BadInput(name, f"at zoom {self.zoom} it is 0 to {(1 << self.zoom) - 1:,}.")

    @property
    def first_key(self) -> int:
        """The first of its keys: the bits of x and y by turns, as ``lakana.tile_key`` has them.

        Examples
        --------
        >>> Tile(0, 0, 0).first_key, Tile(1, 1, 1).first_key == 3 * 4**19, Tile(14, 3, 1).first_key == 7 * 4**6
        (0, True, True)

        """
        spread = sum((self.x >> bit & 1) << 2 * bit | (self.y >> bit & 1) << 2 * bit + 1 for bit in range(self.zoom))
        return spread << 2 * (KEY_ZOOM - self.zoom)

    @property
    def last_key(self) -> int:
        """The last of its keys."""
        return self.first_key + (1 << 2 * (KEY_ZOOM - self.zoom)) - 1


def named_layers(names: str) -> Sequence[str]:
    """Return the names of layers that stand with commas between them, no one twice.

    Raises
    ------
    BadInput
        If one is not known or named twice.

    """
    found = names.split(",")
    if not set(found) <= LAYERS.keys() or len(set(found)) < len(found):
        raise BadInput("layer", f"give one or more of {', '.join(LAYERS)}, with commas between and none twice.")
    return found


def layer_job(name: str, tile: Tile, categories: tuple[ServiceCategory, ...] | None) -> Job:
    """Return the job whose answer is a layer of a tile, for :func:`decoded`.

    Raises
    ------
    BadInput
        If the layer has no categories, or they are not 1 to 16 different ones.

    """
    layer = LAYERS[name]
    if categories is not None:
        some_categories("categories", categories)
    statement = _statement(layer.file)
    binds = {"zoom": tile.zoom, "x": tile.x, "y": tile.y, "first": tile.first_key, "last": tile.last_key}
    named = None if categories is None else f"{{{','.join(each.name for each in categories)}}}"
    return Job(statement, statement.values({**binds, "most": ONE_BY_ONE, "categories": named, **layer.binds}))


def decoded(answer: str) -> bytes:
    """Return the bytes of a layer; layers put one behind the other are a tile."""
    return base64.b64decode(answer)


@cache
def _statement(file: str) -> Statement:
    return Statement.of(text(sql_file(f"queries/tiles/{file}")))


EXTENT = Job(_statement("extent"), ())
"""The job whose answer is the box around all nations, as a JSON list of west, south, east and north in degrees."""
