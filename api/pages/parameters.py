"""The choices that a person has for a map or a release, both in the address bar and on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.languages import preferred_language
from geo.errors import BadInput
from geo.vocabulary import Locale, ServiceCategory

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

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


def category_of(name: str) -> ServiceCategory:
    """Return the category of a name.

    Raises
    ------
    BadInput
        With all names, where it is none of them.

    """
    try:
        return ServiceCategory[name]
    except KeyError:
        names = ", ".join(each.name for each in ServiceCategory)
        raise BadInput("category", f"choose one of {names}.") from None
