"""Organisations and where they are present, as a 3W says."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text

from geo.database import owner
from geo.vocabulary import ActorKind, Sector
from seeds.columns.cells import Notation
from seeds.columns.terms import ORGANIZATION_KINDS, SECTORS, term
from seeds.loading import importing
from seeds.loading.kinds import LOADERS
from seeds.loading.options import Options
from seeds.readers.table import Corrections
from seeds.reports.report import Outcome
from seeds.troubles import AreaTrouble, CellTrouble, Refused, RowTrouble
from tests.importing.country import cercles

pytestmark = pytest.mark.database

W3 = """Organisation Accronyme,Nom Organisation,Type Organisation,Region,Cercle,Commune,Cluster,Date début,Date fin
#org+acronym,#org+name,#org+type,#adm1+name,#adm2+name,,#sector,#date+start,#date+end
SIF,Secours Islamique,ONG Int,NORD,Kaya,,Santé,,
SIF,Secours Islamique,ONG Int,Nord,kaya ,Centre,Santé,,
SIF,SECOURS ISLAMIQUE,ONG Int,Nord,Kaya,,Protection,13/1/2023,6/3/2023
UNICEF,Fonds des Nations Unies pour l'enfance,Agence UN,Sud,#N/A,,Protection,,
UNICEF,Fonds des Nations Unies pour l’enfance,Agence UN,Sud,,,EHA,,
UNICEF,Unicef Mali,Agence UN,Sud,Koro,,Education,,
"""


class Country:
    def __init__(self, url, write):
        self.url, self.write = url, write

    def load(self, kind, content, **options):
        path = content if hasattr(content, "exists") else self.write(content)
        return importing.run(self.url, LOADERS[kind], [path], Options(**options))

    def ask(self, query):
        with owner.owner_transaction(self.url) as connection:
            return [tuple(row) for row in connection.execute(text(query))]


@pytest.fixture
def country(copy_migrated, write):
    made = Country(copy_migrated(), write)
    made.load("areas", write(cercles(), "cercles.geojson"), scheme="COD-AB", edition="1")
    return made


PRESENCE = (
    "SELECT o.acronym, o.name, a.code, p.sector::text, p.starts_on::text, p.ends_on::text, p.reported_on::text FROM lakana.presence p "
    "JOIN lakana.organization o ON o.id = p.organization_id JOIN lakana.admin_area a ON a.id = p.area_id ORDER BY 1, 2, 3, 4"
)


def test_who_is_present_where_by_sector_and_period(country):
    report = country.load("presence", W3, as_of=dt.date(2023, 12, 31))
    assert (report.read, report.new, report.folded, report.refused) == (6, 5, 1, 0)
    unicef = "Fonds des Nations Unies pour l'enfance"
    assert country.ask(PRESENCE) == [
        ("SIF", "Secours Islamique", "XX0101", "HEALTH", None, None, "2023-12-31"),
        ("SIF", "Secours Islamique", "XX0101", "PROTECTION", "2023-01-13", "2023-03-06", "2023-12-31"),
        ("UNICEF", unicef, "XX02", "PROTECTION", None, None, "2023-12-31"),
        ("UNICEF", unicef, "XX02", "WATER_SANITATION_HYGIENE", None, None, "2023-12-31"),
        ("UNICEF", "Unicef Mali", "XX0202", "EDUCATION", None, None, "2023-12-31"),
    ]
    told = {each.trouble: each.values for each in report.problems}
    assert set(told) == {RowTrouble.SPELT_OTHERWISE, RowTrouble.ACRONYM_SHARED, RowTrouble.ORGANIZATIONS_ADDED}
    assert told[RowTrouble.ACRONYM_SHARED]["others"] == f"{unicef}, Unicef Mali"
    again = country.load("presence", W3, as_of=dt.date(2023, 12, 31))
    assert (again.new, again.changed, again.unchanged) == (0, 0, 5)
    later = country.load("presence", W3, as_of=dt.date(2024, 12, 31))
    assert (later.new, later.changed) == (0, 5)


def test_a_3w_whose_areas_nobody_knows_loads_nothing(country):
    report = country.load("presence", W3.replace("Nord,Kaya", "Nord,Kayaa").replace("Education", "Danse"))
    assert report.outcome is Outcome.REFUSED
    assert {each.trouble for each in report.problems if each.place.row in {5, 8}} == {
        AreaTrouble.AREA_NOT_SURE,
        CellTrouble.UNKNOWN_TERM,
    }
    assert country.ask("SELECT count(*) FROM lakana.organization") == [(0,)]


def test_smaller_areas_than_there_are_count_in_those_that_hold_them(country):
    report = country.load("presence", W3.replace("#adm2+name,,", "#adm2+name,#adm3+name,"))
    told = {each.trouble: each.values for each in report.problems}
    assert told[RowTrouble.LEVEL_ABSENT]["rows"] == 1


def test_what_another_source_said_of_an_organisation_is_kept(country):
    rows = "nom,sigle,type\nKanuya,K,ONG nat\nJigiya,,\n"
    assert country.load("organizations", rows, source="A").new == 2
    other = rows.replace("K,ONG nat", "KK,bailleur").replace("Jigiya,,", "JIGIYA,J,ONG nat")
    report = country.load("organizations", other, source="B")
    assert (report.new, report.changed, report.unchanged) == (0, 1, 1)
    held = "SELECT name, acronym, kind::text FROM lakana.organization ORDER BY name"
    assert country.ask(held) == [("Jigiya", "J", "OTHER"), ("Kanuya", "K", "NGO")]
    assert country.load("organizations", rows.replace("ONG nat", "bailleur"), source="A").changed == 1
    assert country.ask(held)[1] == ("Kanuya", "K", "DONOR")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("ong int", ActorKind.NGO),
        ("Agence UN", ActorKind.UN_AGENCY),
        ("NGO", ActorKind.NGO),
        ("Bailleur de fonds", ActorKind.DONOR),
    ],
)
def test_kinds_are_read_as_forms_write_them(said, meant):
    assert term(ActorKind, ORGANIZATION_KINDS)(said, Notation()) is meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("EHA", Sector.WATER_SANITATION_HYGIENE),
        ("Protection de l'enfance", Sector.CHILD_PROTECTION),
        ("PRO-GBV", Sector.GENDER_BASED_VIOLENCE),
        ("sante", Sector.HEALTH),
    ],
)
def test_sectors_are_read_as_forms_write_them(said, meant):
    assert term(Sector, SECTORS)(said, Notation()) is meant
    with pytest.raises(Refused):
        term(Sector, SECTORS)("Danse", Notation())


@pytest.mark.slow
def test_the_real_3w(country, real):
    report = country.load("organizations", real("mali_3w_december_2023.xlsx"), corrections=Corrections(sheet="ML_5W"))
    # 158 names, 156 without case and apostrophes, 155 without accents.
    assert (report.read, report.new, report.folded) == (24_088, 155, 23_933)
