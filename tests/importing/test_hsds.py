"""HSDS 3: packages of tables as CSV, in a folder or a zip, tabular JSON, and services as whole objects."""

from __future__ import annotations

import json
import zipfile
from typing import Any

import pytest

from seeds.readers.files import tables
from seeds.readers.hsds import hours
from seeds.readers.table import Corrections
from seeds.troubles import CellTrouble, FileTrouble, Refused, RowTrouble
from tests.importing.country import counts, troubles

PACKAGE: dict[str, list[dict[str, Any]]] = {
    "organizations": [{"id": "o1", "name": "ONG Jigiya", "alternate_name": "JIG", "website": "https://example.org"}],
    "services": [
        {"id": "s1", "organization_id": "o1", "name": "Écoute", "status": "active", "assured_date": "2025-03-01"},
        {"id": "s2", "organization_id": "o1", "name": "Consultation", "status": "active", "assured_date": ""},
        {"id": "s3", "organization_id": "o1", "name": "Ancien", "status": "defunct", "assured_date": ""},
    ],
    "locations": [
        {"id": "l1", "name": "Kita", "latitude": 10.51, "longitude": 0.52},
        {"id": "l2", "name": "Kaya", "latitude": 11.53, "longitude": 0.54},
    ],
    "service_at_location": [
        {"id": "a1", "service_id": "s1", "location_id": "l1"},
        {"id": "a2", "service_id": "s1", "location_id": "l2"},
        {"id": "a3", "service_id": "s2", "location_id": "l2"},
        {"id": "a4", "service_id": "s3", "location_id": "l2"},
    ],
    "phones": [{"id": "p1", "location_id": "l1", "service_id": "", "number": '"+22320220000"'}],
    "schedules": [
        {
            "id": "h1",
            "service_id": "s2",
            "freq": "WEEKLY",
            "byday": "MO,TU",
            "opens_at": "08:00:00",
            "closes_at": "12:00",
        },
        {"id": "h2", "service_id": "s2", "freq": "WEEKLY", "byday": "MO", "opens_at": "14:00:00", "closes_at": "16:00"},
    ],
    "taxonomy_terms": [{"id": "t1", "code": "x", "name": "Psychosocial support"}, {"id": "t2", "code": "MEDICAL"}],
    "attributes": [
        {"id": "1", "link_id": "s1", "taxonomy_term_id": "t1", "value": ""},
        {"id": "2", "link_id": "s2", "taxonomy_term_id": "t2", "value": ""},
        {"id": "3", "link_id": "s3", "taxonomy_term_id": "t2", "value": ""},
    ],
    "contacts": [{"id": "c1", "service_id": "s1", "name": "Awa Persona", "email": "awa@example.org"}],
}
HELD = (
    "SELECT s.name, s.category::text, a.name, ST_Y(s.point::geometry)::float, s.phone, s.opening_hours, s.verified_on::text "
    "FROM lakana.service s JOIN lakana.actor a ON a.id = s.actor_id ORDER BY 1, 4"
)
EXPECTED = [
    ("Consultation", "MEDICAL", "ONG Jigiya", 11.53, None, "Mo 08:00-12:00,14:00-16:00; Tu 08:00-12:00", None),
    ("Écoute", "PSYCHOSOCIAL_SUPPORT", "ONG Jigiya", 10.51, "+22320220000", None, "2025-03-01"),
    ("Écoute", "PSYCHOSOCIAL_SUPPORT", "ONG Jigiya", 11.53, None, None, "2025-03-01"),
]


def csvs():
    for name, records in PACKAGE.items():
        columns = list(dict.fromkeys(key for each in records for key in each))
        quoted = [
            ["" if each.get(key) is None else str(each.get(key, "")).replace('"', '""') for key in columns]
            for each in records
        ]
        yield f"{name}.csv", "\n".join([",".join(columns), *(",".join(f'"{cell}"' for cell in row) for row in quoted)])


def as_folder(path):
    path.mkdir()
    for name, text in csvs():
        (path / name).write_text(text, "utf-8")
    return path


def as_zip(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("datapackage.json", "{}")
        for name, text in csvs():
            archive.writestr(f"package/{name}", text)
    return path


def as_tabular(path):
    path.write_text(json.dumps({f"{name}.csv": records for name, records in PACKAGE.items()}), "utf-8")
    return path


def whole(service):
    location = {each["id"]: each for each in PACKAGE["locations"]}
    phones = {each["location_id"]: [each] for each in PACKAGE["phones"]}
    terms = {each["id"]: each for each in PACKAGE["taxonomy_terms"]}
    own = service["id"]
    return {
        **{key: value for key, value in service.items() if key != "organization_id"},
        "interpretation_services": "",
        "organization": PACKAGE["organizations"][0],
        "schedules": [each for each in PACKAGE["schedules"] if each["service_id"] == own],
        "service_at_locations": [
            {"id": each["id"], "location": location[each["location_id"]], "phones": phones.get(each["location_id"], [])}
            for each in PACKAGE["service_at_location"]
            if each["service_id"] == own
        ],
        "attributes": [
            {"taxonomy_term": terms[each["taxonomy_term_id"]]}
            for each in PACKAGE["attributes"]
            if each["link_id"] == own
        ],
        "contacts": [{"name": "Awa Persona"}],
    }


def as_whole(path):
    path.write_text(json.dumps([whole(each) for each in PACKAGE["services"]]), "utf-8")
    return path


@pytest.mark.database
def test_every_form_of_a_package_is_one_directory(made_up_country, tmp_path):
    forms = [
        as_folder(tmp_path / "package"),
        as_zip(tmp_path / "p.zip"),
        as_tabular(tmp_path / "t.json"),
        as_whole(tmp_path / "w.json"),
    ]
    report = made_up_country.load("services", forms[0], scheme="P")
    assert (counts(report), report.left_out) == ((3, 0, 0, 0), 1)
    assert made_up_country.ask(HELD) == EXPECTED
    for each in forms[1:]:
        assert counts(made_up_country.load("services", each, scheme="P")) == (0, 0, 3, 0)
    assert "Persona" not in str(made_up_country.ask("SELECT report::text FROM audit.import"))
    assert counts(made_up_country.load("organizations", forms[1])) == (1, 0, 0, 0)
    sheet = Corrections(sheet="organizations")
    assert counts(made_up_country.load("organizations", forms[0], corrections=sheet)) == (0, 0, 1, 0)
    assert made_up_country.ask("SELECT name, acronym, url FROM lakana.organization") == [
        ("ONG Jigiya", "JIG", "https://example.org")
    ]


def test_what_is_said_beyond_the_columns_that_are_read_is_a_column_too(tmp_path):
    service = whole(PACKAGE["services"][1]) | {"confidential": True}
    [link] = service["service_at_locations"]
    link["location"] = link["location"] | {
        "secret": "oui",
        "attributes": [{"taxonomy_term": {"id": "t9", "code": "SAFE_SHELTER"}}],
    }
    path = tmp_path / "w.json"
    path.write_text(json.dumps([service]), "utf-8")
    services, _ = tables(path)
    [row] = services.rows()
    told = dict(zip(services.form.names(), row.cells, strict=True))
    assert (told["service confidential"], told["location secret"], told["attributes"]) == (True, "oui", "SAFE_SHELTER")


def test_an_attribute_of_an_organization_is_told_once_however_many_services_it_has(tmp_path):
    offered = map(whole, PACKAGE["services"])
    services = [{name: value for name, value in each.items() if name != "organization"} for each in offered]
    offering = PACKAGE["organizations"][0] | {"attributes": [{"taxonomy_term": {"id": "t9", "name": "NGO"}}]}
    path = tmp_path / "w.json"
    path.write_text(json.dumps([offering | {"services": services}]), "utf-8")
    table, _ = tables(path)
    at = table.form.names().index("attributes")
    assert {row.cells[at] for row in table.rows()} == {"NGO"}


def test_hours_that_are_not_the_same_every_week_are_not_known():
    weekly = {"freq": "WEEKLY", "byday": "SA,SU", "opens_at": "09:00", "closes_at": "17:00"}
    assert hours([weekly]) == "Sa,Su 09:00-17:00"
    assert hours([weekly | {"valid_to": "2005-01-01"}]) is None
    for other in ({"freq": "MONTHLY"}, {"byday": ""}, {"opens_at": None}, {"until": "2030-01-01"}):
        assert hours([weekly, weekly | other]) is None


def test_what_is_no_package_is_refused(tmp_path, write):
    (tmp_path / "other").mkdir()
    for path, trouble in (
        (tmp_path / "other", FileTrouble.UNKNOWN_FORMAT),
        (write('{"organization_id": 1', "a.json"), FileTrouble.BROKEN_JSON),
        (write("[1, 2]", "b.json"), FileTrouble.UNKNOWN_FORMAT),
    ):
        with pytest.raises(Refused) as caught:
            tables(path)
        assert caught.value.trouble is trouble


@pytest.mark.database
@pytest.mark.parametrize("name", ["ex_service_full.json", "ex_organization_full.json", "ex_tabular.json"])
def test_of_the_examples_of_the_specification_latitude_100_is_refused(made_up_country, real, name):
    report = made_up_country.load("services", real(f"hsds/{name}"), scheme="P")
    found = {(each.trouble, each.place.column) for each in report.problems}
    if name == "ex_organization_full.json":  # its service stands nowhere
        assert (CellTrouble.UNKNOWN_TERM, "category") in found or RowTrouble.NO_CATEGORY in troubles(report)
    else:
        assert (RowTrouble.NOT_ON_EARTH, "latitude") in found
    assert report.refused == report.read == 1
    assert made_up_country.ask("SELECT count(*) FROM lakana.service") == [0]


@pytest.mark.parametrize(("said", "is_column"), [("physical", False), ("virtual", False), ("refuge", True)])
def test_the_standard_s_own_types_of_locations_say_nothing_of_what_a_place_is(tmp_path, said, is_column):
    """Each location of HSDS has one, so every package that has them was refused as if it might be confidential."""
    service = whole(PACKAGE["services"][1])
    [link] = service["service_at_locations"]
    link["location"] = link["location"] | {"location_type": said}
    path = tmp_path / "w.json"
    path.write_text(json.dumps([service]), "utf-8")
    services, _ = tables(path)
    assert ("location location_type" in services.form.names()) is is_column


def test_hours_that_are_described_in_their_own_form_are_those():
    weekly = {"freq": "WEEKLY", "byday": "MO,TU", "opens_at": "00:00:00", "closes_at": "23:59:00"}
    assert hours([weekly | {"description": "Mo-Tu 00:00-24:00; PH off"}]) == "Mo-Tu 00:00-24:00; PH off"
    assert hours([weekly | {"description": "Monday, Tuesday"}]) == "Mo,Tu 00:00-23:59"
