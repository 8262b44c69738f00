"""``/imports``: stewards send files, look how far their job is, correct it, have it loaded, or end it.

What is read is said first, and nothing is loaded before a steward has seen that: ``POST /imports`` with a form always
tries. Who asks shows a key or a token in a header, as everywhere, or has a session of the pages; then what changes
something carries the session's form token in the header ``X-CSRF-Token``, which no page of another site knows.
"""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import AsyncIterator
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api.errors import CHALLENGE
from api.http.refusal import refusal
from api.identity.concurrency import KEY
from api.identity.sessions import SAFE
from api.identity.visitor import Visitor
from api.imports.elsewhere import Elsewhere
from api.imports.jobs import ImportJobs, Job, tried
from api.imports.options import options_of
from api.imports.page import page
from api.imports.received import received
from api.media_types import attachment
from geo.audience import Audience
from geo.errors import BadInput, Forbidden, LakanaError, Unauthenticated
from seeds.loading.kinds import LOADERS
from seeds.reports.formats import WRITERS

SENT_PRICE, TRIED_PRICE = 500, 500
"""Taking files, and reading them, which a worker of its own does at a lower priority: a quarter of a second of it."""
NOBODY = {"cache-control": "no-store"}
KEY_NEEDED = "Send a steward's key or token, Authorization: Bearer …, or sign in on the page."
STEWARDS = "Files are imported by stewards."


class ImportRoutes:
    """The routes of imports.

    Parameters
    ----------
    jobs
        The jobs of this server.

    """

    def __init__(self, jobs: ImportJobs) -> None:
        self._jobs = jobs

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route("/imports", page, methods=["GET"]),
            Route("/imports", _answering(self._send), methods=["POST"]),
            Route("/imports/{id}", _answering(self._look), methods=["GET"]),
            Route("/imports/{id}", _answering(self._again), methods=["POST"]),
            Route("/imports/{id}", _answering(self._end), methods=["DELETE"]),
            Route("/imports/{id}/{report}", _answering(self._report), methods=["GET"]),
        ]

    async def _send(self, request: Request) -> Response:
        visitor = _steward(request)
        visitor.account.charge(SENT_PRICE)
        request.scope[KEY].leave()  # whoever sends slowly takes nobody's place
        async with self._jobs.receiving(visitor.caller) as folder:
            form = await received(Headers(scope=request.scope).get("content-type", ""), _body(request), folder)
            kind = form.fields.get("kind", "")
            if kind not in LOADERS:
                raise BadInput("kind", f"give one of {', '.join(LOADERS)}.")
            if not form.files:
                raise BadInput("file", "send at least one file.")
            options = tried(options_of(form.fields.get("options", ""), form.beside))
            job = Job(visitor.caller, kind, options, folder, tuple(form.files), form.beside)
            self._jobs.add(job)
        return _told(job, 202)

    async def _look(self, request: Request) -> Response:
        job = self._own(request)
        return _missing() if job is None else _told(job)

    async def _again(self, request: Request) -> Response:
        job = self._own(request)
        if job is None:
            return _missing()
        Visitor.of(request).account.charge(TRIED_PRICE)
        try:
            said = orjson.loads(await request.body())
        except orjson.JSONDecodeError:
            raise BadInput("", 'send JSON: {"load": true, "options": {…}}.') from None
        if (
            not isinstance(said, dict)
            or not {"load", "options"} >= said.keys()
            or not isinstance(said.get("load"), bool | None)
        ):
            raise BadInput("", "send JSON with `load`, true or false, and `options`.")
        options = orjson.dumps(said["options"]) if "options" in said else None
        self._jobs.again(job, options, load=bool(said.get("load", False)))
        return _told(job, 202)

    async def _end(self, request: Request) -> Response:
        job = self._own(request)
        if job is None:
            return _missing()
        self._jobs.end(job)
        return Response(status_code=204, headers=NOBODY)

    async def _report(self, request: Request) -> Response:
        job, name = self._own(request), request.path_params["report"]
        known = {f"report.{language}{end}" for language in ("fr", "en") for end in WRITERS}
        if job is None or name not in known:
            return _missing()
        try:
            content = await asyncio.to_thread((job.folder / name).read_bytes)  # before its job can be ended
        except FileNotFoundError:
            return _missing()
        headers = {
            **NOBODY,
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
            "content-disposition": attachment(name),
        }
        return Response(content, headers=headers, media_type=mimetypes.guess_type(name)[0])

    def _own(self, request: Request) -> Job | Elsewhere | None:
        return self._jobs.find(request.path_params["id"], _steward(request).caller)


def _answering(handler: Any) -> Any:
    """Return a handler whose refusals are told as programs are told them."""

    async def answer(request: Request) -> Response:
        try:
            response: Response = await handler(request)
        except LakanaError as error:
            response = refusal(error, request.scope)
            if isinstance(error, Unauthenticated):
                response.headers["www-authenticate"] = CHALLENGE
        return response

    return answer


def _steward(request: Request) -> Visitor:
    visitor = Visitor.of(request)
    if visitor.caller.audience is Audience.PUBLIC:
        raise Unauthenticated(KEY_NEEDED)
    if visitor.caller.audience is not Audience.STEWARD:
        raise Forbidden(STEWARDS)
    if visitor.session is not None and request.method not in SAFE:
        visitor.session.check(request.headers.get("x-csrf-token", ""))
    return visitor


async def _body(request: Request) -> AsyncIterator[bytes]:
    """Yield the body in its pieces; a client that leaves ends it, so the form is not whole."""
    while True:
        message = await request.receive()
        if message["type"] != "http.request":
            return
        if chunk := message.get("body", b""):
            yield chunk
        if not message.get("more_body", False):
            return


def _told(job: Job | Elsewhere, status: int = 200) -> Response:
    body = job.told()
    headers = {**NOBODY, "location": body["href"]} if status == 202 else NOBODY  # noqa: PLR2004
    return Response(orjson.dumps(body), status, headers, "application/json")


def _missing() -> Response:
    body = {
        "errors": [
            {
                "message": "There is no import of that id that is yours, or it is over.",
                "extensions": {"code": "NOT_FOUND"},
            }
        ]
    }
    return Response(orjson.dumps(body), 404, NOBODY, "application/json")
