"""The rows of a table as values of a kind's fields; what cannot be read becomes a problem of the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from seeds.columns import cells, privacy
from seeds.columns.cells import DateOrder, Notation, is_nothing
from seeds.columns.kind import Kind
from seeds.columns.recognition import Found, Recognition
from seeds.loading.mends import Mends
from seeds.readers.table import Cell, Row, Table, is_blank
from seeds.reports.report import HIDDEN, Place, Problem, Report, quoted
from seeds.troubles import CellTrouble, FileTrouble, Refused, Weight

SAMPLE = 10_000
"""Rows by which the order of day and month is told."""
MOST_REMEMBERED = 5_000
"""Texts of a column whose values are remembered: names of areas and terms come again and again. It halves the time."""
NO_MENDS = Mends()
NOTHING, _UNREAD = object(), object()
"""What stands for a cell that says that there is no value, and for one that was not read before."""


@dataclass(frozen=True, slots=True)
class Read:
    """A row whose cells could be read."""

    place: Place
    values: Mapping[str, Any]
    """By field; those that are nothing are not there."""
    geometry: Mapping[str, Any] | None = None
    private: Refused | None = None
    """Why nothing of the row may be told, if it is or may be confidential."""


def notation(table: Table, recognition: Recognition, dates: DateOrder | None) -> Notation:
    """Return how a table writes its values: the order of its dates as said, or as its first rows show.

    Where some rows show that the day comes first and others that the month does, nobody knows.
    """
    columns = [each.column for each in recognition.found if each.field.parse is cells.date]
    if dates is None and columns:
        rows = islice(table.rows(), SAMPLE)
        shown = {order for row in rows for place in columns if (order := cells.date_order(row.cells[place]))}
        dates = shown.pop() if len(shown) == 1 else None
    return Notation(table.form.decimal, dates)


def rows(
    kind: Kind,
    table: Table,
    recognition: Recognition,
    written: Notation,
    report: Report,
    mends: Mends | None = None,
) -> Iterator[Read]:
    """Yield the rows that can be read, and take note of what cannot.

    A row with a cell that cannot be read, or without a value that every row needs, is refused. Of a private row no
    value is repeated, and it is not written back. A cell that is mended is read as its mend says.
    """
    width = len(table.form.columns)
    signs = privacy.signs(kind, table.form, recognition)
    known: list[dict[str, Any]] = [{} for _ in recognition.found]
    for row in table.rows():
        report.read += 1
        place = Place(table.form.file, table.form.sheet, row.number)
        private = signs.of(row)
        values, troubles = _values(row, recognition, written, known, mends or NO_MENDS)
        if any(not is_blank(each) for each in row.cells[width:]):
            troubles.append((None, Refused(FileTrouble.ROW_TOO_LONG)))
        troubles += [(None, Refused(trouble, **told)) for trouble, told in row.remarks]
        for found, refused in troubles:
            report.add(_problem(table, row, found, refused, is_private=private is not None))
        if any(refused.trouble.weight is not Weight.NOTE for _, refused in troubles):
            report.refuse(place, is_private=private is not None)
        else:
            yield Read(place, values, row.geometry, private)


def _values(
    row: Row, recognition: Recognition, written: Notation, known: list[dict[str, Any]], mends: Mends
) -> tuple[dict[str, Any], list[tuple[Found | None, Refused]]]:
    values: dict[str, Any] = {}
    troubles: list[tuple[Found | None, Refused]] = []
    mended = _mended(row, recognition, mends) if mends.rows else {}
    for each, remembered in zip(recognition.found, known, strict=True):
        if each.field.name in mended:
            if each.field.required and mended[each.field.name] is NOTHING:
                troubles.append((each, Refused(CellTrouble.MISSING, field=each.field.name)))
            continue
        cell: Cell = row.cells[each.column]
        try:
            value = _value(each, cell, written, remembered)
        except Refused as refused:
            troubles.append((each, refused))
            continue
        if value is not NOTHING:
            values[each.field.name] = value
        elif each.field.required:
            troubles.append((each, Refused(CellTrouble.MISSING, field=each.field.name)))
    return values | {name: value for name, value in mended.items() if value is not NOTHING}, troubles


def _mended(row: Row, recognition: Recognition, mends: Mends) -> dict[str, Any]:
    """Return the values of fields as the mends of a row say, whether the file has a column of them or none."""
    cells_of = {each.field.name: row.cells[each.column] for each in recognition.found}
    return {
        field.name: NOTHING if is_nothing(said) else field.parse(said, Notation()) for field, said in mends.of(cells_of)
    }


def _value(found: Found, cell: Cell, written: Notation, remembered: dict[str, Any]) -> Any:
    """Return the value of a cell; what the same text of its column was read as before is not read again."""
    if not isinstance(cell, str):
        return NOTHING if is_nothing(cell) else found.field.parse(cell, written)
    value = remembered.get(cell, _UNREAD)
    if value is _UNREAD:
        value = NOTHING if is_nothing(cell) else found.field.parse(cell, written)
        if len(remembered) < MOST_REMEMBERED:
            remembered[cell] = value
    return value


def _problem(table: Table, row: Row, found: Found | None, refused: Refused, *, is_private: bool) -> Problem:
    column = None if found is None else table.form.columns[found.column].name
    cell = None if found is None else row.cells[found.column]
    is_told = found is None or is_nothing(cell) or (found.field.quoted and not is_private)
    value = quoted(cell) if is_told else HIDDEN
    place = Place(table.form.file, table.form.sheet, row.number, column)
    return Problem(place, refused.trouble, value, refused.values, is_private)
