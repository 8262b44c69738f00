"""What an operator acts on is one sentence in the terminal, in /readyz and in the log; figures name no place, name or key."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import subprocess
import time
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api.cli.main import app
from api.settings import Settings
from geo.database import health, owner
from geo.errors import SetupError, Unavailable
from tests.served import UNSEEDED, served

pytestmark = pytest.mark.database

ROOT = Path(__file__).parents[2]
OFTEN = f"{UNSEEDED}; import api.background.watch as watch; watch.EVERY_S = 0.1"
TOKEN = "a token of sixteen"  # noqa: S105  for tests
KNOWN = {"event", "level", "timestamp", "request_id", "method", "route", "status", "ms", "more", "error", "frames", "sqlstate",
         "part", "sentence"}  # fmt: skip
"""Whatever a line of the log may hold."""


@pytest.fixture
def url(make_database):
    made = make_database()
    owner.upgrade(made)
    return made


def ready_says(client: httpx.Client, wanted: str, within_s: float = 20) -> httpx.Response:
    """Wait until /readyz says so."""
    end = time.monotonic() + within_s
    while wanted not in (answer := client.get("/readyz")).text:
        assert time.monotonic() < end, answer.text
        time.sleep(0.05)
    return answer


def certificate(path: Path, ends: dt.timedelta) -> Path:
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lakana.example")]),
    )
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now - dt.timedelta(90), now + ends
    )
    path.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path


def set_revision(url: str, revision: str) -> None:
    with owner.owner_transaction(url) as connection:
        connection.exec_driver_sql("UPDATE lakana.alembic_version SET version_num = %s", (revision,))


@pytest.mark.parametrize(
    ("before", "ends", "sentence"),
    [
        ("import shutil; u = type(shutil.disk_usage('/')); shutil.disk_usage = lambda _: u(10**12, 10**12, 10**8)", None,
         "The disk of the data folder is nearly full: 100 MB are left."),
        ("import time; real = time.time; time.time = lambda: real() - 86_400", None,
         "The clocks of this machine and of the database are 86400 s apart"),
        ("pass", -1, "The certificate is over since"),
        ("pass", 3, "The certificate ends on"),
    ],
)  # fmt: skip
def test_what_does_not_stop_the_service_is_told_beside(url, tmp_path, before, ends, sentence):
    log, more = tmp_path / "log", {}
    if ends is not None:
        more["LAKANA_CERTIFICATE"] = str(certificate(tmp_path / "proxy.pem", dt.timedelta(ends)))
    with served(url, f"{OFTEN}; {before}", str(log), **more) as (base, _), httpx.Client(base_url=base) as client:
        told = ready_says(client, sentence)
        assert (told.status_code, told.text.partition(": ")[0]) == (200, "ready, but")
        part = re.search(r'lakana_trouble\{part="(\w+)"\} 1.0', client.get("/metrics").text)
        assert part is not None
    lines = log.read_text().splitlines()
    assert [each for each in lines if each.startswith("lakana: warning: ") and sentence in each], (
        lines
    )  # in the terminal
    [written] = [json.loads(each) for each in lines if '"trouble"' in each]
    assert (written["part"], sentence in written["sentence"]) == (part[1], True)


@pytest.mark.parametrize(
    ("revision", "sentence"), [("9999", "too new for this program"), ("0105", "too old for this program")]
)
def test_a_database_of_another_revision_stops_it(url, tmp_path, revision, sentence):
    log = tmp_path / "log"
    [now] = [owner._revisions()[0]]
    with served(url, OFTEN, str(log)) as (base, _), httpx.Client(base_url=base) as client:
        assert client.get("/readyz").text == "ready"
        set_revision(url, revision)
        told = ready_says(client, sentence)
        assert (told.status_code, revision in told.text, now in told.text) == (503, True, True)
        set_revision(url, now)
        ready_says(client, "ready")
    assert sentence in log.read_text()
    if revision == "9999":
        set_revision(url, revision)
        with pytest.raises(SetupError, match=sentence):  # lakana serve and lakana db upgrade alike
            owner.upgrade(url)


def test_a_clock_that_was_set_back_is_told_by_the_log(url, monkeypatch, tmp_path):
    with owner.owner_transaction(url) as connection:
        connection.exec_driver_sql("SELECT audit.append('LOAD', 'test', NULL, NULL, NULL)")
    assert health.look(url, tmp_path).troubles == ()
    monkeypatch.setattr(
        health,
        "sql_file",
        lambda name: owner.sql_file(name).replace("clock_timestamp()", "clock_timestamp() - interval '365 days'"),
    )
    monkeypatch.setattr("time.time", lambda real=time.time: real() - 365 * 86_400)
    [told] = health.look(url, tmp_path).troubles
    assert told.part is health.Part.CLOCK
    assert "before the last entry of the audit log" in told.sentence


def test_the_reason_of_a_database_that_is_away_holds_no_address(tmp_path):
    away = "postgresql://somebody:s3cret@/none?host=/nowhere"
    [told] = health.look(away, tmp_path / "none" / "yet").troubles
    assert (told.sentence, told.stops) == (health.AWAY, True)
    ended = 'connection to server at "10.1.2.3", port 5432 failed: SSL error: certificate verify failed'
    assert health._reason(Unavailable(ended)).startswith("The certificate of the database is over")


def test_figures_ask_for_their_token_and_tell_time_by_field(url, tmp_path):
    query = '{ here: services(first: 3, text: "Zirikili") { totalCount } organizations(first: 1) { totalCount } }'
    log = tmp_path / "log"
    with served(url, OFTEN, str(log), LAKANA_METRICS_TOKEN=TOKEN) as (base, _), httpx.Client(base_url=base) as client:
        assert client.post("/graphql", json={"query": query}).json()["data"]["here"] == {"totalCount": 0}
        client.post("/nearest", data={"place": "Zirikili", "lon": "-5.712345", "lat": "11.387654", "age": "9"})
        client.get("/nearest?place=Zirikili")
        client.get("/graphql", params={"query": query}, headers={"authorization": "Bearer lk_abcdefgh_zirikili"})
        for shown in ({}, {"authorization": "Bearer wrong"}, {"authorization": TOKEN}):
            assert client.get("/metrics", headers=shown).status_code == 401
        figures = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).text
    for field in ("services", "organizations"):
        assert re.search(rf'^lakana_database_statements_total{{field="{field}"}} 1.0$', figures, re.MULTILINE)
        assert re.search(rf'^lakana_database_seconds_total{{field="{field}"}} \d+\.\d$', figures, re.MULTILINE)
    assert re.search(r'^lakana_cache_made_total{cache="documents"} [1-9]', figures, re.MULTILINE)
    assert 'lakana_queue_waiting{queue="reads of public"} 0.0' in figures
    assert re.search(r"^lakana_disk_free_bytes [1-9]", figures, re.MULTILINE)
    for kept in (figures, log.read_text()):
        assert not re.search(r"zirikili|5\.71234|11\.3876|lk_abc", kept, re.IGNORECASE)
    lines = [json.loads(each) for each in log.read_text().splitlines() if each.startswith("{")]
    assert len(lines) > 2
    assert {name for each in lines for name in each} <= KNOWN


def test_a_backup_is_noted_and_never_overwrites(url, tmp_path, monkeypatch):
    monkeypatch.setenv("LAKANA_DATABASE_URL", url)
    monkeypatch.setenv("LAKANA_DATA_DIR", str(tmp_path / "data"))
    assert health.look(url, tmp_path / "data").backed_up_s is None
    app(["db", "backup", str(tmp_path / "one")], standalone_mode=False)
    noted = health.look(url, tmp_path / "data").backed_up_s
    assert noted is not None
    assert abs(noted - time.time()) < 60
    before = (tmp_path / "one").read_bytes()
    with pytest.raises((SetupError, OSError)):
        app(["db", "backup", str(tmp_path / "one")], standalone_mode=False)
    assert (tmp_path / "one").read_bytes() == before
    assert health.look(url, tmp_path / "data").backed_up_s == noted


def test_the_nightly_backup_overwrites_nothing(tmp_path):
    home, folder, kept = tmp_path / "srv", tmp_path / "backup", tmp_path / "srv/.lakana"
    for each in (home / "scripts", home / ".venv/bin", folder, kept):
        each.mkdir(parents=True)
    shutil.copy(ROOT / "scripts/backup", home / "scripts/backup")
    program = home / ".venv/bin/lakana"
    program.write_text(
        '#!/bin/sh\n[ "$1 $2 $4 $5" = "db backup --encrypt-to age1x" ] && [ ! -e "$3" ] && echo "$$" > "$3"\n'
    )
    program.chmod(0o755)
    command = [str(home / "scripts/backup"), str(folder), "age1x"]
    for told in ("one", "two", "two"):
        (kept / "hidden.ids").write_text(told)
        subprocess.run(command, check=True)
        time.sleep(1.1)  # a name a second
    assert len({each.read_text() for each in folder.glob("lakana-*.backup")}) == 3
    assert {each.name: each.read_text() for each in folder.glob("hidden*")} == {
        "hidden.ids": "two",
        "hidden.ids.~1~": "one",
    }
    program.write_text("#!/bin/sh\nexit 1\n")
    (kept / "hidden.ids").write_text("three")
    assert subprocess.run(command, check=False).returncode == 1  # and the unit has failed
    assert (folder / "hidden.ids").read_text() == "two"


def test_alert_rules_name_figures_that_are_there(url, tmp_path):
    from api.app import create_app  # noqa: PLC0415

    rules = ROOT / "deploy/prometheus/lakana.rules.yml"
    metrics = create_app(Settings(data_dir=tmp_path), url).routes
    assert metrics
    code = "".join((ROOT / "api" / each).read_text() for each in ("metrics.py", "http/shedding.py"))
    asked = set(re.findall(r"\blakana_\w+", "\n".join(re.findall(r"expr: (.*)", rules.read_text()))))
    assert len(asked) > 10
    assert {each for each in asked if f'"{each.removesuffix("_total")}"' not in code} == set()
    if shutil.which("promtool"):
        subprocess.run(["promtool", "check", "rules", str(rules)], check=True, capture_output=True)


def test_units_are_what_systemd_takes(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not here")
    home = tmp_path / "srv"
    for path in ("scripts/serve", "scripts/backup", ".venv/bin/lakana"):
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text("#!/bin/sh\n")
        (home / path).chmod(0o755)
    units = []
    for each in [*(ROOT / "deploy/systemd").glob("*.service"), *(ROOT / "deploy/systemd").glob("*.timer")]:
        told = each.read_text().replace("/srv/lakana", str(home)).replace("User=lakana\n", "")
        units.append(tmp_path / each.name)
        units[-1].write_text(told)
        assert (
            "PrivateTmp=" not in told
        )  # the socket of the private cluster lies in /tmp, for commands beside the server
    done = subprocess.run(["systemd-analyze", "verify", *map(str, units)], check=False, capture_output=True, text=True)
    assert not [each for each in done.stderr.splitlines() if str(tmp_path) in each], done.stderr
    assert (
        "%%"
        not in subprocess.run(
            ["systemd-analyze", "calendar", "*-*-* 02:15"], check=True, capture_output=True, text=True
        ).stdout
    )
