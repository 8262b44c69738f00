"""All errors, as values that one table in ``api`` turns into answers.

::

    LakanaError
    ├── BadInput        the caller can fix it: names the field, what is wrong and what to change
    ├── Unauthenticated the caller is unknown: no key, or one that is not valid
    ├── Forbidden       the caller is known and may not do this
    ├── NotFound        what was to be changed does not exist, or the caller may not know that it does
    ├── RateLimited     the caller has made too many requests lately
    ├── Conflict        the row has changed since the caller saw it, or others depend on it
    ├── TooCostly       the answer would be larger than the service gives
    ├── Timeout         the statement ran longer than its audience may use
    ├── TooRevealing    a count below 5 could be inferred from what was to be published; says where and what to do
    ├── Unavailable     the database is gone or busy; the same request may succeed later
    │   └── CannotWrite     it answers and cannot write, since its disk is full or it is read-only
    └── SetupError      the machine lacks something; the sentence says what to install or set
"""

from __future__ import annotations

from typing import Any


class LakanaError(Exception):
    """The root: an error whose text may be shown to the caller. It travels between processes."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle it by its text and attributes, whatever the arguments of its constructor."""
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[LakanaError], words: tuple[str, ...], attributes: dict[str, Any]) -> LakanaError:
    error = kind.__new__(kind, *words)
    error.__dict__.update(attributes)
    return error


class BadInput(LakanaError):
    """An invalid value that the caller can fix.

    Parameters
    ----------
    field
        The argument, dotted where it is nested, as the caller wrote it: ``origin.lat``; empty where nobody knows which.
    problem
        One sentence: what is wrong and what to change.

    """

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}" if field else problem)
        self.field = field
        self.problem = problem


class Unauthenticated(LakanaError):
    """The caller is unknown. An unknown, revoked or malformed key is never treated as no key."""


class Forbidden(LakanaError):
    """The caller is known and may not do this."""


class NotFound(LakanaError):
    """What was to be changed does not exist, or is not the caller's to know: both read alike."""


class _Later(LakanaError):
    """The same request may succeed later.

    Parameters
    ----------
    message
        The text for the caller.
        retry_after_s
        Seconds after which a retry makes sense.

    """

    def __init__(self, message: str, retry_after_s: int = 1) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class RateLimited(_Later):
    """The caller has made too many requests lately."""


class Conflict(LakanaError):
    """The row has changed since the caller saw it, or others depend on it.

    Parameters
    ----------
    message
        The text for the caller.
        version
        The row's version now.

    """

    def __init__(self, message: str, version: int) -> None:
        super().__init__(message)
        self.version = version


class TooCostly(LakanaError):
    """The answer would be larger than the service gives; the text says what to ask for instead."""


class TooRevealing(LakanaError):
    """A small count could be inferred from what was to be published; the text says where, never a value."""


class Timeout(LakanaError):
    """The statement was stopped after its audience's time."""


class Unavailable(_Later):
    """The database cannot answer now."""


class CannotWrite(Unavailable):
    """The database answers and cannot write: its disk is full, or it is read-only. Nothing was changed.

    Parameters
    ----------
    sqlstate
        PostgreSQL's code.
    reason
        What it means, in our words.

    """

    def __init__(self, sqlstate: str, reason: str) -> None:
        super().__init__(
            f"The database cannot write now: {reason} (SQLSTATE {sqlstate}). Nothing was changed; "
            "the same request works once that is mended.",
            retry_after_s=30,
        )
        self.sqlstate = sqlstate
        self.reason = reason


class SetupError(LakanaError):
    """The machine lacks something that only its owner can add."""
