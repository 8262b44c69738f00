"""The key of the rounding of published counts: whoever knows it can take the rounding off."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from geo.errors import SetupError

KEY_BYTES = 32
FILE = "release.key"


def load(data_dir: Path, given: str | None) -> bytes:
    """Give the release key: the one that was given, else the data folder's own, made at its first use.

    Parameters
    ----------
    data_dir
        The folder of the file ``release.key``, which only its owner may read.
    given
        The key in hexadecimal, at least 32 bytes; it takes the file's place.

    Raises
    ------
    SetupError
        Where the key is no hexadecimal number or too short. The text never holds it.

    """
    if given is not None:
        return _decode(given, "LAKANA_RELEASE_KEY")
    path = data_dir / FILE
    if not path.exists():
        _create(path)
    return _decode(path.read_text(encoding="ascii", errors="replace"), str(path))


def _decode(written: str, name: str) -> bytes:
    try:
        key = bytes.fromhex(written.strip())
    except ValueError:
        key = b""
    if len(key) < KEY_BYTES:
        raise SetupError(f"{name} must hold at least {KEY_BYTES} bytes in hexadecimal ({2 * KEY_BYTES} digits).")
    return key


def _create(path: Path) -> None:
    # For root the database's own user must pass through, as for the cluster.
    path.parent.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    # Whole before it has its name, and linked, not renamed: of two that start together both use the first one's.
    descriptor, draft = tempfile.mkstemp(prefix=f"{FILE}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()
