"""The media types that a client accepts: the one parser of ``Accept`` (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence

JSON, GRAPHQL, HTML = "application/json", "application/graphql-response+json", "text/html"
LONGEST = 500
"""How many characters are read of a header that is a list."""


def attachment(name: str) -> str:
    """Return the header ``Content-Disposition`` of a file to be kept under a name that we gave.

    Examples
    --------
    >>> attachment("report.fr.xlsx")
    'attachment; filename="report.fr.xlsx"'

    """
    return f'attachment; filename="{name}"'


def preferred(accept: str | None, offers: Sequence[str]) -> str | None:
    """Return the offer that a client prefers; the first without ``Accept``, ``None`` if it accepts none.

    A type that is named wins over one that a wildcard matches; of equals, the one named first wins.

    Examples
    --------
    >>> preferred("application/graphql-response+json, application/json;q=0.9", [JSON, GRAPHQL])
    'application/graphql-response+json'
    >>> preferred("*/*", [JSON, GRAPHQL]), preferred("text/html;q=0, */*;q=0.1", [HTML]), preferred(None, [JSON])
    ('application/json', None, 'application/json')

    """
    if not accept:
        return offers[0]
    named_ranges = ranges(accept)
    liked: list[tuple[float, int, int]] = []
    for number, offer in enumerate(offers):
        named = (offer, f"{offer.partition('/')[0]}/*", "*/*")
        found = [(named.index(name), at, quality) for at, (name, quality) in enumerate(named_ranges) if name in named]
        if found and min(found)[2] > 0:
            _, at, quality = min(found)
            liked.append((-quality, at, number))
    return offers[min(liked)[2]] if liked else None


def ranges(header: str) -> list[tuple[str, float]]:
    """Return what a header names, in lower case, each with its quality, in its order."""
    return [_range(each) for each in header[:LONGEST].lower().split(",")]


def _range(text: str) -> tuple[str, float]:
    name, *parameters = (each.strip() for each in text.split(";"))
    for each in parameters:
        key, _, value = each.partition("=")
        if key.strip() == "q":
            try:
                return name, float(value)
            except ValueError:
                return name, 0.0
    return name, 1.0
