"""What the database says of its own troubles, by SQLSTATE: in one place for reading, writing and the command line.

Only the code is read. PostgreSQL's own words may quote the row at hand, so none of them is told or logged.
"""

from __future__ import annotations

import re
from typing import Any

from geo.errors import CannotWrite, Unavailable

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
OURS = "LK"
"""How the SQLSTATE begins that our own functions raise; their words are ours and quote no row."""
BUSY = frozenset({"53300"})
"""What passes by itself, as others go: it stands for no more than a moment."""

_NOT_AT_ALL = re.compile(r"FATAL: +(sorry, too many clients|remaining connection slots|too many connections)")
"""libpq gives no SQLSTATE of a connection that was refused; its words of this kind hold no data."""


def sqlstate_of(error: BaseException) -> str | None:
    """Return the SQLSTATE of an error of psycopg2, or of SQLAlchemy around one; None where it has none."""
    original: Any = getattr(error, "orig", None) or error
    code: str | None = getattr(original, "pgcode", None)
    return code or ("53300" if _NOT_AT_ALL.search(str(original)) else None)


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
    """Describe another error of the database in one sentence: in ours where a function of ours raised it.

    Else by its kind and SQLSTATE, and never in PostgreSQL's words.
    """
    original: Any = getattr(error, "orig", None) or error
    if (sqlstate_of(error) or "").startswith(OURS):
        return f"The database refused: {original.diag.message_primary}"
    return f"The database refused ({type(original).__name__}, SQLSTATE {sqlstate_of(error) or 'none'})."
