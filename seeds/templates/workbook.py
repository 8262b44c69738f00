"""A template as a workbook: a sheet to fill in, with drop-downs and an example, and a sheet of words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from geo.vocabulary import Locale, Words, in_language
from seeds.columns.kind import Kind
from seeds.readers.table import Cell, letters
from seeds.templates.template import Column, columns

LAST_ROW = 10_000
"""The last row that has drop-downs."""
DATA: Words = ("Données", "Data", None)
WORDS: Words = ("Mots", "Words", None)
TERMS: Words = ("Termes", "Terms", None)
HEADERS: tuple[Words, ...] = (
    ("colonne", "column", None),
    ("champ (--map)", "field (--map)", None),
    ("obligatoire", "required", None),
    ("s’écrit", "is written", None),
    ("termes", "terms", None),
    ("aussi reconnue sous", "recognised as well as", None),
)
NOTE: Words = (
    "{kind} : remplacez la ligne d’exemple par les vôtres. Les colonnes facultatives peuvent rester vides ou partir.",
    "{kind}: replace the row of examples by your own. Columns that are not required may stay empty or be deleted.",
    None,
)
MOST_NAMES = 6


def write(kind: Kind, path: Path, locale: Locale) -> None:
    """Write the template of a kind.

    Parameters
    ----------
    kind
        The kind; all else follows from its declaration.
    path
        The file, which is overwritten.
    locale
        The language of its words; French where it has none of its own.

    """
    import xlsxwriter  # noqa: PLC0415  only who wants a template waits for it

    inert = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    shown = columns(kind, locale)
    with xlsxwriter.Workbook(path, inert) as book:
        data, words, terms = (book.add_worksheet(in_language(each, locale)) for each in (DATA, WORDS, TERMS))
        _write_data(book, data, shown)
        _write_terms(book, data, terms, shown)
        _write_words(book, words, kind, shown, locale)


def _write_data(book: Any, sheet: Any, shown: tuple[Column, ...]) -> None:
    needed, usual = (
        book.add_format({"bold": True, "bg_color": "#FFE699"}),
        book.add_format({"bold": True, "bg_color": "#EEF2F5"}),
    )
    grey, day = (
        book.add_format({"font_color": "#7F7F7F"}),
        book.add_format({"font_color": "#7F7F7F", "num_format": "yyyy-mm-dd"}),
    )
    sheet.freeze_panes(1, 0)
    for place, each in enumerate(shown):
        sheet.set_column(place, place, max(12, min(36, len(each.header) + 2)))
        sheet.write_string(0, place, each.header, needed if each.required else usual)
        _write_cell(sheet, place, each.example, grey, day)


def _write_cell(sheet: Any, place: int, example: Cell, grey: Any, day: Any) -> None:
    match example:
        case dt.date():
            sheet.write_datetime(1, place, example, day)
        case int() | float():
            sheet.write_number(1, place, example, grey)
        case str():
            sheet.write_string(1, place, example, grey)


def _write_terms(book: Any, data: Any, sheet: Any, shown: tuple[Column, ...]) -> None:
    bold = book.add_format({"bold": True})
    offered = [(place, each) for place, each in enumerate(shown) if each.choices]
    for number, (place, each) in enumerate(offered):
        sheet.set_column(number, number, 40)
        sheet.write_string(0, number, each.header, bold)
        for row, choice in enumerate(each.choices, 1):
            sheet.write_string(row, number, choice)
        where = f"='{sheet.get_name()}'!${letters(number)}$2:${letters(number)}${len(each.choices) + 1}"
        data.data_validation(1, place, LAST_ROW, place, {"validate": "list", "source": where, "error_type": "warning"})


def _write_words(book: Any, sheet: Any, kind: Kind, shown: tuple[Column, ...], locale: Locale) -> None:
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for place, width in enumerate((36, 18, 30, 24, 50, 50)):
        sheet.set_column(place, place, width)
    called = in_language((*kind.words, None), locale)
    sheet.write_string(0, 0, in_language(NOTE, locale).format(kind=called.capitalize()), bold)
    for place, each in enumerate(HEADERS):
        sheet.write_string(2, place, in_language(each, locale), bold)
    for row, column in enumerate(shown, 3):
        names = ", ".join((*column.field.names[:MOST_NAMES], *column.field.tags[:1]))
        cells = (column.header, column.field.name, column.required, column.form, ", ".join(column.choices), names)
        for place, text in enumerate(cells):
            sheet.write_string(row, place, text, wrapped)
