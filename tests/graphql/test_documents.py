"""Documents that a request names by their hash: registered, or sent once with it."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from api.cli import documents as command
from api.graphql.compile.response import Refused
from api.http.documents import KEPT_BYTES, Documents
from api.http.graphql_request import Asked
from geo.audience import Audience, Caller
from geo.errors import BadInput
from geo.identity import documents
from geo.identity.documents import digest_of
from tests.graphql.conftest import talking

pytestmark = pytest.mark.database

GRAPHQL = "application/graphql-response+json"
QUERY = "{ sources { name } }"
OTHER = "query Other { sources { url } }"
PRIVATE = '{ places(search: "koutyala", first: 1) { matchedName } }'
AUDIT = "query Audit { auditEntries(first: 3) { edges { node { __typename } } } }"
NOT_FOUND = {"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}
NOT_SUPPORTED = {"message": "PersistedQueryNotSupported", "extensions": {"code": "PERSISTED_QUERY_NOT_SUPPORTED"}}


def named(text, version=1):
    return {"extensions": {"persistedQuery": {"version": version, "sha256Hash": digest_of(text)}}}


def post(http, body, accept="application/json", **headers):
    return http("POST", "/graphql", json=body, headers={"accept": accept, **headers})


@pytest.fixture
def http(run, seeded_url):
    """A server of its own, which knows no document yet."""
    with talking(run, seeded_url) as send:
        yield send


@pytest.fixture
def registered(seeded_url):
    """Register a document, for one test."""
    added = []

    def add(text):
        added.extend(documents.add(seeded_url, [text]))
        return f"sha256:{added[-1]}"

    yield add
    for each in added:
        documents.remove(seeded_url, each)


def test_a_client_of_apollo_s_sends_a_document_once(http):
    for accept, status in (("application/json", 200), (GRAPHQL, 400)):
        answer = post(http, named(OTHER), accept)
        assert (answer.status_code, answer.json()) == (status, {"errors": [NOT_FOUND]})
        assert answer.headers["cache-control"] == "no-store"
    whole = post(http, {"query": OTHER, **named(OTHER)}).json()
    assert whole["data"]["sources"]
    assert post(http, named(OTHER)).json() == whole
    by_get = http("GET", "/graphql", params={"extensions": json.dumps(named(OTHER)["extensions"])})
    assert by_get.json() == whole
    assert by_get.headers["cache-control"].startswith("public")


def test_a_hash_of_another_document_is_refused(http):
    answer = post(http, {"query": QUERY, **named(OTHER)})
    assert answer.status_code == 400
    assert "SHA-256" in answer.json()["errors"][0]["message"]
    assert post(http, named(OTHER)).json() == {"errors": [NOT_FOUND]}


def test_what_is_refused_is_not_kept(http):
    bad = "{ nothing }"
    assert (
        post(http, {"query": bad, **named(bad)}).json()["errors"][0]["extensions"]["code"]
        == "GRAPHQL_VALIDATION_FAILED"
    )
    assert post(http, named(bad)).json() == {"errors": [NOT_FOUND]}


def test_another_protocol_is_not_supported(http):
    assert post(http, named(QUERY, version=2)).json() == {"errors": [NOT_SUPPORTED]}
    assert post(http, {"extensions": {"persistedQuery": "no"}}).json() == {"errors": [NOT_SUPPORTED]}


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": "ABC"},
        {"documentId": 1},
        {"documentId": "md5:" + "0" * 64},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "A" * 64}}},
        {"extensions": {"persistedQuery": {"version": 1}}},
        {"query": 1, "documentId": "sha256:" + "0" * 64},
    ],
)
def test_a_malformed_name_is_told(http, body):
    answer = post(http, body)
    assert answer.status_code == 400
    message = answer.json()["errors"][0]["message"]
    assert "64 hexadecimal digits" in message or "as a string" in message


def test_a_registered_document_is_run_by_its_id(http, registered):
    document = "query Registered($n: Int!) { services(first: $n) { totalCount } }"
    name = registered(document)
    variables = {"n": 2}
    whole = post(http, {"query": document, "variables": variables}).json()
    assert whole["data"]["services"]["totalCount"] > 0
    assert post(http, {"documentId": name, "variables": variables}).json() == whole
    assert post(http, {**named(document), "variables": variables}).json() == whole
    by_get = http("GET", "/graphql", params={"documentId": name, "variables": json.dumps(variables)})
    assert by_get.json() == whole
    again = http(
        "GET",
        "/graphql",
        params={"documentId": name, "variables": json.dumps(variables)},
        headers={"if-none-match": by_get.headers["etag"]},
    )
    assert again.status_code == 304


def test_an_unknown_id_is_told_as_to_apollo(http):
    assert post(http, {"documentId": "sha256:" + "0" * 64}).json() == {"errors": [NOT_FOUND]}


def test_what_a_caller_chose_is_kept_for_them_alone(run, resources, operations):
    """The hash of a document that writes out a place would tell whether somebody else has asked for it.

    So would that of a shared one which only a holder of a key can have sent.
    """
    steward, partner = Caller(Audience.STEWARD, "key one"), Caller(Audience.PARTNER, "key other")
    public, elsewhere = (Caller(Audience.PUBLIC, "public", address=each) for each in ("192.0.2.1", "192.0.2.2"))
    for document, one, shared in (
        (QUERY, public, True),
        (PRIVATE, public, False),
        (QUERY, steward, False),
        (AUDIT, steward, False),
        (PRIVATE, partner, False),
    ):
        kept, digest = Documents(resources.gate), digest_of(document)
        kept.keep(Asked(document, digest, None, {}, 0), operations.get(document, None, one), one)
        asked = Asked(None, digest, None, {}, 0)
        assert run(kept.text(asked, one)) == document
        for other in (each for each in (steward, partner, public, elsewhere) if each is not one):
            if shared:
                assert run(kept.text(asked, other)) == document
            else:
                with pytest.raises(Refused) as refused:
                    run(kept.text(asked, other))
                assert refused.value.errors == [NOT_FOUND]


def test_no_caller_puts_out_what_is_registered(resources):
    kept = Documents(resources.gate)
    for number in range(3):
        kept._sent.put((str(number), None), "x" * KEPT_BYTES, KEPT_BYTES)
    assert len(kept._sent) == 1
    assert kept._read.size_bytes == 0


def test_a_personal_document_goes_by_post_under_any_name(http, registered):
    document = "query ($at: PointInput!) { competentActors(at: $at, kind: SOCIAL_SERVICE) { basis } }"
    name, variables = registered(document), {"at": {"lon": -8, "lat": 12.6}}
    assert post(http, {"documentId": name, "variables": variables}).json()["data"]["competentActors"]
    answer = http("GET", "/graphql", params={"documentId": name, "variables": json.dumps(variables)})
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_a_file_holds_one_document_or_many_by_their_hashes(tmp_path):
    one, many, manifest = tmp_path / "one.graphql", tmp_path / "many.json", tmp_path / "manifest.json"
    one.write_text(f"\n{QUERY}\n", encoding="utf-8")
    many.write_text(json.dumps({digest_of(QUERY): QUERY, digest_of(OTHER): OTHER}), encoding="utf-8")
    manifest.write_text(json.dumps({"operations": [{"id": digest_of(OTHER), "body": OTHER}]}), encoding="utf-8")
    assert [command._checked(each) for each in (one, many, manifest)] == [[QUERY], [QUERY, OTHER], [OTHER]]


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.graphql", "{ nothing }", "Cannot query field"),
        ("a.graphql", "{", "Syntax Error"),
        ("a.graphql", "fragment a on Query { __typename }", "never used"),
        ("a.json", '{"00": "{ sources { name } }"}', "is not the SHA-256"),
        ("a.json", "[1]", "by their hashes"),
        ("a.json", "{", "by their hashes"),
    ],
)
def test_a_file_that_would_not_run_is_refused(tmp_path, name, text, problem):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        command._checked(file)
    assert problem in str(refused.value)
    assert name in str(refused.value)


def test_the_command_registers_lists_and_removes(seeded_url, tmp_path, monkeypatch):
    monkeypatch.setenv("LAKANA_DATABASE_URL", seeded_url)
    file = tmp_path / "a.graphql"
    file.write_text(OTHER, encoding="utf-8")
    run = CliRunner().invoke
    assert run(command.documents_app, ["add", str(file)]).stdout == f"sha256:{digest_of(OTHER)}\n"
    assert run(command.documents_app, ["add", str(file)]).exit_code == 0
    listed = run(command.documents_app, ["list"]).stdout
    assert [each for each in listed.splitlines() if digest_of(OTHER) in each and "query Other" in each]
    assert run(command.documents_app, ["remove", f"sha256:{digest_of(OTHER)}"]).exit_code == 0
    assert isinstance(run(command.documents_app, ["remove", digest_of(OTHER)]).exception, BadInput)
