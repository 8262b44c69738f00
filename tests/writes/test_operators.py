"""Who runs a confidential shelter, and how full it is, stands in nothing that stewards or partners read or try out."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from geo import audit
from geo.audience import Audience, Caller
from geo.identity import keys
from geo.identity.scope import Scope
from tests.writes.conftest import PLANNER, SECOND, STEWARD
from tests.writes.hiding import next_day

pytestmark = pytest.mark.database

LOG = "query ($first: Int!) { auditEntries(first: $first) { edges { node { id holder login subjectKind subjectId person before after } } } }"
TOMORROW = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
GATES = iter(range(10_000))
OFFICE = {"lon": -7.99, "lat": 12.64}
"""In Bamako, outside the zone."""


@pytest.fixture
def partner(ngo):
    return Caller(Audience.PARTNER, "key:0123456789ab", organization_id=ngo, person="people ngo")


@pytest.fixture
def office(desk, ngo):
    actor = {
        "name": "Relais Tamani",
        "kind": "NGO",
        "point": OFFICE,
        "organizationId": ngo,
        "phone": "+223 20 11 22 33",
    }
    made = desk.done(STEWARD, "createActor", **actor)["id"]
    yield made
    desk.rows("DELETE FROM lakana.service WHERE actor_id = %s RETURNING 1", made)
    desk.rows("DELETE FROM lakana.actor WHERE id = %s RETURNING 1", made)
    desk.rows("DELETE FROM exact.former_phone RETURNING 1")


def shelter(office, **more):
    return {
        "actorId": office, "point": {"lon": -5.712345, "lat": 11.387654}, "confidential": True, "capacity": 17,
        "occupancy": 13, "girls": True, "boys": False, "frontGate": f"Permanence, +223 44 55 {next(GATES):04}",
    } | more  # fmt: skip


def newest(desk, since):
    edges = desk.ask(SECOND, LOG, first=100)["edges"]
    return [edge["node"] for edge in edges if edge["node"]["id"] not in since]


def head(desk):
    return {edge["node"]["id"] for edge in desk.ask(SECOND, LOG, first=100)["edges"]}


def test_the_log_does_not_say_which_partner_keeps_a_confidential_shelter(desk, office, partner, tmp_path):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    since, last = head(desk), desk.one("SELECT max(number) FROM audit.entry")
    desk.done(partner, "updateShelterOccupancy", id=made["id"], expectedVersion=1, occupancy=14, capacity=19)
    service_id = desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", made["id"])
    version = desk.one("SELECT version FROM lakana.service WHERE id = %s", service_id)
    desk.done(partner, "verifyService", id=service_id, expectedVersion=version)
    # The time would reveal the operator: an organisation updates all its shelters in one go.
    assert newest(desk, since) == []
    assert desk.ask(STEWARD, "query ($holder: String!) { auditEntries(holder: $holder) { totalCount } }",
                    holder=partner.holder)["totalCount"] == desk.one(
        "SELECT count(*) FROM audit.entry WHERE holder = %s", partner.holder)  # fmt: skip
    sealed = desk.rows(
        "SELECT s.after->>'holder' FROM audit.sealed s JOIN audit.entry e USING (number) WHERE e.holder = 'partner' AND number > %s",
        last,
    )
    assert {row[0] for row in sealed} == {partner.holder}
    assert audit.verify(desk.url, tmp_path)[1] == []


def test_nor_which_partner_proposes_to_change_it(desk, office, partner):
    proposals = "{ proposals(first: 100) { edges { node { id proposedBy proposedPerson } } } }"
    made = {
        hidden: desk.done(STEWARD, "createShelter", **shelter(office) | more)["id"]
        for hidden, more in (
            (True, {"name": None}),
            (False, {"name": "Foyer Sira", "confidential": False, "frontGate": None}),
        )
    }
    since = head(desk)
    proposed = {}
    for hidden, one in made.items():
        proposal = {"shelter": {"id": one, "changes": {"minimumAgeMonths": 6}}}
        proposed[hidden] = desk.done(partner, "proposeChange", proposal=proposal, expectedVersion=1, reason="vu")["id"]
    assert proposed[True] not in {each["node"]["id"] for each in desk.ask(SECOND, proposals)["edges"]}
    next_day(desk)
    told = {each["node"]["id"]: each["node"]["proposedBy"] for each in desk.ask(SECOND, proposals)["edges"]}
    assert (told[proposed[True]], told[proposed[False]]) == ("partner", partner.holder)
    log = {each["subjectId"]: each for each in newest(desk, since)}
    assert proposed[True] not in log
    assert log[proposed[False]]["holder"] == partner.holder
    desk.done(STEWARD, "reviewChange", id=proposed[True], approve=True)
    assert partner.holder not in json.dumps(
        [each for each in newest(desk, since) if each["subjectId"] == proposed[True]]
    )


def test_nor_by_its_moment_or_once_it_is_retired(desk, office, partner):
    """It was read beside what the organisation proposed for its public services, and named the key after a retirement."""
    proposals = "{ proposals(first: 100) { edges { node { id proposedBy proposedPerson proposedAt } } } }"
    made = desk.done(STEWARD, "createShelter", **shelter(office))["id"]
    proposal = {"shelter": {"id": made, "changes": {"minimumAgeMonths": 6}}}
    proposed = desk.done(partner, "proposeChange", proposal=proposal, expectedVersion=1, reason="vu")["id"]
    next_day(desk)
    desk.done(STEWARD, "retireShelter", id=made, expectedVersion=1)
    [told] = [each["node"] for each in desk.ask(SECOND, proposals)["edges"] if each["node"]["id"] == proposed]
    assert (told["proposedBy"], told["proposedPerson"]) == ("partner", None)
    assert told["proposedAt"].endswith("T00:00:00Z") or told["proposedAt"].endswith("T00:00:00+00:00")


def test_the_log_does_not_say_when_another_steward_entered_it(desk, office):
    """The entry of its actor stood a moment before: 10 of 10 actors were named."""
    since = head(desk)
    made = desk.done(STEWARD, "createShelter", **shelter(office))["id"]
    desk.done(STEWARD, "updateShelter", id=made, expectedVersion=1, changes={"frontGate": shelter(office)["frontGate"]})
    assert newest(desk, since) == []
    desk.done(STEWARD, "retireShelter", id=made, expectedVersion=1)
    assert newest(desk, since) == []
    written = desk.rows("SELECT DISTINCT subject FROM audit.entry WHERE subject_id = %s", made)
    assert written == [("shelter",)]


def test_a_key_of_an_organisation_that_is_not_listed_is_not_shown(desk):
    """Its only record was a key, so it ran a confidential shelter."""
    for name, shown in (("Bureau Teriyaso", False), ("Bureau Teriyalen", True)):
        made = desk.done(STEWARD, "createOrganization", name=name, kind="NGO")["id"]
        if shown:
            actor = {"name": f"{name} · siège", "kind": "UN_AGENCY", "point": OFFICE, "organizationId": made}
            desk.done(STEWARD, "createActor", **actor)
        keys.create(desk.url, bytes(32), name, Scope("PARTNER", organization=made), TOMORROW)
        log = desk.ask(SECOND, "{ auditEntries(first: 100) { edges { node { subjectKind after } } } }")["edges"]
        keys_of = [each["node"] for each in log if each["node"]["subjectKind"] == "KEY"]
        assert (made in json.dumps(keys_of)) is shown
        # The entry of a revocation has no organisation: it said that some unlisted one has a key.
        since = head(desk)
        keys.revoke(desk.url, desk.one("SELECT prefix FROM identity.key WHERE organization_id = %s", made))
        assert len(newest(desk, since)) == (1 if shown else 0)


@pytest.mark.parametrize("kind", ["LOCAL_AUTHORITY", "UN_AGENCY"])
def test_a_move_does_not_say_who_runs_it(desk, office, kind):
    """With the kind of one actor changed for a moment, a refused move named it as the runner: 18 of 18."""
    made = desk.done(STEWARD, "createShelter", **shelter(office))["id"]
    desk.rows(
        "UPDATE exact.unlisted_actor SET record = jsonb_set(record, '{kind}', to_jsonb(%s::text)) RETURNING 1", kind
    )
    desk.rows("SELECT exact.list_actor(id) FROM exact.unlisted_actor")
    place = {"point": {"lon": -5.654321, "lat": 11.312345}}
    assert (
        desk.write(STEWARD, "updateShelter", id=made, expectedVersion=1, changes=place)["__typename"]
        == "ShelterUpdated"
    )


def test_the_log_names_a_partner_where_nothing_is_hidden(desk, office, partner):
    public = shelter(office, confidential=False, name="Foyer ouvert") | {"frontGate": None}
    made = desk.done(STEWARD, "createShelter", **public)
    since = head(desk)
    desk.done(partner, "updateShelterOccupancy", id=made["id"], expectedVersion=1, occupancy=14)
    assert {each["holder"] for each in newest(desk, since)} == {partner.holder}


def test_the_log_does_not_count_the_children_of_a_confidential_shelter(desk, office, partner):
    since = head(desk)
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    desk.done(partner, "updateShelterOccupancy", id=made["id"], expectedVersion=1, occupancy=14, capacity=19)
    sides = [side for each in newest(desk, since) for side in (each["before"], each["after"]) if side]
    assert not [side for side in sides if {"capacity", "occupancy"} & {*side}]


@pytest.mark.parametrize("name", ["Relais Tamani", "Foyer tamani", "{organization}", "Foyer {word}"])
def test_a_name_of_whoever_runs_it_from_elsewhere_is_refused(desk, office, ngo, name):
    organization = desk.one("SELECT name FROM lakana.organization WHERE id = %s", ngo)
    name = name.format(organization=organization, word=organization.split()[-1])
    for changes in ({"name": name}, {"frontGate": f"{name}, +223 44 66 77 88"}):
        result = desk.write(STEWARD, "createShelter", **shelter(office) | changes)
        assert (result["__typename"], result["field"]) == ("ValidationError", next(iter(changes)))
    # Any other body's name is refused as well: a refusal does not reveal which body it is.
    other = desk.done(STEWARD, "createActor", name="Comptoir Bolon", kind="NGO", point=OFFICE)
    result = desk.write(STEWARD, "createShelter", **shelter(office, name="Foyer Bolon"))
    assert result["field"] == "name"
    desk.done(STEWARD, "retireActor", id=other["id"], expectedVersion=1)


@pytest.mark.parametrize(
    "digits",
    [
        "\u0662\u0660\u0661\u0661\u0662\u0662\u0663\u0663", "\u06f2\u06f0\u06f1\u06f1\u06f2\u06f2\u06f3\u06f3",
        "\u07c2\u07c0\u07c1\u07c1\u07c2\u07c2\u07c3\u07c3", "\uff12\uff10\uff11\uff11 \uff12\uff12\uff13\uff13",
        "\u00b2\u2070\u00b9\u00b9 \u00b2\u00b2\u00b3\u00b3",
    ],
)  # fmt: skip
def test_a_public_number_is_known_by_any_digits(desk, office, digits):
    given = shelter(office, frontGate=f"Permanence, {digits}")
    assert desk.write(STEWARD, "createShelter", **given)["field"] == "frontGate"


def test_a_number_that_a_public_record_had_is_none_for_a_front_gate(desk, office):
    desk.done(STEWARD, "updateActor", id=office, expectedVersion=1, changes={"phone": "+223 20 11 22 34"})
    given = shelter(office, frontGate="Permanence, +223 20 11 22 33")
    assert desk.write(STEWARD, "createShelter", **given)["field"] == "frontGate"


def test_nor_is_one_of_a_record_that_left(desk, office):
    public = shelter(office, confidential=False, name="Foyer ouvert", phone="+223 20 99 88 77") | {"frontGate": None}
    made = desk.done(STEWARD, "createShelter", **public)
    desk.done(STEWARD, "retireShelter", id=made["id"], expectedVersion=1)
    given = shelter(office, frontGate="Permanence, +223 20 99 88 77")
    assert desk.write(STEWARD, "createShelter", **given)["field"] == "frontGate"


def test_no_entry_on_a_scenario_stands_beside_that_of_the_new_id(desk, office):
    public = shelter(office, confidential=False, name="Foyer ouvert") | {"frontGate": None}
    made = desk.done(STEWARD, "createShelter", **public)
    service_id = desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", made["id"])
    changes = [{"close": {"serviceId": service_id}}, {"add": {"name": "S", "point": OFFICE, "capacity": 5}}]
    scenario = {"name": "Fermer le foyer", "category": "SAFE_SHELTER", "changes": changes}
    kept = desk.done(PLANNER, "createScenario", **scenario)["id"]
    since = head(desk)
    gate = {"confidential": True, "frontGate": shelter(office)["frontGate"]}
    desk.done(STEWARD, "updateShelter", id=made["id"], expectedVersion=1, changes=gate)
    assert "SCENARIO" not in {each["subjectKind"] for each in newest(desk, since)}
    assert kept not in json.dumps(newest(desk, ()))


def test_a_former_name_does_not_tell_which_shelter_had_it(desk, office):
    """The steward who hid it knows it; another one may neither call it so again nor find out by trying."""
    hidden, other = (
        desk.done(STEWARD, "createShelter", **(shelter(office, confidential=False, name=name) | {"frontGate": None}))
        for name in ("Foyer Sanankoro", "Foyer Zerbila")
    )
    gate = {"confidential": True, "frontGate": shelter(office)["frontGate"]}
    told = desk.done(STEWARD, "updateShelter", id=hidden["id"], expectedVersion=1, changes=gate)
    desk.done(STEWARD, "retireShelter", id=other["id"], expectedVersion=1)
    another = desk.done(STEWARD, "createShelter", **shelter(office))
    refused = [
        desk.write(SECOND, "updateShelter", id=one["id"], expectedVersion=1, changes={"name": f"Maison {word}"})
        for word in ("Sanankoro", "Zerbila")
        for one in (told, another)
    ]
    assert {(each["__typename"], each["field"]) for each in refused} == {("ValidationError", "changes.name")}
    assert len({each["message"].lower().replace("zerbila", "sanankoro") for each in refused}) == 1
