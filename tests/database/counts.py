"""Raw counts to release, and what must come of them: worked out leaf by leaf in Python, without SQL."""

from __future__ import annotations

import hashlib
import hmac
import random
from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import insert

from geo.database import tables
from geo.database.owner import owner_transaction
from geo.vocabulary import IncidentType
from tests.database.land import Land, square

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
TYPES = tuple(each.name for each in IncidentType)
QUARTERS = ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1", "2025-Q2")
PLACES = {
    "a": ("N", "R1", "C11"),
    "b": ("N", "R1", "C11"),
    "c": ("N", "R1", "C12"),
    "d": ("N", "R2"),
    "e": ("N", "R2"),
}
"""Each locality with the current division's areas that hold it: C12 holds one locality, R2 has no cercles."""

EVERYTHING = """
SELECT t::text FROM lakana.release t UNION ALL SELECT t::text FROM lakana.published_count t ORDER BY 1
"""
CURRENT = """
SELECT p.level::text, coalesce(a.code, l.code), period, coalesce(incident_type::text, 'ALL'), count
FROM lakana.published_count p LEFT JOIN lakana.admin_area a ON a.id = p.area_id
LEFT JOIN lakana.locality l ON l.id = p.locality_id WHERE current = %s
"""


def build(land: Land) -> None:
    """Make the areas of ``PLACES`` and an older edition of the nation that a crosswalk leads to."""
    old = land.area("OLD", 0, scheme="O", geom=square(-8, 10, 4))
    nation = land.area("N", 0)
    land.crosswalk(nation, old)
    regions = {code: land.area(code, 1, parent_id=nation) for code in ("R1", "R2")}
    areas = {code: land.area(code, 2, parent_id=regions["R1"]) for code in ("C11", "C12")} | regions
    for code, chain in PLACES.items():
        land.locality(code, areas[chain[-1]])
    land.locality("silent", areas["C11"])


def report(land: Land, leaves: Mapping[tuple[str, str, str], int | str]) -> None:
    """Write raw counts by (locality, quarter, type); ``"<5"`` is censored below 5."""
    ids = dict(land.rows("SELECT code, id::text FROM lakana.locality"))
    rows = [
        {
            "locality_id": ids[locality],
            "quarter": quarter,
            "incident_type": incident_type,
            "count": None if isinstance(count, str) else count,
            "censored_below": int(count[1:]) if isinstance(count, str) else None,
        }
        for (locality, quarter, incident_type), count in leaves.items()
    ]
    returned = {(row["locality_id"], row["quarter"]): None for row in rows}
    land.connection.execute(
        insert(tables.raw_incident_return),
        [{"locality_id": one, "quarter": quarter, "source_id": land.source} for one, quarter in returned],
    )
    land.connection.execute(insert(tables.raw_incident_count), rows)


def write(url: str, leaves: Mapping[tuple[str, str, str], int | str]) -> None:
    """Put these raw counts in the place of all."""
    with owner_transaction(url) as connection:
        connection.exec_driver_sql("DELETE FROM raw.incident_return")
        report(Land(connection), leaves)


def drawn(quarters: Iterable[str] = QUARTERS, seed: int = 7) -> dict[tuple[str, str, str], int]:
    """Draw small counts for most leaves of these quarters; the others are not reported; ``e`` has zeros only."""
    chance = random.Random(seed)
    leaves = {}
    for quarter in quarters:
        for locality in PLACES:
            for incident_type in TYPES:
                count = chance.choice((0, 0, 1, 2, 3, 4, 5, 6, 9, 13, 27))
                if locality == "e" or chance.random() < 0.9:
                    leaves[locality, quarter, incident_type] = 0 if locality == "e" else count
    return leaves


Leaves = dict[tuple[str, str, str], int]

GRAINS = {
    "by-type": (("types", "types"), ("types", "types")),
    "types-by-year": (("all", "types"), ("types", "types")),
    "years": (("nothing", "types"), ("types", "types")),
    "all-types": (("all", "all"), ("types", "types")),
    "years-all-types": (("nothing", "all"), ("types", "types")),
    "area-types-by-year": (("nothing", "all"), ("all", "types")),
    "area-all-types": (("nothing", "all"), ("all", "all")),
}
"""What is published for a quarter and for a year: of a locality or an area of fewer than three, and of other areas."""


def expected(
    leaves: Leaves,
    key: bytes = KEY,
    years: Iterable[str] = ("2024",),
    grain: str = "types-by-year",
    before: Leaves | None = None,
) -> set[tuple]:
    """Return every cell that must be published of these leaves; told before, it is told anew where three places changed."""
    cells = _summed(leaves, key, years)
    told = {cell: value for cell, (value, _) in cells.items()}
    if before is not None:
        for cell, (value, _) in _summed(before, key, years).items():
            changed = {
                leaf[0] for leaf in leaves.keys() | before.keys()
                if leaves.get(leaf, 0) != before.get(leaf, 0) and cell in _cells_of(*leaf, years)
            }  # fmt: skip
            told[cell] = told[cell] if len(changed) >= 3 else value
    return {
        (*cell, value)
        for cell, value in told.items()
        if (asked := GRAINS[grain][len(cells[cell][1]) >= 3]["-" not in cell[2]]) == "types"
        or (asked == "all" and cell[3] == "ALL")
    }


def _summed(leaves: Leaves, key: bytes, years: Iterable[str]) -> dict[tuple, tuple[int, set[str]]]:
    """Return each cell with what is published of it where it is, and the places that it holds.

    Who has a leaf of a quarter returned it. A place has no year of which it missed a quarter that others returned.
    """
    returned = {leaf[:2] for leaf in leaves}
    counts: dict[tuple, int] = defaultdict(int)
    keys: dict[tuple, int] = defaultdict(int)
    places: dict[tuple, set[str]] = defaultdict(set)
    quarters = {quarter for _, quarter, _ in leaves}
    for locality in {locality for locality, _, _ in leaves}:
        for quarter in sorted(quarters):
            if (locality, quarter) not in returned:
                continue
            for incident_type in TYPES:
                count = leaves.get((locality, quarter, incident_type), 0)
                name = f"T:{locality}/{quarter}/{incident_type}"
                for cell in _cells_of(locality, quarter, incident_type, years):
                    counts[cell] += count
                    keys[cell] += first_bits(key, name.encode()) if count else 0
                    places[cell].add(locality)
    return {
        cell: (rounded(count, first_bits(key, b"cell/" + (keys[cell] % 2**64).to_bytes(8, "big"))), places[cell])
        for cell, count in counts.items()
    }


def first_bits(key: bytes, message: bytes) -> int:
    return int(hmac.new(key, message, hashlib.sha256).hexdigest()[:16], 16)


def _cells_of(locality: str, quarter: str, incident_type: str, years: Iterable[str]) -> list[tuple]:
    levels = ("ADM0", "ADM1", "ADM2")
    where = [*zip(levels, PLACES[locality], strict=False), ("LOCALITY", locality)]
    when = [quarter, *(year for year in years if quarter.startswith(year))]
    return [(*place, period, kind) for place in where for period in when for kind in (incident_type, "ALL")]


def rounded(count: int, key: int) -> int:
    """Round to base 5: upwards where the key, as a part of 2⁶⁴, lies below the rest as a part of 5."""
    down, rest = divmod(count, 5)
    up = Fraction(key % 2**64, 2**64) < Fraction(rest, 5)
    return 5 * (down + up)


def current(url: str, *, now: bool = True) -> set[tuple]:
    """Return the cells that are published now, or the former ones, each once."""
    with owner_transaction(url) as connection:
        rows = [tuple(row) for row in connection.exec_driver_sql(CURRENT, (now,))]
    assert len({row[:-1] for row in rows}) == len(rows)
    return set(rows)


def everything(url: str) -> list[str]:
    """Return all rows of all releases, current or not."""
    with owner_transaction(url) as connection:
        return list(connection.exec_driver_sql(EVERYTHING).scalars())


def forget(url: str) -> None:
    """Take every release back, which the release job itself never does."""
    with owner_transaction(url) as connection:
        connection.exec_driver_sql("TRUNCATE lakana.release, raw.release_key CASCADE")
