"""The levels of a country: which of them a question can answer, and how an area's level is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, cast

from geo.arguments import argument, one_of
from geo.queries.base.question import constant
from geo.vocabulary import AreaLevel

ADMIN_LEVELS = tuple(each for each in AreaLevel if each is not AreaLevel.LOCALITY)
"""The levels that have areas, from the nation down; an area is stored with its number among them."""
PUBLISHED_LEVELS = (AreaLevel.ADM0, AreaLevel.ADM1, AreaLevel.ADM2, AreaLevel.LOCALITY)
"""The levels of the lattice that counts are published of (see :mod:`geo.release.publish`)."""


def one_level(words: str, most: Sequence[AreaLevel], otherwise: str, more: str = "", **default: Any) -> Any:
    """Declare an argument that takes some of the levels; its description says which, ``otherwise`` where others go."""
    *others, last = (each.name for each in most)
    return argument(f"{words}: {', '.join(others)} or {last}.{more and f' {more}'}", one_of(most, otherwise), **default)


def level_of_places(more: str = "") -> Any:
    """Declare the level of the places that published counts are asked of."""
    return one_level("The level of the places", PUBLISHED_LEVELS, "counts are published of these alone.", more)


def level_of_parts() -> Any:
    """Declare the level of an area's parts."""
    return one_level(
        "The level of the parts",
        ADMIN_LEVELS,
        "localities are listed by `locality_coverage`.",
        "One level below the area where it is left out. What lies in no area of that level, and an area that is itself "
        "not above it, counts in a row of the area itself.",
        default=None,
    )


def number_of(level: AreaLevel | None) -> int | None:
    """Return the stored number of a level of areas, 0 for the nation.

    Examples
    --------
    >>> number_of(AreaLevel.ADM2), number_of(None)
    (2, None)

    """
    return None if level is None else ADMIN_LEVELS.index(level)


def level_of(number: ColumnElement[int]) -> ColumnElement[str]:
    """Return the name of the level of areas that a column holds the number of."""
    return constant("ADM") + cast(number, Text)
