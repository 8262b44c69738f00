"""Documents that front ends name by their SHA-256 and do not send: adding, listing, removing and looking them up."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from geo.database.owner import owner_transaction
from geo.database.statements import Job, Statement
from geo.database.tables import document

LOOKUP = Statement(
    "SELECT json_object_agg(digest, json_build_object('text', text))::text FROM identity.document"
    " WHERE digest = ANY ($1)",
    ("digests",),
    {},
)


def digest_of(text: str) -> str:
    """Return the name of a document: the SHA-256 of its text, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def lookup(digests: Sequence[str]) -> Job:
    """Return the job that looks documents up with the gate's login; its answer has a row with ``text`` for each."""
    return Job(LOOKUP, (list(digests),))


def add(owner_url: str, texts: Iterable[str]) -> list[str]:
    """Register documents, and return their digests; one that is registered already stays."""
    rows = {digest_of(each): each for each in texts}
    with owner_transaction(owner_url) as connection:
        if rows:
            given = [{"digest": digest, "text": text} for digest, text in rows.items()]
            connection.execute(insert(document).values(given).on_conflict_do_nothing())
    return list(rows)


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered document."""

    digest: str
    added_at: dt.datetime
    begins: str
    """Its first line."""


def listed(owner_url: str) -> list[Registered]:
    """Return the registered documents, the newest first."""
    begins = func.split_part(document.c.text, "\n", 1)
    newest = document.c.added_at.desc(), document.c.digest
    asked = select(document.c.digest, document.c.added_at, begins).order_by(*newest)
    with owner_transaction(owner_url) as connection:
        return [Registered(*row) for row in connection.execute(asked)]


def remove(owner_url: str, digest: str) -> bool:
    """Remove a document; return whether it was registered. A server that has read it knows it until it is restarted."""
    with owner_transaction(owner_url) as connection:
        return connection.execute(delete(document).where(document.c.digest == digest)).rowcount > 0
