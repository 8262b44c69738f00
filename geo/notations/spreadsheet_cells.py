"""Texts in cells of CSV: none that a spreadsheet program would run, and each read back as it was.

A program may take another sign than ours for the end of a cell, so what stands behind such a sign counts as a start.
"""

from __future__ import annotations

import re

_START = r"(?:^|(?<=[;,|\t\r\n]))"
_RUN = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_MAY_RUN = re.compile(rf"^(?='*[\t\r])|{_START}(?='*\"*[{_RUN}])")
"""Where a formula may start; with apostrophes before it, what :func:`defused` has made of one."""
_DEFUSED = re.compile(rf"^'(?='*[\t\r])|{_START}'(?='*\"*[{_RUN}])")
_NUMBER = re.compile(r"[-+][\d .]*\d[\d .]*")


def defused(text: str) -> str:
    """Return a text that no spreadsheet program runs: with an apostrophe wherever a formula might start.

    Numbers are none, and those of telephones stay as they are.

    Examples
    --------
    >>> defused("=1+1"), defused("+99976123456"), defused("-3"), defused("'=1"), defused("Kita"), defused("x;=1+1")
    ("'=1+1", '+99976123456', '-3', "''=1", 'Kita', "x;'=1+1")

    """
    return text if _NUMBER.fullmatch(text) else _MAY_RUN.sub("'", text)


def as_meant(text: str) -> str:
    """Return the text that was defused.

    Examples
    --------
    >>> as_meant("'=1+1"), as_meant("''=1"), as_meant("'Kita'"), as_meant("+99976123456"), as_meant("x;'=1+1")
    ('=1+1', "'=1", "'Kita'", '+99976123456', 'x;=1+1')

    """
    return _DEFUSED.sub("", text)
