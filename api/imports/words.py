"""The words of the page of imports that its script says."""

from __future__ import annotations

from typing import Any

from api.names import spelt
from api.pages.catalogue import say
from geo.vocabulary import Locale, in_language
from seeds.columns.cells import DateOrder
from seeds.loading.declared import OPTIONS
from seeds.loading.kinds import LOADERS
from seeds.reports.report import Outcome
from seeds.reports.wording import COLUMNS, COUNTS, OUTCOMES, WEIGHTS

TEXTS: dict[str, str] = {
    "title": "Import a file",
    "lead": "Choose a file: it is read first, and nothing is loaded before you have confirmed it.",
    "key": "Your steward’s key",
    "key_note": "It stays in this page and is kept nowhere.",
    "kind": "What does it hold?",
    "file": "File (CSV, XLSX, XLS, ODS, GeoJSON, GeoPackage, GeoTIFF or zip, also of a Shapefile; at most 50 MB)",
    "more": "Say more",
    "source": "Source",
    "licence": "Licence",
    "asOf": "Day of the data",
    "scheme": "Scheme of the codes (COD-AB…)",
    "edition": "Edition of the areas",
    "nation": "Nation, where no column says it (CODE=NAME); of guidance and pathways its code",
    "sheet": "Sheet of the workbook",
    "mapping": "Columns kept under the name",
    "validFrom": "Areas in force from",
    "validTo": "Areas in force until (without that day)",
    "childrenOf100": "Under 18 among 100 people, where the file gives totals only",
    "dates": "Order of dates such as 6/3/2019",
    "headerRow": "Row with the names of the columns",
    "encoding": "How letters are written (utf-8, cp1252…)",
    "delimiter": "Sign between the cells",
    "decimal": "Decimal sign",
    "url": "Where the source is found on the web",
    "shares": "The people of the file are only shares, by which a larger area’s number is spread",
    "mends": "Mends: a table (CSV) of cells to be read otherwise, with the columns where, field, value and why",
    "spellings": "Spellings: which area a name means, one a line (NAME=CODE)",
    "byName": "Look for areas by their names alone",
    "acceptPartial": "Load without the rows that are refused",
    "saveMapping": "Keep these columns under the name",
    "read": "Read the file",
    "again": "Read again with these choices",
    "load": "Load",
    "end": "Give up",
    "sending": "Sending…",
    "QUEUED": "Waiting…",
    "busy": "Something else is being loaded or the database is busy: the file waits and is tried again by itself…",
    "RUNNING": "Being read…",
    "recognised": "What was recognised",
    "column": "column of the file",
    "taken_for": "taken for",
    "none": "— not recognised —",
    "leave": "— to be left out —",
    "report": "Report",
    "download": "Whole report:",
    "loaded": "It is loaded. The id of the import, to undo it:",
    "failed": "The import failed.",
    "refused": "This file cannot be read.",
    "over": "Given up; the file is deleted.",
    "lost": (
        "The server has this file no more: it has restarted, or half an hour has passed. Choose it again; imports that "
        "were loaded stand in their list (GraphQL: imports)."
    ),
    "offline": "The server does not answer.",
}

AFTERWARDS = frozenset({"acceptPartial", "columns", "saveMapping"})
"""Options that are asked for where the file has been read."""
MORE = [(spelt(each.name), each.written.name) for each in OPTIONS if spelt(each.name) not in AFTERWARDS]
"""The options that the page asks for at first, and how each is written."""
ORDERS = {DateOrder.DAY_FIRST: "the day first", DateOrder.MONTH_FIRST: "the month first"}


def said(locale: Locale) -> dict[str, Any]:
    """Return the words of the page in a language, French where it has none of its own."""
    return {
        **{key: say(text, locale) for key, text in TEXTS.items()},
        "outcomes": {each.value: in_language(OUTCOMES[each], locale) for each in Outcome},
        "counts": [[_camel(name), in_language(words, locale)] for name, words in COUNTS],
        "columns": [in_language(each, locale) for each in COLUMNS],
        "weights": {each.value: in_language(words, locale) for each, words in WEIGHTS.items()},
        "locale": locale.name if locale is not Locale.BM else Locale.FR.name,
    }


def kinds(locale: Locale) -> list[dict[str, Any]]:
    """Return the kinds with their fields, each with its words."""
    return [
        {
            "name": each.kind.name,
            "words": in_language((*each.kind.words, None), locale),
            "fields": [[field.name, in_language((*field.words, None), locale)] for field in each.kind.fields],
        }
        for each in LOADERS.values()
    ]


def _camel(name: str) -> str:
    return name.replace("_o", "O")
