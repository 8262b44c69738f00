"""Requests to ``/graphql``, answered in one pass.

Every other request goes through layers, of which each wraps what the next one receives and sends. The same steps in
one function take half of the processor time; they are made of the same parts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.caching import Header
from api.errors import log_internal
from api.http.answer import Answer, headers_of
from api.http.endpoint import Endpoint
from api.http.graphql_request import PATHS, names_document
from api.http.observation import Observer, told_of, went_wrong
from api.http.packing import Packer
from api.http.shedding import Doorkeeper, turn_away, until_client_leaves
from api.identity.admission import Admission, charge, told_budget
from api.identity.concurrency import KEY
from geo.errors import LakanaError, RateLimited


class OnePass:
    """ASGI middleware, outside of all layers: answers ``/graphql`` itself, by POST or by GET with a document.

    A page of another origin goes through the layers, one of which knows which origins may read the answer.

    Parameters
    ----------
    app
        The application with its layers.
    doorkeeper, observer, admission, endpoint, packer
        What the layers and the route do their work with.
    refusal
        Makes the response to a refused request.

    """

    def __init__(
        self,
        app: ASGIApp,
        doorkeeper: Doorkeeper,
        observer: Observer,
        admission: Admission,
        endpoint: Endpoint,
        packer: Packer,
        refusal: Callable[[LakanaError, Scope], Response],
    ) -> None:
        self._app = app
        self._doorkeeper = doorkeeper
        self._observer = observer
        self._admission = admission
        self._endpoint = endpoint
        self._packer = packer
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http" or scope["path"] not in PATHS or not _asks(scope):
            await self._app(scope, receive, send)
            return
        headers = headers_of(scope)
        if b"origin" in headers:
            await self._app(scope, receive, send)
            return
        message = await self._doorkeeper.let_in(scope, receive)
        if message is None:
            await turn_away(scope, send)
            return
        with until_client_leaves(scope):
            request_id = self._observer.begin(headers.get(b"x-request-id", b""))
            started = time.perf_counter()
            status = 0
            try:
                try:
                    answer, budget = await self._answered(headers, message, scope)
                except Exception as error:  # noqa: BLE001  whatever it is: it is logged, and its text is told nobody
                    log_internal(error)
                    answer, budget = went_wrong(), []
                status = answer.status
                # The place is free as the answer is ready: sending it waits for a client that may read nothing.
                scope[KEY].leave()
                await answer.send_at_once(scope, send, *budget, *told_of(request_id))
            finally:
                self._observer.end(scope["method"], scope["path"], status, time.perf_counter() - started)

    async def _answered(
        self, headers: Mapping[bytes, bytes], message: Message, scope: Scope
    ) -> tuple[Answer, list[Header]]:
        """Return the answer, and the headers about the caller's budget."""
        try:
            visitor = await self._admission.visitor(scope)
        except LakanaError as error:
            return Answer.of(self._refusal(error, scope)), []
        visitor.enter(scope)
        try:
            charge(visitor, scope)
        except RateLimited as error:
            answer = Answer.of(self._refusal(error, scope))
        else:
            if scope["method"] == "POST":
                answer = await self._endpoint.post(headers, message, visitor)
            else:
                answer = await self._endpoint.get(headers, scope["query_string"], visitor)
        packed = await self._packer.packed(answer, headers.get(b"accept-encoding"), visitor)
        return packed, told_budget(visitor, packed.headers)


def _asks(scope: Scope) -> bool:
    return scope["method"] == "POST" or (scope["method"] == "GET" and names_document(scope["query_string"]))
