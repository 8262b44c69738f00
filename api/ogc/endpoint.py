"""OGC API Features 1.0 (OGC 17-069r4) over HTTP: Core, GeoJSON, HTML and OpenAPI 3.0, in CRS84."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from api import caching
from api.errors import INTERNAL, STATUS, code_of, told_as
from api.exports.asking import Asker
from api.graphql.compile.document_cache import Operations
from api.graphql.compile.response import Refused
from api.http.tagged import tagged
from api.identity.visitor import Visitor
from api.metrics import Metrics
from api.ogc import openapi
from api.ogc.collections import Collection, collections
from api.ogc.parameters import Asked, read
from api.pages.templates import page as rendered
from api.pages.templates import page_headers
from geo.errors import BadInput, LakanaError
from geo.service import Resources
from geo.vocabulary import Locale, Words, in_language

PATH = "/ogc"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
CONFORMS_TO = [f"{CORE}/{each}" for each in ("core", "oas30", "html", "geojson")]
JSON, GEOJSON, HTML, OPENAPI = (
    "application/json",
    "application/geo+json",
    "text/html",
    "application/vnd.oai.openapi+json;version=3.0",
)
TITLE: Words = ("Lakana : données géographiques", "Lakana: geographic data", None)
ABOUT: Words = (
    "Ce que chacun peut voir des services, acteurs, localités et divisions. Un lieu confidentiel : sa zone.",
    "What everybody may see of services, actors, localities and areas. A confidential place is told by its zone.",
    None,
)
PAGE_COST, ROW_COST = 10, 1
"""A page for people, in points of 0.1 ms: 1 ms, and each row of its table, 0.09 ms for 15 columns."""
Page = dict[str, Any]
Make = Callable[[Asked, Asker], Awaitable[tuple[Page, str]]]


class NotThere(BadInput):
    """There is no such collection or feature."""


@dataclass
class Ogc:
    """Answers ``/ogc/…``; what a feature tells is what GraphQL tells of it, asked as the caller.

    Parameters
    ----------
    operations, resources
        What answers.
    metrics
        Counts the errors.

    """

    operations: Operations
    resources: Resources
    metrics: Metrics

    def routes(self) -> list[Route]:
        """Return the routes."""
        collection = f"{PATH}/collections/{{collection}}"
        return [
            Route(PATH, self._landing),
            Route(f"{PATH}/conformance", self._conformance),
            Route(f"{PATH}/api", self._api),
            Route(f"{PATH}/collections", self._collections),
            Route(collection, self._collection),
            Route(f"{collection}/items", self._items),
            Route(f"{collection}/items/{{feature}}", self._feature),
        ]

    async def _landing(self, request: Request) -> Response:
        async def make(asked: Asked, _: Asker) -> tuple[Page, str]:
            links = [
                _link(request, "self", "", JSON),
                _link(request, "alternate", "", HTML, f="html"),
                _link(request, "service-desc", "/api", OPENAPI),
                _link(request, "conformance", "/conformance", JSON),
                _link(request, "data", "/collections", JSON),
            ]
            title, about = (in_language(each, asked.locale) for each in (TITLE, ABOUT))
            return {"title": title, "description": about, "links": links}, JSON

        return await self._answered(request, make)

    async def _conformance(self, request: Request) -> Response:
        async def make(_: Asked, __: Asker) -> tuple[Page, str]:
            return {"conformsTo": CONFORMS_TO}, JSON

        return await self._answered(request, make)

    async def _api(self, request: Request) -> Response:
        async def make(_: Asked, __: Asker) -> tuple[Page, str]:
            return openapi.document(str(request.base_url).rstrip("/") + PATH), OPENAPI

        return await self._answered(request, make)

    async def _collections(self, request: Request) -> Response:
        async def make(asked: Asked, _: Asker) -> tuple[Page, str]:
            every = [_described(request, each, asked.locale) for each in collections().values()]
            return {"links": [_link(request, "self", "/collections", JSON)], "collections": every}, JSON

        return await self._answered(request, make)

    async def _collection(self, request: Request) -> Response:
        async def make(asked: Asked, _: Asker) -> tuple[Page, str]:
            return _described(request, _named(request), asked.locale), JSON

        return await self._answered(request, make)

    async def _items(self, request: Request) -> Response:
        async def make(asked: Asked, asker: Asker) -> tuple[Page, str]:
            collection = _named(request)
            found, after = await collection.page(asker, asked.locale, asked.box, asked.limit, asked.cursor)
            path = f"/collections/{collection.name}/items"
            given = dict(request.query_params)
            links = [_link(request, "self", path, GEOJSON, **given), _link(request, "collection", path[:-6], JSON)]
            if after is not None:
                links.append(_link(request, "next", path, GEOJSON, **{**given, "cursor": after}))
            page = {"type": "FeatureCollection", "features": found, "numberReturned": len(found), "links": links}
            return page, GEOJSON

        return await self._answered(request, make, items=True)

    async def _feature(self, request: Request) -> Response:
        async def make(asked: Asked, asker: Asker) -> tuple[Page, str]:
            collection, wanted = _named(request), request.path_params["feature"]
            found = await collection.one(asker, asked.locale, wanted)
            if found is None:
                raise NotThere("feature", "there is none of this id.")
            path = f"/collections/{collection.name}"
            links = [
                _link(request, "self", f"{path}/items/{found['id']}", GEOJSON),
                _link(request, "collection", path, JSON),
            ]
            return {**found, "links": links}, GEOJSON

        return await self._answered(request, make)

    async def _answered(self, request: Request, make: Make, *, items: bool = False) -> Response:
        async def answer(visitor: Visitor, _: str | None) -> Response:
            asked = read(request, items=items)
            asker = Asker.of(visitor, self.operations, self.resources, asked.locale)
            page, media_type = await make(asked, asker)
            if asked.html:
                visitor.account.charge(PAGE_COST + ROW_COST * len(page.get("features", ())))
                response = await _shown(asker, page, asked.locale, request.url.path)
            else:
                response = Response(orjson.dumps(page), 200, None, media_type)
            if asker.momentary:
                response.raw_headers.extend([(b"cache-control", caching.NOBODY), caching.VARY])
            return response

        try:
            return await tagged(request, self.resources, answer)
        except NotThere as error:
            return self._refused(404, code_of(error), str(error))
        except Refused as refused:
            code = refused.errors[0]["extensions"]["code"]
            status = STATUS.get(code, 500 if code == INTERNAL else 400)
            return self._refused(status, code, refused.errors[0]["message"])
        except LakanaError as error:
            return self._refused(told_as(error).status, code_of(error), str(error), getattr(error, "retry_after_s", 1))

    def _refused(self, status: int, code: str, description: str, retry_after_s: int = 1) -> Response:
        self.metrics.graphql_errors.labels(code).inc()
        headers = {"cache-control": "no-store"}
        if status in {429, 503}:
            headers["retry-after"] = str(retry_after_s)
        return Response(orjson.dumps({"code": code, "description": description}), status, headers, JSON)


def _named(request: Request) -> Collection:
    found = collections().get(request.path_params["collection"])
    if found is None:
        raise NotThere("collection", f"there is none of this name; there are {', '.join(collections())}.")
    return found


def _described(request: Request, collection: Collection, locale: Locale) -> Page:
    path = f"/collections/{collection.name}"
    return {
        "id": collection.name,
        "title": in_language(collection.title, locale),
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            _link(request, "self", path, JSON),
            _link(request, "items", f"{path}/items", GEOJSON),
            _link(request, "alternate", f"{path}/items", HTML, f="html"),
        ],
    }


def _link(request: Request, rel: str, path: str, media_type: str, **query: str) -> dict[str, str]:
    address = f"{str(request.base_url).rstrip('/')}{PATH}{path}"
    return {"rel": rel, "type": media_type, "href": f"{address}?{urlencode(query)}" if query else address, "title": rel}


async def _shown(asker: Asker, page: Page, locale: Locale, here: str) -> Response:
    """Return a page for people: its texts, its links, and of features a table, written beside other requests."""
    features = page.get("features") or ([page] if page.get("type") == "Feature" else [])
    names = list(dict.fromkeys(name for each in features for name in each["properties"]))
    title = page.get("title") or in_language(TITLE, locale)
    values: dict[str, Any] = {"title": title, "page": page, "names": names, "features": features}
    shown = await asker.beside(lambda: rendered("ogc.html", locale, here=here, **values))
    return HTMLResponse(shown, 200, page_headers(locale))
