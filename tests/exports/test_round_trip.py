"""What goes out comes in again unchanged: each kind that the importer knows, in each format that it reads."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
import pytest

from seeds.loading import importing
from seeds.loading.kinds import LOADERS
from seeds.loading.options import Options
from seeds.reports.report import Outcome
from seeds.troubles import RowTrouble
from tests.exports.conftest import table
from tests.graphql.conftest import talking
from tests.importing.country import cercles
from tests.importing.test_services import LIST, Country

pytestmark = pytest.mark.database

ENDINGS = ["csv", "xlsx", "geojson"]
NAMES = ("=1+1 Kita", "+Plus", "-Moins", "@Kita", "'=Kita")
"""Names that a spreadsheet program might run, and one that looks as if it had been defused."""
PEOPLE = "pcode,total,under_18,year\nXX0101,1000,400,2022\nXX0102,2000,900,2022\nXX0201,10,4,2022\nXX0202,3,1,2022\n"
TOWNS = (
    "code,name,lat,lon,population,under_18,population_year\n"
    "1,Kaya,11.5,0.5,100,40,2022\n2,'=1+1 Kita,10.5,0.5,,,\n3,Kôrô,10.25,1.75,0,0,2021\n"
)
ORGANIZATIONS = "name,acronym,kind,url\nAide à l’enfance,AE,NGO,https://example.org/a?b=1\n'=Aide,'-A,UN_AGENCY,\nSans sigle,,OTHER,\n"


PRESENCE = (
    "organisation,acronym,pcode,cluster,start,end\n"
    "Aide à l’enfance,AE,XX0101,Nutrition,2023-01-01,2023-06-30\nSans sigle,,XX02,Education,,\n'=Aide,,XX0202,Santé,2023-02-01,\n"
)
CONTEXT = (
    "publisher,indicator,breakdown,pcode,year,sex,age,value\n"
    "HAPI,Events,=violence,XX0101,2024,,,3\nHAPI,Events,,XX0101,2024,,,12\nONU,Victims,,XX0102,2023,f,0-17,<5\n"
    "ONU,Victims,,XX0201,2023,,,0\nONU,Rate,,XX0202,2023,,,2.5\n"
)


AT_WORK = """
UPDATE lakana.actor SET organization_id = o.id
FROM (SELECT id, row_number() OVER (ORDER BY name) AS n FROM lakana.actor) a
JOIN (SELECT id, row_number() OVER (ORDER BY name) AS n FROM lakana.organization) o USING (n)
WHERE actor.id = a.id
"""
"""Organisations of which nobody knows an actor are in no list."""


def country(url, write, *, whole):
    """A country of four cercles; whole, with all that can be exported of it."""
    made = Country(url, write)
    made.load(cercles(), "areas", "cercles.geojson", scheme="COD-AB", edition="1")
    made.run("INSERT INTO lakana.dialling SELECT id, 'ML', '{116}' FROM lakana.admin_area WHERE level = 0")
    if whole:
        schools = (f"Sud,'{each},School,10.{place}1,0.{place}1,,,\n" for place, each in enumerate(NAMES, 1))
        made.load(LIST + "".join(schools))
        made.load(PEOPLE, "population")
        made.load(TOWNS, "localities", scheme="T")
        made.load(ORGANIZATIONS, "organizations")
        made.load(PRESENCE, "presence", as_of=dt.date(2023, 12, 31))
        made.load(CONTEXT, "context")
        made.run(AT_WORK)
    return made


@pytest.fixture(scope="module")
def here(copy_migrated, tmp_path_factory):
    """The country that is exported."""
    folder = tmp_path_factory.mktemp("here")
    return country(copy_migrated(), _writing(folder), whole=True)


def _writing(folder):
    def write(content, name="table.csv"):
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


EXPORTS: dict[str, tuple[str, str, dict[str, Any], tuple[str, ...]]] = {
    "areas": ("adminAreas", "", {"scheme": "COD-AB", "edition": "1"}, ("code", "name", "level", "parent.code")),
    "population": (
        "adminAreas",
        "level=ADM2",
        {},
        ("code", "population.total", "population.under18", "population.year"),
    ),
    "localities": (
        "localities",
        "",
        {"scheme": "T"},
        ("areaCode", "name", "point", "population.total", "population.under18", "population.year"),
    ),
    "organizations": ("organizations", "", {}, ("name", "acronym", "kind", "url")),
    "presence": (
        "presence",
        "",
        {},
        ("organizationName", "area.code", "sector", "startsOn", "endsOn", "reportedOn"),
    ),
    "context": (
        "contextSeries",
        "areaCode=COD-AB:XX&level=ADM2",
        {},
        (
            *("publisher", "indicator", "breakdown", "area.code", "startsOn", "endsOn", "sex", "age"),
            *("status", "value", "below"),
        ),
    ),
    "services": (
        "services",
        "",
        {},
        ("name", "category", "actor.name", "location.point", "phone", "openingHours.text", "capacity", "verifiedOn"),
    ),
}
"""By kind: the export, its arguments, the options of the import, and what is to come in unchanged."""


def exported(run, url, file):
    with talking(run, url, timeout_s=60) as send:
        answer = send("GET", f"/exports/{file}")
        assert answer.status_code == 200, answer.text
        return answer.content


@pytest.mark.parametrize("kind", EXPORTS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_it_comes_in_again_unchanged(run, here, copy_migrated, tmp_path, kind, ending):
    name, arguments, options, told = EXPORTS[kind]
    content = exported(run, here.url, f"{name}.{ending}?{arguments}")
    with_outlines = ending == "geojson"
    file = _writing(tmp_path)(content, f"export.{ending}")
    # Where it came from, it changes nothing.
    again = importing.run(here.url, LOADERS[kind], [file], Options(**options))
    assert (again.outcome, again.new, again.changed, again.refused) == (Outcome.LOADED, 0, 0, 0), again.as_data()
    assert again.unchanged == again.read > 2
    # Elsewhere it makes the same.
    there = Country(copy_migrated(), _writing(tmp_path))
    if kind != "areas":
        there = country(there.url, there.write, whole=False)
    loaded = importing.run(there.url, LOADERS[kind], [file], Options(**options))
    assert (loaded.outcome, loaded.refused) == (Outcome.LOADED, 0), loaded.as_data()
    if kind == "organizations":
        there.load(LIST)
        there.run(AT_WORK)
    before, after = (_told(run, each.url, name, arguments, told, with_outlines) for each in (here, there))
    assert before == after
    assert len(before) == again.read


def _told(run, url, name, arguments, paths, with_outlines):
    features = orjson.loads(exported(run, url, f"{name}.geojson?{arguments}"))["features"]
    placed = with_outlines or name != "adminAreas"
    told = ((each["properties"], each["geometry"] if placed else None) for each in features)
    return sorted((str([values.get(path) for path in paths]), str(geometry)) for values, geometry in told)


def test_names_that_would_run_are_defused_on_the_way(run, here):
    rows = table(exported(run, here.url, "services.csv"))[3]
    assert {f"'{each}" for each in NAMES} <= {each["name"] for each in rows}


def test_a_row_that_says_otherwise_than_we_do_is_told_and_changes_nothing(run, here, tmp_path):
    """An export may be older than what somebody has changed since."""
    content = exported(run, here.url, "services.csv").decode("utf-8-sig").replace("Koro école", "Koro lycée")
    report = importing.run(here.url, LOADERS["services"], [_writing(tmp_path)(content)], Options())
    assert (report.new, report.changed) == (0, 0)
    assert {each.trouble for each in report.problems} == {RowTrouble.CHANGED_SINCE}
    assert here.ask("SELECT count(*) FROM lakana.service WHERE name = 'Koro école'") == [(1,)]
    assert here.ask("SELECT count(*) FROM lakana.actor") == here.ask("SELECT count(*) FROM lakana.service")


@pytest.mark.parametrize("ending", ["hsds.zip", "hsds.json"])
def test_a_package_of_ours_changes_nothing_at_home(run, here, tmp_path, ending):
    file = tmp_path / f"services.{ending.partition('.')[2]}"
    file.write_bytes(exported(run, here.url, f"services.{ending}"))
    report = importing.run(here.url, LOADERS["services"], [file], Options())
    assert (report.outcome, report.new, report.changed, report.refused) == (Outcome.LOADED, 0, 0, 0), report.problems
    assert report.unchanged == report.read > 2
    assert not report.problems, report.as_data()
