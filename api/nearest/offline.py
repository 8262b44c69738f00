"""``/nearest/offline``: packs for where there is no network, kept by the browser alone, and what they need to work.

``GET /nearest/packs/{area}.json`` is the pack of a region, ``/nearest/worker.js`` and ``/nearest/manifest.webmanifest``
let the browser open the page without a network and install it. Which region somebody takes along stands in the address:
it tells nothing of a child.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

import api
from api.exports.asking import Asker
from api.graphql.compile.document_cache import Operations
from api.graphql.compile.response import Refused
from api.identity.visitor import Visitor
from api.languages import page_language
from api.nearest import packs
from api.pages.errors import not_answered, refused
from api.pages.fixed import Fixed
from api.pages.templates import SCRIPTED, page, page_headers
from geo.audience import ANYBODY
from geo.errors import BadInput, LakanaError
from geo.service import Resources
from geo.vocabulary import Locale

PATH = "/nearest/offline"
SCOPE = "/nearest"
GZIP_LEVEL = 6
POLICY = SCRIPTED + "; manifest-src 'self'"
WORKER = Path(api.__file__).with_name("assets") / "nearest-worker.js"


class OfflineRoutes:
    """The routes of the page and its packs.

    Parameters
    ----------
    operations, resources
        What answers.

    """

    def __init__(self, operations: Operations, resources: Resources) -> None:
        self._operations = operations
        self._resources = resources

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route(PATH, self._page),
            Route("/nearest/packs/{area}.json", self._pack),
            Route("/nearest/worker.js", _worker),
            Route("/nearest/manifest.webmanifest", _manifest),
        ]

    async def _page(self, request: Request) -> Response:
        try:
            locale = page_language(request)
            asker, area = self._asker(request, locale), request.query_params.get("area")
            chosen = await packs.pack(asker, area) if area else None
            regions = await packs.regions(asker)
        except Refused as error:
            return not_answered(error, request)
        except LakanaError as error:
            return refused(error, request)
        size_kb = None if chosen is None else await asyncio.to_thread(_size_kb, chosen)
        shown = page(
            "nearest_offline.html", locale, here=PATH, regions=regions, chosen=chosen, size_kb=size_kb, days=packs.DAYS
        )
        return HTMLResponse(shown, headers={**page_headers(locale, POLICY), "cache-control": "no-cache"})

    async def _pack(self, request: Request) -> Response:
        try:
            locale = page_language(request)
            made = await packs.pack(self._asker(request, locale), request.path_params["area"])
        except Refused as error:
            return not_answered(error, request)
        except LakanaError as error:
            return refused(error, request)
        if made is None:
            return refused(BadInput("area", "there is no such area."), request)
        headers = {"cache-control": "no-cache", "content-language": locale.name.lower()}
        return Response(orjson.dumps(made), headers=headers, media_type="application/json")

    def _asker(self, request: Request, locale: Locale) -> Asker:
        """Return who asks: the public, since others may find the pack on the device; the visitor pays, in turn."""
        visitor = Visitor.of(request)
        caller = replace(ANYBODY.speaking(locale), address=visitor.turn)
        return Asker(self._operations, self._resources, caller, visitor.account)


def _size_kb(pack: Mapping[str, Any]) -> int:
    """Return about how many kilobytes a pack takes to load."""
    return -(-len(gzip.compress(orjson.dumps(pack), GZIP_LEVEL)) // 1000)


@cache
def _worker_file() -> Fixed:
    headers = {
        "service-worker-allowed": SCOPE,
        "content-security-policy": "default-src 'none'; connect-src 'self'",
    }
    return Fixed(WORKER.read_bytes(), "text/javascript", headers)


async def _worker(request: Request) -> Response:
    return await _worker_file().answer(request)


@cache
def _manifest_of(locale: Locale) -> Fixed:
    lang = locale.name.lower()
    manifest = {
        "name": "Lakana",
        "short_name": "Lakana",
        "lang": lang,
        "start_url": f"{PATH}?lang={lang}",
        "scope": SCOPE,
        "display": "standalone",
        "background_color": "#f6f5f1",
        "theme_color": "#12436d",
        "icons": [{"src": "/assets/icon.svg", "sizes": "any", "type": "image/svg+xml"}],
    }
    return Fixed(orjson.dumps(manifest), "application/manifest+json")


async def _manifest(request: Request) -> Response:
    try:
        locale = page_language(request)
    except BadInput as error:
        return refused(error, request)
    return await _manifest_of(locale).answer(request)
