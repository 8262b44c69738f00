"""The language of an answer: the address's, that of ``Accept-Language`` (RFC 9110, 12.5.4), or the country's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from api.media_types import ranges
from geo.errors import BadInput
from geo.vocabulary import Locale

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

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


def common_language(nations: Iterable[Sequence[str]]) -> Locale:
    """Return the first language of ours that nations speak, each given by its tags in their order.

    French where there is no nation, or where nations differ.

    Examples
    --------
    >>> common_language([("ka", "en")]).name, common_language([("en",), ("fr", "en")]).name, common_language([]).name
    ('EN', 'FR', 'FR')

    """
    ours = ((known for each in tags if (known := spoken(each)) is not None) for tags in nations)
    own = {next(each, Locale.FR) for each in ours}
    return own.pop() if len(own) == 1 else Locale.FR


def locale_of(code: str, field: str = "lang") -> Locale:
    """Return the language of a tag; ``field`` is the name by which it was given.

    Raises
    ------
    BadInput
        Where it is none of ours. The text does not repeat it.

    """
    found = spoken(code)
    if found is None:
        raise BadInput(field, "choose fr, en or bm.")
    return found


def usual_language(request: HTTPConnection) -> Locale:
    """Return the language of an answer whose address names none: the browser's, or else the country's own first one."""
    app = request.scope.get("app")
    ours = Locale.FR if app is None else app.state.country.language
    return preferred_language(request.headers.get("accept-language"), ours)


def page_language(request: HTTPConnection, field: str = "lang") -> Locale:
    """Return the language of a page or a file: that of the address's parameter, or else the usual one.

    Raises
    ------
    BadInput
        If the parameter is none of ours.

    """
    asked = request.query_params.get(field)
    return usual_language(request) if asked is None else locale_of(asked, field)
