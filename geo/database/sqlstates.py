"""What the database refuses and what troubles it, by SQLSTATE: in one place for reading, writing and the command line.

Our own functions raise ``LK…`` with words of ours. PostgreSQL's own words may quote the row at hand, so of any other
error only the code is read, and nothing of it is told or logged.
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
"""Why the database cannot do what is asked of it, though nothing is wrong with what is asked."""
CLASSES = {
    "53": "the database lacks a resource",
    "58": "the database's system fails",
}
BUSY = frozenset({"53300"})
"""What passes by itself, as others go: it stands for no more than a moment."""

_NOT_AT_ALL = re.compile(r"FATAL: +(sorry, too many clients|remaining connection slots|too many connections)")
"""libpq gives no SQLSTATE of a connection that was refused; its words of this kind hold no data."""


def sqlstate_of(error: BaseException) -> str | None:
    """Return the SQLSTATE of an error of psycopg2, or of SQLAlchemy around one; None where it has none."""
    original: Any = getattr(error, "orig", None) or error
    code: str | None = getattr(original, "pgcode", None)
    return code or ("53300" if _NOT_AT_ALL.search(str(original)) else None)


def blamed(error: BaseException) -> LakanaError | None:
    """Return the error that a function of ours blames the caller by; None where it is no such error.

    ``LK400`` names the field in DETAIL and may quote in HINT a word of what was given, for which ``%s`` stands in its
    message: other than a message, a hint is in no log of the database (``log_error_verbosity``). ``LK403`` is
    forbidden, ``LK429`` too much, with the seconds to wait in DETAIL.
    """
    said: Any = getattr(getattr(error, "orig", None) or error, "diag", None)
    match sqlstate_of(error):
        case "LK400":
            words = said.message_primary or ""
            return BadInput(said.message_detail or "", words.replace("%s", said.message_hint or ""))
        case "LK403":
            return Forbidden(said.message_primary or "")
        case "LK429":
            return RateLimited(said.message_primary or "", int(said.message_detail))
    return None


def reason_of(sqlstate: str | None) -> str | None:
    """Return why the database cannot work now, by SQLSTATE; None where the code says nothing of the kind.

    Examples
    --------
    >>> reason_of("53100"), reason_of("58P01"), reason_of("23505")
    ('the disk is full', "the database's system fails", None)

    """
    return REASONS.get(sqlstate or "") or CLASSES.get((sqlstate or "")[:2])


def trouble(error: BaseException) -> Unavailable | None:
    """Return what to tell where the database cannot work now; None where the error is of another kind."""
    sqlstate = sqlstate_of(error)
    reason = reason_of(sqlstate)
    if sqlstate is None or reason is None:
        return None
    if sqlstate in BUSY:
        return Unavailable(f"The database cannot be reached: {reason} (SQLSTATE {sqlstate}); try again.")
    return CannotWrite(sqlstate, reason)


def refusal(error: BaseException) -> str:
    """Describe any other error of the database in one sentence: in ours, or by its kind and SQLSTATE."""
    original: Any = getattr(error, "orig", None) or error
    if ours := blamed(error):
        return f"The database refused: {ours}"
    return f"The database refused ({type(original).__name__}, SQLSTATE {sqlstate_of(error) or 'none'})."
