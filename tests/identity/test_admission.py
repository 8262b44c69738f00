"""Who comes in, on every route: a credential that is not good is never taken for none."""

from __future__ import annotations

import httpx
import pytest
from starlette.routing import Route

from api.app import create_app
from api.identity.admission import FAILURES_PER_MINUTE, MALFORMED, UNKNOWN
from tests.identity.conftest import QUESTION, bearer, code

pytestmark = pytest.mark.database

UNKNOWN_KEY = "lakana_000000000000_" + "A" * 43
PROBES = {"/livez", "/readyz", "/metrics"}


def test_every_route_but_the_probes_refuses_what_is_not_good(client, settings, url):
    send = client()
    paths = {each.path for each in create_app(settings(), url).routes if isinstance(each, Route)}
    assert paths > PROBES
    for number, path in enumerate(sorted(paths | {"/nowhere"})):
        for method in ("GET", "POST", "HEAD", "DELETE"):
            host = f"192.0.2.{number}"  # an address may fail so often in a minute
            answer = send(method, path, host=host, headers=bearer(UNKNOWN_KEY))
            assert (answer.status_code == 401) == (path not in PROBES), (method, path)
            if not (
                path.startswith("/imports/") or (method, path) == ("POST", "/imports")
            ):  # which want a steward's key
                assert send(method, path, host=host).status_code != 401, (
                    method,
                    path,
                )  # control: without a key it is not 401


def test_a_refusal_says_so_in_the_media_type_that_was_asked_for(client):
    send = client()
    for accept, media_type in (
        ("application/graphql-response+json", "application/graphql-response+json; charset=utf-8"),
        ("text/html", "application/json; charset=utf-8"),
    ):
        answer = send(headers=bearer(UNKNOWN_KEY) | {"accept": accept})
        assert answer.headers["content-type"] == media_type
        assert answer.json() == {"errors": [{"message": UNKNOWN, "extensions": {"code": "UNAUTHENTICATED"}}]}
        assert answer.headers["cache-control"] == "no-store"
        assert "x-request-id" in answer.headers


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "Bearer",
        "Bearer ",
        "Bearer  ",
        "Basic dXNlcjpwYXNz",
        "Token {}",
        "{}",
        "Bearer{}",
        "Bearer {} ",
        "Bearer {},",
        "Bearer {} x",
        "Bearer {}, Bearer {}",
        "Bearer é{}",
        "Bearer\t{}",
        'Bearer "{}"',
    ],
)
def test_a_header_that_is_malformed(client, key, value):
    send, good = client(), key()
    assert send(headers=bearer(good)).status_code == 200
    answer = send(headers={"authorization": value.replace("{}", good).encode("latin-1")})
    assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")
    assert answer.json()["errors"][0]["message"] == MALFORMED


def test_the_scheme_is_told_in_any_case(client, key):
    send, good = client(), key()
    for value in (f"bearer {good}", f"BEARER {good}", f"Bearer   {good}"):
        assert send(headers={"authorization": value}).status_code == 200


def test_two_headers_are_one_too_many(client, key):
    send, good = client(), key()
    for other in (good, UNKNOWN_KEY, ""):
        for pair in ((good, other), (other, good)):
            headers = [("authorization", f"Bearer {each}") for each in pair]
            answer = send(headers=httpx.Headers(headers))
            assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")


def test_a_key_anywhere_else_is_not_looked_at(client, key):
    send, good = client(), key()
    answer = send(path=f"/graphql?access_token={good}", headers={"cookie": f"authorization=Bearer {good}"})
    assert answer.headers["ratelimit"].startswith('"public";')


def test_failures_count_by_prefix_and_address_and_lock_no_good_key_out(client, key):
    send, good = client(), key()
    for _ in range(FAILURES_PER_MINUTE):
        assert send(headers=bearer(UNKNOWN_KEY)).status_code == 401
    answer = send(headers=bearer(UNKNOWN_KEY))
    assert (answer.status_code, code(answer)) == (429, "RATE_LIMITED")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert send(headers=bearer(good)).status_code == 200  # a key with another prefix
    prefix = good.split("_")[1]
    for _ in range(FAILURES_PER_MINUTE):
        assert send(headers=bearer(f"lakana_{prefix}_{'A' * 43}")).status_code == 401
    assert send(headers=bearer(f"lakana_{prefix}_{'A' * 43}")).status_code == 429
    assert send(headers=bearer(good)).status_code == 200  # the good key with the very prefix that is tried
    assert send().status_code == 200
    assert send(host="192.0.2.2", headers=bearer(good)).status_code == 200


def test_good_keys_count_for_no_failure(client, key):
    send, good = client(), key()
    assert {send(headers=bearer(good)).status_code for _ in range(FAILURES_PER_MINUTE + 10)} == {200}


def test_a_refusal_asks_the_database_at_most_once(client, key, monkeypatch):
    from geo.database.session import Session  # noqa: PLC0415

    asked = []
    answer = Session.answer

    async def noted(self, job):
        asked.append(job)
        return await answer(self, job)

    monkeypatch.setattr(Session, "answer", noted)
    send = client()
    for header, times in ((UNKNOWN_KEY, 1), ("lakana_", 0), ("a.b.c", 0), ("", 0)):
        asked.clear()
        assert send(headers=bearer(header)).status_code == 401
        assert len(asked) == times, header
    asked.clear()
    assert send().status_code == 200
    assert len(asked) == 1  # no key is looked up for the public


def test_without_a_database_a_key_is_503_and_not_401(settings, run, tmp_path):
    app = create_app(settings(), f"postgresql://lakana@/none?host={tmp_path}")

    async def ask():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://lakana.test") as http:
            return await http.post("/graphql", json=QUESTION, headers=bearer(UNKNOWN_KEY))

    answer = run(ask())
    assert (answer.status_code, code(answer)) == (503, "UNAVAILABLE")
    assert answer.headers["retry-after"] == "1"


def test_a_page_of_another_origin_can_read_a_refusal(client):
    send = client(cors_origins=("https://front.example",))
    answer = send(headers=bearer(UNKNOWN_KEY) | {"origin": "https://front.example"})
    assert answer.headers["access-control-allow-origin"] == "https://front.example"
    assert "www-authenticate" in answer.headers["access-control-expose-headers"].lower()
    preflight = {
        "origin": "https://front.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, content-type",
    }
    assert send("OPTIONS", headers=preflight).status_code == 200


def test_what_is_reserved_asks_for_a_key(client):
    answer = client()(json={"query": "{ shelters { edges { node { frontGate } } } }"})
    assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")
    assert answer.headers["www-authenticate"] == 'Bearer realm="lakana"'
