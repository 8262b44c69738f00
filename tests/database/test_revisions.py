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


def test_a_locality_that_begins_to_report_later_leaves_one_current_row_a_cell(counts_url, on):
    first = {leaf: count for leaf, count in drawn(QUARTERS[:1]).items() if leaf[0] != "c"}
    write(counts_url, first)
    on("2024-04-01")
    release(counts_url, KEY)
    leaves = first | {("c", "2024-Q2", "OTHER"): 8}
    write(counts_url, leaves)
    on("2024-07-01")
    assert release(counts_url, KEY) == ["2024-Q2"]
    assert current(counts_url) == expected(leaves, years=())


REPORTED = """
SELECT coalesce(a.code, l.code), r.localities_reporting, r.localities_expected
FROM lakana.reporting r LEFT JOIN lakana.admin_area a ON a.id = r.area_id LEFT JOIN lakana.locality l ON l.id = r.locality_id
WHERE r.period = %s
"""
TOLD = """
SELECT coalesce(a.code, l.code), r.localities_reporting, r.localities_expected
FROM lakana.published_count r LEFT JOIN lakana.admin_area a ON a.id = r.area_id LEFT JOIN lakana.locality l ON l.id = r.locality_id
WHERE r.period = %s AND r.incident_type IS NULL AND r.current
"""


def reported(url, period, query=REPORTED):
    with owner_transaction(url) as connection:
        return {row[0]: tuple(row[1:]) for row in connection.exec_driver_sql(query, (period,))}


def without(leaves, *returns):
    return {leaf: count for leaf, count in leaves.items() if leaf[:2] not in returns}


def expect(url, *localities, since="2024-Q1", until=None):
    with owner_transaction(url) as connection:
        connection.exec_driver_sql(
            "INSERT INTO lakana.expected_reporter SELECT id, %s, %s FROM lakana.locality WHERE code = ANY(%s)",
            (since, until, list(localities)),
        )


def test_who_did_not_report_has_no_cell_and_is_in_no_sum(counts_url, on):
    leaves = without(drawn(QUARTERS[:4]), ("b", "2024-Q2"), ("d", "2024-Q2"), ("e", "2024-Q2"))
    expect(counts_url, "a", "b", "c", "d", "e", "silent")
    write(counts_url, leaves)
    on("2025-01-01")
    release(counts_url, KEY)
    told = current(counts_url)
    assert {row for row in told if row[2] == "2024-Q2"} == {row for row in expected(leaves) if row[2] == "2024-Q2"}
    assert {row[1] for row in told if row[2] == "2024-Q2"} == {"N", "R1", "C11", "C12", "a", "c"}
    assert reported(counts_url, "2024-Q2") == {
        "N": (2, 6), "R1": (2, 4), "R2": (0, 2), "C11": (1, 3), "C12": (1, 1),
        "a": (1, 1), "b": (0, 1), "c": (1, 1), "d": (0, 1), "e": (0, 1), "silent": (0, 1),
    }  # fmt: skip
    # A year is reported by who returned each quarter of it; what the others returned is in the sums of areas.
    assert reported(counts_url, "2024")["N"] == (2, 6)
    assert {row[1] for row in told if row[2] == "2024"} == {"N", "R1", "C11", "C12", "a", "c"}
    year = {row for row in expected(leaves) if row[2] == "2024" and row[1] in {"N", "R1", "C11", "C12", "a", "c"}}
    assert {row for row in told if row[2] == "2024"} == year


def test_fewer_than_three_are_those_that_reported(counts_url, on):
    """R1 has three localities; where two of them report for a quarter its types are not told of that quarter."""
    leaves = without(drawn(QUARTERS[:2]), ("c", "2024-Q2"))
    write(counts_url, leaves)
    on("2024-07-01")
    release(counts_url, KEY)
    kinds = {(row[2], row[3]) for row in current(counts_url) if row[1] == "R1"}
    assert {kind for quarter, kind in kinds if quarter == "2024-Q1"} == {*TYPES, "ALL"}
    assert {kind for quarter, kind in kinds if quarter == "2024-Q2"} == {"ALL"}


def test_nothing_to_report_is_a_return(counts_url, on):
    with owner_transaction(counts_url) as connection:
        connection.exec_driver_sql(
            "INSERT INTO raw.incident_return SELECT id, '2024-Q1', NULL, now(), source_id FROM lakana.locality WHERE code = 'a'"
        )
    on("2024-04-01")
    assert release(counts_url, KEY) == ["2024-Q1"]
    assert {row[4] for row in current(counts_url)} == {0}
    assert reported(counts_url, "2024-Q1") == dict.fromkeys(("N", "R1", "C11", "a"), (1, 1))


@pytest.mark.parametrize(("since", "until", "expects"), [
    ("2024-Q1", None, True), ("2024-Q2", None, False), ("2023-Q1", "2024-Q1", True), ("2023-Q1", "2023-Q4", False),
])  # fmt: skip
def test_expected_is_who_is_on_the_list_for_the_quarter(counts_url, on, since, until, expects):
    expect(counts_url, "silent", since=since, until=until)
    write(counts_url, drawn(QUARTERS[:1]))
    on("2024-04-01")
    release(counts_url, KEY)
    assert ("silent" in reported(counts_url, "2024-Q1")) == expects
    assert reported(counts_url, "2024-Q1")["N"] == (5, 5 + expects)  # who reports is expected, on the list or not


def test_without_a_list_expected_is_who_ever_reported_up_to_then(counts_url, on):
    leaves = without(drawn(QUARTERS[:2]), ("a", "2024-Q1"), ("b", "2024-Q2"))
    write(counts_url, leaves)
    on("2024-07-01")
    release(counts_url, KEY)
    assert reported(counts_url, "2024-Q1")["C11"] == (1, 1)
    assert reported(counts_url, "2024-Q2")["C11"] == (1, 2)


@pytest.mark.parametrize("late", [("a",), ("a", "b"), ("a", "b", "d")])
def test_late_returns_are_told_by_themselves_and_in_a_sum_only_three_together(counts_url, on, late):
    """A sum with one late return more, beside the sum without it, would be its counts to within rounding."""
    whole = drawn(QUARTERS[:1])
    first = without(whole, *((each, "2024-Q1") for each in late))
    expect(counts_url, *CHANGED, "d", "e")
    write(counts_url, first)
    on("2024-04-01")
    release(counts_url, KEY)
    before = current(counts_url)
    write(counts_url, whole)
    on("2024-07-01")
    assert release(counts_url, KEY) == ["2024-Q1"]
    told, old = current(counts_url), current(counts_url, now=False)
    assert old <= before <= told | old
    new = {row[1] for row in told - before}
    assert {*late} <= new
    nation = {row[:4] for row in old if row[1] == "N"}
    # Of two localities the nation was told by all types alone.
    assert nation == ({("ADM0", "N", "2024-Q1", "ALL")} if len(late) == 3 else set())
    # Who reported is public at once; a sum that was left as it was says of how many it is.
    assert reported(counts_url, "2024-Q1")["N"] == (5, 5)
    assert reported(counts_url, "2024-Q1", TOLD)["N"] == ((5, 5) if len(late) == 3 else (5 - len(late), 5))


def test_a_late_return_of_nothing_is_a_change(counts_url, on):
    leaves = drawn(QUARTERS[:1])
    write(counts_url, without(leaves, ("e", "2024-Q1")))
    on("2024-04-01")
    release(counts_url, KEY)
    write(counts_url, leaves)  # e reports zeros only
    on("2024-07-01")
    assert release(counts_url, KEY) == ["2024-Q1"]
    assert reported(counts_url, "2024-Q1")["e"] == (1, 1)


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
    assert late == {"2024-Q3": 60}  # it missed the last quarter, and so the year


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
        ("2023-Q4", "2024-07-01", "nobody has reported"),
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
