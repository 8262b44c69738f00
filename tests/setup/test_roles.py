"""Who may read what: held by the database itself, whatever the server asks it."""

from __future__ import annotations

import psycopg2
import pytest
from psycopg2 import errors, sql

from geo import database
from geo.database import Audience, Login, login_url, owner_transaction
from seeds import mali

pytestmark = pytest.mark.database

TRUSTED = (Audience.PLANNER, Audience.CUSTODIAN, Audience.STEWARD)


@pytest.fixture
def connect(empty_url):
    opened = []

    def connect(login):
        connection = psycopg2.connect(login_url(empty_url, login))
        connection.autocommit = True
        opened.append(connection)
        return connection.cursor()

    yield connect
    for connection in opened:
        connection.close()


def become(cursor, audience):
    cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(audience.value)))


def tables(empty_url, *schemas):
    with owner_transaction(empty_url) as connection:
        rows = connection.exec_driver_sql(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY (%s)", (list(schemas),)
        )
        return [tuple(row) for row in rows]


def test_logins_inherit_nothing_and_are_no_superusers(connect):
    cursor = connect(Login.ANONYMOUS)
    cursor.execute(
        "SELECT rolname, rolinherit OR rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls FROM pg_roles "
        "WHERE rolname = ANY (%s) ORDER BY rolname",
        ([login.value for login in Login],),
    )
    assert cursor.fetchall() == [("lakana_anonymous", False), ("lakana_trusted", False)]


@pytest.mark.parametrize("login", Login)
def test_a_login_reads_nothing_before_it_steps_into_a_role(connect, empty_url, login):
    cursor = connect(login)
    for table in tables(empty_url, "lakana", "exact", "raw"):
        with pytest.raises(errors.InsufficientPrivilege):
            cursor.execute(sql.SQL("SELECT 1 FROM {}").format(sql.Identifier(*table)))


@pytest.mark.parametrize("audience", TRUSTED)
def test_anonymous_cannot_step_into_a_trusted_role(connect, audience):
    with pytest.raises(errors.InsufficientPrivilege):
        become(connect(Login.ANONYMOUS), audience)


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.PARTNER])
def test_anonymous_steps_into_its_own_roles(connect, audience):
    become(connect(Login.ANONYMOUS), audience)


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.PARTNER])
def test_nobody_anonymous_reads_the_exact_and_the_raw(connect, empty_url, audience):
    cursor = connect(Login.ANONYMOUS)
    become(cursor, audience)
    guarded = tables(empty_url, "exact", "raw")
    assert {schema for schema, _ in guarded} == {"exact", "raw"}
    for table in guarded:
        with pytest.raises(errors.InsufficientPrivilege):
            cursor.execute(sql.SQL("SELECT 1 FROM {}").format(sql.Identifier(*table)))


def test_the_public_reads_services_and_not_the_front_gate(connect):
    cursor = connect(Login.ANONYMOUS)
    become(cursor, Audience.PUBLIC)
    cursor.execute("SELECT count(*) FROM lakana.service")
    assert cursor.fetchone() == (0,)
    with pytest.raises(errors.InsufficientPrivilege):
        cursor.execute("SELECT 1 FROM lakana.front_gate")


@pytest.mark.parametrize("audience", Audience)
def test_no_audience_writes(connect, empty_url, audience):
    cursor = connect(Login.TRUSTED if audience in TRUSTED else Login.ANONYMOUS)
    become(cursor, audience)
    for table in tables(empty_url, "lakana"):
        with pytest.raises(errors.InsufficientPrivilege):
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(*table)))


def test_no_statistics_tell_the_extent_of_the_exact_places(make_database):
    """PostGIS gives the extent from statistics to anybody, whatever their rights to the table."""
    url = make_database()
    database.upgrade(url)
    mali.seed(url)
    with owner_transaction(url) as connection:
        connection.exec_driver_sql("ANALYZE exact.site")
        extent = connection.exec_driver_sql("SELECT ST_EstimatedExtent('exact', 'site', 'point')").scalar()
        assert connection.exec_driver_sql("SELECT ST_EstimatedExtent('lakana', 'service', 'point')").scalar()
    assert extent is None
