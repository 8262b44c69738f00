"""What stays as it is while the server runs: files and pages, sent whole from memory and priced by their bytes."""

from __future__ import annotations

import asyncio
import hashlib
import mimetypes
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

import api
import maps
from api import caching
from api.compression import coding_of, pack, shrinks
from api.identity.visitor import Visitor
from api.pages.errors import refused
from geo.errors import RateLimited

BYTES_A_POINT = 20_000
"""978 kB take 1.3 ms of a processor, 122 kB and a small file 0.65 ms: 48, 6 and 0 points beside the request's own. The
network has its price too: the public's budget is 400 MB a minute for one address."""
ASSETS = Path(api.__file__).with_name("assets")
LEAFLET = Path(maps.__file__).with_name("assets") / "leaflet"


class Fixed:
    """A text that is sent as it is, to a client that does not have it yet (``If-None-Match``).

    It is never sent in parts: a ``Range`` of a hundred bytes, each apart, took eight times as long as the whole.

    Parameters
    ----------
    body
        The text in UTF-8.
    media_type
        Its media type.
    headers
        More headers of the response.

    """

    def __init__(self, body: bytes, media_type: str, headers: Mapping[str, str] | None = None) -> None:
        self._body = body
        self._media_type = media_type
        self._tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'.encode()
        self._headers = {"cache-control": "no-cache", "vary": "Accept-Encoding", **(headers or {})}
        self._shrinks = shrinks(media_type, len(body))
        self._packed: dict[str, bytes] = {}

    @property
    def price(self) -> int:
        """What it costs beside the request itself."""
        return len(self._body) // BYTES_A_POINT

    async def answer(self, request: Request) -> Response:
        """Send it, or say that it has not changed."""
        shown = caching.known(request.headers.get("if-none-match"), [self._tag])
        if shown is not None:
            return Response(status_code=304, headers={"etag": shown.decode(), **self._headers})
        try:
            Visitor.of(request).account.charge(self.price)
        except RateLimited as error:
            return refused(error, request)
        coding = coding_of(request.headers.get("accept-encoding")) if self._shrinks else None
        if coding is None:
            return Response(self._body, 200, {"etag": self._tag.decode(), **self._headers}, self._media_type)
        if coding not in self._packed:
            self._packed[coding] = await asyncio.to_thread(pack, self._body, coding)
        headers = {"etag": caching.of_coding(self._tag, coding).decode(), "content-encoding": coding, **self._headers}
        return Response(self._packed[coding], 200, headers, self._media_type)


@cache
def assets() -> dict[str, Fixed]:
    """Return the files of :data:`ASSETS` by their paths in it, and those of Leaflet, which maps carry in themselves."""
    return {**dict(_read(ASSETS)), **{f"leaflet/{name}": each for name, each in _read(LEAFLET)}}


def _read(folder: Path) -> Iterator[tuple[str, Fixed]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            media_type = mimetypes.guess_type(file.name)[0] or "text/plain"
            yield file.relative_to(folder).as_posix(), Fixed(file.read_bytes(), media_type)
