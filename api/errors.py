"""One table from error classes to what the client sees."""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass
from typing import Any

import structlog
from graphql import GraphQLError

from api.names import respelt, spelt
from geo.errors import (
    BadInput,
    CannotWrite,
    Forbidden,
    LakanaError,
    RateLimited,
    Timeout,
    TooCostly,
    Unauthenticated,
    Unavailable,
)


@dataclass(frozen=True, slots=True)
class Told:
    """How a kind of error is shown: its code in GraphQL, and the status of a page."""

    code: str
    status: int


TABLE: dict[type[LakanaError], Told] = {
    BadInput: Told("BAD_USER_INPUT", 400),
    Unauthenticated: Told("UNAUTHENTICATED", 401),
    Forbidden: Told("FORBIDDEN", 403),
    RateLimited: Told("RATE_LIMITED", 429),
    TooCostly: Told("TOO_COSTLY", 400),
    Timeout: Told("TIMEOUT", 503),
    Unavailable: Told("UNAVAILABLE", 503),
}
"""The code and status of each error that clients see, by class. Any other class appears only as INTERNAL and 500."""
REFUSED = {each.code: each.status for each in TABLE.values() if each.status in {401, 403, 429}}
"""Refusals that keep their status in every media type, by code."""
STATUS = {each.code: each.status for each in TABLE.values()}
"""The status of each code, of an answer that is one thing and not several fields."""
CHALLENGE = 'Bearer realm="lakana"'
"""What an answer 401 says of how to authenticate (RFC 6750)."""
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
INTERNAL = "INTERNAL"
QUOTED = re.compile(r"(, found: |(?<=value): ).*", re.DOTALL)
"""Where graphql-core quotes an invalid value. It may be a place, so we do not repeat it."""
COUNTS = "'(?:(?:NewIncident|Reported)CountInput|NewIncidentReturnInput|RecordIncidentCountsInput)'"
PERSONAL = re.compile(f"(type {COUNTS} not to include unknown|not defined by type {COUNTS})")
WENT_WRONG = "Something went wrong on our side; it has been logged."

log = structlog.get_logger("lakana")


def told_as(error: BaseException | None) -> Told:
    """Return the code and status of an error."""
    return next((told for kind, told in TABLE.items() if isinstance(error, kind)), Told(INTERNAL, 500))


def code_of(error: BaseException | None) -> str:
    """Return the code of an error; an error without one is INTERNAL."""
    return told_as(error).code


def log_internal(error: BaseException) -> None:
    """Log an internal error by its class and stack frames.

    Its text is never logged: the database quotes the statement, which may hold a child's whereabouts.
    """
    if isinstance(error, CannotWrite):
        log.error("the database cannot write", sqlstate=error.sqlstate, reason=error.reason)
        return
    frames = traceback.extract_tb(error.__traceback__)
    log.error(
        "internal error",
        error=type(error).__name__,
        sqlstate=getattr(error, "pgcode", None),
        frames=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]],
    )


def worded_error(error: LakanaError) -> str:
    """Return the text of an error, with field names spelt as in the schema."""
    if isinstance(error, BadInput) and error.field:
        return f"{spelt(error.field)}: {respelt(error.problem)}"
    return respelt(str(error))


def told(error: GraphQLError, default: str = INTERNAL) -> dict[str, Any]:
    """Return an error as the response shows it.

    ``default`` is the code of an error that graphql-core itself raised. The text of an error that is not ours is for
    the log, not for the client.
    """
    original = error.original_error
    while isinstance(original, GraphQLError):  # graphql-core wraps its own errors
        original = original.original_error
    if isinstance(original, LakanaError):
        code, message = code_of(original), worded_error(original)
        if isinstance(original, CannotWrite):
            log_internal(original)
    elif original is None:
        code, message = default, QUOTED.sub(".", error.message)
        if PERSONAL.search(message):
            message += " This system keeps aggregates only: nothing that names or describes a person may be sent."
    else:
        log_internal(original)
        code, message = INTERNAL, WENT_WRONG
    shown: dict[str, Any] = {"message": message}
    if error.locations:
        shown["locations"] = [{"line": each.line, "column": each.column} for each in error.locations]
    if error.path:
        shown["path"] = error.path
    extensions: dict[str, Any] = {"code": code}
    if isinstance(original, BadInput) and original.field:
        extensions["field"] = spelt(original.field)
    elif field := (error.extensions or {}).get("field"):
        extensions["field"] = field
    shown["extensions"] = extensions
    return shown
