"""How large a workbook becomes, found before it is opened: what reads sheets holds every cell of their span.

A sheet of two cells, the first and the last one possible, spans 17 billion. So the places of cells are read from the
sheets' XML as a stream, and nothing of it is kept.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

from seeds.readers.bounds import MAX_CELLS, MAX_EXPANDED, MAX_MEMBERS, MAX_RATIO
from seeds.readers.table import Format
from seeds.troubles import FileTrouble, Refused

CHUNK = 1 << 18
SMALL = 1_000_000
"""Bytes of an entry that may expand by any ratio: an empty sheet of styles does."""
_PLACE = re.compile("([A-Z]{1,3})([0-9]{1,7})")
_SHEET = re.compile(r"xl/(?:work|chart|dialog|macro)sheets/[^/]*\.xml", re.IGNORECASE)


DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError)
"""What reading an entry raises that is damaged, or packed by a method that Python does not know."""


@contextmanager
def damage_refused() -> Iterator[None]:
    """Refuse an archive in which what is read is damaged.

    Raises
    ------
    Refused
        In place of what zipfile and what it expands by raise.

    """
    try:
        yield
    except DAMAGED:
        raise Refused(FileTrouble.BROKEN_ARCHIVE) from None


def check(path: Path, format_: Format, sheet: str | None = None) -> None:
    """Refuse a workbook that would take too much memory.

    Parameters
    ----------
    path
        The file.
    format_
        XLSX or ODS.
    sheet
        Named in what is refused, where the file does not tell.

    Raises
    ------
    Refused
        If it would expand too far, a sheet spans too many cells, or its XML declares entities.

    """
    with opened(path) as archive:
        for member in archive.namelist():
            if format_ is Format.XLSX and _SHEET.fullmatch(member):
                _check_sheet(archive, member, _Sheet(sheet or Path(member).stem))
            elif format_ is Format.ODS and member == "content.xml":
                _check_sheet(archive, member, _OpenSheets())


def opened(path: Path) -> zipfile.ZipFile:
    """Open a zip archive that does not expand too far.

    Raises
    ------
    Refused
        If it would, is damaged or locked, or has too many entries.

    """
    try:
        archive = zipfile.ZipFile(path)
        members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Refused(FileTrouble.BROKEN_ARCHIVE) from None
    if len(members) > MAX_MEMBERS:
        archive.close()
        raise Refused(FileTrouble.TOO_MANY_MEMBERS, most=MAX_MEMBERS)
    if sum(each.file_size for each in members) > MAX_EXPANDED or any(
        each.file_size > max(SMALL, MAX_RATIO * each.compress_size) for each in members
    ):
        archive.close()
        raise Refused(FileTrouble.TOO_LARGE_EXPANDED, most=MAX_EXPANDED, ratio=MAX_RATIO)
    if any(each.flag_bits & 1 for each in members):
        archive.close()
        raise Refused(FileTrouble.LOCKED)
    return archive


class _Sheet:
    """What an XLSX sheet spans, told of each element."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._row = self._column = self._rows = self._columns = 0

    def begin(self, element: str, attributes: dict[str, str]) -> None:
        """Take note of a row or a cell."""
        kind = element.rpartition(":")[2]
        if kind == "row":
            given = attributes.get("r", "")
            self._row = int(given) if given.isdecimal() and len(given) < 8 else self._row + 1  # noqa: PLR2004
            self._column = 0
        elif kind == "c":
            place = _PLACE.fullmatch(attributes.get("r", ""))
            self._column = _number(place[1]) if place else self._column + 1
            self._columns = max(self._columns, self._column)
            self._rows = max(self._rows, int(place[2]) if place else self._row)
            _bound(self._name, self._rows * self._columns)


class _OpenSheets:
    """What the sheets of an ODS file span: rows and cells may say that they stand for many."""

    def __init__(self) -> None:
        self._name = ""
        self._row = self._rows = self._columns = self._column = 0
        self._repeats = 1

    def begin(self, element: str, attributes: dict[str, str]) -> None:
        """Take note of a table, a row or a cell with something in it."""
        kind = element.rpartition(":")[2]
        told = {name.rpartition(":")[2]: value for name, value in attributes.items()}
        if kind == "table":
            self._name = told.get("name", "")
            self._row = self._rows = self._columns = 0
        elif kind == "table-row":
            self._row += self._repeats
            self._repeats = _count(told.get("number-rows-repeated"))
            self._column = 0
        elif kind in {"table-cell", "covered-table-cell"}:
            self._column += _count(told.get("number-columns-repeated"))
            if "value-type" in told or "formula" in told:
                self._columns = max(self._columns, self._column)
                self._rows = max(self._rows, self._row + self._repeats)
                _bound(self._name, self._rows * self._columns)


def _check_sheet(archive: zipfile.ZipFile, member: str, span: _Sheet | _OpenSheets) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = span.begin
    parser.EntityDeclHandler = _refuse_entities
    try:
        with archive.open(member) as file:
            while chunk := file.read(CHUNK):
                parser.Parse(chunk)
            parser.Parse(b"", True)  # noqa: FBT003  it takes no name
    except (expat.ExpatError, *DAMAGED) as error:
        raise Refused(FileTrouble.BROKEN_WORKBOOK, reason=str(error)) from None


def _refuse_entities(*_: object) -> None:
    raise Refused(FileTrouble.ENTITIES)


def _bound(sheet: str, cells: int) -> None:
    if cells > MAX_CELLS:
        raise Refused(FileTrouble.TOO_MANY_CELLS, sheet=sheet, cells=cells, most=MAX_CELLS)


def _count(given: str | None) -> int:
    return int(given) if given is not None and given.isdecimal() and len(given) < 10 else 1  # noqa: PLR2004


def _number(name: str) -> int:
    """Return the number of a column, counted from 1.

    Examples
    --------
    >>> _number("A"), _number("XFD")
    (1, 16384)

    """
    number = 0
    for letter in name:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number
