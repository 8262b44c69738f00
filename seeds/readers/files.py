"""A file as tables, whatever its format: it is recognised by what it holds, never by its name."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from seeds.readers import delimited, geojson, hsds, layers, rasters, workbook
from seeds.readers.bounds import MAX_PACKAGE
from seeds.readers.encodings import Opened
from seeds.readers.table import Corrections, Format, Table
from seeds.readers.workbook_size import damage_refused
from seeds.readers.workbook_size import opened as opened_archive
from seeds.troubles import FileTrouble, Refused

_ZIP, _OLD = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARK = b"\xef\xbb\xbf"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_TEXTS = (".csv", ".tsv", ".txt", ".geojson", ".json")
CHUNK = 1 << 20


def tables(path: Path, corrections: Corrections | None = None) -> list[Table]:
    """Return the tables of a file: one, or those of its sheets, or of the texts in a zip archive.

    Parameters
    ----------
    path
        The file.
    corrections
        What is known better than it can be recognised.

    Returns
    -------
    list of Table
        At least one. The visible sheets of a workbook come first.

    Raises
    ------
    Refused
        If nothing of the file can be read; the trouble says why.

    """
    given = corrections or Corrections()
    if path.is_dir():
        return _of_folder(path, given)
    _check_regular(path)
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise Refused(FileTrouble.EMPTY_FILE)
    known = _of_known(path, head, given)
    return [_of_text(partial(_file, path), head, path.name, None, given)] if known is None else known


def _of_known(path: Path, head: bytes, corrections: Corrections) -> list[Table] | None:
    """Return the tables of a file that its first bytes tell the format of; ``None`` of text and plain GeoJSON."""
    if head.startswith(_OLD):
        return workbook.tables(path, Format.XLS, path.name, corrections)
    if head.startswith(_ZIP):
        return _of_archive(path, corrections)
    if layers.is_layer(head):
        return layers.of_file(path, head, corrections)
    if head.startswith(rasters.MARKS):
        return [rasters.table(path)]
    if head.removeprefix(_MARK).lstrip().startswith((b"{", b"[")) and hsds.is_json(head):
        with path.open("rb") as file:
            return hsds.of_json(file.read(MAX_PACKAGE + 1).removeprefix(_MARK), path.name, corrections)
    return None


def rows_about(path: Path) -> int:
    """Return about how many rows a text table has, by the ends of its lines; 0 of other files."""
    with nullcontext() if path.is_dir() else path.open("rb") as file:
        head = b"" if file is None else file.read(4096)
        if file is None or b"\0" in head or head.startswith((_ZIP, b"{", b"[", _MARK + b"{")):
            return 0
        return head.count(b"\n") + sum(chunk.count(b"\n") for chunk in iter(partial(file.read, CHUNK), b""))


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, or of those of a folder by name, in hexadecimal digits.

    Raises
    ------
    Refused
        If it is a pipe or a device, which may have no end.

    """
    if path.is_dir():
        whole = hashlib.sha256()
        for each in sorted(path.glob("*.csv")):
            whole.update(f"{each.name} {sha256(each)}\n".encode())
        return whole.hexdigest()
    _check_regular(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_regular(path: Path) -> None:
    if not path.is_file():
        raise Refused(FileTrouble.NO_FILE)


def _of_archive(path: Path, corrections: Corrections) -> list[Table]:
    with opened_archive(path) as archive, damage_refused():
        members = set(archive.namelist())
        if "xl/workbook.xml" in members:
            return workbook.tables(path, Format.XLSX, path.name, corrections)
        if "mimetype" in members and _begins_with(archive, "mimetype", _ODS):
            return workbook.tables(path, Format.ODS, path.name, corrections)
        if shapes := layers.of_archive(archive, path.name, corrections):
            return shapes
        texts = sorted(
            each
            for each in members
            if each.lower().endswith(_TEXTS) and not each.startswith(("__MACOSX/", ".")) and "/." not in each
        )
        heads = {}
        for each in texts:
            with archive.open(each) as file:
                heads[each] = file.read(4096)
    package = {held: each for each in texts if (held := hsds.table_of(each)) and heads[each]}
    if {"services", "service_at_location"} <= set(package):
        opened = {held: partial(_member, path, each) for held, each in package.items()}
        with opened_archive(path) as archive:
            size = sum(archive.getinfo(each).file_size for each in package.values())
        return _of_package(opened, size, path.name, corrections)
    if corrections.sheet is not None:
        if corrections.sheet not in texts:
            raise Refused(FileTrouble.NO_SHEET, sheet=corrections.sheet, sheets=", ".join(texts))
        texts = [corrections.sheet]
    found = [
        _of_text(partial(_member, path, each), heads[each], path.name, each, corrections)
        for each in texts
        if heads[each]
    ]
    if not found:
        raise Refused(FileTrouble.UNKNOWN_FORMAT)
    return found


def _of_folder(path: Path, corrections: Corrections) -> list[Table]:
    found = {held: each for each in sorted(path.glob("*.csv")) if (held := hsds.table_of(each.name))}
    if not {"services", "service_at_location"} <= set(found):
        raise Refused(FileTrouble.UNKNOWN_FORMAT)
    opened: dict[str, Opened] = {held: partial(_file, each) for held, each in found.items()}
    return _of_package(opened, sum(each.stat().st_size for each in found.values()), path.name, corrections)


def _of_package(opened: Mapping[str, Opened], size: int, file: str, corrections: Corrections) -> list[Table]:
    if size > MAX_PACKAGE:
        raise Refused(FileTrouble.TOO_LARGE, most=MAX_PACKAGE)
    found = {held: delimited.table(each, file, held, Corrections()) for held, each in opened.items()}
    return hsds.of_tables(found, file, corrections)


def _file(path: Path) -> BinaryIO:
    _check_regular(path)
    return path.open("rb")


def _begins_with(archive: zipfile.ZipFile, name: str, beginning: bytes) -> bool:
    with archive.open(name) as file:
        return file.read(len(beginning)) == beginning


def _member(path: Path, name: str) -> BinaryIO:
    # The archive is closed with its last open entry.
    with opened_archive(path) as archive, damage_refused():
        return cast("BinaryIO", io.BufferedReader(_Entry(archive.open(name))))


class _Entry(io.RawIOBase):
    """The bytes of an entry of an archive; damage is met while they are expanded."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with damage_refused():
            read = self._file.read(len(buffer))
        buffer[: len(read)] = read
        return len(read)

    def close(self) -> None:
        self._file.close()
        super().close()


def _of_text(opened: Opened, head: bytes, file: str, sheet: str | None, corrections: Corrections) -> Table:
    plain = head.removeprefix(_MARK).lstrip()
    if plain.startswith(b"{"):
        return geojson.table(opened, file, sheet)
    if plain.startswith((b"[", b"<", b"%PDF", b"\x89PNG", b"\xff\xd8", b"SQLite format 3", b"\x1f\x8b")):
        raise Refused(FileTrouble.UNKNOWN_FORMAT)
    return delimited.table(opened, file, sheet, corrections)
