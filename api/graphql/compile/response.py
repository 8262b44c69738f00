"""A GraphQL response: finished JSON and errors, joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import FieldNode, GraphQLError, GraphQLField, get_named_type, is_leaf_type

from api.errors import told
from geo.database.statements import Answer
from geo.errors import TooCostly, Unavailable

MAX_RESPONSE_BYTES = 2_000_000
MAX_MAP_BYTES = 10_000_000
"""Where a root field is one GeoJSON: 1 kB for each of the 10,000 features that it may have. A service's has 0.4 kB."""
LESSENED_BY = ("first", "bbox", "areaCode", "parentCode", "simplifyMetres", "distancesMetres")
"""Arguments that make an answer smaller."""


class Refused(Exception):
    """A request that does not run: the errors to answer with, as the response shows them.

    ``price`` is the cost of finding that out, beyond what was charged before.
    """

    def __init__(self, errors: list[dict[str, Any]], price: int = 0) -> None:
        super().__init__(errors)
        self.errors = errors
        self.price = price


@dataclass(frozen=True, slots=True)
class Response:
    """A response body, and the seconds after which to retry if the database could not answer.

    ``momentary`` is whether it is true at this moment alone, though nobody writes.
    """

    body: bytes
    codes: tuple[str, ...] = ()
    retry_after_s: int | None = None
    momentary: bool = False


def checked(answer: Answer | Exception) -> tuple[str | None, Exception | None]:
    """Return the text of an answer, null if there is nothing to be seen, or its error."""
    return (None, answer) if isinstance(answer, Exception) else (answer, None)


def located(error: Exception, nodes: Sequence[FieldNode] = (), key: str | None = None) -> GraphQLError:
    """Return an error with the root field that it belongs to, by its nodes and response key."""
    original = error.original_error if isinstance(error, GraphQLError) else error
    message = error.message if isinstance(error, GraphQLError) else str(error)
    return GraphQLError(message, nodes or None, path=[key] if key else None, original_error=original)


def respond(data: Sequence[bytes] | None, errors: Sequence[GraphQLError] = (), *, answered: bool = True) -> Response:
    """Join the response from the parts of its data, once, since it may be large.

    It is to be asked again where no root field was ``answered`` and the service was busy.
    """
    if not errors:
        return Response(b"".join((b'{"data":', *(data or [b"null"]), b"}")))
    shown = [told(each, default="BAD_USER_INPUT") for each in errors]
    codes = tuple(each["extensions"]["code"] for each in shown)
    retries = [each.original_error.retry_after_s for each in errors if isinstance(each.original_error, Unavailable)]
    retry_after_s = None if answered else max(retries, default=None)
    parts = data if data and retry_after_s is None else [b"null"]
    return Response(b"".join((b'{"errors":', orjson.dumps(shown), b',"data":', *parts, b"}")), codes, retry_after_s)


def most_bytes(fields: Iterable[GraphQLField]) -> int:
    """Return how large the answers of these root fields may be together."""
    return MAX_MAP_BYTES if any(map(_is_one_value, fields)) else MAX_RESPONSE_BYTES


def too_large(fields: Mapping[str, GraphQLField]) -> Response:
    """Return the error in the place of a response that is larger than the limit, with what each field may be asked."""
    lessened = (f"{name} by {' or '.join(_lessened_by(each))}" for name, each in fields.items())
    most = most_bytes(fields.values()) // 1_000_000
    problem = f"The response is larger than {most} MB; ask for less: {', '.join(lessened)}."
    return respond(None, [located(TooCostly(problem))])


def _is_one_value(field: GraphQLField) -> bool:
    return is_leaf_type(get_named_type(field.type))


def _lessened_by(field: GraphQLField) -> list[str]:
    own = [name for name in LESSENED_BY if name in field.args]
    return own if _is_one_value(field) else [*own, "fewer fields"]
