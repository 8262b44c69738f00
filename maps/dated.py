"""Of when the data of a map are: the line below its title."""

from __future__ import annotations

from collections.abc import Mapping


def dated(words: Mapping[str, str], **data: str | None) -> str:
    """Return the line, with each kind of data in the order given, and said where its date is not known.

    ``data`` are what the words know (``census``, ``services``, ``actors``, ``incidents``) with the date as it is shown;
    ``None`` or empty is not known.

    Examples
    --------
    >>> from geo.vocabulary import Locale
    >>> from maps.words import words
    >>> dated(words(Locale.EN), census="2022", services="24 November 2025", incidents=None)
    'Data: census 2022, services verified up to 24 November 2025, no incidents published'

    """
    parts = [words[f"dated_{name}"].format(date=at) if at else words[f"undated_{name}"] for name, at in data.items()]
    return words["dated"].format(data=", ".join(parts))
