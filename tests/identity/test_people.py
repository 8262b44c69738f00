"""People: their token says who they are, the database what they may do."""

from __future__ import annotations

import re

import jwt
import pytest

from geo.errors import BadInput
from geo.identity import people
from geo.identity.people import Identity
from geo.identity.scope import Scope
from tests.identity.conftest import AREA, ORGANIZATION, SCOPES, bearer, code
from tests.identity.issuer import AUDIENCE, SUBJECT
from tests.identity.test_keys import GATES, lakana

pytestmark = pytest.mark.database


@pytest.fixture
def send(client, issuer):
    return client(oidc_issuer=issuer.url, oidc_audience=AUDIENCE)


@pytest.mark.parametrize("audience", SCOPES)
def test_a_person_may_what_the_database_says(send, issuer, url, audience):
    token = issuer.token(audience="STEWARD", role="STEWARD", scope="STEWARD")
    stranger = send(json=GATES, headers=bearer(token))
    assert (stranger.status_code, code(stranger)) == (401, "UNAUTHENTICATED")
    people.add(url, Identity(issuer.url, SUBJECT), "Awa", SCOPES[audience])
    answer = send(json=GATES, headers=bearer(token))
    assert answer.json() == {"data": {"shelters": {"edges": []}}}
    assert answer.headers["ratelimit"].startswith(f'"{audience.lower()}";')


def test_revocation_is_at_once_and_can_be_taken_back(send, issuer, url):
    token, person = issuer.token(), Identity(issuer.url, SUBJECT)
    people.add(url, person, "Awa", SCOPES["PLANNER"])
    assert send(headers=bearer(token)).status_code == 200
    with pytest.raises(BadInput, match="known already"):
        people.add(url, person, "Awa", SCOPES["STEWARD"])
    people.revoke(url, person)
    assert send(headers=bearer(token)).status_code == 401
    people.add(url, person, "Awa", Scope("partner", ORGANIZATION))
    assert send(headers=bearer(token)).headers["ratelimit"].startswith('"partner";')
    with pytest.raises(BadInput, match="no person has"):
        people.revoke(url, Identity(issuer.url, "another"))
    with pytest.raises(BadInput, match="no person has"):
        people.revoke(url, Identity("https://another.example", SUBJECT))


def test_a_subject_belongs_to_its_issuer(send, issuer, url):
    people.add(url, Identity("https://another.example", SUBJECT), "Somebody else", SCOPES["STEWARD"])
    assert send(headers=bearer(issuer.token())).status_code == 401


def test_a_good_person_with_a_bad_token(send, issuer, url):
    people.add(url, Identity(issuer.url, SUBJECT), "Awa", SCOPES["PLANNER"])
    for bad in ({"exp": 1}, {"aud": "another"}, {"iss": "https://another.example"}):
        assert send(headers=bearer(issuer.token(**bad))).status_code == 401
    assert send(headers=bearer(jwt.encode(issuer.claims(), "", "none"))).status_code == 401
    assert send(headers=bearer(issuer.token())).status_code == 200


def test_without_the_provider_it_is_503_and_keys_still_work(send, issuer, key):
    issuer.away = True
    answer = send(headers=bearer(issuer.token()))
    assert (answer.status_code, code(answer)) == (503, "UNAVAILABLE")
    assert answer.headers["retry-after"] == "10"
    assert send(headers=bearer(key())).status_code == 200
    assert send().status_code == 200


def test_without_settings_no_token_is_good(client, issuer):
    answer = client()(headers=bearer(issuer.token()))
    assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")
    assert issuer.fetched == 0


def test_the_commands(url, tmp_path):
    who = ("--issuer", "https://id.example", "--subject", "s-9")
    partner = ("--audience", "partner", "--organization", ORGANIZATION, "--area", AREA)
    added = lakana(url, tmp_path, "people", "add", *who, "--name", "Awa", *partner)
    assert (added.returncode, added.stdout) == (0, "")
    line = f"PARTNER\t{ORGANIZATION}\t{AREA}\tAwa\ts-9\thttps://id.example"
    assert f"active\t{line}" in lakana(url, tmp_path, "people", "list").stdout
    assert lakana(url, tmp_path, "people", "revoke", *who).returncode == 0
    assert f"revoked\t{line}" in lakana(url, tmp_path, "people", "list").stdout
    missing = lakana(url, tmp_path, "people", "revoke", "--subject", "s-9")
    assert (missing.returncode, missing.stderr.count("\n")) == (1, 1)
    assert "LAKANA_OIDC_ISSUER" in missing.stderr


def test_the_command_that_invites(url, tmp_path):
    new = ("people", "invite", "--name", "Binta", "--audience", "planner", "--address", "https://lakana.example/")
    made = lakana(url, tmp_path, *new)
    assert re.fullmatch(r"https://lakana\.example/signin#[A-Za-z0-9_-]{43}\n", made.stdout)
    assert "72 hours" in made.stderr
    known = re.search(r"active\tPLANNER\t-\t-\tBinta\t(\w+)\tlakana", lakana(url, tmp_path, "people", "list").stdout)
    assert known
    again = lakana(url, tmp_path, "people", "invite", "--subject", known[1])
    assert again.stdout.startswith("http://localhost:8000/signin#")
    for wrong in (("--subject", "nobody"), ("--name", "Only"), ("--subject", known[1], "--hours", "169"), ()):
        refused = lakana(url, tmp_path, "people", "invite", *wrong)
        assert (refused.returncode, refused.stdout) == (1, "")
    assert lakana(url, tmp_path, "people", "revoke", "--subject", known[1], "--issuer", "lakana").returncode == 0
