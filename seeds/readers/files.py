"""A file as tables, whatever its format: it is recognised by what it holds, never by its name."""

from __future__ import annotations

import hashlib
import io
import zipfile
from functools import partial
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from seeds.readers import delimited, geojson, workbook
from seeds.readers.encodings import Opened
from seeds.readers.table import Corrections, Format, Table
from seeds.readers.workbook_size import damage_refused
from seeds.readers.workbook_size import opened as opened_archive
from seeds.troubles import FileTrouble, Refused

_ZIP, _OLD = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
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
    _check_regular(path)
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise Refused(FileTrouble.EMPTY_FILE)
    if head.startswith(_OLD):
        return workbook.tables(path, Format.XLS, path.name, given)
    if head.startswith(_ZIP):
        return _of_archive(path, given)
    return [_of_text(lambda: path.open("rb"), head, path.name, None, given)]


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits.

    Raises
    ------
    Refused
        If it is a folder, a pipe or a device, which may have no end.

    """
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
        texts = sorted(
            each
            for each in members
            if each.lower().endswith(_TEXTS) and not each.startswith(("__MACOSX/", ".")) and "/." not in each
        )
        heads = {}
        for each in texts:
            with archive.open(each) as file:
                heads[each] = file.read(4096)
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
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if plain.startswith(b"{"):
        return geojson.table(opened, file, sheet)
    if plain.startswith((b"[", b"<", b"%PDF", b"\x89PNG", b"\xff\xd8", b"SQLite format 3", b"\x1f\x8b")):
        raise Refused(FileTrouble.UNKNOWN_FORMAT)
    return delimited.table(opened, file, sheet, corrections)
