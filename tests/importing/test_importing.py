"""Imports as a whole: all or nothing, twice is once, and everything remembered."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import text

from geo.database import owner
from geo.vocabulary import Locale
from seeds.loading import importing
from seeds.loading.kinds import LOADERS
from seeds.loading.options import Options
from seeds.readers.table import Corrections
from seeds.reports import refused_rows, spreadsheet
from seeds.reports.report import Outcome
from seeds.troubles import AreaTrouble, CellTrouble, FileTrouble, Refused, RowTrouble
from tests.importing.country import cercles, feature, square
from tests.importing.workbooks import xlsx

pytestmark = pytest.mark.database
EDITION = {"scheme": "COD-AB", "edition": "1"}


class Country:
    """An address, and what can be imported and asked there."""

    def __init__(self, url, write):
        self.url, self.write = url, write

    def load(self, kind, content, name="table.csv", **options):
        path = content if hasattr(content, "exists") else self.write(content, name)
        return importing.run(self.url, LOADERS[kind], [path], Options(**options))

    def ask(self, query, **values):
        with owner.owner_transaction(self.url) as connection:
            rows = [tuple(row) for row in connection.execute(text(query), values)]
        return [row[0] for row in rows] if rows and len(rows[0]) == 1 else rows


@pytest.fixture
def bare(copy_migrated, write):
    """A database without anything."""
    return Country(copy_migrated(), write)


@pytest.fixture
def country(bare):
    """A database with the made-up country."""
    bare.load("areas", cercles(), "cercles.geojson", **EDITION)
    return bare


def counts(report):
    return report.new, report.changed, report.unchanged, report.refused


def troubles(report):
    return {each.trouble: each for each in report.problems}


def test_an_edition_of_areas_with_those_above_and_their_outlines(country):
    rows = country.ask(
        "SELECT code, level, name_fr, outline_derived, round((ST_Area(geom))::numeric, 3)::float FROM lakana.admin_area ORDER BY code"
    )
    assert rows[:2] == [("XX", 0, "Pays", True, 4.0), ("XX01", 1, "Nord", True, 2.0)]
    assert rows[2] == ("XX0101", 2, "Kaya", False, 1.0)
    assert country.ask("SELECT lakana.home_area() = id FROM lakana.admin_area WHERE level = 0") == [True]
    lies = "SELECT b.code FROM lakana.area_within w JOIN lakana.admin_area a ON a.id = w.area_id JOIN lakana.admin_area b ON b.id = w.ancestor_id WHERE a.code = 'XX0202' ORDER BY 1"
    assert country.ask(lies) == ["XX", "XX02", "XX0202"]


def test_twice_is_once(country):
    before = country.ask("SELECT id, version FROM (SELECT id::text, 1 AS version FROM lakana.admin_area) a ORDER BY id")
    report = country.load("areas", cercles(), "cercles.geojson", **EDITION)
    assert counts(report) == (0, 0, 4, 0)
    assert (
        country.ask("SELECT id, version FROM (SELECT id::text, 1 AS version FROM lakana.admin_area) a ORDER BY id")
        == before
    )
    places = "name,lat,lon,code\nBla,10.51,0.52,1\nSan,11.53,1.54,2\n"
    assert counts(country.load("localities", places, scheme="L")) == (2, 0, 0, 0)
    assert counts(country.load("localities", places, scheme="L")) == (0, 0, 2, 0)
    assert counts(country.load("localities", places.replace("San", "Sann"), scheme="L")) == (0, 1, 1, 0)
    people = "code,total,under_18\nXX0101,100,50\n"
    assert counts(country.load("population", people, as_of=dt.date(2022, 1, 1))) == (1, 0, 0, 0)
    assert counts(country.load("population", people, as_of=dt.date(2022, 1, 1))) == (0, 0, 1, 0)
    assert country.ask("SELECT count(*) FROM lakana.source") == [3]  # two files, one of them of a day too


def test_who_loaded_what_when_is_remembered_and_each_row_keeps_its_row(country):
    content = "name,lat,lon,code\nBla,10.51,0.52,1\n"
    report = country.load(
        "localities",
        content,
        "villages.csv",
        scheme="L",
        source="INSTAT",
        licence="CC BY 4.0",
        as_of=dt.date(2022, 5, 1),
    )
    row = country.ask(
        "SELECT kind, holder, rows_read, rows_new, report->>'outcome', report->'files'->0->'columns'->'name'->>'field' FROM audit.import WHERE id = CAST(:id AS uuid)",
        id=report.import_id,
    )
    assert row == [("localities", "owner", 1, 1, "loaded", "name")]
    [kept] = country.ask(
        "SELECT f.name, f.sha256, r.file_row, s.name, s.licence, s.retrieved_on::text, s.illustrative FROM lakana.locality l "
        "JOIN audit.import_row r ON r.row_id = l.id JOIN audit.import_file f ON (f.import_id, f.number) = (r.import_id, r.file_number) "
        "JOIN lakana.source s ON s.id = l.source_id"
    )
    assert kept == (
        "villages.csv",
        hashlib.sha256(content.encode()).hexdigest(),
        2,
        "INSTAT",
        "CC BY 4.0",
        "2022-05-01",
        False,
    )
    changed = country.load("localities", content.replace("Bla", "Blaa"), "villages.csv", scheme="L")
    [former] = country.ask(
        "SELECT former->0->>'name_fr' FROM audit.import_change WHERE import_id = CAST(:id AS uuid)"
        " AND (relation, action) = ('lakana.locality', 'UPDATE')",
        id=changed.import_id,
    )
    assert former == "Bla"
    last = "SELECT action, subject, after->>'kind' FROM audit.entry ORDER BY number DESC LIMIT 1"
    assert country.ask(last) == [("LOAD", "import", "localities")]


def test_a_refused_row_keeps_all_out_unless_a_person_says_otherwise(country):
    content = "name,lat,lon,code\nBla,10.51,0.52,1\nSan,x,1.54,2\n,11.1,1.1,3\n"
    report = country.load("localities", content, scheme="L")
    assert report.outcome is Outcome.REFUSED
    assert counts(report) == (1, 0, 0, 2)
    assert set(troubles(report)) == {CellTrouble.NO_DEGREES, CellTrouble.MISSING}
    problem = troubles(report)[CellTrouble.NO_DEGREES]
    assert (problem.place.row, problem.place.column, problem.value) == (3, "lat", "x")
    assert country.ask("SELECT count(*) FROM lakana.locality UNION ALL SELECT count(*) FROM audit.import") == [0, 1]
    assert country.load("localities", content, scheme="L", dry_run=True).outcome is Outcome.REFUSED
    report = country.load("localities", content, scheme="L", accept_partial=True)
    assert report.outcome is Outcome.PARTLY
    assert country.ask("SELECT name_fr FROM lakana.locality") == ["Bla"]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.geojson"])
def test_refused_rows_are_written_back_mended_and_loaded(country, tmp_path, name):
    rows: list[list[object]] = [
        ["name", "code", "lat", "lon"],
        ["Bla", "1", 10.51, 0.52],
        ["Île", "2", 99.5, 1.54],
        ["San", "3", 11.53, 1.54],
    ]
    if name == "a.xlsx":
        path = xlsx(tmp_path / name, {"A": rows})
    elif name == "a.csv":
        path = country.write(
            "\n".join(";".join(str(each).replace(".", ",") for each in row) for row in rows), name, "cp1252"
        )
    else:
        features = [
            {
                "type": "Feature",
                "properties": {"name": n, "code": c},
                "geometry": {"type": "Point", "coordinates": [lon, lat]},
            }
            for n, c, lat, lon in rows[1:]
        ]
        path = country.write(json.dumps({"type": "FeatureCollection", "features": features}), name)
    report = country.load("localities", path, scheme="L", accept_partial=True)
    assert counts(report) == (2, 0, 0, 1)
    back = tmp_path / f"back-{name}"
    assert refused_rows.write(report, back) == 1
    written = back.read_text("utf-8-sig")
    assert "Île" in written
    assert "Bla" not in written
    mended = country.write(written.replace("99,5", "11,25").replace("99.5", "11.25"), "mended")
    assert counts(country.load("localities", mended, scheme="L")) == (1, 0, 0, 0)
    assert country.ask("SELECT name_fr, ST_Y(point::geometry) FROM lakana.locality WHERE code = '2'") == [
        ("Île", 11.25)
    ]


def test_a_dry_run_says_what_would_be_and_loads_nothing(country):
    report = country.load("localities", "name,lat,lon,code\nBla,10.51,0.52,1\n", scheme="L", dry_run=True)
    assert (report.outcome, report.new, report.import_id) == (Outcome.TRIED, 1, None)
    assert country.ask("SELECT count(*) FROM lakana.locality") == [0]
    assert country.ask("SELECT count(*) FROM audit.import") == [1]


def test_persons_are_refused_before_a_row_is_read(country):
    with pytest.raises(Refused) as caught:
        country.load("localities", "name,lat,lon,date of birth\nAwa,10.5,0.5,2011-01-01\n", scheme="L")
    assert caught.value.trouble is CellTrouble.PERSONAL
    assert "Awa" not in str(caught.value)


def test_a_file_that_breaks_off_loads_nothing(country):
    with pytest.raises(Refused) as caught:
        country.load("localities", 'name,lat,lon\nBla,10.51,0.52\n"San' + "x" * 200_000, scheme="L")
    assert caught.value.trouble is FileTrouble.CELL_TOO_LONG
    assert country.ask("SELECT count(*) FROM lakana.locality") == [0]


def test_killed_at_any_point_it_has_loaded_nothing(country, write):
    path = write(
        "name,lat,lon,code\n" + "".join(f"V{n},{10 + n % 1999 / 1000},{n % 1999 / 1000},{n}\n" for n in range(20_000))
    )
    code = "from api.cli.main import main; main()"
    command = [sys.executable, "-c", code, "import", "localities", str(path), "--scheme", "L"]
    for delay_s in (1.5, 2.5, 3.5):
        process = subprocess.Popen(
            command,
            env=os.environ | {"LAKANA_DATABASE_URL": country.url},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(delay_s)
        process.send_signal(signal.SIGKILL)
        process.wait()
        [rows, imports] = country.ask(
            "SELECT count(*) FROM lakana.locality UNION ALL SELECT count(*) FROM audit.import WHERE kind = 'localities'"
        )
        assert (rows, imports) in {(0, 0), (20_000, 1)}
        if rows:
            break


def test_a_report_is_written_as_csv_in_both_languages(country, tmp_path):
    report = country.load(
        "localities",
        'name,lat,lon,code\nBla,=1+1,0.52,1\n"+SUM(A1)",90,0.5,2\nSan,"x;=HYPERLINK(""http://x"")",0,3\n',
        scheme="L",
    )
    for locale, header in ((Locale.FR, '"fichier","feuille","ligne"'), (Locale.EN, '"file","sheet","row"')):
        spreadsheet.write_csv(report, tmp_path / "report.csv", locale)
        written = (tmp_path / "report.csv").read_text("utf-8-sig")
        assert written.startswith(header)
        assert "'=1+1" in written
        for delimiter in ",;\t|":
            for cells in csv.reader(written.splitlines(), delimiter=delimiter):
                assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells), delimiter
    assert json.loads(json.dumps(report.as_data()))["rows"]["refused"] == report.refused == 3


def test_a_sheet_of_several_is_the_one_that_holds_the_kind(country, tmp_path):
    sheets: dict[str, list[list[object]]] = {
        "Lisez-moi": [["auteur", "date"], ["x", "y"]],
        "Villages": [["village", "gps"], ["Bla", "10.51 0.52 300 4.9"]],
    }
    report = country.load("localities", xlsx(tmp_path / "a.xlsx", sheets), scheme="L")
    assert report.files[0].form.sheet == "Villages"
    assert country.ask("SELECT name_fr, ST_AsText(point::geometry) FROM lakana.locality") == [
        ("Bla", "POINT(0.52 10.51)")
    ]
    with pytest.raises(Refused):
        country.load("localities", tmp_path / "a.xlsx", scheme="L", corrections=Corrections(sheet="Lisez-moi"))


def test_areas_that_are_wrong_are_told(bare):
    crossed = feature("XX0202", "Koro", "XX02", "Sud", 1, 10)
    crossed["geometry"] = {"type": "Polygon", "coordinates": [[[1, 10], [2, 11], [2, 10], [1, 11], [1, 10]]]}
    nested = feature("XX0201", "Kita", "XX02", "Sud", 0, 10)
    nested["geometry"] = {
        "type": "Polygon",
        "coordinates": [[[[*each, 300.0] for each in square(0, 10)["coordinates"][0]]]],
    }
    point = feature("XX0203", "Bla", "XX02", "Sud", 1, 10)
    point["geometry"] = {"type": "Point", "coordinates": [1, 10]}
    found = troubles(bare.load("areas", cercles(XX0202=crossed, XX0201=nested, XX0203=point), "c.geojson", **EDITION))
    assert set(found) == {AreaTrouble.OUTLINE_CROSSED, FileTrouble.NESTED_TOO_DEEP, AreaTrouble.NO_OUTLINE}
    assert found[AreaTrouble.OUTLINE_CROSSED].place.row == 4


def test_overlaps_of_outlines_are_told_and_areas_without_a_parent_find_one(country):
    wide = feature("XX0202", "Koro", "XX02", "Sud", 1, 10)
    wide["geometry"] = square(0.9, 10)
    report = country.load("areas", cercles(XX0202=wide), "c.geojson", **EDITION)
    assert counts(report) == (0, 1, 3, 0)
    overlap = troubles(report)[AreaTrouble.OVERLAP]
    assert overlap.values["percent"] == pytest.approx(10, abs=0.1)
    alone = feature("XX0103", "Neuf", "XX01", "Nord", 0.2, 11.2)
    alone["properties"] = {"ADM2_EN": "Neuf", "ADM2_PCODE": "XX0103"}
    alone["geometry"] = square(0.2, 11.2, 0.5)
    report = country.load(
        "areas", json.dumps({"type": "FeatureCollection", "features": [alone]}), "n.geojson", **EDITION
    )
    assert troubles(report)[AreaTrouble.PARENT_BY_OUTLINE].values["parent"] == "Nord"


def test_editions_follow_each_other_and_lead_to_each_other(country):
    with pytest.raises(Refused) as caught:
        country.load("areas", cercles(), "c.geojson", scheme="COD-AB", edition="2")
    assert caught.value.trouble is AreaTrouble.EDITIONS_AT_ONCE
    moved = feature("XX0102", "Kaya", "XX01", "Nord", 0, 11)  # the code of another one
    other = feature("XX0101", "Barouéli", "XX01", "Nord", 1, 11)
    half = feature("XX0201", "Kita", "XX02", "Sud", 0, 10)
    half["geometry"] = {"type": "Polygon", "coordinates": [[[0, 10], [0.5, 10], [0.5, 11], [0, 11], [0, 10]]]}
    new = cercles(XX0101=other, XX0102=moved, XX0201=half)
    report = country.load("areas", new, "c.geojson", scheme="COD-AB", edition="2", valid_from=dt.date(2025, 1, 1))
    assert AreaTrouble.EDITION_CLOSED in troubles(report)
    steps = country.ask(
        "SELECT f.edition, f.name_fr, t.name_fr, round(c.share::numeric, 2)::float FROM lakana.area_crosswalk c "
        "JOIN lakana.admin_area f ON f.id = from_area_id JOIN lakana.admin_area t ON t.id = to_area_id WHERE f.level = 2 ORDER BY 1, 2, 3"
    )
    assert ("2", "Kaya", "Kaya", 1.0) in steps
    assert ("1", "Kita", "Kita", 0.5) in steps
    assert ("2", "Kita", "Kita", 1.0) in steps
    assert ("1", "Kaya", "Kaya", 1.0) not in steps  # not back, which would run in a circle
    assert country.ask("SELECT edition FROM lakana.admin_area WHERE id = lakana.home_area()") == ["2"]
    circle = "SELECT count(*) FROM lakana.area_within w JOIN lakana.area_within v ON (v.area_id, v.ancestor_id) = (w.ancestor_id, w.area_id) AND v.area_id <> v.ancestor_id"
    assert country.ask(circle) == [0]


def test_places_are_found_in_their_areas_or_told_why_not(country):
    content = (
        "name,lat,lon,code,ADM2_FR\nA,10.51,0.52,1,\nB,0.51,11.52,2,\nC,-10.51,0.52,3,\nD,40.0,40.0,4,\n"
        "E,12.01,0.52,5,\nF,10.5,0.5,6,\nG,10.51,0.52,7,Barouéli\nH,0,0,8,\nI,95.5,0.5,9,\n"
    )
    report = country.load("localities", content, scheme="L", accept_partial=True)
    found = {(each.place.row, each.trouble) for each in report.problems}
    assert found == {
        (3, RowTrouble.EXCHANGED),
        (4, RowTrouble.WITHOUT_SIGN),
        (5, RowTrouble.OUTSIDE),
        (6, RowTrouble.NEAR_BORDER),
        (7, RowTrouble.ON_A_GRID),
        (8, RowTrouble.ELSEWHERE),
        (9, RowTrouble.AT_ZERO),
        (10, RowTrouble.NOT_ON_EARTH),
    }
    where = "SELECT l.code, a.code FROM lakana.locality l JOIN lakana.admin_area a ON a.id = l.area_id ORDER BY l.code"
    assert country.ask(where) == [("1", "XX0201"), ("5", "XX"), ("6", "XX0201"), ("7", "XX0102")]


def test_a_name_that_is_only_alike_is_asked_and_the_answer_remembered(country):
    rows = "ADM1_FR,ADM2_FR,total,under_18,year\nNord,KAYA ,10,5,2022\nNord,Baroueli,10,5,2022\nNord,Baraouéli,10,5,2022\nSud,Kaya,1,1,2022\n"
    report = country.load("population", rows)
    found = {each.place.row: each for each in report.problems}
    assert {row: found[row].trouble for row in (4, 5)} == {4: AreaTrouble.AREA_NOT_SURE, 5: AreaTrouble.AREA_ELSEWHERE}
    assert found[4].values["likely"].startswith("XX0102 Barouéli (0.")
    fewer = rows.replace("Nord,Baroueli,10,5,2022\n", "").replace("Sud,Kaya,1,1,2022\n", "")
    assert country.load("population", fewer, spellings={"Baraouéli": "XX0102"}).refused == 0
    assert country.load("population", fewer).refused == 0


def test_a_region_that_was_made_of_a_cercle_is_told_and_taken_once_somebody_says_so(country):
    rows = "ADM1_FR,ADM2_FR,total,under_18,year\nKita,KITA,10,5,2022\n"
    problem = next(each for each in country.load("population", rows).problems)
    assert (problem.trouble, problem.values["which"]) == (AreaTrouble.AREA_ELSEWHERE, "XX0201 (Sud)")
    assert country.load("population", rows, spellings={"Kita": "XX0201"}).refused == 0
    assert country.load("population", rows).refused == 0
    wrong = rows.replace("Kita,KITA", "Nord,Kita")
    assert [each.trouble for each in country.load("population", wrong).problems] == [AreaTrouble.AREA_ELSEWHERE]


def test_codes_that_contradict_names_are_never_taken(country):
    rows = (
        "ADM2_PCODE,ADM2_FR,total,under_18,year\nXX0101,Koro,10,5,2022\nXX0102,Baraouéli,10,5,2022\nYY,Kita,1,1,2022\n"
    )
    report = country.load("population", rows)
    assert {each.place.row: each.trouble for each in report.problems} == {
        2: AreaTrouble.CODE_AND_NAME,
        4: AreaTrouble.NO_SUCH_CODE,
    }
    report = country.load("population", rows.replace("Baraouéli", "Barouéli"), by_name=True)
    assert counts(report) == (3, 0, 0, 0)


def test_people_of_areas_above_are_sums_until_somebody_knows_better(country):
    rows = "code,T_TL,T_00_04,T_05_09,T_10_14,T_15_19\nXX0101,100,20,15,10,10\nXX0102,<5,1,1,1,1\nXX0201,50,5,5,5,5\nXX0202,50,5,5,5,5\n"
    report = country.load("population", rows, as_of=dt.date(2022, 1, 1), accept_partial=True)
    assert set(troubles(report)) == {CellTrouble.CENSORED, RowTrouble.CHILDREN_FROM_BANDS, RowTrouble.SUMMED}
    held = "SELECT a.code, p.total, p.under_18 FROM lakana.area_population p JOIN lakana.admin_area a ON a.id = p.area_id ORDER BY 1"
    assert country.ask(held) == [("XX0101", 100, 51), ("XX02", 100, 36), ("XX0201", 50, 18), ("XX0202", 50, 18)]
    country.load("population", "code,total,under_18,year\nXX0102,10,5,2022\nXX0202,60,18,2022\n")
    assert country.ask(held)[0] == ("XX", 220, 92)
    country.load("population", "code,total,under_18,year\nXX,999,400,2022\n")
    country.load("population", "code,total,under_18,year\nXX0102,20,5,2022\n")
    assert country.ask(held)[:2] == [("XX", 999, 400), ("XX01", 120, 56)]


def test_the_real_files(bare, real):
    first = bare.load("areas", real("cod_ab_2018_adm2_cercles.geojson"), scheme="COD-AB", edition="2018")
    assert counts(first) == (50, 0, 0, 0)
    second = bare.load("areas", real("malformed_adm2_cercles.json"), edition="2025", valid_from=dt.date(2025, 9, 4))
    assert second.counts[FileTrouble.NESTED_TOO_DEEP] == 49
    assert second.new == 53
    people = {"edition": "2018", "as_of": dt.date(2017, 1, 1), "children_of_100": 55.0}
    report = bare.load("population", real("cod_ps_mli_pop_adm2_v2.csv"), **people)
    assert report.counts[AreaTrouble.CODE_AND_NAME] == 41
    report = bare.load("population", real("cod_ps_mli_pop_adm2_v2.csv"), **people, by_name=True)
    assert bare.ask(
        "SELECT total FROM lakana.area_population p JOIN lakana.admin_area a ON a.id = p.area_id WHERE level = 0"
    ) in ([], [17_907_114])
    unsure = {AreaTrouble.AREA_NOT_SURE, AreaTrouble.AREA_ELSEWHERE}
    assert set(troubles(report)) <= unsure | {RowTrouble.CHILDREN_BY_SHARE, RowTrouble.SUMMED}
