"""The options of an import, declared once: the command, HTTP, the page and ``country.toml`` follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Written(Enum):
    """How the value of an option is written."""

    TEXT = auto()
    FLAG = auto()
    DAY = auto()
    ROW = auto()
    """The number of a row, from 1."""
    SHARE = auto()
    """A number from 0 to 100."""
    PAIRS = auto()
    """Texts by texts."""
    ORDER = auto()
    """The order of the numbers in a date: ``day-first`` or ``month-first``."""
    FILE = auto()
    """A file beside those that are imported."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option.

    Parameters
    ----------
    name
        As :class:`seeds.loading.options.Options` or, of how a file is read, ``Corrections`` calls it, and
        ``country.toml``; JSON writes it as the schema writes names.
    written
        How its value is written.
    words
        What it is, for the help of the command.
    flag
        What the command calls it, where that is not its name.
    in_packs
        Whether a pack may say it: not what is kept in one database alone.

    """

    name: str
    written: Written
    words: str
    flag: str | None = None
    in_packs: bool = True


OPTIONS: tuple[Option, ...] = (
    Option("accept_partial", Written.FLAG, "Load the good rows and leave out those refused."),
    Option("columns", Written.PAIRS, "column=field: which column holds what; field - leaves it out.", flag="map"),
    Option("mapping", Written.TEXT, "Take columns as saved under this name.", in_packs=False),
    Option(
        "save_mapping",
        Written.TEXT,
        "Save what is recognised under this name, for lists with the same columns.",
        in_packs=False,
    ),
    Option("sheet", Written.TEXT, "The sheet of a workbook, or the file of an archive."),
    Option("header_row", Written.ROW, "The row with the names of the columns."),
    Option("encoding", Written.TEXT, "How letters are written, such as cp1252."),
    Option("delimiter", Written.TEXT, "The sign between cells."),
    Option("decimal", Written.TEXT, "The decimal sign."),
    Option("dates", Written.ORDER, "day-first or month-first."),
    Option("scheme", Written.TEXT, "Whose codes they are, such as COD-AB."),
    Option("edition", Written.TEXT, "The edition of areas, or SCHEME@EDITION."),
    Option("valid_from", Written.DAY, "From when areas are in force."),
    Option("valid_to", Written.DAY, "From when areas are in force no more."),
    Option("as_of", Written.DAY, "The day the data are of."),
    Option("source", Written.TEXT, "Who made the data; by default what the format tells."),
    Option("licence", Written.TEXT, "Its licence."),
    Option("url", Written.TEXT, "Where the source is found on the web."),
    Option("by_name", Written.FLAG, "Find areas by name alone: codes are of another edition."),
    Option(
        "spellings",
        Written.PAIRS,
        "NAME=CODE: which area a spelling means, now and in later imports.",
        flag="spelling",
    ),
    Option(
        "nation",
        Written.TEXT,
        "CODE=NAME of the nation, where no column says it; of guidance and pathways its CODE.",
    ),
    Option("children_of_100", Written.SHARE, "Under 18 among 100 people, where a table gives totals only."),
    Option(
        "shares",
        Written.FLAG,
        "The people of a table are only shares, by which a larger area's number is spread.",
    ),
    Option(
        "mends",
        Written.FILE,
        "A table (CSV) of cells to be read otherwise: where (code=XX0401), field, value, why.",
    ),
)
"""In the order of the command's help."""
