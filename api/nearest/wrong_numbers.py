"""``POST /nearest/wrong-number``: somebody says that a phone number of an answer is wrong, without a key.

It is written as the public, with nothing of who said it, and the answer is the same whatever was sent.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable

from api.identity.visitor import Visitor
from api.nearest.asked import Asked
from geo.audience import ANYBODY
from geo.errors import LakanaError
from geo.service import Resources
from geo.writes.wrong_numbers import report

PRICE = 50
"""As of a write of the API."""
MOST_EACH, MOST_ALL = 50, 5_000
"""Reports that are noted a day of one address, behind which a whole town may stand; and those that are remembered, of
which the oldest are forgotten first, so that nobody keeps others from being heard."""
LONGEST_NUMBER = 200


def utc_today() -> dt.date:
    """Return the day (UTC)."""
    return dt.datetime.now(dt.UTC).date()


class Said:
    """What was said today, in memory alone: an address counts once for each number.

    Parameters
    ----------
    today
        Returns the day; for tests.

    """

    def __init__(self, today: Callable[[], dt.date] = utc_today) -> None:
        self._today = today
        self._day = dt.date.min
        self._said: dict[tuple[str, str], None] = {}
        self._each = Counter[str]()

    def is_new(self, who: str, what: str) -> bool:
        """Note what somebody says, and return whether it counts: it is new today, and they have not said too much."""
        today = self._today()
        if today != self._day:
            self._day = today
            self._said.clear()
            self._each.clear()
        if (who, what) in self._said or self._each[who] >= MOST_EACH:
            return False
        if len(self._said) >= MOST_ALL:
            self.take_back(*next(iter(self._said)))
        self._said[who, what] = None
        self._each[who] += 1
        return True

    def take_back(self, who: str, what: str) -> None:
        """Forget what was said, so that it counts when it is said again."""
        if (who, what) in self._said:  # it may be forgotten already
            del self._said[who, what]
            self._each[who] -= 1
            if not self._each[who]:
                del self._each[who]


def reported(asked: Asked) -> tuple[str, str] | None:
    """Return the id of a record and its number, as the button of an answer sends them; ``None`` if it is none.

    Examples
    --------
    >>> reported(Asked({"wrong": "00000000-0000-4000-8000-000000000000 116"}))
    ('00000000-0000-4000-8000-000000000000', '116')
    >>> reported(Asked({"wrong": "x 116"}))

    """
    record, _, number = asked["wrong"].partition(" ")
    try:
        record_id = str(uuid.UUID(record))
    except ValueError:
        return None
    return (record_id, number) if number.isprintable() and 0 < len(number) <= LONGEST_NUMBER else None


async def note(asked: Asked, visitor: Visitor, said: Said, resources: Resources) -> None:
    """Note what somebody says of a number, if it counts.

    Raises
    ------
    RateLimited
        If less is left of the visitor's budget than it costs.
    LakanaError
        If nothing can be written now.

    """
    visitor.account.charge(PRICE)
    told, who = reported(asked), visitor.turn
    if told is None or not said.is_new(who, " ".join(told)):
        return
    try:
        await resources.writer.run(ANYBODY, lambda connection: report(connection, *told), turn=who)
    except LakanaError:
        said.take_back(who, " ".join(told))
        raise
