"""Tiles tell what the map layers of the API tell, and refuse what is no tile."""

from __future__ import annotations

import pytest

from geo.audience import Audience
from geo.database.owner import owner_transaction
from geo.queries.tiles.tile import LAYERS, MOST_ZOOM, Tile
from tests.tiles.conftest import path, tile_at

pytestmark = pytest.mark.database

WORLD = Tile(0, 0, 0)
ALL = ",".join(LAYERS)
FEATURES = "query ($layer: MapLayer!) { featureCollection(layer: $layer, first: 10000) }"


def features(http, layer):
    answer = http("POST", "/graphql", json={"query": FEATURES, "variables": {"layer": layer}})
    return answer.json()["data"]["featureCollection"]["features"]


def test_services_are_those_of_the_map_layer(http, layers):
    told = {each["id"]: each for each in features(http, "SERVICES")}
    public = {key: each for key, each in told.items() if each["properties"]["zoneName"] is None}
    found = {each["id"]: each for each in layers("services", WORLD)["services"].features}
    assert found.keys() == public.keys()
    for key, each in found.items():
        properties = public[key]["properties"]
        for name in ("name", "category", "actorName", "capacity", "verifiedOn", "illustrative"):
            assert each.get(name) == properties[name], name
        assert each["number"] == 1


def test_a_point_is_where_it_is_to_a_unit_of_its_tile(http, layers):
    for each in features(http, "SERVICES")[::97]:
        if each["properties"]["zoneName"] is None:
            lon, lat = each["geometry"]["coordinates"]
            tile = tile_at(MOST_ZOOM, lon, lat)
            [found] = [own for own in layers("services", tile)["services"].features if own.get("id") == each["id"]]
            assert found["@"] == pytest.approx((lon, lat), abs=1e-5)


def test_each_service_is_in_one_tile_of_each_zoom(http, layers):
    public = [each for each in features(http, "SERVICES") if each["properties"]["zoneName"] is None]
    for zoom in (3, 8):
        tiles = {tile_at(zoom, *each["geometry"]["coordinates"]) for each in public}
        found = [own["id"] for tile in tiles for own in layers("services", tile)["services"].features]
        assert sorted(found) == sorted(each["id"] for each in public)


def test_confidential_services_are_counted_in_their_zones_and_nowhere_else(http, layers):
    hidden = [each["properties"] for each in features(http, "SERVICES") if each["properties"]["zoneName"] is not None]
    zones = layers("zones", WORLD)["zones"].features
    assert len(zones) > 1
    assert {each["name"]: each["number"] for each in zones} == {
        name: sum(each["zoneName"] == name for each in hidden) for name in {each["zoneName"] for each in hidden}
    }
    radii = {each["zoneName"]: each["radiusMetres"] for each in hidden}
    assert {each["name"]: each["radiusMetres"] for each in zones} == pytest.approx(radii)
    assert {key for each in zones for key in each} <= {
        "id", "name", "nameEn", "nameBm", "number", "radiusMetres", "#"
    }  # fmt: skip


def test_areas_are_those_in_force_of_the_level(http, layers):
    told = features(http, "ADMIN_AREAS")
    for level in ("ADM0", "ADM1"):
        names = {each["properties"]["areaCode"] for each in told if each["properties"]["level"] == level}
        found = layers(level.lower(), WORLD)[level.lower()].features
        assert {each["areaCode"] for each in found} == names
    assert layers("adm4", WORLD) == {}


def test_outlines_are_finer_at_higher_zooms(layers):
    bamako = (-8.0, 12.65)
    sizes = [max(each["#"] for each in layers("adm0", tile_at(zoom, -4.0, 16.0))["adm0"].features) for zoom in (0, 4)]
    assert sizes[0] < sizes[1]
    assert layers("adm1", tile_at(MOST_ZOOM, *bamako))["adm1"].features


def test_localities_have_their_people(http, layers):
    told = {each["id"]: each["properties"] for each in features(http, "LOCALITIES")}
    found = {each["id"]: each for each in layers("localities", WORLD)["localities"].features}
    assert found.keys() == told.keys()
    for key, each in found.items():
        for name in ("name", "areaCode", "populationTotal", "populationUnder18"):
            assert each.get(name) == told[key][name]


def test_categories_narrow_services_and_zones(layers):
    found = layers("services,zones", WORLD, categories="SAFE_SHELTER,LEGAL_AID")
    every = layers("services,zones", WORLD)
    assert {each["category"] for each in found["services"].features} == {"SAFE_SHELTER", "LEGAL_AID"}
    assert len(found["services"].features) < len(every["services"].features)
    assert layers("zones", WORLD, categories="LEGAL_AID") == {}


def test_layers_stand_together_in_one_tile(http, layers):
    assert list(layers("ground,adm1,services", WORLD)) == ["ground", "adm1", "services"]
    parts = [http("GET", path(each, WORLD)).content for each in ("ground", "adm1")]
    assert http("GET", path("ground,adm1", WORLD)).content == b"".join(parts)


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/tiles/nothing/0/0/0.mvt", "layer"),
        ("/tiles/services,services/0/0/0.mvt", "layer"),
        ("/tiles/services/15/0/0.mvt", "z"),
        ("/tiles/services/-1/0/0.mvt", "z"),
        ("/tiles/services/1/2/0.mvt", "x"),
        ("/tiles/services/1/0/2.mvt", "y"),
        ("/tiles/services/1/٣/0.mvt", "x"),
        ("/tiles/services/0/0/0.mvt?categories=NONE", "categories"),
        ("/tiles/services/0/0/0.mvt?categories=MEDICAL,MEDICAL", "categories"),
        ("/tiles/adm1/0/0/0.mvt?categories=MEDICAL", "categories"),
        ("/tiles/services/0/0/0.mvt?when=now", "when"),
        ("/tiles/style.json?lang=de", "lang"),
        ("/tiles/style.json?language=fr", "language"),
        ("/tiles/nothing.json", "layer"),
    ],
)
def test_what_is_no_tile_is_refused_by_name(http, address, field):
    answer = http("GET", address)
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert error["message"].startswith(f"{field}: ")
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


def test_the_last_tile_of_a_zoom_is_one_and_empty(http):
    answer = http("GET", "/tiles/services/14/16383/16383.mvt")
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_tile_is_made_anew_once_something_public_is_written(run, copy_seeded):
    from tests.graphql.conftest import talking  # noqa: PLC0415

    url = copy_seeded()
    with talking(run, url) as send:
        first = send("GET", path("services", WORLD))
        assert first.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=30"
        again = send("GET", path("services", WORLD), headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.headers["etag"]) == (304, first.headers["etag"])
        with owner_transaction(url) as connection:
            connection.exec_driver_sql("UPDATE lakana.service SET name = 'Nouveau' WHERE category = 'LEGAL_AID'")
        then = send("GET", path("services", WORLD), headers={"if-none-match": first.headers["etag"]})
        assert then.status_code == 200
        assert b"Nouveau" in then.content
        with owner_transaction(url) as connection:
            connection.exec_driver_sql("UPDATE lakana.service SET confidential = true WHERE category = 'SAFE_SHELTER'")
        last = send("GET", path("services", WORLD, categories="SAFE_SHELTER"))
        assert last.status_code == 204


def test_too_many_are_gathered_and_none_is_lost(run, copy_seeded, monkeypatch):
    from tests.graphql.conftest import talking  # noqa: PLC0415
    from tests.tiles.decoding import decode  # noqa: PLC0415

    url = copy_seeded()
    with owner_transaction(url) as connection:
        [number] = connection.exec_driver_sql("SELECT count(*) FROM lakana.service WHERE point IS NOT NULL").one()
        [places] = connection.exec_driver_sql("SELECT count(*) FROM lakana.locality").one()
        west, south, east, north = connection.exec_driver_sql(
            "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM (SELECT ST_Extent(point::geometry) FROM lakana.service) e(b)"
        ).one()
        largest = connection.exec_driver_sql("SELECT max(population) FROM lakana.locality").scalar()
    half = 360 / 64 / 2  # of a part of the world's tile, at whose middle its services are taken to be
    with talking(run, url) as send:
        for most in (number, number - 1):
            monkeypatch.setattr("geo.queries.tiles.tile.ONE_BY_ONE", most)
            answer = send("GET", path("adm0,services" if most == number else "services", WORLD))
            assert ("id" in decode(answer.content, 0, 0, 0)["services"].features[0]) == (most == number)
        monkeypatch.setattr("geo.queries.tiles.tile.ONE_BY_ONE", 10)
        for zoom in (0, 5):
            tile = tile_at(zoom, -8.0, 12.65)
            found = decode(send("GET", path("services", tile)).content, tile.zoom, tile.x, tile.y)["services"].features
            assert 1 < len(found) <= 256
            assert not any("id" in each for each in found)
            if zoom == 0:
                assert sum(each["number"] for each in found) == number
                assert all(west - half <= each["@"][0] <= east + half for each in found)
                assert all(south - half <= each["@"][1] <= north + half for each in found)
        towns = decode(send("GET", path("localities", WORLD)).content, 0, 0, 0)["localities"].features
        assert len(towns) < places == sum(each["number"] for each in towns)
        assert max(each["populationTotal"] for each in towns) == largest


def test_a_key_is_answered_by_its_own_login_and_kept_by_nobody(run, seeded_url, http):
    from api.tiles.making import made  # noqa: PLC0415
    from geo.audience import Caller  # noqa: PLC0415
    from geo.service import Resources  # noqa: PLC0415

    resources = Resources(seeded_url, 2)
    try:
        told = {run(made(resources, Caller(each, "one"), list(LAYERS), WORLD)) for each in Audience}
    finally:
        resources.close()
    assert told == {http("GET", path(ALL, WORLD)).content}


def test_tilejson_and_style_name_what_there_is(http, layers):
    told = http("GET", "/tiles/adm1,services.json?categories=MEDICAL").json()
    assert told["tiles"] == ["http://lakana.test/tiles/adm1,services/{z}/{x}/{y}.mvt?categories=MEDICAL"]
    assert [each["id"] for each in told["vector_layers"]] == ["adm1", "services"]
    assert told["bounds"] == pytest.approx([-12.2, 10.1, 4.3, 25.0], abs=0.1)
    every = {each["id"]: set(each["fields"]) for each in http("GET", f"/tiles/{ALL}.json").json()["vector_layers"]}
    for name, layer in layers(ALL, WORLD).items():
        assert {key for each in layer.features for key in each} - {"#", "@"} <= every[name]
    style = http("GET", "/tiles/style.json?lang=en").json()
    assert {each.get("source-layer") for each in style["layers"]} - {None} <= set(LAYERS)
    assert "nameEn" in str(style["layers"])
    assert "nameEn" not in str(http("GET", "/tiles/style.json").json()["layers"])
