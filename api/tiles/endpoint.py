"""Tiles over HTTP: ``GET /tiles/adm1,services/6/30/28.mvt?categories=MEDICAL``, what is in them, and a style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from starlette.requests import Request
from starlette.responses import Response

from api.errors import code_of
from api.http.refusal import refusal
from api.http.tagged import Make, tagged
from api.identity.visitor import Visitor
from api.languages import page_language
from api.metrics import Metrics
from api.tiles.making import Box, extent, made
from api.tiles.style import style, tile_json
from geo.bounded_cache import BoundedCache
from geo.errors import BadInput, LakanaError
from geo.queries.tiles.tile import LAYERS, Tile, named_layers
from geo.service import Resources
from geo.vocabulary import Locale, ServiceCategory

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
LAYER_COST = 20
"""The price of a layer of a tile that is not kept, in points of 0.1 ms: most take 0.2 to 3 ms. Ten views of 12 tiles
with five layers each are within the public's budget; what took longer is charged afterwards."""
KEPT_BYTES, BESIDE_BYTES = 16_000_000, 1_200
"""Some 1,000 tiles of the public, and what keeping one takes beside its bytes: 1,130 with all layers and categories."""
LONGEST = 400
"""Characters of a list of layers or categories, which is longer than all of them."""


@dataclass(frozen=True, slots=True)
class _Asked:
    layers: tuple[str, ...]
    tile: Tile
    categories: tuple[ServiceCategory, ...] | None


class Tiles:
    """Answers ``/tiles/…``.

    The public's tiles are kept under the state of what the public may read: once some of that is written, they are made
    anew. Whoever has a key is answered by their own login, and nothing is kept of it.

    Parameters
    ----------
    resources
        What makes them.
    metrics
        Counts the errors.

    """

    def __init__(self, resources: Resources, metrics: Metrics) -> None:
        self._resources = resources
        self._metrics = metrics
        self._kept: BoundedCache[tuple[str, _Asked], bytes] = BoundedCache(KEPT_BYTES, "tiles")

    async def tile(self, request: Request) -> Response:
        """Answer ``/tiles/{layer}/{z}/{x}/{y}.mvt?categories=``."""

        async def answer(visitor: Visitor, state: str | None) -> Response:
            body = await self._body(visitor, state, _asked(request))
            return Response(body, 200 if body else 204, media_type=MEDIA_TYPE)

        return await self._answered(request, answer)

    async def contents(self, request: Request) -> Response:
        """Answer ``/tiles/{layer}.json?categories=``: TileJSON 3.0 of the layers."""

        async def answer(visitor: Visitor, _: str | None) -> Response:
            layers, box = _layers(request), await self._extent(visitor)
            _categories(request, layers)
            return _json(tile_json(str(request.base_url), layers, box, request.url.query))

        return await self._answered(request, answer)

    async def style(self, request: Request) -> Response:
        """Answer ``/tiles/style.json?lang=``: a style of MapLibre over all layers."""

        async def answer(visitor: Visitor, _: str | None) -> Response:
            locale = _locale(request)
            return _json(style(str(request.base_url), await self._extent(visitor), locale))

        return await self._answered(request, answer)

    async def _answered(self, request: Request, make: Make) -> Response:
        try:
            return await tagged(request, self._resources, make)
        except LakanaError as error:
            self._metrics.graphql_errors.labels(code_of(error)).inc()
            return refusal(error, request.scope)

    async def _body(self, visitor: Visitor, state: str | None, asked: _Asked) -> bytes:
        if state is not None and (found := self._kept.get((state, asked))) is not None:
            return found
        visitor.account.charge(LAYER_COST * len(asked.layers))
        body = await made(self._resources, visitor.caller, asked.layers, asked.tile, asked.categories)
        if state is not None:
            self._kept.put((state, asked), body, len(body) + BESIDE_BYTES)
        return body

    async def _extent(self, visitor: Visitor) -> Box:
        visitor.account.charge(LAYER_COST)
        return await extent(self._resources, visitor.caller)


def _asked(request: Request) -> _Asked:
    layers = _layers(request)
    tile = Tile(*(_number(request, name) for name in "zxy"))
    return _Asked(layers, tile, _categories(request, layers))


def _layers(request: Request) -> tuple[str, ...]:
    _only(request, "categories")
    return tuple(named_layers(request.path_params["layer"][:LONGEST]))


def _number(request: Request, name: str) -> int:
    text = request.path_params[name]
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):  # noqa: PLR2004  a million tiles a side are enough
        raise BadInput(name, "give a whole number, 0 or more.")
    return int(text)


def _categories(request: Request, layers: Sequence[str]) -> tuple[ServiceCategory, ...] | None:
    text = request.query_params.get("categories")
    if text is None:
        return None
    if not any(LAYERS[each].of_services for each in layers):
        raise BadInput("categories", "only the layers services and zones have categories; leave it out.")
    try:
        return tuple(ServiceCategory[each] for each in text[:LONGEST].split(","))
    except KeyError:
        names = ", ".join(each.name for each in ServiceCategory)
        raise BadInput("categories", f"give some of {names}, with commas between.") from None


def _locale(request: Request) -> Locale:
    _only(request, "lang")
    return page_language(request)


def _only(request: Request, *known: str) -> None:
    for each in request.query_params:
        if each not in known:
            raise BadInput(each[:LONGEST], f"there is no such parameter; there is {', '.join(known)}.")


def _json(members: object) -> Response:
    return Response(orjson.dumps(members), media_type="application/json")
