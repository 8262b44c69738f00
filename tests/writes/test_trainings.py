"""Trainings are recorded whole or not at all, by stewards, and how many took part is read back by nobody."""

from __future__ import annotations

import json

import pytest

from api.graphql.compile.response import Refused
from geo.release.publish import release
from tests.conftest import RELEASE_KEY
from tests.writes.conftest import PLANNER, STEWARD

pytestmark = pytest.mark.database

UNKNOWN = "00000000-0000-4000-8000-000000000000"
SEEN = """query ($id: ID!) { node(id: $id) { ... on TrainingEvent { name programme startsOn endsOn incidentTypes participantKinds
  participants { kind count } organizers { id } trainedActors { totalCount edges { node { id } } } locality { id } source { illustrative } } } }"""
TABLES = ("lakana.training_event", "lakana.training_organizer", "lakana.trained_actor", "raw.training_participants")


@pytest.fixture
def ids(desk):
    [actor] = desk.rows("SELECT id::text FROM lakana.actor WHERE kind = 'SCHOOL' ORDER BY id LIMIT 1")[0]
    [other] = desk.rows("SELECT id::text FROM lakana.actor WHERE kind = 'DONOR' ORDER BY id LIMIT 1")[0]
    [organization] = desk.rows("SELECT id::text FROM lakana.organization WHERE acronym = 'UNICEF'")[0]
    [locality] = desk.rows("SELECT id::text FROM lakana.locality ORDER BY code LIMIT 1")[0]
    return {"actor": actor, "other": other, "organization": organization, "locality": locality}


def training(ids, **more):
    return {
        "name": "Repérer la traite à l’école",
        "startsOn": "2026-02-02",
        "endsOn": "2026-02-03",
        "participants": [{"kind": "SCHOOL", "people": 13}, {"kind": "NGO"}],
        "incidentTypes": ["TRAFFICKING"],
        "organizerIds": [ids["organization"]],
        "trainedActorIds": [ids["actor"]],
        "programme": "Essai",
        "localityId": ids["locality"],
    } | more


def rows(desk):
    return [desk.one(f"SELECT count(*) FROM {table}") for table in TABLES]


def test_a_training_is_recorded_with_all_that_hangs_on_it(desk, ids):
    before = rows(desk)
    done = desk.done(STEWARD, "recordTraining", "training-1", **training(ids))
    assert [after - former for former, after in zip(before, rows(desk), strict=True)] == [1, 1, 1, 1]
    seen = desk.ask(STEWARD, SEEN, id=done["id"])
    assert seen["participantKinds"] == ["SCHOOL", "NGO"]
    assert (seen["incidentTypes"], seen["programme"]) == (["TRAFFICKING"], "Essai")
    assert seen["organizers"] == [{"id": ids["organization"]}]
    assert seen["trainedActors"] == {"totalCount": 1, "edges": [{"node": {"id": ids["actor"]}}]}
    assert (seen["locality"]["id"], seen["source"]["illustrative"]) == (ids["locality"], False)
    assert seen["participants"] == []
    assert desk.done(STEWARD, "recordTraining", "training-1", **training(ids))["replayed"]
    release(desk.url, RELEASE_KEY)
    assert [each["kind"] for each in desk.ask(STEWARD, SEEN, id=done["id"])["participants"]] == ["SCHOOL"]


def test_the_log_tells_the_training_and_not_how_many(desk, ids):
    done = desk.done(STEWARD, "recordTraining", **training(ids, name="Une formation au journal"))
    told = desk.rows(
        "SELECT subject, after::text FROM audit.entry WHERE subject_id IN (%s, %s)", done["id"], ids["actor"]
    )
    assert {"training_event", "trained_actor", "training_participants"} <= {row[0] for row in told}
    assert "Une formation au journal" in " ".join(row[1] or "" for row in told)
    [counted] = [json.loads(row[1]) for row in told if row[0] == "training_participants"]
    assert counted == {"kind": "SCHOOL", "training_event_id": done["id"]}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"endsOn": "2026-02-01"}, "endsOn"),
        ({"startsOn": "1989-12-31"}, "endsOn"),
        ({"endsOn": "2027-02-04"}, "endsOn"),
        ({"participants": []}, "participants"),
        ({"participants": [{"kind": "SCHOOL"}, {"kind": "SCHOOL", "people": 2}]}, "participants"),
        ({"participants": [{"kind": "SCHOOL", "people": 0}]}, "participants.0.people"),
        ({"participants": [{"kind": "SCHOOL", "people": 10_001}]}, "participants.0.people"),
        ({"incidentTypes": ["OTHER", "OTHER"]}, "incidentTypes"),
        ({"organizerIds": [UNKNOWN]}, "organizerIds.0"),
        ({"organizerIds": ["x"]}, "organizerIds.0"),
        ({"organizerIds": [UNKNOWN] * 2}, "organizerIds"),
        ({"trainedActorIds": [UNKNOWN]}, "trainedActorIds.0"),
        ({"localityId": UNKNOWN}, "localityId"),
    ],
)
def test_what_does_not_fit_leaves_nothing(desk, ids, change, field):
    before = rows(desk)
    result = desk.write(STEWARD, "recordTraining", **training(ids, **change))
    assert (result["__typename"], result["field"]) == ("ValidationError", field)
    assert rows(desk) == before


def test_an_actor_is_of_a_kind_that_took_part(desk, ids):
    before = rows(desk)
    result = desk.write(STEWARD, "recordTraining", **training(ids, trainedActorIds=[ids["actor"], ids["other"]]))
    assert result["field"] == "trainedActorIds.1"
    assert rows(desk) == before


def test_the_bounds_are_inclusive(desk, ids):
    desk.done(
        STEWARD, "recordTraining",
        **training(ids, startsOn="1990-01-01", endsOn="1991-01-02", participants=[{"kind": "SCHOOL", "people": 1}]),
    )  # fmt: skip


def test_a_trained_actor_counts_at_once(desk, ids):
    asked = "{ trainingCoverage(kind: DONOR, within: {metres: 1000000}) { trainedActorCount coveredPercent } }"
    assert desk.ask(STEWARD, asked) == {"trainedActorCount": 0, "coveredPercent": 0}
    only = training(ids, participants=[{"kind": "DONOR"}], trainedActorIds=[ids["other"]])
    desk.done(STEWARD, "recordTraining", **only)
    answer = desk.ask(STEWARD, asked)
    assert answer["trainedActorCount"] == 1
    assert answer["coveredPercent"] > 50


def test_others_may_not(desk, ids):
    with pytest.raises(Refused):
        desk.write(PLANNER, "recordTraining", **training(ids))
