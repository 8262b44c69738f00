"""The command and what it refuses: in one line each, and nothing changes."""

from __future__ import annotations

import os
import subprocess

import psycopg2
import pytest

from geo.audience import Audience
from geo.cluster.postgresql import has_extension
from geo.database.owner import login_url, owner_transaction
from geo.errors import BadInput, SetupError, Unavailable
from geo.roads import network
from tests.database.land import point
from tests.planning import drawn
from tests.planning.drawn import PLACES, A, B, Roads
from tests.served import LAKANA

pytestmark = pytest.mark.database


@pytest.fixture
def url(copy_migrated):
    url = copy_migrated()
    drawn.skip_without_pgrouting(url)
    return url


@pytest.mark.parametrize("limit", [0, -1, 100_000.1, float("nan"), float("inf")])
def test_a_limit_outside_its_bounds_is_refused(url, tmp_path, limit):
    with pytest.raises(BadInput, match="max-off-road-metres"):
        network.import_roads(url, drawn.write(tmp_path), limit)


def test_without_pgrouting_it_says_what_to_install(url, tmp_path):
    """Who may not add the extension is told what to do, before the file is read."""
    with pytest.raises(SetupError, match=r"pgrouting is missing.*apt-get install postgresql-15-pgrouting"):
        network.import_roads(login_url(url, Audience.PUBLIC), tmp_path / "none.osm")


def test_refresh_without_roads(url):
    with pytest.raises(SetupError, match="lakana roads import"):
        network.refresh(url)


def test_two_at_once_do_not_mix(url, tmp_path):
    network.import_roads(url, drawn.write(tmp_path))
    with psycopg2.connect(url) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('lakana.roads'))")
        for act in (
            lambda: network.import_roads(url, drawn.write(tmp_path)),
            lambda: network.refresh(url, everything=True),
            lambda: network.drop(url),
        ):
            with pytest.raises(Unavailable, match="elsewhere"):
                act()
    other.close()


def test_roads_of_elsewhere_are_refused_and_those_of_here_stay(url, tmp_path):
    """Longitude and latitude exchanged, for example: every place would be told that nobody can travel from it."""
    with owner_transaction(url) as connection:
        land = Roads(connection)
        land.demand(land.home, *PLACES[A])
        land.place(*PLACES[B])
    network.import_roads(url, drawn.write(tmp_path))
    before = network.status(url)
    elsewhere = {number: (lat, lon) for number, (lon, lat) in PLACES.items()}
    with pytest.raises(SetupError, match="no road within 5000 metres of any place"):
        network.import_roads(url, drawn.write(tmp_path, places=elsewhere))
    assert network.status(url) == before
    assert drawn.minutes(url)


def test_the_command(url, tmp_path):
    with owner_transaction(url) as connection:
        land = Roads(connection)
        land.demand(land.home, *PLACES[A])
        service = land.place(*PLACES[B])

    def lakana(*arguments):
        environment = {**os.environ, "LAKANA_DATABASE_URL": url, "LAKANA_DATA_DIR": str(tmp_path)}
        return subprocess.run(
            [*LAKANA, "roads", *arguments], env=environment, capture_output=True, text=True, check=False
        )

    none = lakana("status")
    assert (none.returncode, none.stdout) == (3, "no roads\n")
    made = lakana("import", str(drawn.write(tmp_path)), "--max-off-road-metres", "2500")
    assert made.returncode == 0
    assert "at most 2500 metres off the road" in made.stdout
    assert made.stderr.splitlines() == ["roads to the database …", "travel times …"]
    with owner_transaction(url) as connection:
        Roads(connection).run(
            "UPDATE lakana.service SET point = :point WHERE id = :id", id=service, point=point(*PLACES[A])
        )
    assert "stale since services changed, lakana roads refresh computes them anew: MEDICAL" in lakana("status").stdout
    assert lakana("refresh").stdout == "computed MEDICAL\n"
    absent = lakana("import", str(tmp_path / "none.osm.pbf"))
    assert absent.returncode == 1
    assert absent.stderr.splitlines() == [f"lakana: No such file or directory: {tmp_path / 'none.osm.pbf'}"]
    assert lakana("drop").stdout == "dropped\n"


def test_what_is_installed_is_told():
    assert has_extension("postgis")
    assert not has_extension("no_such_extension")
