"""Response pathways: every type has one, each step rests on a text, trafficking and smuggling are told apart."""

from __future__ import annotations

import pytest

from geo.audience import ANYBODY
from geo.database.owner import owner_transaction
from geo.vocabulary import STAGES, IncidentType, ServiceCategory, Stage
from tests.mali import table
from tests.writes.conftest import Desk

pytestmark = pytest.mark.database

PATHWAY = """query ($type: IncidentType!, $language: Language) { responsePathway(incidentType: $type) {
  incidentType incidentTypeLabel(language: $language) reviewedOn assumptions(language: $language)
  stages { stage stageLabel(language: $language) steps {
    stage position category categoryLabel(language: $language) kinds byMandate reportTo reportToLabel(language: $language)
    whatToDo(language: $language) guidance { name article url year binding note(language: $language) } } } } }"""


@pytest.fixture(scope="module")
def desk(copy_seeded):
    desk = Desk(copy_seeded())
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def pathways(desk):
    return {each: desk.ask(ANYBODY, PATHWAY, type=each.name) for each in IncidentType}


def steps(pathway):
    return [step for stage in pathway["stages"] for step in stage["steps"]]


@pytest.mark.parametrize("incident_type", IncidentType)
def test_every_type_has_the_three_stages_in_their_order(pathways, incident_type):
    pathway = pathways[incident_type]
    assert pathway["incidentType"] == incident_type.name
    assert [each["stage"] for each in pathway["stages"]] == [each.name for each in Stage]
    for stage in pathway["stages"]:
        assert [each["position"] for each in stage["steps"]] == list(range(1, len(stage["steps"]) + 1))
        for step in stage["steps"]:
            assert step["stage"] == stage["stage"]
            assert STAGES[ServiceCategory[step["category"]]] is Stage[stage["stage"]]


@pytest.mark.parametrize("incident_type", IncidentType)
def test_every_step_says_what_to_do_who_does_it_and_by_what_text(pathways, incident_type):
    for step in steps(pathways[incident_type]):
        assert len(step["whatToDo"]) > 40
        assert step["kinds"]
        assert step["guidance"]["name"]
        assert 1989 <= step["guidance"]["year"] <= 2026
        assert (step["reportTo"] is None) == (step["reportToLabel"] is None)


@pytest.mark.parametrize("incident_type", IncidentType)
def test_a_child_in_danger_is_reported_to_a_child_protection_officer_first(pathways, incident_type):
    first = steps(pathways[incident_type])[0]
    assert first["reportTo"] == "CHILD_PROTECTION_OFFICER"
    assert "02-062" in first["guidance"]["name"]


def test_trafficking_and_smuggling_are_two_pathways(pathways):
    trafficking, smuggling = (steps(pathways[each]) for each in (IncidentType.TRAFFICKING, IncidentType.SMUGGLING))
    words = [{step["whatToDo"] for step in each} for each in (trafficking, smuggling)]
    assert len(words[0] & words[1]) <= 2  # the duty to report, and urgent care
    cited = [{(s["guidance"]["name"], s["guidance"]["article"]) for s in each} for each in (trafficking, smuggling)]
    assert any("traite des personnes, en particulier" in name for name, _ in cited[0] - cited[1])
    assert {("Nations Unies : Protocole contre le trafic illicite de migrants par terre, air et mer", "art. 5")} <= (
        cited[1] - cited[0]
    )
    assert any("n’est pas poursuivi" in step["whatToDo"] for step in smuggling)
    assert "NATIONAL_COMMITTEE" in {step["reportTo"] for step in trafficking}


def test_the_words_are_those_of_the_language(desk, pathways):
    french = pathways[IncidentType.TRAFFICKING]
    english, bambara = (desk.ask(ANYBODY, PATHWAY, type="TRAFFICKING", language=each) for each in ("en", "bm"))
    for fr, en, bm in zip(steps(french), steps(english), steps(bambara), strict=True):
        assert fr["whatToDo"] != en["whatToDo"]
        assert bm["whatToDo"] == fr["whatToDo"]
    assert english["stages"][1]["stageLabel"] == "Referral"
    assert french["stages"][1]["stageLabel"] == "Orientation"
    assert english["assumptions"] != french["assumptions"] == bambara["assumptions"]


def test_a_text_that_may_have_been_replaced_says_so(pathways):
    notes = {each["guidance"]["name"]: each["guidance"]["note"] for p in pathways.values() for each in steps(p)}
    assert "comité national" in next(note for name, note in notes.items() if "2012-023" in name)
    assert sum(note is None for note in notes.values()) > 5


def test_every_text_is_cited():
    assert {each["key"] for each in table("guidance.csv")} == {each["source"] for each in table("pathways.csv")}


def test_a_type_without_a_pathway_is_not_found(desk):
    with owner_transaction(desk.url) as connection:
        connection.exec_driver_sql(
            "CREATE TABLE kept AS SELECT * FROM lakana.pathway_step WHERE incident_type = 'OTHER'"
        )
        connection.exec_driver_sql("DELETE FROM lakana.pathway_step WHERE incident_type = 'OTHER'")
    try:
        answer = desk.response(ANYBODY, PATHWAY, type="OTHER")
        assert answer == {"data": {"responsePathway": None}}
        assert desk.ask(ANYBODY, COVERAGE, need={"pathway": "OTHER"}, metres=1_000_000)["total"]["coveredUnder18"] == 0
    finally:
        with owner_transaction(desk.url) as connection:
            connection.exec_driver_sql("INSERT INTO lakana.pathway_step SELECT * FROM kept")
            connection.exec_driver_sql("DROP TABLE kept")


COVERAGE = """query ($need: NeedInput!, $metres: Float!) { coverage(need: $need, within: {metres: $metres}) {
  total { populationUnder18 coveredUnder18 } areas { area { code } coveredUnder18 } sources { name } dataAsOf { services population incidents loadedOn } } }"""


@pytest.mark.parametrize("incident_type", [IncidentType.TRAFFICKING, IncidentType.SMUGGLING, IncidentType.OTHER])
@pytest.mark.parametrize("metres", [60_000, 200_000])
def test_a_whole_pathway_is_within_reach_where_each_of_its_categories_is(desk, pathways, incident_type, metres):
    needed = sorted({step["category"] for step in steps(pathways[incident_type])})
    whole, named = (
        desk.ask(ANYBODY, COVERAGE, need=need, metres=metres)
        for need in ({"pathway": incident_type.name}, {"categories": needed})
    )
    assert whole == named
    assert 0 < whole["total"]["coveredUnder18"] < whole["total"]["populationUnder18"]
