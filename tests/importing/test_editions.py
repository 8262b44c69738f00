"""Editions of areas: from when they are in force, also where that is said later, and codes that may be of another one."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text

from geo.arguments import RowId
from geo.audience import Audience, Caller
from geo.database.owner import owner_transaction
from geo.errors import BadInput
from geo.writes.imports import UndoImport
from seeds.loading.options import Options
from seeds.reports.report import Outcome
from seeds.troubles import AreaTrouble
from tests.importing.country import cercles, counts, feature, troubles

pytestmark = pytest.mark.database

FIRST, SECOND = dt.date(2018, 1, 1), dt.date(2024, 1, 1)
SWAPPED = {
    "XX0102": feature("XX0102", "Kaya", "XX01", "Nord", 0, 11),
    "XX0101": feature("XX0101", "Barouéli", "XX01", "Nord", 1, 11),
}
"""Two cercles that have each other's codes in the second edition."""


def load(country, edition, day=None, **changed):
    return country.load("areas", cercles(**changed), "c.geojson", scheme="COD-AB", edition=edition, valid_from=day)


def days(country, edition):
    query = "SELECT DISTINCT valid_from, valid_to FROM lakana.admin_area WHERE edition = :edition"
    return country.ask(query, edition=edition)


def test_an_edition_that_had_no_day_gets_one_and_can_lose_it_again(made_up_country):
    assert days(made_up_country, "1") == [(None, None)]
    report = load(made_up_country, "1", FIRST)
    assert counts(report) == (0, 4, 0, 0)
    assert troubles(report)[AreaTrouble.DAYS_CHANGED].values["many"] == 7, "the areas above too"
    assert days(made_up_country, "1") == [(FIRST, None)]
    assert made_up_country.ask("SELECT DISTINCT name_fr FROM lakana.admin_area WHERE level = 1 ORDER BY 1") == [
        "Nord",
        "Sud",
    ]
    assert counts(load(made_up_country, "1", FIRST)) == (0, 0, 4, 0)
    with owner_transaction(made_up_country.url) as connection:
        connection.execute(text("SET LOCAL lakana.bulk = 'on'"))
        UndoImport(id=RowId(report.import_id)).apply(connection, Caller(Audience.STEWARD, "owner"))
    assert days(made_up_country, "1") == [(None, None)]


def test_what_says_no_day_changes_none(made_up_country):
    load(made_up_country, "1", FIRST)
    load(made_up_country, "2", SECOND, **SWAPPED)
    assert days(made_up_country, "1") == [(FIRST, SECOND)]
    for again in (load(made_up_country, "1"), load(made_up_country, "1", FIRST)):
        assert counts(again) == (0, 0, 4, 0), "ended since, and so it stays"
    assert days(made_up_country, "1") == [(FIRST, SECOND)]


def test_the_later_edition_without_a_day_may_have_come_first(bare_country):
    load(bare_country, "2", **SWAPPED)
    load(bare_country, "1", FIRST)
    assert days(bare_country, "2") == [(None, FIRST)], "as if it had been the earlier one"
    report = load(bare_country, "2", SECOND, **SWAPPED)
    assert troubles(report)[AreaTrouble.EDITION_CLOSED].values["edition"] == "COD-AB@1"
    assert days(bare_country, "1") == [(FIRST, SECOND)]
    assert days(bare_country, "2") == [(SECOND, None)]


def test_an_end_before_the_beginning_is_refused():
    with pytest.raises(BadInput, match="valid_to"):
        Options(valid_from=SECOND, valid_to=SECOND)
    assert Options(valid_from=FIRST, valid_to=SECOND).valid_to == SECOND


FIGURES = "Admin 2 PCode,Year,In Need\nXX0101,2024,5\nXX0102,2024,7\nXX0201,2024,9\n"


def test_codes_alone_that_may_be_of_another_edition_are_told(made_up_country):
    load(made_up_country, "1", FIRST)
    alone = made_up_country.load("context", FIGURES, dry_run=True)
    assert {AreaTrouble.CODES_UNKNOWN, AreaTrouble.CODES_OF_SEVERAL}.isdisjoint(troubles(alone))
    load(made_up_country, "2", SECOND, **SWAPPED)
    taken = made_up_country.load("context", FIGURES, dry_run=True)
    assert taken.outcome is Outcome.TRIED
    told = troubles(taken)[AreaTrouble.CODES_OF_SEVERAL].values
    assert told == {"many": 2, "all": 3, "other": "COD-AB@1", "division": "COD-AB@2"}
    named = made_up_country.load("context", FIGURES, dry_run=True, edition="COD-AB@1")
    assert AreaTrouble.CODES_OF_SEVERAL not in troubles(named)
    beside = "Admin 2 PCode,ADM2_FR,Year,In Need\nXX0101,Barouéli,2024,5\n"
    assert AreaTrouble.CODES_OF_SEVERAL not in troubles(made_up_country.load("context", beside, dry_run=True))


def test_a_code_alone_that_is_unknown_makes_the_others_doubtful(made_up_country):
    table = FIGURES + "XX0901,2024,9\n"
    report = made_up_country.load("context", table, accept_partial=True)
    assert counts(report) == (3, 0, 0, 1)
    told = troubles(report)[AreaTrouble.CODES_UNKNOWN].values
    assert told == {"many": 1, "all": 4, "division": "COD-AB@1"}
