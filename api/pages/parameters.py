"""The choices that a person has for a map or a release, both in the address bar and on the command line."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from api.languages import preferred_language
from geo.errors import BadInput
from geo.vocabulary import Locale, ServiceCategory

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

Named = TypeVar("Named", bound=Enum)
DEFAULT_CATEGORY = ServiceCategory.SAFE_SHELTER
DEFAULT_DISTANCE_M = 30_000.0


def usual_language(request: HTTPConnection) -> Locale:
    """Return the language of a page whose address names none: the browser's, or else the country's own first one."""
    app = request.scope.get("app")
    ours = Locale.FR if app is None else app.state.country.language
    return preferred_language(request.headers.get("accept-language"), ours)


def page_language(request: HTTPConnection) -> Locale:
    """Return the language of a page: that of its ``lang``, or else the usual one.

    Raises
    ------
    BadInput
        If ``lang`` is none of ours.

    """
    asked = request.query_params.get("lang")
    return usual_language(request) if asked is None else locale_of(asked)


def locale_of(code: str) -> Locale:
    """Return the language of a code: fr, en or bm.

    Raises
    ------
    BadInput
        Where it is none of ours. The text does not repeat it.

    """
    try:
        return Locale[code.upper()]
    except KeyError:
        raise BadInput("lang", "choose fr, en or bm.") from None


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
