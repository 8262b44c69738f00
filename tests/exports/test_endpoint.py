"""Exports over HTTP: arguments, refusals, prices, tags, parts."""

from __future__ import annotations

from unittest.mock import patch

import orjson
import pytest
from graphql import is_required_argument

from api.exports.asking import Asker
from api.exports.tables import tables
from geo.errors import Timeout
from tests.exports.conftest import table
from tests.graphql.conftest import talking

pytestmark = pytest.mark.database


ASK = Asker.ask


def said(answer):
    return answer.status_code, answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("file", "status", "words"),
    [
        ("nothing.csv", 404, "there is no export nothing; there are places"),
        ("services.doc", 404, "services is exported as csv"),
        ("services.csv?areCode=x", 400, "areCode: services takes no such argument; it takes categories, areaCode"),
        ("services.csv?areaCode=COD-AB:ZZ", 400, "no area in force bears the code"),
        ("services.csv?categories=MEDIC", 400, "categories"),
        ("services.csv?bbox=1", 400, "bbox: it has parts; give bbox.west, bbox.south"),
        ("services.csv?bbox.west=x", 400, "bbox.west: give a number"),
        ("services.csv?bbox.wide=1", 400, "bbox has no wide; it takes west"),
        ("services.csv?first=0", 400, "first: give how many rows"),
        ("services.csv?first=1.5", 400, "first: give a whole number"),
        ("services.csv?areaCode=a&areaCode=b", 400, "areaCode: it is given twice"),
        ("services.csv?after=x", 400, "not a cursor of this list"),
        ("services.csv?language=xx", 400, "choose fr, en or bm"),
        ("coverage.areas.csv", 400, "need"),
        ("auditEntries.csv", 401, "reserved for STEWARD"),
        ("nearestServices.csv?origin.lon=-8&origin.lat=12", 405, "send it by POST"),
        ("shelters.csv?forSex=GIRL", 405, "send it by POST"),
        ("shelters.csv?forAgeMonths=20", 405, "send it by POST"),
    ],
)
def test_what_is_wrong_is_said(http, file, status, words):
    answer = http("GET", f"/exports/{file}")
    got, message = said(answer)
    assert got == status, message
    assert words in message
    assert answer.headers["cache-control"] == "no-store"


def test_what_tells_where_a_child_is_goes_by_post_and_into_no_file(http):
    answer = http("POST", "/exports/nearestServices.csv", json={"origin": {"lon": -7.98, "lat": 12.64}, "first": 5})
    title, _, _, rows = table(answer.content)
    assert len(rows) == 5
    assert answer.headers["cache-control"] == "no-store"
    assert "12.64" not in title
    assert "origin" not in title
    assert said(http("POST", "/exports/services.csv", content=b"[")) == (
        400,
        "The request is not JSON: unexpected end of data at character 1.",
    )
    assert said(http("POST", "/exports/services.csv", json={"areCode": "x"}))[0] == 400


def test_an_export_comes_in_parts(export):
    whole = table(export("localities.csv").content)[3]
    title, _, _, first = table(export("localities.csv?first=30").content)
    assert first == whole[:30]
    [after] = [each.rpartition(" ")[2] for each in title.split(" · ") if "INCOMPLET" in each]
    rest = table(export(f"localities.csv?after={after}").content)
    assert rest[3] == whole[30:]
    assert "INCOMPLET" not in rest[0]


def test_pages_are_as_large_as_the_query_allows(export):
    with patch.object(Asker, "ask", autospec=True, side_effect=ASK) as asked:
        rows = table(export("actors.csv").content)[3]
    assert len(rows) > 300
    assert asked.call_count == 1 + -(-len(rows) // 100)


def test_who_has_it_already_is_told_so(http):
    answer = http("GET", "/exports/organizations.csv")
    assert answer.headers["cache-control"].startswith("public")
    again = {"if-none-match": answer.headers["etag"]}
    assert http("GET", "/exports/organizations.csv", headers=again).status_code == 304
    assert http("GET", "/exports/organizations.csv?language=en", headers=again).status_code == 200
    assert http("GET", "/exports/organizations.xlsx", headers=again).status_code == 200


def test_an_export_costs_what_its_pages_and_its_writing_do(run, seeded_url):
    with talking(run, seeded_url, timeout_s=60) as send:
        left = _left(send)
        send("GET", "/exports/localities.csv")
        once = left - (left := _left(send))
        send("GET", "/exports/localities.xlsx")
        assert left - _left(send) > once > 94 * 23 * 0.02


def _left(send):
    answer = send("POST", "/graphql", json={"query": "{ __typename }"})
    return int(answer.headers["ratelimit"].split("r=")[1].split(";")[0])


def test_arguments_are_paid_for_as_variables_are(run, seeded_url):
    given = {"categories": ["MEDICAL"] * 5_900 + ["x"]}
    with talking(run, seeded_url, timeout_s=60) as send:
        left = _left(send)
        assert send("POST", "/exports/services.csv", json=given).status_code == 400
        export = left - (left := _left(send))
        asked = "query ($categories: [ServiceCategory!]) { services(categories: $categories) { totalCount } }"
        send("POST", "/graphql", json={"query": asked, "variables": given})
        assert export >= 0.9 * (left - _left(send)) > 200


def test_an_export_that_costs_more_than_a_minute_has_is_refused_before_it_is_begun(run, seeded_url):
    with talking(run, seeded_url, timeout_s=60) as send, patch("api.identity.budget.Account.quota", 100):
        status, message = said(send("GET", "/exports/actors.csv"))
    assert status == 400
    assert "take it in parts by first and after" in message


def test_a_file_is_whole_or_it_is_not_there(http):
    async def fails(self, document, given):
        if given.get("after"):
            raise Timeout("too slow")
        return await ASK(self, document, given)

    with patch.object(Asker, "ask", fails):
        answer = http("GET", "/exports/actors.csv")
    assert said(answer) == (503, "too slow")


PLACE = {"lon": -7.98, "lat": 12.64}
VALUES = {
    "areaCode": "COD-AB:MLI",
    "at": PLACE,
    "category": "MEDICAL",
    "incidentType": "TRAFFICKING",
    "kind": "NGO",
    "layer": "SERVICES",
    "level": "ADM1",
    "mode": "CAR",
    "need": {"categories": ["MEDICAL"]},
    "openAt": "2026-03-02T09:00:00Z",
    "origin": PLACE,
    "period": "2024",
    "search": "Kita",
    "within": {"metres": 30_000},
}
"""Values for the arguments that a query needs."""


@pytest.mark.parametrize("name", sorted(tables()))
def test_everything_that_is_declared_can_be_exported(http, name):
    """With the arguments that its query needs; of what is reserved, that it is refused to the public."""
    root = tables()[name].field
    needed = {each: VALUES.get(each) for each, argument in root.args.items() if is_required_argument(argument)}
    for ending in ("csv", "geojson"):
        answer = http("POST", f"/exports/{name}.{ending}", json=needed)
        if tables()[name].reserved() is not None:
            assert answer.status_code in {400, 401}
        else:
            assert answer.status_code == 200, answer.text
            if ending == "geojson":
                assert orjson.loads(answer.content)["metadata"]["export"] == name
