"""Text tables (CSV, TSV and their kin): encoding, separator and decimal sign recognised, rows streamed."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from geo.notations.spreadsheet_cells import as_meant
from seeds.readers import encodings, geonames
from seeds.readers.bounds import MAX_COLUMNS, MAX_LINE, SAMPLE_CHARACTERS, SAMPLE_ROWS
from seeds.readers.encodings import Opened
from seeds.readers.headers import data_rows, tabled
from seeds.readers.table import Column, Corrections, Form, Format, Numbered, Table
from seeds.troubles import FileTrouble, Refused

DELIMITERS = (",", ";", "\t", "|")
_COMMA = re.compile(r"[-+]?(\d{1,3}([ .\u202f\xa0]\d{3})+,\d+|\d+,(\d{1,2}|\d{4,}))%?")
_POINT = re.compile(r"[-+]?(\d{1,3}([ ,\u202f\xa0]\d{3})+\.\d+|\d+\.(\d{1,2}|\d{4,}))%?")
_EITHER = re.compile(r"[-+]?\d{1,3},\d{3}%?")


def table(opened: Opened, file: str, sheet: str | None, corrections: Corrections) -> Table:
    """Return the table of a text file.

    Parameters
    ----------
    opened
        Opens its bytes.
    file, sheet
        Where it comes from, for the report.
    corrections
        Whatever is given is not looked for.

    Raises
    ------
    Refused
        If it is in no known encoding, or no table.

    """
    if corrections.delimiter is not None and (len(corrections.delimiter) != 1 or corrections.delimiter in '"\r\n '):
        raise Refused(FileTrouble.NO_DELIMITER, delimiter=corrections.delimiter)
    encoding = corrections.encoding or encodings.recognised(opened)
    if corrections.encoding or encoding != "utf-8":
        encodings.check(opened, encoding)
    lines = list(_first(islice(_lines(opened, encoding), 3 * SAMPLE_ROWS)))
    delimiter = corrections.delimiter or _delimiter(lines)
    sample = list(islice(_records(iter(lines), delimiter, is_part=True), SAMPLE_ROWS))
    decimal = corrections.decimal or _decimal(sample, delimiter)
    form = Form(Format.CSV, file, sheet, (), encoding=encoding, delimiter=delimiter, decimal=decimal)

    def read() -> Iterator[Numbered]:
        return _records(_lines(opened, encoding), delimiter)

    if delimiter == "\t" and corrections.header_row is None and geonames.is_dump(sample):
        columns = tuple(map(Column, geonames.COLUMNS))
        known = Form(Format.CSV, file, sheet, columns, encoding=encoding, delimiter=delimiter)
        return Table(known, lambda: data_rows(_plain(_lines(opened, encoding)), 0, len(columns)))
    return tabled(form, read, corrections)


def _lines(opened: Opened, encoding: str) -> Iterator[str]:
    """Yield the lines of a file, ends included; a longer one than a table has is refused."""
    with io.TextIOWrapper(opened(), encoding=encoding, newline="") as text:
        number = 0
        while line := text.readline(MAX_LINE):
            number += 1
            if len(line) == MAX_LINE:
                raise Refused(FileTrouble.LINE_TOO_LONG, line=number, most=MAX_LINE)
            yield line


def _first(lines: Iterator[str]) -> Iterator[str]:
    """Yield lines until they have the characters of a sample, the first one in any case."""
    length = 0
    for line in lines:
        yield line
        length += len(line)
        if length > SAMPLE_CHARACTERS:
            return


class _Fed:
    """Lines of which a row may take only so many characters, however many lines it goes on over."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.length = 0
        """Of what the row has taken."""

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.length += len(line)
            if self.length > MAX_LINE:
                raise csv.Error
            yield line


def _records(lines: Iterator[str], delimiter: str, *, is_part: bool = False) -> Iterator[Numbered]:
    number = 0
    fed = _Fed(lines)
    rows = csv.reader(fed, delimiter=delimiter)
    while True:
        number += 1
        fed.length = 0
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            if is_part:  # the sample may end within a cell
                return
            raise Refused(FileTrouble.CELL_TOO_LONG, row=number) from None
        if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
            raise Refused(FileTrouble.TOO_MANY_COLUMNS, most=MAX_COLUMNS)
        yield number, [as_meant(each) if each[:1] == "'" else each for each in cells[:MAX_COLUMNS]]


def _plain(lines: Iterator[str]) -> Iterator[Numbered]:
    """Yield rows of a dump, in which quotation marks are letters."""
    for number, line in enumerate(lines, 1):
        yield number, line.rstrip("\r\n").split("\t")


def _delimiter(lines: list[str]) -> str:
    """Return the separator that parts most rows into the same number of cells, more than one; else a comma."""

    def fit(delimiter: str) -> float:
        rows = [cells for _, cells in _records(iter(lines), delimiter, is_part=True) if any(cells)]
        if not rows:
            return 0
        width, rows_of_it = Counter(map(len, rows)).most_common(1)[0]
        return rows_of_it / len(rows) * min(width - 1, 8)

    return max(DELIMITERS, key=fit)


def _decimal(sample: list[Numbered], delimiter: str) -> str:
    """Return the decimal sign: the one that numbers show where only one can be meant.

    ``1,282`` may be either; where no number tells, a comma is the decimal sign of tables that are separated otherwise
    and in which no number has a point.
    """
    cells = [str(each).strip() for _, row in sample for each in row]
    commas, points = (sum(bool(each.fullmatch(cell)) for cell in cells) for each in (_COMMA, _POINT))
    if commas != points:
        return "," if commas > points else "."
    return "," if delimiter == ";" and any(map(_EITHER.fullmatch, cells)) else "."
