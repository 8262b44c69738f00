"""The report of an import on a terminal: what was recognised, the counts, and the commonest problems; never a wall."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from geo.texts import shown, shown_lines
from geo.vocabulary import Locale, Words, in_language
from seeds.reports.report import FileRead, Outcome, Problem, Report
from seeds.reports.wording import COUNTS, LEFT_OUT, OUTCOMES, RECOGNISED, ROWS
from seeds.troubles import Refused, Weight, number, said

MOST_ROWS, MOST_OF_A_KIND = 20, 3
"""Problems that are shown in all, and of one trouble; the CSV has all."""

ACCEPT_PARTIAL = " (--accept-partial)"
HEADERS: tuple[Words, ...] = (
    ("où", "where", None),
    ("valeur", "value", None),
    ("problème", "what is wrong", None),
    ("que faire", "what to do", None),
)
MORE: Words = (
    "{many} autres problèmes ; --report FICHIER.xlsx (ou .csv, .html) les écrit tous.",
    "{many} more problems; --report FILE.xlsx (or .csv, .html) writes all.",
    None,
)
TO_UNDO: Words = ("pour l’annuler :", "to undo it:", None)
ROW: Words = ("ligne", "row", None)


def refusal(refused: Refused, locale: Locale) -> str:
    """Return why nothing of a file was loaded, in two sentences."""
    sentences = (said(each, locale, **refused.values) for each in (refused.trouble.what, refused.trouble.mend))
    return shown_lines(f"lakana: {' '.join(sentences)}")


def show(report: Report, locale: Locale, terminal: Console | None = None) -> None:
    """Print a report on standard output, or on another terminal."""
    out = terminal or Console(highlight=False)
    for each in report.files:
        out.print(Text(f"{in_language(RECOGNISED, locale)} · {_recognised(each, locale)}"))
    counts = ", ".join(
        f"{number(getattr(report, name), locale)} {in_language(words, locale)}"
        for name, words in COUNTS
        if getattr(report, name) or name in {"read", "new", "refused"}
    )
    out.print(Text(f"{in_language(ROWS, locale)} · {counts}"))
    if report.problems:
        chosen = _chosen(report)
        table = Table(*(in_language(each, locale) for each in HEADERS), show_lines=False)
        for problem, many in chosen:
            cells = (_where(problem, many, locale), problem.value or "", problem.what(locale), problem.mend(locale))
            table.add_row(*map(Text, cells), style="" if problem.trouble.weight is not Weight.NOTE else "dim")
        out.print(table)
        if more := report.counts.total() - sum(many for _, many in chosen):
            out.print(Text(in_language(MORE, locale).format(many=number(more, locale))))
    more_of_it = ACCEPT_PARTIAL if report.outcome is Outcome.REFUSED else ""
    if report.import_id:
        more_of_it = f" ({in_language(TO_UNDO, locale)} lakana import undo {report.import_id})"
    out.print(Text(in_language(OUTCOMES[report.outcome], locale) + more_of_it))


def _chosen(report: Report) -> list[tuple[Problem, int]]:
    """Return some problems of each trouble, of other values, with how many say the same; what refuses rows first."""
    alike = Counter((each.trouble, each.value) for each in report.problems)
    first = {(each.trouble, each.value): each for each in reversed(report.problems)}
    chosen: list[tuple[Problem, int]] = []
    order = sorted(report.counts, key=lambda trouble: (trouble.weight is Weight.NOTE, -report.counts[trouble]))
    for trouble in order:
        commonest = [key for key, _ in alike.most_common() if key[0] is trouble]
        chosen += [(first[key], alike[key]) for key in commonest[:MOST_OF_A_KIND]]
    return chosen[:MOST_ROWS]


def _recognised(read: FileRead, locale: Locale) -> str:
    form = read.form
    parts = [form.file, form.format.value, form.sheet, form.encoding]
    if form.delimiter:
        parts.append({"\t": "tab"}.get(form.delimiter, form.delimiter))
    columns = ", ".join(f"{form.columns[each.column].name} = {each.field.name}" for each in read.recognition.found)
    left = len(read.recognition.left_out)
    more = f" (+ {left} {in_language(LEFT_OUT, locale)})" if left else ""
    return shown_lines(f"{', '.join(each for each in parts if each)}: {columns}{more}")


def _where(problem: Problem, many: int, locale: Locale) -> str:
    place = problem.place
    more = f" (+ {number(many - 1, locale)})" if many > 1 else ""
    row = None if place.row is None else f"{in_language(ROW, locale)} {number(place.row, locale)}{more}"
    return shown(" · ".join(each for each in (place.sheet or place.file, row, place.column) if each))
