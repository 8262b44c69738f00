"""Stewards write while thousands of services are loaded, and what both wrote is true afterwards."""

from __future__ import annotations

import random
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from geo.database.owner import owner_transaction
from seeds.loading import distances, importing, shelters, staging, trainings, undoing
from seeds.loading.kinds import LOADERS
from seeds.loading.merging import Merging
from seeds.loading.options import Options
from seeds.reports.report import Outcome
from seeds.troubles import Refused, RowTrouble

pytestmark = pytest.mark.database

MANY = 1_000
HIDE = """
UPDATE lakana.service SET confidential = true
WHERE id = (SELECT id FROM lakana.service WHERE category = 'SAFE_SHELTER' AND NOT confidential ORDER BY id LIMIT 1)
"""
NAME = """
UPDATE lakana.service SET name = 'Maison Zorokoro'
WHERE id = (SELECT id FROM lakana.service WHERE confidential ORDER BY id LIMIT 1)
"""
MOVE = """
UPDATE lakana.service SET point = ST_Project(point, 300, 1)
WHERE id = (SELECT id FROM lakana.service WHERE category = 'MEDICAL' AND name !~ '^(Clinique|Zorokoro)' ORDER BY id LIMIT 1)
"""
RETIRE = """
DELETE FROM lakana.service WHERE id = (
  SELECT service_id FROM lakana.access a JOIN lakana.service s ON s.id = a.service_id
  WHERE a.category = 'MEDICAL' AND s.name !~ '^(Clinique|Zorokoro)' ORDER BY distance_m LIMIT 1)
"""
WRONG = """
SELECT count(*) FILTER (WHERE (a.service_id, a.distance_m) IS DISTINCT FROM (b.service_id, b.metres)), count(*)
FROM lakana.demand_point d CROSS JOIN LATERAL (
  SELECT s.id AS service_id, ST_Distance(s.point, d.point) AS metres FROM lakana.service s
  WHERE s.category = 'MEDICAL' AND s.point IS NOT NULL ORDER BY 2, 1 LIMIT 1
) b LEFT JOIN lakana.access a ON a.category = 'MEDICAL' AND a.demand_point_id = d.id
"""
SPOTS = """
SELECT count(*) FROM lakana.service s FULL JOIN lakana.service_spot t
ON t.category = s.category AND t.point::geometry = s.point::geometry
WHERE (s.point IS NOT NULL AND t.category IS NULL) OR s.id IS NULL
"""


def listed(shift):
    """A list of clinics around Ségou, the first of them called like a house that is to be hidden."""
    chance = random.Random(1)
    rows = ["id,name,category,lat,lon"]
    for number in range(MANY):
        called = "Zorokoro" if number == 0 else f"Clinique {number}"
        lat, lon = 13.2 + chance.random() / 4, -6.2 + chance.random() / 4
        rows.append(f"{number},{called},Clinic,{lat + shift:.5f},{lon:.5f}")
    return "\n".join(rows)


@pytest.fixture
def beside(monkeypatch):
    """Run statements of others, each for itself, once the services are written and before they are committed."""
    done = []

    def beside(url, statements):
        merged = Merging.file

        def file(self, name, **values):
            found = merged(self, name, **values)
            if name == "service_versions":
                for each in statements:
                    with owner_transaction(url) as connection:
                        connection.execute(text("SET LOCAL lock_timeout = '2s'"))
                        done.append(connection.execute(text(each)).rowcount)
            return found

        monkeypatch.setattr(Merging, "file", file)
        return done

    return beside


def test_no_steward_waits_for_a_list_and_both_are_right(copy_seeded, write, beside):
    url = copy_seeded()
    others = [HIDE, NAME, MOVE, RETIRE]
    done = beside(url, others)
    for shift in (0.0, 0.002):  # then all are moved
        report = importing.run(
            url, LOADERS["services"], [write(listed(shift))], Options(scheme="T", accept_partial=True)
        )
        assert report.outcome in {Outcome.LOADED, Outcome.PARTLY}
        with owner_transaction(url) as connection:
            wrong, points = connection.exec_driver_sql(WRONG).one()
            assert (wrong, points > 0) == (0, True)
            assert connection.exec_driver_sql(SPOTS).scalar() == 0
            named = "SELECT count(*) FROM lakana.service WHERE confidential AND name ~ 'Zorokoro'"
            assert connection.exec_driver_sql(named).scalar() == 0
        assert done == [1] * len(others)
        done.clear()
        others[:] = [HIDE, MOVE, RETIRE]  # the name is a public one by now


RENAME = """
UPDATE lakana.actor SET name = CASE name WHEN 'Clinique Zed' THEN 'Poste Zed' ELSE 'Clinique Zed' END
WHERE id = (SELECT id FROM lakana.actor WHERE kind = 'JUVENILE_JUDGE' ORDER BY id LIMIT 1)
"""


def test_no_steward_waits_for_an_undoing_and_both_are_right(copy_seeded, write, monkeypatch):
    url = copy_seeded()
    report = importing.run(url, LOADERS["services"], [write(listed(0.0))], Options(scheme="T", accept_partial=True))
    others, done = [HIDE, MOVE, RENAME, RENAME, RETIRE], []

    def beside(name):
        if name == "nearest_new":  # once the services are gone and before anybody is kept waiting
            for each in others:
                with owner_transaction(url) as connection:
                    connection.execute(text("SET LOCAL lock_timeout = '2s'"))
                    done.append(connection.execute(text(each)).rowcount)
        return staging.statement(name)

    monkeypatch.setattr(distances, "statement", beside)
    assert undoing.run(url, str(report.import_id)) > MANY
    assert done == [1] * len(others)
    with owner_transaction(url) as connection:
        wrong, points = connection.exec_driver_sql(WRONG).one()
        assert (wrong, points > 0) == (0, True)
        assert connection.exec_driver_sql(SPOTS).scalar() == 0
        left = "SELECT count(*) FROM lakana.service WHERE name ~ '^Clinique [0-9]'"
        assert connection.exec_driver_sql(left).scalar() == 0
        kept = "SELECT count(*) FROM exact.former_word WHERE word = 'zorokoro'"
        assert connection.exec_driver_sql(kept).scalar() == 1


def test_a_gate_that_is_written_meanwhile_shares_no_number_with_a_list(copy_seeded, write, beside):
    url = copy_seeded()
    gate = (
        "UPDATE lakana.front_gate SET contact = 'Permanence, +223 76 91 82 73' "
        "WHERE service_id = (SELECT service_id FROM lakana.front_gate ORDER BY service_id LIMIT 1)"
    )
    beside(url, [gate])
    rows = listed(0.0).splitlines()
    rows = [rows[0] + ",phone", *(f"{each}," for each in rows[1:-1]), rows[-1] + ",+22376918273"]
    with pytest.raises(Exception, match="front gate"):
        importing.run(url, LOADERS["services"], [write("\n".join(rows))], Options(scheme="T", accept_partial=True))


def few(kind, url):
    """A list of three shelters, the first of them confidential, or of three trainings."""
    if kind == "trainings":
        return "name,starts on,participants\n" + "".join(f"Formation {n},2025-01-0{n},NGO: 10\n" for n in (1, 2, 3))
    with owner_transaction(url) as connection:
        operator = connection.exec_driver_sql("SELECT id FROM lakana.actor WHERE kind = 'NGO' LIMIT 1").scalar()
    rows = ["code,name,actor,confidential,lat,lon,capacity,girls,boys,front gate"]
    rows.append(f"X1,,{operator},oui,12.61,-7.91,9,oui,oui,Permanence 76 00 11 22")
    rows += [f"X{n},Accueil {n} zz,{operator},non,12.6{n},-7.9{n},9,oui,oui," for n in (2, 3)]
    return "\n".join(rows)


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize("kind", ["shelters", "trainings"])
def test_what_is_only_tried_keeps_nobody_from_writing_words(copy_seeded, write, monkeypatch, kind, dry_run):
    url = copy_seeded()
    free = []
    entering = Merging.entering

    @contextmanager
    def watched(self):
        with entering(self):
            yield
        with owner_transaction(url) as connection:
            free.append(connection.scalar(text("SELECT pg_try_advisory_xact_lock(hashtext('lakana.words'))")))

    monkeypatch.setattr(Merging, "entering", watched)
    report = importing.run(url, LOADERS[kind], [write(few(kind, url))], Options(scheme="T", dry_run=dry_run))
    assert (report.outcome, report.new) == (Outcome.TRIED if dry_run else Outcome.LOADED, 3)
    assert free == [dry_run] * 3


@pytest.mark.parametrize("kind", ["shelters", "trainings"])
def test_no_more_are_entered_one_by_one_than_others_can_wait_for(copy_seeded, write, monkeypatch, kind):
    url = copy_seeded()
    rows = write(few(kind, url))
    module = {"shelters": shelters, "trainings": trainings}[kind]
    monkeypatch.setattr(module, "MOST", 2)
    for dry_run in (True, False):
        with pytest.raises(Refused) as refused:
            importing.run(url, LOADERS[kind], [rows], Options(scheme="T", dry_run=dry_run))
        assert (refused.value.trouble, refused.value.values) == (RowTrouble.TOO_MANY_AT_ONCE, {"rows": 3, "most": 2})
    monkeypatch.setattr(module, "MOST", 3)
    assert importing.run(url, LOADERS[kind], [rows], Options(scheme="T")).new == 3
    monkeypatch.setattr(module, "MOST", 0)
    assert importing.run(url, LOADERS[kind], [rows], Options(scheme="T")).unchanged == 3
