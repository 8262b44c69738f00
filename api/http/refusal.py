"""The response to a refused request that comes from a program and not from a browser."""

from __future__ import annotations

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from api.errors import told_as
from api.media_types import GRAPHQL, JSON, preferred
from geo.errors import LakanaError, Unauthenticated


def refusal(error: LakanaError, scope: Scope) -> Response:
    """Return the response for a program: a GraphQL error with the status of its code."""
    headers = {"cache-control": "no-store"}
    if not isinstance(error, Unauthenticated):
        headers["retry-after"] = str(getattr(error, "retry_after_s", 1))
    told = told_as(error)
    media_type = preferred(Headers(scope=scope).get("accept"), (JSON, GRAPHQL)) or JSON
    body = orjson.dumps({"errors": [{"message": str(error), "extensions": {"code": told.code}}]})
    return Response(body, told.status, headers, f"{media_type}; charset=utf-8")
