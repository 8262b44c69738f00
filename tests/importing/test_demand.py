"""Demand points for any country: localities, cells of a grid, and the rest of an area spread over hexagons."""

from __future__ import annotations

import datetime as dt

import pytest

from seeds.troubles import RowTrouble
from tests.importing.country import counts, troubles

pytestmark = pytest.mark.database

PEOPLE = "code,total,under_18\nXX0101,100000,50001\nXX0102,60000,30000\nXX0201,1000,500\nXX0202,0,0\n"
TOWNS = (
    "name,lat,lon,code,population,under_18,population_year\nKaya,11.5,0.5,1,40000,20000,2020\nKita,10.5,0.5,2,3000,1500,2020\n"
    "Bla,10.6,0.5,3,1000,500,2020\nSan,11.5,1.5,4,,,\n"
)
POINTS = (
    "SELECT a.code, count(*), count(d.locality_id), sum(d.population), sum(d.under_18), coalesce(sum(d.population) FILTER (WHERE locality_id IS NOT NULL), 0) "
    "FROM lakana.demand_point d JOIN lakana.area_within w ON w.area_id = d.area_set_id JOIN lakana.admin_area a ON a.id = w.ancestor_id "
    "WHERE a.level = 2 GROUP BY a.code ORDER BY 1"
)
YEAR = {"as_of": dt.date(2022, 1, 1)}


def test_localities_hold_their_people_and_hexagons_the_rest_so_that_each_area_adds_up(made_up_country):
    report = made_up_country.load("population", PEOPLE, **YEAR)
    assert troubles(report)[RowTrouble.DEMAND_MADE].values["people"] == 161_000
    spread = made_up_country.ask(POINTS)
    assert [row[0] for row in spread] == ["XX0101", "XX0102", "XX0201"]  # of an area without people none
    assert all(20 < row[1] < 40 and row[2] == 0 for row in spread)  # 12,000 km² each, 406 km² a hexagon
    report = made_up_country.load("localities", TOWNS, scheme="L")
    assert troubles(report)[RowTrouble.DEMAND_MADE].values["localities"] == 3
    rows = {row[0]: row[1:] for row in made_up_country.ask(POINTS)}
    assert rows["XX0101"][1:] == (1, 100000, 50001, 40000)
    assert rows["XX0201"] == (2, 2, 1000, 500, 1000)  # its localities would hold more than live there
    assert made_up_country.ask(
        "SELECT d.population FROM lakana.demand_point d JOIN lakana.locality l ON l.id = d.locality_id WHERE l.code = '2'"
    ) == [750]
    before = made_up_country.ask("SELECT id, population FROM lakana.demand_point ORDER BY 1")
    assert counts(made_up_country.load("localities", TOWNS, scheme="L")) == (0, 0, 4, 0)
    made_up_country.load("population", PEOPLE.replace("60000,30000", "60001,30000"), **YEAR)
    after = made_up_country.ask("SELECT id, population FROM lakana.demand_point ORDER BY 1")
    assert [each for each, _ in before] == [each for each, _ in after]
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


def test_a_grid_tells_where_the_rest_lives_and_a_town_holds_its_own_cells(made_up_country):
    made_up_country.load("population", PEOPLE, **YEAR)
    made_up_country.load("localities", TOWNS, scheme="L")
    grid = "lon,lat,people\n0.5,11.501,30000\n0.2,11.2,300\n0.8,11.8,100\n5,5,7\n0.3,11.3,0\n"
    report = made_up_country.load("grid", grid)
    assert (counts(report), report.left_out) == ((3, 0, 0, 0), 1)
    assert RowTrouble.CELL_OUTSIDE in troubles(report)
    cells = made_up_country.ask(
        "SELECT ST_X(d.point::geometry)::float, population FROM lakana.demand_point d JOIN lakana.admin_area a ON a.id = d.area_id "
        "WHERE a.code = 'XX0101' AND locality_id IS NULL ORDER BY 1"
    )
    assert cells == [(0.2, 45000), (0.8, 15000)]  # 60,000 live outside of Kaya, whose own cell is the town
    assert counts(made_up_country.load("grid", grid)) == (0, 0, 3, 0)
    made_up_country.load("grid", "lon,lat,people\n0.2,11.2,300\n")
    assert made_up_country.ask("SELECT count(*) FROM lakana.population_cell") == [1]


def test_without_numbers_of_areas_localities_hold_what_they_say(made_up_country):
    made_up_country.load("localities", TOWNS, scheme="L")
    assert made_up_country.ask("SELECT population, under_18 FROM lakana.demand_point ORDER BY 1") == [
        (1000, 500),
        (3000, 1500),
        (40000, 20000),
    ]


def test_points_that_a_pack_has_made_stay(made_up_country):
    made_up_country.load("population", PEOPLE, **YEAR)
    made_up_country.run("DELETE FROM lakana.demand_nation")
    report = made_up_country.load("localities", TOWNS, scheme="L")
    assert RowTrouble.DEMAND_MADE not in troubles(report)
    assert made_up_country.ask("SELECT count(*) FROM lakana.demand_point WHERE locality_id IS NOT NULL") == [0]


def test_coverage_gaps_and_counts_of_people_work_on_it(made_up_country):
    made_up_country.load("population", PEOPLE, **YEAR)
    made_up_country.load("localities", TOWNS, scheme="L")
    made_up_country.load("services", "name,category,lat,lon\nKaya CSCOM,CSCOM,11.5,0.5\n")
    asked = """{ coverage(need: {categories: [MEDICAL]}, within: {metres: 5000}) { total { populationUnder18 coveredUnder18 } }
      coverageGaps(need: {categories: [MEDICAL]}, within: {metres: 5000}) { edges { node { locality { name } uncoveredUnder18 } } } }"""
    [answer] = made_up_country.answers((asked, {}))
    assert answer["coverage"]["total"]["populationUnder18"] == 80501
    assert answer["coverage"]["total"]["coveredUnder18"] in (20000, 20001)  # of 50,001 children in 100,000 people
    gaps = [
        (each["node"]["locality"]["name"], each["node"]["uncoveredUnder18"]) for each in answer["coverageGaps"]["edges"]
    ]
    assert gaps == [("Kita", 375), ("Bla", 125)]
