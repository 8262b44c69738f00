"""People's tokens: those that are good, and every way in which one is not."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as some

from api.identity.oidc import Provider
from geo.identity.people import Identity
from tests.identity.issuer import AUDIENCE, SUBJECT


def segment(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def public_pem(key):
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("kid", ["rsa", "ec"])
def test_a_good_token_names_its_person(named, issuer, kid):
    assert named(issuer.token(kid)) == Identity(issuer.url, SUBJECT)
    assert named(issuer.token(kid, aud=["other", AUDIENCE])) == Identity(issuer.url, SUBJECT)
    assert named(issuer.token(kid, nbf=None, iat=None)) == Identity(issuer.url, SUBJECT)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": []},
        {"aud": None},
        {"iss": "https://another.example"},
        {"iss": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "a\0b"},
        {"sub": "\ud800"},
        {"sub": "é"},
        {"sub": "a" * 256},
        {"exp": None},
        {"exp": "soon"},
        {"nbf": "soon"},
        {"iat": "now"},
    ],
    ids=repr,
)
def test_claims_that_are_not_good(named, issuer, claims):
    if "iss" in claims and claims["iss"] is None:
        whole = issuer.claims()
        del whole["iss"]
        token = jwt.encode(whole, issuer.keys["rsa"], "RS256", headers={"kid": "rsa"})
    else:
        payload = issuer.claims() | claims
        signed = {name: value for name, value in payload.items() if value is not None}
        token = jwt.api_jws.encode(json.dumps(signed).encode(), issuer.keys["rsa"], "RS256", headers={"kid": "rsa"})
    assert named(token) is None


def test_the_longest_subject_is_good(named, issuer):
    assert named(issuer.token(sub="a" * 255)).subject == "a" * 255


@pytest.mark.parametrize(("claim", "sign"), [("exp", -1), ("nbf", 1), ("iat", 1)])
def test_times_are_kept_within_30_seconds(named, issuer, claim, sign):
    now = int(time.time())
    assert named(issuer.token(**{claim: now + sign * 25})) is not None
    assert named(issuer.token(**{claim: now + sign * 35})) is None


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_another_algorithm_of_the_right_key(named, issuer, algorithm):
    assert named(issuer.token(algorithm=algorithm)) is None


def test_no_signature_at_all(named, issuer):
    unsigned = f"{segment({'alg': 'none', 'kid': 'rsa'})}.{segment(issuer.claims())}."
    assert named(unsigned) is None
    _, payload, signature = issuer.token().split(".")
    for algorithm in ("none", "None", "", None, 5, ["RS256"]):
        for kid in ("rsa", "ec"):
            assert named(f"{segment({'alg': algorithm, 'kid': kid})}.{payload}.{signature}") is None
            assert named(f"{segment({'alg': algorithm, 'kid': kid})}.{payload}.") is None


def test_the_public_key_as_a_shared_secret(named, issuer):
    """The confusion of algorithms: who knows the public key must not be able to sign with it."""
    import hashlib  # noqa: PLC0415
    import hmac  # noqa: PLC0415

    for kid in ("rsa", "ec"):
        signing = f"{segment({'alg': 'HS256', 'kid': kid})}.{segment(issuer.claims())}"
        digest = hmac.new(public_pem(issuer.keys[kid]), signing.encode(), hashlib.sha256).digest()
        forged = f"{signing}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"
        assert named(forged) is None


def test_a_provider_that_publishes_a_shared_secret_is_not_followed(named, issuer, monkeypatch):
    secret = base64.urlsafe_b64encode(b"s" * 32).rstrip(b"=").decode()
    published = issuer.published()
    published["keys"].append({"kty": "oct", "k": secret, "kid": "oct", "use": "sig", "alg": "HS256"})
    monkeypatch.setattr(issuer, "published", lambda: published)
    assert named(issuer.token()) is not None
    assert named(jwt.encode(issuer.claims(), b"s" * 32, "HS256", headers={"kid": "oct"})) is None


def test_a_key_that_is_not_the_providers(named, issuer):
    strangers: dict[str, Any] = {
        "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
        "ec": ec.generate_private_key(ec.SECP256R1()),
    }
    for kid, key in strangers.items():
        algorithm = "RS256" if kid == "rsa" else "ES256"
        assert named(jwt.encode(issuer.claims(), key, algorithm, headers={"kid": kid})) is None
        told = json.loads(
            (jwt.algorithms.RSAAlgorithm if kid == "rsa" else jwt.algorithms.ECAlgorithm).to_jwk(key.public_key())
        )
        # A key inside the token, and addresses where the token says to fetch one.
        for more in ({"jwk": told}, {"jku": "http://127.0.0.1:1/keys"}, {"x5u": "http://127.0.0.1:1/x"}):
            assert named(jwt.encode(issuer.claims(), key, algorithm, headers={"kid": kid} | more)) is None
    assert named(jwt.encode(issuer.claims(), issuer.keys["ec"], "ES256", headers={"kid": "rsa"})) is None
    assert named(jwt.encode(issuer.claims(), issuer.keys["rsa"], "RS256", headers={"kid": "ec"})) is None
    assert named(jwt.encode(issuer.claims(), issuer.keys["rsa"], "RS256")) is None  # without a key id


def test_keys_too_weak_or_for_other_ends_are_not_used(named, issuer, monkeypatch):
    issuer.keys["rsa-small"] = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
    issuer.keys["ec-384"] = ec.generate_private_key(ec.SECP384R1())
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        small = issuer.token("rsa-small")
    assert named(small) is None
    assert named(issuer.token("ec-384", "ES384")) is None
    published = issuer.published()
    for each in published["keys"]:
        each["use"] = "enc"
    monkeypatch.setattr(issuer, "published", lambda: published)
    assert asyncio.run(Provider(issuer.url, AUDIENCE).identity(issuer.token())) is None


def test_every_part_of_a_token_is_signed(named, issuer):
    head, payload, signature = issuer.token().split(".")
    assert named(f"{head}.{payload}.{signature}") is not None
    promoted = segment(issuer.claims(sub="somebody else"))
    for changed in (f"{head}.{promoted}.{signature}", f"{head}.{payload}.{signature[:-4]}AAAA", f"{head}.{payload}"):
        assert named(changed) is None


@settings(max_examples=300, deadline=None)
@given(
    some.one_of(
        some.text(alphabet="ABCabc019-_.=~+/", max_size=80),
        some.lists(some.binary(max_size=30), min_size=3, max_size=3).map(
            lambda parts: ".".join(base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in parts)
        ),
    )
)
def test_nonsense_is_nobody(text):
    assert asyncio.run(Provider("http://127.0.0.1:9", AUDIENCE).identity(text)) is None


def test_headers_that_nest_deeply_are_nobodys(named):
    deep = base64.urlsafe_b64encode(("[" * 4_000).encode()).decode().rstrip("=")
    assert named(f"{deep}.{deep[:100]}.AA") is None
    assert named("A" * 9_000) is None
