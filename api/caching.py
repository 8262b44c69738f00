"""Entity tags, by which a client asks whether what it has is still so, and who may keep an answer for how long.

The public's answers have a tag made of what was asked, the state of what the public may read, and our own program:
while these are the same, so is the answer, and it need not be made again to say so. A caller with a key may read more,
of which no state is kept: whoever could watch it would see when something hidden is written. Theirs is made of the
answer itself, which spares sending it.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import api
import geo
import maps
from api.compression import CODINGS
from api.media_types import LONGEST

Header = tuple[bytes, bytes]

EVERYBODY = b"public, max-age=60, stale-while-revalidate=30"
"""Any cache may keep an answer to the public for a minute, and show it for half a minute more while it asks anew."""
OWN = b"private, no-cache"
"""The caller alone may keep it, and asks each time whether it is still so."""
NOBODY = b"no-store"
VARY = (b"vary", b"Accept, Accept-Encoding, Accept-Language, Authorization, Origin")


@cache
def program() -> bytes:
    """Return a digest of our own files: another program may answer otherwise."""
    digest = hashlib.blake2b(digest_size=16)
    for package in (api, geo, maps):
        for file in sorted(Path(str(package.__file__)).parent.rglob("*")):
            if file.suffix not in {".pyc", ""} and file.is_file():
                digest.update(file.read_bytes())
    return digest.digest()


def tag(*parts: str | bytes) -> bytes:
    """Return the strong entity tag of an answer that hangs on these alone, and on the program."""
    digest = hashlib.blake2b(digest_size=15, key=program())
    for each in parts:
        part = each.encode() if isinstance(each, str) else each
        digest.update(len(part).to_bytes(8, "big") + part)
    return b'"' + urlsafe_b64encode(digest.digest()) + b'"'


def known(if_none_match: str | bytes | None, tags: Iterable[bytes]) -> bytes | None:
    """Return the first of a client's tags that is one of these, compressed or not, as it sent it; else ``None``."""
    if if_none_match is None:
        return None
    ours = {each for own in tags for each in (own, *(of_coding(own, coding) for coding in CODINGS))}
    sent = if_none_match.encode("latin-1") if isinstance(if_none_match, str) else if_none_match
    for each in sent[:LONGEST].split(b","):
        shown = each.strip().removeprefix(b"W/")
        if shown in ours:
            return shown
    return None


def of_coding(own: bytes, coding: str) -> bytes:
    """Return the tag of an answer that is sent compressed: other bytes have another strong tag."""
    return own[:-1] + f'.{coding}"'.encode()


def headers(shown: bytes, control: bytes) -> list[Header]:
    """Return the headers of an answer that has a tag, and of one that says that it is still so."""
    return [(b"etag", shown), (b"cache-control", control), VARY]


def kept_by_all(told: Iterable[Header]) -> bool:
    """Return whether an answer of these headers may be kept by any cache, and shown to others."""
    return (b"cache-control", EVERYBODY) in told
