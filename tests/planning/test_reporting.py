"""Silence is not zero: two of 94 localities report a quarter, and nothing is told of the others but that they did not."""

from __future__ import annotations

import datetime as dt
import json
from unittest import mock

import orjson
import pytest
from sqlalchemy import text

from api.maps.files import map_file
from api.pages.map_choices import Choices
from geo.audience import ANYBODY
from geo.database.owner import owner_transaction
from geo.release import publish
from geo.service import Resources
from geo.vocabulary import Locale
from maps.kinds import MapKind
from tests.conftest import RELEASE_KEY, unguessed
from tests.graphql.conftest import operations, run  # noqa: F401  fixtures
from tests.maps.samples import embedded

pytestmark = pytest.mark.database

QUARTER, BEFORE = "2026-Q3", "2025-Q4"
REPORTED = {"Kadiolo": {"TRAFFICKING": 12, "CHILD_LABOUR": 4}, "Koutiala": {}}
"""Koutiala has nothing to report, and says so."""

COUNTS = """query ($level: AreaLevel!, $period: Period!, $area: AreaCode, $type: IncidentType) {
  incidentCounts(level: $level, period: $period, areaCode: $area, incidentType: $type) { totalCount edges { node {
    area { areaCode } locality { name } period incidentType status count countLabel ratePer100kUnder18
    localitiesReporting localitiesExpected source { name } } } } }"""
TRENDS = """query ($level: AreaLevel!, $area: AreaCode, $from: Period, $scheme: String) {
  trends(level: $level, areaCode: $area, fromPeriod: $from, scheme: $scheme, first: 50) { edges { node {
    area { areaCode } locality { name } partCount firstCount lastCount change direction
    quarters { period count change direction localitiesReporting localitiesExpected } } } } }"""
HOTSPOTS = """query ($level: AreaLevel!, $period: Period!) { hotspots(level: $level, period: $period, first: 50) {
  testedCount notReportedCount leftOut(first: 100) { totalCount edges { node { locality { name } reason } } }
  edges { node { locality { name } count ratePer100kUnder18 } } } }"""


def release(url: str, day: str, returns: dict[str, dict[str, dict[str, int]]]) -> None:
    """Record returns by quarter and locality, and release what is due on a day."""
    with owner_transaction(url) as connection:
        ids = {row.name_fr: row.id for row in connection.execute(text("SELECT name_fr, id::text FROM lakana.locality"))}
        rows = [
            {
                "locality_id": ids[name],
                "quarter": quarter,
                "counts": [{"incident_type": kind, "count": count} for kind, count in counted.items()],
            }
            for quarter, of_quarter in returns.items()
            for name, counted in of_quarter.items()
        ]
        source = connection.scalar(text("SELECT id FROM lakana.source LIMIT 1"))
        connection.execute(text("SELECT raw.record(:rows, :source)"), {"rows": json.dumps(rows), "source": source})
    with unguessed(), mock.patch.object(publish, "_today", return_value=dt.date.fromisoformat(day)):
        publish.release(url, RELEASE_KEY)


@pytest.fixture(scope="module")
def url(copy_seeded):
    made = copy_seeded()
    release(made, "2026-10-01", {QUARTER: REPORTED})
    return made


@pytest.fixture(scope="module")
def asking(url, run, operations):  # noqa: F811
    pools = Resources(url, 1)

    def asking(document, **variables):
        operation = operations.get(document, None)
        answer = orjson.loads(run(operation.answer(operation.variables(variables), ANYBODY, pools)).body)
        assert "errors" not in answer, answer
        [told] = answer["data"].values()
        return told

    yield asking
    pools.close()


@pytest.fixture(scope="module")
def ask(asking):
    def ask(document, **variables):
        return [edge["node"] for edge in asking(document, **variables)["edges"]]

    return ask


def named(rows):
    return {row["locality"]["name"]: row for row in rows}


def test_who_did_not_report_has_no_count(ask, asking):
    rows = named(ask(COUNTS, level="LOCALITY", period=QUARTER))
    assert asking(COUNTS, level="LOCALITY", period=QUARTER)["totalCount"] == len(rows) == 94
    silent = [row for name, row in rows.items() if name not in REPORTED]
    for row in silent:
        told = [row[name] for name in ("status", "count", "countLabel", "ratePer100kUnder18", "source")]
        assert told == ["NOT_REPORTED", None, "–", None, None]
        assert (row["localitiesReporting"], row["localitiesExpected"]) == (0, 1)
    for name in REPORTED:
        assert (rows[name]["status"], rows[name]["localitiesReporting"]) == ("PUBLISHED", 1)
        assert rows[name]["source"]
    assert rows["Kadiolo"]["count"] in {15, 20}
    assert rows["Kadiolo"]["ratePer100kUnder18"] > 0
    # Nothing to report is zero, told as 0 to 4, of which there is no rate.
    nothing = rows["Koutiala"]
    assert (nothing["count"], nothing["countLabel"], nothing["ratePer100kUnder18"]) == (0, "0–4", None)


def test_a_sum_says_of_how_many_it_is_and_has_no_rate(ask):
    [nation] = ask(COUNTS, level="ADM0", period=QUARTER)
    assert (nation["status"], nation["localitiesReporting"], nation["localitiesExpected"]) == ("PUBLISHED", 2, 94)
    assert nation["ratePer100kUnder18"] is None
    [whole] = ask(COUNTS, level="ADM0", period=BEFORE)
    assert (whole["localitiesReporting"], whole["localitiesExpected"]) == (94, 94)
    assert whole["ratePer100kUnder18"] > 0
    regions = ask(COUNTS, level="ADM1", period=QUARTER)
    assert sum(row["localitiesReporting"] for row in regions) == 2
    assert {(row["status"], row["count"] is None) for row in regions if not row["localitiesReporting"]} == {
        ("NOT_REPORTED", True)
    }


SILENT = """
UPDATE lakana.reporting SET localities_reporting = %s WHERE period = '2025' AND locality_id IN (
  SELECT l.id FROM lakana.locality l WHERE l.name_fr IN ('Kadiolo', 'Koutiala', 'Kidal'))
"""


def test_gaps_say_how_many_localities_of_the_area_reported(asking, url):
    document = """{ coverageGaps(need: {categories: [SAFE_SHELTER]}, within: {metres: 30000}, areaCode: "ISO-3166-2:ML-3")
      { incidentPeriod localitiesReporting localitiesExpected } }"""
    told = asking(document)
    assert told["incidentPeriod"] == "2025"
    assert told["localitiesReporting"] == told["localitiesExpected"] > 2
    with owner_transaction(url) as connection:
        connection.exec_driver_sql(SILENT, (0,))
    try:
        assert asking(document) == told | {"localitiesReporting": told["localitiesReporting"] - 2}
    finally:
        with owner_transaction(url) as connection:
            connection.exec_driver_sql(SILENT, (1,))


def test_a_cell_that_the_grain_does_not_tell_is_not_released(ask):
    rows = named(ask(COUNTS, level="LOCALITY", period=QUARTER, type="TRAFFICKING"))
    assert {(row["incidentType"], row["count"]) for row in rows.values()} == {("TRAFFICKING", None)}
    assert {name for name, row in rows.items() if row["status"] == "NOT_RELEASED"} == {*REPORTED}
    assert {row["status"] for name, row in rows.items() if name not in REPORTED} == {"NOT_REPORTED"}


@pytest.mark.parametrize(("level", "area", "period", "status"), [
    ("ADM1", "COD-AB:ML20", BEFORE, "PUBLISHED"),
    ("ADM1", "COD-AB:ML20", QUARTER, "NOT_REPORTED"),
    ("ADM1", "COD-AB:ML20", "2026-Q2", "NOT_RELEASED"),
    ("ADM1", "ISO-3166-2:ML-3", BEFORE, "NOT_RELEASED"),
    ("ADM0", "ISO-3166-2:ML", QUARTER, "NOT_RELEASED"),
    ("LOCALITY", "GEONAMES:2460596", BEFORE, "PUBLISHED"),
    ("LOCALITY", "GEONAMES:2460596", QUARTER, "NOT_REPORTED"),
    ("LOCALITY", "GEONAMES:2460596", "2026-Q2", "NOT_RELEASED"),
])  # fmt: skip
def test_a_place_that_is_named_has_a_row(ask, level, area, period, status):
    rows = {
        (row["area"] or {"areaCode": area})["areaCode"]: row
        for row in ask(COUNTS, level=level, area=area, period=period)
    }
    assert rows[area]["status"] == status
    assert (rows[area]["count"] is None) == (status != "PUBLISHED")
    if status == "NOT_RELEASED":
        assert (rows[area]["localitiesReporting"], rows[area]["localitiesExpected"]) == (0, 0)


def test_of_a_period_that_is_not_released_nothing_is_listed(ask):
    assert ask(COUNTS, level="ADM1", period="2026-Q2") == []


def test_silence_is_no_fall(ask):
    for level in ("ADM0", "ADM1", "LOCALITY"):
        for trend in ask(TRENDS, level=level, **{"from": BEFORE}):
            last = trend["quarters"][-1]
            assert last["period"] == QUARTER
            assert trend["direction"] not in {"RISE", "FALL"} or trend["locality"]["name"] in REPORTED
            reported = last["localitiesReporting"]
            assert (last["count"] is None) == (reported == 0)
            if level != "LOCALITY":
                assert trend["change"] is None
                assert trend["direction"] == (None if reported == 0 else "NOT_COMPARABLE")
    [bamako] = ask(TRENDS, level="ADM1", area="COD-AB:ML20", **{"from": BEFORE})
    assert (bamako["lastCount"], bamako["change"], bamako["direction"]) == (None, None, None)
    assert bamako["firstCount"] > 1_000
    [nation] = ask(TRENDS, level="ADM0", **{"from": BEFORE})
    assert (nation["quarters"][-1]["localitiesReporting"], nation["quarters"][-1]["localitiesExpected"]) == (2, 94)
    kadiolo = named(ask(TRENDS, level="LOCALITY", area="COD-AB:ML03", **{"from": BEFORE}))["Kadiolo"]
    assert kadiolo["direction"] in {"RISE", "FALL", "WITHIN_ROUNDING"}


def test_the_map_tells_how_many_reported_and_who_did_not(url):
    html = map_file(url, MapKind.OVERVIEW, Choices(Locale.FR))
    layers = embedded(html)["layers"]
    assert [len(layers[name]) for name in ("counts", "unreported", "unreleased")] == [2, 92, 0]
    assert "2 localités sur 94 ont déclaré." in html


def test_the_same_reporters_are_compared_though_some_are_missing(copy_seeded, run, operations):  # noqa: F811
    url = copy_seeded()
    counted = {"Kadiolo": {"OTHER": 50}, "Koutiala": {"OTHER": 5}}
    release(url, "2026-10-01", {"2026-Q2": counted, "2026-Q3": {"Kadiolo": {"OTHER": 90}, "Koutiala": {"OTHER": 5}}})
    pools, operation = Resources(url, 1), operations.get(TRENDS, None)
    variables = operation.variables({"level": "ADM0", "from": "2026-Q2"})
    [edge] = orjson.loads(run(operation.answer(variables, ANYBODY, pools)).body)["data"]["trends"]["edges"]
    pools.close()
    assert edge["node"]["direction"] == "RISE"


def test_a_sum_of_which_a_part_was_never_published_is_not_known(copy_seeded, run, operations):  # noqa: F811
    """Sikasso of before is ML03, ML15 and ML16 of now; without one of them it is not the sum of the others."""
    url = copy_seeded()
    with owner_transaction(url) as connection:
        part = "area_id = (SELECT id FROM lakana.admin_area WHERE code = 'ML16' AND scheme = 'COD-AB' AND valid_to IS NULL)"
        connection.execute(text(f"DELETE FROM lakana.published_count WHERE {part}"))
        connection.execute(text(f"DELETE FROM lakana.reporting WHERE {part}"))
    pools, operation = Resources(url, 1), operations.get(TRENDS, None)
    answer = orjson.loads(
        run(operation.answer(operation.variables({"level": "ADM1", "scheme": "ISO-3166-2"}), ANYBODY, pools)).body
    )
    pools.close()
    told = {edge["node"]["area"]["areaCode"]: edge["node"] for edge in answer["data"]["trends"]["edges"]}
    sikasso = told["ISO-3166-2:ML-3"]
    assert (sikasso["partCount"], sikasso["firstCount"], sikasso["change"], sikasso["direction"]) == (
        3,
        None,
        None,
        None,
    )
    assert told["ISO-3166-2:ML-4"]["firstCount"] is not None


def test_hotspots_leave_the_unknown_out_and_say_how_many(asking):
    told = asking(HOTSPOTS, level="LOCALITY", period=QUARTER)
    assert (told["testedCount"], told["notReportedCount"]) == (0, 92)  # of two places neither is compared
    reasons = [edge["node"]["reason"] for edge in told["leftOut"]["edges"]]
    assert reasons.count("NOT_REPORTED") == 92
    regions = asking(HOTSPOTS, level="ADM1", period=QUARTER)
    assert regions["testedCount"] == 0
    assert {edge["node"]["reason"] for edge in regions["leftOut"]["edges"]} == {"NOT_REPORTED"}
    whole = asking(HOTSPOTS, level="LOCALITY", period="2025")
    assert whole["notReportedCount"] == 0
    assert all((edge["node"]["ratePer100kUnder18"] is None) == (edge["node"]["count"] == 0) for edge in whole["edges"])


def test_a_year_of_one_quarter_is_told_as_finely_as_that_quarter(copy_seeded):
    """At the grain of the seeds a locality's quarter is told for all types together, and its year by type."""
    url = copy_seeded()
    first = {"Kadiolo": "2026-Q1", "Sikasso": "2026-Q1", "Koutiala": "2026-Q4", "Yorosso": "2026-Q2"}
    quarters = [f"2026-Q{number}" for number in (1, 2, 3, 4)]
    with owner_transaction(url) as connection:
        connection.execute(text("DELETE FROM lakana.expected_reporter"))
        connection.execute(
            text("INSERT INTO lakana.expected_reporter SELECT id, :quarter FROM lakana.locality WHERE name_fr = :name"),
            [{"name": name, "quarter": quarter} for name, quarter in first.items()],
        )
    counted = {"TRAFFICKING": 12, "CHILD_LABOUR": 24}
    release(url, "2027-01-10", {each: {name: counted for name in first if first[name] <= each} for each in quarters})
    with owner_transaction(url) as connection:
        grains = {*connection.scalars(text("SELECT grain FROM lakana.release WHERE quarter >= '2026'"))}
        told = connection.execute(
            text(
                "SELECT l.name_fr, p.period, array_agg(DISTINCT p.incident_type::text) FROM lakana.published_count p "
                "JOIN lakana.locality l ON l.id = p.locality_id WHERE p.current AND p.period >= '2026' GROUP BY 1, 2"
            )
        ).all()
    assert grains == {"types-by-year"}
    types = {(name, period): {*kinds} - {None} for name, period, kinds in told}
    assert types["Kadiolo", "2026"] == types["Sikasso", "2026"] >= {"TRAFFICKING", "CHILD_LABOUR"}
    assert types["Kadiolo", "2026-Q4"] == types["Koutiala", "2026-Q4"] == set()
    assert types["Koutiala", "2026"] == types["Yorosso", "2026"] == set()
