"""An HTTP response as it is sent, and the headers of a request as they came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.responses import Response
from starlette.types import Scope, Send

from api.caching import Header

AT_ONCE = "lakana.at_once"
"""Where a request's scope has a function that sends a whole answer, its head and body together."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response: its status, headers and body, of which the headers tell the length."""

    status: int
    headers: list[Header]
    body: bytes
    lasting: bool = False
    """Whether it stays true until something is written, and is the whole of what was asked for."""

    @classmethod
    def of(cls, response: Response) -> Answer:
        """Return a response of Starlette's that is not streamed."""
        return cls(response.status_code, response.raw_headers, bytes(response.body))

    def response(self) -> Response:
        """Return it as a response of Starlette's."""
        response = Response(self.body, self.status)
        response.raw_headers = self.headers
        return response

    async def send_at_once(self, scope: Scope, send: Send, *more: Header) -> None:
        """Send it in one piece, if its connection can do so now, with further headers; ``send`` is the server's own."""
        at_once: Callable[[int, list[Header], bytes], bool] | None = scope.get(AT_ONCE)
        if at_once is None or not at_once(self.status, [*self.headers, *more], self.body):
            await self.send(send, *more)

    async def send(self, send: Send, *more: Header) -> None:
        """Send it, with further headers."""
        await send({"type": "http.response.start", "status": self.status, "headers": [*self.headers, *more]})
        await send({"type": "http.response.body", "body": self.body})


def headers_of(scope: Scope) -> Mapping[bytes, bytes]:
    """Return the headers of a request by name in lower case; of several of one name the first."""
    return dict(reversed(scope["headers"]))
