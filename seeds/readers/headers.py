"""Where a table begins: its row of names, its row of HXL tags, wherever these stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from statistics import median
from typing import Any

from seeds.readers.bounds import MAX_COLUMNS, SAMPLE_CHARACTERS, SAMPLE_ROWS
from seeds.readers.table import Cell, Column, Corrections, Form, Numbered, Remark, Row, Table, is_blank, letters
from seeds.troubles import FileTrouble, Refused

SEARCHED = 25
"""Rows, empty ones left out, among which names and tags are looked for."""
_TAG = re.compile(r"#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*")
_NEARLY = re.compile(r"#\s*[A-Za-z]")
_NUMBER = re.compile(r"[-+]?[\s.,]*\d[\d\s.,]*%?")  # no two parts take the same sign: in linear time


def tabled(form: Form, read: Callable[[], Iterator[Numbered]], corrections: Corrections) -> Table:
    """Return the table that numbered rows make, its names and tags found.

    Parameters
    ----------
    form
        What is known of it so far.
    read
        Yields every row from the first on, as often as it is called.
    corrections
        ``header_row`` says where the names stand.

    Raises
    ------
    Refused
        If no row looks like names, or there are too many columns.

    """
    sample = list(_first(islice(read(), SAMPLE_ROWS)))
    if not sample:
        raise Refused(FileTrouble.EMPTY_FILE)
    hxl = next((number for number, cells in sample[:SEARCHED] if _holds_tags(cells)), None)
    header = corrections.header_row or _header(sample, hxl)
    rows = dict(sample)
    if header not in rows:
        raise Refused(FileTrouble.NO_SUCH_ROW, row=header)
    if hxl is not None and hxl < header:
        hxl = None
    columns, remarks = _columns(rows[header], rows[hxl] if hxl is not None and hxl != header else None, sample)
    if hxl == header:
        columns = [Column(each.name, _tag(each.name)) for each in columns]
    found: dict[str, Any] = {"columns": tuple(columns), "header_row": header, "hxl_row": hxl}
    known = {name: getattr(form, name) for name in ("format", "file", "sheet", "encoding", "delimiter", "decimal")}
    last = max(header, hxl or 0)
    above = (cells for number, cells in sample if number <= last and number not in {header, hxl})
    titles = tuple(each for cells in above for each in cells if isinstance(each, str) and not is_blank(each))
    done = Form(**known, **found, remarks=(*form.remarks, *remarks), titles=titles)
    return Table(done, lambda: data_rows(read(), last, len(columns)))


def _first(rows: Iterator[Numbered]) -> Iterator[Numbered]:
    """Yield rows that are not empty until they have the characters of a sample, the first one in any case."""
    length = 0
    for number, cells in rows:
        if not all(map(is_blank, cells)):
            yield number, cells
        length += sum(len(each) for each in cells if isinstance(each, str))
        if length > SAMPLE_CHARACTERS:
            return


def data_rows(rows: Iterator[Numbered], after: int, width: int) -> Iterator[Row]:
    """Yield the rows below a row that are not empty, each with at least as many cells as there are columns."""
    for number, cells in rows:
        if number > after and not all(map(is_blank, cells)):
            yield Row(number, [*cells, *[None] * (width - len(cells))] if len(cells) < width else cells)


def _header(sample: Sequence[Numbered], hxl: int | None) -> int:
    """Return the number of the row of names: the one above the tags, or the first that looks like names."""
    if hxl is not None:
        above = [(number, cells) for number, cells in sample if number < hxl]
        tags = _filled(dict(sample)[hxl])
        return next((number for number, cells in reversed(above) if 2 * _filled(cells) >= tags), hxl)
    width = median(_filled(cells) for _, cells in sample[-SEARCHED * 4 :])
    for number, cells in sample[:SEARCHED]:
        named = _filled(cells)
        if named > (width / 2 if width > 1 else 0) and all(map(_may_be_name, cells)):
            return number
    raise Refused(FileTrouble.NO_HEADER, rows=SEARCHED)


def _filled(cells: Sequence[Cell]) -> int:
    return sum(not is_blank(each) for each in cells)


def _may_be_name(cell: Cell) -> bool:
    return is_blank(cell) or (isinstance(cell, str) and not _NUMBER.fullmatch(cell.strip()))


def _holds_tags(cells: Sequence[Cell]) -> bool:
    filled = [each for each in cells if not is_blank(each)]
    return 2 * sum(isinstance(each, str) and _tag(each) is not None for each in filled) > len(filled)


def _tag(text: str) -> str | None:
    tag = "".join(text.lower().split())
    return tag if _TAG.fullmatch(tag) else None


def _columns(
    names: Sequence[Cell], tags: Sequence[Cell] | None, sample: Sequence[Numbered]
) -> tuple[list[Column], list[Remark]]:
    """Return the columns; unnamed ones are called by their letters, a name that comes again has a number behind it."""
    used = max((place + 1 for _, cells in sample for place, each in enumerate(cells) if not is_blank(each)), default=0)
    if used > MAX_COLUMNS:
        raise Refused(FileTrouble.TOO_MANY_COLUMNS, most=MAX_COLUMNS)
    columns: list[Column] = []
    remarks: list[Remark] = []
    seen: dict[str, int] = {}
    for place in range(used):
        given = names[place] if place < len(names) else None
        name = letters(place) if is_blank(given) else " ".join(str(given).split())
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            name = f"{name} ({seen[name]})"
        said = tags[place] if tags is not None and place < len(tags) else None
        tag = _tag(said) if isinstance(said, str) else None
        if tag is None and isinstance(said, str) and _NEARLY.match(said.strip()):
            remarks.append((FileTrouble.BAD_TAG, {"column": name, "value": said}))
        columns.append(Column(name, tag))
    return columns, remarks
