"""Any history of changes ends with the distances that brute force finds."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.database.oracle import check_access

pytestmark = pytest.mark.database

GRID = st.tuples(st.integers(-3, 3), st.integers(0, 4)).map(lambda at: (at[0] * 1.5, 10 + at[1] * 2))
CATEGORIES = st.sampled_from(["MEDICAL", "LEGAL_AID"])
STEPS = st.one_of(
    st.tuples(st.just("add"), GRID, CATEGORIES),
    st.tuples(st.just("move"), st.integers(0, 99), GRID),
    st.tuples(st.just("turn"), st.integers(0, 99), CATEGORIES),
    st.tuples(st.just("drop"), st.integers(0, 99)),
    st.tuples(st.just("demand"), GRID),
    st.tuples(st.just("resettle"), st.integers(0, 99), GRID),
    st.tuples(st.just("leave"), st.integers(0, 99)),
)


@given(steps=st.lists(STEPS, min_size=5, max_size=25))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_changes_ends_like_brute_force(served, steps):
    savepoint = served.connection.begin_nested()
    services: list[str] = []
    points = list(served.points)
    try:
        for step in steps:
            _do(served, step, services, points)
        check_access(served)
    finally:
        savepoint.rollback()


def _do(land, step, services, points):
    kind, *how = step
    if kind == "add":
        services.append(land.place(*how[0], how[1]))
        return
    if kind == "demand":
        points.append(land.demand(land.home, *how[0]))
        return
    rows = points if kind in {"resettle", "leave"} else services
    table = "demand_point" if rows is points else "service"
    if not rows:
        return
    which = rows[how[0] % len(rows)]
    if kind in {"move", "resettle"}:
        land.move(table, which, *how[1])
    elif kind == "turn":
        land.run(
            "UPDATE lakana.service SET category = CAST(:c AS lakana.service_category) WHERE id = :id",
            c=how[1],
            id=which,
        )
    else:
        land.run(f"DELETE FROM lakana.{table} WHERE id = :id", id=which)
        rows.remove(which)


def test_a_long_random_history_in_bulk(served):
    chance = random.Random(5)
    served.run("SELECT setseed(0.5)")
    for _ in range(12):
        many = chance.choice((1, 3, 60))
        for _ in range(many):
            served.place(chance.uniform(-12, 4), chance.uniform(10, 25), chance.choice(("MEDICAL", "LEGAL_AID")))
        served.run(
            "UPDATE lakana.service SET point = ST_Translate(point::geometry, 0.3, 0.1)::geography WHERE random() < 0.2"
        )
        served.run("DELETE FROM lakana.service WHERE random() < 0.2")
    check_access(served)
