"""A client that asks for another protocol is answered in this one, and its body is never taken for a request."""

from __future__ import annotations

import asyncio

import httptools
import pytest
import uvicorn
from uvicorn.server import ServerState

from api.http.connection import Connection

H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n"
"""What Java's HttpClient sends with its first request."""
WEB_SOCKET = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
LENGTH = b"Content-Length: %d\r\n\r\n%s" % (len(HIDDEN), HIDDEN)
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n3\r\nend\r\n0\r\n\r\n" % (len(HIDDEN), HIDDEN)
AFTER = b"GET /after HTTP/1.1\r\nHost: x\r\n\r\n"


class Transport(asyncio.Transport):
    """A connection that keeps what is written."""

    def __init__(self):
        super().__init__()
        self.written, self.closing = b"", False

    def write(self, data):
        self.written += data

    def close(self):
        self.closing = True

    abort = close

    def is_closing(self):
        return self.closing

    def get_extra_info(self, name, default=None):
        return {"peername": ("192.0.2.1", 1), "sockname": ("192.0.2.2", 80)}.get(name, default)

    def pause_reading(self): ...
    def resume_reading(self): ...
    def get_write_buffer_size(self):
        return 0


def heard(*parts):
    """What the application hears of bytes that arrive in parts: method, path and body of each request; what is answered."""
    requests = []

    async def app(scope, receive, send):
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return
            body, more = body + message["body"], message["more_body"]
        requests.append((scope["method"], scope["path"], body))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def talk():
        config = uvicorn.Config(app, http=Connection, log_config=None, lifespan="off")
        config.load()
        connection, transport = Connection(config, ServerState(), {}), Transport()
        connection.connection_made(transport)
        for part in parts:
            if not transport.closing:
                connection.data_received(part)
                await asyncio.sleep(0)
        for _ in range(20):
            await asyncio.sleep(0)
        connection.connection_lost(None)
        return transport.written

    written = asyncio.run(talk())
    return requests, written


@pytest.mark.parametrize(
    "wish", [H2C, WEB_SOCKET, b"Connection: close, upgrade\r\nUpgrade: x\r\n"], ids=["h2c", "ws", "close"]
)
@pytest.mark.parametrize("method", [b"POST", b"GET", b"OPTIONS"])
@pytest.mark.parametrize(
    "rest", [LENGTH, CHUNKED, b"Content-Length: 0\r\n\r\n", b"\r\n"], ids=["length", "chunked", "none", "no body"]
)
@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
def test_the_application_hears_what_it_hears_without_the_wish(wish, method, rest, size, version):
    def said(*wishes):
        whole = (
            b"".join(method + b" /graphql HTTP/%s\r\nHost: x\r\n" % version + each + rest for each in wishes) + AFTER
        )
        return heard(*(whole[start : start + size] for start in range(0, len(whole), size)))[0]

    with_wish = said(wish)
    assert [path for _, path, _ in with_wish][:1] == ["/graphql"]
    assert with_wish == said(b"Connection: close\r\n" if b"close" in wish else b"")
    if b"close" not in wish and version == b"1.1":
        assert said(wish, wish) == said(b"", b"")
        assert said(wish, wish)[-1][1] == "/after"


@pytest.mark.parametrize(
    "head",
    [
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: gzip\r\n\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n0\r\nAuthorization: x\r\n\r\n",
    ],
)
def test_what_is_no_body_is_refused_with_the_wish_too(head):
    for wish in (b"", H2C):
        requests, written = heard(b"POST /graphql HTTP/1.1\r\nHost: x\r\n" + wish + head + AFTER)
        assert written.startswith(b"HTTP/1.1 400"), (wish, written)
        assert not [path for _, path, _ in requests if path == "/after"]


def test_connect_opens_no_tunnel():
    requests, _ = heard(b"CONNECT /graphql HTTP/1.1\r\nHost: x\r\n" + LENGTH + AFTER)
    assert [path for _, path, _ in requests] == ["/graphql", "/after"]


def test_the_parser_alone_takes_the_body_for_a_request():
    """Without the plain head this would be so; if a later parser no longer does it, the head can go."""

    urls = []

    class Listener:
        def on_url(self, url):
            urls.append(url)

    parser = httptools.HttpRequestParser(Listener())
    whole = b"POST /graphql HTTP/1.1\r\nHost: x\r\n" + H2C + LENGTH
    with pytest.raises(httptools.HttpParserUpgrade) as upgrade:
        parser.feed_data(whole)
    parser.feed_data(whole[upgrade.value.args[0] :])
    assert urls == [b"/graphql", b"/hidden"]
