"""How many inhabited places an area is known to have, once localities were imported."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from geo.database import owner
from seeds.loading.staging import statement
from tests.importing.country import cercles

pytestmark = pytest.mark.database

COUNTED = "SELECT code, locality_count FROM lakana.admin_area ORDER BY code"
VILLAGES = """code,name,lat,lon
1,Kaya,11.51,0.51
2,Sabalibougou,11.61,0.61
3,Kita,10.51,0.51
4,Over the border,12.02,0.51
"""


def test_areas_count_the_localities_that_lie_in_them_and_those_of_no_part(bare_country):
    bare_country.load("areas", cercles(), "c.geojson", scheme="COD-AB", edition="1")
    bare_country.load("localities", VILLAGES, scheme="V")
    assert dict(bare_country.ask(COUNTED)) == {
        "XX": 4,
        "XX01": 2,
        "XX0101": 2,
        "XX0102": None,
        "XX02": 1,
        "XX0201": 1,
        "XX0202": None,
    }


def test_a_count_that_somebody_said_stays_where_it_is_more(bare_country):
    bare_country.load("areas", cercles(), "c.geojson", scheme="COD-AB", edition="1")
    bare_country.run("UPDATE lakana.admin_area SET locality_count = 90 WHERE code = 'XX0102'")
    bare_country.load("localities", VILLAGES, scheme="V")
    counted = dict(bare_country.ask(COUNTED))
    assert (counted["XX0101"], counted["XX0102"], counted["XX01"], counted["XX"]) == (2, 90, 92, 94)


def test_localities_are_counted_once_for_all_areas(bare_country):
    """Counted for each area, 60,000 of 720 districts took 52 of the 89 seconds of their import."""
    with owner.owner_transaction(bare_country.url) as connection:
        connection.exec_driver_sql(statement("locality_held"))
        bound = {"level": 2, "scheme": "COD-AB", "edition": "1", "is_own": True}
        plan = connection.execute(text(f"EXPLAIN {statement('locality_counted')}"), bound).scalars().all()
    assert any("locality_held" in each for each in plan)
    assert not any("on locality l" in each or "locality_area" in each for each in plan)
