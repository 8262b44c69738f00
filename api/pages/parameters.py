"""The choices that a person has for a map or a release, both in the address bar and on the command line."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import Enum
from typing import TypeVar

from geo.errors import BadInput
from geo.vocabulary import ServiceCategory

Named = TypeVar("Named", bound=Enum)
DEFAULT_CATEGORY = ServiceCategory.SAFE_SHELTER
DEFAULT_DISTANCE_M = 30_000.0


class NotOneOf(BadInput):
    """What was chosen is none of what there is; ``names`` says what there is."""

    names: Collection[str]

    def __init__(self, field: str, names: Iterable[str]) -> None:
        self.names = tuple(names)
        super().__init__(field, f"choose one of {', '.join(self.names)}.")


def term_of(field: str, terms: Iterable[Named], name: str) -> Named:
    """Return the term of a name.

    Raises
    ------
    NotOneOf
        Where none of them has it.

    """
    known = {each.name: each for each in terms}
    if name not in known:
        raise NotOneOf(field, known)
    return known[name]


def category_of(name: str) -> ServiceCategory:
    """Return the category of a name; see :func:`term_of`."""
    return term_of("category", ServiceCategory, name)
