"""The two arguments that name an area: what is counted is counted by area, what is listed is listed by locality too."""

from __future__ import annotations

from typing import Any

from geo.arguments import argument, search_text

NO_LOCALITY = "The code of a locality is an error, which names its area."
HOME = "Where it is left out, the one nation whose data are loaded; an error where there are several, or none."
ONE = "Where it is left out, the one nation whose data are loaded; an error where there are several."
ALL = "Where it is left out, all that is loaded, of whichever nation."
COUNTED = "The area; all that is known to lie inside counts."


def coded_area(words: str = COUNTED, otherwise: str = HOME) -> Any:
    """Declare the code of an area, which a locality's own code is none of; ``otherwise`` is where it is left out."""
    return argument(f"{words} {otherwise} {NO_LOCALITY}", search_text, default=None)


def coded_place() -> Any:
    """Declare the code of an area or of a locality, for a question that :attr:`~.question.Question.lists_places`."""
    words = "The area, or the locality by its own code; all that is known to lie inside is listed."
    return argument(words, search_text, default=None)
