"""A page of the signed in: what it shows is asked of the API, what its forms do is a mutation of it."""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from api.exports.asking import Asker
from api.graphql.compile.document_cache import Operations
from api.graphql.compile.response import Refused
from api.identity.sessions import site
from api.identity.visitor import Visitor
from api.languages import page_language
from api.pages.errors import language
from api.pages.templates import page, page_headers
from api.signed_in.acts import Act, Outcome, perform
from api.signed_in.forms import own_fields_of, stopped
from geo.audience import Audience
from geo.errors import BadInput, Forbidden, LakanaError, Unauthenticated, Unavailable
from geo.service import Resources
from geo.vocabulary import Locale

MOST_PAGES, PAGE = 20, 100
"""Pages that a form offers, and the records of each."""


@dataclass(frozen=True)
class ActingPage(ABC):
    """A page at ``path`` for one audience, with forms of which each names its act.

    Parameters
    ----------
    operations, resources
        What answers.

    """

    operations: Operations
    resources: Resources

    path: ClassVar[str]
    template: ClassVar[str]
    audience: ClassVar[Audience]
    acts: ClassVar[Mapping[str, Act]]

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [Route(self.path, self._show, methods=["GET"]), Route(self.path, self._act, methods=["POST"])]

    @abstractmethod
    async def shown(self, asker: Asker, locale: Locale) -> Mapping[str, Any]:
        """Return what the template shows."""

    async def _show(self, request: Request) -> Response:
        try:
            locale = page_language(request)
            return await self._page(request, locale)
        except LakanaError as error:
            return stopped(error, request, language(request))

    async def _act(self, request: Request) -> Response:
        try:
            locale, asker = page_language(request), self._asker(request)
            fields = await own_fields_of(request)
            act = self.acts.get(fields.get("act", ""))
            if act is None:
                raise BadInput("act", "this page has no such act.")
            return await self._page(request, locale, await perform(asker, act, fields))
        except LakanaError as error:
            return stopped(error, request, language(request))

    async def _page(self, request: Request, locale: Locale, outcome: Outcome | None = None) -> Response:
        asker = self._asker(request, locale)
        try:
            shown = await self.shown(asker, locale)
        except Refused:
            raise Unavailable("The page cannot be made now; try again.") from None
        session = Visitor.of(request).session
        nonce = session and secrets.token_hex(8)
        given = {"here": self.path, "site": site(request.scope), "outcome": outcome, "nonce": nonce, **shown}
        text = page(self.template, locale, session=session, **given)
        status = 200 if outcome is None or outcome.is_done else 400
        return HTMLResponse(text, status, {**page_headers(locale), "cache-control": "no-store"})

    def _asker(self, request: Request, locale: Locale | None = None) -> Asker:
        """Return who asks in the name of whoever opened the page.

        Raises
        ------
        Unauthenticated, Forbidden
            If this is nobody, or of another audience.

        """
        visitor = Visitor.of(request)
        if visitor.caller.audience is Audience.PUBLIC:
            raise Unauthenticated("Sign in first.")
        if visitor.caller.audience is not self.audience:
            raise Forbidden("The page is for others.")
        caller = replace(visitor.caller, language=locale or visitor.caller.language)
        return Asker(self.operations, self.resources, caller, visitor.account)


@dataclass(frozen=True, slots=True)
class Offered:
    """The records that a form lets one choose, and whether there are more, which the form must say."""

    records: Sequence[Mapping[str, Any]] = ()
    has_more: bool = False


async def whole_list(asker: Asker, field: str, selection: str) -> Offered:
    """Return the records of a list of the API, page by page, up to :data:`MOST_PAGES` of them.

    Raises
    ------
    Refused, LakanaError
        As the API would.

    """
    document = (
        f"query ($after: String) {{ list: {field}(first: {PAGE}, after: $after)"
        f" {{ edges {{ node {{ {selection} }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
    )
    found: list[Mapping[str, Any]] = []
    after = None
    for _ in range(MOST_PAGES):
        told = (await asker.paid(document, {"after": after}))["list"]
        found += (each["node"] for each in told["edges"])
        after = told["pageInfo"]["endCursor"]
        if not told["pageInfo"]["hasNextPage"]:
            return Offered(found)
    return Offered(found, has_more=True)
