"""From a request to who made it: ``Authorization: Bearer`` with a key or a person's token, or else the public.

What is shown and not good is refused, never taken for nothing: a caller who mistyped a key would otherwise read the
public's answers for their own. Nothing is cached, so that what is revoked ends at once.
"""

from __future__ import annotations

import re
from functools import cache, partial

import orjson
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.budget import COST_PER_MINUTE, REQUEST_COST, Bill, Ledger, network
from api.endpoint import CHALLENGE, JSON, STATUSES, Malformed, negotiate
from api.errors import code_of
from api.observe import QUIET, Metrics
from api.oidc import Provider
from api.refusals import is_page, refused, wants_html
from api.settings import Settings
from api.visitor import Visitor
from geo import keys
from geo.audience import ANYBODY, Audience, Caller
from geo.errors import LakanaError, RateLimited, Unauthenticated
from geo.pool import Pool
from geo.secret_file import PEPPER
from geo.statements import Job

BEARER = re.compile(rb"bearer +([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)
FAILURES_PER_MINUTE = 200
"""Credentials that are not good, from one address: after these, none are looked at until the minute is over."""

MALFORMED = "Authorization: send one such header, Bearer and then the key or token."
UNKNOWN = "The key or token is unknown, malformed, expired or revoked. Send another, or none to ask as the public."
TOO_MANY = "Too many keys or tokens that are not good came from this address; ask again in {} s."


def pepper(settings: Settings) -> bytes:
    """Give the key of the hashes of API keys."""
    return PEPPER.load(settings.data_dir, settings.key_pepper.get_secret_value() if settings.key_pepper else None)


class Credentials:
    """Tells whose a key or token is.

    Parameters
    ----------
    settings
        With the pepper and the provider.
    gate
        The pool of the login that reads keys and people.

    """

    def __init__(self, settings: Settings, gate: Pool) -> None:
        self._gate = gate
        self._pepper = cache(partial(pepper, settings))
        self._provider = (
            Provider(settings.oidc_issuer, settings.oidc_audience)
            if settings.oidc_issuer and settings.oidc_audience
            else None
        )

    async def caller(self, shown: list[bytes]) -> Caller:
        """Give the caller who showed these values of ``Authorization``.

        Raises
        ------
        Unauthenticated
            Where they are not good.
        Unavailable
            Where it cannot be told now.

        """
        bearer = BEARER.fullmatch(shown[0])
        if len(shown) != 1 or bearer is None:
            raise Unauthenticated(MALFORMED)
        text = bearer[1].decode()
        found = await (self._by_key(text) if text.startswith(keys.SCHEME) else self._by_token(text))
        if found is None:
            raise Unauthenticated(UNKNOWN)
        return found

    async def _by_key(self, text: str) -> Caller | None:
        token = keys.Token.parse(text)
        if token is None:
            return None
        return token.caller(await self._answer(token.lookup()), self._pepper())

    async def _by_token(self, text: str) -> Caller | None:
        identity = await self._provider.identity(text) if self._provider else None
        if identity is None:
            return None
        return identity.caller(await self._answer(identity.lookup()))

    async def _answer(self, job: Job) -> str | None:
        [answer] = await self._gate.run([job])
        if isinstance(answer, Exception):
            raise answer
        return answer


class Admit:
    """ASGI middleware: finds out who asks, charges them for the request, and tells them what is left.

    All routes but the probes pass here, so that none can be forgotten.
    """

    def __init__(self, app: ASGIApp, settings: Settings, gate: Pool, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._credentials = Credentials(settings, gate)
        quotas = COST_PER_MINUTE | {Audience[name.upper()]: cost for name, cost in settings.cost_per_minute.items()}
        self._ledgers = {each: Ledger(each.name.lower(), quota) for each, quota in quotas.items()}
        self._failures = Ledger("failures", FAILURES_PER_MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or scope["path"] in QUIET:
            await self._app(scope, receive, send)
            return
        try:
            visitor = await self._visitor(scope)
        except LakanaError as error:
            await self._refusal(error, scope)(scope, receive, send)
            return
        visitor.enter(scope)
        answer = self._app
        try:
            visitor.account.charge(REQUEST_COST)
        except RateLimited as error:
            answer = self._refusal(error, scope)

        async def send_with_budget(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *visitor.account.headers()]
            await send(message)

        await answer(scope, receive, send_with_budget)

    async def _visitor(self, scope: Scope) -> Visitor:
        shown = [value for name, value in scope["headers"] if name == b"authorization"]
        client = scope.get("client")
        address = network(client[0] if client else "")
        if not shown:
            return Visitor(ANYBODY, Bill(self._ledgers[Audience.PUBLIC].account(address)))
        failures = self._failures.account(address)
        if failures.spent >= FAILURES_PER_MINUTE:
            raise RateLimited(TOO_MANY.format(failures.seconds), failures.seconds)
        try:
            caller = await self._credentials.caller(shown)
        except Unauthenticated:
            failures.spent += 1
            raise
        return Visitor(caller, Bill(self._ledgers[caller.audience].account(caller.holder)))

    def _refusal(self, error: LakanaError, scope: Scope) -> Response:
        code = code_of(error)
        self._metrics.graphql_errors.labels(code).inc()
        if is_page(scope["path"]) and wants_html(request := HTTPConnection(scope)):
            return _challenged(refused(error, request), error)
        headers = {"cache-control": "no-store"}
        if isinstance(error, Unauthenticated):
            headers["www-authenticate"] = f'{CHALLENGE}, error="invalid_token"'  # RFC 6750, section 3.1
        else:
            headers["retry-after"] = str(getattr(error, "retry_after_s", 1))
        body = orjson.dumps({"errors": [{"message": str(error), "extensions": {"code": code}}]})
        return Response(body, STATUSES.get(code, 503), headers, f"{_media_type(scope)}; charset=utf-8")


def _challenged(answer: Response, error: LakanaError) -> Response:
    if isinstance(error, Unauthenticated):
        answer.headers["www-authenticate"] = f'{CHALLENGE}, error="invalid_token"'
    return answer


def _media_type(scope: Scope) -> str:
    try:
        return negotiate(Headers(scope=scope).get("accept"))
    except Malformed:
        return JSON
