"""One table from what can go wrong to what the client is told."""

from __future__ import annotations

import re
import traceback
from typing import Any

import structlog
from graphql import GraphQLError

from api.names import respelt, spelt
from geo.errors import (
    BadInput,
    CannotWrite,
    Forbidden,
    LakanaError,
    NotFound,
    RateLimited,
    Timeout,
    TooCostly,
    Unauthenticated,
    Unavailable,
)

CODES: dict[type[LakanaError], str] = {
    BadInput: "BAD_USER_INPUT",
    NotFound: "NOT_FOUND",
    Unauthenticated: "UNAUTHENTICATED",
    Forbidden: "FORBIDDEN",
    RateLimited: "RATE_LIMITED",
    TooCostly: "TOO_COSTLY",
    Timeout: "TIMEOUT",
    Unavailable: "UNAVAILABLE",
}
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
INTERNAL = "INTERNAL"
QUOTED = re.compile(r"(, found: |(?<=value): ).*", re.DOTALL)
"""Where graphql-core quotes a value that does not fit: it may be a place, and is not repeated."""
PERSONAL = re.compile(r"(type 'NewIncidentCounts?' not to include unknown|not defined by type 'NewIncidentCounts?')")
WENT_WRONG = "Something went wrong on our side; it has been logged."

log = structlog.get_logger("lakana")


def code_of(error: BaseException | None) -> str:
    """Return the code of an error; whatever has none is INTERNAL."""
    for kind, code in CODES.items():
        if isinstance(error, kind):
            return code
    return INTERNAL


def log_internal(error: BaseException) -> None:
    """Log an error of ours by its class and the places it passed.

    Never its text: the database quotes the statement, and the statement may hold a child's whereabouts.
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
    """Return the words of an error with the names that the schema has for what it names."""
    if isinstance(error, BadInput):
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
    shown["extensions"] = extensions
    return shown
