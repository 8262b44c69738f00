"""Each kind has a template, made from its declaration, that loads again."""

from __future__ import annotations

import datetime as dt
import zipfile

import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from api.cli.main import app
from geo.database.owner import owner_transaction
from geo.vocabulary import Locale, Sector, label
from geo.writes import zones
from seeds.columns import recognition
from seeds.columns.kind import plain
from seeds.loading import importing
from seeds.loading.kinds import LOADERS
from seeds.loading.options import Options
from seeds.readers import files
from seeds.reports.report import Outcome
from seeds.templates import workbook
from seeds.templates.template import columns

LANGUAGES = [Locale.FR, Locale.EN]


def made(kind, locale, tmp_path):
    path = tmp_path / f"{kind}.xlsx"
    workbook.write(LOADERS[kind].kind, path, locale)
    return path


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("kind", LOADERS)
def test_every_column_is_recognised_for_what_it_is(kind, locale, tmp_path):
    declared = LOADERS[kind].kind
    for number, name in enumerate(("first", "second")):
        words = [plain(each.words[number]) for each in declared.fields]
        assert len({*words}) == len(words), name
    [table] = files.tables(made(kind, locale, tmp_path))[:1]
    found = recognition.recognised(declared, table.form)
    assert {each.field.name: each.column for each in found.found} == {
        each.name: place for place, each in enumerate(declared.fields)
    }


@pytest.mark.database
@pytest.mark.parametrize("locale", LANGUAGES)
def test_each_loads_again(copy_migrated, tmp_path, locale):
    """One after the other: what the later ones name, the earlier ones bring."""
    url = copy_migrated()
    # A crosswalk needs a second division, and no table has the shapes of the ground.
    for kind in sorted({*LOADERS} - {"crosswalk", "ground"}, key=[*LOADERS].index):
        given = Options(as_of=dt.date(2024, 1, 1), scheme="T", edition="1" if kind == "areas" else None)
        report = importing.run(url, LOADERS[kind], [made(kind, locale, tmp_path)], given)
        told = [(each.place.column, each.what(Locale.EN)) for each in report.problems]
        assert report.outcome is Outcome.LOADED, (kind, told)
        assert report.new == 1, (kind, told)
        if kind == "areas":  # which a table has no outlines of
            with owner_transaction(url) as connection:
                outline = "ST_Multi(ST_MakeEnvelope(10, 10, 11, 11, 4326))"
                connection.exec_driver_sql(f"UPDATE lakana.admin_area SET geom = {outline}")
                zones.make(connection)


def test_vocabulary_is_offered_and_words_are_told(tmp_path):
    path = made("presence", Locale.EN, tmp_path)
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["Data", "Words", "Terms"]
    terms = book.get_sheet_by_name("Terms").to_python()
    sectors = [row[terms[0].index("sector")] for row in terms[1:]]
    assert [each for each in sectors if each] == [label(each, Locale.EN) for each in Sector]
    words = {row[1]: row for row in book.get_sheet_by_name("Words").to_python()[3:]}
    assert words["sector"][2] == "yes"
    assert words["starts_on"][3] == "date, YYYY-MM-DD"
    with zipfile.ZipFile(path) as archive:
        assert archive.read("xl/worksheets/sheet1.xml").count(b"<dataValidation ") == 2
    assert [each.required for each in columns(LOADERS["population"].kind, Locale.FR) if each.field.name == "total"] == [
        "l’un de : habitants ou femmes + hommes"
    ]


def test_the_command_writes_it(tmp_path, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")
    out = tmp_path / "services.xlsx"
    told = CliRunner().invoke(app, ["template", "services", "--lang", "fr", "--out", str(out)])
    assert told.exit_code == 0
    assert "lakana import services" in told.output.replace("\n", " ")
    assert CalamineWorkbook.from_path(out).sheet_names[0] == "Données"
    assert CliRunner().invoke(app, ["template", "shoes"]).exit_code != 0
