"""PostgreSQL's programs: where they are, and which user they run as."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo.errors import SetupError

OLDEST_MAJOR = 15
FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Fedora, RHEL
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
WHAT_TO_DO = (
    "Install PostgreSQL 15 or newer with PostGIS 3.3 or newer (Debian: apt-get install postgresql-15 "
    "postgresql-15-postgis-3; macOS: brew install postgis), or run docker compose up, "
    "or set LAKANA_DATABASE_URL to a database of your own."
)


@dataclass(frozen=True)
class Account:
    """The user that the server's programs run as: ours or, since PostgreSQL refuses root, ``postgres`` for root."""

    uid: int
    gid: int
    other: bool
    """Whether the programs run as another user than we do."""

    def options(self) -> dict[str, Any]:
        """Return the arguments for ``subprocess`` that make a program run as this user."""
        # Without the caller's own variables (PGDATA, PGPORT), and in a folder that every user may enter.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        environment |= {"LC_MESSAGES": "C", "LANGUAGE": "C"}
        options: dict[str, Any] = {"env": environment, "cwd": "/"}
        if self.other:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def run(self, *command: str | Path, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a program to its end and return its output, standard error included."""
        return subprocess.run(
            command,
            check=False,
            input=given,
            text=True,
            errors="replace",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **self.options(),
        )

    def may_enter(self, folder: Path) -> bool:
        """Return whether this user may pass through a folder and all its parents."""
        return self.run("/bin/sh", "-c", 'cd -- "$0"', folder).returncode == 0


def account() -> Account:
    """Return the user to run PostgreSQL's programs as.

    Raises
    ------
    SetupError
        Where we are root and the user ``postgres`` does not exist.

    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), other=False)
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        raise SetupError(f"PostgreSQL does not run as root, and there is no user postgres. {WHAT_TO_DO}") from None
    return Account(entry.pw_uid, entry.pw_gid, other=True)


def _say(program: Path, option: str) -> str:
    try:
        return subprocess.run([program, option], check=False, capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""


def _major(folder: Path) -> int:
    """Return the major version of the server in a folder of programs, 0 where there is none."""
    if not (folder / "initdb").exists():
        return 0
    found = re.search(r"(\d+)", _say(folder / "postgres", "--version"))
    return int(found[1]) if found else 0


def has_extension(name: str) -> bool:
    """Return whether an extension is installed beside the programs that :func:`programs` finds."""
    folder = programs()
    return _has_extension(folder, _major(folder), name)


def _has_extension(folder: Path, major: int, name: str) -> bool:
    shares = [Path(f"/usr/share/postgresql/{major}"), folder.parent / "share", folder.parent / "share/postgresql"]
    if told := _say(folder / "pg_config", "--sharedir"):
        shares.append(Path(told))
    return any((share / f"extension/{name}.control").exists() for share in shares)


def _folders() -> list[Path]:
    """Return the folders to look into: the one on the PATH, then the usual ones with the newest version first."""
    found = shutil.which("initdb")
    on_path = [Path(found).resolve().parent] if found else []
    usual = [folder for pattern in FOLDERS for folder in Path("/").glob(pattern[1:])]

    def version(folder: Path) -> int:
        digits = re.search(r"(\d+)", folder.as_posix())
        return int(digits[1]) if digits else 0

    return on_path + sorted(usual, key=version, reverse=True)


@lru_cache
def programs(major: int | None = None) -> Path:
    """Find the folder of a PostgreSQL server's programs that has PostGIS beside it.

    Parameters
    ----------
    major
        The version that an existing cluster needs; without it the first that is new enough.

    Raises
    ------
    SetupError
        If there is none; the text says in one line what to install or to set.

    """
    for folder in _folders():
        version = _major(folder)
        if version >= OLDEST_MAJOR and major in (None, version) and _has_extension(folder, version, "postgis"):
            return folder
    if major is not None:
        raise SetupError(f"The data was written by PostgreSQL {major}, which is not installed with PostGIS here.")
    raise SetupError(f"PostgreSQL with PostGIS was not found. {WHAT_TO_DO}")
