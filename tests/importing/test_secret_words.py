"""Words of secrecy and of shelters wherever a file has them: cells, columns, titles, names of sheets and files."""

from __future__ import annotations

import pytest

from seeds.columns import privacy, recognition
from seeds.loading.kinds import LOADERS
from seeds.readers.files import tables
from seeds.troubles import FileTrouble, Refused, RowTrouble
from tests.importing.test_privacy import PLACED, reasons
from tests.importing.workbooks import xls, xlsx

PUBLIC_KINDS = [name for name, loader in LOADERS.items() if not (loader.kind.sealed or loader.kind.advises)]
OPENLY_PLACED = [each for each in PLACED if not LOADERS[each].kind.keeps_private]
SECRET_TEXTS = (
    "Confidentiel",
    "CONFIDENTIAL",
    "Lieu confidentiel",
    "secret",
    "Adresse tenue secrète",
    "non public",
    "Ne pas publier",
    "À ne pas diffuser",
    "ne doit pas être publié",
    "Usage interne",
    "Diffusion strictement restreinte",
    "Do not share",
    "must not be published",
    "not for distribution",
    "internal use only",
    "undisclosed",
    "gundo",
    "CONF\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}DENTİEL",
    "\N{LATIN SMALL LETTER LONG S}ecret",
)
OTHER_TEXTS = (
    "Secrétariat",
    "Secrétaire général",
    "République du Mali",
    "Clinique publique",
    "Santé publique",
    "partage de données",
    "Ministère de la Communication",
    "médecine interne",
    "confiance",
    "commune publiée au Journal officiel",
)
SHELTER_TEXTS = (
    "Foyers",
    "Foyer pour filles",
    "Foyers de jeunes filles",
    "Foyer (filles)",
    "shelter for girls",
    "Safe houses",
    "Refuge pour femmes",
    "Orphelinat",
    "Pouponnière de Bamako",
    "Maison d’hébergement",
)


@pytest.mark.parametrize("kind", PUBLIC_KINDS)
def test_a_row_is_private_where_any_cell_says_that_something_is_secret(write, kind):
    rows = "".join(f"X,,Clinic,{each}\nY,{each},Clinic,\n{each},,Clinic,\nZ,,Clinic,ouvert\n" for each in SECRET_TEXTS)
    found = reasons(write, kind, f"name,phone,category,Statut\n{rows}")
    assert found == [*[RowTrouble.MAY_BE_PRIVATE] * 3, None] * len(SECRET_TEXTS)


def test_other_texts_say_nothing_of_secrets(write):
    rows = "".join(f"{each},Clinic,{each}\n" for each in OTHER_TEXTS)
    assert reasons(write, "services", f"name,category,Statut\n{rows}") == [None] * len(OTHER_TEXTS)


def test_a_person_may_say_that_a_column_is_about_something_else(write):
    content = "name,category,Note\nX,Clinic,écoute confidentielle\n"
    assert reasons(write, "services", content) == [RowTrouble.MAY_BE_PRIVATE]
    assert reasons(write, "services", content, {"Note": "-"}) == [None]


def test_advice_to_keep_a_secret_and_values_that_are_for_few_are_no_secrets_of_a_row(write):
    assert reasons(write, "guidance", "key,name,year,binding,note\nA,B,2012,oui,Entretien confidentiel\n") == [None]
    assert reasons(write, "incidents", "code,quarter,note\nA,2024-Q1,confidentiel\n") == [None]


@pytest.mark.parametrize("kind", OPENLY_PLACED)
def test_a_row_is_private_where_a_cell_holds_a_word_for_shelters(write, kind):
    rows = "".join(f"X,Clinic,{each}\n{each},Clinic,\n" for each in SHELTER_TEXTS)
    found = reasons(write, kind, f"name,category,Observations\n{rows}")
    assert set(found[::2]) == {RowTrouble.SHELTER, RowTrouble.MAY_BE_PRIVATE}
    assert set(found[1::2]) == {None}  # a name is none: quarters are called after shelters


def test_a_person_may_say_that_households_are_meant(write):
    content = "name,category,Note\nX,Clinic,12 foyers\nY,Clinic,Foyer\n"
    assert reasons(write, "services", content, {"Note": "-"}) == [None, RowTrouble.SHELTER]


@pytest.mark.parametrize("kind", OPENLY_PLACED)
@pytest.mark.parametrize(
    "column", ["safe_house", "Hébergement", "Foyer", "Services/Hébergement", "Adresse du foyer", "shelterAddress"]
)
def test_a_row_is_private_where_a_column_named_for_shelters_holds_something(write, kind, column):
    rows = "".join(f"X,Clinic,{each}\n" for each in ("1", "oui", "rue 12", "0", "non", ""))
    content = f"name,category,{column}\n{rows}"
    assert reasons(write, kind, content) == [RowTrouble.MAY_BE_PRIVATE] * 3 + [None] * 3
    assert reasons(write, kind, content, {column: "-"}) == [None] * 6


def test_a_count_of_households_is_no_shelter(write):
    assert reasons(write, "localities", "name,Nombre de foyers\nX,120\n") == [None]


@pytest.mark.parametrize("column", ["Type structure", "Nature exacte", "Catégorie du site", "place_kind"])
def test_a_column_tells_what_a_place_is_by_a_word_of_its_name(write, column):
    content = f"name,category,{column}\nX,Clinic,maison des filles\nY,Clinic,Hospital\n"
    assert reasons(write, "services", content) == [RowTrouble.MAY_BE_PRIVATE, None]


SECRET_TITLES = ("CONFIDENTIEL - NE PAS DIFFUSER", "Liste secrète", "Internal use only")


def refused(path, kind, said=None):
    [table] = tables(path)
    its = LOADERS[kind].kind
    try:
        privacy.check(its, table.form, recognition.recognised(its, table.form, said))
    except Refused as caught:
        return caught.trouble
    return None


@pytest.mark.parametrize("kind", ["services", "localities", "presence"])
@pytest.mark.parametrize("title", SECRET_TITLES)
def test_a_title_a_sheet_or_a_file_that_says_it_keeps_a_table_out_until_a_person_names_a_column(
    write, tmp_path, kind, title
):
    table: list[list[object]] = [["name", "category", "open"], ["X", "Clinic", "oui"], ["Y", "Clinic", "non"]]
    lines = "\n".join(",".join(map(str, row)) for row in table)
    for path in (
        write(f"{title},,\n\n{lines}\n"),
        write(f",,{title}\n{lines}\n"),  # the upper one of two rows of names
        write(lines, f"{title.replace(' ', '_').lower()}.csv"),
        xlsx(tmp_path / "a.xlsx", {title[:31]: table}),
    ):
        assert refused(path, kind) is FileTrouble.SAID_SECRET
        assert refused(path, kind, {"open": "-"}) is FileTrouble.SAID_SECRET
        assert refused(path, kind, {"open": "public"}) is None
    assert refused(write(f"Secrétariat général,,\n\n{lines}\n"), kind) is None


def test_merged_cells_of_an_xls_hold_what_stands_in_the_first(tmp_path):
    rows: list[list[str | None]] = [["nom", "confidentiel"], ["A", "oui"], ["B", None], ["C", None], ["D", "non"]]
    [table] = tables(xls(tmp_path / "a.xls", rows, merged=((1, 3, 1, 1),)))
    assert [row.cells for row in table.rows()] == [["A", "oui"], ["B", "oui"], ["C", "oui"], ["D", "non"]]
