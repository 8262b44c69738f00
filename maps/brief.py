"""A brief of some pages on the coverage of an area: figures, map, tables, method, dates, and what is not known.

It has no script, so that it prints as it stands, and is made of the records of the map of coverage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from geo.vocabulary import Locale
from maps import coverage, numbers, panel
from maps.legend import Entry, Group
from maps.markup import Markup, attributes, element, escaped, joined
from maps.page import Page
from maps.picture import picture
from maps.policy import policy
from maps.records import CoverageMap
from maps.words import words

LISTED = 25
"""Localities of the table; all of a page."""
FORMULAS = ("brief_covered", "brief_priority")
"""What is computed, by the key of the words that explain it; the formula has the same key with ``_formula``."""


def draw(records: CoverageMap, area: str, locale: Locale) -> Page:
    """Draw the brief as one self-contained page with its policy; ``area`` is the name of what it is about."""
    said = words(locale)
    drawing, beside = coverage.content(records, locale)
    made_up = coverage.made_up(records.services) or any(each.illustrative for each in records.sources)
    pages = (
        _page(
            element("h1", escaped(beside.title), element("small", escaped(area))),
            element("p", escaped(beside.lead), class_="lead"),
            element("p", escaped(beside.dated), class_="note"),
            panel.borrowed(said, locale),
            panel.banner(said, illustrative=made_up),
            _figures(beside.figures),
            picture(drawing, f"{beside.title}, {area}", locale),
            element("div", *map(_group, beside.groups), class_="legend"),
        ),
        _page(
            element("h2", escaped(said["brief_by_area"])),
            _table(
                [said["brief_area"], said["covered"], said["population"], said["uncovered"], said["basis"]],
                [_area(each, said, locale) for each in _areas(records)],
            ),
        ),
        _page(
            element("h2", escaped(said["brief_gaps"])),
            element("p", escaped(said["gaps_note_brief"]), class_="note"),
            _table(
                ["", said["brief_locality"], said["uncovered"], said["nearest"], said["incidents"]],
                [_gap(rank, each, said, locale) for rank, each in enumerate(_ranked(records), 1)],
            ),
        ),
        _page(
            element("h2", escaped(said["brief_method"])),
            *_method(said),
            element("h2", escaped(said["brief_dates"])),
            element("p", escaped(beside.dated)),
            element("h2", escaped(said["brief_unknown"])),
            _list(_unknown(records, said, locale)),
            panel.assumptions(beside),
            panel.sources(records.sources, said),
        ),
    )
    style = _style()
    rules = policy([], [style])
    head = joined(
        Markup('<meta charset="utf-8">'),
        Markup(f"<meta{attributes(http_equiv='Content-Security-Policy', content=rules)}>"),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", escaped(f"{beside.title} – {area} – Lakana")),
        element("style", Markup(style)),
    )
    html = joined(
        Markup("<!DOCTYPE html>"),
        element("html", element("head", head), element("body", *pages), lang=locale.name.lower()),
    )
    return Page(html=html, csp=rules)


@cache
def _style() -> str:
    return resources.files("maps").joinpath("assets", "brief.css").read_text(encoding="utf-8").replace("\r\n", "\n")


def _page(*content: Markup) -> Markup:
    return element("section", *content, class_="page")


def _figures(figures: Iterable[tuple[str, str]]) -> Markup:
    each = [
        element("div", element("dd", escaped(value)), element("dt", escaped(meaning))) for value, meaning in figures
    ]
    return element("dl", *each, class_="figures")


def _group(group: Group) -> Markup:
    lines = [element("li", _line(each)) for each in group.entries]
    return element(
        "div",
        element("h3", _line(group.heading)),
        element("ul", *lines) if lines else Markup(""),
        element("p", escaped(group.note), class_="note") if group.note else Markup(""),
    )


def _line(entry: Entry) -> Markup:
    return joined(panel.drawn(entry.swatch) if entry.swatch else Markup(""), element("span", escaped(entry.label)))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Markup:
    head = element("tr", *(element("th", escaped(each), scope="col") for each in heads))
    body = [element("tr", *(element("td", escaped(each)) for each in row)) for row in rows]
    return element("table", element("thead", head), element("tbody", *body))


def _list(lines: Iterable[str]) -> Markup:
    return element("ul", *(element("li", escaped(each)) for each in lines))


def _areas(records: CoverageMap) -> list[Mapping[str, Any]]:
    return [*(each["properties"] for each in records.regions["features"]), *records.others]


def _area(area: Mapping[str, Any], said: Mapping[str, str], locale: Locale) -> list[str]:
    share, basis = area["coveredPercent"], area["populationBasis"]
    numbers_of = [area["populationUnder18"], area["uncoveredUnder18"]]
    return [
        area["name"] or said["unknown_region"],
        said["no_data"] if share is None else numbers.percent(share, locale),
        *(said["no_data"] if each is None else numbers.number(each, locale) for each in numbers_of),
        said[f"basis_{basis.lower()}"] if basis else "–",
    ]


def _ranked(records: CoverageMap) -> list[Mapping[str, Any]]:
    gaps = [each["properties"] for each in records.gaps["features"]]
    return sorted(gaps, key=lambda each: (-each["priority"], each["name"]))[:LISTED]


def _gap(rank: int, gap: Mapping[str, Any], said: Mapping[str, str], locale: Locale) -> list[str]:
    far, status = gap["nearestDistanceMetres"], gap["incidentStatus"]
    return [
        str(rank),
        gap["name"],
        numbers.number(gap["uncoveredUnder18"], locale),
        said["no_service"] if far is None else numbers.distance(far, locale),
        said["brief_published"] if status == "PUBLISHED" else said[status],
    ]


def _method(said: Mapping[str, str]) -> list[Markup]:
    return [
        part
        for key in FORMULAS
        for part in (
            element("p", escaped(said[key])),
            element("p", element("code", escaped(said[f"{key}_formula"]))),
        )
    ]


def _unknown(records: CoverageMap, said: Mapping[str, str], locale: Locale) -> list[str]:
    """Say what nobody knows of the area, each thing in a sentence."""
    of, expected = records.reporting
    never = sum(not each["properties"]["verifiedOn"] for each in records.services["features"])
    hidden = sum(each["properties"]["precision"] != "EXACT" for each in records.services["features"])
    nobody = [each["name"] or said["unknown_region"] for each in _areas(records) if each["coveredPercent"] is None]
    towns = [each["name"] for each in _areas(records) if each["populationBasis"] == "TOWNS_ONLY" and each["name"]]
    names = ", ".join(each["name"] for each in records.others if each["name"])
    reported = said["reported"].format(n=numbers.number(of, locale), of=numbers.number(expected, locale))
    return [
        reported if expected else said["none_released"],
        *([said["brief_never"].format(n=numbers.number(never, locale))] if never else []),
        *([said["brief_hidden"].format(n=numbers.number(hidden, locale))] if hidden else []),
        *([said["brief_nobody"].format(areas=", ".join(nobody))] if nobody else []),
        *([said["brief_towns"].format(areas=", ".join(towns))] if towns else []),
        *([said["unknown_among"].format(regions=names)] if names else []),
        said["brief_borders"],
    ]
