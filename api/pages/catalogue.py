"""The words of all pages: English in the code and the templates, other languages in catalogues of GNU gettext.

The catalogues are ``locale/<language>/LC_MESSAGES/pages.po`` and are read as they are: there is nothing to compile. A
text that a language does not have is shown in French, and marked as French (:class:`Speaker`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from geo.vocabulary import Locale, Term, has_label, label

LOCALES = Path(__file__).with_name("locale")


@cache
def catalogue(locale: Locale) -> Catalog:
    """Return the catalogue of a language other than English."""
    with (LOCALES / locale.name.lower() / "LC_MESSAGES" / "pages.po").open("rb") as file:
        return read_po(file)


def found(text: str, locale: Locale) -> tuple[str, Locale]:
    """Return an English text in a language, or else in French, with the language that it is in.

    Raises
    ------
    KeyError
        If the French catalogue does not have it.

    """
    if locale is Locale.EN:
        return text, locale
    for each in dict.fromkeys((locale, Locale.FR)):
        message = catalogue(each).get(text)
        if message is not None and message.string:
            return str(message.string), each
    raise KeyError(text)


def say(text: str, locale: Locale, **values: object) -> str:
    """Return an English text in a language, or else in French, with values in the places of their names.

    Examples
    --------
    >>> say("There is no page at this address.", Locale.FR)
    'Il n’y a pas de page à cette adresse.'

    """
    return found(text, locale)[0].format(**values)


class Speaker:
    """Says the texts of one page in its language, and remembers whether one had to be said in French.

    Parameters
    ----------
    locale
        The language of the page.

    """

    def __init__(self, locale: Locale) -> None:
        self.locale = locale
        self.borrowed = False

    def say(self, text: str, **values: object) -> Markup:
        """Return a text as markup; the values are escaped, and French in a page of another language is marked."""
        words, spoken = found(text, self.locale)
        return self._marked(escape(words).format(**values), borrowed=spoken is not self.locale)

    def plain(self, text: str, **values: object) -> str:
        """Return a text without markup, for a title, an attribute or an option."""
        words, spoken = found(text, self.locale)
        self.borrowed |= spoken is not self.locale
        return words.format(**values)

    def term(self, term: Term) -> str:
        """Return the words for a term of the vocabulary, without markup."""
        self.borrowed |= not has_label(term, self.locale)
        return label(term, self.locale)

    def _marked(self, words: Markup, *, borrowed: bool) -> Markup:
        self.borrowed |= borrowed
        return Markup('<span lang="fr">{}</span>').format(words) if borrowed else words
