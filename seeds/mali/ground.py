"""The ground of maps: rivers, lakes and neighbouring countries of Natural Earth."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from shapely import coverage_simplify, line_merge, union_all
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, select

from geo.database.loading import insert_rows
from geo.database.tables import ground
from geo.vocabulary import GroundKind
from seeds.mali.reading import stable_id, text
from seeds.mali.sources import source_id

TOLERANCE_DEGREES = 0.01
"""How far a line may move, about 1 km: at the scale at which the whole country fits a screen, less than a pixel."""

CORNER_DEGREES = 0.03
"""The side of a square as large as the corners that a border between neighbours loses."""

NAMES: dict[str, str] = {
    "Lake Dbo": "lac Débo",
    "Kainji Reservoir": "lac de Kainji",
    "Lake Volta": "lac Volta",
    "Lac de Kossou": "lac de Kossou",
    "Gambia": "Gambie",
    "Gêba": "Géba",
    "St. Paul": "Saint-Paul",
}
"""French names of water that Natural Earth names in English, or mangled."""

RANKS: dict[str, int] = {"Bani": 4, "lac Débo": 5}
"""Water that matters more in Mali than in the world, where the Bani is of rank 7 like the Komoé."""

NEIGHBOURS: dict[str, str] = {
    "BEN": "Bénin",
    "BFA": "Burkina Faso",
    "CIV": "Côte d’Ivoire",
    "DZA": "Algérie",
    "GHA": "Ghana",
    "GIN": "Guinée",
    "GMB": "Gambie",
    "GNB": "Guinée-Bissau",
    "LBR": "Libéria",
    "MAR": "Sahara occidental",
    "MRT": "Mauritanie",
    "NER": "Niger",
    "NGA": "Nigéria",
    "SAH": "Sahara occidental",
    "SEN": "Sénégal",
    "SLE": "Sierra Leone",
    "TGO": "Togo",
}
"""The countries around Mali by their code, with their French names.

What the files hold of Morocco lies south of 27° N. Natural Earth draws the line of who controls what; on maps of the
United Nations this is Western Sahara, so the two are one.
"""

NEIGHBOUR_RANK = 2


def load(connection: Connection) -> None:
    """Insert the ground of maps, where the database has none yet."""
    if connection.scalar(select(ground.c.id).limit(1)) is None:
        insert_rows(connection, ground, [*_water(), *_neighbours()])


def _water() -> Iterator[dict[str, Any]]:
    """Yield rivers and lakes; the pieces of one river, through its lakes too, are one row."""
    pieces: defaultdict[tuple[GroundKind, str, int], list[BaseGeometry]] = defaultdict(list)
    for kind, file in (
        (GroundKind.RIVER, "ne10m_mali_rivers_lake_centerlines.geojson"),
        (GroundKind.LAKE, "ne10m_mali_lakes.geojson"),
    ):
        for each in _features(file):
            name = NAMES.get(each["properties"]["name"], each["properties"]["name"])
            # Two rivers of Mali are called Baoulé; they are of different ranks.
            pieces[kind, name, RANKS.get(name, int(each["properties"]["scalerank"]))].append(shape(each["geometry"]))
    for (kind, name, rank), shapes in pieces.items():
        whole = union_all(shapes)
        yield _row(
            kind, name, rank, (line_merge(whole) if kind is GroundKind.RIVER else whole).simplify(TOLERANCE_DEGREES)
        )


def _neighbours() -> Iterator[dict[str, Any]]:
    """Yield the countries around, simplified together, so that they keep their common borders."""
    pieces: defaultdict[str, list[BaseGeometry]] = defaultdict(list)
    for each in _features("ne50m_mali_neighbours.geojson"):
        if each["properties"]["ADM0_A3"] in NEIGHBOURS:  # Mali itself is there too
            pieces[NEIGHBOURS[each["properties"]["ADM0_A3"]]].append(shape(each["geometry"]))
    outlines = coverage_simplify([union_all(shapes) for shapes in pieces.values()], CORNER_DEGREES)
    for name, outline in zip(pieces, outlines, strict=True):
        yield _row(GroundKind.NEIGHBOUR, name, NEIGHBOUR_RANK, outline)


def _features(file: str) -> Iterator[dict[str, Any]]:
    """Yield the features that have a shape: of some only the record reaches into the frame of the file."""
    yield from (each for each in json.loads(text(file))["features"] if each["geometry"] is not None)


def _row(kind: GroundKind, name: str, rank: int, outline: BaseGeometry) -> dict[str, Any]:
    return {
        "id": stable_id("ground", kind.name, name, str(rank)),
        "kind": kind,
        "name_fr": name,
        "rank": rank,
        "geom": f"SRID=4326;{outline.wkt}",
        "source_id": source_id("natural-earth"),
    }
