"""Reading the data files, and the ids that rows get from what they are."""

from __future__ import annotations

import csv
import uuid
from importlib import resources

NAMESPACE = uuid.UUID("6d6c6b61-6e61-5000-8000-6d616c690000")
"""Root of the ids that are derived from a scheme and a code, so that an area has the same id in every database."""


def table(name: str) -> list[dict[str, str]]:
    """Read a CSV file of ``seeds/mali/data``; cells come without blanks around them."""
    lines = resources.files("seeds.mali").joinpath("data", name).read_text(encoding="utf-8-sig").splitlines()
    return [{key: (value or "").strip() for key, value in row.items()} for row in csv.DictReader(lines)]


def text(name: str) -> str:
    """Read a text file of ``seeds/mali/data``."""
    return resources.files("seeds.mali").joinpath("data", name).read_text(encoding="utf-8")


def stable_id(*parts: str) -> str:
    """Return the id of a thing that its parts name.

    Examples
    --------
    >>> stable_id("area", "COD-AB", "ML03") == stable_id("area", "COD-AB", "ML03")
    True

    """
    return str(uuid.uuid5(NAMESPACE, ":".join(parts)))


def apportion(total: int, weights: list[int]) -> list[int]:
    """Share out a whole number in proportion to weights, by largest remainders, ties by position.

    Parameters
    ----------
    total
        What is shared out, 0 or more.
    weights
        At least one above 0.

    Returns
    -------
    list[int]
        One share a weight; they add up to ``total`` exactly.

    Examples
    --------
    >>> apportion(10, [1, 1, 1])
    [4, 3, 3]
    >>> apportion(0, [5, 7])
    [0, 0]

    """
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: (-remainders[place], place))
    for place in order[: total - sum(shares)]:
        shares[place] += 1
    return shares
