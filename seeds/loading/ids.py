"""Ids that follow from what a thing is called in its list, so that it has the same one in every database."""

from __future__ import annotations

import hashlib
import uuid


def stable_id(*parts: str) -> str:
    """Return the id of a thing that its parts name; SQL has the same by ``md5(concat_ws(' ', …))::uuid``.

    Examples
    --------
    >>> stable_id("area", "COD-AB@v03", "ML03")
    'ced8667c-8b9a-67ef-daa0-e68ddf76d3c7'

    """
    return str(uuid.UUID(hashlib.md5(" ".join(parts).encode(), usedforsecurity=False).hexdigest()))
