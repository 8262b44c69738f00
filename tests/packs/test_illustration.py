"""Illustrative rows are made for any pack: in the made-up country, by its own places, law, numbers and language."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from geo.database import owner
from geo.errors import BadInput
from seeds import seeding
from tests.packs import vela

pytestmark = pytest.mark.database
ILLUSTRATED = f"{vela.MANIFEST}\n[illustration]\n"


@pytest.fixture(scope="module")
def url(copy_migrated, tmp_path_factory):
    url = copy_migrated()
    seeding.seed(url, vela.write(tmp_path_factory.mktemp("illustrated"), ILLUSTRATED))
    return url


def rows(url, statement):
    with owner.owner_transaction(url) as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def of_source(table):
    return f"FROM lakana.{table} t JOIN lakana.source s ON s.id = t.source_id WHERE s.illustrative"


def test_its_bodies_are_those_that_its_law_appoints_and_those_of_every_country(url):
    kinds = {kind for (kind,) in rows(url, f"SELECT DISTINCT t.kind::text {of_source('actor')}")}
    assert {"SOCIAL_SERVICE", "SCHOOL", "NGO", "HEALTH_FACILITY"} <= kinds
    assert not {"JUVENILE_JUDGE", "PROSECUTOR", "GENDARMERIE", "CHILD_PROTECTION_OFFICER"} & kinds


def test_its_words_are_english_and_its_numbers_nobodys(url):
    names = [name for (name,) in rows(url, f"SELECT t.name {of_source('actor')}")]
    assert any(name.startswith("School · ") for name in names)
    assert not any("École" in name for name in names)
    assert rows(url, f"SELECT bool_and(t.phone LIKE '+6790000%'), count(*) > 100 {of_source('actor')}") == [
        (True, True)
    ]


def test_each_district_has_one_local_authority(url):
    [(many, districts)] = rows(url, f"SELECT count(*), count(DISTINCT t.jurisdiction_id) {of_source('actor')} AND t.kind = 'LOCAL_AUTHORITY'")  # fmt: skip
    assert many == districts == len(vela.DISTRICTS)


def test_its_shelters_trainings_and_counts_are_there(url):
    assert rows(url, "SELECT count(*), count(*) FILTER (WHERE confidential) FROM lakana.service WHERE category = 'SAFE_SHELTER'") == [(30, 10)]  # fmt: skip
    assert rows(url, "SELECT count(*) FROM lakana.front_gate") == [(10,)]
    assert rows(url, "SELECT count(*) FROM lakana.training_event") == [(len(vela.PROVINCES),)]
    assert rows(url, "SELECT count(DISTINCT locality_id) FROM raw.incident_count") == [(6 * vela.PLACES,)]


def test_places_stay_in_the_country_across_the_antimeridian(url):
    [(outside,)] = rows(
        url,
        "SELECT count(*) FROM lakana.service v JOIN lakana.admin_area n ON n.level = 0 "
        "WHERE NOT ST_DWithin(n.geom::geography, v.point, 1000)",
    )
    assert outside == 0


def test_loaded_again_they_stay_and_another_number_is_refused(url, tmp_path):
    folder = vela.write(tmp_path, ILLUSTRATED)
    before = rows(url, "SELECT id, xmin::text FROM lakana.service ORDER BY id")
    seeding.seed(url, folder)
    assert rows(url, "SELECT id, xmin::text FROM lakana.service ORDER BY id") == before
    with pytest.raises(BadInput, match="drawn by another number"):
        seeding.seed(url, folder, seed=2)
    seeding.seed(url, folder, services=20)
    assert len(rows(url, "SELECT id FROM lakana.service")) == len(before) + 20
