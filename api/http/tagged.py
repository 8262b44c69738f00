"""Answers by GET with an entity tag: the public's by the state of what it may read, others' by the answer itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from api import caching
from api.identity.visitor import Visitor
from geo.audience import Audience
from geo.service import Resources

Make = Callable[[Visitor, str | None], Awaitable[Response]]
"""Makes the answer for a visitor; of the public the state is given, under which it may be kept."""


async def tagged(request: Request, resources: Resources, make: Make) -> Response:
    """Return an answer with its tag, or 304 where the client has it; one that may not be kept says so itself.

    Raises
    ------
    LakanaError
        What ``make`` raises, or where the database does not tell the state.

    """
    visitor = Visitor.of(request)
    known = request.headers.get("if-none-match")
    if visitor.caller.audience is not Audience.PUBLIC:
        response = await make(visitor, None)
        tag = caching.tag(visitor.caller.audience, bytes(response.body))
        shown = caching.known(known, [tag])
        return _told(response, tag, caching.OWN) if shown is None else _unchanged(shown, caching.OWN)
    state = await resources.public_state.read()
    varied = (request.headers.get(each, "") for each in ("accept", "accept-language"))
    tag = caching.tag(state, str(request.url), *varied)
    if (shown := caching.known(known, [tag])) is not None:
        return _unchanged(shown, caching.EVERYBODY)
    return _told(await make(visitor, state), tag, caching.EVERYBODY)


def _told(response: Response, tag: bytes, control: bytes) -> Response:
    if "cache-control" not in response.headers:
        response.raw_headers.extend(caching.headers(tag, control))
    return response


def _unchanged(shown: bytes, control: bytes) -> Response:
    return _told(Response(status_code=304), shown, control)
