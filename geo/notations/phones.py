"""Phone numbers: read as people write them, kept in international form (E.164), or as a short code that is dialled.

Several stand in one text, parted by `` / ``, each with a label in brackets: ``+41227910000 (standard) / 116``. So the
rules that keep front gates apart from public numbers see all of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from geo.errors import BadInput

EXAMPLE = "+41 22 791 00 00 (standard) / 116"

_BETWEEN = re.compile(r"\s*[/;,]\s*(?![^()]*\))")
_PART = re.compile(r"(?P<number>\+?[0-9][0-9 ().-]*)(?:\s*\((?P<label>[^()]*[^\W\d_][^()]*)\))?")


def parts(field: str, text: str) -> list[tuple[str, str | None]]:
    """Return each number as it is written, with its label.

    Raises
    ------
    BadInput
        Where a part is no number.

    Examples
    --------
    >>> parts("phone", "22 791 00 00 (garde, 24h/24) / 116")
    [('22 791 00 00', 'garde, 24h/24'), ('116', None)]

    """
    plain = re.sub(r"\s+", " ", re.sub("[\u2010-\u2015\u2212]", "-", text)).strip()
    found = []
    for each in _BETWEEN.split(plain):
        part = _PART.fullmatch(each)
        if part is None:
            raise _no_number(field)
        found.append((part["number"].strip(), part["label"] and part["label"].strip()))
    return found


def international(field: str, text: str, region: str | None, short_codes: Collection[str]) -> str:
    """Return numbers in international form, a short code of the country as it is dialled.

    Parameters
    ----------
    field
        The name of the field in errors.
    text
        The numbers, as :func:`parts` reads them.
    region
        The country's ISO 3166-1 alpha-2 code, whose prefix a number without one gets; ``None`` where it is not known.
    short_codes
        The country's short codes, of which the library knows few.

    Raises
    ------
    BadInput
        Where one is no number. One that is possible will do: the plan of a country's numbers changes.

    Examples
    --------
    >>> international("phone", "022 791 00 00 (standard) / 116", "CH", ["116"])
    '+41227910000 (standard) / 116'

    """
    from phonenumbers import (  # noqa: PLC0415  only who writes a number reads one
        NumberParseException,
        PhoneNumberFormat,
        format_number,
        is_possible_number,
        parse,
    )

    written: list[str] = []
    for number, label in parts(field, text):
        told = re.sub(r"[ ().-]", "", number)
        if told not in short_codes:
            try:
                known = parse(number, region)
            except NumberParseException:
                raise _no_number(field) from None
            if not is_possible_number(known):
                raise _no_number(field)
            told = format_number(known, PhoneNumberFormat.E164)
        if told not in {each.partition(" ")[0] for each in written}:
            written.append(told if label is None else f"{told} ({label})")
    return " / ".join(written)


def _no_number(field: str) -> BadInput:
    return BadInput(
        field, f"this is no phone number; give it in international form or a short code of the country: {EXAMPLE}."
    )
