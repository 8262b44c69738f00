"""``lakana import`` on a terminal: exit codes by outcome, a report that is a table and never a wall."""

from __future__ import annotations

import io
import re
import sys
import time

import pytest
from rich.console import Console
from typer.testing import CliRunner

from api.cli import console, import_report
from api.cli.main import app
from geo.vocabulary import Locale
from seeds.loading import importing
from seeds.loading.kinds import LOADERS
from seeds.loading.options import Options
from seeds.reports.report import Outcome, Place, Problem, Report
from seeds.troubles import AreaTrouble, CellTrouble, FileTrouble, RowTrouble
from tests.importing.country import cercles


def shown(report, locale=Locale.EN):
    out = io.StringIO()
    import_report.show(report, locale, Console(file=out, width=100))
    return out.getvalue()


def test_thousands_of_problems_are_a_table_of_the_commonest():
    report = Report("population", outcome=Outcome.REFUSED, read=6_000, refused=6_000)
    for row in range(6_000):
        trouble = (CellTrouble.NO_NUMBER, AreaTrouble.NO_AREA_CODE, RowTrouble.AT_ZERO)[row % 3]
        report.add(Problem(Place("a.csv", None, row, "x"), trouble, f"v{row % 50}"))
    told = shown(report)
    assert told.count("\n") < 60
    assert "row 0 (+ 39) · x" in told
    assert ".html) writes all." in told
    assert "Nothing was loaded" in told
    assert "Rien n’a été chargé" in shown(report, Locale.FR)


def test_what_nobody_sees_reaches_no_terminal():
    report = Report("areas", outcome=Outcome.TRIED, read=1)
    values = {"said": "\x1b[2J", "nested": "\u202e"}
    report.add(Problem(Place("a\x1b]0;x\x07.csv", None, 1, "\u202e"), FileTrouble.NESTED_TOO_DEEP, None, values))
    assert not {"\x1b", "\u202e", "\x07"} & set(shown(report))


def test_the_bar_shows_rows_their_rate_and_the_time_left(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    out = io.StringIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", out)
        with console.Console() as progress:
            for done in (0, 20_000, 50_000):
                progress("read", done, 100_000)
                time.sleep(0.15)
    told = out.getvalue()
    assert "50000/100000" in told
    assert re.search(r"[\d,]{5,}/s", told)
    assert re.search(r"0:00:\d\d.*0:00:\d\d", told)  # so long, and so long to go


@pytest.mark.database
def test_progress_tells_the_rows_of_a_text_table(copy_migrated, write):
    told = []
    url = copy_migrated()
    importing.run(
        url, LOADERS["areas"], [write(cercles(), "c.geojson")], Options(edition="1"), lambda *each: told.append(each)
    )
    assert ("read", 0, 0) in told
    told.clear()
    rows = "".join(f"Bla,10.51,0.52,{number}\n" for number in range(2_500))
    importing.run(
        url,
        LOADERS["localities"],
        [write("name,lat,lon,code\n" + rows)],
        Options(scheme="L"),
        lambda *each: told.append(each),
    )
    assert [each for each in told if each[0] == "read"] == [
        ("read", 0, 2_501),
        ("read", 1, 2_501),
        ("read", 1_001, 2_501),
        ("read", 2_001, 2_501),
        ("read", 2_500, 2_500),
    ]


@pytest.mark.database
def test_the_exit_code_tells_the_outcome(copy_migrated, write, monkeypatch, tmp_path):
    monkeypatch.setenv("LAKANA_DATABASE_URL", copy_migrated())
    monkeypatch.setenv("LANGUAGE", "en")

    def run(kind, path, *more):
        return CliRunner().invoke(app, ["import", kind, str(path), *more])

    outlines = write(cercles(), "cercles.geojson")
    told = run("areas", outlines)
    assert told.exit_code == 1
    assert "--scheme and --edition" in told.output
    assert run("areas", outlines, "--edition", "1", "--dry-run").exit_code == 0
    assert run("areas", outlines, "--edition", "1").exit_code == 0
    villages = write("name,lat,lon,code\nBla,10.51,0.52,1\nSan,x,1.54,2\n")
    assert run("localities", villages, "--scheme", "L").exit_code == 3
    back = tmp_path / "back.csv"
    told = run(
        "localities",
        villages,
        "--scheme",
        "L",
        "--accept-partial",
        "--refused",
        str(back),
        "--report",
        str(tmp_path / "r.csv"),
    )
    assert told.exit_code == 4
    assert "2 read, 1 new, 1 refused" in told.output
    assert back.read_text("utf-8-sig").splitlines() == ["name,lat,lon,code", "San,x,1.54,2"]
    assert (tmp_path / "r.csv").read_text("utf-8-sig").count("\n") == 2
    assert run("localities", villages, "--map", "name").exit_code == 1
    assert run("rivers", villages).exit_code == 1


@pytest.mark.database
def test_an_import_is_undone_by_the_id_that_its_report_names(copy_migrated, write, monkeypatch):
    monkeypatch.setenv("LAKANA_DATABASE_URL", copy_migrated())
    monkeypatch.setenv("LANGUAGE", "fr")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words):
        return CliRunner().invoke(app, ["import", *map(str, words)])

    def loaded(rows):
        told = run("organizations", write(rows), "--source", "A")
        assert told.exit_code == 0, told.output
        [import_id] = re.findall(r"lakana import undo ([0-9a-f-]{36})", told.output)
        return import_id

    first, second = loaded("nom,sigle\nKanuya,K\n"), loaded("nom,sigle\nKanuya,KK\n")
    told = run("undo", first)
    assert told.exit_code == 3
    assert "1 de organization modifiés depuis" in told.output
    assert "Annulé" in run("undo", second).output
    assert "Annulé" in run("undo", first).output
    again = run("undo", first)
    assert (again.exit_code, again.output.strip()) == (0, "Cet import était déjà annulé.")
    assert run("undo", "x").exit_code != 0
