"""What ``lakana.access`` must hold: every service with a place measured against every demand point, without an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.geodesy import distance_m

if TYPE_CHECKING:
    from tests.database.land import Land

KEPT = """
SELECT category::text, demand_point_id::text, service_id::text, distance_m, under_18, area_set_id::text
FROM lakana.access ORDER BY category::text, demand_point_id
"""
BRUTE = """
SELECT DISTINCT ON (s.category::text, d.id)
  s.category::text, d.id::text, s.id::text, ST_Distance(s.point, d.point), d.under_18, d.area_set_id::text
FROM lakana.service s CROSS JOIN lakana.demand_point d
WHERE s.point IS NOT NULL
ORDER BY s.category::text, d.id, ST_Distance(s.point, d.point), s.id
"""
PLACES = """
SELECT '{table}', id::text, {category}, ST_X(point::geometry), ST_Y(point::geometry) FROM lakana.{table}
WHERE point IS NOT NULL
"""


def check_access(land: Land) -> list[tuple]:
    """Hold the table against both oracles and give its rows."""
    kept = land.rows(KEPT)
    assert kept == land.rows(BRUTE)
    _check_by_vincenty(land, kept)
    return kept


def _check_by_vincenty(land: Land, kept: list[tuple]) -> None:
    services = land.rows(PLACES.format(table="service", category="category::text"))
    points = land.rows(PLACES.format(table="demand_point", category="NULL"))
    found = {(category, point): (service, metres) for category, point, service, metres, *_ in kept}
    expected = {(category, point[1]) for _, _, category, _, _ in services for point in points}
    assert set(found) == expected
    for _, point, _, lon, lat in points:
        for category in {each[2] for each in services}:
            far = {each[1]: distance_m(each[3], each[4], lon, lat) for each in services if each[2] == category}
            service, metres = found[category, point]
            assert abs(metres - min(far.values())) < 0.01
            assert abs(far[service] - metres) < 0.01
