"""GraphQL over HTTP: methods, media types, status codes, and everything that is not a request."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import re

import httpx
import pytest
import structlog
from graphql import get_named_type, is_object_type

from api import errors
from api.app import create_app
from api.graphql.compile.reserved import only_by_post
from api.graphql.schema import compiled_schema
from api.http import logs, observation
from api.settings import Settings
from geo.audience import Audience
from geo.database.owner import login_url
from geo.database.pool import Pool
from geo.database.statements import Job, Statement
from geo.errors import Unavailable

pytestmark = pytest.mark.database

GRAPHQL = "application/graphql-response+json"
QUERY = "{ sources { name } }"


def post(http, body, accept="application/json", **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return http(
        "POST", "/graphql", content=content, headers={"content-type": "application/json", "accept": accept, **headers}
    )


def test_post_answers_in_both_media_types(http):
    for accept in ("application/json", GRAPHQL):
        answer = post(http, {"query": QUERY}, accept)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
        assert answer.json()["data"]["sources"]


@pytest.mark.parametrize(
    "accept", ["", "*/*", "application/*", "text/html, */*;q=0.1", f"{GRAPHQL};q=0.1, application/json"]
)
def test_json_is_given_to_who_does_not_mind(http, accept):
    assert post(http, {"query": QUERY}, accept).headers["content-type"].startswith("application/json")


def test_who_refuses_one_type_gets_the_other(http):
    answer = post(http, {"query": QUERY}, "application/json;q=0, */*")
    assert answer.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"


def test_a_client_that_takes_neither_is_told(http):
    answer = post(http, {"query": QUERY}, "image/png")
    assert answer.status_code == 406
    assert "graphql-response" in answer.json()["errors"][0]["message"]


def test_get_answers_without_a_redirect(http):
    answer = http(
        "GET",
        "/graphql",
        params={"query": "query A($f: Int) { services(first: $f) { totalCount } }", "variables": '{"f": 1}'},
    )
    assert answer.status_code == 200
    assert answer.json()["data"]["services"]["totalCount"] > 0


def test_what_leaves_a_trace_is_posted(http):
    locate = (
        '{ exactLocation(shelterId: "00000000-0000-4000-8000-000000000000", purpose: "une raison") { auditEntryId } }'
    )
    retire = 'mutation { retireActor(input: {id: "1", expectedVersion: 1, idempotencyKey: "k"}) { __typename } }'
    for document in (locate, retire):
        answer = http("GET", "/graphql", params={"query": document})
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("path", ["/graphql"])
def test_other_methods_are_not_allowed(http, path):
    for method in ("PUT", "DELETE", "PATCH"):
        assert http(method, path).status_code == 405


def test_operations_are_chosen_by_name(http):
    document = "query A { sources { name } } query B { releasedPeriods { period } }"
    assert "releasedPeriods" in post(http, {"query": document, "operationName": "B"}).json()["data"]
    for name in (None, "C"):
        answer = post(http, {"query": document, "operationName": name}, GRAPHQL)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": "operationName"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query ($f: Int!) { services(first: $f) { totalCount } }"}, "BAD_USER_INPUT"),
        (
            {
                "query": "query ($c: ServiceCategory!) { services(categories: [$c]) { totalCount } }",
                "variables": {"c": "X"},
            },
            "BAD_USER_INPUT",
        ),
        ({"query": "{ services(categories: [X]) { totalCount } }"}, "GRAPHQL_VALIDATION_FAILED"),
    ],
)
def test_what_does_not_validate_is_200_in_json_and_400_in_graphql(http, body, code):
    for accept, status in (("application/json", 200), (GRAPHQL, 400)):
        answer = post(http, body, accept)
        assert answer.status_code == status
        assert answer.json()["errors"][0]["extensions"]["code"] == code
        assert "data" not in answer.json()


MALFORMED = {
    "not JSON": b"{",
    "a number": b"1",
    "null": b"null",
    "a string": b'"query"',
    "a batch": b'[{"query": "{ sources { name } }"}]',
    "empty": b"",
    "invalid UTF-8": b'{"query": "\xff\xfe"}',
    "a lone surrogate": b'{"query": "\\ud800"}',
    "5,000 digits": b'{"query": "{ sources { name } }", "variables": {"a": ' + b"9" * 5000 + b"}}",
    "40,000 levels deep": b'{"query": "{ sources { name } }", "variables": ' + b"[" * 40_000 + b"]" * 40_000 + b"}",
    "NaN": b'{"query": "{ sources { name } }", "variables": {"a": NaN}}',
    "no query": b'{"variables": {}}',
    "an empty query": b'{"query": " "}',
    "a query that is no string": b'{"query": {"a": 1}}',
    "variables that are no object": b'{"query": "{ sources { name } }", "variables": [1]}',
    "an operation name that is no string": b'{"query": "{ sources { name } }", "operationName": 5}',
    "an operation name of 201 characters": b'{"query": "{ sources { name } }", "operationName": "' + b"x" * 201 + b'"}',
    "extensions that are no object": b'{"query": "{ sources { name } }", "extensions": "x"}',
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_not_a_request_is_400(http, name):
    for accept in ("application/json", GRAPHQL):
        answer = post(http, MALFORMED[name], accept)
        assert answer.status_code == 400, answer.text
        [error] = answer.json()["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert error["message"]


def test_100_000_levels_are_too_large_to_be_read(http):
    assert post(http, b"[" * 100_000).status_code == 400
    assert post(http, b"[" * 100_001).status_code == 413


def test_a_body_of_100_kb_is_read_and_one_byte_more_is_not(http):
    def body(size: int) -> bytes:
        frame = b'{"query": "{ sources { name } }"}'
        return frame + b" " * (size - len(frame))

    assert post(http, body(100_000)).status_code == 200
    assert post(http, body(100_001)).status_code == 413


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16; profile=utf-8",
        "application/json; charset=utf-8; charset=utf-16",
        "application/json; charset",
        "application/json@@';charset*0*",
        "application/json" + "; a=b" * 100,
        "",
    ],
)
def test_other_content_types_are_refused(http, content_type):
    answer = http("POST", "/graphql", content=b"{}", headers={"content-type": content_type})
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=utf8",
        'APPLICATION/JSON;charset="UTF-8"',
        "application/json; profile=charset=utf-16",
        'application/json; profile="a; charset=utf-16"',
        "application/json;charset*=utf-16''utf-8",
        "application/json;",
    ],
)
def test_utf_8_by_any_of_its_names_is_read(http, content_type):
    assert post(http, {"query": QUERY}, **{"content-type": content_type}).status_code == 200


def test_a_byte_order_mark_is_passed_over(http):
    answer = post(http, b"\xef\xbb\xbf" + json.dumps({"query": QUERY}).encode())
    assert answer.status_code == 200
    assert answer.json()["data"]["sources"]


def test_a_compressed_body_is_refused_by_name(http):
    body = gzip.compress(json.dumps({"query": QUERY}).encode())
    answer = post(http, body, **{"content-encoding": "gzip"})
    assert answer.status_code == 415
    assert answer.headers["accept-encoding"] == "identity"
    assert "identity" in answer.json()["errors"][0]["message"]
    assert post(http, {"query": QUERY}, **{"content-encoding": "identity"}).status_code == 200


def test_a_slash_at_the_end_changes_nothing(http):
    for method, options in (("POST", {"json": {"query": QUERY}}), ("GET", {"params": {"query": QUERY}})):
        plain, slashed = http(method, "/graphql", **options), http(method, "/graphql/", **options)
        assert (plain.status_code, plain.content) == (slashed.status_code, slashed.content)
        assert plain.json()["data"]["sources"]


PERSONAL = [
    ("nearestServices(origin: $place) { distanceMetres }", {"place": {"lon": -5.6, "lat": 11.3}}),
    ("competentActors(at: $place) { certain }", {"place": {"lon": -5.6, "lat": 11.3}}),
    ("shelters(forSex: $sex) { totalCount }", {"sex": "GIRL"}),
    (
        "...Options } fragment Options on Query { referralOptions(at: $place, incidentType: OTHER) { __typename }",
        {"place": {"lon": -5.6, "lat": 11.3}},
    ),
]


@pytest.mark.parametrize(("selection", "variables"), PERSONAL)
def test_where_a_child_is_goes_by_post(http, selection, variables):
    query = f"query ({'$sex: Sex' if 'sex' in variables else '$place: PointInput!'}) {{ {selection} }}"
    answer = http("GET", "/graphql", params={"query": query, "variables": json.dumps(variables)})
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert "points, an age or a sex" in answer.json()["errors"][0]["message"]
    assert post(http, {"query": query, "variables": variables}).status_code == 200


def test_every_argument_that_may_tell_of_a_child_is_marked():
    """By what its type leads to, and by its name."""

    def leads_to(type_, kinds):
        named = get_named_type(type_)
        inner = getattr(named, "fields", {}).values()
        return named.name in kinds or any(leads_to(each.type, kinds) for each in inner)

    schema = compiled_schema()
    fields = (field for each in schema.type_map.values() if is_object_type(each) for field in each.fields.items())
    found = {
        (name, argument): only_by_post(given) and (given.description or "").endswith("By POST only.")
        for name, field in fields
        if name not in schema.mutation_type.fields  # type: ignore[union-attr]
        for argument, given in field.args.items()
        if leads_to(given.type, {"PointInput", "Sex"}) or re.search(r"^age|Age", argument)
    }
    assert all(found.values()), found
    assert {"origin", "at", "age", "sex", "candidates"} <= {argument for _, argument in found}


def test_a_browser_gets_graphiql_and_it_loads_nothing_from_elsewhere(http):
    page = http("GET", "/graphql", headers={"accept": "text/html,application/xhtml+xml"})
    assert page.status_code == 200
    assert "http://" not in page.text
    assert "https://" not in page.text
    for asset in (
        "graphiql.min.js",
        "graphiql.min.css",
        "react.production.min.js",
        "react-dom.production.min.js",
        "start.js",
    ):
        assert f"/assets/graphiql/{asset}" in page.text or asset == "page.css"
        assert http("GET", f"/assets/graphiql/{asset}").status_code == 200


def test_the_schema_is_served(http):
    answer = http("GET", "/schema.graphql")
    assert answer.text.startswith('"""')
    assert http("GET", "/schema.graphql", headers={"if-none-match": answer.headers["etag"]}).status_code == 304


def test_introspection_is_on(http):
    from graphql import build_client_schema, get_introspection_query, print_schema  # noqa: PLC0415

    answer = post(http, {"query": get_introspection_query()}).json()
    assert "type Shelter implements Node" in print_schema(build_client_schema(answer["data"]))


def test_probes_and_figures(http):
    assert http("GET", "/livez").text == "ok"
    assert http("GET", "/readyz").text == "ready"
    post(http, {"query": "{ nothing }"})
    figures = http("GET", "/metrics").text
    assert 'lakana_http_requests_total{route="/graphql",status="200"}' in figures
    assert 'lakana_graphql_errors_total{code="GRAPHQL_VALIDATION_FAILED"}' in figures


def test_cors_is_for_the_origins_named(http):
    preflight = {
        "origin": "https://front.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    assert (
        http("OPTIONS", "/graphql", headers=preflight).headers["access-control-allow-origin"] == "https://front.example"
    )
    other = preflight | {"origin": "https://other.example"}
    assert "access-control-allow-origin" not in http("OPTIONS", "/graphql", headers=other).headers


def test_a_request_id_is_kept_or_made(http):
    assert post(http, {"query": QUERY}, **{"x-request-id": "abc-1"}).headers["x-request-id"] == "abc-1"
    assert len(post(http, {"query": QUERY}, **{"x-request-id": "a b"}).headers["x-request-id"]) == 16


@pytest.fixture
def configure_logs(monkeypatch):
    """Configure logs as they are served, for one test: a logger keeps the stream that it first wrote to."""
    monkeypatch.setattr(logging.root, "handlers", list(logging.root.handlers))
    for module in (observation, errors):
        monkeypatch.setattr(module, "log", structlog.get_logger("lakana"))
    yield logs.configure
    structlog.reset_defaults()


def test_the_log_tells_no_argument(http, run, capsys, configure_logs):
    configure_logs()
    post(http, {"query": "{ nearestServices(origin: {lon: -5.123456, lat: 11.654321}) { distanceMetres } }"})
    http(
        "GET",
        "/graphql",
        params={"query": "{ nearestServices(origin: {lon: -5.123456, lat: 11.654321}) { distanceMetres } }"},
    )
    post(http, {"query": '{ adminAreas(parentCode: "-5.123456") { totalCount } }'})
    run(asyncio.sleep(2 * logs.TOGETHER_S))
    logged = capsys.readouterr()
    assert "request_id" in logged.err
    assert "5.123456" not in logged.err + logged.out


def test_without_a_database_the_answer_is_503_and_livez_is_untouched(run, tmp_path):
    app = create_app(Settings(connections=1), f"postgresql://lakana@/none?host={tmp_path}")

    async def ask():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://lakana.test") as client:
            answer = await client.post("/graphql", json={"query": QUERY})
            return answer, await client.get("/readyz"), await client.get("/livez")

    answer, readyz, livez = run(ask())
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert answer.json()["data"] is None
    assert readyz.status_code == 503
    assert livez.status_code == 200


def test_what_could_be_answered_is_200_beside_what_could_not(run, seeded_url, monkeypatch):
    """One root field of a dashboard is answered, another finds the service busy."""
    documents = {
        200: "{ sources { name } a: services { totalCount } }",
        503: "{ a: services { totalCount } b: services { totalCount } __typename }",
    }
    app = create_app(Settings(), seeded_url)
    run_jobs = Pool.run

    async def busy(self, jobs, *rest):
        answers = await run_jobs(self, jobs, *rest)
        return [
            Unavailable("Busy.", 3) if "totalCount" in job.statement.sql else each
            for job, each in zip(jobs, answers, strict=True)
        ]

    monkeypatch.setattr(Pool, "run", busy)

    async def ask(document):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://lakana.test") as client:
            return await client.post("/graphql", json={"query": document})

    partly, not_at_all = (run(ask(documents[status])) for status in (200, 503))
    app.state.resources.close()
    assert partly.status_code == 200
    assert partly.json()["data"]["sources"]
    assert partly.json()["data"]["a"] is None
    assert [each["path"] for each in partly.json()["errors"]] == [["a"]]
    assert "retry-after" not in partly.headers
    assert (not_at_all.status_code, not_at_all.headers["retry-after"]) == (503, "3")
    assert not_at_all.json()["data"] is None


def test_a_full_pool_turns_away_within_two_seconds(run, seeded_url, pool):
    small = Pool(login_url(seeded_url, Audience.PUBLIC), 1, 5_000)
    sleep = Job(Statement("SELECT 'slept' FROM pg_sleep(3)", (), {}), ())

    async def ask():
        loop = asyncio.get_running_loop()
        busy = asyncio.ensure_future(small.run([sleep], "one"))
        await asyncio.sleep(0.2)
        started = loop.time()
        with pytest.raises(Unavailable):
            await small.run([sleep], "one")
        waited = loop.time() - started
        return waited, await busy

    waited, slept = run(ask())
    small.close()
    assert waited < 2
    assert slept == ["slept"]


def test_a_response_of_more_than_2_mb_is_not_sent(http):
    outlines = "adminAreas(level: ADM1, first: 18) { edges { node { parent { geometry } } } }"
    fits, large = ("{ " + " ".join(f"a{number}: {outlines}" for number in range(many)) + " }" for many in (2, 9))
    assert "errors" not in post(http, {"query": fits}).json()
    answer = post(http, {"query": large})
    assert answer.status_code == 200
    assert answer.json()["data"] is None
    assert answer.json()["errors"][0]["extensions"] == {"code": "TOO_COSTLY"}
    assert "2 MB" in answer.json()["errors"][0]["message"]
