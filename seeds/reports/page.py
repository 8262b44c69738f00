"""A report as a page that stands alone: one file, without scripts or anything from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from geo.texts import shown
from geo.vocabulary import Locale, in_language
from seeds.reports.report import FileRead, Report
from seeds.reports.spreadsheet import Line, lines
from seeds.reports.wording import COUNTS, OUTCOMES, RECOGNISED, TITLE
from seeds.troubles import number

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem;color:#1d2733}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #c9d1d9;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "thead{background:#eef2f5}.found{background:#eef2f5;border-radius:.3rem;padding:0 .4rem;margin:0 .2rem}"
)
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


def write_page(report: Report, path: Path, locale: Locale) -> None:
    """Write a report: its outcome, its counts, what was recognised, and its problems; texts are escaped."""
    environment = Environment(loader=PackageLoader("seeds.reports", "."), autoescape=True, undefined=StrictUndefined)
    names, *problems = lines(report, locale)
    page = environment.get_template("page.html").stream(
        language=locale.name.lower(),
        title=in_language(TITLE, locale),
        style=Markup(STYLE),  # noqa: S704  ours
        style_digest=_DIGEST,
        outcome=in_language(OUTCOMES[report.outcome], locale),
        counts=[(number(getattr(report, name), locale), in_language(words, locale)) for name, words in COUNTS],
        recognised=in_language(RECOGNISED, locale),
        colon=" :" if locale is not Locale.EN else ":",
        files=[(shown(each.form.file), _columns(each)) for each in report.files],
        names=names,
        lines=[_seen(line) for line in problems],
    )
    with path.open("wb") as file:
        page.dump(file, encoding="utf-8")


def _columns(read: FileRead) -> list[tuple[str, str]]:
    return [(shown(read.form.columns[each.column].name), each.field.name) for each in read.recognition.found]


def _seen(line: Line) -> Line:
    return [shown(cell) if isinstance(cell, str) else cell for cell in line]
