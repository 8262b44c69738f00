"""The first revision with data in it comes to the newest; an upgrade that fails leaves the old version serving."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from geo import audit
from geo.cluster import backup
from geo.database import owner
from tests.served import UNSEEDED, served

pytestmark = pytest.mark.database

FIRST = "0001"
COUNTRY = """
INSERT INTO lakana.source (key, name, illustrative) VALUES ('s', 'Liste de départ', false);
INSERT INTO lakana.admin_area (scheme, code, level, name_fr, geom, source_id)
SELECT 'T', 'N', 0, 'Pays', ST_Multi(ST_MakeEnvelope(-8, 10, -4, 12, 4326)), id FROM lakana.source;
INSERT INTO lakana.area_population (area_id, year, total, under_18, source_id)
SELECT id, 2022, 500000, 200000, source_id FROM lakana.admin_area;
INSERT INTO lakana.demand_point (area_id, point, population, under_18, source_id)
SELECT id, ST_SetSRID(ST_MakePoint(-5, 11), 4326), 100, 50, source_id FROM lakana.admin_area;
INSERT INTO lakana.organization (name, kind, source_id) SELECT 'ONG Kanuya', 'NGO', id FROM lakana.source;
INSERT INTO lakana.actor (organization_id, name, kind, point, area_id, phone, source_id)
SELECT o.id, 'ONG Kanuya, bureau', 'NGO', ST_SetSRID(ST_MakePoint(-7, 11), 4326), a.id, '+223 66 55 44 33', a.source_id
FROM lakana.admin_area a, lakana.organization o;
INSERT INTO lakana.service (actor_id, name, category, point, area_id, capacity, opening_hours, source_id)
SELECT id, 'Écoute Kanuya', 'PSYCHOSOCIAL_SUPPORT', point, area_id, 12, '24/7', source_id FROM lakana.actor;
INSERT INTO lakana.service (actor_id, name, category, point, area_id, capacity, source_id)
SELECT id, 'Foyer Lafia', 'SAFE_SHELTER', point, area_id, 8, source_id FROM lakana.actor;
INSERT INTO lakana.shelter (service_id, occupancy, girls, boys) SELECT id, 3, true, true FROM lakana.service WHERE category = 'SAFE_SHELTER';
"""
QUESTION = {"query": """{ organizations(first: 5) { edges { node { name } } } actors(first: 5) { edges { node { name } } }
  services(first: 5) { edges { node { name categoryLabel } } } shelters(first: 5) { edges { node { name girls boys } } } }"""}  # fmt: skip
FAILS = '''"""Half done, then wrong."""
from alembic import op
revision, down_revision, branch_labels, depends_on = "9998", "{head}", None, None
def upgrade():
    op.execute("CREATE TABLE lakana.half (id int)")
    op.execute("UPDATE lakana.organization SET name = name || ' 2'")
    op.execute("SELECT 1 FROM lakana.nowhere")
def downgrade():
    pass
'''


@pytest.fixture(scope="module")
def first(make_database):
    """A database as the first program made it, with rows of people's own."""
    url = make_database()
    config = owner._alembic_config()
    with owner.owner_transaction(url) as connection:
        owner.require(connection)
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS lakana"))
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST)
    with owner.owner_transaction(url) as connection:
        connection.exec_driver_sql(COUNTRY)
    return url


def asked(url: str) -> dict[str, Any]:
    with served(url, UNSEEDED) as (base, _):
        found: dict[str, Any] = httpx.post(f"{base}/graphql", json=QUESTION).json()
    return found


def test_the_first_revision_with_data_in_it_comes_to_the_newest(first, make_database, tmp_path):
    url = make_database(first)
    assert owner_revision(url) == FIRST
    told = asked(url)  # lakana serve upgrades it
    assert "errors" not in told
    names = {kind: [each["node"]["name"] for each in page["edges"]] for kind, page in told["data"].items()}
    assert names == {
        "organizations": ["ONG Kanuya"],
        "actors": ["ONG Kanuya, bureau"],
        "services": ["Écoute Kanuya", "Foyer Lafia"],
        "shelters": ["Foyer Lafia"],
    }
    assert owner_revision(url) == owner._revisions()[0]
    owner.check(url)
    assert audit.verify(url, tmp_path)[1] == []


def test_its_backup_too(first, make_database, tmp_path):
    """A file that the first program wrote is restored into the newest."""
    file, url = tmp_path / "first.backup", make_database()
    backup.backup(first, file)
    backup.restore(url, file)
    assert owner_revision(url) == owner._revisions()[0]
    with owner.owner_transaction(url) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM lakana.service").scalar() == 2


def test_an_upgrade_that_fails_leaves_the_old_one_serving(first, make_database, tmp_path, monkeypatch):
    url = make_database(first)
    before = asked(url)
    known, config = owner._revisions(), owner._alembic_config
    head = known[0]
    (tmp_path / "9998_fails.py").write_text(FAILS.format(head=head))

    def newer() -> Config:
        its = config()
        versions = Path(owner.__file__).parent / "migrations" / "versions"
        its.set_main_option("path_separator", "newline")
        its.set_main_option("version_locations", f"{versions}\n{tmp_path}")
        return its

    with served(url, UNSEEDED) as (base, _), httpx.Client(base_url=base) as client:
        with monkeypatch.context() as newer_program:
            newer_program.setattr(owner, "_alembic_config", newer)
            newer_program.setattr(owner, "_revisions", lambda: ["9998", *known])
            with pytest.raises(ProgrammingError):
                owner.upgrade(url)
        assert client.get("/readyz").text == "ready"
        assert client.post("/graphql", json=QUESTION).json() == before
    assert owner_revision(url) == head
    with owner.owner_transaction(url) as connection:
        assert connection.exec_driver_sql("SELECT to_regclass('lakana.half')").scalar() is None
    assert asked(url) == before  # and the old program starts again


def owner_revision(url: str) -> str:
    with owner.owner_transaction(url) as connection:
        return str(connection.exec_driver_sql("SELECT version_num FROM lakana.alembic_version").scalar())
