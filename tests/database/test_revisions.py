"""One revision a quarter, when the next quarter is over; what was told before is kept beside it."""

from __future__ import annotations

import pytest

from geo.database.owner import owner_transaction
from geo.errors import BadInput
from geo.release.publish import release
from tests.database.counts import KEY, QUARTERS, TYPES, current, drawn, everything, expected, write
from tests.database.land import Land

pytestmark = pytest.mark.database

LEAF = ("a", "2024-Q1", "TRAFFICKING")
CHANGED = ("a", "b", "c")
"""Three places of R1: as many as must change for a cell to be published again."""


@pytest.fixture
def released(counts_url, on):
    """The first quarter of 2024 is released, on the day after it ended."""
    write(counts_url, drawn(QUARTERS[:1]))
    on("2024-04-01")
    assert release(counts_url, KEY) == ["2024-Q1"]
    return counts_url


def changed(leaves, more=10, places=CHANGED):
    return leaves | {(place, *LEAF[1:]): leaves.get((place, *LEAF[1:]), 0) + more for place in places}


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
    assert current(released) == expected(leaves, years=(), before=drawn(QUARTERS[:1]))


def test_what_was_told_before_is_kept_and_no_longer_current(released, on):
    before = current(released)
    write(released, changed(drawn(QUARTERS[:1])))
    on("2024-07-01")
    release(released, KEY)
    cells = 2 * 11 + 8
    replaced = {row[:4] for row in before - current(released)}
    assert replaced <= {
        (level, place, "2024-Q1", kind) for level, place in (("ADM0", "N"), ("ADM1", "R1")) for kind in ("ALL", LEAF[2])
    }
    # All four are published again, even if the result is the same.
    assert sorted(kept(released)) == [
        ("2024-Q1", 0, False, 4),
        ("2024-Q1", 0, True, cells - 4),
        ("2024-Q1", 1, True, 4),
    ]
    assert current(released, now=False) < before


@pytest.mark.parametrize("places", [("a",), ("a", "b"), ("b", "d")])
def test_a_change_in_fewer_than_three_places_is_told_nowhere(released, on, places):
    """Each new answer would be a fresh draw: of one leaf that changed, up to 12 noisy differences."""
    before = current(released)
    write(released, changed(drawn(QUARTERS[:1]), 400, places))
    on("2024-07-01")
    assert release(released, KEY) == ["2024-Q1"]
    assert current(released) == before
    assert current(released, now=False) == set()


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
    assert current(released) == expected(leaves, years=(), before=drawn(QUARTERS[:2]))
    on("2024-10-01")
    assert release(released, KEY) == []


def test_a_locality_that_begins_to_report_later_leaves_one_current_row_a_cell(released, on):
    late = {("c", "2024-Q2", "OTHER"): 8}
    first = {leaf: count for leaf, count in drawn(QUARTERS[:1]).items() if leaf[0] != "c"}
    write(released, first | late)
    on("2024-07-01")
    release(released, KEY)
    assert current(released) == expected(first | late, years=(), before=drawn(QUARTERS[:1]) | late)


def test_the_year_is_revised_with_its_last_quarter_and_once(counts_url, on):
    leaves = drawn(QUARTERS[:4])
    write(counts_url, leaves)
    on("2025-01-01")
    release(counts_url, KEY, "2024-Q1")
    release(counts_url, KEY)
    more = leaves | {(place, "2024-Q4", "TRAFFICKING"): 99 for place in CHANGED}
    write(counts_url, more)
    on("2025-04-01")
    assert release(counts_url, KEY, "2024-Q4") == ["2024-Q4"]
    assert current(counts_url) == expected(more, before=leaves)
    year = {row for row in current(counts_url) if row[2] == "2024"}
    assert year - expected(leaves)
    write(counts_url, more | {(place, "2024-Q3", "TRAFFICKING"): 99 for place in CHANGED})
    assert release(counts_url, KEY) == ["2024-Q3"]
    assert {row for row in current(counts_url) if row[2] == "2024"} == year


def test_a_change_after_the_revision_shows_nowhere_not_even_in_the_year(counts_url, on):
    """Raw counts of 2024-Q1 that change once more are not in the year that its fourth quarter completes."""
    leaves = drawn(QUARTERS[:4])
    write(counts_url, leaves)
    on("2024-04-01")
    release(counts_url, KEY)
    leaves |= {LEAF: 40}
    write(counts_url, leaves)
    on("2024-07-01")
    release(counts_url, KEY)
    write(counts_url, leaves | {LEAF: 900})
    on("2025-01-01")
    assert release(counts_url, KEY) == ["2024-Q3", "2024-Q4"]
    quarters = expected(leaves, years=(), before=drawn(QUARTERS[:4]))
    assert current(counts_url) == quarters | {row for row in expected(leaves) if row[2] == "2024"}


def test_a_place_that_begins_to_report_is_no_change_of_earlier_quarters(released, on):
    """The year holds it, with the quarters that it reported."""
    with owner_transaction(released) as connection:
        land = Land(connection)
        land.locality("late", land.one("SELECT id::text FROM lakana.admin_area WHERE code = 'C11'"))
    before = everything(released)
    leaves = drawn(QUARTERS[:4])
    write(released, leaves | {("late", "2024-Q3", "OTHER"): 60})
    on("2024-07-01")
    assert release(released, KEY) == ["2024-Q2"]
    assert set(before) < set(everything(released))
    on("2025-01-01")
    assert release(released, KEY) == ["2024-Q3", "2024-Q4"]
    late = {row[2]: row[4] for row in current(released) if row[1] == "late" and row[3] == "ALL"}
    assert late == {"2024-Q3": 60, "2024-Q4": 0, "2024": 60}


def test_a_division_that_changes_leaves_what_is_released_in_the_first_one(counts_url, on):
    """Counted in R1 by its quarters and in R2 by its year, a place would be the difference of two partitions."""
    leaves = drawn(QUARTERS[:4])
    write(counts_url, leaves)
    on("2024-04-01")
    release(counts_url, KEY)
    before = everything(counts_url)
    with owner_transaction(counts_url) as connection:
        land = Land(connection)
        connection.exec_driver_sql("UPDATE lakana.admin_area SET valid_to = '2024-04-01' WHERE code = 'R1'")
        new = land.area(
            "R1",
            1,
            parent_id=land.one("SELECT id::text FROM lakana.admin_area WHERE code = 'N'"),
            valid_from="2024-04-01",
        )
        connection.exec_driver_sql("UPDATE lakana.locality SET area_id = %s WHERE code IN ('a', 'b')", (new,))
        land.locality("late", new)
    leaves |= {("late", quarter, kind): 7 for quarter in QUARTERS[1:4] for kind in TYPES}
    write(counts_url, leaves)
    on("2025-01-01")
    assert release(counts_url, KEY) == ["2024-Q2", "2024-Q3", "2024-Q4"]
    assert set(before) < set(everything(counts_url))
    found = {row for row in current(counts_url) if row[1] not in {"N", "late"}}
    assert found == {
        row for row in expected({leaf: count for leaf, count in leaves.items() if leaf[0] != "late"}) if row[1] != "N"
    }


def test_what_a_change_does_not_touch_is_told_the_same(released, on):
    before = current(released)
    write(released, changed(drawn(QUARTERS[:1])))
    on("2024-07-01")
    release(released, KEY)
    touched = {row[1] for row in current(released) ^ before}
    assert touched <= {"a", "C11", "R1", "N"}
    assert {row[3] for row in current(released) ^ before} <= {LEAF[2], "ALL"}


@pytest.mark.parametrize(
    ("quarter", "day", "said"),
    [
        ("2024-Q5", "2024-07-01", "give a quarter, as 2025-Q4"),
        ("2024", "2024-07-01", "give a quarter, as 2025-Q4"),
        ("2024-Q2", "2024-06-30", "it is not over; it can be from 2024-07-01"),
        ("2023-Q4", "2024-07-01", "no counts are recorded"),
        ("2024-Q1", "2024-06-30", "its one revision can be from 2024-07-01"),
        ("2024-Q1", "2024-07-01", "nothing has changed since"),
    ],
)
def test_a_quarter_that_cannot_be_released_is_told_why(released, on, quarter, day, said):
    before = everything(released)
    on(day)
    with pytest.raises(BadInput, match=said) as caught:
        release(released, KEY, quarter)
    assert caught.value.field == "quarter"
    assert everything(released) == before


def test_a_quarter_by_its_name_and_no_other(released, on):
    leaves = changed(drawn(QUARTERS[:3]))
    write(released, leaves)
    on("2024-10-01")
    assert release(released, KEY, "2024-Q3") == ["2024-Q3"]
    assert {row[2] for row in current(released)} == {"2024-Q1", "2024-Q3"}
    assert release(released, KEY, "2024-Q1") == ["2024-Q1"]
    write(released, changed(leaves))
    with pytest.raises(BadInput, match="revised once"):
        release(released, KEY, "2024-Q1")
