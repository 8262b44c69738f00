"""What sites that are tried would change, beside the same changes made for good, and beside a saved scenario."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from geo.audience import ANYBODY
from tests.planning.test_scenarios import (
    FIGURES,
    NEAREST,
    PARTS,
    PLANNER,
    Expected,
    add,
    check,
    close,
    compare,
    made_for_good,
    move,
    read,
    sample,
    services,
)
from tests.writes.conftest import Desk

pytestmark = pytest.mark.database

TRIED = f"""query ($category: ServiceCategory!, $sites: [PointInput!]!, $closed: [ID!]!, $within: ReachInput!, $area: AreaCode, $level: AreaLevel) {{
  sitesTried(category: $category, sites: $sites, closedIds: $closed, within: $within, areaCode: $area, level: $level) {{
    basis reachMetres confidentialLeftOut dataAsOf {{ services population incidents loadedOn }} sources {{ name }}
    assumptions total {FIGURES} areas {FIGURES} }} }}"""


@pytest.fixture(scope="module")
def desk(copy_seeded) -> Iterator[Desk]:
    made = Desk(copy_seeded())
    yield made
    made.close()


def tried(desk: Desk, changes: list[dict[str, Any]], category: str = "SAFE_SHELTER", by=ANYBODY, **more: Any) -> Any:
    """Ask for changes as a scenario has them: to move a service is to close it and to add a site."""
    given = [(kind, each) for change in changes for kind, each in change.items()]
    sites = [each["point"] for _, each in given if "point" in each]
    closed = [each["serviceId"] for _, each in given if "serviceId" in each]
    within = {"within": {"metres": 30_000}} | more
    return desk.ask(by, TRIED, category=category, sites=sites, closed=closed, **within)


@pytest.mark.parametrize("seed", range(4))
def test_a_trial_is_what_the_changes_would_bring_for_good(desk: Desk, seed: int):
    category, changes = sample(desk, seed)
    metres, level = (5_000.0, 30_000.0, 120_000.0)[seed % 3], (None, 2)[seed % 2]
    [whole] = desk.rows("SELECT lakana.home_area()::text")[0]
    before, after = read(desk, NEAREST, category), made_for_good(desk, category, changes)
    answer = tried(desk, changes, category, within={"metres": metres}, level=level and f"ADM{level}")
    expected = Expected(desk, before, after, metres).by_part(whole, {row[0] for row in desk.rows(PARTS[level], whole)})
    check(answer["total"], expected.pop(""))
    assert {each["area"]["id"] for each in answer["areas"]} == set(expected)
    for each in answer["areas"]:
        check(each, expected[each["area"]["id"]])


def test_a_trial_is_what_the_scenario_says_once_it_is_saved(desk: Desk):
    changes = [
        add(-5.76667, 10.55),
        close(services(desk, "SAFE_SHELTER")[0]),
        move(services(desk, "SAFE_SHELTER")[1], -8, 13),
    ]
    saved = desk.done(PLANNER, "createScenario", name="Essai", category="SAFE_SHELTER", changes=changes)["id"]
    [outcome] = compare(desk, saved)["scenarios"]
    answer = tried(desk, changes)
    assert (answer["total"], answer["areas"]) == (outcome["total"], outcome["areas"])
    assert tried(desk, changes, by=PLANNER) == answer
    assert answer["sources"]
    assert answer["assumptions"]


def test_one_more_shelter_at_kadiolo(desk: Desk):
    answer = tried(desk, [add(-5.76667, 10.55)], area="COD-AB:ML03")
    total = answer["total"]
    assert total["newlyCoveredUnder18"] > 20_000
    assert total["lostUnder18"] == 0
    assert total["coveredUnder18"] == total["coveredBeforeUnder18"] + total["newlyCoveredUnder18"]


def test_nothing_tried_changes_nothing(desk: Desk):
    total = tried(desk, [])["total"]
    assert (total["netUnder18"], total["newlyCoveredUnder18"], total["lostUnder18"]) == (0, 0, 0)


@pytest.mark.parametrize(
    "which", ["confidential AND category = 'SAFE_SHELTER'", "NOT confidential AND category = 'LEGAL_AID'"]
)
def test_a_confidential_service_or_one_of_another_category_changes_nothing(desk: Desk, which: str):
    [hidden] = desk.rows(f"SELECT id::text FROM lakana.service WHERE {which} ORDER BY id LIMIT 1")[0]
    nobody = "00000000-0000-4000-8000-000000000000"
    assert tried(desk, [close(hidden)]) == tried(desk, [close(nobody)]) == tried(desk, [])


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ([add(-8, 13)] * 51, "sites: 51 are given; give at most 50."),
        ([close("00000000-0000-4000-8000-000000000000")] * 51, "closedIds: 51 are given; give at most 50."),
        ([close("x")], "closedIds.0: not an id"),
        ([add(-8, 91)], "sites.0.lat: "),
    ],
)
def test_what_is_not_good_is_refused(desk: Desk, changes, problem):
    with pytest.raises(AssertionError, match=problem):
        tried(desk, changes)
    assert tried(desk, [add(-8, 13)] * 50)["total"]
