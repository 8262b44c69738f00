"""Backups that only the holder of a key can read, by the system's own age or gpg: what is written is never plain."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from geo.errors import SetupError

AGE_HEADER = b"age-encryption.org/"
PLAIN_HEADER = b"PGDMP"
"""How a file of PostgreSQL's own begins, which is not encrypted."""

_FINGERPRINT = re.compile(r"(?:0x)?[0-9A-Fa-f]{40}(?:[0-9A-Fa-f]{24})?")
"""A key's whole fingerprint, of version 4 or 5. It names one key, and nobody can make another of the same."""
_ARMOUR = b"-----BEGIN PGP PUBLIC KEY"


def encryptor(recipient: str) -> list[str]:
    """Return the command that encrypts what it is given for a recipient.

    Parameters
    ----------
    recipient
        A public key of age (``age1…``) or of SSH (``ssh-…``); a file of such keys, or of a public key of OpenPGP; the
        whole fingerprint of a key that gpg has. An address or a short id may be anybody's key: gpg takes it only where
        its owner has said that the key is to be trusted.

    Raises
    ------
    SetupError
        If the program is not installed.

    """
    if recipient.startswith(("age1", "ssh-")):
        return [_program("age"), "--encrypt", "--recipient", recipient]
    gpg = ["--batch", "--quiet", "--encrypt"]
    file = Path(recipient)
    if file.is_file():
        if not _is_openpgp(file):
            return [_program("age"), "--encrypt", "--recipients-file", recipient]
        return [_program("gpg"), *gpg, "--recipient-file", recipient]
    fingerprint = recipient.replace(" ", "")  # gpg prints it in groups
    if _FINGERPRINT.fullmatch(fingerprint):
        return [_program("gpg"), *gpg, "--trust-model", "always", "--recipient", fingerprint]
    return [_program("gpg"), *gpg, "--recipient", recipient]


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
    if _is_packet(begins):
        return [_program("gpg"), "--batch", "--quiet", "--decrypt", os.fspath(file)]
    return None


def _is_openpgp(file: Path) -> bool:
    with file.open("rb") as opened:
        begins = opened.read(len(_ARMOUR))
    return begins == _ARMOUR or _is_packet(begins)


def _is_packet(begins: bytes) -> bool:
    """Return whether bytes begin as every packet of OpenPGP, by its first bit."""
    return bool(begins and begins[0] & 0x80)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SetupError(f"{name} is not installed; the system's packages have it.")
    return found
