"""Columns that are missing or tell of persons, and cells that cannot be read."""

from __future__ import annotations

from seeds.troubles.trouble import Trouble, Weight


class CellTrouble(Trouble):
    """Columns that are missing or tell of persons, and cells that cannot be read."""

    MISSING_COLUMNS = (
        "No column was recognised for {fields}; the columns are {columns}.",
        "Say which column it is: --map column=field.",
        Weight.FILE,
    )
    NO_COLUMN = ("There is no column {column}; there are {columns}.", "Name one of them.", Weight.FILE)
    NO_SHARE = ("This is no share above 0 and up to 1.", "Write it as 0.25; all is 1.", Weight.ROW)
    NO_FIELD = ("There is no field {field}; there are {fields}.", "Name one of them.", Weight.FILE)
    NO_MAPPING = (
        "No mapping is saved as {name}; there are {names}.",
        "Name one of them, or map the columns: --map column=field.",
        Weight.FILE,
    )
    PERSONAL = (
        "The columns {columns} tell of single persons. This system keeps aggregates only, so nothing was read.",
        "Count the rows by place, period and type, and load the counts.",
        Weight.FILE,
    )
    MAY_BE_SECRET = (
        "The columns {columns} may tell what is to be kept secret, and nobody says what they hold. Nothing was read.",
        "Say it of each: --map column=confidential if yes means secret there, =public if yes means public, else =-.",
        Weight.FILE,
    )
    MISSING = ("There is no value for {field}, which every row needs.", "Fill it in.", Weight.ROW)
    NO_NUMBER = ("It is no number.", "Write digits, with one decimal sign.", Weight.ROW)
    NOT_WHOLE = ("It is no whole number.", "Write how many, without a fraction.", Weight.ROW)
    BELOW_ZERO = ("It is below zero.", "Write 0 or more.", Weight.ROW)
    CENSORED = (
        "The count is withheld because it is small, and here a number is needed.",
        "Leave the row out; a withheld count is never zero.",
        Weight.ROW,
    )
    ROUNDED = (
        "A spreadsheet program has rounded it, and its last digits are lost.",
        "Format the column as text in the original, and export it again.",
        Weight.ROW,
    )
    BAD_TEXT = ("It cannot be kept as a text: {reason}.", "Correct it.", Weight.ROW)
    NO_DATE = ("It is no date.", "Write it as 2019-03-06.", Weight.ROW)
    SHORT_YEAR = ("The year of the date has two digits.", "Write it as 2019-03-06.", Weight.ROW)
    AMBIGUOUS_DATE = (
        "Day and month of the date cannot be told apart.",
        "Say which comes first, by --dates.",
        Weight.ROW,
    )
    NO_DEGREES = ("It is no number of degrees.", "Write it as 12.6508.", Weight.ROW)
    NO_PLACE = (
        "It is no place: latitude and longitude are expected, with a blank between.",
        "Write it as 12.6508 -7.9965.",
        Weight.ROW,
    )
    UNKNOWN_TERM = (
        "It is none of the terms that are known here.",
        "Write one of {terms}, or another usual name of it.",
        Weight.ROW,
    )
    NO_TELEPHONE = ("It is no telephone number.", "Write it in international form, as +223 20 22 00 00.", Weight.NOTE)
    NO_HOURS = (
        "The hours are not written as opening hours are; they were left out.",
        "Write them as Mo-Fr 08:00-16:00.",
        Weight.NOTE,
    )
    NO_YES_OR_NO = ("It is neither yes nor no.", "Write yes or no.", Weight.ROW)
    IN_FUTURE = ("The day is still to come.", "Correct it.", Weight.ROW)
    TOO_MANY = ("It is more than {most}.", "Correct it.", Weight.ROW)
    NO_YEAR = ("It is no year from 1900 to 2100.", "Write the year with four digits.", Weight.ROW)
    NO_QUARTER = (
        "It is no quarter of a year.",
        "Write it as 2025-Q4; counts by month are to be added up.",
        Weight.ROW,
    )
    NO_MONTH = ("It is no month of a year.", "Write it as 2025-10.", Weight.ROW)
