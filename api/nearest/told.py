"""What the page says of an answer: who must be told, once each, and the steps by their stages, in words and rounded."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from geo.vocabulary import Locale, Stage

WALKED_M = 2_000
"""Up to so far a child is thought to be walked with, farther by motorcycle."""
SHOWN_LEFT_OUT = 3
NUMBER = re.compile(r"\+?\d(?:[ ().-]*\d){2,}")


@dataclass(frozen=True, slots=True)
class Told:
    """An answer, ready for the template.

    Parameters
    ----------
    answer
        The data of :data:`api.nearest.questions.NEAREST`.
    moment
        When one would come.
    locale
        The language of numbers.

    """

    answer: Mapping[str, Any]
    moment: dt.datetime
    locale: Locale

    @property
    def known(self) -> bool:
        """Return whether a pathway is recorded for what happened."""
        return self.answer["referralOptions"] is not None

    @property
    def sources(self) -> Sequence[Mapping[str, Any]]:
        """Return the sources, none where no pathway is recorded."""
        return self.answer["referralOptions"]["sources"] if self.known else []

    def reports(self) -> Iterator[Mapping[str, Any]]:
        """Yield whom to tell, each once, with the first step that asks for it."""
        seen = set()
        for each in self.answer["referralOptions"]["steps"]:
            actor = each["reportToActor"]
            key = actor["id"] if actor else each["step"]["reportToLabel"]
            if key is not None and key not in seen:
                seen.add(key)
                yield each

    def stages(self) -> Iterator[tuple[Stage, list[Mapping[str, Any]]]]:
        """Yield each stage with its steps, in their order."""
        for name, steps in groupby(self.answer["referralOptions"]["steps"], lambda each: each["step"]["stage"]):
            yield Stage[name], list(steps)

    def helplines(self) -> list[Mapping[str, Any]]:
        """Return helplines and teams that come to the place."""
        return [each["service"] for each in self.answer["nearestServices"] if each["distanceMetres"] is None]

    def dialled(self, contact: str) -> str | None:
        """Return the first number of a contact in words as a telephone takes it; ``None`` where it holds none.

        Examples
        --------
        >>> told = Told({}, dt.datetime.now(dt.UTC), Locale.FR)
        >>> told.dialled("Night desk 6, +41 22 791 00-00"), told.dialled("116"), told.dialled("Night desk 6")
        ('+41227910000', '116', None)

        """
        found = NUMBER.search(contact)
        return found and re.sub(r"[^+\d]", "", found[0])

    def distance(self, metres: float) -> str:
        r"""Return a distance in metres, rounded, or in kilometres.

        Examples
        --------
        >>> told = Told({}, dt.datetime.now(dt.UTC), Locale.FR)
        >>> told.distance(236.1), told.distance(1_234), told.distance(145_075)
        ('240\xa0m', '1,2\xa0km', '145\xa0km')

        """
        if metres < 995:  # noqa: PLR2004
            return f"{round(metres, -1):.0f}\u00a0m"
        km = f"{metres / 1000:.1f}" if metres < 9_950 else f"{metres / 1000:.0f}"  # noqa: PLR2004
        return f"{km if self.locale is Locale.EN else km.replace('.', ',')}\u00a0km"

    def walked(self, metres: float) -> bool:
        """Return whether the time is that of walking."""
        return metres <= WALKED_M

    def time(self, metres: float) -> str:
        """Return an estimate of the time of travel, from the dry season's to the rains'."""
        mode = "WALK" if self.walked(metres) else "MOTORCYCLE"
        hours = sorted(
            metres / 1000 * each["detour"] / each["speedKilometresPerHour"]
            for each in self.answer["travelEstimates"]
            if each["mode"] == mode
        )
        return "–".join(dict.fromkeys(map(duration, (hours[0], hours[-1])))) if hours else "?"

    def until(self, moment: str | None) -> str | None:
        """Return how long it is until a moment of the answer; ``None`` where there is none."""
        if moment is None:
            return None
        return duration((dt.datetime.fromisoformat(moment) - self.moment).total_seconds() / 3600)


def duration(hours: float) -> str:
    r"""Return a time in minutes by five, or in hours.

    Examples
    --------
    >>> [duration(each) for each in (0.01, 0.4, 1.26, 14.2, 60)]
    ['5\xa0min', '25\xa0min', '1\xa0h\xa015', '14\xa0h', '60\xa0h']

    """
    minutes = max(5, round(hours * 12) * 5)
    if minutes < 60:  # noqa: PLR2004
        return f"{minutes}\u00a0min"
    if minutes < 600:  # noqa: PLR2004
        rest = round(minutes % 60 / 15) * 15 % 60
        return f"{minutes // 60}\u00a0h" + (f"\u00a0{rest:02}" if rest else "")
    return f"{hours:.0f}\u00a0h"
