"""What localities report, in returns that are whole."""

from __future__ import annotations

from seeds.troubles.trouble import Trouble, Weight


class CountTrouble(Trouble):
    """What localities report, in returns that are whole."""

    NO_LOCALITY = (
        "The row names no locality, and a return is that of a locality.",
        "Fill in its code or name; figures of a whole area that others publish are loaded as context.",
        Weight.ROW,
    )
    NO_SUCH_LOCALITY_CODE = (
        "No locality has the code {code}, there where the row has it.",
        "Correct it, or load the locality first.",
        Weight.ROW,
    )
    NO_SUCH_LOCALITY = (
        "No locality is called {name}, there where the row has it; likely are {likely}.",
        "Say which is meant, --spelling NAME=CODE, or load the locality first.",
        Weight.ROW,
    )
    SEVERAL_LOCALITIES = (
        "Several localities are called {name}: {which}.",
        "Give the code, or the area that it lies in.",
        Weight.ROW,
    )
    LOCALITY_CODE_AND_NAME = (
        "The code {code} is that of {theirs}, and the row says {name}.",
        "Correct one of them.",
        Weight.ROW,
    )
    NO_COUNT_OF_TYPE = (
        "There is no number under {types}, and what is not known is not zero.",
        "Write 0 where nothing was to be reported; leave the column out if the return does not name that type.",
        Weight.ROW,
    )
    WITHOUT_TYPE = (
        "A number stands here without its type.",
        "Fill in the type; 0 without a type says that there was nothing to report.",
        Weight.ROW,
    )
    WITHOUT_YEAR = ("Nothing tells of which year this quarter is.", "Write it as 2025-Q4.", Weight.ROW)
    QUARTER_TO_COME = ("The quarter is still to come.", "Correct it.", Weight.ROW)
    QUARTER_CLOSED = (
        "{period} has had its last release; nothing more is published of it.",
        "Leave the row out.",
        Weight.ROW,
    )
    COUNTED_TWICE = (
        "Row {other} reports the same type of the same locality and quarter.",
        "Add the two up in one row, or keep one of them.",
        Weight.ROW,
    )
    REPORTERS_DIFFER = (
        "Row {other} says that another body reported this locality and quarter.",
        "A locality has one return a quarter: name one body.",
        Weight.ROW,
    )
    WHOLE_RETURNS = (
        "A return is whole: a row that is left out would count as zero, so rows cannot be left out here.",
        "Mend the rows that are refused.",
        Weight.NOTE,
    )
    TYPES_ABSENT = (
        "No row names {types}; as in every return, a type that is not named counts as zero.",
        "If nobody looked for these, do not load the table.",
        Weight.NOTE,
    )
    RETURNS_REPLACED = (
        "{many} localities had a return for their quarter already; it is replaced whole.",
        "Nothing to do if that is meant.",
        Weight.NOTE,
    )
    FIGURE_TWICE = (
        "Row {other} gives another figure for the same area, period, sex and age.",
        "Keep one of them, or map the column that tells them apart: --map column=breakdown.",
        Weight.ROW,
    )
    NO_FIGURE = ("{rows} rows have no figure and were left out.", "Nothing to do: nothing is not zero.", Weight.NOTE)
    CENSORED_KEPT = (
        "{many} figures are censored and stay so.",
        "Nothing to do: they are told as less than their bound, never as zero.",
        Weight.NOTE,
    )
