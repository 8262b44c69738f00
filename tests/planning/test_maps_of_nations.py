"""Maps where there are several nations: each of one, which the address names, and nothing of another is on it."""

from __future__ import annotations

import orjson
import pytest
from sqlalchemy import insert

from api.graphql.compile.document_cache import Operations
from api.graphql.schema import compiled_schema
from api.pages import map_questions, map_records
from api.pages.map_choices import Choices
from api.pages.nations import WhichNation, chosen
from geo.database import owner, tables
from geo.queries.directory import map_sites
from geo.queries.directory.features import MapLayer
from geo.service import Resources
from geo.vocabulary import Locale, ServiceCategory
from tests.database.land import square
from tests.planning.test_nations import Nations

pytestmark = pytest.mark.database


def chosen_for(area):
    return Choices(Locale.EN, area=area, category=ServiceCategory.MEDICAL, metres=30_000.0)


@pytest.fixture(scope="module")
def nations_url(copy_migrated):
    """Two nations side by side, each with an outline, a town, a service, and a count of its own; one hides a shelter."""
    url = copy_migrated()
    with owner.owner_transaction(url) as connection:
        made = Nations(connection, ("W", "E"))
        number = made.add(tables.release, quarter="2025-Q4", revision=0)
        for code, lon in (("W", -2.0), ("E", 0.0)):
            outline = {"geom": square(lon, 11, 2)}
            for area in (made.nation[code], made.region[code]):
                connection.execute(tables.admin_area.update().where(tables.admin_area.c.id == area).values(**outline))
            home = made.town(code, lon + 1, 12)
            made.serve(code, lon + 1.1, 12)
            cell = {"level": "LOCALITY", "locality_id": home, "period": "2025-Q4", "reporters": home}
            told = {"localities_reporting": 1, "localities_expected": 1}
            connection.execute(insert(tables.reporting).values(**cell, **told))
            whole = {"level": "ADM0", "area_id": made.nation[code], "period": "2025-Q4", "reporters": home}
            for each in (cell, whole):
                values = (
                    each | told | {"release_number": int(number), "current": True, "count": 5, "source_id": made.source}
                )
                connection.execute(insert(tables.published_count).values(**values))
        made.zoning(made.nation["E"])
        made.zone(made.nation["E"], made.nation["E"], 0, 11, 2)
        made.service(
            made.office["E"], made.region["E"], 1, 12, category="SAFE_SHELTER", confidential=True, name="Foyer tu"
        )
        shelter = made.one("SELECT id::text FROM lakana.service WHERE confidential")
        connection.execute(insert(tables.shelter).values(service_id=shelter, occupancy=0, girls=True, boys=True))
    return url


@pytest.fixture(scope="module")
def by(nations_url):
    resources = Resources(nations_url, 2)
    yield map_questions.public(Operations(compiled_schema()), resources)
    resources.close()


def names(collection):
    return {each["properties"]["name"] for each in collection["features"]}


@pytest.mark.parametrize("code", ["W", "E"])
def test_a_map_has_one_nation_alone(run, by, code):
    drawn = map_records.overview(run(map_questions.overview(by, chosen_for(f"T{code}:{code}"))), chosen_for(None))
    assert names(drawn.counts) == {f"{code}0"}
    assert {each["properties"]["code"] for each in drawn.regions["features"]} == {f"{code}1"}
    assert len(drawn.actors["features"]) == 1
    assert names(drawn.shelters) == ({"Foyer tu"} if code == "E" else set())
    coverage = map_records.coverage(run(map_questions.coverage(by, chosen_for(f"T{code}:{code}"))), chosen_for(None))
    assert len(coverage.services["features"]) == 1
    assert coverage.population_under_18 == 100


@pytest.mark.parametrize("code", ["W", "E"])
def test_what_is_gathered_in_squares_is_of_one_nation(run, by, code, monkeypatch):
    monkeypatch.setattr(map_sites, "SITES_AT_MOST", 0)
    monkeypatch.setattr(map_sites, "COUNTS_AT_MOST", 0)
    for layer, many in ((MapLayer.ACTORS, 1), (MapLayer.SHELTERS, code == "E")):
        gathered = run(by.tell(map_sites.squares(layer, None, {"POLICE_BRIGADE": "POLICE"}, f"T{code}:{code}")))
        found = orjson.loads(gathered)["features"] if gathered else []
        assert [each["properties"]["number"] for each in found] == [1] * many
    told = run(by.tell(map_sites.counts_level("2025-Q4", f"T{code}:{code}")))
    assert told is None


def test_where_none_or_another_is_named_the_reader_chooses(run, by):
    for area in (None, "TX:X"):
        with pytest.raises(WhichNation) as caught:
            run(map_questions.overview(by, chosen_for(area)))
        assert caught.value.names == {"TE:E": "E", "TW:W": "W"}
        assert "TE:E (E), TW:W (W)" in str(caught.value)


def test_one_nation_of_two_divisions_needs_no_name():
    nation = {"areaCode": "A:M", "name": "M"}
    rows = [
        {"areaCode": "B:M", "name": "M", "hasSuccessor": True, "geometrySource": {"name": "x"}, "nation": nation},
        {"areaCode": "A:M", "name": "M", "hasSuccessor": False, "geometrySource": None, "nation": nation},
    ]
    start = orjson.dumps({"data": {"nations": {"edges": [{"node": each} for each in rows]}}})
    found = chosen(start, None)
    assert (found.code, found.only) == ("B:M", None)
    assert chosen(start, "A:M") == found
