"""Illustrative rows go, all of them and nothing else, and what was published of them tells nothing of later counts."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli.main import app
from geo.database.owner import owner_transaction
from geo.errors import SetupError
from geo.release import publish, record
from seeds.illustration import removal
from tests.conftest import RELEASE_KEY, unguessed

pytestmark = pytest.mark.database

OTHER = b"\xab" * 32
WITH_SOURCE = """
SELECT table_schema || '.' || table_name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE column_name = 'source_id' AND table_type = 'BASE TABLE' AND table_schema IN ('lakana', 'raw') ORDER BY 1
"""
REAL = """
SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {} t
WHERE source_id IS NULL OR source_id NOT IN (SELECT id FROM lakana.source WHERE illustrative)
"""
MADE_UP = "SELECT count(*) FROM {} WHERE source_id IN (SELECT id FROM lakana.source WHERE illustrative)"
RETURN = """
WITH made AS (INSERT INTO lakana.source (key, name, illustrative) VALUES ('real', 'Real', false) RETURNING id)
INSERT INTO raw.incident_return (locality_id, quarter, source_id)
SELECT l.id, :quarter, made.id FROM made, (SELECT id FROM lakana.locality ORDER BY code LIMIT 1) l
ON CONFLICT (locality_id, quarter) DO UPDATE SET source_id = excluded.source_id
"""


@pytest.fixture
def released(copy_seeded, tmp_path):
    """Seeds that were released, with the record in ``tmp_path``."""
    url = copy_seeded()
    publish.give_back(url, tmp_path)
    return url


def scalar(url, query, **values):
    with owner_transaction(url) as connection:
        return connection.scalar(text(query), values)


def removed(url, folder):
    with owner_transaction(url) as connection:
        return removal.remove(connection, folder)


def test_all_of_it_goes_and_nothing_else(released, tmp_path):
    with owner_transaction(released) as connection:
        tables = connection.scalars(text(WITH_SOURCE)).all()
        before = {each: connection.scalar(text(REAL.format(each))) for each in tables}
        made_up = {each: connection.scalar(text(MADE_UP.format(each))) for each in tables}
    assert {each for each, many in made_up.items() if many} == {
        "lakana.actor", "lakana.organization", "lakana.published_count", "lakana.service", "lakana.trained_actor",
        "lakana.training_event", "raw.incident_return",
    }  # fmt: skip
    told = removed(released, tmp_path)
    assert told["services"] == made_up["lakana.service"]
    assert told["returns of incidents"] == made_up["raw.incident_return"]
    with owner_transaction(released) as connection:
        assert {each: connection.scalar(text(REAL.format(each))) for each in tables} == before
        for each in ("lakana.shelter", "exact.site", "exact.unlisted_actor", "lakana.release", "lakana.reporting",
                     "raw.released_count", "lakana.expected_reporter"):  # fmt: skip
            assert connection.scalar(text(f"SELECT count(*) FROM {each}")) == 0, each
        assert connection.scalar(text("SELECT count(*) FROM lakana.source WHERE illustrative")) == 0
        assert connection.scalar(text("SELECT count(*) FROM exact.former_word")) < 50  # nobody's words stay reserved
        entry = text("SELECT before IS NULL, after->>'removed' FROM audit.entry ORDER BY number DESC LIMIT 1")
        assert "illustrative" in connection.execute(entry).one()[1]
    assert removed(released, tmp_path) == {}


def test_the_key_that_rounded_what_everybody_can_compute_rounds_nothing_more(released, tmp_path):
    removed(released, tmp_path)
    assert publish.is_spent(released, RELEASE_KEY)
    assert not publish.knows_key(released, RELEASE_KEY)
    assert publish.knows_key(released, OTHER)
    with pytest.raises(SetupError, match="spent"):
        publish.release(released, RELEASE_KEY, data_dir=tmp_path)
    assert publish.key_state(released, RELEASE_KEY) == ("this key rounded illustrative counts and is spent.", False)
    assert publish.key_state(released, OTHER)[1]
    with unguessed():
        assert publish.release(released, OTHER, data_dir=tmp_path) == []


def test_what_the_record_named_before_is_not_given_back(released, tmp_path):
    assert "/" in (tmp_path / record.FILE).read_text()
    removed(released, tmp_path)
    assert not publish.give_back(released, tmp_path)
    assert scalar(released, "SELECT count(*) FROM lakana.release") == 0


def test_counts_that_were_released_with_real_ones_stay(released, tmp_path):
    with owner_transaction(released) as connection:
        connection.execute(text("SET LOCAL lakana.bulk = 'on'"))
        connection.execute(text(RETURN), {"quarter": "2024-Q2"})
    with pytest.raises(SetupError, match=re.escape("2024-Q2 were released with returns that are not illustrative")):
        removed(released, tmp_path)
    assert scalar(released, "SELECT count(*) FROM lakana.source WHERE illustrative") > 0


def test_what_stands_on_illustrative_rows_is_named(released, tmp_path):
    with owner_transaction(released) as connection:
        connection.execute(text("SET LOCAL lakana.bulk = 'on'"))
        moved = """
        UPDATE lakana.service SET source_id = (SELECT id FROM lakana.source WHERE NOT illustrative LIMIT 1)
        WHERE id = (SELECT id FROM lakana.service WHERE category = 'MEDICAL' ORDER BY id LIMIT 1) RETURNING name"""
        name = connection.scalar(text(moved))
    with pytest.raises(SetupError, match=re.escape(f"1 services ({name})")):
        removed(released, tmp_path)


def test_the_command_reports_and_puts_the_key_away(copy_seeded, tmp_path, monkeypatch):
    monkeypatch.setenv("LAKANA_DATABASE_URL", copy_seeded())
    monkeypatch.setenv("LAKANA_DATA_DIR", str(tmp_path))
    (tmp_path / "release.key").write_text(RELEASE_KEY.hex())
    (tmp_path / "release.key").chmod(0o600)
    told = CliRunner().invoke(app, ["seed", "remove", "--illustrative"], catch_exceptions=False)
    assert "752 returns of incidents removed" in told.output
    assert not (tmp_path / "release.key").exists()
    assert [each.name for each in tmp_path.glob("release.key.spent-*")]
    again = CliRunner().invoke(app, ["seed", "remove", "--illustrative"], catch_exceptions=False)
    assert "Nothing is illustrative." in again.output
