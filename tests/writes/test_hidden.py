"""A shelter that was public and becomes confidential is another one, and nothing that is kept leads to it."""

from __future__ import annotations

import asyncio
import json

import pytest

from api.background.midnight import telling
from api.graphql.compile.response import Refused
from api.graphql.schema import compiled_schema
from geo import audit
from geo.audience import Audience
from geo.writes.midnight import tell_places
from tests.writes.conftest import CUSTODIAN, PLANNER, SECOND, STEWARD
from tests.writes.hiding import GATE, HIDE, NEUTRAL, PLACE, hide, shelter, whole_log

pytestmark = pytest.mark.database

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
OF = "query ($id: ID!) { auditEntries(subjectId: $id) { edges { node { subjectKind action before after } } } }"


def nothing(desk, caller, one):
    return desk.response(caller, NODE, id=one)["data"] == {"node": None}


@pytest.fixture
def remembered(desk, seen, partner):
    """What planners and partners have kept about it."""
    shelter_id, service_id = seen
    proposal = {"shelter": {"id": shelter_id, "changes": {"name": "Foyer Tintinga Sikasso"}}}
    desk.done(partner, "proposeChange", proposal=proposal, expectedVersion=1, reason="Tintinga a changé de nom")
    changes = [{"close": {"serviceId": service_id}}, {"add": {"name": "S", "point": PLACE, "capacity": 5}}]
    for given in (changes, changes[:1]):
        desk.done(PLANNER, "createScenario", name="Essai", category="SAFE_SHELTER", changes=given)
    desk.rows(
        "INSERT INTO lakana.siting_job (asked, status, progress, answer) "
        "VALUES ('{\"category\": \"SAFE_SHELTER\"}', 'DONE', 1, '{}') RETURNING 1"
    )
    return shelter_id, service_id


def test_it_has_new_ids_and_a_new_name_and_begins_anew(desk, seen, partner):
    shelter_id, service_id = seen
    told = hide(desk, shelter_id)
    assert told["id"] != shelter_id
    assert told["version"] == 1
    assert NEUTRAL.fullmatch(told["shelter"]["name"])
    service = desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", told["id"])
    assert service != service_id
    for caller in (STEWARD, SECOND, CUSTODIAN, PLANNER, partner):
        assert nothing(desk, caller, shelter_id)
        assert nothing(desk, caller, service_id)
        assert not nothing(desk, caller, told["id"])
    kept = desk.one(
        "SELECT ST_X(e.point::geometry), ST_Y(e.point::geometry), a.record->>'name' FROM exact.site e "
        "JOIN exact.unlisted_actor a ON a.id = e.actor_id WHERE service_id = %s",
        service,
    )
    assert kept == (PLACE["lon"], PLACE["lat"], "ONG Zanbugu · Lafia")


def test_nothing_that_is_kept_leads_from_the_one_to_the_other(desk, remembered, tmp_path):
    shelter_id, service_id = remembered
    before = [each for each in whole_log(desk) if each["subjectId"] in remembered]
    assert {each["subjectKind"] for each in before} == {"SHELTER", "SERVICE"}
    told = hide(desk, shelter_id)
    log = json.dumps(whole_log(desk))
    for known in (shelter_id, service_id, "Tintinga", "tintinga"):
        assert known not in log
    assert desk.ask(STEWARD, OF, id=told["id"])["edges"] == []
    own = desk.rows("SELECT action, before FROM audit.entry WHERE subject_id = %s", told["id"])
    assert {tuple(row) for row in own} == {("INSERT", None)}
    assert desk.rows("SELECT changes::text FROM lakana.scenario WHERE changes::text LIKE %s", f"%{service_id}%") == []
    assert desk.one("SELECT count(*) FROM lakana.scenario WHERE name = 'Essai'") == 1
    assert desk.rows("SELECT 1 FROM lakana.proposal WHERE subject_id = %s", shelter_id) == []
    assert desk.rows("SELECT 1 FROM lakana.siting_job WHERE status = 'DONE'") == []
    assert audit.verify(desk.url, tmp_path)[1] == []


def test_the_steward_who_hides_it_is_told_what_had_been_public_and_nobody_else(desk, office, partner):
    made = desk.done(STEWARD, "createShelter", **shelter(office, phone="+223 76 99 88 78", openingHours="24/7"))
    desk.done(STEWARD, "updateShelter", id=made["id"], expectedVersion=1, changes={"phone": None})
    told = hide(desk, made["id"], 2, key="once")
    assert [each["fact"] for each in told["wasPublic"]] == ["ACTOR", "NAME", "OPENING_HOURS", "PHONE", "SITE", "SOURCE"]
    assert all(each["since"] for each in told["wasPublic"])
    again = hide(desk, made["id"], 2, key="once")
    assert again == told | {"replayed": True}
    assert {"ShelterUpdated", "ChangeReviewed", "RecordWithdrawn"} == {
        name for name, kind in compiled_schema().type_map.items() if "wasPublic" in getattr(kind, "fields", {})
    }
    given = {"id": told["id"], "expectedVersion": 1, "changes": {"name": "Abri Neuf"}, "idempotencyKey": "x"}
    with pytest.raises(Refused) as refused:
        desk.response(partner, HIDE, input=given)
    assert refused.value.errors[0]["extensions"]["code"] == "FORBIDDEN"


def test_of_what_was_loaded_it_is_told_when_the_log_begins(desk):
    loaded = desk.one(
        "SELECT h.id::text FROM lakana.shelter h JOIN lakana.service s ON s.id = h.service_id WHERE NOT s.confidential LIMIT 1"
    )
    told = hide(desk, loaded, frontGate="Permanence, +223 76 00 11 23")
    assert {"ACTOR", "LOCALITY", "NAME", "SITE", "SOURCE", "PHONE"} <= {each["fact"] for each in told["wasPublic"]}
    assert len({each["since"] for each in told["wasPublic"]}) == 1


def test_a_replay_of_before_answers_the_old_id_which_is_nothing(desk, office, seen):
    hide(desk, seen[0])
    again = desk.done(STEWARD, "createShelter", key=f"made {office}", **shelter(office, phone="+223 76 99 88 77"))
    assert (again["id"], again["replayed"]) == (seen[0], True)
    assert nothing(desk, STEWARD, again["id"])


def test_a_proposal_to_hide_it_is_forgotten_with_all_else(desk, seen, partner):
    proposal = {"shelter": {"id": seen[0], "changes": {"confidential": True} | GATE}}
    made = desk.done(partner, "proposeChange", proposal=proposal, expectedVersion=1, reason="Des menaces")
    told = desk.done(STEWARD, "reviewChange", id=made["id"], approve=True)
    assert not nothing(desk, STEWARD, told["record"]["id"])
    assert told["record"]["id"] != seen[0]
    assert desk.rows("SELECT 1 FROM lakana.proposal WHERE id = %s", made["id"]) == []
    assert seen[0] not in json.dumps(whole_log(desk))


def test_whoever_writes_it_has_a_new_id(desk, seen):
    """No statement of a steward's login hides a service under the id that it had."""
    import psycopg2  # noqa: PLC0415

    from geo.database.owner import login_url  # noqa: PLC0415

    with psycopg2.connect(login_url(desk.url, Audience.STEWARD)) as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE lakana.service SET confidential = true WHERE id = %s RETURNING id, name", (seen[1],))
        one, name = cursor.fetchone()
    connection.close()
    assert one != seen[1]
    assert NEUTRAL.fullmatch(name)


def test_published_and_hidden_again_it_is_another_one_again(desk, seen):
    first = hide(desk, seen[0], frontGate="Madame Konaté, +223 76 00 11 30")
    publication = {"publication": {"id": first["id"]}}
    proposed = desk.done(STEWARD, "proposeChange", proposal=publication, expectedVersion=1, reason="Connu")
    public = desk.done(SECOND, "reviewChange", id=proposed["id"], approve=True)["record"]
    assert public["id"] == first["id"]
    # Partners have seen the former front gate and, while the shelter was public, its place.
    for gate in ("Permanence, 76/00/11/30", "Madame Konate +223 76 00 11-30"):
        assert hide(desk, first["id"], public["version"], frontGate=gate)["field"] == "changes.frontGate"
    second = hide(desk, first["id"], public["version"], frontGate="Permanence, +223 76 00 11 24")
    assert len({seen[0], first["id"], second["id"]}) == 3
    assert first["id"] not in json.dumps(whole_log(desk))


# Places

STORED = """SELECT s.capacity, h.occupancy, e.capacity, e.occupancy FROM lakana.shelter h JOIN lakana.service s ON s.id = h.service_id
LEFT JOIN exact.places e ON e.service_id = s.id WHERE h.id = %s"""


def midnight(desk):
    """Let a night pass, and what is due be told."""
    desk.rows("UPDATE exact.places SET changed_on = changed_on - 1 RETURNING 1")
    tell_places(desk.url)


PLACES = "query ($id: ID!) { node(id: $id) { ... on Shelter { version hasPlaces capacity occupancy available } } }"


def test_how_many_places_there_are_is_told_in_tens_and_kept_apart(desk, office, partner):
    hidden = shelter(office, name=None, confidential=True, capacity=14, occupancy=3, **GATE)
    made = desk.done(STEWARD, "createShelter", **hidden)["id"]
    told = {"version": 1, "hasPlaces": True, "capacity": 10, "occupancy": 0, "available": 10}
    assert desk.ask(partner, PLACES, id=made) == told
    assert desk.one(STORED, made) == (10, 0, 14, 3)
    one = {"id": made, "expectedVersion": 1}
    # One more child: no version reveals it.
    assert desk.done(partner, "updateShelterOccupancy", occupancy=4, **one)["version"] == 1
    assert desk.ask(partner, PLACES, id=made) == told
    assert desk.one(STORED, made) == (10, 0, 14, 4)
    # Even an exact multiple of ten is published only at the next midnight, for all shelters at the same time.
    assert desk.done(partner, "updateShelterOccupancy", occupancy=10, **one)["version"] == 1
    assert desk.done(partner, "updateShelterOccupancy", occupancy=14, capacity=26, **one)["version"] == 1
    assert desk.done(partner, "updateShelterOccupancy", occupancy=26, **one)["version"] == 1
    assert desk.ask(partner, PLACES, id=made) == told
    assert tell_places(desk.url) == 0
    assert desk.one(STORED, made) == (10, 0, 26, 26)
    assert desk.ask(partner, PLACES, id=made) == told
    midnight(desk)
    assert desk.one(STORED, made) == (20, 20, 26, 26)
    later = {"version": 3, "hasPlaces": False, "capacity": 20, "occupancy": 20, "available": 0}
    assert desk.ask(partner, PLACES, id=made) == later
    assert tell_places(desk.url) == 0
    head = "SELECT holder, action, subject, after FROM audit.entry ORDER BY number DESC LIMIT 1"
    assert desk.one(head) == ("owner", "LOAD", "places", {"services": 1})


def test_all_shelters_of_an_organisation_change_at_one_time(desk, office, partner):
    """What it wrote of them in one go was seen to change in one minute: they were known as its own."""
    hidden = shelter(office, name=None, confidential=True, capacity=14, occupancy=3, **GATE)
    of_one = [desk.done(STEWARD, "createShelter", **hidden)["id"] for _ in range(3)]
    list_ = """{ shelters(first: 100) { edges { node { id version hasPlaces capacity occupancy available
      service { version verifiedOn } } } } }"""
    before = desk.ask(partner, list_)
    for each in of_one:
        one = {"expectedVersion": 1}
        desk.done(partner, "updateShelterOccupancy", id=each, occupancy=30, capacity=30, **one)
        service = desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", each)
        desk.done(partner, "verifyService", id=service, verifiedOn="2026-08-20", **one)
    assert desk.ask(partner, list_) == before
    midnight(desk)
    told = {edge["node"]["id"]: edge["node"] for edge in desk.ask(partner, list_)["edges"]}
    assert {(told[each]["capacity"], told[each]["occupancy"]) for each in of_one} == {(30, 30)}
    # A verification is published after the end of the quarter in which it was written.
    assert {told[each]["service"]["verifiedOn"] for each in of_one} == {None}
    desk.rows("UPDATE exact.places SET told_from = told_from - 92 WHERE told_from IS NOT NULL RETURNING 1")
    assert tell_places(desk.url) == 3
    told = {edge["node"]["id"]: edge["node"] for edge in desk.ask(partner, list_)["edges"]}
    assert {told[each]["service"]["verifiedOn"] for each in of_one} == {"2026-07-01"}
    assert tell_places(desk.url) == 0


def test_a_server_publishes_what_is_due(desk, office, partner):
    hidden = shelter(office, name=None, confidential=True, capacity=14, occupancy=3, **GATE)
    made = desk.done(STEWARD, "createShelter", **hidden)["id"]
    one = {"id": made, "expectedVersion": 1}
    desk.done(partner, "updateShelterOccupancy", occupancy=11, capacity=26, **one)
    desk.rows("UPDATE exact.places SET changed_on = changed_on - 1 RETURNING 1")

    async def serve():
        async with telling(desk.url):
            for _ in range(100):
                if desk.one(STORED, made)[0] == 20:
                    return
                await asyncio.sleep(0.1)

    asyncio.run(serve())
    assert desk.one(STORED, made) == (20, 10, 26, 11)


def test_the_day_of_the_last_visit_comes_back_when_it_is_published(desk, office, partner):
    hidden = shelter(office, name=None, confidential=True, verifiedOn="2026-02-03", **GATE)
    made = desk.done(STEWARD, "createShelter", **hidden)["id"]
    service = desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", made)
    desk.done(partner, "verifyService", id=service, verifiedOn="2026-08-20", expectedVersion=1)
    day = "SELECT verified_on::text FROM lakana.service WHERE id = %s"
    assert desk.one(day, service) == "2026-01-01"
    publication = {"publication": {"id": made}}
    proposed = desk.done(STEWARD, "proposeChange", proposal=publication, expectedVersion=1, reason="Connu")
    public = desk.done(SECOND, "reviewChange", id=proposed["id"], approve=True)["record"]
    service = desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", public["id"])
    assert desk.one(day, service) == "2026-08-20"


def test_numbers_come_along_when_it_is_hidden_and_back_when_it_is_published(desk, seen):
    desk.done(STEWARD, "updateShelter", id=seen[0], expectedVersion=1, changes={"occupancy": 7, "capacity": 13})
    version = desk.ask(STEWARD, PLACES, id=seen[0])["version"]
    told = hide(desk, seen[0], version, frontGate="Permanence, +223 76 00 11 29")
    assert desk.one(STORED, told["id"]) == (10, 0, 13, 7)
    assert told["version"] == 1
    publication = {"publication": {"id": told["id"]}}
    proposed = desk.done(STEWARD, "proposeChange", proposal=publication, expectedVersion=1, reason="Connu")
    desk.done(SECOND, "reviewChange", id=proposed["id"], approve=True)
    assert desk.one(STORED, told["id"]) == (13, 7, None, None)


def test_a_shelter_is_hidden_with_new_numbers_at_once(desk, seen):
    told = hide(desk, seen[0], capacity=25, occupancy=11, frontGate="Permanence, +223 76 00 11 28")
    assert desk.one(STORED, told["id"]) == (20, 0, 25, 11)  # the occupancy of before; the new one follows at midnight
