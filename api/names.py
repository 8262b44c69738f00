"""How names of the domain are spelt in the schema: ``max_distance_m`` is ``maxDistanceMetres``."""

from __future__ import annotations

import re

UNITS = {"m": "metres", "s": "seconds"}
_NAME = re.compile(r"`([a-z0-9]+(?:[_.][a-z0-9]+)+)`")


def worded(name: str) -> str:
    """Return a name with its unit in full.

    Examples
    --------
    >>> worded("max_distance_m"), worded("first")
    ('max_distance_metres', 'first')

    """
    head, _, unit = name.rpartition("_")
    return f"{head}_{UNITS[unit]}" if head and unit in UNITS else name


def spelt(name: str) -> str:
    """Return the schema's name for a field of the domain, dotted if it is nested.

    Examples
    --------
    >>> spelt("candidates.localities.area_code"), spelt("points.0.lon"), spelt("areaCode")
    ('candidates.localities.areaCode', 'points.0.lon', 'areaCode')

    """
    return ".".join(_camel(worded(part)) for part in name.split("."))


def respelt(text: str) -> str:
    """Return a sentence with the names in backticks spelt as in the schema.

    Examples
    --------
    >>> respelt("pass an `end_cursor`, in `COD-AB`")
    'pass an `endCursor`, in `COD-AB`'

    """
    return _NAME.sub(lambda found: f"`{spelt(found[1])}`", text)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)
