"""The ground of maps, with the slips of its files mended."""

from __future__ import annotations

import json

import pytest

from tests.mali import DATA, mends

pytestmark = pytest.mark.database


def test_names_are_french_and_whole(ask):
    names = set(ask("SELECT name_fr FROM lakana.ground"))
    assert {"lac Débo", "Gambie", "Côte d’Ivoire", "Sahara occidental", "Bani"} <= names
    assert not {"Lake Dbo", "Gambia", "Gêba", "Ivory Coast", "Morocco", "Mali"} & names
    assert not any(name.startswith("Lake ") or "'" in name for name in names)


def given(file, name):
    return {each["properties"][name] for each in json.loads((DATA / file).read_text(encoding="utf-8"))["features"]}


def test_what_was_mended_is_still_in_the_files():
    """A mend that nothing needs any more would rename what another file calls so rightly."""
    assert set(mends("mends_rivers.csv", "name")) <= given("ne10m_mali_rivers_lake_centerlines.geojson", "name")
    assert set(mends("mends_lakes.csv", "name")) <= given("ne10m_mali_lakes.geojson", "name")
    assert set(mends("mends_neighbours.csv", "name")) <= given("ne50m_mali_neighbours.geojson", "ADM0_A3")


def test_rivers_are_one_row_each_but_for_two_of_one_name(ask):
    twice = ask("SELECT name_fr FROM lakana.ground WHERE kind = 'RIVER' GROUP BY 1 HAVING count(*) > 1")
    assert twice == ["Baoulé"]
    assert ask("SELECT rank FROM lakana.ground WHERE name_fr = 'Bani'") == [4]
    [metres] = ask(
        "SELECT ST_Distance(g.geom::geography, l.point) FROM lakana.ground g, lakana.locality l "
        "WHERE g.kind = 'RIVER' AND g.name_fr = 'Niger' AND l.name_fr = 'Gao'"
    )
    assert metres < 5_000, "Gao stands on the Niger"


def test_neighbours_share_their_borders(ask):
    pairs = (
        "FROM lakana.ground a JOIN lakana.ground b ON a.id < b.id AND a.kind = 'NEIGHBOUR' AND b.kind = 'NEIGHBOUR' "
        "AND a.geom && b.geom"
    )
    assert ask(f"SELECT count(*) {pairs} WHERE ST_Area(ST_Intersection(a.geom, b.geom)) > 1e-9") == [0]
    [shared] = ask(
        f"SELECT sum(ST_Length(ST_Intersection(ST_Boundary(a.geom), ST_Boundary(b.geom))::geography)) / 1e3 {pairs} "
        "WHERE (a.name_fr, b.name_fr) IN (('Niger', 'Burkina Faso'), ('Burkina Faso', 'Niger'))"
    )
    assert 450 < shared < 650, "622 km of border, straightened"
