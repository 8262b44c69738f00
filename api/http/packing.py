"""Answers over a kilobyte are sent compressed to whoever takes it; large ones are compressed off the event loop."""

from __future__ import annotations

from functools import partial

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import caching
from api.caching import Header
from api.compression import coding_of, pack, shrinks
from api.http.answer import Answer, headers_of
from api.identity import visitor
from api.identity.visitor import Visitor
from geo import metering
from geo.errors import Unavailable
from geo.processes.turn_thread import TurnThread

AT_ONCE_BYTES = 32_768
"""Up to so much is compressed on the event loop, in 0.1 to 0.6 ms."""
VARIES = b"Accept-Encoding"


class Packer:
    """Compresses answers.

    Parameters
    ----------
    thread
        Where large ones are compressed, in their callers' turns.

    """

    def __init__(self, thread: TurnThread) -> None:
        self._thread = thread

    async def packed(self, answer: Answer, accept_encoding: bytes | None, whose: Visitor) -> Answer:
        """Return an answer as it is to be sent: compressed, if its client takes that and it is worth it."""
        if accept_encoding is None and caching.VARY in answer.headers:
            return answer
        told = dict(answer.headers)
        media_type = told.get(b"content-type", b"").decode("latin-1")
        if b"content-encoding" in told or not shrinks(media_type, len(answer.body)):
            return answer
        headers = _varying(answer.headers, told.get(b"vary"))
        coding = coding_of(accept_encoding)
        body = None if coding is None else await self._pack(answer.body, coding, whose)
        if coding is None or body is None:
            return Answer(answer.status, headers, answer.body)
        changed = {
            b"content-length": str(len(body)).encode(),
            **({b"etag": caching.of_coding(told[b"etag"], coding)} if b"etag" in told else {}),
        }
        headers = [(name, changed.get(name, value)) for name, value in headers]
        return Answer(answer.status, [*headers, (b"content-encoding", coding.encode())], body)

    async def _pack(self, body: bytes, coding: str, whose: Visitor) -> bytes | None:
        if len(body) <= AT_ONCE_BYTES:
            with metering.current().working():
                return pack(body, coding)
        try:
            return await self._thread.run(partial(pack, body, coding), whose.caller)
        except Unavailable:  # it goes as it is
            return None


def _varying(headers: list[Header], vary: bytes | None) -> list[Header]:
    if vary is None:
        return [*headers, (b"vary", VARIES)]
    if VARIES in vary:
        return headers
    return [(name, value + b", " + VARIES if name == b"vary" else value) for name, value in headers]


class Pack:
    """ASGI middleware, inside of all others: compresses the answers of the routes.

    Parameters
    ----------
    app
        The application.
    packer
        Compresses.

    """

    def __init__(self, app: ASGIApp, packer: Packer) -> None:
        self._app = app
        self._packer = packer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and compress its answer."""
        if scope["type"] != "http" or visitor.KEY not in scope:
            await self._app(scope, receive, send)
            return
        start: Message | None = None

        async def pack_and_send(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if start is None or message.get("more_body"):
                if start is not None:
                    await send(start)
                    start = None
                await send(message)
                return
            answer = Answer(start["status"], list(start.get("headers", ())), message.get("body", b""))
            answer = await self._packer.packed(answer, headers_of(scope).get(b"accept-encoding"), scope[visitor.KEY])
            await answer.send(send)

        await self._app(scope, receive, pack_and_send)
