"""OGC API Features answers as the standard says, with what the API tells."""

from __future__ import annotations

import shutil
import subprocess
from urllib.parse import urlsplit

import pytest

from api.ogc.collections import collections
from geo.coordinates import degrees_between
from tests.served import served
from tests.tiles.conftest import http, run

__all__ = ["http", "run"]
pytestmark = pytest.mark.database


def get(http, path, status=200, **options):
    answer = http("GET", f"/ogc{path}", **options)
    assert answer.status_code == status, answer.text
    return answer.json()


def linked(page, rel):
    return next((urlsplit(each["href"]) for each in page["links"] if each["rel"] == rel), None)


def walked(http, path):
    """Return the features of all pages."""
    found, page = [], get(http, path)
    while True:
        assert page["numberReturned"] == len(page["features"])
        found += page["features"]
        after = linked(page, "next")
        if after is None:
            return found
        page = get(http, f"{after.path.removeprefix('/ogc')}?{after.query}")


def test_every_link_leads_to_what_it_says(http):
    seen, waiting = set(), [("/ogc", "")]
    while waiting:
        path, query = waiting.pop()
        address = f"{path}?{query}" if query else path
        if address in seen or "cursor" in address:
            continue
        seen.add(address)
        answer = http("GET", address)
        assert answer.status_code == 200, address
        if "json" not in answer.headers["content-type"]:
            continue
        page = answer.json()
        links = [*page.get("links", ()), *(link for each in page.get("collections", ()) for link in each["links"])]
        for each in links:
            url = urlsplit(each["href"])
            waiting.append((url.path, url.query))
            if url.path == path and url.query == query:
                assert answer.headers["content-type"].startswith(each["type"].partition(";")[0])
    assert len(seen) > 12


def test_it_says_which_classes_it_conforms_to(http):
    told = get(http, "/conformance")["conformsTo"]
    assert {each.rpartition("/")[2] for each in told} == {"core", "oas30", "html", "geojson"}
    api = http("GET", "/ogc/api")
    assert api.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert "/collections/services/items" in api.json()["paths"]


@pytest.mark.parametrize(
    ("name", "root"), [("services", "services"), ("actors", "actors"), ("localities", "localities")]
)
def test_pages_hold_every_row_of_the_list_once(http, name, root):
    answer = http("POST", "/graphql", json={"query": f"{{ {root} {{ totalCount }} }}"})
    found = walked(http, f"/collections/{name}/items?limit=150")
    assert len({each["id"] for each in found}) == len(found) == answer.json()["data"][root]["totalCount"]


def test_areas_are_those_in_force(http):
    found = walked(http, "/collections/areas/items?limit=10")
    layer = http("POST", "/graphql", json={"query": "{ featureCollection(layer: ADMIN_AREAS) }"})
    told = layer.json()["data"]["featureCollection"]["features"]
    assert len(found) > 8
    assert found == told


def test_a_box_holds_what_lies_in_it_and_no_confidential_place(http, home):
    west, south, east, north = edges = home.near.west, home.near.south, home.near.east, home.near.north
    found = walked(http, f"/collections/services/items?limit=1000&bbox={','.join(map(str, edges))}")
    assert found
    for each in found:
        lon, lat = each["geometry"]["coordinates"]
        assert degrees_between(west, lon) <= degrees_between(west, east)
        assert south <= lat <= north
        assert each["properties"]["location.precision"] == "EXACT"
    heights = walked(http, f"/collections/services/items?limit=1000&bbox={west},{south},0,{east},{north},100")
    assert heights == found


def test_a_confidential_service_is_told_by_its_zone(http):
    every = walked(http, "/collections/services/items?limit=1000")
    hidden = [each for each in every if each["properties"].get("location.precision") == "AREA"]
    assert hidden
    for each in hidden:
        assert each["properties"]["location.radiusMetres"] > 10_000
        assert each["properties"]["actor.name"] is None


def test_a_feature_is_found_by_its_id(http):
    for name in collections():
        [wanted] = get(http, f"/collections/{name}/items?limit=1")["features"]
        found = get(http, f"/collections/{name}/items/{wanted['id']}")
        assert {key: found[key] for key in wanted} == wanted
    get(http, f"/collections/actors/items/{get(http, '/collections/services/items?limit=1')['features'][0]['id']}", 404)
    get(http, "/collections/services/items/00000000-0000-4000-8000-000000000000", 404)
    get(http, "/collections/nothing", 404)


@pytest.mark.parametrize(
    "query",
    [
        "when=now", "limit=0", "limit=x", "limit=-1", "bbox=1,2,3", "bbox=1,2,3,x", "bbox=nan,0,1,1", "bbox=0,9,1,8",
        "datetime=yesterday", "f=xml", "lang=de", "limit=1&limit=2", "cursor=x",
    ],
)  # fmt: skip
def test_what_is_not_known_or_not_good_is_refused(http, query):
    told = get(http, f"/collections/services/items?{query}", 400)
    assert told["code"] == "BAD_USER_INPUT"
    assert query.partition("=")[0] in told["description"] or "cursor" in query


def test_more_than_the_most_gives_the_most_and_every_time_is_taken(http):
    for time in ("2025-01-01", "2025-01-01T00:00:00Z/..", "../2030-12-31", "2020-01-01/2021-01-01"):
        assert get(http, f"/collections/services/items?limit=5000&datetime={time}")["numberReturned"] > 100


def test_pages_for_people_show_texts_and_run_none(http):
    page = http("GET", "/ogc/collections/services/items?limit=3&lang=en", headers={"accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.text.count("<tr>") == 4
    assert 'lang="en"' in page.text
    landing = http("GET", "/ogc?f=html&lang=fr").text
    assert "données géographiques" in landing


def test_an_answer_has_a_tag_unless_it_is_of_the_moment(http):
    for path in ("/ogc", "/ogc/collections/localities/items"):
        first = http("GET", path)
        again = http("GET", path, headers={"if-none-match": first.headers["etag"]})
        assert again.status_code == 304
        assert http("GET", f"{path}?lang=en", headers={"if-none-match": first.headers["etag"]}).status_code == 200


def test_gdal_reads_every_collection_whole(seeded_url):
    program = shutil.which("ogrinfo")
    if program is None:
        pytest.skip("GDAL's ogrinfo is missing: nothing checks that its driver for OGC API Features reads ours")
    with served(seeded_url) as (address, _):
        asked = [program, "-ro", "-so", "-al", f"OAPIF:{address}/ogc"]
        done = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        counted = {name: _counted(address, name) for name in collections()}
    lines = [line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line]
    names = [value for name, value in lines if name == "Layer name"]
    counts = [int(value) for name, value in lines if name == "Feature Count"]
    assert dict(zip(names, counts, strict=True)) == counted


def _counted(address, name):
    import httpx  # noqa: PLC0415

    url: str | None
    number, url = 0, f"{address}/ogc/collections/{name}/items?limit=1000"
    while url is not None:
        page = httpx.get(url, timeout=60).json()
        number += page["numberReturned"]
        url = next((each["href"] for each in page["links"] if each["rel"] == "next"), None)
    return number
