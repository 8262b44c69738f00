"""The formats of exports: by the ending of the name, the writer, the media type and the price of a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.exports.columns import Path
from api.exports.hsds import PATHS
from api.exports.writers.csv_file import CsvFile
from api.exports.writers.geojson_file import GeojsonFile
from api.exports.writers.geopackage_file import GeopackageFile
from api.exports.writers.hsds_file import HsdsJsonFile, HsdsZipFile
from api.exports.writers.writer import Writer
from api.exports.writers.xlsx_file import XlsxFile


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Parameters
    ----------
    writer
        Writes a file of it.
    media_type
        What HTTP calls it.
    stands
        Whether a row has a geometry there, and not a longitude and a latitude.
    cell_price
        Points for writing a cell, a point being 0.1 ms: 1.3 µs for CSV, 6.7 for XLSX, 1.1 for GeoJSON, 1.8 for
        GeoPackage, 3.0 and 5.2 for HSDS (10,000 services of 40 columns).
    of
        The one export that it is a format of; ``None`` for all.
    paths
        What it asks of a row; ``None`` where that follows from the type.

    """

    writer: type[Writer]
    media_type: str
    stands: bool
    cell_price: float
    of: str | None = None
    paths: tuple[Path, ...] | None = None


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: Mapping[str, Format] = {
    "csv": Format(CsvFile, "text/csv; charset=utf-8", stands=False, cell_price=0.01),
    "xlsx": Format(
        XlsxFile, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", stands=False, cell_price=0.07
    ),
    "geojson": Format(GeojsonFile, "application/geo+json", stands=True, cell_price=0.01),
    "gpkg": Format(GeopackageFile, "application/geopackage+sqlite3", stands=True, cell_price=0.02),
    "hsds.json": Format(HsdsJsonFile, "application/json", stands=True, cell_price=0.03, of="services", paths=PATHS),
    "hsds.zip": Format(HsdsZipFile, "application/zip", stands=True, cell_price=0.05, of="services", paths=PATHS),
}
"""By the ending of a file's name."""


def formats_of(name: str) -> Mapping[str, Format]:
    """Return the formats of an export."""
    return {ending: each for ending, each in FORMATS.items() if each.of in {None, name}}


def parted(file: str) -> tuple[str, str]:
    """Return the name and the ending of a file.

    Examples
    --------
    >>> parted("services.csv"), parted("coverage.areas.csv"), parted("services.hsds.json"), parted("services")
    (('services', 'csv'), ('coverage.areas', 'csv'), ('services', 'hsds.json'), ('services', ''))

    """
    known = (each for each in FORMATS if file.endswith(f".{each}"))
    ending = max(known, key=len, default=file.rpartition(".")[2] if "." in file else "")
    return file.removesuffix(f".{ending}"), ending
