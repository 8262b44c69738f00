"""People's tokens: OpenID Connect, checked against the keys that the provider publishes.

The token says who a person is. What they may do is stored in the database (see :mod:`geo.identity.people`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.request import HTTPRedirectHandler, Request, build_opener

import jwt
import orjson
import structlog

from api.settings import SECURE_URL
from geo.errors import Unavailable
from geo.identity.people import Identity

ALGORITHMS = ("RS256", "ES256")
REQUIRED = ("exp", "iss", "aud", "sub")
LEEWAY_S = 30
"""How far the clocks of the provider and of this machine may differ."""
MAX_TOKEN, MAX_SUBJECT = 8_192, 255  # OpenID Connect Core 1.0, section 2: sub has at most 255 ASCII characters
FETCH_S = 3.0
REFETCH_S = 10.0
"""We fetch the keys at most once in this time, however many tokens name unknown ones."""
FRESH_S, GOOD_S = 300.0, 3_600.0
"""Keys older than the first are fetched again. While the provider does not answer, they serve up to the second."""
MAX_DOCUMENT_BYTES = 200_000

OPTIONS: Any = {"require": list(REQUIRED), "enforce_minimum_key_length": True}
AWAY = "The identity provider cannot be reached; try again."
AWAY_S = 10

log = structlog.get_logger("lakana")

Fetch = Callable[[str], Any]


class _NoRedirect(HTTPRedirectHandler):
    """Follows no redirect: the provider is the one in the settings, not one that it points to."""

    def redirect_request(self, *_: Any) -> None:
        """Refuse the redirect."""


def fetch(url: str) -> Any:
    """Return the JSON document at an address.

    Raises
    ------
    OSError, ValueError
        Where there is none.

    """
    if not SECURE_URL.match(url):
        raise ValueError("not an https address")
    request = Request(url, headers={"accept": "application/json"})  # noqa: S310  the scheme is checked above
    with build_opener(_NoRedirect).open(request, timeout=FETCH_S) as response:
        return orjson.loads(response.read(MAX_DOCUMENT_BYTES))


@dataclass(frozen=True, slots=True)
class _Published:
    """The provider's keys by their id, and when they were fetched."""

    keys: Mapping[str, jwt.PyJWK]
    fetched_at: float


class Provider:
    """An OpenID Connect provider.

    Parameters
    ----------
    issuer
        Its address, as its tokens write it in ``iss``.
    audience
        What its tokens must hold in ``aud``.
    clock
        Returns the time in seconds; for tests.

    """

    def __init__(self, issuer: str, audience: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._published: _Published | None = None
        self._tried_at: float | None = None
        self._reached = False
        self._fetching: asyncio.Task[None] | None = None

    async def identity(self, token: str) -> Identity | None:
        """Return the identity that a token names, or ``None`` if it is not valid.

        Raises
        ------
        Unavailable
            If the token cannot be checked because the provider does not answer.

        """
        if len(token) > MAX_TOKEN:
            return None
        try:
            named = jwt.get_unverified_header(token)
            if named.get("alg") not in ALGORITHMS or not isinstance(named.get("kid"), str):
                return None
            key = await self._key(named["kid"])
            if key is None:
                return None
            claims = jwt.decode(
                token, key, ALGORITHMS, OPTIONS, audience=self._audience, issuer=self._issuer, leeway=LEEWAY_S
            )
        except jwt.PyJWTError:
            return None
        subject = claims["sub"]
        # A subject that breaks the standard would not be found, and PostgreSQL takes no NUL.
        if not 0 < len(subject) <= MAX_SUBJECT or not subject.isascii() or not subject.isprintable():
            return None
        return Identity(self._issuer, subject)

    async def _key(self, kid: str) -> jwt.PyJWK | None:
        known = self._published
        if known is None or kid not in known.keys or self._clock() - known.fetched_at > FRESH_S:
            await self._refresh()
            known = self._published
        if known is None or self._clock() - known.fetched_at > GOOD_S:
            raise Unavailable(AWAY, AWAY_S)
        key = known.keys.get(kid)
        if key is None and not self._reached:
            raise Unavailable(AWAY, AWAY_S)  # it may be one of the keys that we could not fetch
        return key

    async def _refresh(self) -> None:
        """Fetch the keys, unless that was tried just now; concurrent callers share one fetch."""
        if self._fetching is None:
            if self._tried_at is not None and self._clock() - self._tried_at < REFETCH_S:
                return
            self._tried_at = self._clock()
            self._fetching = asyncio.create_task(self._publish())
        await asyncio.shield(self._fetching)

    async def _publish(self) -> None:
        try:
            async with asyncio.timeout(2 * FETCH_S):
                keys = await asyncio.to_thread(self._fetch)
        except Exception as error:  # noqa: BLE001  whatever a provider may answer: there are no keys, and that is logged
            self._reached = False
            log.warning("identity provider gives no keys", error=type(error).__name__)
        else:
            self._reached = True
            self._published = _Published(keys, self._clock())
        finally:
            self._fetching = None

    def _fetch(self) -> dict[str, jwt.PyJWK]:
        about = fetch(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if about["issuer"] != self._issuer:  # OpenID Connect Discovery 1.0, section 4.3
            raise ValueError("the provider calls itself otherwise")
        published = jwt.PyJWKSet.from_dict(fetch(about["jwks_uri"]))
        return {
            str(key.key_id): key
            for key in published.keys
            if key.key_id and key.public_key_use in ("sig", None) and key.algorithm_name in ALGORITHMS
        }
