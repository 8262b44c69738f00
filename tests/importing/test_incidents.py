"""Incidents: returns of localities, whole, of aggregates only; what is withheld stays so, and silence is not zero."""

from __future__ import annotations

import json

import pytest

from seeds.columns import periods
from seeds.columns.cells import Notation
from seeds.reports.report import Outcome
from seeds.troubles import CellTrouble, CountTrouble, Refused
from tests.importing.country import counts, troubles

LOCALITIES = "name,lat,lon,code\nBla,10.51,0.52,1\nSan,11.53,1.54,2\nSan,10.2,1.3,3\n"
RETURNS = """Région,Cercle,Localité,Trimestre,Type,Nombre,Déclaré par
,,Bla,T1 2025,Traite des enfants,<5,Direction régionale
,,Bla,T1 2025,Mendicité forcée,12,Direction régionale
,Barouéli,San,2025-Q1,Traite,0,ONG Ciwara
"""
HELD = (
    "SELECT l.code, c.quarter, c.count, c.censored_below FROM raw.incident_count c JOIN lakana.locality l ON l.id = c.locality_id "
    "WHERE c.count IS DISTINCT FROM 0 ORDER BY 1, 2, c.incident_type"
)


@pytest.fixture
def country(made_up_country):
    made_up_country.run(
        "INSERT INTO lakana.level_name (nation_id, level, name_fr, name_en) "
        "SELECT id, called.level, word, word FROM lakana.admin_area a, (VALUES (1, 'région'), (2, 'cercle')) AS called(level, word) "
        "WHERE a.level = 0"
    )
    made_up_country.load("localities", LOCALITIES, scheme="L")
    return made_up_country


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-Q4", (2025, 4)),
        ("2025Q4", (2025, 4)),
        ("Q4/2025", (2025, 4)),
        ("T4-2025", (2025, 4)),
        ("4e trimestre 2025", (2025, 4)),
        ("4ème trim. de 2025", (2025, 4)),
        ("premier trimestre 2025", (2025, 1)),
        ("2nd quarter of 2025", (2025, 2)),
        ("IV trimestre 2025", (2025, 4)),
        ("juillet à septembre 2025", (2025, 3)),
        ("Jan-Mar 2025", (2025, 1)),
        ("T2", (None, 2)),
        (2.0, (None, 2)),
        ("2025-10", None),
        ("2025", None),
        ("Q5 2025", None),
        ("octobre 2025", None),
        ("2025-01-01", None),
        ("2024/2025 Q1", None),
    ],
)
def test_a_quarter_is_read_however_it_is_spelt_and_a_month_is_none(written, read):
    if read is not None:
        assert periods.quarter(written, Notation()) == read
        return
    with pytest.raises(Refused) as caught:
        periods.quarter(written, Notation())
    assert caught.value.trouble is CellTrouble.NO_QUARTER


@pytest.mark.database
def test_returns_are_whole_and_what_is_withheld_stays_so(country):
    report = country.load("incidents", RETURNS)
    assert (report.outcome, counts(report)) == (Outcome.LOADED, (2, 0, 0, 0))  # returns, not rows
    assert country.ask(HELD) == [("1", "2025-Q1", None, 5), ("1", "2025-Q1", 12, None)]
    assert country.ask("SELECT count(*) FROM raw.incident_count") == [20]  # every type of two returns
    assert country.ask("SELECT reported_by FROM raw.incident_return ORDER BY 1") == [
        "Direction régionale",
        "ONG Ciwara",
    ]
    assert "SMUGGLING" in troubles(report)[CountTrouble.TYPES_ABSENT].values["types"]
    kept = country.ask("SELECT r.file_row FROM audit.import_row r WHERE subject = 'incident_return' ORDER BY 1")
    assert kept == [2, 4]


@pytest.mark.database
def test_a_return_replaces_the_former_and_the_report_reads_no_count_back(country):
    country.load("incidents", RETURNS)
    same, other = country.load("incidents", RETURNS), country.load("incidents", RETURNS.replace(",12,", ",13,"))
    assert counts(same) == counts(other) == (0, 2, 0, 0)
    assert same.as_data()["troubles"] == other.as_data()["troubles"]
    assert country.ask(HELD)[1] == ("1", "2025-Q1", 13, None)
    bad = country.load("incidents", RETURNS.replace(",12,", ",12.5,"))
    assert troubles(bad)[CellTrouble.NOT_WHOLE].value == "…"
    assert "12.5" not in json.dumps(bad.as_data())


@pytest.mark.database
def test_one_row_a_return_with_a_column_for_each_type(country):
    table = "geonameid,Année,Trimestre,Traite,Mendicité forcée\n1,2025,1,3,<10\n2,2025,T1,0,0\n"
    assert counts(country.load("incidents", table)) == (2, 0, 0, 0)
    assert country.ask(HELD) == [("1", "2025-Q1", 3, None), ("1", "2025-Q1", None, 10)]
    report = country.load("incidents", table.replace("0,0\n", "0,\n"))
    assert report.outcome is Outcome.REFUSED
    problem = troubles(report)[CountTrouble.NO_COUNT_OF_TYPE]
    assert (problem.place.row, problem.values["types"]) == (3, "FORCED_BEGGING")


@pytest.mark.database
def test_nothing_to_report_is_said_by_zero_without_a_type(country):
    table = "localité,trimestre,type,nombre\nBla,2025-Q1,,0\n"
    assert counts(country.load("incidents", table)) == (1, 0, 0, 0)
    assert country.ask("SELECT count(*), sum(count) FROM raw.incident_count") == [(10, 0)]
    assert CountTrouble.WITHOUT_TYPE in troubles(country.load("incidents", table.replace(",0", ",4")))


@pytest.mark.database
@pytest.mark.parametrize(
    ("row", "trouble"),
    [
        (",,Bla,T1 2025,Traite,3,Direction régionale", CountTrouble.COUNTED_TWICE),
        (",,Bla,T1 2025,Esclavage,3,Une autre", CountTrouble.REPORTERS_DIFFER),
        (",,San,T1 2025,Traite,3,", CountTrouble.SEVERAL_LOCALITIES),
        (",,Blaa,T1 2025,Traite,3,", CountTrouble.NO_SUCH_LOCALITY),
        (",Kaya,Bla,T1 2025,Traite,3,", CountTrouble.NO_SUCH_LOCALITY),
        (",Kaya,,T1 2025,Traite,3,", CountTrouble.NO_LOCALITY),
        (",,Bla,T1 2099,Traite,3,", CountTrouble.QUARTER_TO_COME),
        (",,Bla,T1,Traite,3,", CountTrouble.WITHOUT_YEAR),
        (",,Bla,T2 2025,Traite,,", CellTrouble.MISSING),
        (",,Bla,T2 2025,Vol de vélo,3,", CellTrouble.UNKNOWN_TERM),
        (",,Bla,T2 2025,Traite,100001,", CellTrouble.TOO_MANY),
    ],
)
def test_what_is_wrong_with_a_row_keeps_all_out_for_a_return_is_whole(country, row, trouble):
    report = country.load("incidents", RETURNS + row + "\n", accept_partial=True)
    assert report.outcome is Outcome.REFUSED
    assert {trouble, CountTrouble.WHOLE_RETURNS} <= set(troubles(report))
    assert country.ask("SELECT count(*) FROM raw.incident_return") == [0]


@pytest.mark.database
def test_a_spelling_that_is_decided_is_remembered_and_likely_ones_are_told(country):
    table = "localité,trimestre,type,nombre\nBlla,2025-Q1,Traite,3\n"
    assert (
        troubles(country.load("incidents", table))[CountTrouble.NO_SUCH_LOCALITY].values["likely"].startswith("1 Bla")
    )
    for options in ({"spellings": {"Blla": "1"}}, {}):
        assert country.load("incidents", table, **options).outcome is Outcome.LOADED


@pytest.mark.database
def test_nothing_comes_into_a_quarter_that_has_had_its_revision(country):
    country.run("INSERT INTO lakana.release (quarter, revision) VALUES ('2025-Q1', 1)")
    report = country.load("incidents", RETURNS)
    assert troubles(report)[CountTrouble.QUARTER_CLOSED].values["period"] == "2025-Q1"
    assert country.ask("SELECT count(*) FROM raw.incident_return") == [0]


@pytest.mark.database
@pytest.mark.parametrize(
    "columns", ["Date de naissance,Localité,Trimestre,Type,Nombre", "Sexe,Âge,Localité,Trimestre,Traite"]
)
def test_a_table_of_single_children_is_refused_before_a_row_is_read(country, columns):
    with pytest.raises(Refused) as caught:
        country.load("incidents", columns + "\n1,2,Bla,2025-Q1,1\n")
    assert caught.value.trouble is CellTrouble.PERSONAL
