"""Organisations, actors, services and shelters are entered, changed and retired; distances follow at once."""

from __future__ import annotations

from typing import Any

import pytest

from api.graphql.schema import compiled_schema
from tests.writes.conftest import SECOND, STEWARD

pytestmark = pytest.mark.database

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def office(desk, sikasso):
    made = desk.done(STEWARD, "createActor", name="Bureau", kind="DONOR", point=sikasso)
    return made["id"]


def service(office, place, **more):
    return {"actorId": office, "name": "Écoute", "category": "LEGAL_AID", "point": place} | more


def shelter(office, place, **more):
    return {
        "actorId": office, "name": "Foyer Test", "point": place, "confidential": False, "capacity": 10,
        "girls": True, "boys": False,
    } | more  # fmt: skip


def actor(_, place, **more):
    return {"kind": "DONOR", "point": place} | more


def test_an_organisation_from_entry_to_retirement(desk, sikasso):
    made = desk.done(STEWARD, "createOrganization", name="ONG Neuve", kind="NGO")
    assert made["version"] == 1
    changed = desk.done(
        STEWARD,
        "updateOrganization",
        id=made["id"],
        expectedVersion=1,
        changes={"acronym": "ON", "url": "https://on.example"},
    )
    assert changed["version"] == 2
    asked = "query ($id: ID!) { node(id: $id) { ... on Organization { name acronym url version } } }"
    assert desk.response(STEWARD, asked, id=made["id"])["data"] == {"node": None}  # published only with its actors
    actor = {"name": "Bureau du bailleur", "kind": "DONOR", "point": sikasso, "organizationId": made["id"]}
    office = desk.done(STEWARD, "createActor", **actor)["id"]
    node = desk.ask(STEWARD, asked, id=made["id"])
    assert node == {"name": "ONG Neuve", "acronym": "ON", "url": "https://on.example", "version": 2}
    cleared = desk.done(STEWARD, "updateOrganization", id=made["id"], expectedVersion=2, changes={"acronym": None})
    assert desk.one("SELECT acronym FROM lakana.organization WHERE id = %s", made["id"]) is None
    kept = desk.write(STEWARD, "retireOrganization", id=made["id"], expectedVersion=cleared["version"])
    assert (kept["__typename"], kept["currentVersion"]) == ("Conflict", cleared["version"])
    desk.done(STEWARD, "retireActor", id=office, expectedVersion=1)
    desk.done(STEWARD, "retireOrganization", id=made["id"], expectedVersion=cleared["version"])
    assert desk.response(STEWARD, "query ($id: ID!) { node(id: $id) { id } }", id=made["id"])["data"] == {"node": None}


def test_an_answer_says_that_a_record_is_not_in_the_directory_yet(desk, sikasso):
    """It said that the record is gone again."""
    document = """mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) {
      ... on OrganizationCreated { id organization { id } } } }"""
    given = {"name": "ONG à venir", "kind": "NGO", "idempotencyKey": "not listed"}
    made = desk.ask(STEWARD, document, input=given)
    assert made["organization"] is None
    office = {"name": "Bureau", "kind": "NGO", "point": sikasso, "organizationId": made["id"]}
    document = (
        "mutation ($input: CreateActorInput!) { createActor(input: $input) { ... on ActorCreated { actor { id } } } }"
    )
    assert desk.ask(STEWARD, document, input=office | {"idempotencyKey": "nor this"}) == {"actor": None}
    for name in ("Organization", "Actor"):
        for done in ("Created", "Updated"):
            fields: Any = compiled_schema().type_map[f"{name}{done}"]
            field = "organization" if name == "Organization" else "actor"
            assert "null while it is not in the directory" in fields.fields[field].description


def test_the_answer_holds_the_record_as_it_is_now(desk, sikasso):
    document = """mutation ($a: CreateActorInput!, $l: Language) { createActor(input: $a) {
      ... on ActorCreated { actor { __typename id called: name kindLabel(language: $l) } } } }"""
    given = {"name": "Bailleur dit", "kind": "DONOR", "point": sikasso, "idempotencyKey": "n1"}
    answer = desk.ask(STEWARD, document, a=given, l="en")
    assert answer["actor"] | {"id": 0} == {
        "__typename": "ProtectionActor",
        "id": 0,
        "called": "Bailleur dit",
        "kindLabel": "Donor",
    }


def test_a_name_is_borne_once(desk):
    desk.done(STEWARD, "createOrganization", name="ONG Une", kind="NGO")
    again = desk.write(STEWARD, "createOrganization", name="ONG Une", kind="NGO")
    assert (again["__typename"], again["field"]) == ("ValidationError", "name")


@pytest.mark.parametrize("url", ["https://a\0b.example", "https://a\x01b.example", "https://a b.example", "a.example"])
def test_an_address_is_one(desk, url):
    given = {"name": "ONG Adresse", "kind": "NGO", "url": url}
    assert desk.write(STEWARD, "createOrganization", **given)["field"] == "url"


def test_nobody_is_told_which_organisation_has_a_login(desk, sikasso):
    """Retiring one was a conflict where somebody had a key in its name, and done where nobody had: 8 of 8 found."""
    without = desk.done(STEWARD, "createOrganization", name="ONG Sans", kind="NGO")
    made = desk.done(STEWARD, "createOrganization", name="ONG Clé", kind="NGO")
    desk.rows(
        "INSERT INTO identity.key (prefix, digest, name, audience, organization_id, expires_at) "
        "VALUES ('kept', '', 'k', 'PARTNER', %s, now()) RETURNING 1",
        made["id"],
    )

    def told(one, name):
        retired = desk.done(STEWARD, "retireOrganization", id=one["id"], expectedVersion=1)
        again = desk.write(STEWARD, "retireOrganization", id=one["id"], expectedVersion=1)
        late = desk.write(STEWARD, "updateOrganization", id=one["id"], expectedVersion=9, changes={"acronym": "X"})
        same = desk.write(STEWARD, "createOrganization", name=name, kind="NGO")
        office = {"name": f"Bureau {name}", "kind": "DONOR", "point": sikasso, "organizationId": one["id"]}
        actor = desk.write(STEWARD, "createActor", **office)
        listed = desk.write(STEWARD, "retireOrganization", id=one["id"], expectedVersion=1)
        answers = (retired, again, late, same, actor, listed)
        return [{name: value for name, value in each.items() if name != "id"} for each in answers]

    assert told(made, "ONG Clé") == told(without, "ONG Sans")


def test_an_organisation_that_held_a_training_stays(desk):
    made = desk.done(STEWARD, "createOrganization", name="ONG Formatrice", kind="NGO")
    training = {
        "name": "Formation", "startsOn": "2026-01-10", "endsOn": "2026-01-11",
        "participants": [{"kind": "NGO", "people": 7}], "organizerIds": [made["id"]],
    }  # fmt: skip
    desk.done(STEWARD, "recordTraining", **training)
    kept = desk.write(STEWARD, "retireOrganization", id=made["id"], expectedVersion=1)
    assert (kept["__typename"], kept["currentVersion"]) == ("Conflict", 1)


def test_what_others_depend_on_stays(desk, office, sikasso):
    made = desk.done(STEWARD, "createService", **service(office, sikasso))
    kept = desk.write(STEWARD, "retireActor", id=office, expectedVersion=1)
    assert (kept["__typename"], kept["currentVersion"]) == ("Conflict", 1)
    desk.done(STEWARD, "retireService", id=made["id"], expectedVersion=1)
    desk.done(STEWARD, "retireActor", id=office, expectedVersion=1)


def test_a_change_of_what_has_changed_is_a_conflict(desk, office):
    desk.done(STEWARD, "updateActor", id=office, expectedVersion=1, changes={"phone": "+223 20 22 00 00"})
    late = desk.write(SECOND, "updateActor", id=office, expectedVersion=1, changes={"phone": "+223 20 22 00 11"})
    assert (late["__typename"], late["currentVersion"]) == ("Conflict", 2)
    assert desk.one("SELECT phone FROM lakana.actor WHERE id = %s", office) == "+22320220000"


def nearest(desk, place):
    found = desk.ask(
        STEWARD,
        "query ($at: PointInput!) { nearestServices(origin: $at, categories: [LEGAL_AID], first: 1) { service { id } distanceMetres } }",
        at=place,
    )
    return found[0]["service"]["id"], found[0]["distanceMetres"]


def reach(desk, metres=1):
    answer = desk.ask(
        STEWARD,
        "query ($m: Float!) { coverage(need: {categories: [DISABILITY]}, within: {metres: $m}) { total { coveredUnder18 } } }",
        m=metres,
    )
    return answer["total"]["coveredUnder18"]


def test_distances_follow_in_the_same_transaction(desk, office):
    town = {"lon": -5.71, "lat": 11.31755}
    place = desk.rows(
        "SELECT ST_X(point::geometry), ST_Y(point::geometry) FROM lakana.demand_point ORDER BY under_18 DESC LIMIT 1"
    )[0]
    at = {"lon": place[0], "lat": place[1]}
    before = reach(desk)
    made = desk.done(STEWARD, "createService", **service(office, at, category="DISABILITY"))
    assert reach(desk) > before
    desk.done(STEWARD, "updateService", id=made["id"], expectedVersion=1, changes={"point": town, "name": "Ailleurs"})
    assert reach(desk) == before
    desk.done(STEWARD, "retireService", id=made["id"], expectedVersion=2)
    assert reach(desk) == before


def test_a_service_stands_in_the_smallest_area_of_the_division_in_use(desk, office, sikasso):
    made = desk.done(STEWARD, "createService", **service(office, sikasso))
    scheme, level = desk.one(
        "SELECT a.scheme, a.level FROM lakana.service s JOIN lakana.admin_area a ON a.id = s.area_id WHERE s.id = %s",
        made["id"],
    )
    assert (scheme, level) == ("COD-AB", 1)  # whose outline is known; of which cercle nobody says


CONTRADICTIONS: dict[str, Any] = {
    "a point of another region": (
        {"areaCode": "COD-AB:ML07"},
        "areaCode",
        ("Gao (COD-AB:ML07)", "in Sikasso (COD-AB:ML03)", " km away"),
    ),
    "a cercle of another region, which has no outline of its own": (
        {"areaCode": "COD-AB:ML0703"},
        "areaCode",
        ("Gao (COD-AB:ML07)", "in Sikasso (COD-AB:ML03)"),
    ),
    "a point in the middle of another region, 2.5 km from this one": (
        {"point": {"lon": -8.0, "lat": 12.65}, "areaCode": "COD-AB:ML02"},
        "areaCode",
        ("Koulikoro (COD-AB:ML02)", "km away in Bamako (COD-AB:ML20)"),
    ),
    "a point in Bamako and a town of another region": (
        {"point": {"lon": -8.0, "lat": 12.65}, "locality": "Kalaban Koro"},
        "localityId",
        ("Kalaban Koro in Kati (COD-AB@2018:ML0205)", "km away in Bamako (COD-AB:ML20)"),
    ),
    "a point 116 km inside of another country": (
        {"point": {"lon": -3.0, "lat": 12.2}, "areaCode": "COD-AB:MLI"},
        "areaCode",
        ("Mali (COD-AB:MLI)", "km away in no area that is known"),
    ),
    "a town far away": (
        {"locality": "Kidal"},
        "localityId",
        ("Kidal in Kidal", "in Sikasso (COD-AB:ML03)", " km away"),
    ),
    "a name of another edition": ({"areaCode": "COD-AB:ML0703", "areaName": "Bourem"}, "areaName", ("Ansongo",)),
    "a name of another edition with the area that it serves": (
        {"point": None, "serviceAreaCode": "COD-AB:ML0703", "serviceAreaName": "Bourem"},
        "serviceAreaName",
        ("Ansongo",),
    ),
    "a name without a code": ({"areaName": "Sikasso"}, "areaName", ("areaCode",)),
}


@pytest.mark.parametrize("said", CONTRADICTIONS)
def test_two_statements_of_which_one_is_wrong_are_refused_with_both_sides_named(desk, office, sikasso, said):
    given, field, words = CONTRADICTIONS[said]
    given = dict(given)
    if town := given.pop("locality", None):
        given["localityId"] = desk.one("SELECT id::text FROM lakana.locality WHERE name_fr = %s", town)
    before = desk.one("SELECT count(*) FROM lakana.service")
    refused = desk.write(STEWARD, "createService", **service(office, sikasso, **given))
    assert (refused["__typename"], refused["field"]) == ("ValidationError", field)
    assert [each for each in words if each not in refused["message"]] == []
    assert desk.one("SELECT count(*) FROM lakana.service") == before


def test_a_town_and_an_area_of_which_one_is_wrong_are_refused(desk, office, sikasso):
    """Both near the point: a town across the border of the region."""
    town = desk.one(
        "SELECT l.id::text FROM lakana.locality l JOIN lakana.area_within w ON w.area_id = l.area_set_id "
        "JOIN lakana.admin_area a ON a.id = w.ancestor_id WHERE (a.edition, a.code) = ('v03', 'ML16') "
        "ORDER BY l.point <-> (SELECT point FROM lakana.locality WHERE name_fr = 'Sikasso') LIMIT 1"
    )
    lon, lat = desk.one(
        "SELECT ST_X(point::geometry), ST_Y(point::geometry) FROM lakana.locality WHERE id = CAST(%s AS uuid)", town
    )
    given = service(office, {"lon": lon, "lat": lat}, areaCode="COD-AB:ML16", localityId=town)
    made = desk.done(STEWARD, "createService", **given)
    refused = desk.write(
        STEWARD,
        "updateService",
        id=made["id"],
        expectedVersion=made.get("version", 1),
        changes={"point": sikasso, "areaCode": "COD-AB:ML03", "localityId": town},
    )
    assert (refused["__typename"], refused["field"]) == ("ValidationError", "changes.localityId")


@pytest.mark.parametrize("name", ["Sikasso", "SIKASSO ", "sikasso"])
def test_the_name_of_an_area_goes_with_its_code(desk, office, sikasso, name):
    desk.done(STEWARD, "createService", **service(office, sikasso, areaCode="COD-AB:ML03", areaName=name))


def test_what_looks_entered_already_is_refused_unless_it_is_another(desk, office, sikasso):
    given = service(office, sikasso, name="Écoute de l’Enfance", another=False)
    made = desk.done(STEWARD, "createService", **given)["id"]
    for twin in ("Écoute de l'enfance", "ECOUTE  DE L’ENFANCE"):
        refused = desk.write(STEWARD, "createService", **given | {"name": twin})
        assert (refused["__typename"], refused["field"]) == ("ValidationError", "name")
        assert made in refused["message"]
    elsewhere = {"lon": sikasso["lon"] + 0.01, "lat": sikasso["lat"]}
    for other in ({"point": elsewhere}, {"category": "EDUCATION"}, {"another": True}):
        desk.done(STEWARD, "createService", **given | other)


KINDS: dict[str, Any] = {"service": service, "shelter": shelter, "actor": actor}


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_makes_no_duplicate_unless_it_is_another(desk, office, sikasso, kind):
    made = KINDS[kind]
    create, update = f"create{kind.title()}", f"update{kind.title()}"
    first = desk.done(STEWARD, create, **made(office, sikasso, name="Relais de l’Espoir"))["id"]
    second = desk.done(STEWARD, create, **made(office, sikasso, name="Relais du Nord"))["id"]
    renamed = {"id": second, "expectedVersion": 1, "changes": {"name": "Relais de l'espoir"}}
    refused = desk.write(STEWARD, update, **renamed)
    assert (refused["__typename"], refused["field"]) == ("ValidationError", "changes.name")
    assert "stands at this place already" in refused["message"]
    if kind != "shelter":
        assert first in refused["message"]
    nothing = desk.write(STEWARD, update, **renamed | {"changes": {"another": True}})
    assert "it changes nothing" in nothing["message"]
    desk.done(STEWARD, update, **renamed | {"changes": {"name": "Relais de l'espoir", "another": True}})
    desk.done(STEWARD, update, **renamed | {"expectedVersion": 2, "changes": {"phone": "+22320210000"}})


BAD_PLACES = {
    "swapped": ({"lon": 11.31755, "lat": -5.66654}, "swapped: exchanged"),
    "in the sea": ({"lon": -30.0, "lat": 0.0}, "km outside the country"),
    "Paris": ({"lon": 2.35, "lat": 48.85}, "km outside the country"),
    "no latitude": ({"lon": 10.0, "lat": 100.0}, "swapped"),
}


@pytest.mark.parametrize("name", BAD_PLACES)
def test_a_place_outside_the_country_is_refused_with_the_distance(desk, office, name):
    place, said = BAD_PLACES[name]
    result = desk.write(STEWARD, "createService", **service(office, place))
    assert result["__typename"] == "ValidationError"
    assert result["field"].startswith("point")
    assert said in result["message"]


BAD: dict[str, tuple[str, dict, str]] = {
    "no actor": ("createService", {"actorId": UNKNOWN}, "actorId"),
    "an actor's id of another kind": ("createService", {"actorId": "x"}, "actorId"),
    "a shelter as a service": ("createService", {"category": "SAFE_SHELTER"}, "category"),
    "an empty name": ("createService", {"name": " "}, "name"),
    "a NUL": ("createService", {"name": "a\0b"}, "name"),
    "a long name": ("createService", {"name": "a" * 201}, "name"),
    "a phone": ("createService", {"phone": "call me"}, "phone"),
    "a capacity": ("createService", {"capacity": -1}, "capacity"),
    "a day to come": ("createService", {"verifiedOn": "2999-01-01"}, "verifiedOn"),
    "an unknown area": ("createService", {"areaCode": "XX99"}, "areaCode"),
    "an unknown locality": ("createService", {"localityId": UNKNOWN}, "localityId"),
    "nobody taken": ("createShelter", {"girls": False}, "girls"),
    "ages crossed": ("createShelter", {"minimumAgeMonths": 12, "maximumAgeMonths": 6}, "minimumAgeMonths"),
    "an age": ("createShelter", {"maximumAgeMonths": 216}, "maximumAgeMonths"),
    "a front gate of an open shelter": ("createShelter", {"frontGate": "Bureau"}, "frontGate"),
    "a phone of a hidden one": ("createShelter", {"confidential": True, "phone": "+223 20 22 00 00"}, "phone"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_names_the_field_and_leaves_nothing(desk, office, sikasso, name):
    mutation, values, field = BAD[name]
    whole = (service if mutation == "createService" else shelter)(office, sikasso) | values
    before = desk.one("SELECT count(*) FROM audit.entry")
    result = desk.write(STEWARD, mutation, **whole)
    assert (result["__typename"], result["field"]) == ("ValidationError", field), result
    assert desk.one("SELECT count(*) FROM audit.entry") == before


def test_an_area_cannot_be_emptied(desk, office, sikasso):
    listed = desk.done(STEWARD, "createService", **service(office, sikasso))
    homed = desk.done(STEWARD, "createShelter", **shelter(office, sikasso))
    for mutation, row in (("updateActor", office), ("updateService", listed["id"]), ("updateShelter", homed["id"])):
        result = desk.write(STEWARD, mutation, id=row, expectedVersion=1, changes={"areaCode": None})
        assert (result["__typename"], result["field"]) == ("ValidationError", "changes.areaCode")
    moved = {"areaCode": None, "point": sikasso}
    desk.done(STEWARD, "updateService", id=listed["id"], expectedVersion=1, changes=moved)


def test_no_change_is_no_write(desk, office):
    assert desk.write(STEWARD, "updateActor", id=office, expectedVersion=1, changes={})["field"] == "changes"
    assert (
        desk.write(STEWARD, "updateActor", id=office, expectedVersion=1, changes={"name": None})["field"]
        == "changes.name"
    )
    absent = desk.write(STEWARD, "updateActor", id=UNKNOWN, expectedVersion=1, changes={"name": "x"})
    assert absent["__typename"] == "NotFound"
