"""A table of a file: what was recognised, what a person corrected, and its rows, streamed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from seeds.troubles import Trouble

Cell = str | float | int | bool | dt.date | dt.datetime | dt.time | None
"""What a cell holds: text from a text file; from a workbook and GeoJSON also what its program says that it is."""

Numbered = tuple[int, Sequence[Cell]]
"""A row with its number, counted from 1 as a spreadsheet program does."""

Remark = tuple[Trouble, Mapping[str, Any]]


class Format(Enum):
    """The formats that are read."""

    CSV = "CSV"
    XLSX = "XLSX"
    XLS = "XLS"
    ODS = "ODS"
    GEOJSON = "GeoJSON"
    HSDS = "HSDS"
    LAYER = "layer"
    """Shapefile and GeoPackage."""
    RASTER = "raster"
    """GeoTIFF."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    """Its name in the file, or the letters that a spreadsheet program shows above it."""
    tag: str | None = None
    """Its HXL tag, in lower case without blanks."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a person says of a file; ``None`` leaves it to recognition."""

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    header_row: int | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """What was recognised of a table."""

    format: Format
    file: str
    sheet: str | None
    columns: tuple[Column, ...]
    header_row: int | None = None
    """``None`` where the format has no such row, or a known one needs none."""
    hxl_row: int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str = "."
    remarks: tuple[Remark, ...] = ()
    codes_of: str | None = None
    """What the list is called whose codes it has, where the format tells."""
    titles: tuple[str, ...] = ()
    """The texts of the rows above the first one of values that are neither names nor tags."""

    def names(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return tuple(each.name for each in self.columns)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of data."""

    number: int
    """As a spreadsheet program counts, from 1; of GeoJSON the number of the feature."""
    cells: Sequence[Cell]
    """At least one a column."""
    geometry: Mapping[str, Any] | None = None
    """Of a GeoJSON feature: its geometry, longitude first, without heights."""
    remarks: tuple[Remark, ...] = field(default=())


@dataclass(frozen=True)
class Table:
    """A table whose rows can be read more than once."""

    form: Form
    read: Callable[[], Iterator[Row]]

    def rows(self) -> Iterator[Row]:
        """Yield the rows of data from the first on, without empty ones."""
        return self.read()

    def renamed(self, file: str) -> Table:
        """Return the same table as one of another file, without the name of a sheet."""
        return replace(self, form=replace(self.form, file=file, sheet=None))


def is_blank(cell: Cell) -> bool:
    """Return whether nothing stands in a cell.

    Examples
    --------
    >>> is_blank(" "), is_blank(None), is_blank(0)
    (True, True, False)

    """
    return cell is None or (isinstance(cell, str) and not cell.strip())


def letters(number: int) -> str:
    """Return the letters that a spreadsheet program shows above a column, counted from 0.

    Examples
    --------
    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')

    """
    text = ""
    while number >= 0:
        text = chr(ord("A") + number % 26) + text
        number = number // 26 - 1
    return text
