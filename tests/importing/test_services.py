"""Public services from lists: known again, never brought back, never a shelter."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from sqlalchemy import Engine, event, text

from geo.database import owner
from seeds.loading import importing
from seeds.loading.kinds import LOADERS
from seeds.loading.options import Options
from seeds.reports import refused_rows
from seeds.reports.report import HIDDEN, Outcome
from seeds.troubles import CellTrouble, Refused, RowTrouble
from tests.importing.country import cercles

pytestmark = pytest.mark.database

LIST = """Admin1,Facility name,Facility type,Lat,Long,phone,opening_hours,capacity
Sud,Kita CSCOM,Community Health Centre,10.51,0.52,+22320220000,Mo-Fr 08:00–16:00,20
Nord,Kaya CSREF,Referral Health Centre,11.53,0.54,22320220001.0,24/7,
Sud,Koro école,School,10.55,1.56,,,
"""


class Country:
    def __init__(self, url, write):
        self.url, self.write = url, write

    def load(self, content, kind="services", name="list.csv", **options):
        return importing.run(self.url, LOADERS[kind], [self.write(content, name)], Options(**options))

    def ask(self, query):
        with owner.owner_transaction(self.url) as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def run(self, statement):
        with owner.owner_transaction(self.url) as connection:
            connection.execute(text(statement))


@pytest.fixture
def country(copy_migrated, write):
    made = Country(copy_migrated(), write)
    made.load(cercles(), "areas", "cercles.geojson", scheme="COD-AB", edition="1")
    made.run("INSERT INTO lakana.dialling SELECT id, 'ML', '{116}' FROM lakana.admin_area WHERE level = 0")
    return made


def counts(report):
    return report.new, report.changed, report.unchanged, report.refused


SERVICES = (
    "SELECT s.name, s.category::text, a.code, s.phone, s.opening_hours, s.capacity, o.kind::text FROM lakana.service s "
    "JOIN lakana.admin_area a ON a.id = s.area_id JOIN lakana.actor o ON o.id = s.actor_id ORDER BY s.name"
)


def test_a_list_of_facilities_is_a_directory_and_twice_is_once(country):
    assert counts(country.load(LIST)) == (3, 0, 0, 0)
    # A row's own area stays, though an outline knows more: coverage goes by outlines.
    assert country.ask(SERVICES) == [
        ("Kaya CSREF", "MEDICAL", "XX01", "+22320220001", "24/7", None, "HEALTH_FACILITY"),
        ("Kita CSCOM", "MEDICAL", "XX02", "+22320220000", "Mo-Fr 08:00-16:00", 20, "HEALTH_FACILITY"),
        ("Koro école", "EDUCATION", "XX02", None, None, None, "SCHOOL"),
    ]
    assert country.ask("SELECT count(*) FROM lakana.service_spot") == [(3,)]
    assert country.ask("SELECT count(*) FROM lakana.hours_read") == [(2,)]
    assert counts(country.load(LIST)) == (0, 0, 3, 0)
    assert counts(country.load(LIST.replace(",20\n", ",30\n"))) == (0, 1, 2, 0)
    assert counts(country.load(LIST.replace(",20\n", ",40\n"))) == (0, 1, 2, 0)


def test_what_somebody_changed_since_stays_as_it_is(country):
    country.load(LIST)
    country.run("UPDATE lakana.service SET phone = '+22320229999' WHERE name = 'Kita CSCOM'")
    report = country.load(LIST)
    assert counts(report) == (0, 0, 3, 0)
    assert country.ask("SELECT phone FROM lakana.service WHERE name = 'Kita CSCOM'") == [("+22320229999",)]
    assert [each.trouble for each in report.problems] == [RowTrouble.CHANGED_SINCE]


def test_a_list_never_brings_back_what_is_gone(country):
    country.load(LIST)
    country.run("DELETE FROM lakana.service WHERE name = 'Kita CSCOM'")
    report = country.load(LIST, accept_partial=True)
    assert counts(report) == (0, 0, 2, 1)
    [problem] = report.problems
    assert (problem.trouble, problem.value) == (RowTrouble.GONE_SINCE, HIDDEN)
    assert "Kita" not in json.dumps(report.as_data())


def test_what_looks_entered_already_is_told(country):
    country.load(LIST, scheme="A")
    report = country.load(LIST, scheme="B")
    assert report.outcome is Outcome.REFUSED
    assert {each.trouble for each in report.problems} == {RowTrouble.ALREADY_THERE}


@pytest.mark.parametrize(
    ("category", "confidential", "refused"),
    [
        ("Foyer", "", True),
        ("shelter", "non", True),
        ("Clinic", "oui", True),
        ("Clinic", "non", False),
        ("Clinic", "", False),
    ],
)
def test_a_shelter_or_a_confidential_place_comes_from_no_file_and_nothing_of_it_is_told(
    country, category, confidential, refused
):
    rows = (
        f"name,category,lat,lon,confidential,phone\nMaison Jigiya,{category},10.5123,0.5234,{confidential},76543210\n"
    )
    report = country.load(rows)
    assert (report.refused == 1) is refused
    told = json.dumps(report.as_data())
    if refused:
        assert {each.trouble for each in report.problems} == {RowTrouble.SHELTER}
        assert not any(each in told for each in ("Jigiya", "10.5123", "0.5234", "76543210"))
        assert country.ask("SELECT count(*) FROM lakana.actor") == [(0,)]


def test_a_cell_that_cannot_be_read_tells_no_place_and_no_number(country, tmp_path):
    rows = "name,category,lat,lon,confidential,phone,opening_hours\nMaison Jigiya,Foyer,10.5123x,0.5234,oui,7,x\nBla,Clinic,10.51,0.52,,12,whenever\n"
    report = country.load(rows)
    assert {each.trouble for each in report.problems} == {
        CellTrouble.NO_DEGREES,
        CellTrouble.NO_TELEPHONE,
        CellTrouble.NO_HOURS,
    }
    told = json.dumps(report.as_data())
    assert refused_rows.write(report, tmp_path / "back.csv") == 0
    assert not (tmp_path / "back.csv").exists()
    assert not any(each in told for each in ("Jigiya", "10.5123", "0.5234"))


def test_kobo_and_openstreetmap_are_read(country):
    kobo = "_uuid,Nom structure,type de service,_geolocation,gps\nu-1,Kita CSCOM,CSCOM,x,10.51 0.52 300 4.9\n"
    with pytest.raises(Refused) as caught:
        country.load(kobo)
    assert caught.value.trouble is RowTrouble.NEEDS_SCHEME
    assert counts(country.load(kobo, scheme="Kobo")) == (1, 0, 0, 0)
    node = {
        "type": "Feature",
        "properties": {"@id": "node/1", "name": "Kaya", "amenity": "clinic"},
        "geometry": {"type": "Point", "coordinates": [0.54, 11.53]},
    }
    report = country.load(json.dumps({"type": "FeatureCollection", "features": [node]}), name="osm.geojson")
    assert counts(report) == (1, 0, 0, 0)
    assert country.ask("SELECT name, licence FROM lakana.source WHERE name = 'OpenStreetMap'") == [
        ("OpenStreetMap", "ODbL 1.0")
    ]


def test_the_real_list_of_health_facilities(copy_migrated, write, real):
    made = Country(copy_migrated(), write)
    areas = [real("cod_ab_2018_adm2_cercles.geojson")]
    importing.run(made.url, LOADERS["areas"], areas, Options(scheme="COD-AB", edition="2018"))
    options = Options(spellings={"Koulikoro": "ML02"}, accept_partial=True)
    report = importing.run(made.url, LOADERS["services"], [real("who_kwtrp_2019_mali_health_facilities.csv")], options)
    assert report.read == 1_478
    assert report.counts == {
        RowTrouble.NO_COORDINATES: 30,
        RowTrouble.NEAR_BORDER: 2,
        RowTrouble.ELSEWHERE: 10,
        RowTrouble.SAID_TWICE: 5,
    }
    assert report.new == 1_443


CODED = "service_id,name,category,lat,lon\nF1,Kita CSCOM,MEDICAL,10.51,0.52\nF2,Koro école,EDUCATION,10.55,1.56\n"
LATER = [
    {"source": "DNS", "as_of": dt.date(2026, 1, 1)},
    {"source": "DNS", "licence": "CC BY 4.0"},
    {"scheme": "DNS"},
    {"scheme": "Another list"},
    {"source": "Une autre liste"},
]


@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("content", [CODED, CODED.replace("service_id,", "").replace("F1,", "").replace("F2,", "")])
def test_what_was_retired_stays_so_under_another_file_day_or_list(country, content, later):
    country.load(content, source="DNS", as_of=dt.date(2025, 1, 1))
    country.run("DELETE FROM lakana.service WHERE name = 'Kita CSCOM'")
    report = country.load(content, name="list_2026.csv", accept_partial=True, **later)
    assert report.new == 0
    assert RowTrouble.GONE_SINCE in {each.trouble for each in report.problems}
    assert country.ask("SELECT name FROM lakana.service") == [("Koro école",)]


def test_a_list_without_codes_and_without_a_name_is_known_from_any_file(country):
    country.load(LIST, name="2025.csv")
    country.run("DELETE FROM lakana.service WHERE name = 'Kita CSCOM'")
    for later in ({}, {"as_of": dt.date(2026, 1, 1)}, {"source": "DNS"}):
        assert country.load(LIST, name="2026.csv", accept_partial=True, **later).new == 0
    assert country.ask("SELECT count(*) FROM lakana.service") == [(2,)]


def test_what_was_changed_is_not_passed_by_from_another_file(country):
    country.load(CODED, source="DNS", as_of=dt.date(2025, 1, 1))
    country.run("UPDATE lakana.service SET name = 'Kita CSCOM II' WHERE name = 'Kita CSCOM'")
    report = country.load(CODED, name="list_2026.csv", source="DNS", as_of=dt.date(2026, 1, 1))
    assert counts(report) == (0, 0, 2, 0)
    assert [each.trouble for each in report.problems] == [RowTrouble.CHANGED_SINCE]


def test_no_file_name_becomes_public_and_a_file_of_which_nothing_is_loaded_leaves_nothing(country):
    before = country.ask("SELECT count(*) FROM lakana.source UNION ALL SELECT count(*) FROM audit.import")
    rows = "name,category,lat,lon\nRefuge X,SAFE_SHELTER,10.51,0.52\n"
    report = country.load(rows, name="foyers_Sokoura_rue12.csv", accept_partial=True)
    assert report.outcome is Outcome.REFUSED
    assert country.ask("SELECT count(*) FROM lakana.source UNION ALL SELECT count(*) FROM audit.import") == before
    country.load(LIST, name="foyers_Sokoura_rue12.csv", accept_partial=True)
    assert country.ask("SELECT name FROM lakana.source ORDER BY name") == [("COD-AB",), ("services",)]


def test_rows_that_are_there_twice_or_nowhere_are_told_without_their_values(country):
    rows = (
        "service_id,name,category,lat,lon\nT1,Poste Upsilon,MEDICAL,10.51,0.52\nT1,Poste Omega,MEDICAL,10.51,0.52\n"
        "T2,Poste Phi,MEDICAL,137.41,0.52\n"
    )
    report = country.load(rows, scheme="L")
    assert [(each.trouble, each.value) for each in report.problems] == [
        (RowTrouble.NOT_ON_EARTH, HIDDEN),
        (RowTrouble.SAID_TWICE, HIDDEN),
    ]
    told = json.dumps(report.as_data())
    assert not any(each in told for each in ("Upsilon", "Omega", "137.41"))


@pytest.mark.parametrize(
    "row", ["Centre Theta,ONG T,+223 99 12 34 56", "Centre 99123456,ONG T,", "Centre T,ONG 99 12 34 56,"]
)
def test_a_number_that_may_not_be_public_refuses_its_row_alone_and_is_not_repeated(copy_seeded, write, row):
    made = Country(copy_seeded(), write)
    made.run(
        "UPDATE lakana.front_gate SET contact = '+223 99 12 34 56' WHERE service_id = "
        "(SELECT id FROM lakana.service WHERE confidential ORDER BY id LIMIT 1)"
    )
    rows = f"name,operator,phone,category,lat,lon\n{row},MEDICAL,14.4913,-4.1922\nCentre Kappa,ONG K,,MEDICAL,14.5913,-4.2922\n"
    report = made.load(rows, accept_partial=True)
    assert counts(report) == (1, 0, 0, 1)
    [problem] = [each for each in report.problems if each.trouble is RowTrouble.NUMBER_NOT_PUBLIC]
    assert (problem.place.row, problem.value) == (2, HIDDEN)
    assert "12 34 56" not in json.dumps(report.as_data())


def test_numbers_and_hours_are_mended_for_all_rows_at_once(country):
    """Each by itself took as many turns over the table as there are numbers: of a million, for ever."""
    rows = "".join(
        f"C{n},Poste {n},MEDICAL,{10 + n / 1000},0.5,20 22 {n:04},Mo-Fr 8:00-{n % 8 + 10}:00\n" for n in range(300)
    )
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        report = country.load("code,name,category,lat,lon,phone,opening_hours\n" + rows, scheme="F")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert (report.new, report.refused) == (300, 0)
    assert sum("UPDATE staged SET phone" in each for each in statements) == 1
    assert sum("UPDATE staged SET opening_hours" in each for each in statements) == 1
    assert country.ask("SELECT count(DISTINCT phone) FROM lakana.service WHERE phone ~ '^[+]2232022[0-9]{4}$'") == [
        (300,)
    ]
    assert country.ask("SELECT count(DISTINCT opening_hours) FROM lakana.service") == [(8,)]
