"""Errors of the database, translated by SQLSTATE in one place for reading, writing and the command line.

Our own functions raise ``LK…`` with texts of ours. PostgreSQL's own messages may quote the row, so of any other error
only the code is read, and its text is neither shown nor logged.
"""

from __future__ import annotations

import re
from typing import Any

from geo.errors import BadInput, CannotWrite, Forbidden, LakanaError, RateLimited, Unavailable

REASONS = {
    "25006": "the database is read-only",
    "53100": "the disk is full",
    "53200": "the database is out of memory",
    "53300": "too many connections are open",
    "53400": "a limit of the database's configuration is reached",
    "58030": "the disk cannot be read or written",
}
"""Why the database cannot do the work, although nothing is wrong with the request."""
CLASSES = {
    "53": "the database lacks a resource",
    "58": "the database's system fails",
}
OUT_OF_RANGE = "A number is too large or too small to compute with; give one of a usual size."
FULL_S = 60
"""When to ask again where there is no room: somebody has to make some."""
FATAL = frozenset({"FATAL", "PANIC"})
"""How severe an error is that ends its connection, in whatever language the server speaks."""
DEADLOCK = "40P01"
"""Two waited for each other, and one was ended; the other goes on."""
BUSY = frozenset({"53300"})
"""States that last only a moment and end by themselves, when other clients leave."""

_NOT_AT_ALL = re.compile(r"FATAL: +(sorry, too many clients|remaining connection slots|too many connections)")
"""libpq gives no SQLSTATE for a refused connection, so we match its text. These texts contain no data."""


def sqlstate_of(error: BaseException) -> str | None:
    """Return the SQLSTATE of an error of psycopg2, or of SQLAlchemy around one; None where it has none."""
    original: Any = getattr(error, "orig", None) or error
    code: str | None = getattr(original, "pgcode", None)
    return code or ("53300" if _NOT_AT_ALL.search(str(original)) else None)


def blamed(error: BaseException) -> LakanaError | None:
    """Return the caller's error that a function of ours raised; None if it is another kind of error.

    ``LK400`` names the field in DETAIL. Its message may contain ``%s`` for a word of the input, which is in HINT: the
    database never logs a hint, unlike a message (``log_error_verbosity``). ``LK403`` means forbidden; ``LK429`` means
    too many requests, with the seconds to wait in DETAIL; ``LK503`` means that there is no room now. ``22003``, a
    number out of its range, is the caller's too: we compute with nothing else that large or small.
    """
    said: Any = getattr(getattr(error, "orig", None) or error, "diag", None)
    match sqlstate_of(error):
        case "LK400":
            words = said.message_primary or ""
            return BadInput(said.message_detail or "", words.replace("%s", said.message_hint or ""))
        case "22003":
            return BadInput("", OUT_OF_RANGE)
        case "LK403":
            return Forbidden(said.message_primary or "")
        case "LK429":
            return RateLimited(said.message_primary or "", int(said.message_detail))
        case "LK503":
            return Unavailable(said.message_primary or "", retry_after_s=FULL_S)
    return None


def reason_of(sqlstate: str | None) -> str | None:
    """Return why the database cannot work now, by SQLSTATE; None if the code means something else.

    Examples
    --------
    >>> reason_of("53100"), reason_of("58P01"), reason_of("23505")
    ('the disk is full', "the database's system fails", None)

    """
    return REASONS.get(sqlstate or "") or CLASSES.get((sqlstate or "")[:2])


def trouble(error: BaseException) -> Unavailable | None:
    """Return the error to show if the database cannot work now; None if the error is of another kind."""
    sqlstate = sqlstate_of(error)
    if sqlstate == DEADLOCK:
        return Unavailable("Others write the same at this moment; try again.")
    reason = reason_of(sqlstate)
    if sqlstate is None or reason is None:
        return None
    if sqlstate in BUSY:
        return Unavailable(f"The database cannot be reached: {reason} (SQLSTATE {sqlstate}); try again.")
    return CannotWrite(sqlstate, reason)


def ends_connection(error: BaseException) -> bool:
    """Return whether the connection is gone with an error: it comes from the connection itself, or is fatal."""
    said: Any = getattr(error, "diag", None)
    return sqlstate_of(error) is None or getattr(said, "severity_nonlocalized", None) in FATAL


def refusal(error: BaseException) -> str:
    """Describe any other error of the database in one sentence: in our own words, or by its class and SQLSTATE."""
    original: Any = getattr(error, "orig", None) or error
    if ours := blamed(error):
        return f"The database refused: {ours}"
    return f"The database refused ({type(original).__name__}, SQLSTATE {sqlstate_of(error) or 'none'})."
