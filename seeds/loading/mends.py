"""Mends: cells that are read otherwise than a file has them, each with the reason, so that the file stays as it came.

They stand in a table of their own, with the columns ``where``, ``field``, ``value`` and ``why``. ``where`` names rows
by what they hold in a field, ``code=ML0401``; a blank value means that there is none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from geo.texts import shown
from seeds.columns.kind import Field, Kind
from seeds.readers import files
from seeds.readers.table import Cell
from seeds.troubles import CellTrouble, FileTrouble, Refused

COLUMNS = ("where", "field", "value", "why")
MOST = 10_000
"""Mends of a file, which are held in memory."""


@dataclass
class Mends:
    """The mends of an import.

    Parameters
    ----------
    rows
        What is read instead, by field: of the rows that have a value in a field.

    """

    rows: Mapping[tuple[str, str], list[tuple[Field, str]]] = field(default_factory=dict)
    used: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many rows were mended, by what they have in which field."""

    def of(self, cells: Mapping[str, Cell]) -> list[tuple[Field, str]]:
        """Return what is read instead in a row with these cells by field, the later mend winning."""
        found = []
        for name in {name for name, _ in self.rows}:
            key = name, str(cells.get(name, "")).strip()
            if key in self.rows:
                self.used[key] += 1
                found += self.rows[key]
        return found

    @property
    def unused(self) -> list[str]:
        """What no row has that a mend is for, in the form of ``where``."""
        return [f"{name}={value}" for name, value in self.rows if (name, value) not in self.used]


def read(path: Path | None, kind: Kind) -> Mends:
    """Read the mends of a kind; none where there is no file.

    Raises
    ------
    Refused
        If the table cannot be read, a column is missing, a field is none of the kind, or ``where`` is no pair.

    """
    if path is None:
        return Mends()
    fields = {each.name: each for each in kind.fields}
    rows: defaultdict[tuple[str, str], list[tuple[Field, str]]] = defaultdict(list)
    table = next(iter(files.tables(path)))
    names = table.form.names()
    if missing := [each for each in COLUMNS if each not in names]:
        raise Refused(CellTrouble.MISSING_COLUMNS, fields=missing[0], columns=", ".join(map(shown, names)))
    for number, row in enumerate(table.rows()):
        if number >= MOST:
            raise Refused(FileTrouble.TOO_MANY_MENDS, most=MOST)
        given = {name: str(row.cells[names.index(name)] or "").strip() for name in COLUMNS}
        name, sign, value = given["where"].partition("=")
        if not sign:
            raise Refused(FileTrouble.NO_MEND, where=given["where"])
        for each in (name, given["field"]):
            if each not in fields:
                raise Refused(CellTrouble.NO_FIELD, field=each, fields=", ".join(fields))
        rows[name, value.strip()].append((fields[given["field"]], given["value"]))
    return Mends(rows)
