"""What answers say they come from: everything that they were made of, and nothing that they were not."""

from __future__ import annotations

import pytest

from geo.audience import ANYBODY
from tests.writes.conftest import PLANNER, Desk

pytestmark = pytest.mark.database

CENSUS, MADE_UP, PLACES = "INSTAT, RGPH 1998–2022", "Lakana, données d’illustration", "GeoNames"
SHARED_OUT = "INSTAT, RGPH5 2022; INSTAT, DNP, OCHA: COD-PS Mali"
REFERRAL = """{ referralOptions(at: {lon: -5.66654, lat: 11.31755}, incidentType: OTHER) {
  sources { name } steps { step { guidance { name } } } } }"""


@pytest.fixture(scope="module")
def desk(copy_seeded):
    desk = Desk(copy_seeded())
    yield desk
    desk.close()


@pytest.mark.parametrize(
    ("document", "names"),
    [
        ("travelTimes(category: SAFE_SHELTER, mode: CAR)", {MADE_UP, PLACES}),
        ('hotspots(level: LOCALITY, period: "2025", neighbours: {nearest: 6})', {PLACES, MADE_UP}),
        ('hotspots(level: ADM1, period: "2025", neighbours: {nearest: 6})', {CENSUS, MADE_UP}),
        ("trainingCoverage(kind: CHILD_PROTECTION_OFFICER, within: {metres: 60000})", {PLACES, SHARED_OUT, MADE_UP}),
        ('trainingCoverage(kind: SCHOOL, within: {metres: 60000}, trainedSince: "2099-12-31")', {PLACES, SHARED_OUT}),
    ],
)
def test_children_counts_and_services_are_named(desk, document, names):
    # As a planner, for whom a computation on a busy machine may take 15 s.
    answer = desk.ask(PLANNER, f"{{ {document} {{ sources {{ name }} }} }}")
    assert {each["name"] for each in answer["sources"]} == names


def test_a_referral_names_its_services_and_each_step_its_text(desk):
    answer = desk.ask(ANYBODY, REFERRAL)
    assert [each["name"] for each in answer["sources"]] == [MADE_UP]
    assert all(each["step"]["guidance"]["name"] for each in answer["steps"])


def test_the_texts_of_pathways_are_no_source_of_records(desk):
    """A map would name laws and treaties that nothing on it comes from."""
    names = {each["name"] for each in desk.ask(ANYBODY, "{ sources { name } }")}
    texts = desk.rows("SELECT s.name FROM lakana.source s JOIN lakana.guidance g ON g.source_id = s.id")
    assert {CENSUS, MADE_UP, PLACES} <= names
    assert texts
    assert not names & {each.name for each in texts}
