"""Context: figures that others publish of areas, such as conflict events, people in need, or detected victims.

They are kept apart from the counts of incidents that localities report: each with its publisher and source, and where
the publisher withholds a small one, as withheld.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from geo.vocabulary import FigureSex
from seeds.columns import cells, periods
from seeds.columns.cells import Censored, Notation
from seeds.columns.kind import PUBLISHER, Field, Kind, area_fields, plain
from seeds.loading import area_matching
from seeds.loading.merging import Loader, Merging
from seeds.loading.options import Options
from seeds.loading.reading import Read
from seeds.readers.table import Cell, Form
from seeds.troubles import CellTrouble, CountTrouble, Refused, RowTrouble

WHOLE = frozenset(map(plain, ("a", "all", "total", "both", "both sexes", "tous", "toutes", "ensemble", "les deux")))
"""How publishers write that a row is about everything."""
SEXES = {
    FigureSex.FEMALE: "f|female|females|femme|femmes|filles|femmes et filles|girls and women|women and girls",
    FigureSex.MALE: "m|male|males|homme|hommes|garçons|hommes et garçons|boys and men|men and boys",
}
_SEXES = {plain(word): each for each, words in SEXES.items() for word in words.split("|")}
MEASURES: Mapping[str, tuple[tuple[str, str], str, str]] = {
    "events": (("Événements", "Events"), "events|événements|nb événements", "#event+num"),
    "fatalities": (("Morts", "Fatalities"), "fatalities|décès|morts", "#affected+killed"),
    "population": (("Population", "Population"), "population", "#population"),
    "in_need": (("Personnes dans le besoin", "People in need"), "in need|pin|personnes dans le besoin", "#inneed"),
    "targeted": (("Personnes ciblées", "People targeted"), "targeted|personnes ciblées|cible", "#targeted"),
    "affected": (("Personnes affectées", "People affected"), "affected|personnes affectées", "#affected"),
    "reached": (("Personnes atteintes", "People reached"), "reached|personnes atteintes", "#reached"),
}
"""Columns that hold a figure each and are called by what they count, which is the indicator in English."""
PARTS = ("event_type", "sector", "population_group", "disabled")
"""What breakdowns are made of, in this order, beside a dimension with its category."""
DISABLED = {"y": "disabled", "yes": "disabled", "n": "not disabled", "no": "not disabled"}


def figure(cell: Cell, notation: Notation) -> float | Censored:
    """Return a figure, 0 or more, which may be censored; raises as :func:`seeds.columns.cells.number` does."""
    try:
        value = cells.number(cell, notation)
    except Refused as refused:
        if refused.trouble is not CellTrouble.CENSORED:
            raise
        return cells.count(cell, notation)
    if value < 0:
        raise Refused(CellTrouble.BELOW_ZERO)
    return value


def bound(cell: Cell, notation: Notation) -> Censored:
    """Return a figure of which only is told that it is less than this; raises as :func:`figure` does."""
    below = cells.whole(cell, notation)
    if below < 1:
        raise Refused(CellTrouble.BELOW_ZERO)
    return Censored(below)


def part(cell: Cell, notation: Notation) -> str | None:
    """Return which part of a whole a cell names; ``None`` where it says all of it."""
    text = cells.line(cell, notation)
    return None if plain(text) in WHOLE else text


def sex(cell: Cell, _notation: Notation) -> FigureSex | None:
    """Return a sex; ``None`` where a cell says both.

    Examples
    --------
    >>> sex("f", Notation()), sex("Total", Notation())
    (<FigureSex.FEMALE: 'FEMALE'>, None)

    Raises
    ------
    Refused
        If it says neither.

    """
    word = plain(str(cell))
    if word not in WHOLE and word not in _SEXES:
        raise Refused(CellTrouble.UNKNOWN_TERM, terms="female, male, total")
    return _SEXES.get(word)


def _measure(name: str) -> Field:
    words, names, tag = MEASURES[name]
    return Field(name, words, figure, tuple(names.split("|")), (tag,))


KIND = Kind(
    "context",
    ("contexte (chiffres publiés par d’autres)", "context (figures that others publish)"),
    (
        Field(
            PUBLISHER, ("qui publie", "who publishes it"), cells.line, ("publisher", "éditeur"), ("#meta+publisher",)
        ),
        Field("nation", ("pays", "nation"), cells.name, ("country", "pays"), ("#country+name",)),
        *area_fields(),
        Field("indicator", ("indicateur", "indicator"), cells.line, ("indicator", "indicateur"), ("#indicator+name",)),
        Field("dimension", ("dimension", "dimension"), part, ("dimension",)),
        Field("category", ("catégorie", "category"), part, ("category", "catégorie")),
        Field("breakdown", ("ventilation", "breakdown"), part, ("breakdown", "ventilation", "désagrégation")),
        Field("event_type", ("type d’événement", "type of event"), part, ("event_type", "type d’événement")),
        Field("sector", ("secteur", "sector"), part, ("sector", "secteur", "cluster"), ("#sector",)),
        Field(
            "population_group",
            ("groupe", "group of people"),
            part,
            ("population group", "groupe"),
            ("#population_group",),
        ),
        Field("disabled", ("handicap", "disability"), part, ("disabled", "handicap"), ("#is_disabled",)),
        Field("sex", ("sexe", "sex"), sex, ("sex", "sexe", "gender", "genre"), ("#gender",)),
        Field("age", ("âge", "age"), part, ("age range", "age", "âge", "tranche d’âge"), ("#age+range", "#age")),
        Field(
            "starts_on",
            ("début", "start"),
            cells.date,
            ("reference_period_start", "start date", "date début", "début", "start"),
            ("#date+start",),
        ),
        Field(
            "ends_on",
            ("fin", "end"),
            cells.date,
            ("reference_period_end", "end date", "date fin", "fin", "end"),
            ("#date+end",),
        ),
        Field("month", ("mois", "month"), periods.month, ("month", "mois"), ("#date+month",)),
        Field("year", ("année", "year"), cells.year, ("year", "année"), ("#date+year",)),
        *map(_measure, MEASURES),
        Field(
            "value",
            ("valeur", "value"),
            figure,
            ("value", "valeur", "txtvalue", "nombre", "count", "obs_value"),
            ("#indicator+value", "#indicator+num"),
            example=10,
        ),
        Field(
            "below", ("moins de, si la valeur est retenue", "less than, where the value is withheld"), bound, ("below",)
        ),
    ),
    one_of=((frozenset({"indicator", "value"}), *(frozenset({each}) for each in MEASURES)),),
)
STAGED = {
    **area_matching.STAGED,
    "starts_on": "date",
    "ends_on": "date",
    "sex": "lakana.figure_sex",
    "age": "text",
    "publisher": "text",
    "breakdown": "text",
    "indicators": "text[]",
    "known": "double precision[]",
    "belows": "integer[]",
}


def stage(row: Read, options: Options) -> list[Any] | None:
    """Return what is staged of a row: its area, period, sex, age and breakdown, and its figures by indicator.

    A row that names no area is about the nation that a person says; ``None`` leaves out a row without a figure.
    """
    values = row.values
    figures = {MEASURES[each][0][1]: values[each] for each in MEASURES if each in values}
    value = values.get("value", values.get("below"))
    if value is not None and "indicator" in values:
        figures[values["indicator"]] = value
    if not figures:
        return None
    codes, names, area = area_matching.staged(row)
    if not any((*codes, *names)):
        names[0] = values.get("nation")
        codes[0] = None if names[0] or options.nation is None else options.nation.partition("=")[0].strip()
    starts_on, ends_on = _period(values, options)
    of_sex = values.get("sex")
    own = [starts_on, ends_on, of_sex and of_sex.name, values.get("age"), values.get(PUBLISHER), _breakdown(values)]
    known = [None if isinstance(each, Censored) else repr(each) for each in figures.values()]
    belows = [str(each.below) if isinstance(each, Censored) else None for each in figures.values()]
    return [codes, names, area, *own, list(figures), known, belows]


def _period(values: Mapping[str, Any], options: Options) -> tuple[dt.date, dt.date]:
    if "starts_on" in values and "ends_on" in values:
        if values["ends_on"] < values["starts_on"]:
            raise Refused(RowTrouble.ENDS_BEFORE, value=f"{values['starts_on']} / {values['ends_on']}")
        return values["starts_on"], values["ends_on"]
    if "month" in values:
        first, last = values["month"]
        return first, last
    year: int | None = values.get("year")
    if year is None and options.as_of is not None:
        year = options.as_of.year
    if year is None:
        raise Refused(RowTrouble.NEEDS_YEAR)
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def _breakdown(values: Mapping[str, Any]) -> str | None:
    dimension, category = values.get("dimension"), values.get("category")
    told = [f"{dimension}: {category}" if dimension and category else dimension or category, values.get("breakdown")]
    for each in PARTS:
        said = values.get(each)
        told.append(DISABLED.get(said.lower(), said) if each == "disabled" and said else said)
    return " · ".join(each for each in told if each) or None


def source_of(form: Form) -> tuple[str, str | None] | None:
    """Return the source of a table of a known form."""
    names = set(form.names())
    if {"event_type", "dataset_hdx_id"} <= names:
        return "HDX HAPI, ACLED", None
    if {"Iso3_code", "Indicator", "txtVALUE"} <= names:
        return "UNODC, GLOTIP", None
    return ("OCHA, HNO", "CC BY-IGO") if {"Population Group", "In Need", "Targeted"} <= names else None


def merge(merging: Merging) -> None:
    """Merge figures by publisher, indicator, breakdown, area, period, sex and age; a later publication replaces one."""
    if merging.report.left_out:
        merging.note(CountTrouble.NO_FIGURE, rows=merging.report.left_out)
    area_matching.match(merging, scheme=merging.options.scheme)
    merging.tell(merging.file("without_area").all())
    merging.run("DROP TABLE IF EXISTS figure")
    merging.file("context_figures")
    merging.tell(merging.file("context_twice").all())
    merging.file("context_series")
    counted = merging.file("context_merged").one()
    merging.report.new, merging.report.changed, merging.report.unchanged = counted.new, counted.changed, counted.same
    if counted.censored:
        merging.note(CountTrouble.CENSORED_KEPT, many=counted.censored)


LOADER = Loader(KIND, STAGED, stage, merge, source_of)
