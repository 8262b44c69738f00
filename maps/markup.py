"""Markup written from texts without a template: every text is escaped, and nothing that was written is read again.

Braces are escaped like the signs of HTML, so that what is written says nothing to a template either, should it ever
come to one.
"""

from __future__ import annotations

from typing import NewType

from geo.texts import shown

Markup = NewType("Markup", str)
"""Markup that this module wrote, or that is a constant of ours."""

_ESCAPES = str.maketrans({sign: f"&#{ord(sign)};" for sign in "<>&\"'{}"})


def escaped(text: str) -> Markup:
    """Return a text as markup that shows it: in an element or between the quotes of an attribute.

    Examples
    --------
    >>> escaped("{{ 7*191 }}</p>")
    '&#123;&#123; 7*191 &#125;&#125;&#60;/p&#62;'

    """
    return Markup(shown(text).translate(_ESCAPES))


def attributes(**given: str | float | bool | None) -> Markup:
    """Return attributes, each with a blank before it; ``True`` is one without a value, ``None`` and ``False`` are none.

    Examples
    --------
    >>> attributes(class_="note", data_all=True, hidden=None)
    ' class="note" data-all'

    """
    written = ""
    for name, value in given.items():
        if value is None or value is False:
            continue
        written += f" {name.rstrip('_').replace('_', '-')}"
        written += "" if value is True else f'="{escaped(str(value))}"'
    return Markup(written)


def element(tag: str, *content: Markup, **given: str | float | bool | None) -> Markup:
    """Return an element with its content.

    Examples
    --------
    >>> element("p", escaped("1 < 2"), class_="note")
    '<p class="note">1 &#60; 2</p>'

    """
    return Markup(f"<{tag}{attributes(**given)}>{''.join(content)}</{tag}>")


def joined(*content: Markup) -> Markup:
    """Return parts one after the other, each on a line."""
    return Markup("\n".join(content))
