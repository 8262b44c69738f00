"""Bad inputs by the thousand: no 5xx, no hang, nothing of the inside told, and a write is done whole or not at all."""

from __future__ import annotations

import gc
import json
import socket
import time
from urllib.parse import urlsplit

import httpx
import psycopg2
import pytest
from graphql import build_schema
from hypothesis import HealthCheck, Phase, given, seed, settings

from api.graphql.schema import sdl
from geo.audience import Audience
from tests.attacks import bad_inputs
from tests.attacks.client import Request
from tests.attacks.operations import successes, surfaces
from tests.attacks.routes import paths
from tests.attacks.size import SIZE
from tests.graphql.test_http import MALFORMED
from tests.served import served

pytestmark = [pytest.mark.database, pytest.mark.slow]

SCHEMA = build_schema(sdl())
DONE = successes(SCHEMA)
ROUND = 1_000
# In percent.
SHARES = {
    "documents of schemathesis": 20,
    "mutations of schemathesis": 10,
    "variables": 25,
    "variables of mutations": 20,
    "broken documents": 10,
    "bodies": 8,
    "addresses": 3,
    "credentials": 4,
}


@pytest.fixture(scope="module")
def client(connect, make_world):
    """A client of a world of its own: what is good by chance is written."""
    return connect(make_world())


@pytest.fixture(scope="module")
def strategies(client, known):
    documents = [bad_inputs.document(each) for each in surfaces(SCHEMA)]
    return {
        "documents of schemathesis": bad_inputs.by_schemathesis(sdl(), "Query"),
        "mutations of schemathesis": bad_inputs.by_schemathesis(sdl(), "Mutation"),
        "variables": bad_inputs.variables(SCHEMA, known, "query"),
        "variables of mutations": bad_inputs.variables(SCHEMA, known, "mutation"),
        "broken documents": bad_inputs.broken_documents(documents),
        "bodies": bad_inputs.bodies(),
        "addresses": bad_inputs.addresses([path for _, path in paths(client.app) if not path.startswith("/maps")]),
        "credentials": bad_inputs.credentials(),
    }


@pytest.fixture(scope="module")
def entries(client):
    """How many entries the audit log has."""
    connection = psycopg2.connect(client.url)
    connection.autocommit = True
    cursor = connection.cursor()

    def count():
        cursor.execute("SELECT coalesce(max(number), 0) FROM audit.entry")
        return cursor.fetchone()[0]

    yield count
    connection.close()


def asked_as(name):
    return Audience.STEWARD if "mutation" in name else Audience.PUBLIC


def wrote(answer):
    """Whether a write says that it was done, now and not before."""
    data = answer.json().get("data") if "json" in answer.headers.get("content-type", "") else None
    return any(isinstance(each, dict) and each.get("__typename") in DONE for each in (data or {}).values())


def sent_at_most(many, strategy, attack):
    """Attack in rounds: hypothesis remembers every example of a round, and slows down over it."""
    for number in range(-(-many // ROUND)):
        bounds = settings(
            max_examples=min(ROUND, many - number * ROUND),
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        seed(number)(bounds(given(strategy)(attack)))()
        gc.collect()


@pytest.mark.parametrize("name", SHARES)
def test_no_bad_input_does_harm(client, strategies, entries, name, figure):
    many = SIZE.bad_inputs * SHARES[name] // 100
    took, began = [], time.monotonic()

    def attack(request):
        before = entries() if "mutation" in name else 0
        gc.disable()  # a pause to collect what hypothesis keeps would look like the server's
        started = time.monotonic()
        answer = client.send(request, asked_as(name))
        took.append(time.monotonic() - started)
        gc.enable()
        wrong = bad_inputs.fault(request, answer, took[-1])
        assert wrong is None, f"{wrong}\n{request}\n{answer.text[:1000]}"
        if "mutation" in name and not wrote(answer):
            # If a mutation does not select __typename, it may have succeeded without our seeing it.
            assert entries() == before or b"__typename" not in request.content, f"written in part\n{request}"

    sent_at_most(many, strategies[name], attack)
    assert len(took) >= many * 0.9
    figure(
        f"bad inputs: {name}",
        f"{len(took):,} in {time.monotonic() - began:.0f} s, slowest {max(took) * 1000:.0f} ms",
        "no 5xx, no hang, nothing told",
    )


def test_a_fault_would_be_seen():
    request = Request("POST", "/graphql", {}, b"{}")

    def answer(status, **error):
        return httpx.Response(
            status, json={"errors": [{"message": "Give a number.", "extensions": {"code": "BAD_USER_INPUT"}} | error]}
        )

    assert bad_inputs.fault(request, answer(400), 0.1) is None
    assert bad_inputs.fault(request, answer(500), 0.1)
    assert bad_inputs.fault(request, answer(400), 6)
    assert bad_inputs.fault(request, answer(200, extensions={"code": "INTERNAL"}), 0.1)
    assert bad_inputs.fault(request, answer(200, message="no"), 0.1)
    for told in (
        'relation "exact.site" does not exist',
        "Traceback (most recent call last)",
        "geo/database/session.py line 48",
        "psycopg2.Error",
    ):
        assert bad_inputs.fault(request, answer(400, message=told), 0.1)


RAW = {
    "nothing": b"",
    "no HTTP": b"hello\r\n\r\n",
    "an old version": b"GET / HTTP/0.9\r\n\r\n",
    "an unknown method": b"BREW /graphql HTTP/1.1\r\nhost: a\r\n\r\n",
    "two lengths": b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n{}",
    "a negative length": b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n{}",
    "length and chunks": b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks that are none": b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n",
    "a huge chunk": b"POST /graphql HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n",
    "a header of 200 kB": b"GET / HTTP/1.1\r\nhost: a\r\nx: " + b"a" * 200_000 + b"\r\n\r\n",
    "10,000 headers": b"GET / HTTP/1.1\r\nhost: a\r\n" + b"x: y\r\n" * 10_000 + b"\r\n",
    "a header cut by a NUL": b"GET / HTTP/1.1\r\nhost: a\r\nx: a\0b\r\n\r\n",
    "bytes above 127": b"GET /\xff\xfe HTTP/1.1\r\nhost: a\r\n\xff: \xfe\r\n\r\n",
    "a path of 100 kB": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nhost: a\r\n\r\n",
    "two keys": b"GET /graphql?query={sources{name}} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer a\r\nauthorization: Bearer b\r\n\r\n",
    "requests in a row": b"GET /livez HTTP/1.1\r\nhost: a\r\n\r\n" * 50,
    "a body that ends early": b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
    "an upgrade": b"GET /graphql HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: x\r\n\r\n",
}


def test_raw_bytes_over_a_socket(world, figure):
    slowest = 0.0
    with served(world) as (address, process):
        where = urlsplit(address)
        for name, sent in {
            **RAW,
            **{f"JSON: {name}": _posted(body) for name, body in MALFORMED.items()},
        }.items():
            started = time.monotonic()
            with socket.create_connection((where.hostname, where.port), timeout=bad_inputs.LONGEST_S) as connection:
                answer = _exchange(connection, sent)
            slowest = max(slowest, time.monotonic() - started)
            assert not any(line.startswith(b"HTTP/1.1 5") for line in answer.splitlines()), name
            leak = bad_inputs.LEAKS.search(answer)
            assert leak is None or name == "requests in a row", (name, leak)
            assert httpx.get(f"{address}/livez").text == "ok", name
            assert process.poll() is None
    figure(
        "bad inputs: raw bytes over a socket",
        f"{len(RAW) + len(MALFORMED)}, slowest {slowest * 1000:.0f} ms",
        "no 5xx, alive",
    )


def _posted(body):
    return (
        b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: %d\r\n\r\n"
        % len(body)
        + body
    )


def _exchange(connection, sent):
    answer = b""
    try:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        while part := connection.recv(65_536):
            answer += part
    except TimeoutError:
        raise
    except OSError:  # the server closed the connection
        pass
    return answer


def test_the_answers_are_the_contracts(client):
    """The codes that bad inputs may bring about are those that the API knows, less the two that are its own fault."""
    from api.errors import INTERNAL, TABLE, VALIDATION_FAILED  # noqa: PLC0415

    assert {*(each.code for each in TABLE.values()), VALIDATION_FAILED, INTERNAL} - bad_inputs.CODES <= {
        "INTERNAL",
        "UNAVAILABLE",
        "CONFLICT",
    }
    assert json.loads(client.send(Request("POST", "/graphql", {"content-type": "application/json"}, b"{")).content)[
        "errors"
    ]
