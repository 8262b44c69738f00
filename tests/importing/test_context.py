"""Context: figures of others, apart from our own counts, with what is censored kept censored."""

from __future__ import annotations

import datetime as dt

import pytest

from seeds.reports.report import Outcome
from seeds.troubles import AreaTrouble, CellTrouble, CountTrouble, RowTrouble
from tests.importing.country import counts, troubles

pytestmark = pytest.mark.database

GLOTIP = """,,,
Export of the portal,,,
Iso3_code,Country,Indicator,Dimension,Category,Sex,Age,Year,txtVALUE
XXX,Pays,Detected trafficking victims,Total,Total,Female,0 to 17 years,2007,<5
XXX,Pays,Detected trafficking victims,Total,Total,Total,Total,2007,"1,282"
XXX,Pays,Detected trafficking victims,by form of exploitation,Forced labour,Total,Total,2007,0
"""
HAPI = """location_code,admin1_code,admin1_name,admin2_code,admin2_name,event_type,events,fatalities,reference_period_start,reference_period_end,dataset_hdx_id
XXX,XX01,Nord,XX0101,Kaya,civilian_targeting,1,3,2025-01-01,2025-01-31,a
XXX,XX01,Nord,XX0102,Barouéli,civilian_targeting,0,,2025-01-01,2025-01-31,a
"""
HNO = """Admin 1 PCode,Admin 2 PCode,Sector,Gender,Age Range,Disabled,Population Group,Population,In Need,Targeted
#adm1+code,#adm2+code,#sector+code,#gender+code,#age+range,#is_disabled,#population_group+code,#population,#inneed,#targeted
,,ALL,a,ALL,a,ALL,1000,400,
XX01,XX0101,PRO-CPN,f,0-17,y,IDP,4845.096,12,
"""
HELD = (
    "SELECT a.code, s.indicator, s.breakdown, v.starts_on::text, v.ends_on::text, v.sex::text, v.age, v.value, v.below "
    "FROM lakana.context_value v JOIN lakana.context_series s ON s.id = v.series_id JOIN lakana.admin_area a ON a.id = v.area_id "
    "ORDER BY 1, 2, 3 NULLS FIRST, v.value NULLS FIRST"
)


def test_what_a_publisher_withholds_stays_withheld(made_up_country):
    report = made_up_country.load("context", GLOTIP)
    assert counts(report) == (3, 0, 0, 0)
    victims, year = "Detected trafficking victims", ("2007-01-01", "2007-12-31")
    assert made_up_country.ask(HELD) == [
        ("XX", victims, None, *year, "FEMALE", "0 to 17 years", None, 5),
        ("XX", victims, None, *year, None, None, 1282, None),
        ("XX", victims, "by form of exploitation: Forced labour", *year, None, None, 0, None),
    ]
    assert troubles(report)[CountTrouble.CENSORED_KEPT].values == {"many": 1}
    assert made_up_country.ask("SELECT DISTINCT publisher FROM lakana.context_series") == ["UNODC, GLOTIP"]
    assert counts(made_up_country.load("context", GLOTIP)) == (0, 0, 3, 0)
    assert counts(made_up_country.load("context", GLOTIP.replace("<5", "5"))) == (0, 1, 2, 0)
    assert made_up_country.ask("SELECT count(*) FROM raw.incident_count") == [0]


def test_figures_by_area_and_month_or_by_sector_sex_and_age(made_up_country):
    assert counts(made_up_country.load("context", HAPI)) == (2, 0, 0, 0)
    january = ("2025-01-01", "2025-01-31", None, None)
    assert made_up_country.ask(HELD) == [
        ("XX0101", "Events", "civilian_targeting", *january, 1, None),
        ("XX0101", "Fatalities", "civilian_targeting", *january, 3, None),
        ("XX0102", "Events", "civilian_targeting", *january, 0, None),  # of what is blank nothing is known
    ]
    made_up_country.run("DELETE FROM lakana.context_series")
    report = made_up_country.load("context", HNO, as_of=dt.date(2024, 1, 1))
    assert troubles(report).keys() == {AreaTrouble.NO_AREA_GIVEN}
    assert counts(made_up_country.load("context", HNO, as_of=dt.date(2024, 1, 1), nation="XX")) == (2, 0, 0, 0)
    assert made_up_country.ask(HELD)[-1] == (
        "XX0101", "Population", "PRO-CPN · IDP · disabled", "2024-01-01", "2024-12-31", "FEMALE", "0-17", 4845.096, None
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "trouble"),
    [
        ("XXX,Pays,Detected trafficking victims,Total,Total,Female,0 to 17 years,2007,7", CountTrouble.FIGURE_TWICE),
        ("XXX,Pays,Detected trafficking victims,Total,Total,Female,0 to 17 years,2007,<5", RowTrouble.SAID_AGAIN),
        ("XXX,Ailleurs,Detected trafficking victims,Total,Total,Female,0 to 17 years,2007,7", AreaTrouble.NO_SUCH_AREA),
        ("XXX,Pays,Detected trafficking victims,Total,Total,Autre,0 to 17 years,2007,7", CellTrouble.UNKNOWN_TERM),
        ("XXX,Pays,Detected trafficking victims,Total,Total,Male,0 to 17 years,2007,-7", CellTrouble.BELOW_ZERO),
        ("XXX,Pays,Detected trafficking victims,Total,Total,Male,0 to 17 years,2007,", CountTrouble.NO_FIGURE),
    ],
)
def test_what_is_wrong_with_a_row_is_told(made_up_country, row, trouble):
    report = made_up_country.load("context", GLOTIP + row + "\n")
    assert trouble in troubles(report)
    expected = Outcome.LOADED if trouble in {RowTrouble.SAID_AGAIN, CountTrouble.NO_FIGURE} else Outcome.REFUSED
    assert report.outcome is expected


def test_the_public_reads_them_with_their_source_and_what_is_censored_has_a_state_of_its_own(made_up_country):
    made_up_country.load("context", GLOTIP, licence="CC BY")
    made_up_country.load("context", HAPI)
    asked = """query ($area: AreaCode!, $level: AreaLevel, $indicator: String, $after: String) {
      contextSeries(areaCode: $area, level: $level, indicator: $indicator, first: 2, after: $after) {
        totalCount pageInfo { endCursor hasNextPage }
        edges { node { indicator breakdown area { code } startsOn sex age status value below publisher source { name } } }
    } }"""
    questions = (
        {"area": "XX"},
        {"area": "XX", "level": "ADM2", "indicator": "EVENTS"},
        {"area": "XX0101", "indicator": "Fatalities"},
    )
    first, within, one = made_up_country.answers(*((asked, each) for each in questions))
    assert (first["contextSeries"]["totalCount"], first["contextSeries"]["pageInfo"]["hasNextPage"]) == (3, True)
    after = first["contextSeries"]["pageInfo"]["endCursor"]
    [last] = made_up_country.answers((asked, {"area": "XX", "after": after}))
    figures = [each["node"] for each in (*first["contextSeries"]["edges"], *last["contextSeries"]["edges"])]
    assert [(each["status"], each["value"], each["below"]) for each in figures] == [
        ("KNOWN", 1282.0, None),
        ("CENSORED", None, 5),
        ("KNOWN", 0.0, None),
    ]
    assert figures[0]["source"] == {"name": "UNODC, GLOTIP"}
    assert [each["node"]["area"]["code"] for each in within["contextSeries"]["edges"]] == ["XX0102", "XX0101"]
    assert one["contextSeries"]["totalCount"] == 1
