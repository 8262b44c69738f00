"""Siting in Velaa: candidates and demand on both sides of the antimeridian."""

from __future__ import annotations

import pytest

from tests.planning.test_siting import (
    ask,
    desk,
    ids,
    test_the_figures_are_those_of_the_tables,
    test_no_other_two_sites_of_a_region_do_better,
    test_coverage_agrees_when_the_site_is_built,
    test_the_same_question_gets_the_same_answer,
    test_the_median_and_the_centre_agree_with_the_distances_of_the_database,
    test_candidates_may_be_those_of_a_part,
    test_a_time_of_travel_is_an_estimate_and_says_so,
    test_only_planners_ask,
)

pytestmark = pytest.mark.database
BOTH_SIDES = [
    [[[179, -17], [180, -17], [180, -16], [179, -16], [179, -17]]],
    [[[-180, -17], [-179, -17], [-179, -16], [-180, -16], [-180, -17]]],
]


def test_what_is_excluded_may_lie_on_both_sides_of_the_antimeridian(desk):
    kept = ask(desk, siteCount=5, exclude={"type": "MultiPolygon", "coordinates": BOTH_SIDES})
    inside = {code for (code,) in desk.rows("SELECT id::text FROM lakana.locality WHERE code ~ '^XV1[23]'")}
    assert kept["excludedCandidateCount"] == len(inside) == 50
    assert not inside & {*ids(kept)}


def test_a_site_by_the_antimeridian_serves_both_of_its_sides(desk):
    """Of a point at 180° the nearest places are the last of one side and the first of the other."""
    candidates = {"points": [{"lon": 180, "lat": -16.5}]}
    answer = ask(desk, candidates=candidates, siteCount=1, category="OTHER", within={"metres": 20_000})
    served = "SELECT sum(d.under_18) FROM lakana.demand_point d WHERE ST_Distance(d.point, ST_Point(180, -16.5)::geography) <= 20000"
    sides = "SELECT count(DISTINCT sign(ST_X(d.point::geometry))) FROM lakana.demand_point d WHERE ST_Distance(d.point, ST_Point(180, -16.5)::geography) <= 20000"
    assert desk.one(sides) == 2
    assert answer["coveredAfterUnder18"] - answer["coveredBeforeUnder18"] == desk.one(served)
