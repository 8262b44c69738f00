"""The server's secrets, each given in the environment or kept in a file that only its owner may read.

The release key determines the rounding of published counts: anybody who knows it can undo the rounding. The pepper
keys the hashes of API keys: without it a stolen table of keys is useless.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from geo.errors import SetupError

KEY_BYTES = 32
OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class SecretFile:
    """A secret of the server.

    Parameters
    ----------
    name
        The file in the data folder.
    variable
        The environment variable that may hold the secret instead of the file.

    """

    name: str
    variable: str

    def load(self, data_dir: Path, given: str | None) -> bytes:
        """Return the given secret, else that of the data folder, which is created at its first use.

        Parameters
        ----------
        data_dir
            The folder of the file.
        given
            The secret in hexadecimal, at least 32 bytes; it takes the file's place.

        Raises
        ------
        SetupError
            If it is no hexadecimal number or too short, or others may read the file. The text never holds the secret.

        """
        if given is not None:
            return _decode(given, self.variable)
        path = data_dir / self.name
        if not path.exists():
            _create(path)
        with path.open(encoding="ascii", errors="replace") as file:
            if os.fstat(file.fileno()).st_mode & OTHERS:
                raise SetupError(f"{path} holds a secret and others may use it; close it with: chmod 600 {path}")
            return _decode(file.read(), str(path))

    def put_away(self, data_dir: Path) -> Path | None:
        """Rename the file of the data folder, so that a new secret is made; return it, if there was one."""
        path = data_dir / self.name
        away = data_dir / f"{self.name}.spent-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}"
        with suppress(FileNotFoundError):
            path.rename(away)
            return away
        return None


RELEASE_KEY = SecretFile("release.key", "LAKANA_RELEASE_KEY")
PEPPER = SecretFile("pepper", "LAKANA_KEY_PEPPER")


def _decode(written: str, name: str) -> bytes:
    try:
        key = bytes.fromhex(written.strip())
    except ValueError:
        key = b""
    if len(key) < KEY_BYTES:
        raise SetupError(f"{name} must hold at least {KEY_BYTES} bytes in hexadecimal ({2 * KEY_BYTES} digits).")
    return key


def _create(path: Path) -> None:
    # If we are root, the database's user must be able to pass through, as for the cluster.
    path.parent.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    # Written completely before it gets its name, and linked, not renamed: two servers that start together use the
    # same file.
    descriptor, draft = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()
