"""What was released stays, or was deprecated for a year before it went."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from graphql import BreakingChangeType

from api.graphql.schema import sdl
from tests.graphql.breaking import breaking

ROOT = Path(__file__).parents[2]
RELEASED = Path(__file__).parent / "released.graphql"
"""The schema of the last release: ``lakana schema`` writes it anew with each."""
TODAY = dt.date(2028, 1, 10)
OLD = """
interface Node { id: ID! }
enum Kind { A B @deprecated(reason: "2027-01-10: use A") }
input Given { a: Int b: Int @deprecated(reason: "2027-01-10: has no effect") }
type Old { name: String }
type Thing implements Node { id: ID! name: String old: Old @deprecated(reason: "%s: use name") }
type Query { things(kind: Kind, given: Given, limit: Int @deprecated(reason: "2026-01-10: use first")): [Thing] node: Node }
"""
NEW = """
interface Node { id: ID! }
enum Kind { A }
input Given { a: Int }
type Thing implements Node { id: ID! name: String more: Int }
type Query { things(kind: Kind, given: Given, first: Int! = 5): [Thing] node: Node }
"""


def test_what_was_deprecated_for_a_year_may_go():
    assert breaking(OLD % "2027-01-10", NEW, TODAY) == []


def test_what_was_deprecated_for_less_may_not():
    found = breaking(OLD % "2027-01-11", NEW, TODAY)
    assert {each.type for each in found} == {BreakingChangeType.FIELD_REMOVED, BreakingChangeType.TYPE_REMOVED}


@pytest.mark.parametrize(
    ("was", "becomes", "kind"),
    [
        ("name: String more", "more", BreakingChangeType.FIELD_REMOVED),
        ("name: String", "name: Int", BreakingChangeType.FIELD_CHANGED_KIND),
        ("given: Given, ", "", BreakingChangeType.ARG_REMOVED),
        ("first: Int! = 5", "first: Int!", BreakingChangeType.REQUIRED_ARG_ADDED),
        ("a: Int", "a: Int!", BreakingChangeType.FIELD_CHANGED_KIND),
        ("{ A }", "{ C }", BreakingChangeType.VALUE_REMOVED_FROM_ENUM),
        (" implements Node", "", BreakingChangeType.IMPLEMENTED_INTERFACE_REMOVED),
    ],
)
def test_what_breaks_is_found(was, becomes, kind):
    assert was in NEW
    found = {each.type for each in breaking(OLD % "2027-01-10", NEW.replace(was, becomes, 1), TODAY)}
    assert kind in found


def test_a_reason_without_its_day_is_refused():
    with pytest.raises(ValueError, match="isoformat"):
        breaking(OLD % "someday", NEW, TODAY)


def test_nothing_that_was_released_breaks():
    """The schema is free until version 1 is released; from then on its released form stands beside this test."""
    released = "## [1." in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert RELEASED.exists() == released
    if released:
        assert breaking(RELEASED.read_text(encoding="utf-8"), sdl(), dt.datetime.now(tz=dt.UTC).date()) == []


def test_every_deprecation_of_ours_bears_its_day():
    assert breaking(sdl(), sdl(), dt.date.min + dt.timedelta(days=400)) == []
