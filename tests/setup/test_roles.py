"""Who may read what: held by the database itself, whatever the server asks it."""

from __future__ import annotations

import psycopg2
import pytest
from psycopg2 import errors, sql

from geo.audience import GATE, LOGINS, Audience
from geo.database.owner import login_url, owner_transaction

pytestmark = pytest.mark.database

PRIVATE = ("exact", "raw", "identity", "audit")
PARTNERS_UP = tuple(each for each in Audience if each is not Audience.PUBLIC)


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


def columns(empty_url, *schemas):
    with owner_transaction(empty_url) as connection:
        rows = connection.exec_driver_sql(
            "SELECT table_schema, table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = ANY (%s) AND table_name <> 'alembic_version'",
            (list(schemas),),
        )
        return [tuple(row) for row in rows]


def reads(cursor, schema, table, column):
    try:
        cursor.execute(
            sql.SQL("SELECT {} FROM {} LIMIT 1").format(sql.Identifier(column), sql.Identifier(schema, table))
        )
    except errors.InsufficientPrivilege:
        return False
    return True


def test_logins_inherit_nothing_and_are_no_superusers(connect):
    cursor = connect(Audience.PUBLIC)
    cursor.execute(
        "SELECT rolname, rolinherit OR rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls OR rolreplication "
        "FROM pg_roles WHERE rolname LIKE 'lakana|_%' ESCAPE '|' ORDER BY rolname"
    )
    assert cursor.fetchall() == [(login, False) for login in sorted(LOGINS)]


@pytest.mark.parametrize("login", LOGINS)
def test_no_login_steps_into_another(connect, login):
    cursor = connect(login)
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname <> current_user")
    others = [name for (name,) in cursor.fetchall()]
    assert {*LOGINS} - {login} < {*others}
    for other in others:
        for command in ("SET ROLE {}", "SET SESSION AUTHORIZATION {}"):
            with pytest.raises(errors.InsufficientPrivilege):
                cursor.execute(sql.SQL(command).format(sql.Identifier(other)))
    cursor.execute("SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole")
    assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("login", [Audience.PUBLIC, Audience.PARTNER, Audience.PLANNER, Audience.CUSTODIAN])
def test_no_restricted_column_is_read(connect, empty_url, login):
    cursor = connect(login)
    guarded = columns(empty_url, *PRIVATE)
    assert {schema for schema, _, _ in guarded} == {*PRIVATE}
    assert [column for column in guarded if reads(cursor, *column)] == []


def test_the_steward_reads_the_audit_log_and_no_other_restricted_column(connect, empty_url):
    cursor = connect(Audience.STEWARD)
    readable = {
        (schema, table)
        for schema, table, column in columns(empty_url, *PRIVATE)
        if reads(cursor, schema, table, column)
    }
    imported = {("audit", "import"), ("audit", "import_file"), ("audit", "area_spelling")}
    assert readable == {("audit", "entry"), ("audit", "withheld")} | imported  # the second holds only digests


def test_the_owner_reads_them_all(empty_url):
    """The control: a column that nobody can read would prove nothing."""
    with psycopg2.connect(empty_url) as connection, connection.cursor() as cursor:
        assert all(reads(cursor, *column) for column in columns(empty_url, *PRIVATE))


def test_the_public_reads_services_and_not_the_front_gate(connect, empty_url):
    cursor = connect(Audience.PUBLIC)
    readable = {table for _, table, column in columns(empty_url, "lakana") if reads(cursor, "lakana", table, column)}
    everything = {table for _, table, _ in columns(empty_url, "lakana")}
    assert everything - readable == {
        "demand_nation",
        "front_gate",
        "hours_read",
        "proposal",
        "wrong_number",
        "scenario",
        "siting_job",
        "data_change",
        "public_version",
        "nation_spot",
        "population_cell",
        "known_person",
        "population_share",
    }


@pytest.mark.parametrize("login", PARTNERS_UP)
def test_partners_and_above_read_the_front_gate(connect, login):
    assert reads(connect(login), "lakana", "front_gate", "contact")


def test_the_gate_reads_keys_and_people_and_nothing_else(connect, empty_url):
    cursor = connect(GATE)
    assert all(reads(cursor, *column) for column in columns(empty_url, "identity"))
    others = columns(empty_url, "lakana", "exact", "raw")
    assert [column for column in others if reads(cursor, *column)] == []


@pytest.mark.parametrize("login", [Audience.PUBLIC, Audience.PLANNER, Audience.CUSTODIAN, GATE])
def test_who_only_reads_cannot_write(connect, empty_url, login):
    cursor = connect(login)
    tables = {(schema, table) for schema, table, _ in columns(empty_url, "lakana", *PRIVATE)}
    tables -= {("lakana", "access"), ("lakana", "known_person")}  # views that nobody can write to
    if login is Audience.PLANNER:
        tables -= {("lakana", "scenario"), ("lakana", "siting_job")}  # the only tables that planners write
    for schema, table in tables:
        for command in ("DELETE FROM {}", "INSERT INTO {} DEFAULT VALUES", "TRUNCATE {}"):
            with pytest.raises(errors.InsufficientPrivilege):
                cursor.execute(sql.SQL(command).format(sql.Identifier(schema, table)))


@pytest.mark.parametrize("login", LOGINS)
def test_no_login_makes_tables(connect, login):
    cursor = connect(login)
    for command in ("CREATE TEMPORARY TABLE mine (id int)", "CREATE TABLE mine (id int)", "CREATE SCHEMA mine"):
        with pytest.raises(errors.InsufficientPrivilege):
            cursor.execute(command)


def test_no_statistics_tell_the_extent_of_the_exact_places(copy_seeded):
    """PostGIS gives the extent from statistics to anybody, whatever their rights to the table."""
    url = copy_seeded()
    with owner_transaction(url) as connection:
        connection.exec_driver_sql("ANALYZE exact.site")
        extent = connection.exec_driver_sql("SELECT ST_EstimatedExtent('exact', 'site', 'point')").scalar()
        assert connection.exec_driver_sql("SELECT ST_EstimatedExtent('lakana', 'service', 'point')").scalar()
    assert extent is None
