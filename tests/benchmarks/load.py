"""Requests a second of one server process, beside pgbench with the same SQL, and the server's memory."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from sqlalchemy import make_url

from geo.audience import Audience
from geo.cluster import private
from geo.database.owner import login_url
from tests.benchmarks.statements import BOX, NEAREST, SESSION, job
from tests.served import served

CLIENTS = 16

LUA = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
math.randomseed(7)
request = function()
  local x, y = -12 + 15 * math.random(), 10 + 13 * math.random()
  return wrk.format(nil, "/graphql", nil, string.format('{"query":"%s","variables":{%s}}', QUERY, string.format(VARIABLES, VALUES)))
end
"""

LON, LAT = ":lon / 10000.0::double precision", ":lat / 10000.0::double precision"
_NORMAL = f"6378137.0 / sqrt(1 - 0.0066943799901413165 * sin(radians({LAT})) ^ 2)"
CHORD = {
    "x": f"{_NORMAL} * cos(radians({LAT})) * cos(radians({LON}))",
    "y": f"{_NORMAL} * cos(radians({LAT})) * sin(radians({LON}))",
    "z": f"{_NORMAL} * 0.9933056200098587 * sin(radians({LAT}))",
}
"""What the server itself works out: the place in metres from the centre of the earth."""

CASES = {
    "nearest 10, 9 fields": (
        NEAREST,
        '"lon":%.4f,"lat":%.4f',
        "x, y",
        {"lon": -5.0, "lat": 12.0},
        {
            "origin_lon": LON,
            "origin_lat": LAT,
            **{f"origin_{axis}": f"(SELECT {each})" for axis, each in CHORD.items()},
        },
        0.55,
    ),
    "100 in a box, 8 fields": (
        BOX,
        '"west":%.4f,"south":%.4f,"east":%.4f,"north":%.4f',
        "x, y, x + 0.9, y + 0.9",
        {"west": -6.0, "south": 11.0, "east": -5.1, "north": 11.9},
        {
            "bbox_west": LON,
            "bbox_south": LAT,
            "bbox_east": f"{LON} + 0.9",
            "bbox_north": f"{LAT} + 0.9",
        },
        0.7,
    ),
}


def measure(owner_url: str, seconds: int) -> list[tuple[str, str, str]]:
    """Return the rows of the table."""
    rows = []
    with served(owner_url) as (address, server):
        rows.append(("server memory at rest", f"{_memory_mb(server.pid):.0f} MB", "≤ 300 MB"))
        for name, (document, shape, values, variables, places, wanted) in CASES.items():
            sql = _pgbench_sql(document, variables, places)
            ours, theirs = [], []
            for _ in range(3):  # alternately, so that other work on the machine affects both
                ours.append(load(address, document, shape, values, seconds // 3)[0])
                theirs.append(_pgbench(owner_url, sql, seconds // 3))
            rate, bare = statistics.median(ours), statistics.median(theirs)
            rows.append((f"{name}: server", f"{rate:,.0f}/s", ""))
            rows.append((f"{name}: pgbench -M prepared", f"{bare:,.0f}/s", ""))
            rows.append((f"{name}: server / pgbench", f"{rate / bare:.2f}", f"≥ {wanted}"))
        rows.append(
            ("304 to who has it: processor time", f"{still_so(address, server.pid, seconds // 3):.2f} ms", "≤ 0.15 ms")
        )
        rows.append(("server memory under that load", f"{_memory_mb(server.pid):.0f} MB", "≤ 600 MB"))
    return rows


def processor_s(pid: int) -> float:
    """Return the processor time that a process has taken, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load(address: str, document: str, shape: str, values: str, seconds: int) -> tuple[float, int]:
    """Ask a server as often as it answers; return requests a second, and how many were answered."""
    query = " ".join(document.split())
    script = LUA.replace("QUERY", f"'{query}'").replace("VARIABLES", f"'{shape}'").replace("VALUES", values)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "load.lua"
        file.write_text(script)
        command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "-s", str(file), address]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in printed or "Socket errors" in printed:
        raise RuntimeError(printed)
    rate, answered = re.search(r"Requests/sec:\s+([\d.]+)", printed), re.search(r"(\d+) requests in", printed)
    assert rate is not None and answered is not None  # noqa: PT018
    return float(rate[1]), int(answered[1])


def still_so(address: str, pid: int, seconds: int) -> float:
    """Return the server's processor time for saying that an answer is still what the client has, in milliseconds."""
    url = f"{address}/graphql?query=%7Bsources%7Bname%7D%7D"
    with urlopen(url) as answer:  # noqa: S310  our own server
        tag = answer.headers["etag"]
    before = processor_s(pid)
    command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "-H", f"If-None-Match: {tag}", url]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    answered = re.search(r"(\d+) requests in", printed)
    assert answered
    return (processor_s(pid) - before) * 1_000 / int(answered[1])


def _pgbench_sql(document: str, variables: dict[str, float], places: dict[str, str]) -> str:
    asked = job(document, variables)
    sql = asked.statement.sql
    for number in range(len(asked.values), 0, -1):
        name, value = asked.statement.names[number - 1], asked.values[number - 1]
        place = (
            f"({places[name]})" if name in places else (str(value) if isinstance(value, int | float) else f"'{value}'")
        )
        sql = sql.replace(f"${number}", place)
    return "\\set lon random(-120000, 30000)\n\\set lat random(100000, 230000)\n" + " ".join(sql.split()) + ";\n"


def _pgbench(owner_url: str, sql: str, seconds: int) -> float:
    url = make_url(login_url(owner_url, Audience.PUBLIC))
    options = SESSION
    environment = os.environ | {"PGOPTIONS": options, "PGHOST": str(url.query["host"]), "PGUSER": str(url.username)}
    with TemporaryDirectory() as folder:
        file = Path(folder) / "statement.sql"
        file.write_text(sql)
        command = [
            str(private.programs() / "pgbench"),
            "-n",
            "-M",
            "prepared",
            f"-c{CLIENTS}",
            "-j2",
            f"-T{seconds}",
            "-f",
            str(file),
            str(url.database),
        ]
        printed = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    found = re.search(r"tps = ([\d.]+)", printed)
    assert found, printed
    return float(found[1])


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", status)
    assert found
    return int(found[1]) / 1024
