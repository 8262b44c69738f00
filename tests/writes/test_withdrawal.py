"""A record that is withdrawn is on no surface any more; the log says why, and nobody learns anything of a confidential one."""

from __future__ import annotations

import asyncio
import math
import re
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.settings import Settings
from geo import audit
from geo.audience import Caller
from geo.cluster import backup
from geo.database import owner
from geo.vocabulary import PublicFact
from tests.writes.conftest import SECOND, STEWARD, Desk
from tests.writes.hiding import PLACE, hide, shelter, whole_log

pytestmark = pytest.mark.database

NOBODY = "00000000-0000-4000-8000-000000000000"
NAME = "Kuluba Zirikili"
WHY = "Une menace contre ses agents"
NEAREST = {"kind": "ALL", "lon": str(PLACE["lon"]), "lat": str(PLACE["lat"])}
LISTS = """{ services(first: 100, text: "zirikili") { edges { node { id name } } }
  actors(first: 100, text: "zirikili") { edges { node { id name services { edges { node { name } } } } } }
  organizations(first: 100, text: "zirikili") { edges { node { id name } } } }"""


def tile(lon: float, lat: float, zoom: int) -> str:
    x = int((lon + 180) / 360 * 2**zoom)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom)
    return f"/tiles/services/{zoom}/{x}/{y}.mvt"


SURFACES = (
    "/exports/services.csv",
    "/exports/actors.csv",
    "/exports/services.geojson?text=zirikili",
    "/ogc/collections/services/items?limit=1000&bbox=-5.72,11.38,-5.71,11.39",
    tile(PLACE["lon"], PLACE["lat"], 13),
    "/maps/overview.html",
    "/nearest/packs/COD-AB:ML03.json",
)
"""Where everybody reads the service, each by a way of its own; every one names it before."""


@pytest.fixture
def seen_on(desk, tmp_path):
    """Return on which surfaces of a server this text stands; its caches stay between calls."""
    app = create_app(Settings(data_dir=tmp_path, cost_per_minute={"public": 1_000_000_000}), desk.url)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost", timeout=60)

    async def ask(text: str) -> set[str]:
        found = set()
        for path in SURFACES:
            answer = await client.get(path)
            assert answer.status_code in {200, 204}, (path, answer.text[:300])  # 204: a tile without anything
            found |= {path} if text.encode() in answer.content else set()
        answer = await client.post("/graphql", json={"query": LISTS})
        return found | ({"/graphql"} if text in answer.text else set())

    with asyncio.Runner() as runner:
        yield lambda text: runner.run(ask(text))
        runner.run(client.aclose())
        app.state.resources.close()


@pytest.fixture
def body(desk, sikasso):
    """The ids of an organisation, its actor, and a service of that."""
    organization = desk.done(STEWARD, "createOrganization", name=f"ONG {NAME}", kind="NGO")["id"]
    office = {"name": f"Antenne {NAME}", "kind": "NGO", "point": sikasso, "organizationId": organization}
    actor = desk.done(STEWARD, "createActor", **office)["id"]
    own = {"actorId": actor, "name": f"Écoute {NAME}", "category": "PSYCHOSOCIAL_SUPPORT", "point": PLACE}
    service = desk.done(STEWARD, "createService", **own, phone="+223 76 12 21 12")["id"]
    yield organization, actor, service
    for each in (organization, actor, service):  # what a test left
        desk.write(STEWARD, "withdrawRecord", id=each, reason="fin du test")


def withdraw(desk: Desk, record: str, key: str | None = None, by: Caller = STEWARD) -> dict[str, Any]:
    document = """mutation ($input: WithdrawRecordInput!) { withdrawRecord(input: $input) { __typename
      ... on RecordWithdrawn { id replayed recordsWithdrawn wasPublic { fact since } } ... on WriteError { message } } }"""
    given = {"id": record, "reason": WHY, "idempotencyKey": key or f"{record} {by.holder}"}
    done: dict[str, Any] = desk.ask(by, document, input=given)
    return done


def test_a_service_is_on_no_surface_any_more(desk, body, seen_on):
    *_, service = body
    assert seen_on(f"Écoute {NAME}") == {*SURFACES, "/graphql"} - {"/exports/actors.csv", "/maps/overview.html"}
    done = withdraw(desk, service)
    assert (done["__typename"], done["recordsWithdrawn"]) == ("RecordWithdrawn", 1)
    assert {each["fact"] for each in done["wasPublic"]} == {"RECORD", "NAME", "SITE", "ACTOR", "PHONE", "SOURCE"}
    assert all(each["since"] for each in done["wasPublic"])
    assert seen_on(f"Écoute {NAME}") == set()
    assert desk.one("SELECT count(*) FROM lakana.service WHERE name LIKE %s", f"%{NAME}%") == 0


def test_an_organisation_takes_its_actors_and_services_along(desk, body, seen_on):
    organization, *_ = body
    desk.rows(
        "INSERT INTO lakana.presence (organization_id, organization_name, area_id, sector, source_id) "
        "SELECT %s, 'x', a.id, 'CHILD_PROTECTION', a.source_id FROM lakana.admin_area a WHERE level = 0 LIMIT 1 RETURNING id",
        organization,
    )
    assert {"/exports/actors.csv", "/maps/overview.html"} <= seen_on(f"Antenne {NAME}")
    assert withdraw(desk, organization)["recordsWithdrawn"] == 4
    assert seen_on(NAME) == set()
    for each in body:
        assert desk.ask(STEWARD, "query ($id: ID!) { node(id: $id) { id } }", id=each) is None
        assert withdraw(desk, each, by=SECOND)["__typename"] == "NotFound"


def test_its_keys_and_people_are_kept_out_and_stay_in_the_log(desk, body):
    organization, *_ = body
    person = desk.one(
        "INSERT INTO identity.person (issuer, subject, name, audience, organization_id) VALUES ('i', 's', 'Awa', 'PARTNER', %s) "
        "RETURNING id::text",
        organization,
    )
    key = desk.one(
        "INSERT INTO identity.key (prefix, digest, name, audience, organization_id, expires_at, person_id) "
        "VALUES ('abcd', 'x', 'Awa', 'PARTNER', %s, now() + interval '1 day', %s) RETURNING id::text",
        organization,
        person,
    )
    withdraw(desk, organization)
    left = "SELECT revoked_at IS NOT NULL, organization_id FROM identity.{} WHERE id = %s"
    assert tuple(desk.one(left.format("key"), key)) == tuple(desk.one(left.format("person"), person)) == (True, None)
    assert not {key, person} & {each["subjectId"] for each in whole_log(desk)}
    assert desk.one("SELECT count(*) FROM audit.entry WHERE subject_id IN (%s, %s)", key, person) == 4


def test_the_log_says_who_and_why(desk, body, tmp_path):
    *_, service = body
    withdraw(desk, service)
    [entry] = [each for each in whole_log(desk) if each["action"] == "WITHDRAW" and each["subjectId"] == service]
    assert (entry["subjectKind"], entry["after"], entry["subject"]) == ("SERVICE", {"reason": WHY, "records": 1}, None)
    _, kind, record, holder, why = audit.withdrawals(desk.url)[0]
    assert (kind, record, holder, why) == ("service", service, STEWARD.holder, WHY)
    assert audit.verify(desk.url, tmp_path)[1] == []


def test_sent_again_it_is_done_once(desk, body):
    *_, service = body
    first, again = withdraw(desk, service, "once"), withdraw(desk, service, "once")
    assert again == first | {"replayed": True}


def test_what_is_not_there_is_not_found_and_a_reason_is_needed(desk, body):
    assert withdraw(desk, NOBODY)["__typename"] == "NotFound"
    area = desk.one("SELECT id::text FROM lakana.admin_area LIMIT 1")
    assert withdraw(desk, area)["__typename"] == "NotFound"
    assert desk.write(STEWARD, "withdrawRecord", id=body[2], reason=" ")["field"] == "reason"
    assert desk.write(STEWARD, "withdrawRecord", id="x", reason=WHY)["field"] == "id"


def test_a_shelter_goes_with_its_service_by_either_id(desk, office):
    for number, named in enumerate(("shelter", "service")):
        made = desk.done(STEWARD, "createShelter", **shelter(office, name=f"Foyer Lafiya {number}"))["id"]
        ids = {"shelter": made, "service": desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", made)}
        done = withdraw(desk, ids[named])
        assert {"RECORD", "NAME", "SITE", "ACTOR"} <= {each["fact"] for each in done["wasPublic"]}
        assert desk.rows("SELECT FROM lakana.shelter WHERE id = %s", made) == []
        assert desk.rows("SELECT FROM lakana.service WHERE id = %s", ids["service"]) == []


def test_a_confidential_shelter_tells_nothing_as_it_goes(desk, seen):
    """Neither to whoever withdraws it, by either id, nor to another steward by the log; and what it left is as after `retireShelter`."""
    hidden = hide(desk, seen[0])["id"]
    done = withdraw(desk, hidden)
    assert (done["recordsWithdrawn"], done["wasPublic"]) == (1, [])
    assert not any(each["action"] == "WITHDRAW" and each["subjectId"] == hidden for each in whole_log(desk))
    assert desk.rows("SELECT FROM lakana.shelter WHERE id = %s", hidden) == []
    assert (
        desk.rows("SELECT FROM exact.site s LEFT JOIN lakana.service v ON v.id = s.service_id WHERE v.id IS NULL") == []
    )


def test_an_actor_in_no_directory_tells_nothing_of_when_it_came(desk, office):
    """It may run a confidential shelter that was entered in the same minute."""
    done = withdraw(desk, office)
    assert (done["recordsWithdrawn"], done["wasPublic"]) == (1, [])
    assert desk.rows("SELECT FROM exact.unlisted_actor WHERE id = %s", office) == []


def test_an_actor_leaves_its_confidential_shelter_behind(desk, body, office):
    _, actor, _ = body
    made = desk.done(
        STEWARD,
        "createShelter",
        **shelter(office, confidential=True, name=None, frontGate="Permanence, +223 76 00 11 33"),
    )["id"]
    service = desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", made)
    desk.rows("UPDATE exact.site SET actor_id = %s WHERE service_id = %s RETURNING 1", actor, service)
    assert withdraw(desk, actor)["recordsWithdrawn"] == 2
    assert desk.one("SELECT actor_id FROM exact.site WHERE service_id = %s", service) is None


def test_trainings_presence_and_guidance_go(desk):
    for statement, fact in (
        ("SELECT id::text FROM lakana.training_event ORDER BY id LIMIT 1", "NAME"),
        (
            "SELECT source_id::text FROM lakana.guidance JOIN lakana.pathway_step USING (source_id) ORDER BY 1 LIMIT 1",
            "NAME",
        ),
        ("SELECT id::text FROM lakana.pathway_step ORDER BY id LIMIT 1", "RECORD"),
    ):
        record, before = desk.one(statement), desk.one("SELECT lakana.public_version()")
        assert fact in {each["fact"] for each in withdraw(desk, record)["wasPublic"]}
        assert desk.rows(statement) == [] or desk.one(statement) != record
        assert desk.one("SELECT lakana.public_version()") != before  # all caches hang on this


def test_a_backup_of_before_does_not_bring_it_back(desk, body, make_database, tmp_path):
    _, actor, service = body
    file, url = tmp_path / "before.backup", make_database()
    backup.backup(desk.url, file)
    desk.resources.anchor_due.clear()
    withdraw(desk, service)
    assert desk.resources.anchor_due.is_set()
    for _ in range(2):
        audit.note_withdrawn(desk.url, tmp_path)
    lines = (tmp_path / audit.WITHDRAWN).read_text()
    assert service not in lines
    assert len(lines.splitlines()) == len(set(lines.splitlines()))
    backup.restore(url, file)
    assert audit.withdraw_again(url, tmp_path) >= 1
    with owner.owner_transaction(url) as connection:
        there = {
            each: connection.exec_driver_sql(f"SELECT count(*) FROM lakana.{each} WHERE id = %s", (its,)).scalar()
            for each, its in (("actor", actor), ("service", service))
        }
    assert there["service"] == 0
    assert audit.withdraw_again(url, tmp_path) == 0
    assert audit.verify(url, tmp_path)[1] == []


def test_what_comes_back_by_somebodys_will_stays(desk, body, tmp_path):
    organization, *_ = body
    withdraw(desk, organization)
    audit.note_withdrawn(desk.url, tmp_path)
    source = desk.one("SELECT id::text FROM lakana.source LIMIT 1")
    desk.rows(
        "INSERT INTO lakana.organization (id, name, kind, source_id) VALUES (%s, 'ONG revenue', 'NGO', %s) RETURNING id",
        organization,
        source,
    )
    assert audit.withdraw_again(desk.url, tmp_path) == 0


def test_the_command_says_what_went_and_lists_it(desk, body, tmp_path, monkeypatch, capsys):
    from api.cli.main import app  # noqa: PLC0415
    from api.cli.withdrawal import FACTS  # noqa: PLC0415

    monkeypatch.setenv("LAKANA_DATABASE_URL", desk.url)
    monkeypatch.setenv("LAKANA_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    *_, service = body
    app(["withdraw", service, "--reason", WHY], standalone_mode=False)
    said = capsys.readouterr().out
    assert re.search(r"(the phone number|le téléphone) +20\d\d-\d\d-\d\d \d\d:\d\d UTC", said)
    assert FACTS.keys() == {each.value for each in PublicFact}
    assert "30 days" in said or "30 jours" in said
    app(["withdraw", "--list"], standalone_mode=False)
    assert f"{service}  owner  {WHY}" in capsys.readouterr().out
    assert (tmp_path / audit.WITHDRAWN).exists()
