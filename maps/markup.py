"""Building markup from texts without a template: every text is escaped, and finished markup is never parsed again.

Braces are escaped like HTML's special characters, so that the markup is inert even if it should reach a template.
"""

from __future__ import annotations

from typing import NewType

from geo.texts import shown

Markup = NewType("Markup", str)
"""Markup that this module wrote, or a constant of ours."""

_ESCAPES = str.maketrans({sign: f"&#{ord(sign)};" for sign in "<>&\"'{}"})


def escaped(text: str) -> Markup:
    """Return a text escaped for an element or for a quoted attribute.

    Examples
    --------
    >>> escaped("{{ 7*191 }}</p>")
    '&#123;&#123; 7*191 &#125;&#125;&#60;/p&#62;'

    """
    return Markup(shown(text).translate(_ESCAPES))


def attributes(**given: str | float | bool | None) -> Markup:
    """Return attributes, each after a blank; ``True`` gives one without a value, ``None`` and ``False`` give none.

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
    """Return the parts joined, each on a line of its own."""
    return Markup("\n".join(content))
