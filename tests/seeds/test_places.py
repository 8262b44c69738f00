"""Every point of the seeds lies in Mali, as far as a simplified outline can say."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.database

OUTLINE_ERROR_M = 3_000
OUTSIDE = """
SELECT {name}, ST_Distance(p.point, a.geom::geography) FROM {table} p
JOIN lakana.admin_area a ON a.scheme = 'ISO-3166-2' AND a.code = 'ML' AND NOT ST_Covers(a.geom, p.point::geometry)
"""


def outside(ask, table, name="NULL"):
    return ask(OUTSIDE.format(table=table, name=name))


@pytest.mark.parametrize("table", ["lakana.actor", "lakana.service", "exact.site", "lakana.demand_point"])
def test_every_point_lies_in_mali(ask, table):
    assert ask(f"SELECT count(*) FROM {table}")[0] >= 10
    assert [metres for _, metres in outside(ask, table) if metres > OUTLINE_ERROR_M] == []


def test_two_border_towns_lie_a_little_outside_the_outline(ask):
    """Their coordinates are GeoNames' and the outline is simplified: neither is bent to fit the other."""
    found = dict(outside(ask, "lakana.locality", "p.name_fr"))
    assert set(found) == {"Abdel Begrou", "Zambla"}
    assert max(found.values()) < OUTLINE_ERROR_M


def test_every_cell_lies_inside_an_outline_of_its_own_region(ask):
    assert ask(
        "SELECT count(*) FROM lakana.demand_point d WHERE locality_id IS NULL AND NOT EXISTS ("
        " SELECT FROM lakana.area_within w JOIN lakana.admin_area o ON o.id = w.ancestor_id"
        " WHERE w.area_id = d.area_set_id AND o.level = 2 AND ST_Covers(o.geom, d.point::geometry))"
    ) == [0]


def test_an_office_stands_in_its_town(ask):
    for table in ("actor", "service"):
        farthest = ask(
            f"SELECT max(ST_Distance(p.point, l.point)) FROM lakana.{table} p JOIN lakana.locality l ON l.id = locality_id"
        )
        assert 100 < farthest[0] < 1_000


def test_only_confidential_services_have_no_town(ask):
    assert ask("SELECT count(*), bool_and(confidential) FROM lakana.service WHERE locality_id IS NULL") == [(10, True)]
    assert ask("SELECT count(*) FROM lakana.actor WHERE locality_id IS NULL") == [0]
