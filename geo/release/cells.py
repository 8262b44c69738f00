"""The cells of a release: summed in the database, rounded here with K, and published at a grain."""

from __future__ import annotations

import io
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import text

from geo.database.owner import sql_file
from geo.statistics.cell_key import cell_key, leaf_key, rounded
from geo.vocabulary import Grain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

FEWEST = 3
"""A cell of fewer localities is told as a locality is; one in which fewer changed is not published again."""


class Detail(IntEnum):
    """How much is published of a place for a period, in rising order."""

    NOTHING = 0
    ALL_TYPES = 1
    BY_TYPE = 2


class Details(NamedTuple):
    """What is told of localities, and of areas of three or more, for a quarter and for its year."""

    of_localities: tuple[Detail, Detail]
    of_areas: tuple[Detail, Detail] = (Detail.BY_TYPE, Detail.BY_TYPE)


GRAINS: Mapping[Grain, Details] = {
    Grain.BY_TYPE: Details((Detail.BY_TYPE, Detail.BY_TYPE)),
    Grain.TYPES_BY_YEAR: Details((Detail.ALL_TYPES, Detail.BY_TYPE)),
    Grain.YEARS: Details((Detail.NOTHING, Detail.BY_TYPE)),
    Grain.ALL_TYPES: Details((Detail.ALL_TYPES, Detail.ALL_TYPES)),
    Grain.YEARS_ALL_TYPES: Details((Detail.NOTHING, Detail.ALL_TYPES)),
    Grain.AREA_TYPES_BY_YEAR: Details((Detail.NOTHING, Detail.ALL_TYPES), (Detail.ALL_TYPES, Detail.BY_TYPE)),
    Grain.AREA_ALL_TYPES: Details((Detail.NOTHING, Detail.ALL_TYPES), (Detail.ALL_TYPES, Detail.ALL_TYPES)),
}

_LEAVES = """
SELECT quarter, locality_id, l.scheme || ':' || l.code, incident_type, count
FROM (
  SELECT DISTINCT ON (quarter) quarter, number AS release_number FROM lakana.release
  WHERE left(quarter, 4) = ANY(:years) ORDER BY quarter, number DESC
) r JOIN raw.released_count USING (release_number) JOIN lakana.locality l ON l.id = locality_id
"""
"""The latest released count of every leaf of these years."""

_TABLES = """
CREATE TEMPORARY TABLE leaf (
  quarter text, locality_id uuid, incident_type lakana.incident_type, count int, key numeric
) ON COMMIT DROP;
CREATE TEMPORARY TABLE told (id integer, count integer) ON COMMIT DROP;
CREATE TEMPORARY TABLE grain (
  period text, fine boolean, short boolean, by_type boolean, all_types boolean
) ON COMMIT DROP
"""

_OUTDATE = """
UPDATE lakana.published_count p SET current = false FROM cell
WHERE p.current AND p.level = cell.level AND p.period = cell.period
  AND coalesce(p.area_id, p.locality_id) = coalesce(cell.area_id, cell.locality_id)
  AND p.incident_type IS NOT DISTINCT FROM cell.incident_type
"""
_PUBLISH = """
INSERT INTO lakana.published_count
  (release_number, current, level, area_id, locality_id, period, incident_type, count, source_id,
   localities_reporting, localities_expected, reporters)
SELECT release_number, true, level, area_id, locality_id, period, incident_type, count, source_id,
       localities_reporting, localities_expected, reporters
FROM cell
"""


def round_cells(connection: Connection, key: bytes, due: Iterable[str], newest: int) -> None:
    """Round every cell of these quarters, and of the years that they complete; :func:`publish` selects from them.

    Parameters
    ----------
    connection
        In the transaction of the release, after its leaves are stored.
    key
        K.
    due
        The quarters that are released now.
    newest
        The number of the newest release, whose areas are those of the cells.

    """
    quarters = list(due)
    connection.execute(text(_TABLES))
    _copy(connection, "leaf", _leaves(connection, key, sorted({quarter[:4] for quarter in quarters})))
    connection.execute(text(sql_file("release/totals")), {"due": quarters, "newest": newest, "fewest": FEWEST})
    _copy(connection, "told", _told(connection, key))
    connection.execute(text("ANALYZE total"))


def publish(connection: Connection, year: str, grain: Mapping[str, Grain]) -> None:
    """Publish the rounded cells of a year.

    Parameters
    ----------
    connection
        After :func:`round_cells`, in the same transaction.
    year
        As ``2025``.
    grain
        The grain of each released quarter of that year; the coarsest quarter decides for the year itself. A year of
        which a place returned fewer than four quarters is told as a quarter is: where it is one, it is that quarter.

    """
    connection.execute(text("DROP TABLE IF EXISTS cell"))
    connection.execute(text("TRUNCATE grain"))
    tells = {quarter: GRAINS[each] for quarter, each in grain.items()}
    rows: list[tuple[str, bool, bool, Detail]] = []
    for fine in (True, False):
        told = {quarter: each.of_localities if fine else each.of_areas for quarter, each in tells.items()}
        rows += ((quarter, fine, False, of_quarter) for quarter, (of_quarter, _) in told.items())
        rows += ((year, fine, short, min(each[not short] for each in told.values())) for short in (True, False))
    connection.execute(
        text("INSERT INTO grain VALUES (:period, :fine, :short, :by_type, :all_types)"),
        [
            {
                "period": period,
                "fine": fine,
                "short": short,
                "by_type": detail >= Detail.BY_TYPE,
                "all_types": detail >= Detail.ALL_TYPES,
            }
            for period, fine, short, detail in rows
        ],
    )
    connection.execute(text(sql_file("release/cell")), {"year": year})
    replace(connection)


def replace(connection: Connection) -> int:
    """Publish the temporary table ``cell`` in the place of what is current of its cells; return how many it has."""
    connection.execute(text(_OUTDATE))
    return connection.execute(text(_PUBLISH)).rowcount


def _copy(connection: Connection, table: str, lines: Iterable[str]) -> None:
    written = io.StringIO()
    written.writelines(lines)
    written.seek(0)
    cursor: Any = connection.connection.cursor()
    cursor.copy_expert(f"COPY {table} FROM STDIN", written)
    cursor.execute(f"ANALYZE {table}")


def _leaves(connection: Connection, key: bytes, years: list[str]) -> Iterable[str]:
    for quarter, locality_id, code, kind, count in connection.execute(text(_LEAVES), {"years": years}):
        number = leaf_key(key, f"{code}/{quarter}/{kind}") if count else 0
        yield f"{quarter}\t{locality_id}\t{kind}\t{count}\t{number}\n"


def _told(connection: Connection, key: bytes) -> Iterable[str]:
    for number, count, leaf_keys in connection.execute(text("SELECT id, x, u FROM total WHERE due")):
        yield f"{number}\t{rounded(count, cell_key(key, int(leaf_keys)))}\n"
