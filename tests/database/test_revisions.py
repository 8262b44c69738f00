"""One revision a quarter, when the next quarter is over; what was told before is kept beside it."""

from __future__ import annotations

import pytest

from geo.database import owner_transaction
from geo.release import release
from tests.database.counts import KEY, QUARTERS, current, drawn, everything, expected, write

pytestmark = pytest.mark.database

LEAF = ("a", "2024-Q1", "TRAFFICKING")


@pytest.fixture
def released(counts_url, on):
    """The first quarter of 2024 is released, on the day after it ended."""
    write(counts_url, drawn(QUARTERS[:1]))
    on("2024-04-01")
    assert release(counts_url, KEY) == ["2024-Q1"]
    return counts_url


def changed(leaves, more=10):
    return leaves | {LEAF: leaves.get(LEAF, 0) + more}


def kept(url):
    with owner_transaction(url) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(
            "SELECT r.quarter, r.revision, p.current, count(*) FROM lakana.published_count p "
            "JOIN lakana.release r ON r.number = p.release_number GROUP BY 1, 2, 3 ORDER BY 1, 2"
        )]  # fmt: skip


def test_a_change_waits_for_the_next_quarter_to_be_over(released, on):
    before = everything(released)
    leaves = changed(drawn(QUARTERS[:1]))
    write(released, leaves)
    on("2024-06-30")
    assert release(released, KEY) == []
    assert everything(released) == before
    on("2024-07-01")
    assert release(released, KEY) == ["2024-Q1"]
    assert current(released) == expected(leaves, years=())


def test_what_was_told_before_is_kept_and_no_longer_current(released, on):
    before = current(released)
    write(released, changed(drawn(QUARTERS[:1])))
    on("2024-07-01")
    release(released, KEY)
    cells = 10 * 11
    assert kept(released) == [("2024-Q1", 0, False, cells), ("2024-Q1", 1, True, cells)]
    assert current(released, now=False) == before


def test_a_second_change_is_never_told(released, on):
    leaves = drawn(QUARTERS[:1])
    write(released, changed(leaves))
    on("2024-07-01")
    release(released, KEY)
    before = everything(released)
    for day in ("2024-07-01", "2024-10-01", "2030-01-01"):
        write(released, changed(leaves, 50))
        on(day)
        assert release(released, KEY) == []
    assert everything(released) == before


def test_without_a_change_there_is_no_revision(released, on):
    before = everything(released)
    on("2024-07-01")
    assert release(released, KEY) == []
    assert everything(released) == before


def test_a_revision_and_a_new_quarter_come_together(released, on):
    leaves = changed(drawn(QUARTERS[:2]))
    write(released, leaves)
    on("2024-07-01")
    assert release(released, KEY) == ["2024-Q1", "2024-Q2"]
    assert current(released) == expected(leaves, years=())
    on("2024-10-01")
    assert release(released, KEY) == []


def test_a_locality_that_begins_to_report_later_leaves_one_current_row_a_cell(released, on):
    late = {("c", "2024-Q2", "OTHER"): 8}
    first = {leaf: count for leaf, count in drawn(QUARTERS[:1]).items() if leaf[0] != "c"}
    write(released, first | late)
    on("2024-07-01")
    release(released, KEY)
    assert current(released) == expected(first | late, years=())


def test_the_year_is_revised_with_its_quarters(counts_url, on):
    leaves = drawn(QUARTERS[:4])
    write(counts_url, leaves)
    on("2025-01-01")
    release(counts_url, KEY)
    leaves |= {("a", "2024-Q4", "TRAFFICKING"): 99}
    write(counts_url, leaves)
    on("2025-04-01")
    assert release(counts_url, KEY) == ["2024-Q4"]
    assert current(counts_url) == expected(leaves)
