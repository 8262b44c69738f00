"""What a file says of itself: whose data, of when, under which licence, whether made up, and what is not in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.exports.columns import Cell
from geo.vocabulary import Locale, Words, in_language

MOST_SOURCES = 200
"""Sources that a file names; there are some dozens."""

OF_WHEN: Words = ("État des données : {day}", "Data as of {day}", None)
MADE_UP: Words = (
    "DONNÉES ILLUSTRATIVES : des lignes sont inventées pour montrer le système",
    "ILLUSTRATIVE DATA: rows are made up to show the system at work",
    None,
)
WHOSE: Words = ("Sources : {sources}", "Sources: {sources}", None)
NO_LICENCE: Words = ("licence non connue", "licence not known", None)
ROWS: Words = ("{rows} lignes sur {total}", "{rows} of {total} rows", None)
ROWS_ALONE: Words = ("{rows} lignes", "{rows} rows", None)
MORE: Words = (
    "INCOMPLET : la suite commence après le curseur {after}",
    "INCOMPLETE: the rest begins after the cursor {after}",
    None,
)
CUT: Words = (
    "INCOMPLET : il y a d’autres lignes ; demander une aire plus petite",
    "INCOMPLETE: there are more rows; ask for a smaller area",
    None,
)
ASKED: Words = ("Demandé : {asked}", "Asked for: {asked}", None)
EMPTY: Words = (
    "Une cellule vide n’est pas zéro : la valeur n’est pas connue, ou n’est pas dite",
    "An empty cell is not zero: the value is not known, or not told",
    None,
)
ZONES: Words = (
    "Là où seule une zone est donnée, il n’y a ni lieu ni distance",
    "Where only a zone is told, there is no place and no distance",
    None,
)
ROUNDED: Words = (
    "Les nombres d’incidents sont arrondis à un multiple de 5 ; « status » dit ce qui n’est pas publié",
    "Counts of incidents are rounded to a multiple of 5; `status` says what is not published",
    None,
)


@dataclass
class Sources:
    """The sources that the rows of a file name, gathered as they pass."""

    found: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def note(self, sources: Sequence[Mapping[str, Any] | None]) -> None:
        """Take in sources; a row may have none."""
        for each in sources:
            if each is not None and each["name"] not in self.found and len(self.found) < MOST_SOURCES:
                self.found[each["name"]] = {key: each.get(key) for key in ("name", "licence", "url", "illustrative")}

    def of_rows(self, rows: Sequence[Any]) -> None:
        """Take in those of rows."""
        self.note([each.get(key) for each in rows for key in ("source", "geometrySource") if key in each])

    def listed(self) -> list[Mapping[str, Any]]:
        """Return them by name."""
        return [self.found[name] for name in sorted(self.found)]


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself.

    Parameters
    ----------
    name
        What was exported.
    day
        As of when (UTC).
    asked
        The arguments that were given, but those that belong into no file.
    rows, total
        How many rows it has, and how many there are, ``None`` where nobody counted.
    after
        The cursor behind its last row where there are more.
    cut
        Whether there are more and no cursor leads to them.
    sources
        Where the rows come from.
    answer
        What the answer says of itself beside its rows.
    has_zones, has_counts
        Whether there may be confidential places among the rows, and published counts.

    """

    name: str
    day: dt.date
    asked: Mapping[str, Any]
    rows: int
    total: int | None
    after: str | None
    cut: bool
    sources: Sequence[Mapping[str, Any]]
    answer: Mapping[str, Cell]
    has_zones: bool
    has_counts: bool

    @property
    def illustrative(self) -> bool:
        """Whether rows are made up."""
        return any(each["illustrative"] for each in self.sources)

    def sentences(self, locale: Locale) -> list[str]:
        """Return it in sentences of a language, French where that has no words."""
        return [" ".join(each.split()) for each in self._sentences(locale)]

    def _sentences(self, locale: Locale) -> Iterator[str]:
        said: list[tuple[Words, bool]] = [
            (OF_WHEN, True),
            (MADE_UP, self.illustrative),
            (WHOSE, bool(self.sources)),
            (ROWS_ALONE if self.total is None else ROWS, True),
            (MORE, self.after is not None),
            (CUT, self.cut),
            (ASKED, bool(self.asked)),
            (EMPTY, True),
            (ZONES, self.has_zones),
            (ROUNDED, self.has_counts),
        ]
        unknown = in_language(NO_LICENCE, locale)
        values = {
            "day": self.day,
            "sources": ", ".join(f"{each['name']} ({each['licence'] or unknown})" for each in self.sources),
            "rows": self.rows,
            "total": self.total,
            "after": self.after,
            "asked": ", ".join(f"{name}={_shown(each)}" for name, each in self.asked.items()),
        }
        yield f"Lakana · {self.name}"
        yield from (in_language(words, locale).format(**values) for words, holds in said if holds)
        yield from (f"{name}: {value}" for name, value in self.answer.items() if value is not None)

    def members(self, locale: Locale) -> dict[str, Any]:
        """Return it as members of JSON."""
        return {
            "export": self.name,
            "dataAsOf": self.day.isoformat(),
            "illustrative": self.illustrative,
            "sources": list(self.sources),
            "arguments": dict(self.asked),
            "numberReturned": self.rows,
            "numberMatched": self.total,
            "complete": self.after is None and not self.cut,
            "after": self.after,
            "answer": dict(self.answer),
            "notes": self.sentences(locale),
        }


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(_shown, value))
    if isinstance(value, Mapping):
        return " ".join(f"{name}:{_shown(each)}" for name, each in value.items())
    return str(value)
