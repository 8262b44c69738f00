"""What is real in the seeds: areas, towns and people, with the slips of their sources mended."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.database

OLD = {
    "Kayes": {"Kayes", "Nioro", "Kita"},
    "Koulikoro": {"Koulikoro", "Dioila", "Nara"},
    "Sikasso": {"Sikasso", "Bougouni", "Koutiala"},
    "Ségou": {"Segou", "San"},
    "Mopti": {"Mopti", "Douentza", "Bandiagara"},
    "Tombouctou": {"Tombouctou", "Taoudenit"},
    "Gao": {"Gao", "Menaka"},
    "Kidal": {"Kidal"},
    "Bamako": {"Bamako"},
}
"""The regions of 2009, each with today's regions that were made from it; today's names without accents."""

PEOPLE_2022 = {
    "Bamako": 4_227_569, "Segou": 2_455_263, "Koulikoro": 2_255_157, "Kayes": 1_840_329, "Bougouni": 1_570_979,
    "Sikasso": 1_533_123, "Koutiala": 1_169_882, "Tombouctou": 974_278, "Mopti": 935_579, "Bandiagara": 868_916,
    "San": 820_807, "Gao": 727_517, "Kita": 681_671, "Nioro": 678_061, "Dioila": 675_965, "Menaka": 318_876,
    "Nara": 307_777, "Douentza": 170_189, "Taoudenit": 100_358, "Kidal": 83_194,
}  # fmt: skip
PEOPLE_2009 = {
    "Kayes": 1_993_615, "Koulikoro": 2_422_108, "Sikasso": 2_643_179, "Ségou": 2_338_349, "Mopti": 2_036_209,
    "Tombouctou": 674_793, "Gao": 542_304, "Kidal": 67_739, "Bamako": 1_810_366,
}  # fmt: skip
TOWN = """
SELECT l.name_fr, a.code, r.code, ST_X(l.point::geometry), ST_Y(l.point::geometry)
FROM lakana.locality l JOIN lakana.admin_area a ON a.id = l.area_id
JOIN lakana.area_within w ON w.area_id = a.id
JOIN lakana.admin_area r ON r.id = w.ancestor_id AND r.scheme = 'COD-AB' AND r.level = 1
WHERE l.name_fr = :name
"""


WHOLE = {
    "Kayes": ["Bafoulabé", "Kayes", "Kéniéba", "Yélimané"],
    "Nioro": ["Diéma", "Nioro"],
    "Kita": ["Kita"],
    "Koulikoro": ["Banamba", "Kangaba", "Kati", "Kolokani", "Koulikoro"],
    "Dioïla": ["Dioïla"],
    "Nara": ["Nara"],
    "Sikasso": ["Kadiolo", "Sikasso"],
    "Bougouni": ["Bougouni", "Kolondiéba", "Yanfolila"],
    "Koutiala": ["Koutiala", "Yorosso"],
    "Ségou": ["Barouéli", "Bla", "Macina", "Niono", "Ségou"],
    "San": ["San", "Tominian"],
    "Mopti": ["Djenné", "Mopti", "Ténenkou", "Youwarou"],
    "Bandiagara": ["Bandiagara", "Bankass", "Koro"],
    "Douentza": ["Douentza"],
    "Gao": ["Ansongo", "Bourem", "Gao"],
    "Ménaka": ["Ménaka"],
    "Kidal": ["Abeïbara", "Kidal", "Tessalit", "Tin-Essako"],
    "Bamako": ["Bamako"],
}
"""The cercles that the law put together into each region of today."""


def test_areas_of_every_edition(ask):
    query = (
        "SELECT scheme, edition, level, count(*), count(geom) FROM lakana.admin_area GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    assert ask(query) == [
        ("COD-AB", "2018", 0, 1, 1),
        ("COD-AB", "2018", 1, 9, 9),
        ("COD-AB", "2018", 2, 50, 50),
        ("COD-AB", "v03", 0, 1, 1),
        ("COD-AB", "v03", 1, 20, 18),
        ("COD-AB", "v03", 2, 160, 0),
        ("ISO-3166-2", "2009", 0, 1, 1),
        ("ISO-3166-2", "2009", 1, 9, 9),
    ]


def test_the_regions_of_today_are_made_of_whole_cercles_but_for_two(ask):
    rows = ask(
        'SELECT r.name_fr, array_agg(c.name_fr ORDER BY c.name_fr COLLATE "C") FROM lakana.area_crosswalk w '
        "JOIN lakana.admin_area c ON c.id = w.from_area_id AND c.edition = '2018' AND c.level = 2 "
        "JOIN lakana.admin_area r ON r.id = w.to_area_id GROUP BY 1"
    )
    assert dict(rows) == WHOLE
    assert ask(
        "SELECT name_fr FROM lakana.admin_area WHERE edition = 'v03' AND level = 1 AND geom IS NULL ORDER BY 1"
    ) == [
        "Taoudénit",
        "Tombouctou",
    ]


def test_codes_mean_other_cercles_in_another_edition(ask):
    codes = "SELECT edition, name_fr FROM lakana.admin_area WHERE code = 'ML0703' ORDER BY 1"
    assert ask(codes) == [("2018", "Bourem"), ("v03", "Ansongo")]
    assert ask(
        "SELECT count(*) FROM lakana.admin_area old JOIN lakana.admin_area new USING (scheme, code) "
        "WHERE (old.edition, new.edition, old.level) = ('2018', 'v03', 2) AND old.name_fr <> new.name_fr"
    ) == [39]


def test_a_derived_outline_says_so(ask):
    derived = (
        "SELECT edition || ' ' || level, bool_and(outline_derived), bool_or(outline_derived) FROM lakana.admin_area "
    )
    rows = ask(derived + "WHERE geom IS NOT NULL GROUP BY 1")
    assert {name: (every, some) for name, every, some in rows} == {
        "2018 0": (True, True),
        "2018 1": (True, True),
        "2018 2": (False, False),
        "v03 0": (True, True),
        "v03 1": (True, True),
        "2009 0": (True, True),
        "2009 1": (True, True),
    }


def test_every_area_hangs_below_its_own_edition(ask):
    """A cercle's code begins with its region's."""
    below = ask(
        "SELECT a.scheme || a.edition, a.level, a.code, p.scheme || p.edition, p.level, p.code "
        "FROM lakana.admin_area a JOIN lakana.admin_area p ON p.id = a.parent_id"
    )
    assert len(below) == 189 + 59
    for edition, level, code, *parent in below:
        assert parent[:2] == [edition, level - 1]
        assert level < 2 or code.startswith(parent[2])


def test_the_outlines_fill_the_country(ask):
    areas = "SELECT edition, level, sum(ST_Area(geom::geography)) / 1e6 FROM lakana.admin_area GROUP BY 1, 2"
    km2 = {(edition, level): found and round(found) for edition, level, found in ask(areas)}
    nation = km2["2018", 0]
    assert abs(nation - 1_252_724) < 5_000  # Natural Earth's
    assert {km2[key] for key in (("2018", 1), ("2018", 2), ("v03", 0), ("2009", 0), ("2009", 1))} <= {
        nation - 1,
        nation,
    }
    [north] = ask("SELECT ST_Area(geom::geography) / 1e6 FROM lakana.admin_area WHERE code = 'ML-6'")
    assert km2["v03", 1] == pytest.approx(nation - north, abs=1)
    assert ask(
        "SELECT count(*) FROM lakana.admin_area a JOIN lakana.admin_area b "
        "ON a.id < b.id AND (a.level, a.scheme, a.edition) = (b.level, b.scheme, b.edition) AND a.geom && b.geom "
        "WHERE ST_Area(ST_Intersection(a.geom, b.geom)::geography) > 1"
    ) == [0]


def test_every_region_of_today_lies_whole_in_one_of_2009(ask):
    pairs = ask(
        "SELECT o.name_fr, n.name_fr, n.code, c.share FROM lakana.area_crosswalk c "
        "JOIN lakana.admin_area n ON n.id = c.from_area_id JOIN lakana.admin_area o ON o.id = c.to_area_id "
        "WHERE n.edition = 'v03' AND o.scheme = 'ISO-3166-2' AND n.level = 1 AND o.level = 1"
    )
    assert len(pairs) == 20
    assert {share for *_, share in pairs} == {1.0}
    found: dict[str, set[str]] = {}
    for old, new, _, _ in pairs:
        found.setdefault(old, set()).add(new.replace("é", "e").replace("ï", "i"))
    assert found == OLD


def test_census_totals(ask):
    query = "SELECT a.name_fr, p.total FROM lakana.area_population p JOIN lakana.admin_area a ON a.id = p.area_id "
    now = ask(query + "WHERE year = 2022 AND scheme = 'COD-AB' AND level = 1")
    assert {name.replace("é", "e").replace("ï", "i"): total for name, total in now} == PEOPLE_2022
    assert dict(ask(query + "WHERE year = 2009 AND level = 1")) == PEOPLE_2009
    assert ask(query + "WHERE level = 0 ORDER BY total") == [("Mali", 14_528_662)] + [("Mali", 22_395_490)] * 2


def test_a_region_of_2009_has_the_people_of_its_parts_in_2022(ask):
    query = "SELECT a.name_fr, p.total FROM lakana.area_population p JOIN lakana.admin_area a ON a.id = p.area_id "
    found = dict(ask(query + "WHERE year = 2022 AND scheme = 'ISO-3166-2' AND level = 1"))
    assert found == {old: sum(PEOPLE_2022[new] for new in its) for old, its in OLD.items()}


def test_children_are_55_of_100(ask):
    rows = ask(
        "SELECT level, total, under_18 FROM lakana.area_population p JOIN lakana.admin_area a ON a.id = p.area_id"
    )
    assert len(rows) == 20 + 1 + 2 * 10
    for level, total, under_18 in rows:
        # Each of the 20 regions is rounded on its own, so that they add up to the nation.
        assert abs(under_18 - total * 0.55) <= (20 if level == 0 else 3)
    assert ask(
        "SELECT sum(under_18) FROM lakana.area_population p JOIN lakana.admin_area a ON a.id = p.area_id "
        "WHERE year = 2022 AND scheme = 'COD-AB' AND level = 1"
    ) == [12_317_519]


def test_demand_points_add_up_to_each_region(ask):
    rows = ask(
        "SELECT a.code, p.total, p.under_18, sum(d.population), sum(d.under_18) "
        "FROM lakana.admin_area a JOIN lakana.area_population p ON p.area_id = a.id AND p.year = 2022 "
        "JOIN lakana.area_within w ON w.ancestor_id = a.id JOIN lakana.demand_point d ON d.area_set_id = w.area_id "
        "GROUP BY 1, 2, 3"
    )
    assert len(rows) == 20 + 1 + 9 + 1
    for code, people, children, told_people, told_children in rows:
        if code in {"ML06", "ML09"}:  # only their towns are known to lie there
            assert told_people < people / 4
        else:
            assert (people, children) == (told_people, told_children)


def test_people_outside_the_towns_are_spread_evenly_over_the_cells_of_their_cercle(ask):
    rows = ask(
        "SELECT r.code, count(*), max(d.population) - min(d.population) FROM lakana.demand_point d "
        "JOIN lakana.admin_area r ON r.id = d.area_id WHERE d.locality_id IS NULL GROUP BY 1"
    )
    assert len(rows) == 49  # in Bamako's own all live in its town
    assert 2_900 < sum(cells for _, cells, _ in rows) < 3_200
    assert all(difference <= 1 for _, _, difference in rows)


def test_a_town_is_a_demand_point_of_the_same_people_where_it_is(ask):
    assert ask(
        "SELECT count(*) FROM lakana.locality l FULL JOIN lakana.demand_point d ON d.locality_id = l.id "
        "WHERE (l.population, l.area_id, ST_AsText(l.point)) "
        "IS NOT DISTINCT FROM (d.population, d.area_id, ST_AsText(d.point)) "
        "AND abs(l.under_18 - d.under_18) <= 1"  # a town's are rounded alone, those of points add up to the census
    ) == [77]


def test_towns(ask):
    assert ask("SELECT count(*), count(population) FROM lakana.locality") == [(94, 77)]
    assert ask(
        "SELECT count(*) FROM lakana.locality l WHERE NOT EXISTS "
        "(SELECT FROM lakana.locality_name n WHERE n.locality_id = l.id AND n.name = l.name_fr)"
    ) == [0]


def test_an_airport_is_no_spelling(ask):
    names = ask("SELECT name FROM lakana.locality_name")
    assert len(names) > 400
    assert [name for name in names if re.fullmatch("[A-Z]{3}", name)] == []
    assert {"San", "Bla", "Gao"} <= set(names)


@pytest.mark.parametrize(
    ("name", "area", "region"),
    [
        ("Kalaban Koro", "ML02", "ML02"),
        ("Zambla", "ML15", "ML15"),  # across the border, but registered in the cercle of Bougouni
        ("Mahina", "ML12", "ML12"),  # by its outline; the nearest placed town is in Kayes
        ("Niafunké", "ML06", "ML06"),  # no cercle of today bears the name of its former one
        ("Abdel Begrou", "ML14", "ML14"),  # its code says Bamako
        ("Figuira-Toma", "ML02", "ML02"),  # its code says Bamako
        ("Bamba", "ML0705", "ML07"),
        ("Bamako", "ML2001", "ML20"),
        ("Koro", "ML1902", "ML19"),
        ("Ménaka", "ML1001", "ML10"),
        ("Taoudénit", "ML0901", "ML09"),
        ("Kadiolo", "ML0302", "ML03"),
    ],
)
def test_a_town_lies_in_the_region_of_its_outline_or_of_its_register(ask, name, area, region):
    assert [row[:3] for row in ask(TOWN, name=name)] == [(name, area, region)]


def test_bamba_stands_on_the_niger(ask):
    ((*_, lon, lat),) = ask(TOWN, name="Bamba")
    assert -1.6 < lon < -1.2
    assert 16.9 < lat < 17.2


def test_names_are_mended(ask):
    names = dict(ask("SELECT scheme || ':' || code, name_fr FROM lakana.admin_area"))
    assert names["ISO-3166-2:ML-3"] == "Sikasso"
    assert names["COD-AB:ML1606"] == "Konséguéla"
    assert names["COD-AB:ML06"] == names["ISO-3166-2:ML-6"] == "Tombouctou"
    assert not [name for name in names.values() if name == "Wassoulou" or name != name.strip()]
    assert ask("SELECT name_fr, name_en FROM lakana.locality WHERE code = '2449067'") == [("Tombouctou", "Timbuktu")]
