"""The formats of exports: by the ending of the name, the writer, the media type and the price of a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.exports.writers.csv_file import CsvFile
from api.exports.writers.geojson_file import GeojsonFile
from api.exports.writers.geopackage_file import GeopackageFile
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
        Points for writing a cell, a point being 0.1 ms.

    """

    writer: type[Writer]
    media_type: str
    stands: bool
    cell_price: float


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: Mapping[str, Format] = {
    "csv": Format(CsvFile, "text/csv; charset=utf-8", stands=False, cell_price=0.01),
    "xlsx": Format(
        XlsxFile, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", stands=False, cell_price=0.05
    ),
    "geojson": Format(GeojsonFile, "application/geo+json", stands=True, cell_price=0.01),
    "gpkg": Format(GeopackageFile, "application/geopackage+sqlite3", stands=True, cell_price=0.03),
}
"""By the ending of a file's name."""
