"""The release: each published cell against the same rule in Python, and what is published when."""

from __future__ import annotations

import math
import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from geo.database.owner import owner_transaction
from geo.errors import LakanaError, SetupError
from geo.release.publish import release
from geo.vocabulary import Grain
from tests.database.counts import (
    KEY,
    OTHER_KEY,
    PLACES,
    QUARTERS,
    TYPES,
    current,
    drawn,
    everything,
    expected,
    forget,
    report,
    write,
)
from tests.database.land import Land

pytestmark = pytest.mark.database


def test_every_published_cell_is_rounded_as_specified(counts_url, on):
    leaves = drawn()
    write(counts_url, leaves)
    on("2025-07-01")
    assert release(counts_url, KEY) == list(QUARTERS)
    found = current(counts_url)
    assert found == expected(leaves)
    # The nation and R1 are published by type. The 5 localities and the areas of fewer than three (2 cercles and R2) are
    # published by type for the year only.
    assert len(found) == 2 * 7 * 11 + 8 * (6 + 11)


@pytest.mark.parametrize("grain", Grain, ids=str)
def test_each_grain_tells_what_it_says(counts_url, on, grain):
    leaves = drawn()
    write(counts_url, leaves)
    on("2025-07-01")
    release(counts_url, KEY, wanted=grain)
    assert current(counts_url) == expected(leaves, grain=grain)


def test_zero_is_published_as_zero(counts_url, on):
    write(counts_url, drawn())
    on("2025-07-01")
    release(counts_url, KEY)
    zeros = [row for row in current(counts_url) if row[:2] == ("LOCALITY", "e")]
    assert len(zeros) == 6 + 11
    assert {row[-1] for row in zeros} == {0}


def test_a_locality_that_never_reports_is_not_told_of(counts_url, on):
    write(counts_url, drawn())
    on("2025-07-01")
    release(counts_url, KEY)
    assert {row[1] for row in current(counts_url) if row[0] == "LOCALITY"} == set(PLACES)


def test_older_editions_of_the_division_are_not_published(counts_url, on):
    write(counts_url, drawn())
    on("2025-07-01")
    release(counts_url, KEY)
    assert {row[1] for row in current(counts_url) if row[0] != "LOCALITY"} == {"N", "R1", "R2", "C11", "C12"}


def test_a_cercle_of_one_locality_says_the_same_as_the_locality(counts_url, on):
    write(counts_url, drawn())
    on("2025-07-01")
    release(counts_url, KEY)
    cercle = {row[2:] for row in current(counts_url) if row[1] == "C12"}
    assert len(cercle) == 6 + 11
    assert cercle == {row[2:] for row in current(counts_url) if row[1] == "c"}


def test_another_key_is_refused_and_publishes_nothing(counts_url, on):
    write(counts_url, drawn())
    on("2025-07-01")
    release(counts_url, KEY)
    first = everything(counts_url)
    with pytest.raises(SetupError, match="another key"):
        release(counts_url, OTHER_KEY)
    assert everything(counts_url) == first


def test_the_same_key_says_the_same_and_another_does_not(counts_url, on):
    leaves = drawn()
    write(counts_url, leaves)
    on("2025-07-01")
    release(counts_url, KEY)
    first = current(counts_url)
    forget(counts_url)
    release(counts_url, KEY)
    assert current(counts_url) == first
    forget(counts_url)
    release(counts_url, OTHER_KEY)
    assert current(counts_url) == expected(leaves, OTHER_KEY)
    assert len(current(counts_url) - first) > 50


def test_the_order_of_the_rows_does_not_matter(counts_url, on):
    leaves = drawn()
    write(counts_url, dict(reversed(leaves.items())))
    on("2025-07-01")
    release(counts_url, KEY)
    assert current(counts_url) == expected(leaves)


def test_rounding_is_right_on_average_and_off_by_at_most_four(counts_url, on):
    chance = random.Random(11)
    leaves = {}
    with owner_transaction(counts_url) as connection:
        land = Land(connection)
        home = land.one("SELECT id::text FROM lakana.admin_area WHERE code = 'C11'")
        for number in range(250):
            land.locality(f"L{number}", home)
        for number in range(250):
            for quarter in QUARTERS:
                for incident_type in TYPES:
                    leaves[f"L{number}", quarter, incident_type] = chance.randrange(12)
        report(land, leaves)
    on("2025-07-01")
    release(counts_url, KEY, wanted=Grain.BY_TYPE)
    told = {(row[1], *row[2:4]): row[4] for row in current(counts_url) if row[0] == "LOCALITY" and row[3] != "ALL"}
    errors = {leaf: told[leaf] - count for leaf, count in leaves.items()}
    assert len(errors) == 15_000
    assert max(map(abs, errors.values())) == 4
    for rest in range(5):
        some = [error for leaf, error in errors.items() if leaves[leaf] % 5 == rest]
        # An error is 5 - rest with probability rest / 5, else -rest: mean 0, variance rest × (5 - rest).
        assert abs(sum(some)) <= 4 * math.sqrt(len(some) * rest * (5 - rest))


def test_a_censored_count_is_not_zero(counts_url, on):
    leaves = {("a", "2024-Q1", kind): "<5" for kind in TYPES} | {("b", "2024-Q1", TYPES[0]): "<50"}
    write(counts_url, leaves)
    on("2024-04-01")
    release(counts_url, KEY)
    middles = {leaf: (int(count[1:]) + 1) // 2 for leaf, count in leaves.items()}
    assert current(counts_url) == expected(middles, years=())
    told = {row[1]: row[-1] for row in current(counts_url) if row[0] == "LOCALITY" and row[3] == "ALL"}
    assert told["a"] == 10 * 3
    assert told["b"] == 25


def test_a_quarter_is_published_the_day_after_its_last(counts_url, on):
    write(counts_url, drawn(("2024-Q1", "2024-Q2")))
    on("2024-03-31")
    assert release(counts_url, KEY) == []
    assert current(counts_url) == set()
    on("2024-04-01")
    assert release(counts_url, KEY) == ["2024-Q1"]
    assert {row[2] for row in current(counts_url)} == {"2024-Q1"}


def test_the_quarter_that_is_running_is_not_published(counts_url):
    with owner_transaction(counts_url) as connection:
        running = connection.exec_driver_sql("SELECT to_char(current_date, 'YYYY\"-Q\"Q')").scalar_one()
    write(counts_url, drawn((running, "2020-Q1")))
    assert release(counts_url, KEY) == ["2020-Q1"]


def test_a_year_is_published_with_its_fourth_quarter_only(counts_url, on):
    write(counts_url, drawn(("2024-Q1", "2024-Q3", "2024-Q4")))
    on("2025-07-01")
    release(counts_url, KEY)
    assert "2024" not in {row[2] for row in current(counts_url)}
    leaves = drawn(QUARTERS[:4])
    forget(counts_url)
    write(counts_url, leaves)
    on("2024-12-31")
    release(counts_url, KEY)
    assert "2024" not in {row[2] for row in current(counts_url)}
    on("2025-01-01")
    assert release(counts_url, KEY) == ["2024-Q4"]
    assert current(counts_url) == expected(leaves)


def test_a_second_run_publishes_nothing(counts_url, on):
    write(counts_url, drawn())
    on("2025-07-01")
    release(counts_url, KEY)
    before = everything(counts_url)
    assert release(counts_url, KEY) == []
    assert everything(counts_url) == before


def test_two_runs_at_once_publish_once(counts_url, on):
    write(counts_url, drawn())
    on("2025-07-01")
    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(lambda _: release(counts_url, KEY), range(2)))
    assert sorted(map(len, done)) == [0, 6]
    assert current(counts_url) == expected(drawn())


def test_raw_counts_may_not_be_negative_or_both_counted_and_censored(counts_url):
    for wrong in ("-1, NULL", "NULL, NULL", "3, 5", "NULL, 0"):
        with pytest.raises(Exception, match="incident_count_"), owner_transaction(counts_url) as connection:
            connection.exec_driver_sql(
                f"WITH r AS (INSERT INTO raw.incident_return (locality_id, quarter, source_id) "
                "SELECT id, '2024-Q1', source_id FROM lakana.locality LIMIT 1 RETURNING locality_id, quarter) "
                f"INSERT INTO raw.incident_count SELECT locality_id, quarter, 'OTHER', {wrong} FROM r"
            )


@pytest.mark.parametrize("reached", [1, 2, 3])
def test_a_release_that_fails_midway_leaves_everything_as_it_was(counts_url, on, reached):
    write(counts_url, drawn(QUARTERS[:5]))
    on("2025-04-01")
    release(counts_url, KEY)
    before = everything(counts_url)
    write(counts_url, drawn(seed=8))
    on("2025-07-01")

    def stop(_step, done, _total):
        if done == reached:
            raise LakanaError("stopped")

    with pytest.raises(LakanaError, match="stopped"):
        release(counts_url, KEY, progress=stop)
    assert everything(counts_url) == before
    assert release(counts_url, KEY) == list(QUARTERS)
