"""Which tables and rows may be private: of every kind, by every column, and not to know means yes."""

from __future__ import annotations

import hashlib
import json

import pytest
from sqlalchemy import text

from geo.database.owner import owner_transaction
from geo.vocabulary import Locale
from seeds.columns import privacy, recognition
from seeds.columns.cells import Notation
from seeds.loading import importing
from seeds.loading.kinds import LOADERS
from seeds.loading.options import Options
from seeds.loading.reading import rows
from seeds.readers.files import tables
from seeds.reports import refused_rows, spreadsheet
from seeds.reports.report import Outcome, Report
from seeds.troubles import CellTrouble, Refused, RowTrouble
from tests.importing.country import cercles
from tests.importing.test_columns import form

PLACED = [name for name, loader in LOADERS.items() if loader.kind.placed]
SECRET_NAMES = (
    "Confidentialité",
    "Confidentiality",
    "Site confidentiel",
    "Est confidentiel",
    "estConfidentiel",
    "Adresse confidentielle",
    "Service confidentiel",
    "Confidentiel (oui/non)",
    "confidential (y/n)",
    "confidential_location",
    "confidential_shelter",
    "NONCONFIDENTIEL",
    "grp/confidentiel",
    "secret",
    "Adresse secrète",
    "private",
    "Lieu privé",
    "hidden",
    "Caché",
    "Public",
    "Ne pas publier",
    "Peut être diffusé",
    "visible_to_all",
    "undisclosed address",
    "Ne pas partager",
    "Do not share",
    "Internal use only",
    "Accès réservé",
    "Sensibilité",
    "Data sensitivity",
    "Masqué",
    "Non communicable",
    "unpublished",
    "nonpublic",
    "Gundo",
    "Dogolen",
    "Lieu_confi",
    "Ne_pas_pub",
    "Lieu_secre",
)


def reasons(write, kind, content, said=None):
    """The trouble for which each row is private, ``None`` of those that are public."""
    [table] = tables(write(content))
    its = LOADERS[kind].kind
    found = recognition.recognised(its, table.form, said)
    privacy.check(its, table.form, found)
    signs = privacy.signs(its, table.form, found)
    return [refused and refused.trouble for refused in map(signs.of, table.rows())]


@pytest.mark.parametrize("kind", LOADERS)
@pytest.mark.parametrize("name", SECRET_NAMES)
def test_a_column_that_may_be_about_secrets_keeps_a_table_out_until_a_person_explains_it(kind, name):
    its, loader = form("name", name), LOADERS[kind]
    with pytest.raises(Refused) as caught:
        privacy.check(loader.kind, its, recognition.recognised(loader.kind, its))
    assert caught.value.trouble is CellTrouble.MAY_BE_SECRET
    assert caught.value.values == {"columns": name}
    for field in ("confidential", "public", "-"):
        privacy.check(loader.kind, its, recognition.recognised(loader.kind, its, {name: field}))


@pytest.mark.parametrize(
    "name",
    [
        "République",
        "Secrétariat",
        "Secrétaire",
        "Sensibilisation",
        "Internally displaced",
        "Réservoir",
        "Dogon",
        "Source",
        "Principal",
        "Prix",
    ],
)
def test_other_words_are_about_no_secrets(name):
    its = form("name", name)
    kind = LOADERS["localities"].kind
    privacy.check(kind, its, recognition.recognised(kind, its))


@pytest.mark.parametrize("kind", LOADERS)
def test_a_second_column_of_the_name_is_asked_about(kind):
    its = form("name", "confidential", "lieu confidentiel")
    with pytest.raises(Refused) as caught:
        privacy.check(LOADERS[kind].kind, its, recognition.recognised(LOADERS[kind].kind, its))
    assert caught.value.values == {"columns": "lieu confidentiel"}


@pytest.mark.parametrize("kind", LOADERS)
@pytest.mark.parametrize(
    ("cell", "as_confidential", "as_public"),
    [
        ("oui", RowTrouble.SHELTER, None),
        ("1", RowTrouble.SHELTER, None),
        ("non", None, RowTrouble.SHELTER),
        ("0.0", None, RowTrouble.SHELTER),
        ("", None, RowTrouble.MAY_BE_PRIVATE),
        *(
            (each, RowTrouble.MAY_BE_PRIVATE, RowTrouble.MAY_BE_PRIVATE)
            for each in ("?", "inconnu", "-", "n/a", "peut-être")
        ),
    ],
)
def test_a_row_is_public_where_its_column_says_so(write, kind, cell, as_confidential, as_public):
    content = f"name,category,secret\nX,Clinic,{cell}\n"
    of_itself = RowTrouble.SHELTER if LOADERS[kind].kind.keeps_private else None
    assert reasons(write, kind, content, {"secret": "confidential"}) == [as_confidential if cell else of_itself]
    assert reasons(write, kind, content, {"secret": "public"}) == [as_public]
    assert reasons(write, kind, content, {"secret": "-"}) == [of_itself]


@pytest.mark.parametrize("kind", [each for each in PLACED if not LOADERS[each].kind.keeps_private])
@pytest.mark.parametrize("column", ["category", "Type", "grp/quoi", "Remarque"])
@pytest.mark.parametrize(
    "cell", ["SAFE_SHELTER", "foyer", "Refuge", "shelter", "Clinique ; Foyer", "Centre d’accueil et cantine"]
)
def test_where_any_cell_says_that_it_is_a_shelter_the_row_is_private(write, kind, column, cell):
    content = f"name,amenity,{column}\nX,Clinic,{cell}\nFoyer,Clinic,Clinic\n"
    first, second = reasons(write, kind, content)
    assert first in {RowTrouble.SHELTER, RowTrouble.MAY_BE_PRIVATE}
    assert second is None


OF_SORTS = (
    ("amenity,social_facility,social_facility:for\nsocial_facility,shelter,child", RowTrouble.SHELTER),
    ("amenity,social_facility\nsocial_facility,outreach", RowTrouble.MAY_BE_PRIVATE),
    ("amenity,social_facility\nclinic,group_home", RowTrouble.SHELTER),
    ("amenity,social_facility\nclinic,assisted_living", RowTrouble.MAY_BE_PRIVATE),
    ("facility type,type de service\nCentre social,SAFE_SHELTER", RowTrouble.SHELTER),
    ("facility type,type de service\nCentre social,Foyer", RowTrouble.SHELTER),
    ("facility type,type de service\nCentre social,Maison des filles", RowTrouble.MAY_BE_PRIVATE),
    ("facility type,facility_type_9\nClinic,maison des filles", RowTrouble.MAY_BE_PRIVATE),
    ("category,grp/category\nClinic,maison des filles", RowTrouble.MAY_BE_PRIVATE),
    ("category\nmaison des filles", RowTrouble.MAY_BE_PRIVATE),
    ("category\n?", RowTrouble.NO_CATEGORY),
    ("amenity,healthcare\nclinic,doctor", None),
    ("amenity,healthcare\nclinic,yes", None),
    ("category,type\nClinic,public", None),
    ("category,type\nClinic,ONG Nat", None),
    ("category,type\nClinic,", None),
    ("facility type,facility_type_9\nCommunity Health Centre,Community Health Unit", None),
)


@pytest.mark.parametrize(("content", "reason"), OF_SORTS)
def test_every_column_that_tells_what_a_service_is_counts(write, content, reason):
    names, cells = content.split("\n")
    assert reasons(write, "services", f"name,{names}\nX,{cells}\n") == [reason]


def test_two_columns_that_a_person_calls_categories_both_count(write):
    content = "name,a,b\nX,SAFE_SHELTER,Centre social\nY,Centre social,Foyer\nZ,Clinic,\n"
    said = {"a": "category", "b": "category"}
    assert reasons(write, "services", content, said) == [RowTrouble.SHELTER, RowTrouble.SHELTER, None]


def test_a_person_may_leave_out_a_column_of_sorts_but_no_shelter(write):
    content = "name,category,type\nX,Clinic,niveau 2\nY,Clinic,Foyer\n"
    assert reasons(write, "services", content, {"type": "-"}) == [None, RowTrouble.SHELTER]


def test_a_private_row_of_the_ground_is_known_as_one(write):
    """Of these cells the ground reads none that could be wrong, so its rows are refused for what they are."""
    assert None not in reasons(write, "ground", "code,name,confidential,featurecla\nF3,Foyer Nafa,oui,Lake\n")


@pytest.mark.parametrize("kind", [each for each in PLACED if each != "ground"])
def test_nothing_of_a_private_row_is_repeated_or_written_back(write, tmp_path, kind):
    content = (
        "code,name,category,confidential,lat,lon,capacity,population,verified_on\n"
        "F3,Foyer Nafa,Foyer secret de Sokoura rue 12,oui,14.4913,-4.1922,14 filles de 12 ans,14 filles,6/3/2024\n"
        "F4,Maison Keneya,MEDICAL,confidentiel,14.4955,x,14 filles de 12 ans,14 filles,\n"
        "F5,Maison Sira,SAFE_SHELTER,,14.4955,x,14 filles de 12 ans,14 filles,\n"
        "F6,Maison Yiri,Clinic,?,14.4955,x,14 filles de 12 ans,14 filles,\n"
    )
    [table] = tables(write(content))
    its = LOADERS[kind].kind
    report = Report(kind)
    assert list(rows(its, table, recognition.recognised(its, table.form), Notation(), report)) == []
    spreadsheet.write_csv(report, tmp_path / "report.csv", Locale.FR)
    told = json.dumps(report.as_data(), ensure_ascii=False) + (tmp_path / "report.csv").read_text("utf-8-sig")
    for each in ("Nafa", "Sokoura", "14", "filles", "Keneya", "confidentiel,", "Sira", "2024", "rue"):
        assert each not in told, each
    assert report.refused == 4
    assert report.refused_rows == {}
    assert refused_rows.write(report, tmp_path / "back.csv") == 0


@pytest.mark.database
@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (
            "services",
            "osm_id,name,amenity,social_facility,lat,lon\n1,Refuge Gamma,social_facility,shelter,10.51,0.52\n",
        ),
        ("services", "name,facility type,type de service,lat,lon\nMaison Zeta,Centre social,Foyer,10.51,0.52\n"),
        ("services", "name,category,Confidentiel,lat,lon\nCentre Alpha,MEDICAL,?,10.51,0.52\n"),
        ("localities", "name,category,confidential,lat,lon\nFoyer Omicron,SAFE_SHELTER,oui,10.51,0.52\n"),
        ("localities", "name,category,confidential,lat,lon\nSikoro,MEDICAL,oui,10.51,0.52\n"),
        ("organizations", "name,confidential\nAssociation Zigui,oui\n"),
    ],
)
def test_no_private_row_becomes_public(copy_migrated, write, kind, content):
    url = copy_migrated()
    areas = write(cercles(), "cercles.geojson")
    importing.run(url, LOADERS["areas"], [areas], Options(scheme="COD-AB", edition="1"))
    report = importing.run(url, LOADERS[kind], [write(content)], Options(scheme="L"))
    assert (report.outcome, report.new, report.refused) == (Outcome.REFUSED, 0, 1)
    told = json.dumps(report.as_data())
    assert not any(each in told for each in ("Gamma", "Zeta", "Alpha", "Omicron", "Sikoro", "Zigui", "10.51"))


@pytest.mark.database
@pytest.mark.parametrize("private", ["S2,Centre Beta,MEDICAL,oui,10.52,0.53", "S2,Centre Beta,MEDICAL,oui,10.52,x"])
def test_no_guess_at_a_private_row_can_be_tried_on_the_digest_of_its_file(copy_migrated, write, private):
    url = copy_migrated()
    areas = write(cercles(), "cercles.geojson")
    importing.run(url, LOADERS["areas"], [areas], Options(scheme="COD-AB", edition="1"))
    public = "code,name,category,Confidentiel,lat,lon\nS1,Centre Alpha,MEDICAL,non,10.51,0.52\n"
    for content, is_told in ((public, True), (public + private + "\n", False)):
        path = write(content)
        report = importing.run(url, LOADERS["services"], [path], Options(scheme="L", accept_partial=True))
        assert report.outcome in {Outcome.LOADED, Outcome.PARTLY}
        with owner_transaction(url) as connection:
            kept = "SELECT sha256 FROM audit.import_file WHERE import_id = :id"
            digest = connection.scalar(text(kept), {"id": report.import_id})
            problems = "SELECT report->'problems' FROM audit.import WHERE id = :id"
            kept_rows = [each["row"] for each in connection.scalar(text(problems), {"id": report.import_id})]
        assert kept_rows == [None] * report.refused  # in the answer to whoever sent it they have numbers
        assert [each.place.row for each in report.problems] == [3] * report.refused
        own = hashlib.sha256(content.encode()).hexdigest()
        assert [each.sha256 == own for each in report.files] == [digest == own] == [is_told]
