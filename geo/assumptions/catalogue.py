"""Every assumption that an answer states, by language: English in the code, other languages in catalogues.

The catalogues are ``sentences.fr.po`` and ``sentences.bm.po`` beside this module, in the form of GNU gettext, which
translators know. A sentence whose Bambara nobody is sure of yet is shown in French.
"""

from __future__ import annotations

from babel.messages.catalog import Catalog

from geo.vocabulary import Locale, catalogues

Sentences = tuple[str, ...]
"""Sentences in English."""


def catalogue(locale: Locale) -> Catalog:
    """Return the catalogue of a language other than English."""
    return catalogues.catalogue("geo.assumptions", "sentences", locale)


def translated(sentence: str, locale: Locale) -> str:
    """Return a sentence in a language.

    Examples
    --------
    >>> translated("Urgent care comes before every step.", Locale.FR)
    'Les soins urgents passent avant toute étape.'

    Raises
    ------
    KeyError
        If the French catalogue does not have it.

    """
    if locale is Locale.EN:
        return sentence
    for each in dict.fromkeys((locale, Locale.FR)):
        message = catalogue(each).get(sentence)
        if message is not None and message.string:
            return str(message.string)
    raise KeyError(sentence)


def by_locale(*parts: Sentences) -> dict[str, list[str]]:
    """Return the sentences of several parts, concatenated, by the name of the language."""
    return {each.name: [translated(sentence, each) for part in parts for sentence in part] for each in Locale}
