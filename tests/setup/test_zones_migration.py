"""A database of before zones: what is told is told anew, and nothing that was kept leads to where a shelter stands."""

from __future__ import annotations

import json

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo import audit
from geo.audience import Audience
from geo.cluster import backup
from geo.database import owner
from geo.database.sqlstates import refusal
from geo.writes import zones

pytestmark = pytest.mark.database

BEFORE = "0011"
SHELTER, SERVICE, OPEN = (f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))

# A nation of three regions, of which B is too small: places in B were published as the nation's.
COUNTRY = """
INSERT INTO lakana.source (key, name, illustrative) VALUES ('s', 'ONG Zanbugu', false);
INSERT INTO lakana.admin_area (scheme, code, level, name_fr, geom, locality_count, source_id)
SELECT 'T', 'N', 0, 'Pays', ST_Multi(ST_MakeEnvelope(-8, 10, -4, 12, 4326)), 100, id FROM lakana.source;
INSERT INTO lakana.admin_area (scheme, code, level, name_fr, parent_id, geom, locality_count, source_id)
SELECT 'T', r.code, 1, 'Région ' || r.code, a.id, ST_Multi(ST_MakeEnvelope(x, 10, x + part, 12, 4326)), many, a.source_id
FROM lakana.admin_area a, (VALUES ('A', -8, 2, 60), ('C', -6, 1.5, 60), ('B', -4.5, 0.5, 5)) AS r(code, x, part, many)
WHERE a.code = 'N';
INSERT INTO lakana.area_population (area_id, year, total, under_18, source_id)
SELECT id, 2022, 500000, 200000, source_id FROM lakana.admin_area;
INSERT INTO lakana.demand_point (area_id, point, population, under_18, source_id)
SELECT id, ST_SetSRID(ST_MakePoint(-5, 11), 4326), 100, 50, source_id FROM lakana.admin_area WHERE code = 'C';
INSERT INTO lakana.actor (name, kind, point, area_id, phone, source_id)
SELECT 'ONG Zanbugu, bureau de Tabara', 'NGO', ST_SetSRID(ST_MakePoint(-4.2, 11.1), 4326), id, '+223 66 55 44 33', source_id
FROM lakana.admin_area WHERE code = 'B';
INSERT INTO lakana.actor (name, kind, point, area_id, source_id)
SELECT 'ONG Kanuya', 'NGO', ST_SetSRID(ST_MakePoint(-7, 11), 4326), id, source_id FROM lakana.admin_area WHERE code = 'A';
"""
DIRECTORY = """
INSERT INTO lakana.service (id, actor_id, name, category, confidential, point, area_id, capacity, opening_hours, verified_on, source_id)
SELECT one::uuid, a.id, s.name, 'SAFE_SHELTER', hidden, a.point, a.area_id, 12, '24/7', '2026-05-17', a.source_id
FROM (SELECT * FROM lakana.actor WHERE name ~ 'Tabara') a, (VALUES ('{SERVICE}', 'Foyer de Tabara', true), ('{OPEN}', 'Foyer ouvert', false)) AS s(one, name, hidden);
INSERT INTO lakana.shelter (id, service_id, occupancy, minimum_age, maximum_age, girls, boys)
VALUES ('{SHELTER}', '{SERVICE}', 3, 7, 13, true, true);
INSERT INTO lakana.front_gate VALUES ('{SERVICE}', '{gate}');
INSERT INTO exact.site (service_id, point, area_id)
SELECT '{SERVICE}', ST_SetSRID(ST_MakePoint(-4.212345, 11.123456), 4326), id FROM lakana.admin_area WHERE code = 'B';
INSERT INTO lakana.proposal (kind, subject_id, changes, reason, proposed_by)
VALUES ('SHELTER', '{SHELTER}', '{{"values": {{"name": "Foyer de Tabara centre"}}}}', 'près du marché', 'x');
INSERT INTO lakana.scenario (owner, name, category, base_data, changes)
SELECT 'x', 'Essai', 'SAFE_SHELTER', '{{}}', '[{{"kind": "CLOSE", "service_id": "{SERVICE}"}}]';
INSERT INTO lakana.siting_job (asked, status, progress, answer) VALUES ('{{"category": "SAFE_SHELTER"}}', 'DONE', 1, '{{}}');
"""


@pytest.fixture(scope="module")
def country(make_database):
    """The country at the revision of before, to be copied."""
    url = make_database()
    config = owner._alembic_config()
    with owner.owner_transaction(url) as connection:
        owner.require(connection)
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS lakana"))
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
    with owner.owner_transaction(url) as connection:
        connection.exec_driver_sql(COUNTRY)
    return url


@pytest.fixture
def before(country, make_database):
    """Make the database of before, with a front gate."""

    def before(gate):
        url = make_database(country)
        with owner.owner_transaction(url) as connection:
            connection.exec_driver_sql(DIRECTORY.format(SERVICE=SERVICE, SHELTER=SHELTER, OPEN=OPEN, gate=gate))
        with owner.owner_transaction(url) as connection:
            told = connection.exec_driver_sql(
                "SELECT actor_id IS NOT NULL, ST_X(point::geometry) FROM lakana.service WHERE confidential"
            ).one()
            # As before: the operator is public, and the point is the middle of the nation because B is too small.
            assert told == (True, -6.0)
        return url

    return before


PUBLISHED = f"""
UPDATE lakana.proposal SET status = 'REJECTED', reviewed_by = 'y', reviewed_at = now() WHERE subject_id = '{SHELTER}';
INSERT INTO lakana.proposal (kind, subject_id, changes, reason, proposed_by) VALUES ('PUBLICATION', '{SHELTER}', '{{}}', 'a déménagé', 'x');
SET LOCAL lakana.holder = 'y';
UPDATE lakana.proposal SET status = 'APPROVED', reviewed_by = 'y', reviewed_at = now() WHERE kind = 'PUBLICATION';
UPDATE lakana.service SET confidential = false WHERE id = '{SERVICE}';
"""
"""Two persons publish the shelter, as it was done before zones."""

GATES = {
    "Permanence, +223 76 00 11 22": "Permanence, +223 76 00 11 22",
    "ONG Zanbugu, +223 76 00 11 22": "Permanence, +223 76 00 11 22",
    "Bureau, +223 66 55 44 33": None,
    # This body works elsewhere, but may still run the shelter.
    "ONG Kanuya, +223 76 00 11 22": "Permanence, +223 76 00 11 22",
}


@pytest.fixture(params=["upgraded", "restored"])
def after(request, before, make_database, tmp_path):
    """Make the database of before, and bring it to the newest revision there or from a backup."""

    def after(gate):
        url = before(gate)
        if request.param == "restored":
            backup.backup(url, tmp_path / "old.backup")
            url = make_database()
            backup.restore(url, tmp_path / "old.backup")
        else:
            owner.upgrade(url)
        return url

    return after


@pytest.mark.parametrize("gate", GATES)
def test_what_there_was_is_told_by_its_zone(after, gate, tmp_path):
    url = after(gate)
    with owner.owner_transaction(url) as connection:

        def rows(statement):
            return [tuple(row) for row in connection.exec_driver_sql(statement)]

        [(service, shelter, name, zone, gone, day)] = rows(
            "SELECT s.id::text, h.id::text, s.name, z.name_fr, num_nonnulls(s.actor_id, s.point, s.area_id, s.opening_hours), "
            "s.verified_on::text FROM lakana.service s JOIN lakana.shelter h ON h.service_id = s.id "
            "JOIN lakana.zone z ON z.id = s.zone_id WHERE s.confidential"
        )
        assert {service, shelter}.isdisjoint({SERVICE, SHELTER})
        assert name.startswith("Abri ")
        assert (zone, gone, day) == ("Région B et Région C", 0, "2026-04-01")
        assert rows("SELECT service_id::text FROM lakana.access") == [(OPEN,)]
        assert rows(
            "SELECT minimum_age_months, maximum_age_months, version FROM lakana.shelter WHERE minimum_age_months IS NOT NULL"
        ) == [(72, 215, 1)]
        assert rows("SELECT contact FROM lakana.front_gate") == ([(GATES[gate],)] if GATES[gate] else [])
        site = rows(
            "SELECT e.service_id::text, round(ST_X(e.point::geometry)::numeric, 6)::text, a.name FROM exact.site e JOIN lakana.actor a ON a.id = e.actor_id"
        )
        assert site == [(service, "-4.212345", "ONG Zanbugu, bureau de Tabara")]
        for table in ("proposal", "scenario"):
            assert rows(f"SELECT 1 FROM lakana.{table}") == []
        assert rows("SELECT status::text FROM lakana.siting_job") == [("FAILED",)]
        [(told, sealed)] = rows("SELECT after, sealed_digest IS NOT NULL FROM audit.entry WHERE action = 'UNLINK'")
        assert (told["services"], sealed) == (1, True)
        connection.exec_driver_sql(f"SET LOCAL ROLE {Audience.STEWARD.value}")
        log = json.dumps(rows("SELECT action, subject_id, before, after FROM audit.entry ORDER BY number"))
        connection.exec_driver_sql("RESET ROLE")
    assert "Foyer ouvert" in log
    assert '"maximum_age": 13' not in log.partition("UNLINK")[2]
    for known in (SERVICE, SHELTER, "Tabara centre", "Foyer de Tabara", "4.2123"):
        assert known not in log
    assert audit.verify(url, tmp_path)[1] == []
    owner.check(url)


@pytest.mark.parametrize("outlined", ["its parts", "nothing"])
def test_a_nation_without_an_outline_has_that_of_its_parts(before, make_database, tmp_path, outlined):
    """Where there is none at all the upgrade says what is missing, and a restore leaves nothing behind."""
    url = before(next(iter(GATES)))
    gone = "" if outlined == "nothing" else " WHERE level = 0"
    with owner.owner_transaction(url) as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(f"UPDATE lakana.admin_area SET geom = NULL{gone}")
    backup.backup(url, tmp_path / "old.backup")
    restored = make_database()
    if outlined == "its parts":
        backup.restore(restored, tmp_path / "old.backup")
        owner.upgrade(url)
        for each in (url, restored):
            with owner.owner_transaction(each) as connection:
                zones = connection.exec_driver_sql("SELECT name_fr, radius_m > 10000 FROM lakana.zone ORDER BY name_fr")
                assert [tuple(row) for row in zones] == [("Région A", True), ("Région B et Région C", True)]
        return
    with pytest.raises(DBAPIError) as refused:
        backup.restore(restored, tmp_path / "old.backup")
    assert "has not been divided into zones" in refusal(refused.value)
    with owner.owner_transaction(restored) as connection:
        assert not connection.exec_driver_sql("SELECT to_regnamespace('lakana')").scalar()


@pytest.fixture
def published(before):
    """A database of before zones, upgraded, in which two persons had published the shelter."""
    url = before(next(iter(GATES)))
    with owner.owner_transaction(url) as connection:
        connection.exec_driver_sql(PUBLISHED)
    owner.upgrade(url)
    return url


def is_public(url, service=SERVICE):
    with owner.owner_transaction(url) as connection:
        found = "SELECT EXISTS (SELECT FROM lakana.service WHERE id = %s AND NOT confidential)"
        return connection.exec_driver_sql(found, (service,)).scalar()


def digest(url, service=SERVICE):
    with owner.owner_transaction(url) as connection:
        return connection.exec_driver_sql("SELECT audit.digest_of(%s)", (service,)).scalar()


def test_a_shelter_that_two_persons_had_published_is_not_noted_as_hidden(published, tmp_path):
    audit.note_hidden(published, tmp_path)
    assert digest(published) not in (tmp_path / audit.HIDDEN).read_text()  # which names its proposals
    assert audit.hide_again(published, tmp_path) == 0
    assert is_public(published)
    with owner.owner_transaction(published) as connection:
        connection.exec_driver_sql(f"SET LOCAL ROLE {Audience.STEWARD.value}")
        told = connection.exec_driver_sql("SELECT count(*) FROM audit.entry WHERE subject_id = %s", (SERVICE,)).scalar()
    assert told


def test_one_that_had_been_noted_stays_public(published, tmp_path):
    """As the releases before did, which hid it again."""
    with owner.owner_transaction(published) as connection:
        first = audit.first_hash(connection)
    (tmp_path / audit.HIDDEN).write_text(f"{first} {digest(published)}\n")
    assert audit.hide_again(published, tmp_path) == 0
    assert is_public(published)


def test_one_that_was_hidden_after_its_publication_is_hidden_again(published, make_database, tmp_path):
    """Whether it was noted by an older release or not: the publication stands in the log before the hiding."""
    with owner.owner_transaction(published) as connection:
        zones.make(connection)
    backup_of_before = make_database(published)
    with owner.owner_transaction(published) as connection:
        first = audit.first_hash(connection)
        connection.exec_driver_sql("UPDATE lakana.service SET confidential = true WHERE id = %s", (SERVICE,))
    (tmp_path / audit.HIDDEN).write_text(f"{first} {digest(published)}\n")
    for _ in range(2):
        audit.note_hidden(published, tmp_path)
        lines = (tmp_path / audit.HIDDEN).read_text().splitlines()
        assert len([line for line in lines if digest(published) in line]) == 2
    assert audit.hide_again(backup_of_before, tmp_path) == 1
    assert not is_public(backup_of_before)
