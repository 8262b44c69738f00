"""A database comes back from its backup as it was: every row, every right; and nothing comes from half a file."""

from __future__ import annotations

import os
import stat
import subprocess

import httpx
import pytest
from sqlalchemy import make_url, text

from geo import audit
from geo.cluster import backup, private
from geo.database import owner
from geo.database.owner import owner_transaction
from geo.errors import SetupError
from geo.identity.scope import Scope
from tests.served import LAKANA, served
from tests.signed_in import invited

pytestmark = pytest.mark.database

PASSWORD = "s3cret"  # noqa: S105

TABLES = """
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public')
"""
RIGHTS = r"""
SELECT 'schema' AS kind, nspname::text AS name, coalesce(nspacl, acldefault('n', nspowner))::text AS told
  FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)'
UNION ALL SELECT 'relation', c.oid::regclass::text, relacl::text FROM pg_class c
UNION ALL SELECT 'column', concat(attrelid::regclass, '.', attname),
    concat(attacl, format_type(atttypid, atttypmod), attnotnull, attstattarget, attgenerated)
  FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped
UNION ALL SELECT 'function', oid::regprocedure::text, concat(proacl, prosecdef) FROM pg_proc
UNION ALL SELECT 'type', oid::regtype::text, typacl::text FROM pg_type
UNION ALL SELECT 'default', concat(defaclobjtype, defaclnamespace::regnamespace), defaclacl::text FROM pg_default_acl
UNION ALL SELECT 'database', '', datacl::text FROM pg_database WHERE datname = current_database()
UNION ALL SELECT 'trigger', concat(tgrelid::regclass, '.', tgname), concat(pg_get_triggerdef(oid), tgenabled)
  FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'constraint', concat(conrelid::regclass, '.', conname), pg_get_constraintdef(oid) FROM pg_constraint
UNION ALL SELECT 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
"""
"""Every privilege and every definition, by name, because object numbers differ between databases."""


def rows_of(url):
    """Return a digest of the rows of every table, in no order."""
    with owner_transaction(url) as connection:
        tables = [name for (name,) in connection.exec_driver_sql(TABLES)]
        return {
            table: connection.exec_driver_sql(
                f"SELECT count(*) || ' ' || coalesce(md5(string_agg(row, '|' ORDER BY row)), '') "
                f"FROM (SELECT md5(t::text) AS row FROM {table} t) rows"
            ).scalar()
            for table in tables
        }


def apart_from_what_a_restore_writes(rows):
    """Return the rows without those of the log, which has one entry more, and of links and sessions, which end."""
    written = {"audit.entry", "identity.invitation", "identity.session"}
    return {name: told for name, told in rows.items() if name not in written}


def open_links(url):
    with owner_transaction(url) as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM identity.invitation WHERE revoked_at IS NULL").scalar()


def rights_of(url):
    with owner_transaction(url) as connection:
        return {(kind, name): told for kind, name, told in connection.exec_driver_sql(RIGHTS) if "pg_toast" not in name}


@pytest.fixture(scope="module")
def backup_file(seeded_url, tmp_path_factory):
    file = tmp_path_factory.mktemp("backup") / "lakana.backup"
    invited(seeded_url, Scope("PLANNER"))
    steps = []
    backup.backup(seeded_url, file, lambda step, done, total: steps.append((step, done, total)))
    assert steps[0][0] == "backup"
    assert steps[-1][1] == steps[-1][2] > 20
    return file


def test_rows_and_rights_come_back(backup_file, seeded_url, make_database, tmp_path, figure):
    url = make_database()
    backup.restore(url, backup_file)
    assert stat.S_IMODE(backup_file.stat().st_mode) == 0o600
    rows, rights = rows_of(seeded_url), rights_of(seeded_url)
    assert sum(int(told.split()[0]) for told in rows.values()) > 10_000
    assert apart_from_what_a_restore_writes(rows_of(url)) == apart_from_what_a_restore_writes(rows)
    assert (open_links(seeded_url) > 0, open_links(url)) == (True, 0)
    with owner_transaction(url) as connection:
        newest = "SELECT number, subject FROM audit.entry ORDER BY number DESC LIMIT 1"
        many, subject = connection.exec_driver_sql(newest).one()
    assert subject == audit.RESTORED
    assert int(rows["audit.entry"].split()[0]) == many - 1
    assert rights_of(url) == rights
    owner.check(url)
    entries, wrong = audit.verify(url, tmp_path)
    assert entries
    assert wrong == []
    many = sum(int(told.split()[0]) for told in rows.values())
    figure(
        f"backup and restore: {len(rows)} tables, {many:,} rows, {len(rights):,} rights and definitions",
        "identical",
        "",
    )
    with owner_transaction(url) as connection:  # control: the comparison sees a change
        connection.exec_driver_sql("UPDATE lakana.service SET capacity = capacity + 1 WHERE capacity IS NOT NULL")
        connection.exec_driver_sql("GRANT SELECT ON exact.site TO lakana_public")
    changed = {name for name, told in rows_of(url).items() if told != rows[name]}
    assert changed - {"identity.invitation", "identity.session"} == {
        "lakana.service",
        "exact.places",
        "lakana.data_change",
        "lakana.public_version",
        "audit.entry",
        "audit.sealed",
    }
    assert {name for name, told in rights_of(url).items() if told != rights[name]} == {("relation", "exact.site")}


def test_the_command_restores_into_another_server_and_that_serves(seeded_url, open_folder, tmp_path):
    """Of a database of one's own into a private cluster, where no login exists."""
    data_dir, file = open_folder / "restored", tmp_path / "lakana.backup"
    lakana = {**os.environ, "LAKANA_DATA_DIR": str(data_dir)}
    made = subprocess.run(
        [*LAKANA, "db", "backup", file],
        env={**lakana, "LAKANA_DATABASE_URL": seeded_url},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "release key" in made.stdout
    assert "pepper" in made.stdout
    assert "backup …" in made.stderr
    try:
        url = private.start(data_dir)
        subprocess.run([*LAKANA, "db", "restore", file], env=lakana, capture_output=True, text=True, check=True)
        assert apart_from_what_a_restore_writes(rows_of(url)) == apart_from_what_a_restore_writes(rows_of(seeded_url))
        question = {
            "query": '{ services(first: 5) { totalCount edges { node { id name } } } locality(name: "Sikasso") { id } }'
        }
        with served(seeded_url) as (one, _), served(url) as (other, _):
            answers = [httpx.post(f"{base}/graphql", json=question).json() for base in (one, other)]
        assert answers[0]["data"]["services"]["totalCount"] > 0
        assert answers[0] == answers[1]
    finally:
        private.discard(data_dir)


def test_a_database_that_is_not_empty_is_left_alone(backup_file, empty_url):
    before = rows_of(empty_url)
    with pytest.raises(SetupError, match="not empty: it holds audit"):
        backup.restore(empty_url, backup_file)
    assert rows_of(empty_url) == before


def test_a_table_of_somebody_elses_is_told(backup_file, make_database):
    url = make_database()
    with owner_transaction(url) as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (id int)")
    with pytest.raises(SetupError, match=r"it holds public\.theirs"):
        backup.restore(url, backup_file)


@pytest.mark.parametrize("share", [0.001, 0.5, 0.999])
def test_nothing_comes_from_a_file_that_was_cut(backup_file, make_database, tmp_path, share):
    whole = backup_file.read_bytes()
    file = tmp_path / "cut.backup"
    file.write_bytes(whole[: int(len(whole) * share)])
    url = make_database()
    with pytest.raises(SetupError, match=r"cut\.backup") as caught:
        backup.restore(url, file)
    assert "\n" not in str(caught.value)
    with owner_transaction(url) as connection:
        assert connection.exec_driver_sql(TABLES).all() == []


def test_nothing_comes_from_a_file_that_was_damaged(backup_file, make_database, tmp_path):
    damaged = bytearray(backup_file.read_bytes())
    middle = len(damaged) // 2
    damaged[middle : middle + 200] = bytes(200)
    file = tmp_path / "damaged.backup"
    file.write_bytes(damaged)
    url = make_database()
    with pytest.raises(SetupError, match="nothing was"):
        backup.restore(url, file)
    with owner_transaction(url) as connection:
        assert connection.exec_driver_sql(TABLES).all() == []


@pytest.mark.parametrize("content", [b"", b"hello", b"-- PostgreSQL database dump\nSELECT 1;\n", b"PGDMP"])
def test_what_is_no_backup_is_one_line(content, make_database, tmp_path):
    file = tmp_path / "other"
    file.write_bytes(content)
    with pytest.raises(SetupError, match="is no backup of Lakana") as caught:
        backup.restore(make_database(), file)
    assert "\n" not in str(caught.value)


def test_a_backup_that_fails_leaves_nothing(make_database, seeded_url, tmp_path, monkeypatch):
    file = tmp_path / "lakana.backup"
    with pytest.raises(SetupError, match="nothing to back up"):
        backup.backup(make_database(), file)
    monkeypatch.setattr("geo.cluster.backup._SCHEMAS", text("SELECT 'nowhere'"))
    with pytest.raises(SetupError, match="could not be made"):
        backup.backup(seeded_url, file)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("links", [True, False])
def test_a_backup_never_overwrites(seeded_url, tmp_path, monkeypatch, links):
    """Not even one that somebody else has written meanwhile, nor where the file system knows no hard links."""

    def dumped(*_, **__):
        file.write_text("another's")

    def cannot(*_):
        raise PermissionError

    file = tmp_path / "lakana.backup"
    if not links:
        monkeypatch.setattr("os.link", cannot)
    monkeypatch.setattr("geo.cluster.backup._run", dumped)
    for _ in range(2):
        with pytest.raises(SetupError, match=r"lakana\.backup is there already"):
            backup.backup(seeded_url, file)
        assert [path.read_text() for path in tmp_path.iterdir()] == ["another's"]
    file.unlink()
    monkeypatch.setattr("geo.cluster.backup._run", lambda *_, **__: None)
    backup.backup(seeded_url, file)
    assert file.exists()


def test_the_password_is_no_argument(seeded_url, tmp_path, monkeypatch):
    seen = []

    def note(command, **options):
        seen.append((command, options["env"]))
        raise SetupError("seen")

    monkeypatch.setattr("subprocess.Popen", note)
    address = make_url(seeded_url).set(password=PASSWORD).render_as_string(hide_password=False)
    with pytest.raises(SetupError, match="seen"):
        backup.backup(address, tmp_path / "x")
    [(command, environment)] = seen
    assert PASSWORD not in " ".join(map(str, command))
    assert environment["PGPASSWORD"] == PASSWORD
