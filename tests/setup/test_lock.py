"""The lock file and the scripts: pinned, hashed, and free of addresses and of this machine."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = [*sorted((ROOT / "scripts").iterdir()), ROOT / ".ci/run"]


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def entries():
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "requirements.lock").read_text(), flags=re.MULTILINE)
    return [entry for entry in re.split(r"\n(?=\S)", text.strip()) if entry]


def test_every_release_is_pinned_with_hashes(entries):
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==\S+ ", entry), entry.splitlines()[0]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry.splitlines()[0]


def test_every_dependency_of_the_project_is_in_it(entries):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    lines = project["dependencies"] + extras["test"] + extras["build"]
    wanted = {canonical(re.split(r"[^\w.-]", line)[0]) for line in lines}
    assert wanted <= {canonical(entry.split("==")[0]) for entry in entries}


@pytest.mark.parametrize("path", [ROOT / "requirements.lock", *SCRIPTS], ids=lambda path: path.name)
def test_no_address_of_an_index_and_no_path_of_a_machine(path):
    text = path.read_text()
    assert not re.search(r"https?://|--index-url|--find-links|file:/|/home/|/root", text)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_may_be_run_and_stop_at_the_first_error(path):
    assert os.access(path, os.X_OK)
    assert "set -euo pipefail" in path.read_text()
