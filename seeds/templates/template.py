"""What a template of a kind shows: its columns, a row of examples, and what each column wants; from the kind alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from typing import Any, get_type_hints

from geo.vocabulary import Locale, Words, in_language, label
from seeds.columns.kind import Field, Kind
from seeds.columns.terms import TermParser
from seeds.readers.table import Cell

YES, NO = ("oui", "yes", None), ("non", "no", None)
REQUIRED: Words = ("oui", "yes", None)
ONE_OF: Words = ("l’un de : {}", "one of: {}", None)
OR: Words = (" ou ", " or ", None)
FORMS: dict[type, tuple[Words, Cell]] = {
    str: (("texte", "text", None), "Exemple"),
    bool: (("oui ou non", "yes or no", None), None),
    int: (("nombre entier", "whole number", None), 10),
    float: (("degrés, avec décimales", "degrees, with decimals", None), 10.5),
    dt.date: (("date, AAAA-MM-JJ", "date, YYYY-MM-DD", None), dt.date(2024, 1, 31)),
    Enum: (("l’un des termes de la liste", "one of the terms of the list", None), None),
    tuple: (("texte, séparé par des points-virgules", "text, parted by semicolons", None), "Exemple"),
}
"""How a cell is written, and an example, by the type that its parser returns."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a template."""

    field: Field
    header: str
    required: str
    form: str
    choices: tuple[str, ...]
    """What its drop-down offers; empty where it has none."""
    example: Cell


def columns(kind: Kind, locale: Locale) -> tuple[Column, ...]:
    """Return the columns of a kind's template, in a language; French where it has none of its own."""
    needed = _needed(kind)
    return tuple(
        Column(
            each,
            in_language(_three(each.words), locale),
            _required(kind, each, locale),
            *_written(each, locale, each.name in needed),
        )
        for each in kind.fields
    )


def _needed(kind: Kind) -> frozenset[str]:
    """Return the fields that a row of examples fills in, beside those that have an example of their own."""
    own = {each.name for each in kind.fields if each.example is not None}
    first = [group[0] for group in kind.one_of if not any(each <= own for each in group)]
    placed = {"lat", "lon"} if kind.placed else set()
    terms = {each.name for each in kind.fields if isinstance(each.parse, TermParser)}
    required = {each.name for each in kind.fields if each.required}
    return frozenset(required | placed | terms).union(*first)


def _written(field: Field, locale: Locale, needed: bool) -> tuple[str, tuple[str, ...], Cell]:
    """Return how a cell of a field is written, what its drop-down offers, and its example."""
    kind: type = Enum if isinstance(field.parse, TermParser) else _type(field.parse)
    words, example = FORMS[kind]
    choices: tuple[str, ...] = ()
    if isinstance(field.parse, TermParser):
        choices = tuple(label(each, locale) for each in field.parse.terms)
        example = choices[0]
    elif kind is bool:
        choices = (in_language(YES, locale), in_language(NO, locale))
        example = choices[1]
    shown = field.example if field.example is not None else example if needed else None
    if isinstance(shown, bool):
        shown = choices[0 if shown else 1]
    return in_language(words, locale), choices, shown


def _type(parse: Any) -> type:
    """Return the type of the values of a parser: one of :data:`FORMS`, text where it says none of these."""
    told = get_type_hints(parse).get("return", str)
    told = getattr(told, "__origin__", told)
    return told if told in FORMS else str


def _required(kind: Kind, field: Field, locale: Locale) -> str:
    """Return whether a column has to be there, in words; empty where it need not."""
    if field.required:
        return in_language(REQUIRED, locale)
    told = [_sets(group, kind, locale) for group in kind.one_of if any(field.name in each for each in group)]
    if kind.placed and field.name in {"lat", "lon", "place"}:
        told += [_sets((frozenset({"lat", "lon"}), frozenset({"place"})), kind, locale)]
    return "; ".join(in_language(ONE_OF, locale).format(each) for each in told)


def _sets(group: tuple[frozenset[str], ...], kind: Kind, locale: Locale) -> str:
    words = {each.name: in_language(_three(each.words), locale) for each in kind.fields}
    return in_language(OR, locale).join(" + ".join(words[name] for name in sorted(each)) for each in group)


def _three(words: tuple[str, str]) -> Words:
    return (*words, None)
