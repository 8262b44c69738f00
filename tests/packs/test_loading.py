"""A pack is loaded by the importers, with its settings; loading it again changes nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from api.cli import console
from geo.database import owner
from geo.errors import BadInput
from geo.vocabulary import Locale
from seeds import seeding
from tests.packs import vela

pytestmark = pytest.mark.database


def rows(url, statement):
    with owner.owner_transaction(url) as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_its_files_are_there(vela_template):
    levels = "SELECT level, count(*), bool_and(geom IS NOT NULL) FROM lakana.admin_area GROUP BY level ORDER BY level"
    assert rows(vela_template, levels) == [(0, 1, True), (1, 2, True), (2, 6, True)]
    assert rows(vela_template, "SELECT sum(total), sum(under_18) FROM lakana.area_population p JOIN lakana.admin_area a "
                "ON a.id = p.area_id WHERE level = 2") == [(6 * vela.PEOPLE, 6 * vela.CHILDREN)]  # fmt: skip
    assert rows(vela_template, "SELECT count(*), count(DISTINCT area_id) FROM lakana.locality") == [
        (6 * vela.PLACES, 6)
    ]
    assert rows(vela_template, "SELECT count(*) FROM lakana.service") == [(8,)]


def test_its_outline_goes_across_the_antimeridian(vela_template):
    [(west, east, km2)] = rows(
        vela_template,
        "SELECT ST_XMin(geom), ST_XMax(geom), ST_Area(geom::geography) / 1e6 FROM lakana.admin_area WHERE level = 0",
    )
    assert (west, east) == (-180, 180)
    assert km2 == pytest.approx(6 * 11_750, rel=0.02)  # and not the rest of the earth


def test_its_settings_are_its_own(vela_template):
    words = "SELECT level, name_fr, name_en FROM lakana.level_name ORDER BY level"
    assert rows(vela_template, words) == [(0, "ქვეყანა", None), (1, "province", "province"), (2, "île", "island")]
    assert rows(vela_template, "SELECT name FROM lakana.area_time_zone") == [("Pacific/Fiji",)]
    assert rows(vela_template, "SELECT region, short_codes FROM lakana.dialling") == [("FJ", ["911", "1325"])]
    spoken = "SELECT language FROM lakana.nation_language ORDER BY position"
    assert rows(vela_template, spoken) == [("ka",), ("en",)]
    assert rows(vela_template, "SELECT kind::text FROM lakana.appointed_kind") == [("SOCIAL_SERVICE",)]
    days = "SELECT day::text, name_fr, name_en FROM lakana.holiday"
    assert rows(vela_template, days) == [
        ("2026-10-10", "ველას დღე", "Velaa Day")
    ]  # the country's own, where none is French


@pytest.mark.parametrize(("said", "spoken"), [("C.UTF-8", Locale.EN), ("ka_GE", Locale.EN), ("fr_ML", Locale.FR)])
def test_a_terminal_that_names_no_language_of_ours_is_spoken_to_in_the_countrys(
    vela_template, monkeypatch, said, spoken
):
    for name in console.SAID_IN:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", said)
    assert console.language(vela_template) is spoken


def test_numbers_without_a_calling_code_are_read_by_its_own(vela_template):
    assert rows(vela_template, "SELECT DISTINCT phone FROM lakana.service") == [("+6793321234",)]


def test_it_is_divided_into_zones(vela_template):
    zones = rows(vela_template, "SELECT count(*), min(radius_m) > 50000 FROM lakana.zone")
    assert zones == [(6, True)]


def test_loaded_again_nothing_changes_but_what_the_pack_says_anew(vela_template, make_database, tmp_path):
    url = make_database(vela_template)
    again = seeding.seed(url, vela.write(tmp_path))
    assert [(each.kind, each.new, each.changed, each.refused) for each in again] == [
        (kind, 0, 0, 0) for kind in ("areas", "population", "localities", "services")
    ]
    seeding.seed(
        url, vela.write(tmp_path, vela.MANIFEST.replace("1325", "1560").replace("Pacific/Fiji", "Pacific/Auckland"))
    )
    assert rows(url, "SELECT short_codes FROM lakana.dialling") == [(["911", "1560"],)]
    assert rows(url, "SELECT name FROM lakana.area_time_zone") == [("Pacific/Auckland",)]


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ("data/people.csv", "data/none.csv", "there is no file none.csv"),
        ('"population"\npath', '"people"\npath', "there is no kind people"),
        ('path = "data/people.csv"', 'path = "data/holidays.csv"', "holidays.csv"),
        ('columns = { "ადამიანი"', 'children_of_100 = 101\ncolumns = { "x"', "people.csv"),
    ],
)
def test_a_file_that_cannot_be_loaded_is_named(copy_migrated, tmp_path, was, becomes, words):
    folder = vela.write(tmp_path, vela.MANIFEST.replace(was, becomes))
    with pytest.raises(BadInput, match=words) as caught:
        seeding.seed(copy_migrated(), folder)
    assert caught.value.field == "files"


def test_a_pack_without_areas_or_illustrative_rows_says_so(empty_url, tmp_path):
    folder = vela.write(tmp_path, 'code = "XVL"')
    with pytest.raises(BadInput, match="begins with a file of areas"):
        seeding.seed(empty_url, folder)
    with pytest.raises(BadInput, match="no illustrative rows"):
        seeding.seed(empty_url, folder, services=5)
