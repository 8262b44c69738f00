"""The choices that a person has for a map or a release, both in the address bar and on the command line."""

from __future__ import annotations

from api.languages import locale_of, page_language, usual_language
from geo.errors import BadInput
from geo.vocabulary import ServiceCategory

__all__ = ["DEFAULT_CATEGORY", "DEFAULT_DISTANCE_M", "category_of", "locale_of", "page_language", "usual_language"]
DEFAULT_CATEGORY = ServiceCategory.SAFE_SHELTER
DEFAULT_DISTANCE_M = 30_000.0


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
