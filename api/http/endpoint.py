"""GraphQL over HTTP: POST and GET on ``/graphql``, in both media types."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

import orjson
from graphql.execution.values import VariableValues
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from api import caching
from api.errors import CHALLENGE, REFUSED, told, told_as
from api.graphql.compile import guard, tariff
from api.graphql.compile.compiled_operation import Operation
from api.graphql.compile.document_cache import Operations
from api.graphql.compile.response import Refused, located
from api.http.answer import Answer, headers_of
from api.http.documents import Documents
from api.http.graphql_request import Asked, Malformed, from_body, from_query
from api.identity.budget import Bill
from api.identity.visitor import Visitor
from api.languages import preferred_language
from api.media_types import GRAPHQL, JSON, preferred
from api.metrics import Metrics
from geo.audience import Audience, Caller
from geo.errors import LakanaError
from geo.service import Resources
from geo.vocabulary import Locale

NO_STORE = ((b"cache-control", caching.NOBODY), caching.VARY)
CONTENT_TYPES = {each: f"{each}; charset=utf-8".encode() for each in (JSON, GRAPHQL)}


@dataclass(frozen=True)
class Endpoint:
    """Answers ``/graphql``."""

    operations: Operations
    documents: Documents
    resources: Resources
    metrics: Metrics

    async def __call__(self, request: Request) -> Response:
        """Answer a request that came through the layers of the application."""
        visitor, headers = Visitor.of(request), headers_of(request.scope)
        if request.method == "POST":
            return (await self.post(headers, await request.receive(), visitor)).response()
        return (await self.get(headers, request.scope["query_string"], visitor)).response()

    async def get(self, headers: Mapping[bytes, bytes], query_string: bytes, visitor: Visitor) -> Answer:
        """Answer a request by GET, or say that what the client has is still so."""
        control, tag, has = caching.OWN, None, headers.get(b"if-none-match")
        if visitor.caller.audience is Audience.PUBLIC:
            try:
                state = await self.resources.public_state.read()
                told_as = _media_type(headers), self._language(headers).name
                control, tag = caching.EVERYBODY, caching.tag(state, query_string, *told_as)
            except LakanaError as error:
                return self._failed(error, JSON)
            if (shown := caching.known(has, [tag])) is not None:
                return Answer(304, caching.headers(shown, control), b"")
        answer = await self._answer("GET", headers, partial(from_query, query_string), visitor)
        if not answer.lasting:
            return answer
        if tag is None:
            tag = caching.tag(visitor.caller.audience, visitor.turn, answer.body)
            if (shown := caching.known(has, [tag])) is not None:
                return Answer(304, caching.headers(shown, control), b"")
        told = [each for each in answer.headers if each not in NO_STORE]
        return replace(answer, headers=[*caching.headers(tag, control), *told])

    async def post(self, headers: Mapping[bytes, bytes], message: Message, visitor: Visitor) -> Answer:
        """Answer a request by POST, whose body is one message."""
        return await self._answer("POST", headers, partial(from_body, headers, message), visitor)

    def _language(self, headers: Mapping[bytes, bytes]) -> Locale:
        """Return the language of the answer: what the client prefers, else the country's own."""
        return preferred_language(_text(headers, b"accept-language"), self.operations.country.language)

    async def _answer(
        self, method: str, headers: Mapping[bytes, bytes], read: Callable[[Bill], Asked], visitor: Visitor
    ) -> Answer:
        media_type, account = JSON, visitor.account
        try:
            media_type = negotiate(_text(headers, b"accept"))
            asked = read(account)
            caller = visitor.caller.speaking(self._language(headers))
            document = await self.documents.text(asked, caller)
            account.read((document, asked.operation_name), guard.reading_price(document))
            operation = await self.operations.read(document, asked.operation_name, caller)
            self.documents.keep(asked, operation, caller)
            _check_method(method, operation)
            account.charge(guard.variables_price(asked.beside, guard.values_in(asked.variables)))
            variables, cost = await _admitted(operation, asked.variables, caller, visitor)
            account.charge(math.ceil(cost))
            answered = await operation.answer(variables, caller, self.resources)
        except Malformed as error:
            problem = {"message": error.problem, "extensions": {"code": "BAD_USER_INPUT"}}
            return self._refuse([problem], error.status, media_type, error.headers)
        except Refused as refused:
            visitor.account.owe("refused", int(tariff.REFUSED), anew=True)
            # A well-formed request that does not validate: 200 in the older media type, 400 in the newer.
            usual = 200 if media_type == JSON else 400
            status = REFUSED.get(refused.errors[0]["extensions"]["code"], usual)
            more = {"www-authenticate": CHALLENGE} if status == 401 else None  # noqa: PLR2004
            return self._refuse(refused.errors, status, media_type, more)
        except LakanaError as error:
            return self._failed(error, media_type)
        for code in answered.codes:
            self.metrics.graphql_errors.labels(code).inc()
        if answered.retry_after_s is None:
            lasting = not (answered.codes or answered.momentary)
            return _whole(answered.body, 200, media_type, lasting=lasting)
        return _whole(answered.body, 503, media_type, {"retry-after": str(answered.retry_after_s)})

    def _failed(self, error: LakanaError, media_type: str) -> Answer:
        more = {"retry-after": str(getattr(error, "retry_after_s", 1))}
        return self._refuse([told(located(error))], told_as(error).status, media_type, more)

    def _refuse(
        self, errors: list[dict[str, Any]], status: int, media_type: str, headers: dict[str, str] | None = None
    ) -> Answer:
        for each in errors:
            self.metrics.graphql_errors.labels(each["extensions"]["code"]).inc()
        return _whole(orjson.dumps({"errors": errors}), status, media_type, headers)


def _whole(
    body: bytes, status: int, media_type: str, more: Mapping[str, str] | None = None, *, lasting: bool = False
) -> Answer:
    headers = [
        *NO_STORE,
        *((name.encode(), value.encode()) for name, value in (more or {}).items()),
        (b"content-length", str(len(body)).encode()),
        (b"content-type", CONTENT_TYPES[media_type]),
    ]
    return Answer(status, headers, body, lasting)


def _text(headers: Mapping[bytes, bytes], name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


@lru_cache(maxsize=256)
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


async def _admitted(
    operation: Operation, given: Mapping[str, Any], caller: Caller, visitor: Visitor
) -> tuple[VariableValues, float]:
    """Return the variables, and what the operation costs; one that is refused is charged for finding that out."""
    try:
        return await operation.admit(given, caller)
    except Refused as refused:
        visitor.account.charge(refused.price)
        raise


def _media_type(headers: Mapping[bytes, bytes]) -> str:
    """Return the media type of the answer; none where the request will be refused for it."""
    try:
        return negotiate(_text(headers, b"accept"))
    except Malformed:
        return ""


def _check_method(method: str, operation: Operation) -> None:
    if method != "POST" and operation.by_post is not None:
        raise Malformed(405, operation.by_post, {"allow": "POST"})
