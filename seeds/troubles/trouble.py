"""What can be wrong with a file that is imported: each trouble with what is wrong, what to do, and how much it matters.

English stands in the modules beside this one, French in ``sentences.fr.po``, in the form of GNU gettext.
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from importlib import resources
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from geo.errors import LakanaError
from geo.texts import shown
from geo.vocabulary import Locale

NUMBERS = {Locale.FR: "fr", Locale.EN: "en_GB", Locale.BM: "fr"}
"""Whose form numbers have, as the Unicode CLDR names it; Bambara speakers write them as in French."""
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
    """A kind of trouble: what is wrong, what to do and its weight; ``{words}`` stand for its values.

    Each subject is a class of its own; no two troubles have one name.
    """

    def __init__(self, what: str, mend: str, weight: Weight) -> None:
        self.what = what
        self.mend = mend
        self.weight = weight


def named(name: str) -> Trouble:
    """Return the trouble of a name, whichever subject it is of.

    Raises
    ------
    KeyError
        If there is none.

    """
    return {each.name: each for subject in Trouble.__subclasses__() for each in subject}[name]


def said(sentence: str, locale: Locale, **values: Any) -> str:
    """Return a sentence of this module in a language, French where it has no other, with values in its places.

    Examples
    --------
    >>> said("Line {line} has more than {most} characters.", Locale.EN, line=7, most=100)
    'Line 7 has more than 100 characters.'
    >>> said("Add a column under_18 if their number is known.", Locale.FR)
    'Ajoutez une colonne under_18 si leur nombre est connu.'

    Raises
    ------
    KeyError
        If the French catalogue does not have it.

    """
    if locale is not Locale.EN:
        message = catalogue().get(sentence)
        if message is None or not message.string:
            raise KeyError(sentence)
        sentence = str(message.string)
    return sentence.format(**{name: _shown(value, locale) for name, value in values.items()})


@cache
def catalogue() -> Catalog:
    """Return the French sentences."""
    with resources.files(__package__).joinpath("sentences.fr.po").open("rb") as file:
        return read_po(file)


def number(value: float, locale: Locale) -> str:
    """Return a number as readers of a language write it, with three decimals at most.

    Examples
    --------
    >>> number(17907114, Locale.EN), number(0.2, Locale.FR), number(55.0, Locale.FR)
    ('17,907,114', '0,2', '55')

    """
    return format_decimal(value, "#,##0.###", NUMBERS[locale])


def _shown(value: Any, locale: Locale) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value, locale)
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
        self.recognised: dict[str, Any] | None = None
        """What was recognised of a table whose columns do not suffice or need a person's word, as a report has it."""
