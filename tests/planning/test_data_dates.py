"""Of when the data are that an answer rests on: the dates of a small country set by hand, and those of the seeds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from api.graphql.compile.readings import One, reading
from api.graphql.schema import compiled_schema
from tests.planning.answers import answer

pytestmark = pytest.mark.database

DATES = "dataAsOf { services population incidents loadedOn }"
COVERAGE = f"""query ($need: NeedInput!, $area: AreaCode) {{
  coverage(need: $need, within: {{metres: 1000}}, areaCode: $area) {{ {DATES} }} }}"""
EARLY, LATE = dt.date(2024, 3, 1), dt.date(2025, 6, 30)
ASKED = {
    "coverage(need: {categories: [MEDICAL]}, within: {metres: 30000})": None,
    "coverage(need: {pathway: TRAFFICKING}, within: {travel: {mode: CAR, minutes: 60}})": None,
    "coverageCurve(need: {stage: SUPPORT})": None,
    "localityCoverage(need: {categories: [MEDICAL]}, within: {metres: 30000})": None,
    "coverageGaps(need: {categories: [MEDICAL]}, within: {metres: 30000})": "2025",
    "gapAreas(category: MEDICAL, within: {metres: 30000})": None,
    "travelTimes(category: MEDICAL, mode: CAR)": None,
}


def dates(country, *categories, area="T:N"):
    found = answer(country.connection, COVERAGE, need={"categories": [*categories]}, area=area)
    return found["dataAsOf"]


def verify(country, service, day):
    country.run("UPDATE lakana.service SET verified_on = :day WHERE id::text = :id", day=day, id=service)


def test_services_are_of_the_latest_day_on_which_one_that_counts_was_verified(country):
    assert dates(country, "MEDICAL")["services"] is None
    early = country.serve("MEDICAL", 0.001)
    assert dates(country, "MEDICAL")["services"] is None
    verify(country, early, EARLY)
    verify(country, country.serve("LEGAL_AID", 0.002), LATE)
    assert dates(country, "MEDICAL")["services"] == str(EARLY)
    assert dates(country, "MEDICAL", "LEGAL_AID")["services"] == str(LATE)


def test_what_has_no_distance_dates_nothing(country):
    country.divide()
    verify(country, country.serve("MEDICAL", 0.001), EARLY)
    country.hide("MEDICAL", country.east, 0.03, verified_on=LATE)
    assert dates(country, "MEDICAL")["services"] == str(EARLY)


def test_the_census_is_the_latest_of_the_areas_of_the_nation(country):
    assert dates(country, "MEDICAL")["population"] == "2022-01-01", "that of its localities"
    country.people(country.west, 300, 2009)
    assert dates(country, "MEDICAL")["population"] == "2009-01-01"
    country.people(country.nation, 400, 2015)
    assert {dates(country, "MEDICAL", area=code)["population"] for code in ("T:N", "T:A", "T:AA")} == {"2015-01-01"}


def test_a_nation_has_its_own_census_in_a_list_as_well(country):
    other = country.area("M", 0)
    country.people(country.nation, 400, 2015)
    country.people(other, 90, 2019)
    assert dates(country, "MEDICAL")["population"] == "2015-01-01"
    assert dates(country, "MEDICAL", area="T:M")["population"] == "2019-01-01"
    for code, census in (("N", "2015-01-01"), ("M", "2019-01-01")):
        within = f'within: {{metres: 1}}, areaCode: "T:{code}"'
        listed = f"{{ localityCoverage(need: {{categories: [MEDICAL]}}, {within}) {{ {DATES} }} }}"
        assert answer(country.connection, listed)["dataAsOf"]["population"] == census


def test_where_nobody_was_counted_there_is_no_census(country):
    country.area("M", 0)
    assert dates(country, "MEDICAL", area="T:M")["population"] is None


@pytest.mark.parametrize("asked", ASKED)
def test_answers_are_of_the_day_of_their_data_and_not_of_the_installation(ask, asked):
    answered = ask(f"{{ {asked} {{ {DATES} }} }}")
    assert "errors" not in answered
    [found] = answered["data"].values()
    told = found["dataAsOf"]
    assert (told["population"], told["incidents"]) == ("2022-01-01", ASKED[asked])
    assert told["services"] < told["loadedOn"]


def test_counts_are_of_the_period_that_was_used_and_not_of_a_later_release(ask):
    asked = [
        ("trends(level: ADM0)", "2025-Q4"),
        ('trends(level: ADM0, fromPeriod: "2024-Q1", toPeriod: "2024-Q3")', "2024-Q3"),
        ('trends(level: ADM0, fromPeriod: "2030-Q1", toPeriod: "2030-Q3")', None),
        ('hotspots(level: ADM1, period: "2024-Q2")', "2024-Q2"),
    ]
    for question, period in asked:
        [found] = ask(f"{{ {question} {{ {DATES} }} }}")["data"].values()
        assert found["dataAsOf"]["incidents"] == period, question
        assert found["dataAsOf"]["services"] is None


def test_one_name_is_one_type_and_it_is_priced():
    schema = compiled_schema()
    types: dict[str, Any] = dict(schema.type_map)
    fields = {
        name: kind.fields["dataAsOf"] for name, kind in types.items() if "dataAsOf" in getattr(kind, "fields", {})
    }
    assert len(fields) >= 11
    assert {str(each.type).rstrip("!") for each in fields.values()} == {"DataDates"}
    assert all(isinstance(reading(each), One) for each in fields.values())
