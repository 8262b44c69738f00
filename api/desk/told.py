"""What the desk says of an answer: figures, rows in their order, and the curve as a drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.desk.choices import Choices
from geo.vocabulary import Locale
from maps import numbers

NOTHING = "–"
WIDTH, HEIGHT = 420.0, 220.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 12.0, 10.0, 34.0
"""The drawing of the curve and its margins, in its own units."""
PUBLISHED = "PUBLISHED"


@dataclass(frozen=True, slots=True)
class Figures:
    """An answer whose figures are written as a reader of the language writes them.

    Parameters
    ----------
    answer
        The data of a question.
    choices
        What was chosen.
    locale
        The language.

    """

    answer: Mapping[str, Any]
    choices: Choices
    locale: Locale

    def number(self, value: float | None) -> str:
        """Return a number, with its thousands apart."""
        return NOTHING if value is None else numbers.number(value, self.locale)

    def percent(self, value: float | None) -> str:
        """Return a share of a hundred."""
        return NOTHING if value is None else numbers.percent(value, self.locale)

    def distance(self, metres: float | None) -> str:
        """Return a distance."""
        return NOTHING if metres is None else numbers.distance(metres, self.locale)

    def day(self, value: str | None) -> str:
        """Return a day in words."""
        return NOTHING if value is None else numbers.day(value, self.locale)

    def signed(self, value: float | None, decimals: int = 0) -> str:
        """Return a difference with its sign.

        Examples
        --------
        >>> told = Figures({}, Choices(), Locale.EN)
        >>> told.signed(1234), told.signed(1.5, 1), told.signed(0.04, 1)
        ('+1,234', '+1.5', '0')

        """
        if value is None:
            return NOTHING
        written = numbers.number(abs(value), self.locale, decimals)
        if not any(each in written for each in "123456789"):
            return "0"
        return ("+" if value > 0 else "\u2212") + written


@dataclass(frozen=True, slots=True)
class Told(Figures):
    """The answer to :data:`api.desk.questions.DESK`, ready for the template."""

    @property
    def coverage(self) -> Mapping[str, Any]:
        """Return the coverage of the area and its parts."""
        found: Mapping[str, Any] = self.answer["coverage"]
        return found

    @property
    def total(self) -> Mapping[str, Any]:
        """Return the figures of the whole area."""
        found: Mapping[str, Any] = self.coverage["total"]
        return found

    @property
    def areas(self) -> Sequence[Mapping[str, Any]]:
        """Return the parts, the worst covered first; of equals that with most children out of reach."""

        def worst(row: Mapping[str, Any]) -> tuple[float, int, str]:
            share = row["coveredPercent"]
            return 101.0 if share is None else share, -(row["uncoveredUnder18"] or 0), row["area"]["name"]

        return sorted(self.coverage["areas"], key=worst)

    @property
    def gaps(self) -> Sequence[Mapping[str, Any]]:
        """Return the localities out of reach, those of highest priority first."""
        return [edge["node"] for edge in self.answer["coverageGaps"]["edges"]]

    @property
    def shares(self) -> Mapping[str, float | None]:
        """Return the covered share of each part, by its code."""
        return {each["area"]["areaCode"]: each["coveredPercent"] for each in self.coverage["areas"]}

    @property
    def points(self) -> Sequence[Mapping[str, Any]]:
        """Return the curve's points, the shortest distance first."""
        found: Sequence[Mapping[str, Any]] = self.answer["coverageCurve"]["points"]
        return found

    def incidents(self, gap: Mapping[str, Any]) -> str:
        """Return a published count as it may be told: 0 stands for 0 to 4."""
        if gap["incidentStatus"] != PUBLISHED or gap["incidentCount"] is None:
            return NOTHING
        return self.number(gap["incidentCount"]) if gap["incidentCount"] else "0–4"

    @property
    def curve(self) -> Curve:
        """Return the curve as a drawing."""
        return Curve(self.points, self.coverage["reachMetres"])


@dataclass(frozen=True, slots=True)
class Curve:
    """The share of children covered by distance, in the units of a drawing of :data:`WIDTH` by :data:`HEIGHT`.

    Parameters
    ----------
    points
        The points of the answer.
    reach_m
        The reach that was chosen, in metres.

    """

    points: Sequence[Mapping[str, Any]]
    reach_m: float

    @property
    def longest_m(self) -> float:
        """Return the longest distance of the axis."""
        return float(max((each["distanceMetres"] for each in self.points), default=1.0))

    @property
    def line(self) -> str:
        """Return the points of the line as SVG has them; those that nobody knows are left out."""
        known = (each for each in self.points if each["coveredPercent"] is not None)
        return " ".join(f"{self.x(each['distanceMetres']):.1f},{self.y(each['coveredPercent']):.1f}" for each in known)

    @property
    def reach_x(self) -> float | None:
        """Return where the chosen reach is, ``None`` where it is beyond the axis."""
        return self.x(self.reach_m) if self.reach_m <= self.longest_m else None

    @property
    def ticks(self) -> Sequence[float]:
        """Return the distances in metres that are written below the axis."""
        return [self.longest_m * part / 4 for part in range(5)]

    def x(self, metres: float) -> float:
        """Return where a distance stands.

        Examples
        --------
        >>> curve = Curve([{"distanceMetres": 100_000, "coveredPercent": 100}], 30_000)
        >>> curve.x(0), curve.x(100_000), curve.y(0), curve.y(100)
        (44.0, 408.0, 186.0, 10.0)

        """
        return LEFT + metres / self.longest_m * (WIDTH - LEFT - RIGHT)

    def y(self, share: float) -> float:
        """Return where a share of a hundred stands."""
        return HEIGHT - BOTTOM - share / 100 * (HEIGHT - TOP - BOTTOM)
