"""A release that would let a small count be worked out is refused, and told more coarsely it is not."""

from __future__ import annotations

import random

import numpy as np
import pytest

from geo.database.owner import owner_transaction
from geo.errors import BadInput, TooRevealing
from geo.release import check
from geo.release.guessing import Score
from geo.release.outsider_view import year_of
from geo.release.publish import release
from geo.vocabulary import Grain
from tests.conftest import unguessed
from tests.database.counts import KEY, current, drawn, everything, first_bits, report, write
from tests.database.land import Land

pytestmark = pytest.mark.database

QUARTER, KIND = "2024-Q1", "TRAFFICKING"
PLACES = 9


def share(codes):
    """Where a cell of one case in each of these places is rounded: up below its rest as a part of five."""
    keys = sum(first_bits(KEY, f"T:{code}/{QUARTER}/{KIND}".encode()) for code in codes) % 2**64
    return first_bits(KEY, b"cell/" + keys.to_bytes(8, "big")) / 2**64


def revealing_codes():
    """Nine places whose counts of 1 are all rounded up to 5, which says 1 to 9, while their sum of 9 is rounded down
    to 5, which says 9 at most: so each is 1.
    """
    up = [f"p{number}" for number in range(400) if share([f"p{number}"]) < 0.2]
    chance = random.Random(1)
    while True:
        codes = chance.sample(up, PLACES)
        if share(codes) >= 0.8:
            return codes


@pytest.fixture
def revealing(counts_url, on):
    """Nine places in one cercle with one case each, and other types that hide the sum of all types."""
    codes = revealing_codes()
    leaves = {(code, QUARTER, KIND): 1 for code in codes}
    leaves |= {(code, QUARTER, kind): 7 for code in codes for kind in ("OTHER", "SMUGGLING", "CHILD_LABOUR")}
    with owner_transaction(counts_url) as connection:
        land = Land(connection)
        home = land.one("SELECT id::text FROM lakana.admin_area WHERE code = 'C11'")
        for code in codes:
            land.locality(code, home)
        report(land, leaves)
    on("2024-04-01")
    return counts_url, codes, leaves


def told(url, level="LOCALITY"):
    return {(row[2], row[3]) for row in current(url) if row[0] == level}


def test_nothing_is_published_and_the_report_says_where_and_what_to_do(revealing):
    url, codes, _ = revealing
    with pytest.raises(TooRevealing) as caught:
        release(url, KEY, QUARTER, wanted=Grain.BY_TYPE)
    assert everything(url) == []
    said = str(caught.value)
    assert f"{PLACES} counts below 5" in said
    assert f"{PLACES} × LOCALITY, 2024-Q1, TRAFFICKING: {', '.join(sorted(codes)[:5])} and 4 more" in said
    assert "Without --grain the finest grain that passes is looked for." in said


def test_the_finest_grain_that_passes_is_chosen_and_said(revealing):
    url, *_ = revealing
    said: list[str] = []
    assert release(url, KEY, QUARTER, say=said.append) == [QUARTER]
    assert told(url) == {(QUARTER, "ALL")}
    assert len(told(url, "ADM2")) == 11
    [sentence] = said
    assert "2024: told types-by-year; " in sentence
    with owner_transaction(url) as connection:
        rows = connection.exec_driver_sql("SELECT grain, rounding FROM lakana.release").all()
    assert [tuple(row) for row in rows] == [("types-by-year", "key-of-set")]


def test_where_no_grain_passes_nothing_is_published(revealing, monkeypatch):
    url, *_ = revealing
    monkeypatch.setattr(check.Findings, "passes", lambda _: False)
    with pytest.raises(TooRevealing, match="Told area-all-types"):
        release(url, KEY, QUARTER)
    assert everything(url) == []


def test_without_the_check_it_would_be_published(revealing, monkeypatch):
    """The negative control: what the outsider then reads in it is one case in each place."""
    url, codes, _ = revealing
    monkeypatch.setattr(check.Findings, "passes", lambda _: True)
    release(url, KEY, QUARTER, wanted=Grain.BY_TYPE)
    cells = {row[:4]: row[4] for row in current(url)}
    assert all(cells["LOCALITY", code, QUARTER, KIND] == 5 for code in codes)
    assert cells["ADM2", "C11", QUARTER, KIND] == 5
    least, most = PLACES * (5 - 4), 5 + 4
    assert least == most


@pytest.mark.parametrize("choice", [Grain.YEARS, Grain.YEARS_ALL_TYPES])
def test_a_quarter_that_is_told_by_year_only_says_nothing_of_localities(revealing, choice):
    url, *_ = revealing
    assert release(url, KEY, QUARTER, wanted=choice) == [QUARTER]
    assert told(url) == set()
    assert len(told(url, "ADM2")) == 11


def test_the_choice_holds_for_the_revision(revealing, on):
    url, codes, leaves = revealing
    release(url, KEY, QUARTER, wanted=Grain.ALL_TYPES)
    write(url, leaves | {(code, QUARTER, "OTHER"): 70 for code in codes[:3]})
    on("2024-07-01")
    before = everything(url)
    with pytest.raises(BadInput, match="stays published as all-types"):
        release(url, KEY, QUARTER, wanted=Grain.BY_TYPE)
    assert everything(url) == before
    assert release(url, KEY) == [QUARTER]
    assert told(url) == {(QUARTER, "ALL")}


@pytest.mark.parametrize(
    ("choice", "quarters", "years"),
    [
        (Grain.ALL_TYPES, 1, 1),
        (Grain.YEARS, 0, 11),
        (Grain.BY_TYPE, 11, 11),
        (Grain.TYPES_BY_YEAR, 1, 11),
        (Grain.YEARS_ALL_TYPES, 0, 1),
        (Grain.AREA_ALL_TYPES, 0, 1),
    ],
)
def test_a_year_is_told_as_its_coarsest_quarter_by_type(counts_url, on, choice, quarters, years):
    write(counts_url, drawn(("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")))
    on("2025-01-01")
    release(counts_url, KEY, "2024-Q1", wanted=choice)
    release(counts_url, KEY)
    found = [period for period, _ in told(counts_url)]
    assert (found.count("2024-Q1"), found.count("2024-Q2"), found.count("2024")) == (quarters, 1, years)


def test_first_publications_count_beside_their_revisions(counts_url, on):
    """A leaf that did not change is one unknown, one that did is two, and the truth fits everything ever told."""
    leaves = drawn(("2024-Q1", "2024-Q2"))
    write(counts_url, leaves)
    on("2024-07-01")
    release(counts_url, KEY)
    with owner_transaction(counts_url) as connection:
        first = year_of(connection, "2024")
    write(counts_url, leaves | {(place, "2024-Q1", "OTHER"): 77 for place in "abc"})
    on("2024-10-01")
    assert release(counts_url, KEY) == ["2024-Q1"]
    with owner_transaction(counts_url) as connection:
        both = year_of(connection, "2024")
    assert len(both.seen.counts) == len(first.seen.counts) + 3
    assert len(both.rows) == len(first.rows) + 4
    assert both.fresh.all()
    told = both.seen.told
    assert told.sum() == len(both.rows)
    assert (np.abs(both.seen.published - both.seen.truth())[told] <= 4).all()


def test_what_is_likely_makes_it_coarser_too(counts_url, on, monkeypatch):
    """The finest grain that passes, by the scores of the attackers that guess, and what they found is said."""
    write(counts_url, drawn(("2024-Q1",)))
    on("2024-04-01")
    told_cells: list[int] = []

    def guess(seen, *_, **__):
        told_cells.append(int(seen.told.sum()))
        return [Score("the sampler", 9.0, 8.0 if len(told_cells) > 1 else 10.5, 0, 0, 100)]

    monkeypatch.setattr(check, "scores", guess)
    said: list[str] = []
    release(counts_url, KEY, say=said.append)
    assert told_cells == [2 * 11 + 8, 2 * 11]
    [sentence] = said
    assert sentence.startswith("2024: told years; no count below 5 can be told exactly; ")
    assert sentence.endswith("the sampler +9.0 points (at most +8.0), 0 of 100 named")
    assert told(counts_url) == set()


@pytest.mark.parametrize(
    ("upper", "close", "efforts"),
    [(9.0, 1, [check.EFFORT]), (9.5, 0, [check.EFFORT, check.LONGER]), (0.0, 2, [check.EFFORT, check.LONGER])],
)
def test_what_is_close_to_a_limit_is_attacked_longer(counts_url, on, monkeypatch, upper, close, efforts):
    write(counts_url, drawn(("2024-Q1",)))
    on("2024-04-01")
    made = []

    def guess(_seen, effort, *_, **__):
        made.append(effort)
        return [Score("the sampler", 0.0, upper, 0, 0, 100, close)]

    monkeypatch.setattr(check, "scores", guess)
    release(counts_url, KEY)
    assert made == efforts


def test_what_the_rule_of_before_told_is_no_reason_to_refuse_and_is_not_scored(revealing, on, monkeypatch):
    """It is out. What could be told together with it is: the same cells without the mark."""
    url, codes, leaves = revealing
    monkeypatch.setattr(check.Findings, "passes", lambda _: True)
    release(url, KEY, wanted=Grain.BY_TYPE)
    monkeypatch.undo()
    on("2024-07-01")
    write(url, leaves | {(code, "2024-Q2", "OTHER"): 7 for code in codes})
    with unguessed(), pytest.raises(TooRevealing):
        release(url, KEY)
    with owner_transaction(url) as connection:
        connection.exec_driver_sql("UPDATE lakana.release SET rounding = 'sum-of-keys'")
    on("2024-07-01")
    with unguessed():
        assert release(url, KEY) == ["2024-Q2"]
    with owner_transaction(url) as connection:
        year = year_of(connection, "2024")
    assert year.fresh.sum() == len(codes) * 10
    assert 0 < year.seen.additive.sum() < year.seen.told.sum()
