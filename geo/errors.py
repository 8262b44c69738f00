"""What can go wrong, as values that one table in ``api`` turns into answers.

::

    LakanaError
    ├── BadInput        the caller can mend it: names the field, what is wrong and what to change
    ├── NotFound        there is no such thing, or this audience may not know of it
    ├── Unauthenticated nobody knows who asks: no key, or one that is not good
    ├── Forbidden       who asks is known and may not
    ├── RateLimited     who asks has asked too much lately
    ├── Conflict        the row has changed since the caller saw it, or others depend on it
    ├── TooCostly       the answer would be larger than the service gives
    ├── Timeout         the statement ran longer than its audience may use
    ├── TooRevealing    a count below 5 could be worked out from what was to be published; says where and what to do
    ├── Unavailable     the database is gone or busy; the same request may succeed later
    │   └── CannotWrite     it answers and cannot write, since its disk is full or it is read-only
    └── SetupError      the machine lacks something; the sentence says what to install or set
"""

from __future__ import annotations

from typing import Any


class LakanaError(Exception):
    """The root: an error whose text may be shown to the caller. It travels between processes."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Say how it is made again elsewhere: with its text and attributes, whatever made it."""
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[LakanaError], words: tuple[str, ...], attributes: dict[str, Any]) -> LakanaError:
    error = kind.__new__(kind, *words)
    error.__dict__.update(attributes)
    return error


class BadInput(LakanaError):
    """A value that the caller can mend.

    Parameters
    ----------
    field
        The argument, dotted where it is nested, as the caller wrote it: ``origin.lat``.
    problem
        One sentence: what is wrong and what to change.

    """

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class NotFound(LakanaError):
    """Nothing of that id. What is hidden and what does not exist are told in the same words."""


class Unauthenticated(LakanaError):
    """Nobody knows who asks. A key that is unknown, revoked or malformed is never taken for none."""


class Forbidden(LakanaError):
    """Who asks is known and may not."""


class _Later(LakanaError):
    """The same request may succeed later.

    Parameters
    ----------
    message
        What to tell the caller.
    retry_after_s
        Seconds after which a retry makes sense.

    """

    def __init__(self, message: str, retry_after_s: int = 1) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class RateLimited(_Later):
    """Who asks has asked too much lately."""


class Conflict(LakanaError):
    """The row has changed since the caller saw it, or others depend on it.

    Parameters
    ----------
    message
        What to tell the caller.
    version
        The row's version now.

    """

    def __init__(self, message: str, version: int) -> None:
        super().__init__(message)
        self.version = version


class TooCostly(LakanaError):
    """The answer would be larger than the service gives; the text says what to ask for instead."""


class TooRevealing(LakanaError):
    """A small count could be worked out from what was to be published; the text says where, never a value."""


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
        What it stands for, in our words.

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
