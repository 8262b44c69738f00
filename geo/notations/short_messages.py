"""Short messages of telephones (SMS): what they can be written in, and how much goes into one.

A message of the letters of GSM 03.38 (its default alphabet, of seven bits) holds 160 of them, any other 70 units of
UTF-16 (3GPP TS 23.038, section 6.2). So a text is put in these letters wherever it stays the same to a reader: French
loses some accents, Bambara is written with the two letters of its older spelling. Another script stays as it is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet: one place each."""
EXTENSION = frozenset("^{}\\[~]|€\f")
"""The letters of its extension: two places each."""
MOST_SEPTETS, MOST_UNITS = 160, 70
SPELT = {
    "ɛ": "e", "ɔ": "o", "ɲ": "ny", "ŋ": "ng", "Ɛ": "E", "Ɔ": "O", "Ɲ": "Ny", "Ŋ": "Ng", "œ": "oe", "Œ": "Oe",
    "ɓ": "b", "ɗ": "d", "ƴ": "y", "Ɓ": "B", "Ɗ": "D", "Ƴ": "Y",
    "’": "'", "‘": "'", "\u02bc": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "\u2011": "-",
    "…": "...", "·": "-", "\u00a0": " ", "\u202f": " ", "\t": " ",
}  # fmt: skip
"""How letters and signs that are not among them are written, where taking off an accent is not enough."""
SHORTENED = "..."


def plain(text: str) -> str:
    r"""Return a text in the letters of GSM 03.38; what cannot be written in them stays as it is.

    Examples
    --------
    >>> plain("Délégué · « Kɔrɔ » à l’hôpital"), plain("ߓߡߊߞߐ߫ 1")
    ('Délégué - " Koro " à l\'hopital', 'ߓߡߊߞߐ߫ 1')

    """
    written = ""
    for letter in unicodedata.normalize("NFC", text):
        if not (unicodedata.combining(letter) and written[-1:] in BASIC):  # an accent of a letter that lost it
            written += _plain(letter)
    return written


def _plain(letter: str) -> str:
    if letter in BASIC or letter in EXTENSION:
        return letter
    if letter in SPELT:
        return SPELT[letter]
    base = unicodedata.normalize("NFD", letter)[0]
    return SPELT.get(base, base if base in BASIC else letter)


def fits(text: str) -> bool:
    """Return whether a text goes into one message, both bounds inclusive.

    Examples
    --------
    >>> fits("e" * 160), fits("e" * 161), fits("€" * 80), fits("€" * 81), fits("ߓ" * 70), fits("ߓ" * 71)
    (True, False, True, False, True, False)

    """
    if all(each in BASIC or each in EXTENSION for each in text):
        return sum(2 if each in EXTENSION else 1 for each in text) <= MOST_SEPTETS
    return len(text.encode("utf-16-le")) // 2 <= MOST_UNITS


def packed(parts: Sequence[str], most: int) -> list[str]:
    """Return messages that say parts in their order, as many parts in one as fit.

    Parameters
    ----------
    parts
        What is to be said, the most important first; none is divided. One that is too long for a message is cut, with
        ``...`` at its end.
    most
        How many messages there may be; what does not go into them is left out.

    Examples
    --------
    >>> packed(["a" * 100, "b" * 59, "c"], 3) == ["a" * 100 + " " + "b" * 59, "c"]
    True
    >>> packed(["a" * 100, "b" * 100, "c"], 1) == ["a" * 100 + " c"]
    True

    """
    messages: list[str] = []
    for part in map(_cut, map(plain, parts)):
        joined = f"{messages[-1]} {part}" if messages else part
        if messages and fits(joined):
            messages[-1] = joined
        elif len(messages) < most:
            messages.append(part)
    return messages


def _cut(part: str) -> str:
    if fits(part):
        return part
    end = next(end for end in range(len(part), 0, -1) if fits(part[:end].rstrip() + SHORTENED))
    return part[:end].rstrip() + SHORTENED
