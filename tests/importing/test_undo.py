"""Undoing an import leaves what was there before it, and is refused where later work stands on it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from geo.arguments import RowId
from geo.audience import Audience, Caller
from geo.database.owner import owner_transaction
from geo.errors import BadInput, NotFound, Unavailable
from geo.writes import imports
from geo.writes.imports import NOT_UNDONE, StandsFirm, UndoImport
from seeds.loading import importing, undoing
from seeds.loading.kinds import LOADERS
from seeds.loading.options import Options
from seeds.reports.report import Outcome
from tests.importing.country import CERCLES, cercles, feature
from tests.importing.test_context import GLOTIP
from tests.importing.test_guidance import STEPS, TEXTS, TRAININGS
from tests.importing.test_organizations import W3

pytestmark = pytest.mark.database

STEWARD = Caller(Audience.STEWARD, "key:abc")
DERIVED = {"public_version", "data_change", "hours_read", "access_refresh", "travel_refresh", "area_set"}
"""Tables that follow from others: notes of when something changed, and what is kept of texts and places once they were seen."""
TABLES = """
SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace IN ('lakana'::regnamespace, 'raw'::regnamespace)
UNION ALL VALUES ('exact.unlisted_actor'), ('audit.foreign_id'), ('audit.area_spelling') ORDER BY 1
"""


def dump(url):
    """Every row of every table that is no log, without the versions, which only rise."""
    with owner_transaction(url) as connection:
        names = [each for (each,) in connection.exec_driver_sql(TABLES) if each.rpartition(".")[2] not in DERIVED]
        return {
            name: sorted(
                str(row)
                for (row,) in connection.exec_driver_sql(f"SELECT (to_jsonb(t) - 'version')::text FROM {name} t")
            )
            for name in names
        }


def undo(url, report):
    return undoing.run(url, report.import_id)


class Country:
    def __init__(self, url, write):
        self.url, self.write = url, write

    def load(self, kind, content, name="table.csv", **options):
        report = importing.run(self.url, LOADERS[kind], [self.write(content, name)], Options(**options))
        assert report.outcome is Outcome.LOADED, [each.what for each in report.problems]
        return report

    def run(self, sql):
        with owner_transaction(self.url) as connection:
            connection.exec_driver_sql(sql)


@pytest.fixture
def country(copy_migrated, write):
    made = Country(copy_migrated(), write)
    made.load("areas", cercles(), "cercles.geojson", scheme="COD-AB", edition="1")
    return made


AREAS: dict[str, Any] = {
    "content": cercles(XX0101=feature("XX0101", "Kayes", "XX01", "Nord", 0, 11)),
    "name": "areas.geojson",
    "scheme": "COD-AB",
}
VILLAGES = "name,lat,lon,code,population,under_18,population_year,names\nBla,10.51,0.52,1,{},40,2020,Blah;Bla Bla\nSan,11.5,1.54,2,,,,\n"
CENTRES = (
    "id,name,category,lat,lon,opening_hours\n1,Clinique {},MEDICAL,10.51,0.52,24/7\n2,Poste,POLICE_JUSTICE,11.5,1.54,\n"
)


def river(lat):
    shape = {"type": "LineString", "coordinates": [[0, 10.5], [1, lat]]}
    made = {"type": "Feature", "properties": {"name": "Bani", "scalerank": 4, "featurecla": "River"}, "geometry": shape}
    return json.dumps({"type": "FeatureCollection", "features": [made]})


GRID = "lon,lat,people\n0.52,10.51,{}\n1.54,11.5,40\n"
TRAINED = TRAININGS.replace(",ONG Jigiya,Bla", ",Jigiya,")
NEEDED: dict[str, list[tuple[Any, ...]]] = {
    "pathways": [("guidance", TEXTS)],
    "trainings": [("organizations", "nom\nJigiya\n")],
    "crosswalk": [("areas", "code,name,level\nO1,Nord,1\n", {"scheme": "OLD", "edition": "9", "nation": "XXO=Pays"})],
}
"""What has to be there for a kind to be loaded."""
LISTS: dict[str, list[dict[str, Any]]] = {
    "areas": [{**AREAS, "edition": "1"}, {**AREAS, "edition": "2", "valid_from": dt.date(2024, 1, 1)}],
    "population": [
        {"content": "admin2_name,population,enfants\nKaya,100,50\nBarouéli,200,100\n", "as_of": dt.date(2020, 1, 1)},
        {
            "content": "admin2_name,population,enfants\nKaya,101,50\nBarouéli,200,100\nKita,5,2\nKoro,6,3\n",
            "as_of": dt.date(2020, 1, 1),
        },
    ],
    "localities": [
        {"content": VILLAGES.format(90), "scheme": "L"},
        {"content": VILLAGES.format(95).replace("Blah", "Blaa"), "scheme": "L"},
    ],
    "organizations": [
        {"content": "nom,sigle,type\nKanuya,K,ONG nat\nJigiya,,\n", "source": "A"},
        {"content": "nom,sigle,type\nKanuya,KK,bailleur\nJigiya,J,\nTrois,,\n", "source": "A"},
    ],
    "presence": [{"content": W3, "as_of": dt.date(2023, 12, 31)}, {"content": W3, "as_of": dt.date(2024, 12, 31)}],
    "context": [
        {"content": GLOTIP.replace("XXX,Pays", "XX,Pays")},
        {"content": GLOTIP.replace("XXX,Pays", "XX,Pays").replace("<5", "7").replace("Forced", "Other")},
    ],
    "grid": [
        {"content": GRID.format(100), "as_of": dt.date(2020, 1, 1)},
        {"content": GRID.format(120), "as_of": dt.date(2021, 1, 1)},
    ],
    "guidance": [{"content": TEXTS}, {"content": TEXTS.replace("2012", "2013")}],
    "pathways": [
        {"content": STEPS, "as_of": dt.date(2024, 1, 1)},
        {"content": STEPS.rsplit("\n", 2)[0] + "\n", "as_of": dt.date(2025, 1, 1)},
    ],
    "trainings": [{"content": TRAINED}, {"content": TRAINED.replace("2024", "2025")}],
    "crosswalk": [
        {"content": "from_code,to_code,share,complete\nCOD-AB@1:XX01,OLD@9:O1,1,yes\n", "edition": "COD-AB@1"},
        {"content": "from_code,to_code,share\nCOD-AB@1:XX01,OLD@9:O1,0.5\n", "edition": "COD-AB@1"},
    ],
    "ground": [
        {"content": river(11.5), "name": "rivers.geojson"},
        {"content": river(11.7), "name": "rivers.geojson"},
    ],
    "services": [
        {"content": CENTRES.format("A"), "scheme": "M", "as_of": dt.date(2024, 1, 1)},
        {"content": CENTRES.format("B") + "3,École,EDUCATION,10.2,1.2,\n", "scheme": "M", "as_of": dt.date(2025, 1, 1)},
    ],
}


def test_no_kind_is_left_out():
    """A new kind has lists here, and its tables are followed: ``audit.follow_imports`` in its migration."""
    assert {*LISTS, *NOT_UNDONE} == set(LOADERS)


@pytest.mark.parametrize("kind", LISTS)
def test_each_kind_is_undone_to_the_letter(country, kind):
    """A list that brings new rows, and one that changes them: undone in turn, each leaves what was there before it."""
    for needed, content, *options in NEEDED.get(kind, ()):
        country.load(needed, content, **dict(*options))
    states, reports = [dump(country.url)], []
    for each in LISTS[kind]:
        reports.append(country.load(kind, **each))
        states.append(dump(country.url))
    assert states[0] != states[1] != states[2]
    for report, before in reversed(list(zip(reports, states, strict=False))):
        assert undo(country.url, report) > 0
        assert {name: (rows, before[name]) for name, rows in dump(country.url).items() if rows != before[name]} == {}
    # A list that is loaded again is not taken for one whose rows somebody has changed since.
    again = country.load(kind, **LISTS[kind][0])
    assert (again.new, again.changed, again.unchanged) == (reports[0].new, reports[0].changed, reports[0].unchanged)


def test_a_list_goes_on_after_one_of_its_loads_was_undone(country):
    first, second = LISTS["services"]
    country.load("services", **first)
    undo(country.url, country.load("services", **second))
    again = country.load("services", **second)
    assert (again.new, again.changed, again.unchanged) == (1, 1, 1)


def test_twice_is_once_and_who_did_it_is_kept(country):
    report = country.load("organizations", "nom\nKanuya\n")
    assert undo(country.url, report) > 0
    assert undo(country.url, report) == 0
    with owner_transaction(country.url) as connection:
        row = connection.exec_driver_sql(
            "SELECT undone_by, undone_at IS NOT NULL, source_id FROM audit.import ORDER BY imported_at DESC LIMIT 1"
        ).one()
        assert tuple(row) == ("owner", True, None)
        entry = connection.exec_driver_sql(
            "SELECT action, subject, subject_id FROM audit.entry ORDER BY number DESC LIMIT 1"
        ).one()
        assert tuple(entry) == ("UNDO", "import", report.import_id)


def test_later_work_is_kept_and_told(country):
    first = country.load("organizations", "nom,sigle\nKanuya,K\nJigiya,J\n", source="A")
    second = country.load("organizations", "nom,sigle\nKanuya,KK\n", source="A")
    before = dump(country.url)
    with pytest.raises(StandsFirm, match="1 of organization changed since"):
        undo(country.url, first)
    assert dump(country.url) == before
    undo(country.url, second)
    undo(country.url, first)


def test_what_others_refer_to_stays(country):
    organizations = country.load("organizations", "nom\nSecours Islamique\n")
    presence = country.load("presence", W3, as_of=dt.date(2023, 12, 31))
    with pytest.raises(StandsFirm, match="1 of organization referred to by presence"):
        undo(country.url, organizations)
    undo(country.url, presence)
    undo(country.url, organizations)


def test_a_change_by_hand_is_later_work(country):
    report = country.load("services", **LISTS["services"][0])
    country.run("UPDATE lakana.service SET capacity = 12 WHERE name = 'Poste'")
    with pytest.raises(StandsFirm, match="1 of service changed since"):
        undo(country.url, report)
    country.run("UPDATE lakana.service SET capacity = NULL WHERE name = 'Poste'")
    undo(country.url, report)


def test_what_somebody_took_away_since_stands_not_in_the_way(country):
    report = country.load("services", **LISTS["services"][0])
    country.run("DELETE FROM lakana.service WHERE name = 'Poste'")
    undo(country.url, report)
    with owner_transaction(country.url) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM lakana.service").scalar() == 0


def test_no_exact_place_is_told_by_what_cannot_be_undone(country):
    """Whether a shelter stands in an area is not found out by undoing the import of that area alone."""
    lone = country.load("areas", cercles(**dict.fromkeys(CERCLES, None), far=feature("XX0301", "Loin", "XX03", "Est", 5, 5)), "far.geojson",
                        scheme="COD-AB", edition="1")  # fmt: skip
    with owner_transaction(country.url) as connection:
        connection.exec_driver_sql(
            "SET session_replication_role = replica; INSERT INTO exact.site (service_id, point, area_id, zone_id) "
            "SELECT gen_random_uuid(), 'POINT(0.5 11.5)', id, id FROM lakana.admin_area WHERE code = 'XX0101'"
        )
    with owner_transaction(country.url) as connection:
        connection.exec_driver_sql("SET LOCAL SESSION AUTHORIZATION lakana_steward")
        with pytest.raises(StandsFirm) as refused:
            UndoImport(id=lone.import_id).apply(connection, STEWARD)
    assert str(refused.value).count("what is not told") == 1
    assert "site" not in str(refused.value)
    undo(country.url, lone)


def test_an_import_of_before_is_not_undone_in_part(country):
    report = country.load("organizations", "nom\nKanuya\n")
    country.run("DELETE FROM audit.import_change")
    with owner_transaction(country.url) as connection, pytest.raises(Exception, match="was not kept then"):
        UndoImport(id=report.import_id).apply(connection, STEWARD)
    with pytest.raises(NotFound), owner_transaction(country.url) as connection:
        UndoImport(id=RowId("00000000-0000-4000-8000-000000000000")).apply(connection, STEWARD)
    with pytest.raises(BadInput), owner_transaction(country.url) as connection:
        UndoImport(id=RowId("x")).apply(connection, STEWARD)


def test_a_steward_undoes_no_more_than_others_can_wait_for(country, monkeypatch):
    report = country.load("services", **LISTS["services"][0])
    undoing_it = UndoImport(id=report.import_id)
    with owner_transaction(country.url) as connection:
        size = connection.exec_driver_sql(f"SELECT audit.import_size('{report.import_id}')").scalar() or 0
    monkeypatch.setattr(imports, "MOST_AT_ONCE", size - 1)
    with owner_transaction(country.url) as other, owner_transaction(country.url) as connection:
        other.exec_driver_sql("SELECT lakana.hold_words(true)")
        connection.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
        with pytest.raises(BadInput, match=f"lakana import undo {report.import_id}"):  # and has waited for nobody
            undoing_it.apply(connection, STEWARD)
    monkeypatch.setattr(imports, "MOST_AT_ONCE", size)
    with owner_transaction(country.url) as connection:
        assert undoing_it.apply(connection, STEWARD).rows == size


def test_an_edition_of_areas_weighs_as_much_as_the_places_that_are_looked_for_anew(country):
    country.load(
        "localities", "code,name,lat,lon\n" + "".join(f"{n},Bla {n},10.{n},0.5\n" for n in range(10, 60)), scheme="L"
    )
    country.load("organizations", "nom\nKanuya\n")
    with owner_transaction(country.url) as connection:
        sizes = "SELECT kind, audit.import_size(id), (SELECT sum(cardinality(digests)) FROM audit.import_change WHERE import_id = id) FROM audit.import"
        told = {kind: (size, rows) for kind, size, rows in connection.exec_driver_sql(sizes)}
        places = (
            connection.exec_driver_sql(
                "SELECT (SELECT count(*) FROM lakana.locality) + (SELECT count(*) FROM lakana.demand_point)"
            ).scalar()
            or 0
        )
    weights = {kind: size - rows for kind, (size, rows) in told.items()}
    assert weights == {"areas": places // 10, "localities": places // 10, "organizations": 0}  # areas count localities
    assert places > len(told) * 10


def test_nobody_waits_for_a_turn_to_undo(country):
    report = country.load("organizations", "nom\nKanuya\n")
    with owner_transaction(country.url) as other:
        other.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('lakana.import'))")
        with owner_transaction(country.url) as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
            with pytest.raises(Unavailable):
                UndoImport(id=report.import_id).apply(connection, STEWARD)
        with pytest.raises(Unavailable):
            undo(country.url, report)
