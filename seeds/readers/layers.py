"""Shapefiles and GeoPackages, opened in a process of their own by the two drivers of GDAL that they need.

GDAL is handed copies of the files that belong together, under names of ours and in a folder of their own: it looks at
the names of files and at what stands beside them.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from seeds.readers.bounds import MAX_LAYER
from seeds.readers.geojson import mended
from seeds.readers.table import Column, Corrections, Form, Format, Row, Table
from seeds.readers.worker import Worker
from seeds.troubles import FileTrouble, Refused

SHAPEFILE = b"\x00\x00\x27\x0a"
"""The first bytes of a .shp file."""
GEOPACKAGE, MARKED = b"SQLite format 3\0", slice(68, 72)
"""The first bytes of a GeoPackage, and where it says that it is one: ``GPKG``, of old ones ``GP10`` or ``GP11``."""
NEEDED, TAKEN = (".shx", ".dbf"), (".shp", ".shx", ".dbf", ".prj", ".cpg")
Opened = Callable[[], BinaryIO]


def is_layer(head: bytes) -> bool:
    """Return whether a file begins as a GeoPackage does, or the .shp file of a Shapefile."""
    return head.startswith(SHAPEFILE) or (head.startswith(GEOPACKAGE) and head[MARKED].startswith(b"GP"))


def of_file(path: Path, head: bytes, corrections: Corrections) -> list[Table]:
    """Return the layers of a GeoPackage, or that of a Shapefile, given by its .shp file beside the others.

    Raises
    ------
    Refused
        If it is too large, incomplete or broken, or in a coordinate system that cannot be changed into EPSG:4326.

    """
    if not head.startswith(SHAPEFILE):
        return _tables({".gpkg": _opener(path)}, path.stat().st_size, path.name, corrections)
    beside = {each.suffix.lower(): each for each in path.parent.glob(f"{path.stem}.*")}
    parts = {suffix: beside[suffix] for suffix in TAKEN if suffix in beside}
    size = sum(each.stat().st_size for each in parts.values())
    opened: dict[str, Opened] = {suffix: _opener(each) for suffix, each in parts.items()}
    return _tables(opened, size, path.name, corrections)


def of_archive(archive: zipfile.ZipFile, file: str, corrections: Corrections) -> list[Table]:
    """Return the layers of the Shapefiles in a zip archive; none where there is none."""
    members = {each.filename: each for each in archive.infolist() if not each.filename.startswith("__MACOSX/")}
    found = []
    for name in sorted(each for each in members if each.lower().endswith(".shp")):
        stem = name[:-4]
        parts = {suffix: each for suffix in TAKEN for each in members if each.lower() == f"{stem.lower()}{suffix}"}
        size = sum(members[each].file_size for each in parts.values())
        opened: dict[str, Opened] = {suffix: _member(archive, each) for suffix, each in parts.items()}
        found += _tables(opened, size, file, corrections, stem.rpartition("/")[2])
    return found


def _opener(path: Path) -> Opened:
    return lambda: path.open("rb")


def _member(archive: zipfile.ZipFile, name: str) -> Opened:
    return lambda: archive.open(name)  # type: ignore[return-value]


class _Folder:
    """A folder that is gone with the last table that reads from it."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="lakana-layer-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def _tables(
    parts: Mapping[str, Opened], size: int, file: str, corrections: Corrections, sheet: str | None = None
) -> list[Table]:
    if size > MAX_LAYER:
        raise Refused(FileTrouble.TOO_LARGE, most=MAX_LAYER)
    missing = [each for each in NEEDED if ".shp" in parts and each not in parts]
    if missing:
        raise Refused(FileTrouble.INCOMPLETE_SHAPEFILE, missing=", ".join(missing))
    folder = _Folder()
    for suffix, opened in parts.items():
        with opened() as source, Path(folder.path, f"layer{suffix}").open("wb") as copy:
            shutil.copyfileobj(source, copy)
    path = Path(folder.path, "layer.gpkg" if ".gpkg" in parts else "layer.shp")
    with Worker("seeds.readers.layer_rows", path, FileTrouble.BROKEN_LAYER) as worker:
        layers = [str(each) for each in worker.answer()]
    if corrections.sheet is not None and sheet is None and ".gpkg" in parts:
        if corrections.sheet not in layers:
            raise Refused(FileTrouble.NO_SHEET, sheet=corrections.sheet, sheets=", ".join(layers))
        layers = [corrections.sheet]
    return [_table(folder, path, each, file, sheet or (each if ".gpkg" in parts else None)) for each in layers]


def _table(folder: _Folder, path: Path, layer: str, file: str, sheet: str | None) -> Table:
    def opened() -> Worker:
        return Worker("seeds.readers.layer_rows", folder.path / path.name, FileTrouble.BROKEN_LAYER, layer)

    with opened() as worker:
        columns = tuple(Column(str(each)) for each in worker.answer())

    def read() -> Iterator[Row]:
        with opened() as worker:
            worker.answer()
            for number, (cells, shape) in enumerate(worker.items(), 1):
                geometry, remarks = mended(shape)
                yield Row(number, cells, geometry, remarks)

    return Table(Form(Format.LAYER, file, sheet, columns), read)
