"""HSDS 3.0: the fields that it requires, the words that it allows, and nothing that it does not know."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable

import orjson
import pytest

from api.exports import hsds

pytestmark = pytest.mark.database

REQUIRED = {
    "organizations": {"id", "name", "description"},
    "services": {"id", "name", "status", "organization_id"},
    "locations": {"id", "location_type"},
    "service_at_location": {"id", "service_id", "location_id"},
    "phones": {"id", "number"},
    "schedules": {"id"},
    "languages": {"id"},
    "service_areas": {"id"},
    "attributes": {"id", "link_id", "link_entity", "taxonomy_term_id"},
    "taxonomy_terms": {"id", "name", "description"},
    "taxonomies": {"id", "name", "description"},
}
"""What the standard's schema requires of each file, its rules for tables included."""
LINKS = {
    ("services", "organization_id"): "organizations",
    ("organizations", "parent_organization_id"): "organizations",
    ("locations", "organization_id"): "organizations",
    ("service_at_location", "service_id"): "services",
    ("service_at_location", "location_id"): "locations",
    ("phones", "service_id"): "services",
    ("schedules", "service_id"): "services",
    ("attributes", "link_id"): "services",
    ("attributes", "taxonomy_term_id"): "taxonomy_terms",
    ("taxonomy_terms", "taxonomy_id"): "taxonomies",
}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def package(export):
    with zipfile.ZipFile(io.BytesIO(export("services.hsds.zip").content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    about = orjson.loads(files.pop("datapackage.json"))
    rows = {name: list(csv.DictReader(io.StringIO(each.decode(), newline=""))) for name, each in files.items()}
    return about, {name.removesuffix(".csv"): each for name, each in rows.items()}


def test_a_package_has_all_that_the_standard_requires(package):
    about, files = package
    assert files.keys() == REQUIRED.keys() == hsds.FILES.keys()
    assert {each["path"] for each in about["resources"]} == {f"{name}.csv" for name in files}
    for name, needed in REQUIRED.items():
        for row in files[name]:
            assert all(row[key] for key in needed), (name, row)
            assert UUID.fullmatch(row["id"])
        assert len({row["id"] for row in files[name]}) == len(files[name]), "an id is unique"
    assert {each["status"] for each in files["services"]} <= {"active", "inactive", "defunct", "temporarily closed"}
    assert {each["location_type"] for each in files["locations"]} == {"physical"}
    assert {each["freq"] for each in files["schedules"]} <= {"WEEKLY", ""}


READ: dict[str, Callable[[str], object]] = {
    "string": str,
    "number": float,
    "date": dt.date.fromisoformat,
    "time": lambda cell: dt.datetime.strptime(cell, "%H:%M:%S"),  # noqa: DTZ007  as data packages write times
}


def test_a_package_tells_the_columns_of_its_files_and_what_they_hold(package):
    about, files = package
    assert dt.datetime.fromisoformat(about["created"]).tzinfo is not None
    for resource in about["resources"]:
        assert resource["profile"] == "tabular-data-resource"
        rows, fields = files[resource["name"]], resource["schema"]["fields"]
        assert all(list(row) == [each["name"] for each in fields] for row in rows)
        for each in fields:
            for row in rows:
                if row[each["name"]]:
                    READ[each["type"]](row[each["name"]])
    for each in (*about["licenses"], *about["sources"]):
        assert None not in each.values(), "a data package has no null"


def test_what_a_package_links_to_is_in_it(package):
    _, files = package
    for (name, key), other in LINKS.items():
        ids = {each["id"] for each in files[other]}
        assert {each[key] for each in files[name] if each[key]} <= ids, (name, key)


def test_json_and_package_say_the_same(export, package):
    about, files = package
    page = orjson.loads(export("services.hsds.json").content)
    assert page["total_items"] == len(page["contents"]) == len(files["services"])
    assert [each["id"] for each in page["contents"]] == [each["id"] for each in files["services"]]
    for service in page["contents"]:
        assert {"id", "name", "status", "organization"} <= service.keys()
        assert None not in service.values()
    assert about["metadata"] == page["metadata"]


def test_a_confidential_service_is_in_no_such_file_and_the_file_says_how_many(export, http, package):
    query = "{ services(categories: [SAFE_SHELTER], first: 100) { edges { node { id location { precision } } } } }"
    nodes = [
        each["node"] for each in http("POST", "/graphql", json={"query": query}).json()["data"]["services"]["edges"]
    ]
    hidden = {each["id"] for each in nodes if each["location"]["precision"] == "AREA"}
    assert hidden
    about, files = package
    assert not hidden & {each["id"] for each in files["services"]}
    assert about["metadata"]["leftOut"] == len(hidden)
    assert any("laissés de côté" in each for each in about["metadata"]["notes"])
    body = export("services.hsds.json").text
    assert not any(each in body for each in hidden)


def test_a_package_says_whose_it_is(package):
    about, files = package
    assert {"name": "Apache-2.0", "title": "Lakana, données d’illustration"} in about["licenses"]
    assert "DONNÉES ILLUSTRATIVES" in about["description"]
    said = {(each["link_type"], each["value"]) for each in files["attributes"]}
    assert ("illustrative", "true") in said
    assert ("licence", "Apache-2.0") in said


ROW = {
    "id": "11111111-1111-4111-8111-111111111111",
    "name": "Kita CSCOM",
    "category": "MEDICAL",
    "categoryLabel": "Soins médicaux",
    "capacity": None,
    "phones": [],
    "verifiedOn": None,
    "closedFrom": None,
    "closedUntil": None,
    "languages": ["bm"],
    "openingHours": None,
    "location": None,
    "serviceArea": None,
    "source": {"name": "S", "licence": None, "illustrative": False, "url": None},
    "actor": {"id": "22222222-2222-4222-8222-222222222222", "name": "A", "kindLabel": "ONG", "organization": None},
}
WORDS = dict.fromkeys(hsds.TERMS, "mot")


def made(**changed):
    return hsds.service(ROW | changed, "2026-06-15", WORDS)


def test_days_that_open_alike_are_one_schedule():
    found = made(openingHours={"text": "Mo-Fr 08:00-16:00; Sa 08:00-12:00; PH off"})["schedules"]
    assert [(each["byday"], each["opens_at"], each["closes_at"]) for each in found] == [
        ("SA", "08:00:00", "12:00:00"),
        ("MO,TU,WE,TH,FR", "08:00:00", "16:00:00"),
    ]
    [always] = made(openingHours={"text": "24/7"})["schedules"]
    assert (always["byday"], always["opens_at"], always["closes_at"]) == (
        "MO,TU,WE,TH,FR,SA,SU",
        "00:00:00",
        "23:59:00",
    )
    [words] = made(openingHours={"text": "sur rendez-vous"})["schedules"]
    assert words["description"] == "sur rendez-vous"
    assert "freq" not in words


def test_closed_for_a_while_is_said():
    assert made()["status"] == "active"
    assert made(closedFrom="2026-06-15", closedUntil="2026-06-15")["status"] == "temporarily closed"
    assert made(closedFrom="2026-06-16", closedUntil="2026-06-20")["status"] == "active"
    assert made(closedFrom="2026-06-01", closedUntil="2026-06-14")["status"] == "active"


def test_what_has_no_place_in_the_standard_is_none():
    assert made(actor=None) is None
    zone = {"point": {"type": "Point", "coordinates": [1, 2]}, "precision": "AREA", "locality": None, "adminArea": None}
    assert made(location=zone) is None
    assert made()["service_at_locations"] == []
