"""The ground of maps, with the slips of its files mended."""

from __future__ import annotations

import pytest

from seeds.mali import ground

pytestmark = pytest.mark.database


def test_names_are_french_and_whole(ask):
    names = set(ask("SELECT name_fr FROM lakana.ground"))
    assert {"lac Débo", "Gambie", "Côte d’Ivoire", "Sahara occidental", "Bani"} <= names
    assert not {"Lake Dbo", "Gambia", "Gêba", "Ivory Coast", "Morocco", "Mali"} & names
    assert not any(name.startswith("Lake ") or "'" in name for name in names)


def test_what_was_mended_is_still_in_the_files():
    """A mend that nothing needs any more would rename what another file calls so rightly."""
    files = ("ne10m_mali_rivers_lake_centerlines.geojson", "ne10m_mali_lakes.geojson")
    given = {each["properties"]["name"] for file in files for each in ground._features(file)}
    assert set(ground.NAMES) <= given
    countries = {each["properties"]["ADM0_A3"] for each in ground._features("ne50m_mali_neighbours.geojson")}
    assert countries == {*ground.NEIGHBOURS, "MLI"}


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
