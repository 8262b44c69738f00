"""The ground of maps: rivers, lakes and the countries around, as Natural Earth has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.vocabulary import GroundKind
from seeds.columns import cells
from seeds.columns.cells import Notation
from seeds.columns.kind import Field, Kind, plain
from seeds.loading.merging import Loader, Merging
from seeds.loading.options import Options
from seeds.loading.places import drawn
from seeds.loading.reading import Read
from seeds.readers.table import Cell, Form
from seeds.troubles import CellTrouble, Refused

TOLERANCE_DEGREES = 0.01
"""How far a line may move, about 1 km: at the scale at which a whole country fits a screen, less than a pixel."""
CORNER_DEGREES = 0.03
"""The side of a square as large as the corners that a border between neighbours loses."""
USUAL_RANK = {GroundKind.NEIGHBOUR: 2, GroundKind.LAKE: 5, GroundKind.RIVER: 5}
MOST_RANK = 20
KINDS: Mapping[str, GroundKind] = {
    "river": GroundKind.RIVER,
    "riviere": GroundKind.RIVER,
    "fleuve": GroundKind.RIVER,
    "lakecenterline": GroundKind.RIVER,
    "lake": GroundKind.LAKE,
    "lac": GroundKind.LAKE,
    "reservoir": GroundKind.LAKE,
    "alkalinelake": GroundKind.LAKE,
    "neighbour": GroundKind.NEIGHBOUR,
    "admin0country": GroundKind.NEIGHBOUR,
    "pays": GroundKind.NEIGHBOUR,
}
"""The kinds by what ``featurecla`` of Natural Earth calls them, among others; a river goes on through its lakes."""


def kind_of(cell: Cell, _notation: Notation) -> GroundKind:
    """Return a kind of ground.

    Examples
    --------
    >>> kind_of("Lake Centerline", Notation())
    <GroundKind.RIVER: 'RIVER'>

    """
    found = KINDS.get(plain(str(cell)))
    if found is None:
        raise Refused(CellTrouble.UNKNOWN_TERM, terms="river, lake, neighbour")
    return found


def rank(cell: Cell, notation: Notation) -> int:
    """Return a rank from 0, which shows from the farthest, to 20.

    Examples
    --------
    >>> rank(9.0, Notation())
    9

    """
    value = cells.whole(cell, notation)
    if value > MOST_RANK:
        raise Refused(CellTrouble.NO_NUMBER)
    return value


KIND = Kind(
    "ground",
    ("fond de carte", "ground of maps"),
    (
        Field("name", ("nom", "name"), cells.name, ("name_fr", "nom", "name"), required=True),
        Field("kind", ("rivière, lac ou pays", "river, lake or country"), kind_of, ("featurecla",)),
        Field("rank", ("rang", "rank"), rank, ("scalerank", "rang")),
        Field("code", ("code du pays", "code of the country"), cells.code, ("ADM0_A3", "iso3", "pays")),
    ),
    placed=True,
)
STAGED = {"kind": "text", "name": "text", "rank": "smallint", "code": "text", "geom": "text"}


def stage(row: Read, _options: Options) -> list[Any] | None:
    """Return what is staged of a row; ``None`` where it has no shape, as of what lies outside of a file's frame.

    What has the code of a country is one, whatever else it says.
    """
    if row.geometry is None:
        return None
    values = row.values
    kind = GroundKind.NEIGHBOUR if "code" in values else values.get("kind")
    if kind is None:
        raise Refused(CellTrouble.MISSING, field="kind")
    outline = shapely.to_wkb(drawn(row.geometry), hex=True)
    return [kind.name, values["name"], values.get("rank", USUAL_RANK[kind]), values.get("code"), outline]


def source_of(form: Form) -> tuple[str, str | None] | None:
    """Return the source of a table of a known form."""
    return ("Natural Earth", "Public domain") if {"scalerank", "ADM0_A3"} & set(form.names()) else None


def merge(merging: Merging) -> None:
    """Merge the ground by kind, name and rank; the pieces of one river, lake or country are one."""
    merging.file("ground_prepared")
    pieces: defaultdict[tuple[str, str, int], list[BaseGeometry]] = defaultdict(list)
    for row in merging.run('SELECT kind, name, rank, geom FROM staged ORDER BY file, "row"').all():
        pieces[row.kind, row.name, row.rank].append(shapely.from_wkb(row.geom))
    for (kind, name, its_rank), outline in zip(pieces, _outlines(pieces), strict=True):
        wkb = shapely.to_wkb(shapely.set_srid(outline, 4326), hex=True, include_srid=True)
        merging.run(
            "INSERT INTO ground_wanted VALUES (:kind, :name, :rank, CAST(:geom AS geometry))",
            kind=kind, name=name, rank=its_rank, geom=wkb,
        )  # fmt: skip
    counted = merging.file("ground_merged").one()
    merging.report.new, merging.report.changed, merging.report.unchanged = counted.new, counted.changed, counted.same


def _outlines(pieces: Mapping[tuple[str, str, int], Sequence[BaseGeometry]]) -> list[BaseGeometry]:
    """Return each thing whole and simplified; countries together, so that they keep their common borders."""
    whole = [shapely.union_all(parts) for parts in pieces.values()]
    kinds = [kind for kind, _, _ in pieces]
    countries = [at for at, kind in enumerate(kinds) if kind == GroundKind.NEIGHBOUR.name]
    for at, outline in zip(
        countries, shapely.coverage_simplify([whole[at] for at in countries], CORNER_DEGREES), strict=True
    ):
        whole[at] = outline
    for at, kind in enumerate(kinds):
        if kind == GroundKind.RIVER.name:
            whole[at] = shapely.line_merge(whole[at])
        if kind != GroundKind.NEIGHBOUR.name:
            whole[at] = whole[at].simplify(TOLERANCE_DEGREES)
    return whole


LOADER = Loader(KIND, STAGED, stage, merge, source_of)
