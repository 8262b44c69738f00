"""Migrations: up, down and up again, and no difference between the tables and the database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from geo.database import owner
from geo.errors import SetupError, Unavailable

pytestmark = pytest.mark.database

TABLES = text(
    "SELECT count(*) FROM pg_tables WHERE schemaname IN ('lakana', 'exact', 'raw', 'identity', 'audit', 'ledger', 'road') "
    "AND tablename <> 'alembic_version'"
)


def tables(url):
    with owner.owner_transaction(url) as connection:
        return connection.scalar(TABLES)


def test_up_down_and_up_again(make_database):
    url = make_database()
    owner.upgrade(url)
    many = tables(url)
    assert many > 10
    owner.upgrade(url)
    assert tables(url) == many
    owner.downgrade(url)
    assert tables(url) == 0
    owner.upgrade(url)
    assert tables(url) == many


def test_the_newest_revision_is_the_one_that_migrations_lead_to():
    assert [owner.newest_revision()] == ScriptDirectory.from_config(owner._alembic_config()).get_heads()


def test_a_database_at_the_newest_revision_is_not_migrated(empty_url, monkeypatch):
    monkeypatch.setattr(owner, "_migrate", pytest.fail)
    owner.upgrade(empty_url)


def test_one_at_another_revision_is_not_taken_for_it(make_database):
    url = make_database()
    owner.upgrade(url)
    with owner.owner_transaction(url) as connection:
        connection.execute(text("UPDATE lakana.alembic_version SET version_num = '9999'"))
    with pytest.raises(SetupError, match="9999"):
        owner.upgrade(url)


def test_the_tables_and_the_database_agree(empty_url):
    owner.check(empty_url)


def test_no_function_sets_what_only_a_superuser_may_restore(empty_url):
    """A parameter of an extension that is not loaded yet, as when a backup is restored."""
    with owner.owner_transaction(empty_url) as connection:
        set_so = connection.exec_driver_sql(
            "SELECT DISTINCT split_part(each, '=', 1) FROM pg_proc, unnest(proconfig) AS each "
            "WHERE pronamespace IN ('lakana'::regnamespace, 'exact'::regnamespace, 'audit'::regnamespace)"
        ).scalars()
        assert [each for each in set_so if "." in each] == []


def test_two_servers_that_start_together_migrate_once(make_database):
    url = make_database()
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(owner.upgrade, [url, url]))
    owner.check(url)


def test_nothing_there_is_said_without_the_password():
    with pytest.raises(Unavailable) as caught:
        owner.upgrade("postgresql://somebody:s3cret@/none?host=/nowhere")
    assert "s3cret" not in str(caught.value)
