"""The owner's access to the database: its engine, the migrations, and the logins that requests run as."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from psycopg2.extensions import encrypt_password
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from geo.audience import LOGINS
from geo.database.sqlstates import reason_of, trouble
from geo.errors import CannotWrite, SetupError, Unavailable

if TYPE_CHECKING:
    from alembic.config import Config

EXTENSIONS = ("postgis", "btree_gist", "unaccent", "pg_trgm")
OLDEST_POSTGRESQL, OLDEST_POSTGIS = 150000, (3, 3)


def sql_file(name: str) -> str:
    """Read a statement by its path below ``geo``, without ``.sql``."""
    return resources.files("geo").joinpath(f"{name}.sql").read_text(encoding="utf-8")


def owner_engine(url: str) -> Engine:
    """Open the owner's engine on a ``postgresql://`` address; it keeps no idle connection.

    A session whose command is gone ends within a second, and does not go on for minutes with what it has locked.
    """
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg2"),
        poolclass=NullPool,
        hide_parameters=True,
        # For an owner called lakana, our schema would otherwise be the default.
        connect_args={"options": "-c search_path=public -c client_connection_check_interval=1s"},
    )


GONE = "The database went away; whether the change was made is not known."


@contextmanager
def owner_transaction(url: str) -> Iterator[Connection]:
    """Open the owner's connection in one transaction, committed at the end and rolled back on any error.

    Raises
    ------
    CannotWrite
        Where the database has no room, or may not write.
    Unavailable
        If nothing answers at the address, or the database goes away. The text does not repeat the address, which may
        contain a password.

    """
    engine = owner_engine(url)
    try:
        connection = engine.connect()
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[-1]
        raise trouble(error) or Unavailable(f"The database cannot be reached: {reason}") from None
    try:
        with connection, connection.begin():
            yield connection
    except DBAPIError as error:
        # Any other error is handled by the caller.
        told = trouble(error) or (Unavailable(GONE) if error.connection_invalidated else None)
        if told is None:
            raise
        raise told from None


def try_to_write(url: str) -> None:
    """Write a megabyte to a temporary table, to find out whether the database can write.

    Raises
    ------
    CannotWrite
        If there is no room for it, or the database is read-only.

    """
    with owner_transaction(url) as connection:
        if connection.scalar(text("SELECT current_setting('transaction_read_only')::boolean")):
            raise CannotWrite("25006", reason_of("25006") or "")
        connection.exec_driver_sql(
            "CREATE TEMPORARY TABLE lakana_try ON COMMIT DROP AS SELECT repeat('x', 1000) FROM generate_series(1, 1000)"
        )


def login_url(owner_url: str, login: str) -> str:
    """Return the address that a login uses, for psycopg2.

    The password of a login is a keyed hash of the owner's, so every server of one database derives the same one and
    there is no further secret. If the owner needs no password (on a private socket), neither does a login.
    """
    url = make_url(owner_url).set(drivername="postgresql", username=login)
    if url.password is not None:
        digest = hmac.new(str(url.password).encode(), login.encode(), hashlib.sha256)
        url = url.set(password=digest.hexdigest())
    return url.render_as_string(hide_password=False)


def _alembic_config() -> Config:
    from alembic.config import Config  # noqa: PLC0415  slow to import, and only the set-up needs it

    config = Config()
    config.set_main_option("script_location", "geo.database:migrations")
    return config


def require(connection: Connection) -> None:
    """Add the extensions that are missing.

    Raises
    ------
    SetupError
        If the server is too old, or we may not add an extension.

    """
    version = connection.scalar(text("SELECT current_setting('server_version_num')::int")) or 0
    if version < OLDEST_POSTGRESQL:
        raise SetupError(f"PostgreSQL {version // 10000} is too old; Lakana needs 15 or newer.")
    for name in EXTENSIONS:
        if not connection.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = :name"), {"name": name}):
            try:
                with connection.begin_nested():
                    connection.execute(text(f"CREATE EXTENSION {name} SCHEMA public"))
            except (ProgrammingError, OperationalError) as error:
                reason = str(error.orig).strip().splitlines()[0]
                raise SetupError(
                    f"The extension {name} is missing and could not be added ({reason}). "
                    f"Install it on the database server, or have a superuser run CREATE EXTENSION {name} SCHEMA public."
                ) from None
    found = str(connection.scalar(text("SELECT public.postgis_lib_version()")))
    if tuple(int(part) for part in found.split(".")[:2]) < OLDEST_POSTGIS:
        raise SetupError(f"PostGIS {found} is too old; Lakana needs 3.3 or newer.")


def make_logins(connection: Connection) -> None:
    """Create missing logins without any right; a migration or a backup grants what each may do."""
    there = set(connection.scalars(text("SELECT rolname FROM pg_roles")))
    for login in LOGINS:
        if login not in there:
            connection.exec_driver_sql(f"CREATE ROLE {login} LOGIN NOINHERIT")


def _set_passwords(connection: Connection, owner_url: str) -> None:
    raw = connection.connection.driver_connection
    for login in LOGINS:
        password = make_url(login_url(owner_url, login)).password
        if password is not None:
            # Hashed here, so that the password appears neither in the server's log nor in its statistics.
            hashed = encrypt_password(str(password), login, scope=raw, algorithm="scram-sha-256")
            connection.exec_driver_sql(f"ALTER ROLE {login} PASSWORD '{hashed}'")


def _take_defaults(connection: Connection) -> None:
    """Revoke from every login the right to create temporary tables, which PostgreSQL grants to all."""
    name = connection.dialect.identifier_preparer.quote(str(connection.scalar(text("SELECT current_database()"))))
    connection.exec_driver_sql(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC")


@dataclass(frozen=True, slots=True)
class RevisionTrouble:
    """That a database is not at this program's revision."""

    sentence: str
    is_newer: bool
    """Whether a newer program has upgraded it, so that this one cannot."""


def revision_trouble(connection: Connection) -> RevisionTrouble | None:
    """Return why this program cannot serve the database as it is; ``None`` where both are of one revision, or empty."""
    found, known = _revision(connection), _revisions()
    if found in {"", known[0]}:
        return None
    if found in known:
        told = f"The database is too old for this program (revision {found}, not {known[0]}): run lakana db upgrade."
        return RevisionTrouble(told, is_newer=False)
    return RevisionTrouble(
        f"The database is too new for this program (revision {found}, which is not known beside {known[0]}): install "
        "the version of Lakana that upgraded it, or restore the backup of before.",
        is_newer=True,
    )


def _revision(connection: Connection) -> str:
    """Return the revision that a database is at; no text for an empty one."""
    if connection.scalar(text("SELECT to_regclass('lakana.alembic_version')")) is None:
        return ""
    return connection.scalar(text("SELECT version_num FROM lakana.alembic_version")) or ""


@cache
def _revisions() -> list[str]:
    """Return the revisions that this program knows, the newest first; their files begin with their numbers."""
    files = resources.files("geo.database").joinpath("migrations", "versions").iterdir()
    return sorted((number for each in files if (number := each.name[:4]).isdigit()), reverse=True)


def newest_revision() -> str:
    """Return the newest revision of this version of the program."""
    return _revisions()[0]


def upgrade(url: str) -> None:
    """Migrate the database at this address to the newest revision, if it is not there already.

    Raises
    ------
    SetupError
        Where the server is too old, an extension is missing, or a newer program has upgraded the database.
    Unavailable
        Where nothing answers.

    """
    with owner_transaction(url) as connection:
        # Two servers that start together must not migrate at the same time.
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('lakana.upgrade'))"))
        require(connection)
        if (told := revision_trouble(connection)) is not None and told.is_newer:
            raise SetupError(told.sentence)
        if _revision(connection) != newest_revision():
            _migrate(connection)
        _take_defaults(connection)
        _set_passwords(connection, url)


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  a fifth of a second, which a command that migrates nothing has not

    config = _alembic_config()
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS lakana"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def downgrade(url: str) -> None:
    """Revert every revision, deleting the data."""
    from alembic import command  # noqa: PLC0415

    config = _alembic_config()
    with owner_transaction(url) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")


def check(url: str) -> None:
    """Raise if the table definitions and the database differ."""
    from alembic import command  # noqa: PLC0415

    config = _alembic_config()
    with owner_transaction(url) as connection:
        config.attributes["connection"] = connection
        command.check(config)


def vacuum(url: str) -> None:
    """Refresh the statistics and visibility maps after a bulk load; plans and index-only scans depend on them."""
    with owner_engine(url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM (ANALYZE)")
