"""The report of an import: what was read, what became of it, and each problem with its place."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from geo.texts import shown
from geo.vocabulary import Locale
from seeds.columns.recognition import Recognition
from seeds.readers.table import Form, Table
from seeds.troubles import SHOWN, RowTrouble, Trouble, said

MOST_KEPT = 10_000
"""Problems that are kept; of further ones only the number."""
WRITTEN_IN = (Locale.FR, Locale.EN)
"""The languages of sentences in a report that is kept: so they can be read when their troubles have other words."""
ASKING = frozenset({RowTrouble.SHELTER_RULE, RowTrouble.GONE_SINCE})
"""Troubles of private rows that hang on what others have entered, and not on the row and the directory alone."""
HIDDEN = "…"
"""Stands for a value that a report may not repeat."""


class Outcome(Enum):
    """What became of an import."""

    LOADED = "loaded"
    TRIED = "tried"
    """A dry run: what would be loaded."""
    PARTLY = "partly"
    """Loaded without the rows that were refused."""
    REFUSED = "refused"
    """Rows were refused, so nothing was loaded."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file."""

    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong at a place.

    Parameters
    ----------
    place
        Where.
    trouble
        What.
    value
        What stands there, shortened; ``None`` where nothing does, :data:`HIDDEN` where it may not be repeated.
    values
        What the sentences of the trouble name.
    is_private
        Whether its row is or may be confidential, so that nobody but who sent it is told its number.

    """

    place: Place
    trouble: Trouble
    value: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    is_private: bool = False

    def what(self, locale: Locale) -> str:
        """Return what is wrong, in a language."""
        return said(self.trouble.what, locale, **self.values)

    def mend(self, locale: Locale) -> str:
        """Return what to do, in a language."""
        return said(self.trouble.mend, locale, **self.values)

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON is made of, with its sentences by language."""
        place = self.place
        values = {name: shown(str(value)) for name, value in self.values.items()}
        return {
            "file": place.file,
            "sheet": place.sheet,
            "row": place.row,
            "column": place.column,
            "value": self.value,
            "trouble": self.trouble.name,
            "weight": self.trouble.weight.value,
            "values": values,
            "what": {each.name: self.what(each) for each in WRITTEN_IN},
            "mend": {each.name: self.mend(each) for each in WRITTEN_IN},
        }

    def as_kept(self) -> dict[str, Any]:
        """Return it as data, without the number of a private row."""
        return {**self.as_data(), **({"row": None} if self.is_private else {})}


def quoted(value: Any) -> str | None:
    """Return a value as a report repeats it: short, and without what nobody sees.

    Examples
    --------
    >>> quoted("Ansongo "), quoted(None), len(quoted("x" * 500))
    ('Ansongo', None, 60)

    """
    text = None if value is None else shown(" ".join(str(value).split()))
    return text if text is None or len(text) <= SHOWN else text[: SHOWN - 1] + "…"


@dataclass(slots=True)
class FileRead:
    """A table that was read: its file's digest, what was recognised of it, and which columns hold what."""

    sha256: str
    table: Table
    recognition: Recognition

    def seal(self) -> None:
        """Put a digest that nobody can try guesses at the file's contents on in the place of its own."""
        self.sha256 = hashlib.sha256(os.urandom(32) + self.sha256.encode()).hexdigest()

    @property
    def form(self) -> Form:
        """What was recognised."""
        return self.table.form

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON is made of."""
        form = self.form
        columns = {
            form.columns[each.column].name: {"field": each.field.name, "by": each.basis.value}
            for each in self.recognition.found
        }
        return {
            "file": form.file,
            "sha256": self.sha256,
            "format": form.format.value,
            "sheet": form.sheet,
            "encoding": form.encoding,
            "delimiter": form.delimiter,
            "decimal": form.decimal,
            "headerRow": form.header_row,
            "hxlRow": form.hxl_row,
            "columns": columns,
            "leftOut": list(self.recognition.left_out),
        }


@dataclass(slots=True)
class Report:
    """What an import did and found; rows are counted once each."""

    kind: str
    files: list[FileRead] = field(default_factory=list)
    outcome: Outcome = Outcome.TRIED
    import_id: str | None = None
    """Of what was loaded."""
    read: int = 0
    """Rows of data, the empty ones left out."""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    folded: int = 0
    """Rows that say what another row says."""
    left_out: int = 0
    """Rows of other things, such as the rivers in a dump of places."""
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)
    counts: Counter[Trouble] = field(default_factory=Counter)
    refused_rows: dict[tuple[str, str | None], set[int]] = field(default_factory=dict)
    """By file and sheet, the numbers of refused rows that may be written back: not those that may be confidential."""
    private: set[tuple[str, str | None]] = field(default_factory=set)
    """The files and sheets with refused rows that are or may be confidential."""

    def refuse(self, place: Place, *, is_private: bool = False) -> None:
        """Count a row as refused."""
        self.refused += 1
        if is_private:
            self.private.add((place.file, place.sheet))
        if place.row is not None and not is_private:
            self.refused_rows.setdefault((place.file, place.sheet), set()).add(place.row)

    @property
    def is_loaded(self) -> bool:
        """Whether anything stays of the import."""
        return self.outcome in {Outcome.LOADED, Outcome.PARTLY}

    def hide_rows(self) -> None:
        """Tell only how many private rows are refused for what others have entered, and not which.

        For what is not stored: else whoever tries names or numbers would learn which of them some record has or had.
        """
        told: list[Problem] = []
        hidden: list[Problem] = []
        for each in self.problems:
            (hidden if each.is_private and each.trouble in ASKING else told).append(each)
        # Their order, or which of many files each is of, would tell which rows they are.
        hidden.sort(key=lambda each: (each.trouble.name, str(each.values.get("field"))))
        self.problems = [*told, *(replace(each, place=Place(self.files[0].form.file)) for each in hidden)]

    def add(self, problem: Problem) -> None:
        """Take note of a problem; the first of them are kept."""
        self.counts[problem.trouble] += 1
        if len(self.problems) < MOST_KEPT:
            self.problems.append(problem)

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON is made of, without what nobody sees."""
        numbers = ("read", "new", "changed", "unchanged", "folded", "left_out", "refused")
        data = {
            "kind": self.kind,
            "outcome": self.outcome.value,
            "rows": {name.replace("_o", "O"): getattr(self, name) for name in numbers},
            "files": [each.as_data() for each in self.files],
            "troubles": {trouble.name: many for trouble, many in self.counts.most_common()},
            "problems": [each.as_data() for each in self.problems],
        }
        cleaned: dict[str, Any] = _cleaned(data)
        return cleaned

    def as_kept(self, *, is_told: bool) -> dict[str, Any]:
        """Return what is remembered of it: no row number of a private row, and no problem at all unless it is told."""
        problems = [each.as_kept() for each in self.problems] if is_told else []
        data = {**self.as_data(), "problems": _cleaned(problems)}
        if not is_told:
            data |= {"troubles": {}, "rows": {}}
        return data


def _cleaned(data: Any) -> Any:
    if isinstance(data, dict):
        return {shown(str(name)): _cleaned(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_cleaned(each) for each in data]
    return shown(data) if isinstance(data, str) else data
