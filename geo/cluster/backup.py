"""A backup of a database in one file, and a database from such a file."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from sqlalchemy import Connection, func, make_url, text, update

from geo import audit
from geo.cluster.postgresql import programs
from geo.database import owner
from geo.database.tables import invitation, session
from geo.errors import SetupError
from geo.progress import Progress, silent

STEPS = {"pg_dump": "backup", "pg_restore": "restore"}
AT_A_TABLE = ("dumping contents of table", "processing data for table")
"""What PostgreSQL's programs print when they reach a table."""

OURS = " TABLE lakana alembic_version "
"""A line in the list of contents of every backup of ours."""

# Objects of an extension come with the extension, and may have another owner.
_SCHEMAS = text("""
SELECT nspname FROM pg_namespace n
WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public') AND NOT EXISTS (
  SELECT FROM pg_depend WHERE classid = 'pg_namespace'::regclass AND objid = n.oid AND deptype = 'e')
ORDER BY nspname
""")
_TABLES = text("""
SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (
  SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
ORDER BY 1
""")


class _Failed(Exception):
    """A program failed; the text is its own error message."""


def backup(url: str, file: Path, progress: Progress = silent) -> None:
    """Write the database at this address to a file of mode 600; a failed backup leaves no file.

    Parameters
    ----------
    url
        The owner's address.
    file
        The target; an existing file is never overwritten.
    progress
        Called for each table.

    Raises
    ------
    SetupError
        Where there is such a file already or nothing to back up, or PostgreSQL's programs are missing or older than
        the server.
    Unavailable
        Where nothing answers.

    """
    there = SetupError(f"{file} is there already, and a backup is never overwritten; name another file.")
    if os.path.lexists(file):
        raise there
    with owner.owner_transaction(url) as connection:
        schemas, tables = _names(connection, _SCHEMAS), _names(connection, _TABLES)
    if not tables:
        raise SetupError("There is nothing to back up: the database is empty.")
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    os.close(descriptor)
    new = Path(name)
    try:
        chosen = [f'--schema="{schema}"' for schema in schemas]
        _run(url, "pg_dump", ["--format=custom", f"--file={new}", *chosen], len(tables), progress)
        _name(new, file)
    except FileExistsError:
        raise there from None
    except _Failed as failed:
        raise SetupError(f"The backup could not be made: {failed}") from None
    finally:
        new.unlink(missing_ok=True)


def _name(new: Path, file: Path) -> None:
    """Give the finished file its name, unless another file of that name has appeared meanwhile."""
    try:
        os.link(new, file)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: a memory stick, a share
        if os.path.lexists(file):
            raise FileExistsError from None
        new.rename(file)


def restore(url: str, file: Path, progress: Progress = silent) -> None:
    """Restore a backup into the empty database at this address, wholly or not at all, and migrate it.

    The logins belong to the server, not to the database: missing ones are created, with passwords that are derived
    from this address.

    Parameters
    ----------
    url
        The owner's address.
    file
        What :func:`backup` wrote.
    progress
        Called for each table.

    Raises
    ------
    SetupError
        Where the database is not empty, the file is no whole backup of Lakana, or its rows cannot be brought to the
        newest revision; nothing is restored then.
    Unavailable
        Where nothing answers.

    """
    tables = _tables_in(file)
    with owner.owner_transaction(url) as connection:
        there = _names(connection, _SCHEMAS) + _names(connection, _TABLES)
        if there:
            raise SetupError(
                f"The database is not empty: it holds {there[0]}. Restore into a new one, by LAKANA_DATA_DIR "
                "(a new folder) or LAKANA_DATABASE_URL (a new database)."
            )
        owner.require(connection)
        owner.make_logins(connection)
    try:
        _run(url, "pg_restore", ["--no-owner", "--single-transaction", str(file)], tables, progress)
    except _Failed as failed:
        raise SetupError(f"{file} could not be restored, and nothing was: {failed}") from None
    try:
        owner.upgrade(url)
        with owner.owner_transaction(url) as connection, audit.bulk(connection, audit.RESTORED):
            # Its log says where it came from. Links and sessions may have ended since: nobody is signed in.
            for table, end in ((session, session.c.ended_at), (invitation, invitation.c.revoked_at)):
                connection.execute(update(table).where(end.is_(None)).values({end: func.now()}))
    except Exception:
        _clear(url)  # data of an older revision that cannot be migrated may show too much, so it must not stay
        raise
    owner.vacuum(url)


def _clear(url: str) -> None:
    with owner.owner_transaction(url) as connection:
        for schema in _names(connection, _SCHEMAS):
            connection.exec_driver_sql(f'DROP SCHEMA "{schema}" CASCADE')


def _names(connection: Connection, statement: object) -> list[str]:
    return list(connection.scalars(statement))  # type: ignore[call-overload]


def _tables_in(file: Path) -> int:
    """Count the tables of a backup."""
    with file.open("rb"):
        pass  # a missing or unreadable file raises its own error
    listed = subprocess.run(
        [programs() / "pg_restore", "--list", file], check=False, capture_output=True, text=True, errors="replace"
    )
    if listed.returncode:
        raise SetupError(f"{file} is no backup of Lakana: {_reason(listed.stderr)}")
    if OURS not in listed.stdout:
        raise SetupError(f"{file} is no backup of Lakana: it holds something else.")
    return listed.stdout.count(" TABLE DATA ")


def _run(url: str, program: str, options: list[str], tables: int, progress: Progress) -> None:
    address = make_url(url).set(drivername="postgresql")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
    if address.password is not None:
        # Not as an argument, which other users of the machine can see.
        environment["PGPASSWORD"] = str(address.password)
    shown = address.set(password=None).render_as_string()
    done, last = 0, ""
    with subprocess.Popen(
        [programs() / program, "--no-password", "--verbose", f"--dbname={shown}", *options],
        env=environment,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as running:
        assert running.stderr is not None  # noqa: S101
        try:
            for line in running.stderr:
                if any(words in line for words in AT_A_TABLE):
                    done += 1
                    progress(STEPS[program], done, tables)
                last = line if "error:" in line or "error:" not in last else last
        except BaseException:
            running.terminate()
            raise
    if running.returncode:
        raise _Failed(_reason(last))


def _reason(said: str) -> str:
    first = next((line for line in said.splitlines() if "error:" in line), said).strip()
    return first.partition("error: ")[2] or first or "it said nothing"
