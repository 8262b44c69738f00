"""GraphQL over HTTP: POST and GET on ``/graphql``, in both media types."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from api.errors import REFUSED, told, told_as
from api.graphql.compile import guard
from api.graphql.compile.compiled_operation import Operation
from api.graphql.compile.document_cache import Operations
from api.graphql.compile.response import Refused, bounded, located
from api.identity.visitor import Visitor
from api.media_types import GRAPHQL, JSON, preferred
from api.metrics import Metrics
from geo.errors import RateLimited, Unavailable
from geo.service import Resources

MAX_BODY_BYTES = 100_000
MAX_BRACKETS = 12_000
"""Lists and objects in a body, all of which orjson creates at once. GeoJSON of 5,000 positions has some 5,000."""
LONGEST_NAME = 200
"""Characters of an operation's name, which is part of the key of the document cache."""
NO_STORE = {"cache-control": "no-store", "vary": "Accept, Authorization"}
CHALLENGE = 'Bearer realm="lakana"'


class Malformed(Exception):
    """A request that is not GraphQL over HTTP: its status, and a sentence that says what to change."""

    def __init__(self, status: int, problem: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(problem)
        self.status = status
        self.problem = problem
        self.headers = headers or {}


@dataclass(frozen=True, slots=True)
class Asked:
    """The document, variables and operation name of a request."""

    query: str
    operation_name: str | None
    variables: dict[str, Any]
    beside: int
    """Characters of everything in the request other than the document."""


@dataclass(frozen=True)
class Endpoint:
    """Answers ``/graphql``."""

    operations: Operations
    resources: Resources
    metrics: Metrics

    async def __call__(self, request: Request) -> Response:
        """Answer a request."""
        media_type = JSON
        try:
            media_type = negotiate(request.headers.get("accept"))
            asked = await _from_body(request) if request.method == "POST" else _from_query(request)
            visitor = Visitor.of(request)
            visitor.account.charge(self.operations.reading_cost(asked.query, asked.operation_name))
            operation = await self.operations.read(asked.query, asked.operation_name, visitor.caller)
            _check_method(request.method, operation)
            visitor.account.charge(guard.variables_price(asked.beside, guard.values_in(asked.variables)))
            variables = await operation.admit(asked.variables, visitor.caller)
            cost = operation.cost(variables) + operation.compiling_cost(variables)
            visitor.account.charge(math.ceil(cost))
            answered = bounded(await operation.answer(variables, visitor.caller, self.resources))
        except Malformed as error:
            problem = {"message": error.problem, "extensions": {"code": "BAD_USER_INPUT"}}
            return self._refuse([problem], error.status, media_type, error.headers)
        except Refused as refused:
            # A well-formed request that does not validate: 200 in the older media type, 400 in the newer.
            usual = 200 if media_type == JSON else 400
            status = REFUSED.get(refused.errors[0]["extensions"]["code"], usual)
            headers = {"www-authenticate": CHALLENGE} if status == 401 else None  # noqa: PLR2004
            return self._refuse(refused.errors, status, media_type, headers)
        except (RateLimited, Unavailable) as error:
            headers = {"retry-after": str(error.retry_after_s)}
            return self._refuse([told(located(error))], told_as(error).status, media_type, headers)
        for code in answered.codes:
            self.metrics.graphql_errors.labels(code).inc()
        if answered.retry_after_s is None:
            return _response(answered.body, 200, media_type)
        return _response(answered.body, 503, media_type, {"retry-after": str(answered.retry_after_s)})

    def _refuse(
        self, errors: list[dict[str, Any]], status: int, media_type: str, headers: dict[str, str] | None = None
    ) -> Response:
        for each in errors:
            self.metrics.graphql_errors.labels(each["extensions"]["code"]).inc()
        return _response(orjson.dumps({"errors": errors}), status, media_type, headers)


def _response(body: bytes, status: int, media_type: str, headers: dict[str, str] | None = None) -> Response:
    return Response(body, status, {**NO_STORE, **(headers or {})}, f"{media_type}; charset=utf-8")


def negotiate(accept: str | None) -> str:
    """Choose the media type of the response; JSON if the client has no preference.

    Raises
    ------
    Malformed
        406 where the client takes neither.

    """
    chosen = preferred(accept, (JSON, GRAPHQL))
    if chosen is None:
        raise Malformed(406, f"Accept {JSON} or {GRAPHQL}.")
    return chosen


def _check_method(method: str, operation: Operation) -> None:
    if method != "POST" and operation.writes:
        raise Malformed(405, "This request writes to the database; send it by POST.", {"allow": "POST"})


async def _from_body(request: Request) -> Asked:
    content_type, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    if content_type.strip() != JSON or ("charset" in parameters and "utf-8" not in parameters):
        raise Malformed(415, f"Send the request as {JSON}, in UTF-8.")
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise Malformed(
                    413, f"The request is larger than {MAX_BODY_BYTES:,} bytes; use variables or smaller parts."
                )
    except ClientDisconnect:
        raise Malformed(400, "The request broke off.") from None
    if body.count(b"[") + body.count(b"{") > MAX_BRACKETS:
        raise Malformed(400, f"The request has more than {MAX_BRACKETS:,} lists and objects; send less at once.")
    return _asked(_json(bytes(body), "The request"), len(body))


def _from_query(request: Request) -> Asked:
    given: dict[str, Any] = dict(request.query_params)
    size = sum(map(len, given.values()))
    for name in ("variables", "extensions"):
        if name in given:
            given[name] = _json(given[name].encode("utf-8", "surrogateescape"), name) if given[name] else None
    return _asked(given, size)


def _json(text: bytes, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Malformed(400, f"{what} is not JSON: {error.msg} at character {error.pos}.") from None


def _asked(given: Any, size: int) -> Asked:
    if isinstance(given, list):
        raise Malformed(400, "Send one operation at a time: batching is off.")
    if not isinstance(given, dict):
        raise Malformed(400, "The request must be a JSON object with the key query.")
    query, name, variables = given.get("query"), given.get("operationName"), given.get("variables")
    if not isinstance(query, str) or not query.strip():
        raise Malformed(400, "query: give the GraphQL document as a string.")
    if not isinstance(name, str | None):
        raise Malformed(400, "operationName: give a string or leave it out.")
    if name is not None and len(name) > LONGEST_NAME:
        raise Malformed(400, f"operationName: it has {len(name):,} characters; at most {LONGEST_NAME} are allowed.")
    if not isinstance(variables, dict | None):
        raise Malformed(400, "variables: give an object or leave it out.")
    if not isinstance(given.get("extensions"), dict | None):
        raise Malformed(400, "extensions: give an object or leave it out.")
    return Asked(query, name or None, variables or {}, max(0, size - len(query)))
