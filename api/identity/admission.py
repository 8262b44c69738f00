"""Who made a request: ``Authorization: Bearer`` with a key or a person's token, on pages a session, or else the public.

An invalid key or token is refused and never treated as no key: a caller who mistyped a key would otherwise take the
public's answers for their own. Nothing is cached, so a revoked key stops working at once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.caching import Header, kept_by_all
from api.graphql.compile.guard import parsing_price
from api.identity.budget import COST_PER_MINUTE, REQUEST_COST, Account, Bill, Ledger, network
from api.identity.concurrency import KEY, Entry
from api.identity.lookups import Lookups
from api.identity.oidc import Provider
from api.identity.sessions import Session, Sessions, session_cookie
from api.identity.visitor import Visitor
from api.metrics import QUIET
from api.settings import Settings
from geo.audience import ANYBODY, Audience, Caller
from geo.cluster.secret_file import PEPPER
from geo.database.pool import Pool
from geo.errors import LakanaError, RateLimited, Unauthenticated
from geo.identity import keys, people
from geo.metering import nobody

if TYPE_CHECKING:
    from api.identity.shared_budgets import SharedBudgets

Refusal = Callable[[LakanaError, Scope], Response]

BEARER = re.compile(rb"bearer +([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)
FAILURES_PER_MINUTE = 200
"""Invalid credentials for one key, or one provider's key, from one address; later ones get a message that says so. They
never keep a valid one out: 256 random bits cannot be guessed, and the cost of trying is bounded (see
:mod:`api.identity.lookups`)."""

MALFORMED = "Authorization: send one such header, Bearer and then the key or token."
UNKNOWN = "The key or token is unknown, malformed, expired or revoked. Send another, or none to ask as the public."
TOO_MANY = "This key or token is not good, and was tried too often from this address; ask again in {} s."


def pepper(settings: Settings) -> bytes:
    """Return the secret that API keys are hashed with."""
    return PEPPER.load(settings.data_dir, settings.key_pepper.get_secret_value() if settings.key_pepper else None)


class Credentials:
    """Finds the caller of a key or token.

    Parameters
    ----------
    settings
        With the pepper and the provider.
    gate
        The pool of the login that reads keys and people.

    """

    def __init__(self, settings: Settings, gate: Pool) -> None:
        self._keys = Lookups(gate, "keys", keys.lookup)
        self._people = Lookups(gate, "people", partial(people.lookup, settings.oidc_issuer or ""))
        self._pepper = cache(partial(pepper, settings))
        self._provider = (
            Provider(settings.oidc_issuer, settings.oidc_audience)
            if settings.oidc_issuer and settings.oidc_audience
            else None
        )

    async def caller(self, shown: list[bytes]) -> Caller:
        """Return the caller who sent these values of ``Authorization``.

        Raises
        ------
        Unauthenticated
            If they are not valid.
        Unavailable
            If they cannot be checked now.

        """
        text = _text(shown)
        if text is None:
            raise Unauthenticated(MALFORMED)
        found = await (self._by_key(text) if text.startswith(keys.SCHEME) else self._by_token(text))
        if found is None:
            raise Unauthenticated(UNKNOWN)
        return found

    async def _by_key(self, text: str) -> Caller | None:
        token = keys.Token.parse(text)
        if token is None:
            return None
        return token.caller(await self._keys.row(token.prefix), self._pepper())

    async def _by_token(self, text: str) -> Caller | None:
        identity = await self._provider.identity(text) if self._provider else None
        if identity is None:
            return None
        return identity.caller(await self._people.row(identity.subject))


def _text(shown: list[bytes]) -> str | None:
    bearer = BEARER.fullmatch(shown[0])
    return bearer[1].decode() if bearer and len(shown) == 1 else None


def _tried(shown: list[bytes]) -> str:
    """Return the name under which failures are counted: a key's prefix, or a digest of a token's header."""
    text = _text(shown)
    if text is None:
        return "malformed"
    if text.startswith(keys.SCHEME):
        token = keys.Token.parse(text)
        return f"key {token.prefix}" if token else "malformed"
    return f"token {hashlib.sha256(text.partition('.')[0].encode()).hexdigest()[:16]}"


class Admission:
    """Finds out who made a request, and opens their bill.

    Parameters
    ----------
    settings
        With the pepper, the provider and the quotas.
    gate
        The pool of the login that reads keys and people.
    sessions
        Finds who is signed in on a page.
    choose
        Chooses the replica that a request asks.

    """

    def __init__(self, settings: Settings, gate: Pool, sessions: Sessions, choose: Callable[[], None] = nobody) -> None:
        self._choose = choose
        self._credentials = Credentials(settings, gate)
        self._sessions = sessions
        quotas = COST_PER_MINUTE | {Audience[name.upper()]: cost for name, cost in settings.cost_per_minute.items()}
        self._ledgers = {each: Ledger(each.name.lower(), quota) for each, quota in quotas.items()}
        self._failures = Ledger("failures", FAILURES_PER_MINUTE)
        ledgers = [*self._ledgers.values(), self._failures]
        self._shared = _shared_budgets(settings, ledgers)
        if self._shared is None:
            for ledger in ledgers:
                ledger.divide(settings.workers)

    def running(self) -> AbstractAsyncContextManager[None]:
        """Keep the budgets together with those of other processes while the context is open, if they are shared."""
        return nullcontext() if self._shared is None else self._shared.running()

    async def _account(self, ledger: Ledger, holder: str) -> Account:
        account = ledger.account(holder)
        if self._shared is not None:
            await self._shared.learn(account)
        return account

    async def visitor(self, scope: Scope) -> Visitor:
        """Return who made a request.

        Raises
        ------
        Unauthenticated
            If the key or token is not good.
        RateLimited
            If bad ones were tried too often.
        Unavailable
            If it cannot be found out now.

        """
        self._choose()
        shown = [value for name, value in scope["headers"] if name == b"authorization"]
        client = scope.get("client")
        address = network(client[0] if client else "")
        entry: Entry | None = scope.get(KEY)
        if not shown:
            signed_in = await self._signed_in(scope, entry)
            return signed_in or await self._visitor(replace(ANYBODY, address=address), address)
        try:
            caller = await self._credentials.caller(shown)
        except Unauthenticated:
            if entry is not None:
                entry.is_bad()
            failures = await self._account(self._failures, f"{_tried(shown)} {address}")
            if failures.spent >= failures.quota:
                raise RateLimited(TOO_MANY.format(failures.seconds), failures.seconds) from None
            failures.add(1)
            raise
        if entry is not None:
            await entry.is_good(caller.turn)
        return await self._visitor(caller, caller.turn)

    async def _visitor(self, caller: Caller, holder: str, session: Session | None = None) -> Visitor:
        return Visitor(caller, Bill(await self._account(self._ledgers[caller.audience], holder)), session)

    async def _signed_in(self, scope: Scope, entry: Entry | None) -> Visitor | None:
        """Return who opened a page signed in; a session that is over is nobody's, and the page says so."""
        token = session_cookie(scope)
        if token is None:
            return None
        found = await self._sessions.find(token)
        if entry is not None:
            await (entry.is_nobodys() if found is None else entry.is_good(found.caller.turn))
        if found is None:
            return None
        return await self._visitor(found.caller, found.caller.turn, Session(found))


def _shared_budgets(settings: Settings, ledgers: Sequence[Ledger]) -> SharedBudgets | None:
    if settings.shared_url is None:
        return None
    from api.identity.shared_budgets import SharedBudgets  # noqa: PLC0415  most servers need no Redis

    return SharedBudgets(settings.shared_url.get_secret_value(), pepper(settings), ledgers, settings.workers)


def charge(visitor: Visitor, scope: Scope) -> None:
    """Charge for a request, and for reading its address.

    Raises
    ------
    RateLimited
        Where less is left.

    """
    visitor.account.charge(REQUEST_COST + parsing_price(scope.get("raw_path", b"") + scope["query_string"]))


def told_budget(visitor: Visitor, headers: Sequence[Header]) -> list[Header]:
    """Return the headers about the caller's budget; none with what a cache may show to others."""
    return [] if kept_by_all(headers) else visitor.account.headers()


class Admit:
    """ASGI middleware: identifies the caller, charges them for the request, and reports the remaining budget.

    All routes but the probes pass here, so that none can be forgotten.

    Parameters
    ----------
    app
        The application.
    admission
        Finds out who made a request.
    refusal
        Makes the response to a refused request, in the form that the request accepts.

    """

    def __init__(self, app: ASGIApp, admission: Admission, refusal: Refusal) -> None:
        self._app = app
        self._admission = admission
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or scope["path"] in QUIET:
            await self._app(scope, receive, send)
            return
        try:
            visitor = await self._admission.visitor(scope)
        except LakanaError as error:
            await self._refusal(error, scope)(scope, receive, send)
            return
        visitor.enter(scope)
        answer = self._app
        try:
            charge(visitor, scope)
        except RateLimited as error:
            answer = self._refusal(error, scope)

        async def send_with_budget(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.get("headers", ())
                message["headers"] = [*headers, *told_budget(visitor, headers)]
            await send(message)

        await answer(scope, receive, send_with_budget)
