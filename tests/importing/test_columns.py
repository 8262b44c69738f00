"""Which columns hold what, and how their cells are read."""

from __future__ import annotations

import datetime as dt

import pytest

from seeds.columns import cells, personal, recognition
from seeds.columns.cells import DateOrder, Notation
from seeds.columns.recognition import Basis
from seeds.loading import areas, localities, population
from seeds.loading.reading import notation
from seeds.loading.reading import rows as read_rows
from seeds.readers.files import tables
from seeds.readers.table import Column, Form, Format
from seeds.reports.report import Report
from seeds.troubles import CellTrouble, Refused


def form(*names, tags=(), format_=Format.CSV):
    columns = (Column(name, tag) for name, tag in zip(names, (*tags, *[None] * len(names)), strict=False))
    return Form(format_, "a.csv", None, tuple(columns))


def taken(kind, its_form, **said):
    found = recognition.recognised(kind, its_form, said.get("said"), said.get("words"))
    return {its_form.columns[each.column].name: each.field.name for each in found.found}


GENERATIONS = [
    ("admin0Name", "admin0Pcod", "admin1Name", "admin1Pcod", "admin2Name", "admin2Pcod"),
    ("ADM0_FR", "ADM0_PCODE", "ADM1_FR", "ADM1_PCODE", "ADM2_FR", "ADM2_PCODE"),
    ("adm0_name", "adm0_pcode", "adm1_name", "adm1_pcode", "adm2_name", "adm2_pcode"),
    ("admin0Name_fr", "admin0Pcode", "admin1Name_fr", "admin1Pcode", "admin2Name_fr", "admin2Pcode"),
]


@pytest.mark.parametrize("names", GENERATIONS)
def test_three_generations_of_cod_ab_are_recognised(names):
    fields = [f"admin{level}_{what}" for level in range(3) for what in ("name", "code")]
    assert taken(areas.KIND, form(*names)) == dict(zip(names, fields, strict=True))


def test_french_comes_before_english_and_tags_before_names():
    assert taken(areas.KIND, form("ADM1_EN", "ADM1_FR"))["ADM1_FR"] == "admin1_name"
    its = form("Région", "Autre", tags=("#meta", "#adm1+name+v_pcode"))
    assert taken(areas.KIND, its) == {"Autre": "admin1_name"}


def test_what_a_country_calls_its_levels_is_recognised():
    words = {1: ("région", "region"), 2: ("cercle",)}
    its = form("Région", "Cercle", "Code cercle", "Population 2022")
    found = taken(population.KIND, its, words=words, said={"Population 2022": "total"})
    assert found == {
        "Région": "admin1_name",
        "Cercle": "admin2_name",
        "Code cercle": "admin2_code",
        "Population 2022": "total",
    }


def test_a_person_corrects_what_was_recognised_by_name_or_letter():
    its = form("name", "village", "lat", "lon")
    assert taken(localities.KIND, its)["name"] == "name"
    assert taken(localities.KIND, its, said={"name": "-"})["village"] == "name"
    assert taken(localities.KIND, its, said={"B": "name"})["village"] == "name"
    for said, trouble in (({"absent": "name"}, CellTrouble.NO_COLUMN), ({"village": "absent"}, CellTrouble.NO_FIELD)):
        with pytest.raises(Refused) as caught:
            recognition.recognised(localities.KIND, its, said)
        assert caught.value.trouble is trouble


def test_a_table_without_needed_columns_is_refused_by_their_names():
    its = form("village")
    with pytest.raises(Refused) as caught:
        recognition.check(localities.KIND, its, recognition.recognised(localities.KIND, its))
    assert caught.value.values["fields"] == "lat, lon"
    its = form("nom", format_=Format.GEOJSON)
    recognition.check(localities.KIND, its, recognition.recognised(localities.KIND, its))
    its = form("village", "gps")
    found = recognition.recognised(localities.KIND, its)
    recognition.check(localities.KIND, its, found)
    assert {each.basis for each in found.found} == {Basis.NAME}


@pytest.mark.parametrize(
    "names",
    [
        ("Nom de l’enfant", "date de naissance", "cercle"),
        ("case_number", "type", "cercle"),
        ("yearOfRegistration", "Datasource", "gender", "ageBroad", "citizenship"),
        ("Sexe", "Âge", "Commune"),
        ("name", "age", "sex", "phone number", "lat", "lon"),
        ("name", "Age (ans)", "Sexe", "Numéro"),
        ("name", "age_years", "gender", "population group"),
        ("Number", "age", "sex"),
        *(
            (each, "lat", "lon")
            for each in (
                "Nom et prénom de la victime",
                "Nom complet de l'enfant",
                "Nom/Prénom",
                "NOM_PRENOM",
                "Victim's name",
                "date_naissance",
                "Date de naissance (jj/mm/aaaa)",
                "Année de naissance",
                "DOB (dd/mm/yyyy)",
                "Né(e) le",
                "N° cas",
                "Code cas",
                "case_id_display",
                "CaseNumber",
                "ref_cas",
                "Nº dossier",
                "nom_mere",
                "Father's name",
                "childName",
                "Child full name",
                "Prénom enfant",
                "Nom (enfant)",
                "NOMENFANT",
                "grp_id/nom_enfant",
                "grp/first name",
                "Survivor code",
                "Code survivant(e)",
                "ID victime",
                "Nom bénéficiaire",
                "Nom du tuteur",
                "Téléphone de la victime",
                "initiales enfant",
                "Photo de l'enfant",
                "Patient ID",
            )
        ),
    ],
)
def test_rows_about_single_persons_are_refused_by_their_columns(names):
    with pytest.raises(Refused) as caught:
        personal.check(form(*names))
    assert caught.value.trouble is CellTrouble.PERSONAL


@pytest.mark.parametrize(
    "names",
    [
        ("Iso3_code", "Country", "Indicator", "Sex", "Age", "Year", "txtVALUE"),
        ("Admin 1 PCode", "Gender", "Age Range", "Population", "In Need"),
        ("Organisation", "Total Filles ciblées (<18)", "Sexe", "Age"),
        ("geonameid", "name", "alternatenames"),
        ("Sexe", "Âge", "Nombre de cas"),
        ("sex", "age", "Number of children"),
        ("Sexe", "Tranche d’âge"),
        ("Nom de l’organisation de protection de l’enfant", "Nom de la personne de contact"),
        ("Nom de l’espace ami des enfants", "Child friendly space name", "Numéro de téléphone"),
        ("Nombre d’enfants", "N enfants", "No. of children", "parent code", "Parent P-Code", "minimum_age"),
    ],
)
def test_counts_by_age_and_sex_are_no_persons(names):
    personal.check(form(*names))


@pytest.mark.parametrize("text", ["2.2376E+10", "2,2376E+10", "1e+12"])
def test_what_a_spreadsheet_has_rounded_is_refused(text):
    for parse in (cells.code, cells.whole):
        with pytest.raises(Refused) as caught:
            parse(text, Notation(decimal="," if "," in text else "."))
        assert caught.value.trouble is CellTrouble.ROUNDED


@pytest.mark.parametrize(
    ("cell", "decimal", "value"),
    [
        ("1,282", ".", 1282),
        ("1 282", ",", 1282),
        ("1\u202f282", ",", 1282),
        ("1.282", ",", 1282),
        ("301.0", ".", 301),
        (301.0, ".", 301),
        ("1,28", ".", CellTrouble.NO_NUMBER),
        ("1,282", ",", CellTrouble.NOT_WHOLE),
        ("<5", ".", CellTrouble.CENSORED),
        ("-3", ".", CellTrouble.BELOW_ZERO),
        ("1_000", ".", CellTrouble.NO_NUMBER),
        ("inf", ".", CellTrouble.NO_NUMBER),
        ("12a", ".", CellTrouble.NO_NUMBER),
        (True, ".", CellTrouble.NO_NUMBER),
        ("2000000000", ".", 2_000_000_000),
        ("2000000001", ".", CellTrouble.TOO_MANY),
    ],
)
def test_whole_numbers_are_read_or_refused_never_misread(cell, decimal, value):
    if isinstance(value, int):
        assert cells.whole(cell, Notation(decimal)) == value
        return
    with pytest.raises(Refused) as caught:
        cells.whole(cell, Notation(decimal))
    assert caught.value.trouble is value


@pytest.mark.parametrize(
    ("order", "day"), [(DateOrder.DAY_FIRST, dt.date(2019, 3, 6)), (DateOrder.MONTH_FIRST, dt.date(2019, 6, 3))]
)
def test_an_ambiguous_date_is_as_a_person_says(order, day):
    assert cells.date("6/3/2019", Notation(dates=order)) == day
    assert cells.date("3/3/2019", Notation()) == dt.date(2019, 3, 3)
    for text, trouble in (
        ("6/3/19", CellTrouble.SHORT_YEAR),
        ("31/2/2019", CellTrouble.NO_DATE),
        ("mars", CellTrouble.NO_DATE),
    ):
        with pytest.raises(Refused) as caught:
            cells.date(text, Notation())
        assert caught.value.trouble is trouble


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (("6/3/2019", "13/3/2019"), DateOrder.DAY_FIRST),
        (("6/3/2019", "3/13/2019"), DateOrder.MONTH_FIRST),
        (("13/3/2019", "3/13/2019"), None),
        (("6/3/2019",), None),
    ],
)
def test_one_date_of_a_column_shows_how_all_are_written(write, days, order):
    [table] = tables(write("code,level,name,valid_from\n" + "".join(f"A{n},1,x,{day}\n" for n, day in enumerate(days))))
    assert notation(table, recognition.recognised(areas.KIND, table.form), None).dates is order


def test_a_value_that_may_not_be_repeated_is_not(write):
    field = areas.KIND.fields[-1]
    hidden = type(field)(field.name, field.words, field.parse, field.names, quoted=False)
    kind = type(areas.KIND)("areas", ("", ""), (hidden,))
    [table] = tables(write("valid_from\nsecret\n"))
    report = Report("areas")
    assert list(read_rows(kind, table, recognition.recognised(kind, table.form), Notation(), report)) == []
    assert [(each.value, each.place.row, each.place.column) for each in report.problems] == [("…", 2, "valid_from")]
    assert report.refused == 1


def test_a_year_has_four_digits():
    assert [cells.year(each, Notation()) for each in ("1900", 2100.0)] == [1900, 2100]
    for each in ("1899", "2101", "22"):
        with pytest.raises(Refused) as caught:
            cells.year(each, Notation())
        assert caught.value.trouble is CellTrouble.NO_YEAR
