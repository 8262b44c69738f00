"""Catalogues of words in the form of GNU gettext, which translators know; they are read as they are."""

from __future__ import annotations

from functools import cache
from importlib import resources

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from geo.vocabulary.terms import Locale


@cache
def catalogue(package: str, name: str, locale: Locale) -> Catalog:
    """Return the catalogue ``<name>.<language>.po`` beside the modules of a package.

    Examples
    --------
    >>> catalogue("geo.assumptions", "sentences", Locale.FR).get("Urgent care comes before every step.").string
    'Les soins urgents passent avant toute étape.'

    """
    with resources.files(package).joinpath(f"{name}.{locale.name.lower()}.po").open("rb") as file:
        return read_po(file)
