"""Writers of one category wait for each other, so that what the table says after both is true."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg2
import pytest
from psycopg2 import errors

from geo.database.owner import owner_engine, owner_transaction
from tests.database.land import Land, point
from tests.database.oracle import check_access

pytestmark = pytest.mark.database

NEAR, FAR, EMPTY = (-8.0, 12.5), (2.0, 18.0), (-2.0, 20.0)
ADD = """
INSERT INTO lakana.service (actor_id, name, category, point, area_id, source_id)
SELECT id, 'S', %s, %s, area_id, source_id FROM lakana.actor
"""
SETTLE = """
INSERT INTO lakana.demand_point (area_id, point, population, under_18, source_id)
SELECT area_id, %s, 10, 5, source_id FROM lakana.actor
"""
LEAVE = "DELETE FROM lakana.demand_point WHERE ST_DWithin(point, %s, 1)"
DROP = "DELETE FROM lakana.service WHERE category = %s AND ST_DWithin(point, %s, 1)"
MOVE = "UPDATE lakana.service SET point = %s WHERE category = %s AND ST_DWithin(point, %s, 1)"


def at(place):
    return point(*place)


@pytest.fixture(scope="module")
def country(own_url):
    with owner_transaction(own_url) as connection:
        land = Land(connection)
        land.actor(land.area("A"))
    return own_url


@pytest.fixture
def url(country):
    """The country with two points of demand and one far medical service."""
    with psycopg2.connect(country) as connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM lakana.service; DELETE FROM lakana.demand_point")
        for place in (NEAR, (1.4, 18.4)):
            cursor.execute(SETTLE, (at(place),))
        cursor.execute(ADD, ("MEDICAL", at(FAR)))
    connection.close()
    return country


@contextmanager
def connected(url):
    connection = psycopg2.connect(url)
    try:
        yield connection, connection.cursor()
    finally:
        connection.close()


def execute(connection, statement, values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    connection.commit()


def wait_until_blocked(url, pid):
    with connected(url) as (watcher, cursor):
        watcher.autocommit = True
        for _ in range(500):
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", (pid,))
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    pytest.fail("the later transaction did not wait for the former")


def one_after_the_other(url, former, later):
    """Run the former, begin the later while the former is open, commit the former, then the later."""
    with connected(url) as (first, cursor), connected(url) as (second, _), ThreadPoolExecutor(1) as threads:
        cursor.execute(*former)
        waiting = threads.submit(execute, second, *later)
        try:
            wait_until_blocked(url, second.info.backend_pid)
        finally:
            first.commit()
        waiting.result(30)


def check(url):
    with owner_engine(url).connect() as connection:
        return check_access(Land(connection))


LEGAL = (ADD, ("LEGAL_AID", at(FAR)))


@pytest.mark.parametrize(
    ("former", "later"),
    [
        pytest.param((ADD, ("MEDICAL", at(NEAR))), (ADD, ("MEDICAL", at(EMPTY))), id="add and add"),
        pytest.param((ADD, ("MEDICAL", at(NEAR))), (DROP, ("MEDICAL", at(FAR))), id="add and drop"),
        pytest.param((DROP, ("MEDICAL", at(FAR))), (ADD, ("MEDICAL", at(NEAR))), id="drop and add"),
        pytest.param((DROP, ("MEDICAL", at(FAR))), (ADD, ("MEDICAL", at((-30, 0)))), id="drop and add farther off"),
        pytest.param((MOVE, (at(EMPTY), "MEDICAL", at(FAR))), (ADD, ("MEDICAL", at((3, 18)))), id="move and add"),
        pytest.param(LEGAL, LEGAL, id="two first ones of a category"),
        pytest.param((ADD, ("MEDICAL", at(NEAR))), (SETTLE, (at(EMPTY),)), id="add and settle"),
        pytest.param((SETTLE, (at(EMPTY),)), (ADD, ("MEDICAL", at(EMPTY))), id="settle and add"),
        pytest.param(LEGAL, (SETTLE, (at(EMPTY),)), id="the first of a category and settle"),
        pytest.param((SETTLE, (at(EMPTY),)), LEGAL, id="settle and the first of a category"),
        pytest.param((LEAVE, (at(NEAR),)), (ADD, ("MEDICAL", at(NEAR))), id="leave and add"),
        pytest.param((LEAVE, (at(NEAR),)), LEGAL, id="leave and the first of a category"),
    ],
)
def test_the_later_sees_what_the_former_did(url, former, later):
    one_after_the_other(url, former, later)
    assert check(url)


def test_writers_of_different_categories_do_not_wait(url):
    with connected(url) as (_, first), connected(url) as (second, cursor):
        first.execute(ADD, ("MEDICAL", at(NEAR)))
        cursor.execute("SET lock_timeout = '5s'")
        cursor.execute(*LEGAL)
        second.commit()


def test_what_is_rolled_back_leaves_no_trace(url):
    before = check(url)
    with connected(url) as (connection, cursor):
        cursor.execute(ADD, ("MEDICAL", at(NEAR)))
        connection.rollback()
    assert check(url) == before


def test_four_writers_at_once_end_like_brute_force(url):
    def write(number):
        chance = random.Random(number)
        done = 0
        with connected(url) as (connection, _):
            while done < 25:
                place = at((chance.randrange(-10, 4), chance.randrange(10, 20)))
                other = at((chance.randrange(-10, 4), chance.randrange(10, 20)))
                category = chance.choice(("MEDICAL", "LEGAL_AID"))
                step = chance.choice(
                    [(ADD, (category, place))] * 3
                    + [
                        (DROP, (category, place)),
                        (MOVE, (place, category, other)),
                        (SETTLE, (place,)),
                        (LEAVE, (place,)),
                    ]
                )
                try:
                    execute(connection, *step)
                    done += 1
                except errors.DeadlockDetected:
                    connection.rollback()
        return done

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(write, range(4))) == [25] * 4
    assert len(check(url)) > 20
