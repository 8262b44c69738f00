"""The place of one confidential site, and whom to call about it, stand nowhere: in no answer, log, figure or error."""

from __future__ import annotations

import base64
import os
import signal
import struct
import threading
import time
from urllib.parse import urlencode

import httpx
import psycopg2
import pytest
from psycopg2 import errors

from geo.audience import Audience
from geo.cluster import postmaster
from geo.coordinates import LonLat
from geo.database.owner import login_url, owner_engine, owner_transaction
from geo.vocabulary import IncidentType, ServiceCategory
from tests import throwaway
from tests.attacks.canary import forms, geohash, traces
from tests.attacks.client import PEPPER, SETTINGS, WITHOUT_CUSTODIAN, Request, posted
from tests.attacks.exports import opened
from tests.attacks.size import SIZE
from tests.attacks.worlds import CANARY, CANARY_CONTACT, quietly, targets
from tests.served import served
from tests.throwaway import server_log

pytestmark = [pytest.mark.database, pytest.mark.slow]

CANARY_FORMS = forms(CANARY)
SHELTERS = "{ shelters(first: 100) { edges { node { id confidential location { point } } } } }"
MOVE = """mutation ($id: ID!, $version: Int!, $lon: Float!, $lat: Float!, $key: String!) {
  updateShelter(input: {
    id: $id, expectedVersion: $version, changes: {point: {lon: $lon, lat: $lat}}, idempotencyKey: $key
  }) {
    __typename ... on ShelterUpdated { shelter { location { point locality { name } adminArea { code } } } }
    ... on ValidationError { field } ... on WriteError { message } } }"""
FRONT_GATE = "query ($id: ID!) { node(id: $id) { ... on Shelter { frontGate } } }"
LOCATE = (
    "query ($id: ID!, $purpose: String!) { exactLocation(shelterId: $id, purpose: $purpose) { point auditEntryId } }"
)
NATIONS = "{ adminAreas(level: ADM0, first: 9) { edges { node { areaCode } } } }"
PATHWAY = """query ($incident: IncidentType!, $nation: AreaCode) {
  responsePathway(incidentType: $incident, areaCode: $nation) {
    incidentType stages { stage steps { category kinds reportTo whatToDo guidance { note } } } } }"""
BESIDE = {"lat": "11.8", "lon": "-7.1"}
"""A place in the canary's zone, as a case worker gives it."""
LOG = (
    "{ auditEntries(first: 100) { edges { node { "
    "subjectKind subjectId subject { id } action before after sealedDigest id } } } }"
)


class Server:
    """A served world, and everything that came out of it."""

    def __init__(self, client, url, keys, log):
        self.url, self.keys, self.log = url, keys, log
        self.told = {}
        self.codes = set()
        self._http = client

    def send(self, request, audience=Audience.PUBLIC, *, keep=True):
        headers = {**request.headers, "x-request-id": "canary"}
        if audience in self.keys:
            headers["authorization"] = f"Bearer {self.keys[audience]}"
        answer = self._http.request(request.method, request.path, headers=headers, content=request.content)
        if keep:
            whole = repr(answer.headers.multi_items()).encode() + opened(answer.content)
            self.told.setdefault(audience, []).append((request, whole))
        if "json" in answer.headers.get("content-type", "") and b'"errors"' in answer.content:
            self.codes |= {each["extensions"]["code"] for each in answer.json().get("errors", ())}
        return answer


@pytest.fixture(scope="module")
def plans(planned):
    """What is asked of the server, less what names the canary's place itself."""
    return {
        audience: [each for each in planned(audience) if not traces(str(each).encode(), CANARY_FORMS)]
        for audience in WITHOUT_CUSTODIAN
    }


@pytest.fixture(scope="module")
def server(make_world, planted, plans, tmp_path_factory):
    """A server that has been asked everything, and in which everything has gone wrong."""
    url, log = make_world(), tmp_path_factory.mktemp("canary") / "server.log"
    budgets = SETTINGS.model_dump_json(include={"cost_per_minute"}).partition(":")[2][:-1]
    environment = {"LAKANA_KEY_PEPPER": PEPPER.hex(), "LAKANA_COST_PER_MINUTE": budgets}
    with (
        served(url, log=str(log), **environment) as (address, _),
        httpx.Client(base_url=address, timeout=20) as client,
    ):
        server = Server(client, url, planted[1], log)
        write(server)
        for audience, requests in plans.items():
            for each in requests[:: SIZE.again if audience is Audience.PUBLIC else 4 * SIZE.again]:
                server.send(each, audience)
        [target] = [each for each in targets(url) if each.exact == CANARY]
        for audience in (Audience.PUBLIC, Audience.PARTNER):
            server.send(posted(FRONT_GATE, {"id": target.shelter_id}), audience)
        ask_as_case_worker(server)
        go_wrong(server)
        server.send(posted(LOG), Audience.STEWARD)
        for path in ("/metrics", "/schema.graphql"):
            server.send(Request("GET", path))
    return server


def write(server):
    """A steward enters the canary's place again, rightly and wrongly, and a custodian asks for it."""
    [target] = [each for each in targets(server.url) if each.exact == CANARY]
    for number, (version, lon, said) in enumerate(
        # No version reveals the move, either.
        [(1, CANARY.lon + 0.05, b"ShelterUpdated"), (1, CANARY.lon, b"ShelterUpdated"), (999, CANARY.lon, b"Conflict")]
    ):
        variables = {
            "id": target.shelter_id,
            "version": version,
            "lon": lon,
            "lat": CANARY.lat,
            "key": f"canary {number}",
        }
        assert said in server.send(posted(MOVE, variables), Audience.STEWARD).content
    told = server.send(
        posted(LOCATE, {"id": target.shelter_id, "purpose": "Accompagner un enfant"}), Audience.CUSTODIAN, keep=False
    )
    assert traces(told.content, CANARY_FORMS), "the custodian was to be told the place"
    server.send(posted(LOCATE, {"id": target.shelter_id, "purpose": "x"}), Audience.CUSTODIAN)


def ask_as_case_worker(server):
    """Everybody asks beside the canary's place what to do about each kind of incident, on the page, by message, by nation."""
    nations = [each["node"]["areaCode"] for each in server.send(posted(NATIONS)).json()["data"]["adminAreas"]["edges"]]
    form = {"content-type": "application/x-www-form-urlencoded"}
    texts = [urlencode({"place": f"{BESIDE['lat']} {BESIDE['lon']}", "need": need.name}) for need in ServiceCategory]
    for audience in WITHOUT_CUSTODIAN:
        for incident in IncidentType:
            asked = urlencode({**BESIDE, "incident": incident.name, "age": "14", "sex": "GIRL"})
            server.send(Request("POST", "/nearest", form, asked.encode()), audience)
            for nation in (*nations, None):
                server.send(posted(PATHWAY, {"incident": incident.name, "nation": nation}), audience)
        for asked in texts:
            server.send(Request("POST", "/nearest.txt", form, asked.encode()), audience)


def go_wrong(server):
    """Statements run out of time, connections are cut, and a row is refused by the database itself."""
    shelters = posted(SHELTERS)
    for cut in (False, True):
        with psycopg2.connect(server.url) as connection, connection.cursor() as cursor:
            cursor.execute("LOCK TABLE lakana.service, exact.site IN ACCESS EXCLUSIVE MODE")
            if cut:
                threading.Timer(0.5, cut_connections, [server.url]).start()
            server.send(shelters)
        connection.close()
    with psycopg2.connect(login_url(server.url, Audience.STEWARD)) as connection, connection.cursor() as cursor:
        place = f"SRID=4326;POINT({CANARY.lon} {CANARY.lat})"
        cursor.execute("SELECT service_id FROM lakana.shelter LIMIT 1")
        with pytest.raises(errors.NotNullViolation):
            cursor.execute("SELECT exact.settle(%s, %s, NULL, NULL, NULL)", (*cursor.fetchone(), place))
    connection.close()
    for body in (b"{", b'{"query": "{ nothing }"}', b"[]"):
        server.send(Request("POST", "/graphql", {"content-type": "application/json"}, body))


def cut_connections(url):
    with owner_engine(url).connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND usename LIKE 'lakana_%%' AND pid <> pg_backend_pid()"
        )


def test_things_went_wrong(server):
    assert {"TIMEOUT", "BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED", "UNAUTHENTICATED"} <= server.codes
    assert server.codes & {"UNAVAILABLE", "TIMEOUT"}


def test_the_case_worker_is_answered_beside_the_canary(server):
    """Else nothing would be searched for: of each kind of incident there is an answer, and of some a pathway."""
    for told in (server.told[each] for each in WITHOUT_CUSTODIAN):
        assert sum(each.path == "/nearest" and each.method == "POST" for each, _ in told) >= len(IncidentType)
        assert sum(each.path == "/nearest.txt" for each, _ in told) >= len(ServiceCategory)
        assert any(b'"stages":[{' in whole for _, whole in told)


def test_no_answer_tells_the_canary(server, figure):
    found = [
        (audience, str(request)[:200], each)
        for audience, answers in server.told.items()
        for request, whole in answers
        if (each := traces(whole, CANARY_FORMS))
    ]
    assert found == []
    many, size = sum(map(len, server.told.values())), sum(len(w) for each in server.told.values() for _, w in each)
    figure(
        "canary: answers of a server searched, forms looked for",
        f"{many:,} ({size / 1e6:.1f} MB), {len(CANARY_FORMS)}",
        "none found",
    )


def test_the_audit_log_has_the_move_seals_the_place_and_shows_stewards_neither(server):
    [log] = [whole for request, whole in server.told[Audience.STEWARD] if LOG.encode() in request.content]
    assert b'"edges":[{' in log
    assert b'"subjectKind":"SITE"' not in log
    with owner_transaction(server.url) as connection:
        entries = connection.exec_driver_sql(
            "SELECT before, after, sealed_digest FROM audit.entry WHERE subject = 'site'"
        )
        written = entries.all()
    assert written
    assert all(each.sealed_digest for each in written)
    assert traces(repr(written).encode(), CANARY_FORMS) == []


def test_the_front_gate_is_told_to_partners_and_never_to_the_public(server):
    contact = CANARY_CONTACT.encode()
    assert not any(contact in whole for _, whole in server.told[Audience.PUBLIC])
    assert any(contact in whole for _, whole in server.told[Audience.PARTNER])


def test_no_log_tells_the_canary(server, figure):
    logs = {"server": server.log.read_bytes()}
    assert b'"route"' in logs["server"] or b"route=" in logs["server"], "the server has logged nothing"
    postgresql = server_log(server.url)
    if postgresql:
        logs["PostgreSQL"] = postgresql.read_bytes()
        assert b"violates not-null constraint" in logs["PostgreSQL"]
    for name, text in logs.items():
        assert traces(text, CANARY_FORMS) == [], name
        assert CANARY_CONTACT.encode() not in text, name
    figure(
        "canary: logs searched",
        ", ".join(f"{name} {len(text) / 1e3:.0f} kB" for name, text in logs.items()),
        "none found",
    )


def recovered(url, log):
    """Return what the log says when the server has recovered from a crash: until then it neither answers nor stops."""
    for _ in range(300):
        said = log.read_bytes()
        try:
            psycopg2.connect(url).close()
        except psycopg2.OperationalError:
            pass
        else:
            if b"was terminated by signal 9" in said:
                return said
        time.sleep(0.1)
    pytest.fail("the server did not come back")


@pytest.mark.parametrize("verbosity", ["terse", pytest.param("default", marks=pytest.mark.control)])
def test_a_crash_logs_what_ran_only_without_our_settings(monkeypatch, verbosity):
    monkeypatch.setitem(postmaster.SETTINGS, "log_error_verbosity", verbosity)
    with throwaway.running_cluster() as url:
        connection = psycopg2.connect(url)
        pid = connection.info.backend_pid
        log = server_log(url)

        def run():
            with pytest.raises(psycopg2.OperationalError):
                connection.cursor().execute(f"SELECT point({CANARY.lon}, {CANARY.lat}), pg_sleep(30)")

        thread = threading.Thread(target=run)
        thread.start()
        time.sleep(0.5)
        os.kill(pid, signal.SIGKILL)
        thread.join()
        said = recovered(url, log)
    assert bool(traces(said, CANARY_FORMS)) == (verbosity == "default")


LON, LAT = CANARY.lon, CANARY.lat
PLANTED = {
    "degrees": b'{"coordinates": [-7.123457, 11.765433]}',
    "four decimals": b"at -7.1235 E",
    "a comma": "à -7,123457".encode(),
    "latitude alone": b"lat=11.76543",
    "well-known text": b"POINT(-7.123457 11.765433)",
    "well-known binary": struct.pack("<BIdd", 1, 1, LON, LAT).hex().upper().encode(),
    "the other byte order": struct.pack(">BIdd", 0, 1, LON, LAT).hex().encode(),
    "raw bytes": struct.pack("<dd", LON, LAT),
    "a cursor": base64.b64encode(b'["foyer baobab", -7.123457, 11.765433]'),
    "binary in base64": base64.urlsafe_b64encode(struct.pack("<BIdd", 1, 1, LON, LAT)),
    "a geohash": b"near " + geohash(CANARY, 9).encode(),
    "a tile": b"/tiles/14/7867/7652.mvt",
    "minutes and seconds": "7°07'24\" O".encode(),
}


@pytest.mark.parametrize("name", PLANTED)
def test_the_canary_is_found_where_it_is_planted(name):
    assert traces(PLANTED[name], CANARY_FORMS)


def test_the_geohash_is_the_known_one():
    assert geohash(LonLat(lon=-5.6, lat=42.6), 5) == "ezs42"


def test_postgis_writes_what_is_looked_for(world):
    with owner_transaction(world) as connection:
        texts = connection.exec_driver_sql(
            "SELECT x.point::text, ST_AsText(x.point), ST_AsGeoJSON(x.point, 5), ST_GeoHash(x.point::geometry, 8) "
            "FROM exact.site x WHERE abs(ST_X(x.point::geometry) - %s) < 1e-6",
            (CANARY.lon,),
        ).one()
    assert all(traces(each.encode(), CANARY_FORMS) for each in texts)


def test_a_world_that_tells_is_found_out(make_world, connect, plans):
    url = make_world()
    with quietly(url) as connection:
        connection.exec_driver_sql("ALTER TABLE lakana.service DROP CONSTRAINT service_confidential_check")
        connection.exec_driver_sql("ALTER TABLE lakana.service DISABLE TRIGGER hide_confidential_site")
        connection.exec_driver_sql(
            "UPDATE lakana.service s SET point = x.point FROM exact.site x WHERE x.service_id = s.id"
        )
    client = connect(url)
    assert any(traces(client.send(each).content, CANARY_FORMS) for each in plans[Audience.PUBLIC])
