"""How a request is told that it is not let in: as GraphQL, where no browser asks for a page."""

from __future__ import annotations

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from api.errors import code_of
from api.http.endpoint import JSON, STATUSES, Malformed, negotiate
from geo.errors import LakanaError, Unauthenticated


def refusal(error: LakanaError, scope: Scope) -> Response:
    """Return the answer of a program: a GraphQL error with the status of its code."""
    headers = {"cache-control": "no-store"}
    if not isinstance(error, Unauthenticated):
        headers["retry-after"] = str(getattr(error, "retry_after_s", 1))
    code = code_of(error)
    body = orjson.dumps({"errors": [{"message": str(error), "extensions": {"code": code}}]})
    return Response(body, STATUSES.get(code, 503), headers, f"{_media_type(scope)}; charset=utf-8")


def _media_type(scope: Scope) -> str:
    try:
        return negotiate(Headers(scope=scope).get("accept"))
    except Malformed:
        return JSON
