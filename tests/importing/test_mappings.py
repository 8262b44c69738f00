"""A mapping is saved under a name, and taken again for lists with the same columns."""

from __future__ import annotations

import pytest

from geo.database.owner import owner_transaction
from geo.writes import zones
from seeds.columns.cells import DateOrder
from seeds.columns.recognition import Basis
from seeds.loading import importing
from seeds.loading.kinds import LOADERS
from seeds.loading.options import Options
from seeds.readers.table import Corrections
from seeds.reports.report import Outcome
from seeds.troubles import CellTrouble, FileTrouble, Refused
from tests.importing.country import cercles

pytestmark = pytest.mark.database

ROWS = "Liste des villages\nquoi;ou 1;ou 2;rang;type\nBla;10,51;0,52;1;x\nSan;11,5;1,54;2;y\n"
SAID = {"quoi": "name", "ou 1": "lat", "ou 2": "lon", "rang": "code"}


@pytest.fixture
def url(copy_migrated):
    return copy_migrated()


@pytest.fixture
def load(url, write):

    def load(content, kind="localities", name="table.csv", **options):
        return importing.run(url, LOADERS[kind], [write(content, name)], Options(**options))

    assert load(cercles(), "areas", "cercles.geojson", scheme="COD-AB", edition="1").outcome is Outcome.LOADED
    return load


def taken(report):
    return [each.values["name"] for each in report.problems if each.trouble is FileTrouble.MAPPING_TAKEN]


def test_a_list_with_the_same_columns_is_read_by_it(load):
    with pytest.raises(Refused):
        load(ROWS, scheme="L")
    first = load(ROWS, scheme="L", columns=SAID, save_mapping="Villages")
    assert (first.new, taken(first)) == (2, [])
    again = load(ROWS.replace("10,51", "10,52"))
    assert (again.new, again.changed, again.unchanged, taken(again)) == (0, 1, 1, ["Villages"])
    assert {each.basis for each in again.files[0].recognition.found} == {Basis.SAVED}
    assert again.files[0].recognition.left_out == ("type",)
    other = load("quoi;rang;ou 2;ou 1;type\nKo;3;0,5;11,2;x\n")
    assert (other.new, taken(other)) == (1, ["Villages"])


def test_what_a_person_says_now_comes_first(load):
    load(ROWS, scheme="L", columns=SAID, save_mapping="Villages")
    report = load(ROWS, columns={"type": "name_en", "rang": "-"}, scheme="M")
    found = {each.field.name: each.basis for each in report.files[0].recognition.found}
    assert found["name_en"] is Basis.SAID
    assert "code" not in found
    assert report.new == 2


def test_other_columns_take_it_by_name_alone(load):
    load(ROWS, scheme="L", columns=SAID, save_mapping="Villages")
    wider = ROWS.replace("type\n", "type;plus\n")
    with pytest.raises(Refused):
        load(wider, scheme="L")
    assert load(wider, mapping="Villages").unchanged == 2
    with pytest.raises(Refused) as refused:
        load(wider, mapping="Ville")
    assert refused.value.trouble is CellTrouble.NO_MAPPING
    assert refused.value.values["names"] == "Villages"
    with pytest.raises(Refused):
        load(wider, "services", mapping="Villages")


def test_how_the_file_is_read_is_saved_too(load):
    presence = "\n\norganisation;cercle;secteur;début\nKanuya;Kaya;Santé;1/2/2023\n"
    options = {
        "dates": DateOrder.MONTH_FIRST,
        "corrections": Corrections(header_row=3),
        "columns": {"cercle": "admin2_name"},
    }
    assert load(presence, "presence", **options, save_mapping="3W").new == 1
    again = load(presence, "presence", mapping="3W")
    assert (again.unchanged, again.new) == (1, 0)


def test_what_is_not_loaded_saves_nothing(load, url):
    load(ROWS, scheme="L", columns=SAID, save_mapping="Villages", dry_run=True)
    with owner_transaction(url) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM audit.import_mapping").scalar() == 0


SECRETIVE = "name;lat;lon;code;Public\nBla;10.51;0.52;1;oui\nSan;11.5;1.54;2;non\n"


def test_what_a_person_said_of_secrets_is_said_for_the_next_list_too(load):
    with pytest.raises(Refused):
        load(SECRETIVE, scheme="L")
    assert load(SECRETIVE, scheme="L", columns={"Public": "-"}, save_mapping="Villages").new == 2
    assert load(SECRETIVE).unchanged == 2
    assert load(SECRETIVE, save_mapping="Villages 2").unchanged == 2
    assert load(SECRETIVE, mapping="Villages 2").unchanged == 2


def left_out(report):
    return [each.values for each in report.problems if each.trouble is FileTrouble.SECRET_LEFT_OUT]


def test_who_loads_a_list_is_told_which_columns_of_secrets_a_mapping_leaves_out(load):
    """Another person left them out for another list: their names did not stand in the report."""
    now = load(SECRETIVE, scheme="L", columns={"Public": "-"}, save_mapping="Villages")
    assert left_out(now) == []  # who says it now knows it
    told = [{"name": "Villages", "columns": "Public"}]
    assert left_out(load(SECRETIVE)) == left_out(load(SECRETIVE, mapping="Villages")) == told
    assert left_out(load(SECRETIVE, columns={"Public": "-"})) == []
    load(ROWS, scheme="N", columns=SAID, save_mapping="Others")
    assert left_out(load(ROWS)) == []


def test_what_a_mapping_leaves_out_without_a_word_stays_unexplained(load, url):
    load(SECRETIVE, scheme="L", columns={"Public": "-"}, save_mapping="Villages")
    with owner_transaction(url) as connection:
        connection.exec_driver_sql("UPDATE audit.import_mapping SET said = said - 'explained'")
    with pytest.raises(Refused) as refused:
        load(SECRETIVE)
    assert refused.value.trouble is CellTrouble.MAY_BE_SECRET


def test_an_explained_column_of_sorts_goes_on_being_read_for_shelters(load):
    services = "name;lat;lon;code;category;nature\nA;11.5;0.5;1;MEDICAL;{}\n"
    load(services.format("tout"), "services", scheme="S", columns={"nature": "-"}, save_mapping="Services")
    again = load(services.format("hmm"), "services", scheme="S")
    assert again.refused == 1
    assert again.outcome is Outcome.REFUSED


GIRLS = "nom public,ou 1,ou 2,qui,combien,filles,garçons,confidentiel\nFoyer Karité,11.5,0.5,ONG Jigiya,9,oui,oui,non\n"
READ_AS = {"ou 1": "lat", "ou 2": "lon", "qui": "actor", "combien": "capacity"}
AWA, BABA, OWNER = ("person:i awa", "i awa"), ("key:4f", "i baba"), ("", "")


def test_mappings_of_lists_that_are_for_few_are_told_to_who_saved_them_alone(load, url, write):
    """A name told other stewards that somebody had loaded shelters."""
    with owner_transaction(url) as connection:
        zones.make(connection)
        connection.exec_driver_sql(
            "WITH s AS (INSERT INTO lakana.source (key, name, illustrative) VALUES ('k', 'Liste', false) RETURNING id) "
            "INSERT INTO lakana.actor (name, kind, area_id, point, source_id) "
            "SELECT 'ONG Jigiya', 'LOCAL_AUTHORITY', a.id, 'POINT(1.5 10.5)', s.id FROM lakana.admin_area a, s WHERE a.code = 'XX02'"
        )

    def shelters(holder, **options):
        return importing.run(url, LOADERS["shelters"], [write(GIRLS)], Options(**options), holder=holder)

    assert shelters(AWA, columns=READ_AS, save_mapping="xylomap").new == 1
    assert taken(shelters(AWA, dry_run=True)) == ["xylomap"]
    assert shelters(("key:5a", "i awa"), mapping="xylomap", dry_run=True).unchanged == 1
    for other in (BABA, OWNER):
        with pytest.raises(Refused) as unread:
            shelters(other, dry_run=True)
        assert unread.value.trouble is not CellTrouble.NO_MAPPING
        for name in ("zzz", "xylomap"):
            with pytest.raises(Refused) as refused:
                shelters(other, mapping=name, dry_run=True)
            assert (refused.value.trouble, refused.value.values["names"]) == (CellTrouble.NO_MAPPING, "–")
    assert shelters(BABA, columns=READ_AS, save_mapping="xylomap").unchanged == 1  # which takes nobody else's away
    assert load(ROWS, scheme="L", columns=SAID, save_mapping="xylomap").new == 2
    assert shelters(AWA, mapping="xylomap", dry_run=True).unchanged == 1
    others = load(ROWS.replace("10,51", "10,52"), dry_run=True)
    assert taken(others) == ["xylomap"]
    with owner_transaction(url) as connection:
        keepers = connection.exec_driver_sql("SELECT keeper, kind FROM audit.import_mapping ORDER BY 1").all()
    assert [tuple(row) for row in keepers] == [("", "localities"), ("i awa", "shelters"), ("i baba", "shelters")]
