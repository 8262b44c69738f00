"""The programs of docs/frontend.md are typed by the schema and read whole lists, each with its client."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.errors import INTERNAL, TABLE, VALIDATION_FAILED
from api.http.documents import NOT_FOUND
from api.http.graphql_request import NOT_SUPPORTED
from tests.served import served

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "frontend.md").read_text(encoding="utf-8")
PROGRAMS = dict(re.findall(r"```ts\n// (\S+)\n(.*?)```", PAGE, re.DOTALL))
OLDEST_NODE = 20
SECONDS = 300


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the programs of the page and the packages that they need."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("Node.js is missing: the programs of docs/frontend.md are not run")
    found = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout
    if int(found.strip().lstrip("v").split(".")[0]) < OLDEST_NODE:
        pytest.skip(f"Node.js {found.strip()} is too old: the programs of docs/frontend.md need {OLDEST_NODE}")
    made: Path = tmp_path_factory.mktemp("frontend")
    for name in ("package.json", "package-lock.json", "tsconfig.json"):
        shutil.copy(HERE / name, made)
    for name, text in PROGRAMS.items():
        made.joinpath(name).parent.mkdir(exist_ok=True)
        made.joinpath(name).write_text(text, encoding="utf-8")
    run(made, [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
    return made


@pytest.fixture(scope="module")
def address(seeded_url: str) -> Iterator[str]:
    with served(seeded_url) as (found, _):
        yield found


def run(folder: Path, command: list[str], **environment: str) -> str:
    environment = {**os.environ, "PATH": f"{folder}/node_modules/.bin:{os.environ['PATH']}"} | environment
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_programs_read_whole_lists_and_are_typed_by_the_schema(folder, address):
    run(folder, ["graphql-codegen", "--config", "codegen.ts"], LAKANA=address)
    run(folder, ["tsc", "-p", "."])
    for name, root in (("apollo", "services"), ("urql", "shelters")):
        area = '(areaCode: "ISO-3166-2:ML-3")' if root == "services" else ""
        asked = httpx.post(f"{address}/graphql", json={"query": f"{{ {root}{area} {{ totalCount }} }}"}).json()
        total = asked["data"][root]["totalCount"]
        assert total > 20  # more than one page
        assert run(folder, ["tsx", f"src/{name}.ts"], LAKANA=address) == f"{total} of {total} {root}\n"


def test_a_field_that_the_schema_lacks_is_found_before_anybody_runs_it(folder, address):
    wrong = PROGRAMS["src/urql.ts"].replace("hasPlaces", "howManyPlaces")
    folder.joinpath("src", "urql.ts").write_text(wrong, encoding="utf-8")
    with pytest.raises(AssertionError, match="howManyPlaces"):
        run(folder, ["graphql-codegen", "--config", "codegen.ts"], LAKANA=address)


def test_programs_are_short():
    assert sorted(PROGRAMS) == ["codegen.ts", "src/apollo.ts", "src/urql.ts"]
    assert all(text.count("\n") <= 30 for text in PROGRAMS.values())


def test_every_code_is_explained():
    table = PAGE[PAGE.index("## Errors") : PAGE.index("## Keys")]
    codes = {each.code for each in TABLE.values()} | {INTERNAL, VALIDATION_FAILED, NOT_SUPPORTED, NOT_FOUND}
    assert set(re.findall(r"`([A-Z]+(?:_[A-Z]+)*)`", table)) == codes
