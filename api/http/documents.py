"""Documents that a request names by their hash and does not send.

Those of a front end are registered by ``lakana documents add``. Others are kept as they come with their hash, as
clients of Apollo's send them. What a caller chose is kept for them alone, as in
:mod:`api.graphql.compile.document_cache`, and so is whatever comes with a key: otherwise the hash would tell whether
somebody else has sent the same. What the public sends is everybody's.
"""

from __future__ import annotations

from api.graphql.compile.compiled_operation import Operation
from api.graphql.compile.response import Refused
from api.http.graphql_request import Asked, Malformed
from api.identity.lookups import Lookups
from geo.audience import Audience, Caller
from geo.bounded_cache import BoundedCache
from geo.database.pool import Pool
from geo.identity.documents import digest_of, lookup

NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
"""The code, and a message of the same words, at which clients send the document with its hash."""
KEPT_BYTES = 8_000_000
"""For documents that were sent with their hashes, and as much for registered ones: 4,000 usual ones of each."""


class Documents:
    """Finds documents by their hashes, and keeps those that come with them.

    Parameters
    ----------
    gate
        The pool of the login that reads registered documents.

    """

    def __init__(self, gate: Pool) -> None:
        self._registered = Lookups(gate, "documents", lookup)
        self._read: BoundedCache[str, str] = BoundedCache(KEPT_BYTES, "named documents")
        self._sent: BoundedCache[tuple[str, str | None], str] = BoundedCache(KEPT_BYTES)

    async def text(self, asked: Asked, caller: Caller) -> str:
        """Return the document of a request.

        Raises
        ------
        Malformed
            If it comes with the hash of another.
        Refused
            If it is named by its hash, and neither registered nor kept.
        LakanaError
            If the database cannot be asked whether it is registered.

        """
        if asked.query is not None:
            if asked.digest is not None and asked.digest != digest_of(asked.query):
                raise Malformed(400, "The hash is not that of the document; send the SHA-256 of its text in UTF-8.")
            return asked.query
        digest = asked.digest or ""
        known = self._read.get(digest) or self._sent.get((digest, None)) or self._sent.get((digest, caller.turn))
        if known is not None:
            return known
        row = await self._registered.row(digest)
        if row is None:
            raise Refused([{"message": "PersistedQueryNotFound", "extensions": {"code": NOT_FOUND}}])
        text: str = row["text"]
        self._read.put(digest, text, _size(text))
        return text

    def keep(self, asked: Asked, operation: Operation, caller: Caller) -> None:
        """Keep a document that came with its hash, and is valid."""
        if asked.query is not None and asked.digest is not None:
            is_shared = caller.audience is Audience.PUBLIC and not operation.is_private
            holder = None if is_shared else caller.turn
            self._sent.put((asked.digest, holder), asked.query, _size(asked.query))


def _size(text: str) -> int:
    return len(text) + 300
