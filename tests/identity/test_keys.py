"""Keys: made, shown once, looked up, listed, revoked."""

from __future__ import annotations

import datetime as dt
import hmac
import os
import re
import subprocess

import pytest
from sqlalchemy.exc import IntegrityError

from geo.audience import Audience
from geo.database.owner import owner_transaction
from geo.errors import BadInput
from geo.identity import keys, people
from geo.identity.keys import Token
from geo.identity.people import Identity
from geo.identity.scope import Scope
from tests.identity.conftest import AREA, ORGANIZATION, PEPPER, SCOPES, bearer, code
from tests.persons import somebody
from tests.served import LAKANA

pytestmark = pytest.mark.database

NOW = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)
GATES = {"query": "{ shelters(first: 1) { edges { node { frontGate } } } }"}


def execute(url, statement, *values):
    with owner_transaction(url) as connection:
        return connection.exec_driver_sql(statement, values)


@pytest.mark.parametrize("audience", SCOPES)
def test_a_key_opens_what_its_audience_may_see(client, key, audience):
    send = client()
    assert send(json=GATES).status_code == 401
    answer = send(json=GATES, headers=bearer(key(audience)))
    assert answer.status_code == 200
    assert answer.json() == {"data": {"shelters": {"edges": []}}}
    assert answer.headers["ratelimit"].startswith(f'"{audience.lower()}";')


def test_a_caller_is_known_by_prefix_organisation_and_area(url, run, key):
    from api.identity.lookups import Lookups  # noqa: PLC0415
    from geo.service import Resources  # noqa: PLC0415

    token = Token.parse(key(scope=Scope("partner", ORGANIZATION.upper(), AREA)))
    assert token is not None
    resources = Resources(url, 1)
    row = run(Lookups(resources.gate, "keys", keys.lookup).row(token.prefix))
    caller = token.caller(row, bytes.fromhex(PEPPER))
    resources.close()
    with owner_transaction(url) as connection:
        organization = connection.exec_driver_sql(
            "SELECT id::text FROM lakana.organization WHERE name = %s", (ORGANIZATION,)
        ).scalar()
        area = connection.exec_driver_sql("SELECT id::text FROM lakana.admin_area").scalar()
    assert caller is not None
    assert (caller.audience, caller.holder) == (Audience.PARTNER, f"key:{token.prefix}")
    assert (caller.organization_id, caller.area_id) == (organization, area)


def test_what_a_key_writes_is_written_down_under_its_prefix(client, key, url):
    send = client()
    document = (
        "mutation ($name: String!) { createOrganization(input: {idempotencyKey: $name, name: $name, kind: NGO}) "
        "{ __typename } }"
    )
    for audience, status in (("PARTNER", 403), ("PLANNER", 403), ("STEWARD", 200)):
        token, name = key(audience), f"Bureau {audience}"
        answer = send(json={"query": document, "variables": {"name": name}}, headers=bearer(token))
        assert answer.status_code == status
        holders = "SELECT holder FROM audit.entry WHERE after->>'name' = %s"
        assert execute_scalar(url, holders, name) == (f"key:{token.split('_')[1]}" if status == 200 else None)
    assert send(json={"query": document, "variables": {"name": "Bureau"}}).status_code == 401


def test_neither_the_secret_nor_the_pepper_is_kept(url, key):
    shown = key()
    token = Token.parse(shown)
    assert token is not None
    with owner_transaction(url) as connection:
        [row] = connection.exec_driver_sql(
            "SELECT k::text FROM identity.key k WHERE prefix = %s", (token.prefix,)
        ).scalars()
    assert token.secret not in row
    assert token.digest(bytes.fromhex(PEPPER)) in row
    assert PEPPER not in row
    assert token.secret not in repr(token)
    assert len({key() for _ in range(20)}) == 20


def altered(token):
    """A token that differs in one character of its secret, prefix, or length."""
    middle = len(token) // 2
    other = "A" if token[-middle] != "A" else "B"
    yield token[:-middle] + other + token[-middle + 1 :]
    prefix = token.split("_")[1]
    yield token.replace(prefix, prefix[::-1] if prefix != prefix[::-1] else "0" * 12)
    yield from (token[:-1], token + "A", token.upper(), token.replace("lakana_", "Lakana_"), "lakana_", token + "_")


def test_another_secret_is_nobodys(client, key):
    send, right = client(), key()
    assert send(headers=bearer(right)).status_code == 200
    told = set()
    for wrong in altered(right):
        answer = send(headers=bearer(wrong))
        assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED"), wrong
        assert answer.headers["www-authenticate"] == 'Bearer realm="lakana", error="invalid_token"'
        told.add(answer.text)
    assert len(told) == 1  # no answer reveals whether a prefix exists


def test_a_known_prefix_takes_the_same_work_as_an_unknown_one(client, key, monkeypatch):
    send, right = client(), key()
    compared = []
    compare = hmac.compare_digest

    def noted(one, other):
        compared.append(len(other))
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", noted)
    for wrong in (right[:-20] + "A" * 20, "lakana_000000000000_" + "A" * 43):
        assert send(headers=bearer(wrong)).status_code == 401
    assert compared == [64, 64]


def test_another_pepper_ends_every_key(client, key):
    assert client(key_pepper="5b" * 32)(headers=bearer(key())).status_code == 401


def test_revocation_is_at_once(client, key, url):
    send, token = client(), key()
    assert send(headers=bearer(token)).status_code == 200
    keys.revoke(url, token.split("_")[1])
    refused = send(headers=bearer(token))
    assert (refused.status_code, code(refused)) == (401, "UNAUTHENTICATED")
    [revoked] = [each for each in keys.listed(url) if each.prefix == token.split("_")[1]]
    keys.revoke(url, token)  # the whole key stands for its prefix, and the first date stays
    assert [each for each in keys.listed(url) if each.prefix == revoked.prefix] == [revoked]
    with pytest.raises(BadInput, match="prefix: no key"):
        keys.revoke(url, "0" * 12)


def test_a_key_ends_with_its_time(client, key, url):
    send, token = client(), key()
    prefix = token.split("_")[1]
    execute(url, "UPDATE identity.key SET expires_at = now() + interval '1 minute' WHERE prefix = %s", prefix)
    assert send(headers=bearer(token)).status_code == 200
    execute(url, "UPDATE identity.key SET expires_at = now() WHERE prefix = %s", prefix)
    assert send(headers=bearer(token)).status_code == 401


@pytest.mark.parametrize(
    ("written", "end"),
    [
        ("1", "2026-07-01T12:00:00+00:00"),
        ("3650", "2036-06-27T12:00:00+00:00"),
        ("2026-06-30", "2026-07-01T00:00:00+00:00"),
        ("2036-06-26", "2036-06-27T00:00:00+00:00"),
    ],
)
def test_a_key_ends_after_days_or_with_a_day(written, end):
    assert keys.expiry(written, NOW).isoformat() == end


@pytest.mark.parametrize("written", ["0", "3651", "2026-06-29", "2036-06-27", "", "soon", "-1", "9999-12-31", "999999"])
def test_another_end_is_refused(written):
    with pytest.raises(BadInput, match=r"^expires: "):
        keys.expiry(written, NOW)


def lakana(url, tmp_path, *arguments):
    environment = {**os.environ, "LAKANA_DATABASE_URL": url, "LAKANA_DATA_DIR": str(tmp_path)}
    return subprocess.run([*LAKANA, *arguments], check=False, capture_output=True, text=True, env=environment)


def test_the_commands(url, tmp_path, client):
    partner = ("--audience", "partner", "--organization", ORGANIZATION, "--area", AREA)
    made = lakana(url, tmp_path, "keys", "create", "--name", "Tablet 4", *partner, "--expires", "30")
    assert made.returncode == 0, made.stderr
    assert re.fullmatch(r"lakana_[0-9a-f]{12}_[\w-]{43}\n", made.stdout)
    token = made.stdout.strip()
    assert token not in made.stderr
    assert "not shown again" in made.stderr
    assert (tmp_path / "pepper").stat().st_mode & 0o777 == 0o600
    send = client(key_pepper=None)
    assert send(headers=bearer(token)).status_code == 200

    prefix = token.split("_")[1]
    listed = lakana(url, tmp_path, "keys", "list").stdout
    [line] = [line.split("\t") for line in listed.splitlines() if line.startswith(prefix)]
    assert (line[1], line[2], line[4:]) == ("active", "PARTNER", [ORGANIZATION, AREA, "-", "Tablet 4"])
    digest = execute_scalar(url, "SELECT digest FROM identity.key WHERE prefix = %s", prefix)
    assert token.split("_", 2)[2] not in listed
    assert digest not in listed

    assert lakana(url, tmp_path, "keys", "revoke", prefix).returncode == 0
    assert send(headers=bearer(token)).status_code == 401
    assert f"{prefix}\trevoked" in lakana(url, tmp_path, "keys", "list").stdout

    (tmp_path / "pepper").chmod(0o644)
    refused = lakana(url, tmp_path, "keys", "create", "--name", "x", "--audience", "planner")
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
    assert refused.stderr.endswith(f"chmod 600 {tmp_path / 'pepper'}\n")


def execute_scalar(url, statement, *values):
    with owner_transaction(url) as connection:
        return connection.exec_driver_sql(statement, values).scalar()


def test_a_key_that_is_bound_ends_with_its_person(client, key, url):
    send, whose = client(), somebody(url, "bakary")
    bound, other = key("STEWARD", person=whose), key("STEWARD", person=somebody(url, "coumba"))
    assert [send(headers=bearer(each)).status_code for each in (bound, other)] == [200, 200]
    people.revoke(url, whose)
    assert [send(headers=bearer(each)).status_code for each in (bound, other)] == [401, 200]


def test_it_does_not_come_back_with_its_person(client, key, url):
    """Let in again as somebody with fewer rights, a person had the rights of their old keys."""
    send, whose = client(), somebody(url, "fay")
    token = key("STEWARD", person=whose)
    people.revoke(url, whose)
    people.add(url, whose, "fay", Scope("PLANNER"))
    assert send(headers=bearer(token)).status_code == 401
    [kept] = [each for each in keys.listed(url) if each.prefix == token.split("_")[1]]
    assert kept.revoked_at is not None


@pytest.mark.parametrize("audience", ["CUSTODIAN", "STEWARD"])
def test_a_key_of_a_custodian_or_steward_is_somebody_s(key, url, audience):
    with pytest.raises(BadInput, match=r"^person: .*--person"):
        key(audience, person=None)
    with pytest.raises(BadInput, match=r"^person: no person has"):
        key(audience, person=Identity("https://people.example", "nobody"))
    with pytest.raises(IntegrityError, match="bound to a person"):
        execute(
            url,
            "INSERT INTO identity.key (prefix, digest, name, audience, expires_at) VALUES ('x', 'x', 'x', %s, now())",
            audience,
        )
