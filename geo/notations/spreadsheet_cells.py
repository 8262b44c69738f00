"""Texts in cells of CSV: none that a spreadsheet program would run, and each read back as it was."""

from __future__ import annotations

import re

_RUN = re.compile(r"'*[=+\-@\t\r]")
"""What a program may take for a formula; with apostrophes before it, what :func:`defused` has made of such a text."""
_DEFUSED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"[-+][\d .]*\d[\d .]*")


def defused(text: str) -> str:
    """Return a text that no spreadsheet program runs: with an apostrophe before it, if it might be a formula.

    Numbers are none, and those of telephones stay as they are.

    Examples
    --------
    >>> defused("=1+1"), defused("+99976123456"), defused("-3"), defused("'=1"), defused("Kita")
    ("'=1+1", '+99976123456', '-3', "''=1", 'Kita')

    """
    return f"'{text}" if _RUN.match(text) and not _NUMBER.fullmatch(text) else text


def as_meant(text: str) -> str:
    """Return the text that was defused.

    Examples
    --------
    >>> as_meant("'=1+1"), as_meant("''=1"), as_meant("'Kita'"), as_meant("+99976123456")
    ('=1+1', "'=1", "'Kita'", '+99976123456')

    """
    return text[1:] if text.startswith("'") and _DEFUSED.match(text) else text
