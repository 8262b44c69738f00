"""Times of travel: the settings, their sources, and how far one comes with them."""

from __future__ import annotations

import os
import subprocess
from typing import Any

import pytest

from geo.errors import BadInput
from geo.vocabulary import Season, TravelMode
from geo.writes import travel_estimates
from geo.writes.travel_estimates import Setting
from tests.served import LAKANA

LIST = "{ travelEstimates { mode season speedKilometresPerHour detour reference } }"
REACHED = """query ($mode: TravelMode!, $season: Season, $minutes: Float!) {
  coverage(need: {categories: [MEDICAL]}, within: {travel: {mode: $mode, minutes: $minutes, season: $season}}) {
    basis reachMetres total { coveredUnder18 } } }"""
GOOD: dict[str, Any] = {
    "mode": TravelMode.CAR,
    "season": Season.DRY,
    "speed_km_h": 45.0,
    "detour": 1.3,
    "source": "Enquête 2026",
}


@pytest.mark.database
def test_every_mode_and_season_has_a_setting_with_its_source(ask):
    found = ask(LIST)["data"]["travelEstimates"]
    assert [(each["mode"], each["season"]) for each in found] == [
        (mode, season) for mode in ("WALK", "MOTORCYCLE", "CAR") for season in ("DRY", "RAINY")
    ]
    for each in found:
        assert 0 < each["speedKilometresPerHour"] <= 200
        assert 1 <= each["detour"] <= 5
        assert "20" in each["reference"] or "19" in each["reference"]
    dry = {each["mode"]: each["speedKilometresPerHour"] for each in found if each["season"] == "DRY"}
    rainy = {each["mode"]: each["speedKilometresPerHour"] for each in found if each["season"] == "RAINY"}
    assert all(rainy[mode] < dry[mode] for mode in dry)


@pytest.mark.database
@pytest.mark.parametrize("season", ["DRY", "RAINY", None])
@pytest.mark.parametrize("mode", ["WALK", "MOTORCYCLE", "CAR"])
def test_a_time_is_the_distance_of_the_formula(ask, mode, season):
    [setting] = [
        each
        for each in ask(LIST)["data"]["travelEstimates"]
        if (each["mode"], each["season"]) == (mode, season or "DRY")
    ]
    found = ask(REACHED, mode=mode, minutes=90.0, **({"season": season} if season else {}))["data"]["coverage"]
    expected = 90 / 60 * setting["speedKilometresPerHour"] * 1000 / setting["detour"]
    assert found["reachMetres"] == pytest.approx(expected, rel=1e-12)
    assert found["basis"] == "ESTIMATE"
    straight = ask(
        "query ($m: Float!) { coverage(need: {categories: [MEDICAL]}, within: {metres: $m}) { total { coveredUnder18 } } }",
        m=found["reachMetres"],
    )["data"]["coverage"]
    assert found["total"] == straight["total"]


@pytest.mark.database
@pytest.mark.parametrize("minutes", [0.001, 10_080.0])
def test_the_shortest_and_the_longest_time_are_answered(ask, minutes):
    assert ask(REACHED, mode="WALK", season="RAINY", minutes=minutes)["data"]["coverage"]["reachMetres"] > 0


@pytest.mark.database
@pytest.mark.parametrize("minutes", [-1.0, 0.0, 5e-324, 0.000_999, 10_080.1])
def test_a_time_out_of_bounds_is_refused(ask, minutes):
    [error] = ask(REACHED, mode="WALK", minutes=minutes)["errors"]
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("BAD_USER_INPUT", "within.travel.minutes")


@pytest.mark.database
def test_a_time_reaches_as_far_as_any_threshold_may_and_no_farther(ask):
    [car] = [each for each in ask(LIST)["data"]["travelEstimates"] if (each["mode"], each["season"]) == ("CAR", "DRY")]
    most = 1_000 * 60 * car["detour"] / car["speedKilometresPerHour"]
    found = ask(REACHED, mode="CAR", minutes=most - 1e-9)["data"]["coverage"]
    assert found["reachMetres"] == pytest.approx(1_000_000, abs=0.001)
    [error] = ask(REACHED, mode="CAR", minutes=most + 0.01)["errors"]
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("BAD_USER_INPUT", "within.travel.minutes")
    assert "at most 1,000 can be asked for; give fewer minutes." in error["message"]


@pytest.mark.database
def test_an_operator_changes_a_setting(copy_seeded):
    url = copy_seeded()
    before = {(each.mode, each.season): each for each in travel_estimates.listed(url)}
    travel_estimates.change(url, Setting(**GOOD))
    after = {(each.mode, each.season): each for each in travel_estimates.listed(url)}
    changed = after.pop((TravelMode.CAR, Season.DRY))
    before.pop((TravelMode.CAR, Season.DRY))
    assert after == before
    assert (changed.speed_km_h, changed.detour, changed.source) == (45.0, 1.3, "Enquête 2026")


@pytest.mark.database
def test_the_command_sets_and_lists(copy_seeded):
    environment = {**os.environ, "LAKANA_DATABASE_URL": copy_seeded()}

    def run(*words):
        return subprocess.run([*LAKANA, "travel", *words], check=False, capture_output=True, text=True, env=environment)

    done = run("set", "car", "dry", "--speed", "45", "--detour", "1.3", "--source", "Enquête 2026")
    assert (done.returncode, done.stdout) == (0, "CAR DRY: 45 km/h, detour 1.3\n")
    assert "CAR         DRY    45 km/h  × 1.3  Enquête 2026" in run("list").stdout
    wrong = run("set", "bus", "dry", "--speed", "45", "--detour", "1.3", "--source", "x")
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("lakana: mode: choose one of WALK, MOTORCYCLE, CAR.")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"speed_km_h": 0.0}, "speed"),
        ({"speed_km_h": 200.1}, "speed"),
        ({"speed_km_h": float("nan")}, "speed"),
        ({"detour": 0.99}, "detour"),
        ({"detour": 5.01}, "detour"),
        ({"source": " "}, "source"),
    ],
)
def test_a_setting_out_of_bounds_is_refused(change, field):
    with pytest.raises(BadInput) as refused:
        Setting(**(GOOD | change))
    assert refused.value.field == field


def test_the_bounds_themselves_are_accepted():
    assert Setting(**(GOOD | {"speed_km_h": 200.0, "detour": 1.0}))
    assert Setting(**(GOOD | {"detour": 5.0}))
