"""An empty database filled from the real files alone, by the commands of ``docs/data.md``; then it is asked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from geo.database import owner
from geo.writes import zones
from seeds.columns.kind import plain
from seeds.readers.table import Corrections
from seeds.reports.report import Outcome
from seeds.troubles import AreaTrouble, CellTrouble, CountTrouble, FileTrouble, RowTrouble
from tests.importing.country import Country

pytestmark = [pytest.mark.database, pytest.mark.slow]
SPELLINGS = {"Baraouéli": "ML0401", "Koulikoro": "ML02"}


@pytest.fixture(scope="module")
def mali(copy_migrated):
    """A database of nothing but the real files, and the reports of their imports."""
    from tests.importing.conftest import REAL  # noqa: PLC0415  the folder that most machines do not have

    def path(name):
        if not (REAL / name).exists():
            pytest.skip(f"{name} may not be handed on, and is not at hand")
        return REAL / name

    made = Country(copy_migrated(), Path)
    reports = {}

    def load(kind, name, as_of=None, **options):
        reports[name] = made.load(kind, path(name), as_of=as_of and dt.date.fromisoformat(as_of), **options)

    load("areas", "cod_ab_2018_adm2_cercles.geojson", scheme="COD-AB", edition="2018", valid_to=dt.date(2020, 1, 1))
    load(
        "areas",
        "malformed_adm2_cercles.json",
        scheme="COD-AB",
        edition="2020",
        valid_from=dt.date(2020, 1, 1),
        nation="ML=Mali",
    )
    load(
        "population",
        "cod_ps_mli_pop_adm2_v2.csv",
        "2017-01-01",
        edition="COD-AB@2018",
        by_name=True,
        spellings=SPELLINGS,
        children_of_100=55,
    )
    load("services", "who_kwtrp_2019_mali_health_facilities.csv", accept_partial=True, edition="COD-AB@2018")
    load(
        "presence",
        "mali_3w_december_2023.xlsx",
        "2023-12-31",
        by_name=True,
        accept_partial=True,
        corrections=Corrections(sheet="ML_5W"),
        edition="COD-AB@2018",
    )
    load("context", "hapi_conflict_events_mli_2025.csv", accept_partial=True, edition="COD-AB@2020")
    load("context", "hno_2024_mli.csv", "2024-01-01", accept_partial=True, edition="COD-AB@2020", nation="ML")
    load("context", "unodc_glotip_mli.csv", edition="COD-AB@2020")
    with owner.owner_transaction(made.url) as connection:
        zones.make(connection)
    return made, reports


def test_both_files_of_cercles_load_and_the_malformed_one_is_mended(mali):
    made, reports = mali
    malformed = reports["malformed_adm2_cercles.json"]
    assert (malformed.outcome, malformed.new) == (Outcome.LOADED, 53)
    assert malformed.counts[FileTrouble.NESTED_TOO_DEEP] == 49
    assert reports["cod_ab_2018_adm2_cercles.geojson"].new == 50
    levels = "SELECT edition, level, count(*) FROM lakana.admin_area GROUP BY 1, 2 ORDER BY 1, 2"
    assert made.ask(levels) == [("2018", 0, 1), ("2018", 1, 9), ("2018", 2, 50), ("2020", 0, 1), ("2020", 2, 53)]


def test_people_of_the_whole_nation_are_known_by_cercle_and_spread(mali):
    made, reports = mali
    report = reports["cod_ps_mli_pop_adm2_v2.csv"]
    assert (report.outcome, report.new) == (Outcome.LOADED, 50)
    people = made.ask(
        "SELECT sum(total) FROM lakana.area_population p JOIN lakana.admin_area a ON a.id = p.area_id WHERE a.level = 2"
    )
    assert people == made.ask("SELECT sum(population) FROM lakana.demand_point") != [None]
    assert report.counts[RowTrouble.DEMAND_MADE] == 1


def test_facilities_and_presence_are_loaded_with_their_problems_named(mali):
    made, reports = mali
    facilities = reports["who_kwtrp_2019_mali_health_facilities.csv"]
    assert (facilities.read, facilities.new) == (1_478, 1_443)
    assert [
        facilities.counts[each] for each in (RowTrouble.NO_COORDINATES, RowTrouble.NEAR_BORDER, RowTrouble.ELSEWHERE)
    ] == [30, 2, 10]
    presence = reports["mali_3w_december_2023.xlsx"]
    assert presence.read == 24_088
    assert presence.folded > 10_000
    names = made.ask("SELECT name FROM lakana.organization")
    assert len({plain(each) for each in names}) == len(names) == 154
    assert made.ask(
        "SELECT count(*) > 100 FROM lakana.presence WHERE sector = 'CHILD_PROTECTION' OR sector = 'PROTECTION'"
    ) == [True]


def test_what_others_publish_stands_beside_with_each_censored_value_censored(mali):
    made, reports = mali
    glotip = reports["unodc_glotip_mli.csv"]
    assert (glotip.outcome, glotip.new) == (Outcome.LOADED, 79)
    censored = "SELECT count(*) FILTER (WHERE below = 5), count(*) FROM lakana.context_value v JOIN lakana.context_series s ON s.id = series_id WHERE publisher = 'UNODC, GLOTIP'"
    assert made.ask(censored) == [(52, 79)]
    hapi = reports["hapi_conflict_events_mli_2025.csv"]
    assert (hapi.read, hapi.refused) == (159, 0)
    hno = reports["hno_2024_mli.csv"]
    assert hno.new > 1_200
    assert set(hno.counts) <= {
        AreaTrouble.NO_SUCH_CODE,
        AreaTrouble.NO_AREA_OF_LEVEL,
        AreaTrouble.AREAS_APART,
        CountTrouble.NO_FIGURE,
        CountTrouble.FIGURE_TWICE,
        RowTrouble.SAID_AGAIN,
        CellTrouble.MISSING,
    }
    asked = '{ contextSeries(areaCode: "ML", indicator: "Detected trafficking victims", first: 100) { edges { node { status value } } } }'
    [answer] = made.answers((asked, {}))
    told = [each["node"] for each in answer["contextSeries"]["edges"]]
    assert [each["value"] is None for each in told] == [each["status"] == "CENSORED" for each in told]
    assert sum(each["status"] == "CENSORED" for each in told) == 47  # the others are of other indicators


def test_coverage_gaps_and_maps_by_cercle_work_on_it(mali):
    made, _ = mali
    medical = "need: {categories: [MEDICAL]}, within: {metres: 15000}"
    asked = f"""{{ coverage({medical}, areaCode: "COD-AB@2018:ML", level: ADM2) {{ total {{ coveredPercent }} areas {{ area {{ code }} coveredPercent }} }}
      gapAreas(category: MEDICAL, within: {{metres: 15000}}) {{ uncoveredUnder18 }}
      featureCollection(layer: ADMIN_AREAS, first: 1000)
      contextSeries(areaCode: "ML", level: ADM2, indicator: "Events", first: 100) {{ totalCount }} }}"""
    [answer] = made.answers((asked, {}))
    assert 20 < answer["coverage"]["total"]["coveredPercent"] < 90
    assert len([each for each in answer["coverage"]["areas"] if each["area"]["code"].startswith("ML0")]) >= 49
    assert answer["gapAreas"]["uncoveredUnder18"] > 0
    assert len(answer["featureCollection"]["features"]) >= 50
    assert answer["contextSeries"]["totalCount"] == 159
