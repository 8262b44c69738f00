"""Backups that only the holder of a key can read, by the system's own age or gpg: what is written is never plain."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from geo.errors import SetupError

AGE_HEADER = b"age-encryption.org/"
PLAIN_HEADER = b"PGDMP"
"""How a file of PostgreSQL's own begins, which is not encrypted."""


def encryptor(recipient: str) -> list[str]:
    """Return the command that encrypts what it is given for a recipient.

    Parameters
    ----------
    recipient
        A public key of age (``age1…``) or of SSH (``ssh-…``), or else the fingerprint or address of a key that gpg has.

    Raises
    ------
    SetupError
        If the program is not installed.

    """
    if recipient.startswith(("age1", "ssh-")):
        return [_program("age"), "--encrypt", "--recipient", recipient]
    return [_program("gpg"), "--batch", "--quiet", "--trust-model", "always", "--encrypt", "--recipient", recipient]


def decryptor(file: Path, identity: Path | None) -> list[str] | None:
    """Return the command that decrypts a backup, or ``None`` where it is not encrypted.

    Parameters
    ----------
    file
        The backup.
    identity
        The file of the private key, which age needs; gpg asks its agent.

    Raises
    ------
    SetupError
        If the program is not installed, or the private key is missing.

    """
    with file.open("rb") as opened:  # a missing or unreadable file raises its own error
        begins = opened.read(len(AGE_HEADER))
    if begins.startswith(PLAIN_HEADER):
        return None
    if begins == AGE_HEADER:
        if identity is None:
            raise SetupError(f"{file} is encrypted by age: name the file of the private key by --identity.")
        return [_program("age"), "--decrypt", "--identity", os.fspath(identity), os.fspath(file)]
    if begins and begins[0] & 0x80:  # the first bit of every packet of OpenPGP
        return [_program("gpg"), "--batch", "--quiet", "--decrypt", os.fspath(file)]
    return None


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SetupError(f"{name} is not installed; the system's packages have it.")
    return found
