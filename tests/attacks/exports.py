"""Every export, with the arguments of its query: found from the declarations, so that none is forgotten."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from itertools import count
from typing import Any

import orjson

from api.exports.formats import formats_of
from api.exports.tables import tables
from geo.audience import Audience
from tests.attacks.arguments import Values, argument_sets, fresh
from tests.attacks.client import JSON, Request
from tests.attacks.size import SIZE

PAGED = {"first", "after"}
_turns = count()


def arguments_of(name: str, values: Values) -> list[dict[str, Any]]:
    """Return sets of arguments of an export, the likeliest first: those of its query, whole and not a page."""
    table = tables()[name]
    likely, further = argument_sets(name, table.field, values)
    every = [*likely, *further] if SIZE.chunks else likely[:1]
    whole = ({key: value for key, value in each.items() if key not in PAGED} for each in every)
    return [fresh(each) for each in whole]


def exported(name: str, ending: str, arguments: dict[str, Any]) -> Request:
    """Return the request of an export by POST."""
    return Request("POST", f"/exports/{name}.{ending}", JSON, orjson.dumps(arguments))


def export_requests(values: Values, audience: Audience) -> Iterator[Request]:
    """Return the requests of every export in each format or, in a small round, in one of them by turns."""
    for name in tables():
        endings = list(formats_of(name))
        for arguments in arguments_of(name, values):
            turn = next(_turns)
            for ending in endings if SIZE.chunks else [endings[(turn + list(Audience).index(audience)) % len(endings)]]:
                yield exported(name, ending, arguments)


def opened(content: bytes) -> bytes:
    """Return what a reader finds in a file: of an archive, which a workbook is too, the files in it."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(each) for each in archive.namelist())
