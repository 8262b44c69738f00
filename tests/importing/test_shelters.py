"""Shelters from files: by the write that has their rules, confidential unless a row says otherwise, and nothing told."""

from __future__ import annotations

import json

import pytest

from geo.database import owner
from geo.writes import zones
from seeds.reports import refused_rows
from seeds.reports.report import Outcome
from seeds.troubles import CellTrouble, FileTrouble, Refused, RowTrouble
from tests.importing.country import counts, troubles
from tests.importing.workbooks import xlsx

pytestmark = pytest.mark.database

COLUMNS = "Code,Nom,Structure,Confidentiel,Latitude,Longitude,Places,Filles,Garçons,Contact,Âge minimum,Âge maximum\n"
HIDDEN = "H1,,ONG Jigiya,oui,10.5123,0.5234,12,oui,non,Permanence 76 00 11 22,6,17\n"
OPEN = ",Foyer Karité,ONG Jigiya,non,11.5123,0.5345,20,oui,oui,,,\n"
TOLD = ("10.5123", "0.5234", "76 00 11 22", "Jigiya", "11.5123", "Kar")


@pytest.fixture
def country(made_up_country):
    with owner.owner_transaction(made_up_country.url) as connection:
        zones.make(connection)
    made_up_country.run(
        "SET LOCAL lakana.bulk = 'on';"  # not in the log, where it would be found
        "WITH s AS (INSERT INTO lakana.source (key, name, illustrative) VALUES ('k', 'Liste', false) RETURNING id) "
        "INSERT INTO lakana.actor (name, kind, area_id, point, source_id) "
        "SELECT 'ONG Jigiya', 'NGO', a.id, 'POINT(1.5 10.5)', s.id FROM lakana.admin_area a, s WHERE a.code = 'XX02'"
    )
    return made_up_country


def remembered(country):
    """All that stewards, or everybody, may read of imports and sources."""
    tables = "audit.import", "audit.import_file", "audit.import_row", "audit.foreign_id", "lakana.source", "audit.entry"
    return "\n".join(str(country.ask(f"SELECT to_jsonb(t)::text FROM {each} t ORDER BY 1")) for each in tables)


def test_places_go_only_where_they_may(country):
    report = country.load("shelters", COLUMNS + HIDDEN + OPEN, "foyer de Kita.csv")
    assert counts(report) == (2, 0, 0, 0)
    [hidden, shown] = country.ask(
        "SELECT s.confidential, s.name, ST_AsText(s.point), s.zone_id IS NULL, s.actor_id IS NULL, s.capacity, o.name, h.minimum_age_months, "
        "h.maximum_age_months FROM lakana.service s JOIN lakana.shelter h ON h.service_id = s.id JOIN lakana.source o ON o.id = s.source_id "
        "ORDER BY s.confidential DESC"
    )
    assert (hidden[0], hidden[2:7]) == (True, (None, False, True, 10, hidden[6]))
    assert shown == (False, "Foyer Karité", "POINT(0.5345 11.5123)", True, False, 20, "Saisie directe", None, None)
    assert country.ask("SELECT ST_AsText(point) FROM exact.site") == ["POINT(0.5234 10.5123)"]
    assert country.ask("SELECT contact FROM lakana.front_gate") == ["Permanence 76 00 11 22"]
    assert country.ask("SELECT subject FROM audit.import_row WHERE subject <> 'admin_area'") == [
        "shelter"
    ]  # of the open one alone
    told = remembered(country) + json.dumps(report.as_data())
    assert [each for each in (*TOLD, "Kita") if each in told] == []


def test_neither_the_name_of_a_file_nor_of_a_sheet_is_kept(country, tmp_path):
    rows: list[list[object]] = [list(line.split(",")) for line in (COLUMNS + HIDDEN).strip().split("\n")]
    path = xlsx(tmp_path / "foyer de Kita.xlsx", {"Foyer à Kita": rows})
    assert country.load("shelters", path).new == 1
    assert "Kita" not in remembered(country)


def test_twice_is_once_and_one_that_is_gone_stays_gone(country):
    country.load("shelters", COLUMNS + HIDDEN + OPEN)
    assert counts(country.load("shelters", COLUMNS + HIDDEN + OPEN)) == (0, 0, 2, 0)
    assert counts(country.load("shelters", COLUMNS + HIDDEN + HIDDEN)) == (0, 0, 1, 1)
    country.run("DELETE FROM lakana.service WHERE confidential")
    report = country.load("shelters", COLUMNS + HIDDEN + OPEN)
    assert counts(report) == (0, 0, 1, 1)
    assert RowTrouble.GONE_SINCE in troubles(report)


def test_a_shelter_without_a_word_on_it_is_confidential(country):
    report = country.load("shelters", COLUMNS + HIDDEN.replace(",oui,10", ",,10"))
    assert troubles(report)[RowTrouble.TAKEN_FOR_CONFIDENTIAL].values == {"many": 1}
    assert country.ask("SELECT confidential FROM lakana.service") == [True]
    assert country.load("shelters", COLUMNS + HIDDEN.replace(",oui,10", ",peut-être,10")).outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    ("row", "trouble", "field"),
    [
        (HIDDEN.replace("Permanence 76 00 11 22", ""), RowTrouble.SHELTER_RULE, "front_gate"),
        (
            HIDDEN.replace("H1,", "H1,Foyer de Kita"),
            RowTrouble.SHELTER_RULE,
            "name",
        ),  # the database's own rule: a place of its zone
        (HIDDEN.replace("10.5123", "40.5123"), RowTrouble.SHELTER_RULE, "point"),
        (HIDDEN.replace("oui,non,Perm", "non,non,Perm"), RowTrouble.SHELTER_RULE, "girls"),
        (HIDDEN.replace("6,17", "17,6"), RowTrouble.SHELTER_RULE, "minimum_age_months"),
        (HIDDEN.replace("ONG Jigiya", "Nemo"), RowTrouble.NO_OPERATOR, None),
        (HIDDEN.replace("10.5123", "10.5123x"), CellTrouble.NO_DEGREES, None),
        (OPEN.replace("Foyer Karité", ""), RowTrouble.OPEN_SHELTER_RULE, "name"),
        (OPEN.replace("11.5123", "0").replace("0.5345", "0"), RowTrouble.AT_ZERO, None),
    ],
)
def test_nothing_of_a_row_that_is_refused_is_told_or_written_back(country, tmp_path, row, trouble, field):
    report = country.load("shelters", COLUMNS + row, accept_partial=True)
    assert list(troubles(report)) == [trouble]
    problem = troubles(report)[trouble]
    assert problem.values.get("field") == field
    told = json.dumps(report.as_data(), ensure_ascii=False) + remembered(country)
    assert [each for each in (*TOLD, "Foyer de", "Nemo") if each in told] == []
    assert refused_rows.write(report, tmp_path / "back.csv") == (",non," in row.partition("Jigiya")[2][:5])
    assert country.ask("SELECT count(*) FROM lakana.service UNION ALL SELECT count(*) FROM exact.site") == [0, 0]


def test_the_report_is_the_same_wherever_the_shelter_stands(country):
    tried = [
        country.load("shelters", COLUMNS + HIDDEN.replace("10.5123", lat), dry_run=True).as_data()
        for lat in ("10.5123", "10.6999")
    ]
    digests = [each["files"][0].pop("sha256") for each in tried]
    assert tried[0] == tried[1]
    same = country.load("shelters", COLUMNS + HIDDEN, dry_run=True).as_data()["files"][0]["sha256"]
    assert len({*digests, same}) == 3  # no guess at the contents can be tried on the digest


@pytest.mark.parametrize("how", ["hidden", "retired"])
def test_no_other_list_brings_back_an_open_one_that_is_gone(country, how):
    listed = OPEN.replace(",Foyer", "A7,Foyer")
    assert country.load("shelters", COLUMNS + listed, scheme="2025").new == 1
    lists = {
        "same": (listed, "2025"),
        "other list": (listed, "2026"),
        "nobody's": (listed, None),
        "other code": (listed.replace("A7", "A8"), "2025"),
        "no code": (OPEN, "2025"),
        "11 m further": (OPEN.replace("11.5123", "11.51234"), None),
        "spelt otherwise": (OPEN.replace("Karité", "KARITE"), None),
    }
    for called, (row, scheme) in lists.items():
        assert counts(country.load("shelters", COLUMNS + row, scheme=scheme, dry_run=True)) == (0, 0, 1, 0), called
    country.run(
        "UPDATE lakana.service SET confidential = true, name = NULL"
        if how == "hidden"
        else "DELETE FROM lakana.service WHERE name = 'Foyer Karité'"
    )
    lists["the other end of its zone"] = (OPEN.replace("11.5123", "10.9"), None)  # nor does the answer tell its place
    for called, (row, scheme) in lists.items():
        report = country.load("shelters", COLUMNS + row, scheme=scheme)
        assert (report.outcome, list(troubles(report))) == (Outcome.REFUSED, [RowTrouble.GONE_SINCE]), called


@pytest.mark.parametrize(("code", "word"), [("A7", "oui"), ("A7", ""), ("A8", "oui")])
def test_who_says_that_a_public_one_is_confidential_is_told_that_it_is_public(country, code, word):
    listed = OPEN.replace(",Foyer", "A7,Foyer")
    country.load("shelters", COLUMNS + listed)
    later = listed.replace("A7", code).replace("non,11", f"{word},11").replace(",,,", ",Permanence 76 00 11 22,,")
    report = country.load("shelters", COLUMNS + later)
    assert report.outcome is Outcome.REFUSED
    assert RowTrouble.PUBLIC_HERE in troubles(report)
    assert country.ask("SELECT count(*) FROM exact.site") == [0]


@pytest.mark.parametrize("second", ["A7", "A8", ""])
def test_what_rows_say_both_ways_is_not_loaded(country, tmp_path, second):
    listed = OPEN.replace(",Foyer", "A7,Foyer")
    secret = listed.replace("A7", second).replace("non,11", "oui,11").replace(",,,", ",Permanence 76 00 11 22,,")
    report = country.load("shelters", COLUMNS + listed + secret + HIDDEN, accept_partial=True)
    assert counts(report) == (1, 0, 0, 2)
    assert RowTrouble.SAID_BOTH_WAYS in troubles(report)
    assert country.ask("SELECT count(*) FROM lakana.service WHERE NOT confidential") == [0]
    assert refused_rows.write(report, tmp_path / "back.csv") == 0


@pytest.mark.parametrize(("column", "field", "word"), [("Ouvert", "public", "oui"), ("Fermé", "confidential", "non")])
def test_a_mapping_that_nobody_names_makes_no_shelter_public(country, column, field, word):
    columns = COLUMNS.replace("Confidentiel", column)
    first = OPEN.replace("non,11", f"{word},11").replace(",Foyer", "A1,Foyer")
    second = HIDDEN.replace("oui,10", f"{word},10")
    assert country.load("shelters", columns + first, columns={column: field}, save_mapping="foyers").new == 1
    report = country.load("shelters", columns + second, dry_run=True)
    assert {RowTrouble.TAKEN_FOR_CONFIDENTIAL, FileTrouble.MAPPING_TAKEN} <= {*troubles(report)}
    named = country.load("shelters", columns + first.replace("A1,Foyer", "A2,Maison"), mapping="foyers")
    assert (named.new, country.ask("SELECT DISTINCT confidential FROM lakana.service")) == (1, [False])


def test_no_place_of_a_confidential_one_can_be_guessed_by_what_is_known(country):
    without = country.load("shelters", COLUMNS + HIDDEN.removeprefix("H1"))
    assert without.outcome is Outcome.REFUSED
    assert list(troubles(without)) == [RowTrouble.NEEDS_CODE]
    assert country.load("shelters", COLUMNS + HIDDEN).new == 1
    right, wrong = (
        country.load("shelters", COLUMNS + row.replace("ONG Jigiya", "Nemo"), dry_run=True).as_data()
        for row in (HIDDEN.removeprefix("H1"), HIDDEN.removeprefix("H1").replace("10.5123", "10.5124"))
    )
    assert right["files"][0].pop("sha256") != wrong["files"][0].pop("sha256")
    assert right == wrong
    elsewhere = country.load("shelters", COLUMNS + HIDDEN.replace("10.5123", "10.6999"), dry_run=True)
    assert counts(elsewhere) == (0, 0, 1, 0)  # a code is known wherever its row stands


def test_without_zones_no_confidential_one_is_entered(country):
    country.run("DELETE FROM lakana.zone_area; DELETE FROM lakana.zone")
    with pytest.raises(Refused) as caught:
        country.load("shelters", COLUMNS + HIDDEN)
    assert caught.value.trouble is RowTrouble.NEEDS_ZONES
