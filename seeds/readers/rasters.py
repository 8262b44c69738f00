"""GeoTIFFs of people by cell, such as WorldPop's, opened in a process of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from seeds.readers.bounds import MAX_RASTER
from seeds.readers.table import Column, Form, Format, Row, Table
from seeds.readers.worker import Worker
from seeds.troubles import FileTrouble, Refused

MARKS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""The first bytes of a TIFF, small and large, of either order of bytes."""


def table(path: Path) -> Table:
    """Return the inhabited cells of a raster, or its hexagons, as rows of longitude, latitude and people.

    Raises
    ------
    Refused
        If it is too large or broken, or says no coordinate system.

    """
    if path.stat().st_size > MAX_RASTER:
        raise Refused(FileTrouble.TOO_LARGE, most=MAX_RASTER)

    def opened() -> Worker:
        return Worker("seeds.readers.raster_rows", path, FileTrouble.BROKEN_RASTER)

    with opened() as worker:
        columns = tuple(Column(str(each)) for each in worker.answer())

    def read() -> Iterator[Row]:
        with opened() as worker:
            worker.answer()
            for number, cells in enumerate(worker.items(), 1):
                yield Row(number, cells)

    return Table(Form(Format.RASTER, path.name, None, columns), read)
