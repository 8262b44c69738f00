"""``lakana export``: a file, whole or not at all, as whoever shows a key."""

from __future__ import annotations

import datetime as dt
import os
import subprocess

import pytest

from geo.identity import keys
from geo.identity.scope import Scope
from tests.exports.conftest import table
from tests.persons import somebody
from tests.served import LAKANA

pytestmark = pytest.mark.database
PEPPER = bytes(range(32))


@pytest.fixture
def lakana(seeded_url, tmp_path):
    """Run the command in an empty folder."""

    def lakana(*words, **environment):
        given = {"LAKANA_DATABASE_URL": seeded_url, "LAKANA_DATA_DIR": str(tmp_path / "data"), "LANG": "en_GB.UTF-8"}
        return subprocess.run(
            [*LAKANA, "export", *words],
            cwd=tmp_path,
            env={**os.environ, **given, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return lakana


def test_it_writes_a_file_in_the_terminals_language(lakana, tmp_path):
    done = lakana("services", "categories=MEDICAL", "--out", "soins.csv")
    assert done.returncode == 0, done.stderr
    title, _, _, rows = table((tmp_path / "soins.csv").read_bytes())
    assert done.stdout.strip() == f"soins.csv: {len(rows)}"
    assert "Data as of" in title
    assert {each["categoryLabel"] for each in rows} == {"Medical care"}
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".lakana-export")] == []


def test_it_lists_what_there_is(lakana):
    assert {"services", "coverage.areas", "featureCollection"} <= {*lakana().stdout.split()}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing"], "there is no export nothing"),
        (["services", "--format", "doc"], "services is exported as csv"),
        (["services", "areaCode=ZZ"], "no area in force bears the code ZZ"),
        (["services", "MEDICAL"], "write MEDICAL as NAME=VALUE"),
        (["auditEntries"], "reserved for STEWARD"),
        (["services", "--key", "lk_x"], "unknown, malformed, expired or revoked"),
    ],
)
def test_what_is_wrong_is_one_line_and_no_file(lakana, tmp_path, words, said):
    done = lakana(*words, "--out", "out.csv")
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.strip().count("\n") == 0
    assert not (tmp_path / "out.csv").exists()


def test_with_a_key_it_sees_what_the_key_does(lakana, seeded_url, tmp_path):
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    key = keys.create(seeded_url, PEPPER, "export", Scope("STEWARD", None), tomorrow, somebody(seeded_url, "export"))
    done = lakana("shelters", "--out", "s.csv", LAKANA_KEY=key, LAKANA_KEY_PEPPER=PEPPER.hex())
    assert done.returncode == 0, done.stderr
    known = {"capacity", "occupancy", "available", "frontGate"}
    assert known <= {*table((tmp_path / "s.csv").read_bytes())[1]}
    assert lakana("shelters", "--out", "p.csv").returncode == 0
    assert not known & {*table((tmp_path / "p.csv").read_bytes())[1]}
