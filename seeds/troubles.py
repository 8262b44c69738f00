"""What can be wrong with a file that is imported: each trouble with what is wrong, what to do, and how much it matters.

English stands here, other languages in ``troubles.fr.po`` beside this module, in the form of GNU gettext.
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from importlib import resources
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from geo.errors import LakanaError
from geo.texts import shown
from geo.vocabulary import Locale

SHOWN = 60
"""Characters of a value that a sentence repeats."""


class Weight(Enum):
    """How much a trouble matters."""

    FILE = "file"
    """Nothing of the file can be loaded."""
    ROW = "row"
    """The row is refused."""
    NOTE = "note"
    """The row is loaded; what was mended or left out is told."""


class Trouble(Enum):
    """A kind of trouble: what is wrong, what to do and its weight; ``{words}`` stand for its values."""

    # Files.
    UNKNOWN_FORMAT = (
        "This is no file that can be read here.",
        "Save it as CSV, XLSX, ODS or GeoJSON, or put CSV files in a zip archive.",
        Weight.FILE,
    )
    EMPTY_FILE = ("The file holds nothing.", "Choose another file.", Weight.FILE)
    WRONG_ENCODING = (
        "The file is not written in {encoding}: byte {byte} is not of it.",
        "Save it as UTF-8, or say which encoding it has.",
        Weight.FILE,
    )
    UNKNOWN_ENCODING = (
        "How the letters of the file are written cannot be recognised.",
        "Save it as UTF-8, or say which encoding it has.",
        Weight.FILE,
    )
    LINE_TOO_LONG = (
        "Line {line} has more than {most} characters.",
        "Look for a quotation mark that is never closed, or save the table anew.",
        Weight.FILE,
    )
    CELL_TOO_LONG = (
        "A cell near row {row} is too long, as where a quotation mark is never closed.",
        "Close or remove the quotation mark.",
        Weight.FILE,
    )
    TOO_MANY_COLUMNS = (
        "The table has more than {most} columns.",
        "Keep the columns that are needed.",
        Weight.FILE,
    )
    NO_HEADER = (
        "No row of column names was found among the first {rows} rows.",
        "Give the table a row of names, or say which row it is.",
        Weight.FILE,
    )
    NO_SHEET = (
        "There is no sheet {sheet}; there are {sheets}.",
        "Name one of them.",
        Weight.FILE,
    )
    NO_SUCH_ROW = ("The file has no row {row} with column names.", "Give the number of another row.", Weight.FILE)
    TOO_MANY_CELLS = (
        "The sheet {sheet} spans {cells} cells, more than {most}.",
        "Delete what stands far below or beside the table, or save the sheet as CSV, which has no limit.",
        Weight.FILE,
    )
    TOO_LARGE_EXPANDED = (
        "Once expanded the file would be larger than {most} bytes, or {ratio} times what it is.",
        "Save the sheet that is needed as CSV.",
        Weight.FILE,
    )
    TOO_LARGE = ("The file is larger than {most} bytes.", "Save it in a newer format, or as CSV.", Weight.FILE)
    ENTITIES = (
        "The workbook declares entities of XML, which no spreadsheet program does.",
        "Open it in a spreadsheet program and save it anew.",
        Weight.FILE,
    )
    BROKEN_WORKBOOK = (
        "The workbook cannot be opened: {reason}.",
        "Open it in a spreadsheet program and save it anew.",
        Weight.FILE,
    )
    LOCKED = ("The file is protected by a password.", "Save it without one.", Weight.FILE)
    BROKEN_ARCHIVE = ("The zip archive is damaged.", "Fetch or make it again.", Weight.FILE)
    TOO_MANY_MEMBERS = ("The zip archive has more than {most} entries.", "Keep those that are needed.", Weight.FILE)
    BROKEN_JSON = (
        "The file is no GeoJSON: {reason}, near byte {byte}.",
        "Export the layer as a GeoJSON FeatureCollection.",
        Weight.FILE,
    )
    FEATURE_TOO_LARGE = (
        "A feature has more than {most} bytes.",
        "Simplify its outline.",
        Weight.FILE,
    )
    OTHER_COORDINATES = (
        "The file's places are in the coordinate system {system}.",
        "Export it in EPSG:4326, degrees with longitude first.",
        Weight.FILE,
    )
    BAD_TAG = (
        "The HXL tag is not written as tags are.",
        "Write it as #word+attribute; the column is recognised by its name meanwhile.",
        Weight.NOTE,
    )
    ROW_TOO_LONG = (
        "The row has more cells than the table has columns.",
        "Put texts that hold the separator in quotation marks.",
        Weight.ROW,
    )
    NESTED_TOO_DEEP = (
        "The outline says {said} and is nested as a {nested}.",
        "It was read as it is nested; nothing to do.",
        Weight.NOTE,
    )
    NO_GEOMETRY = ("The feature's geometry cannot be read: {reason}.", "Draw it anew.", Weight.ROW)

    def __init__(self, what: str, mend: str, weight: Weight) -> None:
        self.what = what
        self.mend = mend
        self.weight = weight


def said(sentence: str, locale: Locale, **values: Any) -> str:
    """Return a sentence of this module in a language, French where it has no other, with values in its places.

    Examples
    --------
    >>> said("Line {line} has more than {most} characters.", Locale.EN, line=7, most=100)
    'Line 7 has more than 100 characters.'

    Raises
    ------
    KeyError
        If the French catalogue does not have it.

    """
    if locale is not Locale.EN:
        message = _catalogue().get(sentence)
        if message is None or not message.string:
            raise KeyError(sentence)
        sentence = str(message.string)
    return sentence.format(**{name: _shown(value) for name, value in values.items()})


@cache
def _catalogue() -> Catalog:
    with resources.files(__package__).joinpath("troubles.fr.po").open("rb") as file:
        return read_po(file)


def _shown(value: Any) -> str:
    text = shown(" ".join(str(value).split()))
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


class Refused(LakanaError):
    """A file that cannot be loaded at all, or a cell that cannot be read.

    Parameters
    ----------
    trouble
        What is wrong.
    values
        What its sentences name.

    """

    def __init__(self, trouble: Trouble, **values: Any) -> None:
        super().__init__(f"{said(trouble.what, Locale.EN, **values)} {said(trouble.mend, Locale.EN, **values)}")
        self.trouble = trouble
        self.values = values
