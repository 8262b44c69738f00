"""The routes are asked with values that are there: a route that answers with nothing keeps every secret."""

from __future__ import annotations

import orjson
import pytest

from api.exports.formats import formats_of
from api.ogc.collections import collections
from geo.audience import Audience
from tests.attacks.routes import PARTS, route_requests

pytestmark = [pytest.mark.database, pytest.mark.slow]

ITEMS = "/ogc/collections/{}/items"
LAYERS = (b"services", b"zones", b"localities", b"adm1", b"ground")


@pytest.fixture(scope="module")
def answered(scout):
    """What the public is answered, by method, path and form."""
    asked = route_requests(scout)
    return {(each.method, each.path, each.content): scout.answer(each, Audience.PUBLIC) for each in asked}


def test_every_collection_answers_with_features_and_with_one_of_them(answered):
    for name in collections():
        path = ITEMS.format(name)
        [first, *_] = orjson.loads(answered["GET", path, b""].content)["features"]
        one = answered["GET", f"{path}/{first['id']}", b""]
        assert one.status_code == 200
        assert orjson.loads(one.content)["id"] == first["id"]


def test_the_tiles_have_every_layer(answered):
    gotten = {path: answer for (method, path, _), answer in answered.items() if method == "GET"}
    tiles = {path: answer for path, answer in gotten.items() if path.endswith(".mvt")}
    assert len(tiles) == len(PARTS["{z}/{x}/{y}"])
    assert {answer.status_code for answer in tiles.values()} == {200}
    for layer in LAYERS:
        assert sum(layer in answer.content for answer in tiles.values()) >= 2, layer


def test_a_list_of_places_is_exported_as_a_geopackage():
    assert "gpkg" in formats_of("services")
