"""People by the cells of a grid: tables of longitude, latitude and people, and rasters such as WorldPop's."""

from __future__ import annotations

from typing import Any

from seeds.columns import cells
from seeds.columns.kind import Field, Kind, place_fields
from seeds.loading import demand
from seeds.loading.merging import Loader, Merging
from seeds.loading.options import Options
from seeds.loading.places import place_of
from seeds.loading.reading import Read
from seeds.readers.table import Form, Format
from seeds.troubles import FileTrouble, Refused

MOST_CELLS = 300_000
"""Demand points of one nation that coverage is measured for (docs/performance.md)."""
LEAST = 0.01
"""People of a cell below which it is empty: rasters have very small numbers where nobody lives."""
NAMES = ("people", "population", "pop", "habitants", "z", "value", "band1", "count")
KIND = Kind(
    "grid",
    ("population par maille", "population by cell"),
    (*place_fields(), Field("people", ("habitants", "people"), cells.number, NAMES, ("#population",), required=True)),
    placed=True,
)
STAGED = {"lon": "double precision", "lat": "double precision", "people": "double precision"}


def stage(row: Read, _options: Options) -> list[Any] | None:
    """Return what is staged of a row; ``None`` where nobody lives."""
    if row.values["people"] < LEAST:
        return None
    place = place_of(row)
    return [place.lon, place.lat, row.values["people"]]


def source_of(form: Form) -> tuple[str, str | None] | None:
    """Return the source of a raster of a known name."""
    if form.format is Format.RASTER and "ppp" in form.file.lower():
        return "WorldPop", "CC BY 4.0"
    return None


def merge(merging: Merging) -> None:
    """Keep the cells of each nation that the grid covers, in the place of those before, and make demand points."""
    many = merging.run("SELECT count(*) FROM staged").scalar()
    if many > MOST_CELLS:
        raise Refused(FileTrouble.TOO_FINE, cells=many, most=MOST_CELLS)
    merging.tell(merging.file("grid_troubles").all())
    counted = merging.file("grid_merged").one()
    merging.report.new, merging.report.changed, merging.report.unchanged = counted.new, counted.changed, counted.same
    if counted.altered:
        demand.refresh(merging)


LOADER = Loader(KIND, STAGED, stage, merge, source_of)
