"""The dump of GeoNames (``ML.txt``): 19 columns without a row of names, separated by tabs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from seeds.readers.table import Numbered

COLUMNS = (
    "geonameid",
    "name",
    "asciiname",
    "alternatenames",
    "latitude",
    "longitude",
    "feature class",
    "feature code",
    "country code",
    "cc2",
    "GeoNames admin1",
    "GeoNames admin2",
    "GeoNames admin3",
    "GeoNames admin4",
    "population",
    "elevation",
    "dem",
    "timezone",
    "modification date",
)
"""As the dump's own description names them, https://download.geonames.org/export/dump/readme.txt. The codes of its
areas are named so that nobody takes them for those of a country."""
_NUMBER, _CLASS = re.compile(r"-?\d+(\.\d+)?"), re.compile("[AHLPRSTUV]")


def is_dump(sample: Sequence[Numbered]) -> bool:
    """Return whether rows are of a dump: all that have its 19 cells look like it, and these are most."""
    rows = [[str(each) for each in cells] for _, cells in sample if any(cells)]
    whole = [row for row in rows if len(row) == len(COLUMNS)]
    return 2 * len(whole) > len(rows) and all(map(_is_place, whole))


def _is_place(row: Sequence[str]) -> bool:
    return row[0].isdecimal() and all(map(_NUMBER.fullmatch, row[4:6])) and bool(_CLASS.fullmatch(row[6] or "V"))
