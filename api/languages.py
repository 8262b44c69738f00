"""The language that a client prefers: ``Accept-Language`` (RFC 9110, section 12.5.4)."""

from __future__ import annotations

from functools import lru_cache

from api.media_types import ranges
from geo.vocabulary import Locale

SPOKEN = {each.name.lower(): each for each in Locale}


def spoken(tag: str) -> Locale | None:
    """Return the language of ours that a tag names by its first part, such as fr-ML; None if it is none of them.

    Examples
    --------
    >>> spoken("FR-ml"), spoken("de")
    (<Locale.FR: 'FR'>, None)

    """
    return SPOKEN.get(tag.partition("-")[0].lower())


@lru_cache(maxsize=256)
def preferred_language(accepted: str | None, otherwise: Locale = Locale.FR) -> Locale:
    """Return the language of ours that a client prefers; ``otherwise`` if it has no preference or takes none of them.

    Examples
    --------
    >>> [preferred_language(each).name for each in ("en-GB,en;q=0.9,fr;q=0.8", "de, bm;q=0.5, fr;q=0.4", "de", None)]
    ['EN', 'BM', 'FR', 'FR']
    >>> preferred_language("en;q=0, *").name, preferred_language("de", Locale.EN).name
    ('FR', 'EN')

    """
    if not accepted:
        return otherwise
    known = [(quality, language) for tag, quality in ranges(accepted) if (language := spoken(tag)) and quality > 0]
    return max(known, key=lambda each: each[0], default=(0, otherwise))[1]  # the first of equals
