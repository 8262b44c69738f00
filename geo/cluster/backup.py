"""A backup of a database in one file, and a database from such a file."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, func, make_url, text, update

from geo import audit
from geo.cluster import encryption
from geo.cluster.postgresql import programs
from geo.database import owner
from geo.database.tables import invitation, session
from geo.errors import SetupError
from geo.progress import Progress, silent

STEPS = {"pg_dump": "backup", "pg_restore": "restore"}
AT_A_TABLE = ("dumping contents of table", "processing data for table")
"""What PostgreSQL's programs print when they reach a table."""

READ = 1 << 20
"""Bytes that are read at a time of what is only checked."""
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


def backup(url: str, file: Path, progress: Progress = silent, *, recipient: str | None = None) -> None:
    """Write the database at this address to a file of mode 600; a failed backup leaves no file.

    Parameters
    ----------
    url
        The owner's address.
    file
        The target; an existing file is never overwritten.
    progress
        Called for each table.
    recipient
        Whose key may read it (:func:`geo.cluster.encryption.encryptor`); without one it is not encrypted.

    Raises
    ------
    SetupError
        Where there is such a file already or nothing to back up, PostgreSQL's programs are missing or older than
        the server, or it cannot be encrypted for the recipient.
    Unavailable
        Where nothing answers.

    """
    there = SetupError(f"{file} is there already, and a backup is never overwritten; name another file.")
    if os.path.lexists(file):
        raise there
    encrypted_by = None if recipient is None else encryption.encryptor(recipient)
    with owner.owner_transaction(url) as connection:
        schemas, tables = _names(connection, _SCHEMAS), _names(connection, _TABLES)
    if not tables:
        raise SetupError("There is nothing to back up: the database is empty.")
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    os.close(descriptor)
    new = Path(name)
    try:
        chosen = [f'--schema="{schema}"' for schema in schemas]
        with new.open("wb") as target, _through(encrypted_by, target, "The backup could not be encrypted") as given:
            _run(url, "pg_dump", ["--format=custom", *chosen], len(tables), progress, stdout=given)
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


@contextmanager
def _through(command: list[str] | None, target: IO[bytes], failing: str) -> Iterator[IO[bytes]]:
    """Give what is to be written to, which a command passes on to the target; without one, the target itself."""
    if command is None:
        yield target
        return
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=target, stderr=subprocess.PIPE) as running:
        assert running.stdin is not None and running.stderr is not None  # noqa: S101, PT018
        failed = None
        try:
            yield running.stdin
        except _Failed as error:  # whatever wrote to a program that is gone
            failed = error
        except BaseException:
            running.kill()
            raise
        with suppress(BrokenPipeError):
            running.stdin.close()
        said = running.stderr.read()
    if running.returncode:
        raise SetupError(f"{failing}: {_reason(said.decode(errors='replace'))}")
    if failed is not None:
        raise failed


@contextmanager
def _opened(file: Path, identity: Path | None) -> Iterator[IO[bytes]]:
    """Give the plain bytes of a backup; whether an encrypted one was cut or edited is known when it is read whole."""
    command = encryption.decryptor(file, identity)
    if command is None:
        with file.open("rb") as plain:
            yield plain
        return
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None and running.stderr is not None  # noqa: S101, PT018
        try:
            yield running.stdout
        finally:
            running.stdout.close()
        said = running.stderr.read()
    if running.returncode:
        told = said.decode(errors="replace").strip().splitlines()
        raise SetupError(
            f"{file} was cut or edited, or its key is not at hand: {told[-1] if told else 'no reason given'}"
        )


def restore(url: str, file: Path, progress: Progress = silent, *, identity: Path | None = None) -> None:
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
    identity
        The file of the private key, where age has encrypted it.

    Raises
    ------
    SetupError
        Where the database is not empty, the file is no whole backup of Lakana, or its rows cannot be brought to the
        newest revision; nothing is restored then.
    Unavailable
        Where nothing answers.

    """
    tables = _tables_in(file, identity)
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
        with _opened(file, identity) as given:
            _run(url, "pg_restore", ["--no-owner", "--single-transaction"], tables, progress, stdin=given)
            given.read()
    except _Failed as failed:
        raise SetupError(f"{file} could not be restored, and nothing was: {failed}") from None
    except SetupError:
        _clear(url)  # a cut or edited end is only found at the end
        raise
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


def tables(connection: Connection) -> list[str]:
    """Return the tables that a backup has the rows of, with their schemas."""
    return _names(connection, _TABLES)


def _clear(url: str) -> None:
    with owner.owner_transaction(url) as connection:
        for schema in _names(connection, _SCHEMAS):
            connection.exec_driver_sql(f'DROP SCHEMA "{schema}" CASCADE')


def _names(connection: Connection, statement: object) -> list[str]:
    return list(connection.scalars(statement))  # type: ignore[call-overload]


def _tables_in(file: Path, identity: Path | None) -> int:
    """Count the tables of a backup."""
    with _opened(file, identity) as given:
        command: list[str | Path] = [programs() / "pg_restore", "--list"]
        listed = subprocess.run(command, check=False, stdin=given, capture_output=True, text=True, errors="replace")
        while given.read(READ):
            pass
    if listed.returncode:
        raise SetupError(f"{file} is no backup of Lakana: {_reason(listed.stderr)}")
    if OURS not in listed.stdout:
        raise SetupError(f"{file} is no backup of Lakana: it holds something else.")
    return listed.stdout.count(" TABLE DATA ")


def _run(
    url: str,
    program: str,
    options: list[str],
    tables: int,
    progress: Progress,
    *,
    stdin: IO[bytes] | int = subprocess.DEVNULL,
    stdout: IO[bytes] | None = None,
) -> None:
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
        stdin=stdin,
        stdout=stdout,
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
