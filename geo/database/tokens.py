"""Secrets of links and sessions: 32 random bytes, of which only SHA-256 is kept.

They are found by their digest. Whoever tries cannot choose its beginning, so the time of a search tells nothing of a
near miss, and 256 random bits cannot be guessed.
"""

from __future__ import annotations

import hashlib
import re
import secrets

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def new_token() -> str:
    """Return a new secret, 43 characters of base64url."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """Return what is kept of a secret, in 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()
