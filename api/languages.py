"""The language that a client prefers: ``Accept-Language`` (RFC 9110, section 12.5.4)."""

from __future__ import annotations

from api.media_types import ranges
from geo.vocabulary import Locale

SPOKEN = {each.name.lower(): each for each in Locale}


def preferred_language(accepted: str | None) -> Locale:
    """Return the language of ours that a client prefers; French if it has no preference or takes none of them.

    Examples
    --------
    >>> [preferred_language(each).name for each in ("en-GB,en;q=0.9,fr;q=0.8", "de, bm;q=0.5, fr;q=0.4", "de", None)]
    ['EN', 'BM', 'FR', 'FR']
    >>> preferred_language("en;q=0, *").name
    'FR'

    """
    if not accepted:
        return Locale.FR
    liked = [
        (-quality, at, SPOKEN[tag.partition("-")[0]])
        for at, (tag, quality) in enumerate(ranges(accepted))
        if quality > 0 and tag.partition("-")[0] in SPOKEN
    ]
    return min(liked, key=lambda each: each[:2], default=(0, 0, Locale.FR))[2]
