"""A GraphQL response: finished JSON and errors, joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import FieldNode, GraphQLError

from api.errors import told
from geo.database.statements import Answer
from geo.errors import TooCostly, Unavailable

MAX_RESPONSE_BYTES = 2_000_000


class Refused(Exception):
    """A request that does not run: the errors to answer with, as the response shows them."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Response:
    """A response body, and the seconds after which to retry if the database could not answer."""

    body: bytes
    codes: tuple[str, ...] = ()
    retry_after_s: int | None = None


def checked(answer: Answer | Exception) -> tuple[str | None, Exception | None]:
    """Return the text of an answer, null if there is nothing to be seen, or its error."""
    return (None, answer) if isinstance(answer, Exception) else (answer, None)


def located(error: Exception, nodes: Sequence[FieldNode] = (), key: str | None = None) -> GraphQLError:
    """Return an error with the root field that it belongs to, by its nodes and response key."""
    original = error.original_error if isinstance(error, GraphQLError) else error
    message = error.message if isinstance(error, GraphQLError) else str(error)
    return GraphQLError(message, nodes or None, path=[key] if key else None, original_error=original)


def respond(data: str | None, errors: Sequence[GraphQLError] = (), *, answered: bool = True) -> Response:
    """Join the response; it is to be asked again where no root field was ``answered`` and the service was busy."""
    if errors:
        shown = [told(each, default="BAD_USER_INPUT") for each in errors]
        codes = tuple(each["extensions"]["code"] for each in shown)
        retries = [each.original_error.retry_after_s for each in errors if isinstance(each.original_error, Unavailable)]
        retry_after_s = None if answered else max(retries, default=None)
        data = data if retry_after_s is None else None
        whole = f'{{"errors":{orjson.dumps(shown).decode()},"data":{data or "null"}}}'
        return Response(whole.encode(), codes, retry_after_s)
    return Response(f'{{"data":{data or "null"}}}'.encode())


def too_large() -> Response:
    """Return the error in the place of a response that is larger than the limit."""
    return respond(
        None, [located(TooCostly("The response is larger than 2 MB; ask for fewer items (first) or fields."))]
    )


def bounded(response: Response) -> Response:
    """Return the response, or an error in its place if it is larger than the limit."""
    return response if len(response.body) <= MAX_RESPONSE_BYTES else too_large()
