"""A client's connection: it is closed if the client is too slow or a request's head is too large.

Input is limited here because the parser and the event loop work on it before any other check of the request.
"""

from __future__ import annotations

import asyncio
import resource
import socket
import struct
from asyncio import TimerHandle
from collections import Counter
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from api.caching import Header
from api.http.answer import AT_ONCE
from api.http.shedding import client_left, hold, is_upload
from api.identity.budget import network
from api.metrics import MALFORMED

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application

SEND_S = 10.0
"""How long a client may take to send a whole request, from its first byte or from the opening of the connection."""

UPLOAD_BYTES, LARGEST_UPLOAD = 16_384, 51_000_000
"""Who sends files may take longer, as long as so many bytes come in each :data:`SEND_S`: 1.6 kB a second. The second is
how many may come in all, those between the parts included."""
LARGEST_UNREAD = 1_000_000
"""Of any other request: what is too large for us by less is answered 413 with what may be sent."""
TAKE_S, TAKE_BYTES = 30.0, 32_768
"""A client that has not read the response must read so much of it in so long: 1 kB a second."""

SEND_BUFFER_BYTES = 131_072
"""What the kernel may keep of a response that the client has not read; it doubles this, and would take 4 MB by itself.
It bounds what a client far away gets: 1 MB a second over 0.2 s."""
UNREAD_BYTES = 50_000_000
"""What we keep of responses that one address has not read: 25 of the largest."""

HEAD_BYTES, HEAD_LINES = 16_384, 100
"""For all headers together: more than any client or proxy sends."""
URL_BYTES, PARAMETERS = 8_192, 40
PIECE_BYTES = 4_096
"""The parser is given this much at a time, so that we know how much it has gathered since it last told us anything: a
header without end, a trailer, or what may stand beside a chunk's size."""
BODY_PARTS, BYTES_A_PART = 64, 512
"""A body may arrive in this many parts, and one more for each so many bytes. A part is a chunk, or what the parser
is given at once."""
PIPELINED = 8
"""Requests that wait on one connection for the response before them."""
SHARE_OF_DESCRIPTORS = 4
"""One address, a proxy's for example, may have at most a quarter of the connections that this process may open."""

LAST_WORD_S = 0.2
"""How long a server that shuts down still listens to an idle connection."""

FRAMING = frozenset({b"content-length", b"transfer-encoding"})
"""The headers that say where a body ends."""

NO_HTTP = "Invalid HTTP request received."

DROP_UNSENT = struct.pack("ii", 1, 0)
"""``SO_LINGER``: the kernel forgets what the client has not read."""


def bound_unread(listener: socket.socket) -> None:
    """Bound what the kernel keeps of responses that are not read, and for how long, on all connections to come."""
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # on Linux alone; it holds after the connection is closed, too
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(TAKE_S * 1_000))


class TooMuchError(Exception):
    """A request is larger, or in more parts, than any honest one: the parser answers 400 and the connection ends."""


class WhichHostError(Exception):
    """A request of HTTP/1.1 names no host, or any names several: it is answered 400 (RFC 9112, section 3.2)."""


class Connection(HttpToolsProtocol):
    """Uvicorn's protocol, with timeouts where uvicorn waits forever, and limits on what it reads.

    ``Upgrade`` is ignored, as a server may (RFC 9110, section 7.8). The parser ends a request that has it, and any
    ``CONNECT``, at its head, and would take the body for the next request. So a new parser is given a plain head, which
    says alike how long the body is and makes no request of its own, and then the rest.
    """

    _open: ClassVar[Counter[str]] = Counter()
    """Connections by address."""
    _unread: ClassVar[Counter[str]] = Counter()
    """Bytes of responses that are not read, by address."""
    _address = ""
    url = b""
    _head_bytes = _head_lines = _hosts = _gathered_bytes = _held_bytes = _body_bytes = _body_parts = _unread_bytes = 0
    _in_body = _is_upload = False
    _awaited_bytes = 0
    """How many bytes of files must have come for the client to be given more time."""
    _plain_head = b""
    """What the parser is to read before the body of a request that asks for an upgrade; empty where none does."""
    _reads_plain_head = False
    _leaving = False
    _sending: TimerHandle | None = None
    _taking: TimerHandle | None = None
    _answered: RequestResponseCycle | None = None
    """The request that is being answered; uvicorn's ``cycle`` is the one that came last."""
    _postponed: tuple[RequestResponseCycle, ASGI3Application] | None = None
    """The request that comes next, while the client has not read the responses before it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the timeout of the first request."""
        super().connection_made(transport)
        self._address = network(self.client[0] if self.client else "")
        self._open[self._address] += 1
        if self._open[self._address] > resource.getrlimit(resource.RLIMIT_NOFILE)[0] // SHARE_OF_DESCRIPTORS:
            transport.abort()
        self._await_request()

    def data_received(self, data: bytes) -> None:
        """Start the timeout of a request that begins here, and parse it piece by piece."""
        self._await_request()
        for start in range(0, len(data), PIECE_BYTES):
            if self.transport.is_closing():
                return
            piece = data[start : start + PIECE_BYTES]
            self._gathered_bytes += len(piece)
            self._parse(piece)
            if self._gathered_bytes > HEAD_BYTES + PIECE_BYTES:
                self.transport.abort()
        is_begun = self._sending is not None
        self._hold(len(self.url) + self._head_bytes + self._gathered_bytes if is_begun else 0)

    def _parse(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        try:
            while data:
                data = self._parse_up_to_upgrade(data)
        except HttpParserError:
            self.logger.warning(NO_HTTP)
            self.send_400_response(NO_HTTP)

    def _parse_up_to_upgrade(self, data: bytes) -> bytes:
        """Parse data, and return what comes behind the head of a request that asks for an upgrade."""
        try:
            self.parser.feed_data(data)
        except HttpParserUpgrade as upgrade:
            self.parser = HttpRequestParser(self)
            self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn does
            self._reads_plain_head = True
            self.parser.feed_data(self._plain_head)
            return data[upgrade.args[0] :]
        return b""

    def _should_upgrade(self) -> bool:
        """Return false: there is no web socket here."""
        return False

    def on_message_begin(self) -> None:
        """Start the timeout of a request that arrived together with the one before."""
        if self._reads_plain_head:
            return
        self._await_request()
        self._in_body = False
        self._head_bytes = self._head_lines = self._hosts = self._body_bytes = self._body_parts = 0
        if len(self.pipeline) >= PIPELINED:
            raise TooMuchError
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Take the URL, up to a limit."""
        if self._reads_plain_head:
            return
        self._gathered_bytes = PIECE_BYTES
        super().on_url(url)
        if len(self.url) > URL_BYTES or self.url.count(b"&") > PARAMETERS:
            raise TooMuchError

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, up to a limit, and no trailer: the door has let the request in by its head."""
        if self._reads_plain_head:
            return
        if self._in_body:
            raise TooMuchError
        self._gathered_bytes = PIECE_BYTES
        self._head_lines += 1
        self._head_bytes += len(name) + len(value)
        if self._head_lines > HEAD_LINES or self._head_bytes > HEAD_BYTES:
            raise TooMuchError
        self._hosts += name.lower() == b"host"
        super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        """Take a part of a body, unless the body comes in crumbs: each part costs as much, however small it is."""
        self._gathered_bytes = PIECE_BYTES
        self._body_parts += 1
        self._body_bytes += len(body)
        most = LARGEST_UPLOAD if self._is_upload else LARGEST_UNREAD
        if self._body_parts > BODY_PARTS + self._body_bytes // BYTES_A_PART or self._body_bytes > most:
            raise TooMuchError
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Stop the timeout: the request is complete."""
        if self._plain_head:  # it is not: the parser has not been given the body
            return
        self._request_is_whole()
        self._gathered_bytes = 0
        super().on_message_complete()

    def on_headers_complete(self) -> None:
        """Begin to answer a request that names its host; if the server is shutting down, close the connection after."""
        if self._reads_plain_head:
            self._reads_plain_head, self._plain_head = False, b""
            return
        self._in_body = True
        if self._hosts > 1 or (self._hosts == 0 and self.parser.get_http_version() == "1.1"):
            raise WhichHostError
        self._is_upload = is_upload(
            self.parser.get_method().decode("ascii", "replace"), self.url.decode("ascii", "replace")
        )
        self._awaited_bytes = UPLOAD_BYTES
        super().on_headers_complete()
        if self._leaving:
            self.cycle.keep_alive = False
        if self.parser.should_upgrade():
            framing = [name + b": " + value for name, value in self.headers if name in FRAMING]
            then = b"connection: keep-alive" if self.parser.should_keep_alive() else b"connection: close"
            self._plain_head = b"\r\n".join([b"POST / HTTP/1.1", then, *framing, b"", b""])

    def shutdown(self) -> None:
        """Shut down: answer the request under way, or one that arrives on an idle connection in this moment."""
        self._leaving = True
        if self.cycle is None or self.cycle.response_complete:
            self.loop.call_later(LAST_WORD_S, super().shutdown)
        else:
            super().shutdown()

    def send_400_response(self, msg: str) -> None:
        """Count what is no HTTP, and say so."""
        MALFORMED.inc()
        super().send_400_response(msg)

    def pause_writing(self) -> None:
        """Start the timeout within which the client must go on reading, unless its address has too much unread."""
        super().pause_writing()
        self._await_reading(self.transport.get_write_buffer_size())
        if self._unread[self._address] > UNREAD_BYTES:
            self._drop()

    def resume_writing(self) -> None:
        """Stop that timeout, continue writing, and begin with the request that had to wait for it."""
        self._answer_is_taken()
        super().resume_writing()
        if self._postponed is not None:
            (cycle, app), self._postponed = self._postponed, None
            self._start_asgi_task(cycle, app)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timeouts and cancel the work for the client, which is gone."""
        self._open[self._address] -= 1
        if not self._open[self._address]:
            del self._open[self._address]
        self._hold(0)
        self._request_is_whole()
        self._answer_is_taken()
        if self._answered is not None and not self._answered.response_complete:
            self._answered.disconnected = True
            self._answered.message_event.set()
            client_left(cast("Scope", self._answered.scope))
        super().connection_lost(exc)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Begin with a request, or as soon as the client has read the responses before it: it may never do so."""
        if self.flow.write_paused:
            self._postponed = cycle, app
            return
        self._answered = cycle
        cast("Scope", cycle.scope)[AT_ONCE] = partial(self._send_at_once, cycle)
        super()._start_asgi_task(cycle, app)

    def _send_at_once(self, cycle: RequestResponseCycle, status: int, headers: list[Header], body: bytes) -> bool:
        """Send a whole answer in one piece, and return whether that could be done now.

        Uvicorn looks through each header for what would break the message, and writes the body apart. The headers that
        come here are our own words, and the length of the body is one of them.
        """
        if self.flow.write_paused or cycle.disconnected or cycle.response_started:
            return False
        cycle.response_started = cycle.response_complete = True
        head = [STATUS_LINE[status]]
        for name, value in (*self.server_state.default_headers, *headers):
            head += name, b": ", value, b"\r\n"
        head.append(b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n")
        self.transport.writelines((b"".join(head), body))
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()
        return True

    def _await_request(self) -> None:
        if self._sending is None:
            self._sending = self.loop.call_later(SEND_S, self._give_up)

    def _hold(self, held: int) -> None:
        """Count what an unfinished request holds beside its body, with all others of its address."""
        more, self._held_bytes = held - self._held_bytes, held
        if not hold(self._address, more) and more > 0:
            self.transport.abort()

    def _request_is_whole(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None

    def _answer_is_taken(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None
            self._unread[self._address] -= self._unread_bytes
            if not self._unread[self._address]:
                del self._unread[self._address]

    def _await_reading(self, unread: int) -> None:
        self._taking = self.loop.call_later(TAKE_S, self._look_at_reading)
        self._unread_bytes = unread
        self._unread[self._address] += unread

    def _look_at_reading(self) -> None:
        unread = self.transport.get_write_buffer_size()
        if unread > self._unread_bytes - TAKE_BYTES:
            self._drop()
        else:
            self._answer_is_taken()
            self._await_reading(unread)

    def _drop(self) -> None:
        """End the connection, and have the kernel forget what the client has not read."""
        with suppress(OSError):
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, DROP_UNSENT)
        self.transport.abort()

    def _give_up(self) -> None:
        is_read = self._in_body and self.cycle is not None and not self.cycle.response_complete
        if self._is_upload and is_read and self._body_bytes >= self._awaited_bytes:
            self._awaited_bytes = self._body_bytes + UPLOAD_BYTES
            self._sending = self.loop.call_later(SEND_S, self._give_up)
        elif self.pipeline:
            # The next request waits for our own answer to the one before, so the client is not to blame.
            self._sending = self.loop.call_later(SEND_S, self._give_up)
        else:
            self.transport.abort()
