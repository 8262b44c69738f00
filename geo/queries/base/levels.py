"""The levels of a country: which of them a question can answer, and how an area's level is stored."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Text, cast

from geo.arguments import one_of
from geo.queries.base.question import constant
from geo.vocabulary import AreaLevel

ADMIN_LEVELS = tuple(each for each in AreaLevel if each is not AreaLevel.LOCALITY)
"""The levels that have areas, from the nation down; an area is stored with its number among them."""
PUBLISHED_LEVELS = (AreaLevel.ADM0, AreaLevel.ADM1, AreaLevel.ADM2, AreaLevel.LOCALITY)
"""The levels of the lattice that counts are published of (see :mod:`geo.release.publish`)."""

published_level = one_of(PUBLISHED_LEVELS, "counts are published of these alone.")
"""The bound of a level of published counts."""


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
