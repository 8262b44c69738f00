"""The provider's keys: fetched seldom, found when they are new, forgotten when they are gone, and missed when it is away."""

from __future__ import annotations

import asyncio

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from api.identity import oidc
from api.identity.oidc import Provider
from geo.errors import Unavailable
from tests.identity.issuer import AUDIENCE, Issuer


def test_the_keys_are_fetched_once_for_many_tokens(named, issuer):
    for _ in range(20):
        assert named(issuer.token("ec"))
    assert issuer.fetched == 1


def test_those_who_wait_for_the_keys_wait_for_the_same(run, issuer):
    provider = Provider(issuer.url, AUDIENCE)

    async def crowd():
        return await asyncio.gather(*(provider.identity(issuer.token()) for _ in range(20)))

    assert None not in run(crowd())
    assert issuer.fetched == 1


def test_a_new_key_is_found_and_an_old_one_is_gone(named, issuer, clock):
    old = issuer.token("ec")
    assert named(old)
    issuer.keys["ec-2"] = ec.generate_private_key(ec.SECP256R1())
    del issuer.keys["ec"]
    clock.now += oidc.REFETCH_S - 0.1
    assert named(issuer.token("ec-2")) is None  # the keys were fetched too recently
    assert named(old)
    clock.now += 0.1
    assert named(issuer.token("ec-2"))
    assert named(old) is None


def test_a_key_that_was_taken_back_is_forgotten_within_five_minutes(named, issuer, clock):
    token = issuer.token("ec")
    assert named(token)
    del issuer.keys["ec"]
    clock.now += oidc.FRESH_S
    assert named(token)
    clock.now += 0.1
    assert named(token) is None


def test_a_flood_of_unknown_keys_does_not_reach_the_provider(named, issuer, clock):
    assert named(issuer.token())
    for second in range(60):
        for number in range(5):
            unknown = jwt.encode(issuer.claims(), issuer.keys["rsa"], "RS256", headers={"kid": f"{second}-{number}"})
            assert named(unknown) is None
        clock.now += 1
    assert 6 <= issuer.fetched <= 7  # for 300 tokens in a minute, and the one before


def test_while_the_provider_is_away_it_cannot_be_told(named, issuer, clock):
    issuer.away = True
    for _ in range(3):
        with pytest.raises(Unavailable):
            named(issuer.token())
    assert issuer.fetched == 0
    issuer.away = False
    with pytest.raises(Unavailable):
        named(issuer.token())  # the provider was asked a moment ago
    clock.now += oidc.REFETCH_S
    assert named(issuer.token())


def test_known_keys_serve_for_an_hour_without_the_provider(named, issuer, clock):
    token = issuer.token()
    assert named(token)
    issuer.away = True
    clock.now += oidc.GOOD_S
    assert named(token)
    with pytest.raises(Unavailable):  # this key may have been published since
        named(jwt.encode(issuer.claims(), issuer.keys["rsa"], "RS256", headers={"kid": "unknown"}))
    clock.now += 0.1
    with pytest.raises(Unavailable):
        named(token)


def test_a_provider_that_calls_itself_otherwise_is_not_believed(named, issuer):
    issuer.calls_itself = "https://another.example"
    with pytest.raises(Unavailable):
        named(issuer.token())


def test_a_provider_that_points_elsewhere_is_not_followed(named, issuer):
    with Issuer() as another:
        another.calls_itself = issuer.url
        issuer.points_to = f"{another.url}/.well-known/openid-configuration"
        with pytest.raises(Unavailable):
            named(issuer.token())
        assert another.fetched == 0


@pytest.mark.parametrize(
    "url", ["http://192.0.2.1/", "file:///etc/hostname", "ftp://127.0.0.1/", "http://localhost.example/", "//x"]
)
def test_keys_come_by_an_encrypted_way_or_from_this_machine(url):
    with pytest.raises(ValueError, match="https"):
        oidc.fetch(url)
