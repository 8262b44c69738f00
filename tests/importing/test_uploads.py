"""Stewards send files by HTTP: tried first, loaded when they say so, in their name, and nothing of the files is left."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import socket
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from api.imports import jobs, received
from geo.audience import Audience, Caller
from geo.database.owner import owner_transaction
from geo.identity import keys
from geo.identity.scope import Scope
from seeds.loading.options import Options
from tests.importing.country import cercles
from tests.persons import somebody
from tests.served import UNSEEDED, served

pytestmark = pytest.mark.database

PEPPER = "00" * 32
ROWS = "nom,sigle,type\nKanuya,K,ONG nat\n<script>alert(1)</script>,X,danse\nJigiya,Y,ONG nat\n"


def a_key(url, audience, person="awa"):
    end = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    organization = None
    with owner_transaction(url) as connection:
        if audience == "PARTNER":
            connection.exec_driver_sql(
                "INSERT INTO lakana.source (key, name, illustrative) VALUES ('p', 'p', false) ON CONFLICT DO NOTHING"
            )
            organization = connection.exec_driver_sql(
                "INSERT INTO lakana.organization (name, kind, source_id) SELECT 'Partenaire', 'NGO', id FROM lakana.source "
                "WHERE key = 'p' RETURNING id::text"
            ).scalar()
    whose = somebody(url, person) if audience in keys.BOUND else None
    return keys.create(url, bytes.fromhex(PEPPER), "test", Scope(audience, organization), end, whose)


class Server:
    def __init__(self, base, url, data_dir):
        self.base, self.url, self.data_dir = base, url, data_dir
        self.key = a_key(url, "STEWARD")
        self.jobs: list[str] = []

    def ask(self, method, path, key=None, **more):
        headers = {"authorization": f"Bearer {key or self.key}", **more.pop("headers", {})}
        return httpx.request(method, f"{self.base}{path}", headers=headers, timeout=30, **more)

    def send(self, content, kind="organizations", name="liste.csv", key=None, **options):
        data = {"kind": kind, "options": json.dumps(options)}
        answer = self.ask("POST", "/imports", key, files={"file": (name, content)}, data=data)
        if answer.status_code == 202:
            self.jobs.append(answer.json()["href"])
        return answer

    def wait(self, job):
        for _ in range(300):
            told = self.ask("GET", job["href"]).json()
            if told["status"] not in {"QUEUED", "RUNNING"}:
                return told
            time.sleep(0.1)
        raise AssertionError(told)

    def left(self):
        return [each for each in (self.data_dir / "uploads").rglob("*") if each.is_file() and each.name != "lock"]


@pytest.fixture(scope="module")
def server(copy_migrated, tmp_path_factory):
    url, data_dir = copy_migrated(), tmp_path_factory.mktemp("data")
    dead = data_dir / "uploads" / "1-dead"
    dead.mkdir(parents=True)
    (dead / "left.csv").write_text("x")
    with served(url, UNSEEDED, LAKANA_KEY_PEPPER=PEPPER, LAKANA_DATA_DIR=str(data_dir)) as (base, _):
        yield Server(base, url, data_dir)
    assert not list((data_dir / "uploads").iterdir())


@pytest.fixture(autouse=True)
def tidy(server):
    yield
    for job in server.jobs:
        server.ask("DELETE", job)
    server.jobs.clear()
    assert server.left() == []


def test_what_a_dead_server_left_is_gone(server):
    assert not (server.data_dir / "uploads" / "1-dead").exists()


def test_a_file_is_tried_then_loaded_in_the_name_of_its_steward(server):
    answer = server.send(ROWS.replace("danse", "bailleur"), source="Liste", licence="CC0", asOf="2024-01-31")
    assert answer.status_code == 202
    assert answer.headers["location"] == answer.json()["href"]
    tried = server.wait(answer.json())
    assert (tried["status"], tried["report"]["outcome"], tried["report"]["rows"]["new"]) == ("TRIED", "tried", 3)
    with owner_transaction(server.url) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM audit.import").scalar() == 0
    loading = server.ask("POST", tried["href"], json={"load": True})
    assert loading.status_code == 202
    loaded = server.wait(tried)
    assert (loaded["status"], loaded["report"]["outcome"]) == ("LOADED", "loaded")
    assert not [each for each in server.left() if each.name == "liste.csv"]
    report = server.ask("GET", f"{tried['href']}/report.fr.html")
    assert "<script" not in report.text
    assert "sandbox" in report.headers["content-security-policy"]
    assert server.ask("GET", f"{tried['href']}/report.en.xlsx").content.startswith(b"PK")
    for path in ("report.fr.pdf", "..%2f..%2flock", "lock", "0"):
        assert server.ask("GET", f"{tried['href']}/{path}").status_code == 404
    with owner_transaction(server.url) as connection:
        row = connection.exec_driver_sql("SELECT id::text, holder, kind FROM audit.import").one()
        assert (row.id, row.kind) == (loaded["importId"], "organizations")
        assert row.holder.startswith("key:")
        entry = connection.exec_driver_sql("SELECT holder, person FROM audit.entry WHERE action = 'LOAD'").one()
        assert entry.holder == row.holder
        assert entry.person is not None
    assert server.ask("POST", tried["href"], json={"load": True}).status_code == 400
    assert server.ask("DELETE", tried["href"]).status_code == 204


def test_refused_rows_and_columns_are_mended(server):
    told = server.wait(server.send("qui,sigle\nKanuyo,K\n").json())
    assert told["status"] == "TRIED"
    assert "MISSING" not in str(told["report"])
    assert told["problem"]["what"]["FR"].startswith("Aucune colonne")
    assert told["recognised"]["leftOut"] == ["qui"]
    again = {"options": {"columns": {"qui": "name"}, "acceptPartial": True}}
    assert server.ask("POST", told["href"], json=again).status_code == 202
    mended = server.wait(told)
    assert mended["report"]["files"][0]["columns"]["qui"] == {"field": "name", "by": "said"}
    assert server.ask("POST", told["href"], json={"load": True}).status_code == 202
    assert server.wait(told)["status"] == "LOADED"
    server.ask("DELETE", told["href"])


def test_mends_come_as_a_part_of_the_form_and_stay_with_the_job(server):
    """As a French spreadsheet program saves them: with semicolons, in Windows' letters."""
    mends = "where;field;value;why\nname=Dunuya;name;Dunuyà;graphie\n".encode("cp1252")
    data = {"kind": "organizations", "options": json.dumps({"source": "Liste"})}
    files = [("file", ("liste.csv", "name,acronym\nDunuya,DUN\n")), ("mends", ("liste.csv", mends))]
    job = server.ask("POST", "/imports", files=files, data=data).json()
    server.jobs.append(job["href"])
    assert job["files"] == ["liste.csv"]
    tried = server.wait(job)
    assert [each["trouble"] for each in tried["report"]["problems"]] == ["MENDED"], tried
    assert server.ask("POST", tried["href"], json={"load": True, "options": {"source": "Liste"}}).status_code == 202
    assert server.wait(tried)["status"] == "LOADED"
    with owner_transaction(server.url) as connection:
        name = connection.exec_driver_sql("SELECT name FROM lakana.organization WHERE acronym = 'DUN'").scalar()
    assert name == "Dunuyà"
    twice = [*files, ("mends", ("b.csv", mends))]
    refused = server.ask("POST", "/imports", files=twice, data=data)
    assert refused.json()["errors"][0]["message"].startswith("mends: send one")
    assert server.ask("POST", "/imports", files=files[1:], data=data).status_code == 400, "nothing to be mended"


def test_single_persons_are_refused(server):
    told = server.wait(server.send("nom,prénom,date de naissance\nA,B,2010-01-01\n").json())
    assert "2010" not in json.dumps(told)
    assert told["report"] is None
    server.ask("DELETE", told["href"])


def test_only_stewards_and_only_their_own(server):
    assert httpx.post(f"{server.base}/imports", files={"file": ("a.csv", ROWS)}).status_code == 401
    assert server.send(ROWS, key="lk_nonsense").status_code == 401
    assert server.send(ROWS, key=a_key(server.url, "PARTNER")).status_code == 403
    job = server.wait(server.send(ROWS).json())
    other = a_key(server.url, "STEWARD", "bakary")
    for method in ("GET", "POST", "DELETE"):
        answer = server.ask(method, job["href"], other, **({"json": {}} if method == "POST" else {}))
        assert answer.status_code == 404
    assert server.ask("GET", "/imports/nothing").status_code == 404
    server.ask("DELETE", job["href"])


@pytest.mark.parametrize(
    ("data", "files", "field"),
    [
        ({"kind": "shoes"}, {"file": ("a.csv", ROWS)}, "kind"),
        ({"kind": "organizations"}, {"other": ("", "")}, "file"),
        ({"kind": "organizations", "options": "["}, {"file": ("a.csv", ROWS)}, "options"),
        ({"kind": "organizations", "options": '{"shoes": 1}'}, {"file": ("a.csv", ROWS)}, "options"),
        ({"kind": "organizations", "options": '{"headerRow": "x"}'}, {"file": ("a.csv", ROWS)}, "options.headerRow"),
        ({"kind": "organizations"}, [("file", (f"{n}.csv", ROWS)) for n in range(11)], "file"),
    ],
)
def test_what_does_not_fit_is_said(server, data, files, field):
    answer = server.ask("POST", "/imports", data=data, files=files)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"].startswith(field)
    assert server.left() == []


def test_what_is_no_form_is_refused(server):
    for content, kind in (
        (b"x", "text/plain"),
        (b"x", "multipart/form-data"),
        (b"--a\r\nx", "multipart/form-data; boundary=a"),
        (b"--a\r\nx", f"multipart/form-data; boundary={'a' * 257}"),
    ):
        assert server.ask("POST", "/imports", content=content, headers={"content-type": kind}).status_code == 400


@pytest.mark.parametrize("name", ["mapping", "scheme", "edition", "nation"])
@pytest.mark.parametrize("text", ["a\0b", "T\u202e{{7*191}}", "a\nb"])
def test_names_that_nobody_could_store_are_refused(server, name, text):
    answer = server.send(ROWS, **{name: text})
    assert answer.status_code == 400
    assert name in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("load", [[], {}, 1, "true"])
def test_whether_to_load_is_a_yes_or_a_no(server, load):
    job = server.send(ROWS).json()
    server.wait(job)
    answer = server.ask("POST", job["href"], json={"load": load})
    assert (answer.status_code, "`load`" in answer.text) == (400, True)
    server.ask("DELETE", job["href"])


def test_a_form_of_many_nameless_parts_is_refused(server):
    body = b"--a\r\n\r\n\r\n" * 100_000 + b"--a--\r\n"
    answer = server.ask("POST", "/imports", content=body, headers={"content-type": "multipart/form-data; boundary=a"})
    assert answer.status_code == 400
    assert "10 files" in answer.json()["errors"][0]["message"]


def test_a_report_that_is_gone_when_it_is_read_is_not_there(server):
    tried = server.wait(server.send(ROWS).json())
    [report] = (server.data_dir / "uploads").rglob("report.fr.csv")
    report.unlink()
    assert server.ask("GET", f"{tried['href']}/report.fr.csv").status_code == 404
    assert server.ask("GET", f"{tried['href']}/report.fr.html").headers["content-type"].startswith("text/html")


def test_a_full_disk_is_no_fault_of_the_sender(server):
    uploads = server.data_dir / "uploads"
    [own] = uploads.iterdir()
    away = own.rename(server.data_dir / "away")
    try:
        assert server.send(ROWS).status_code == 503
    finally:
        away.rename(own)
    assert server.send(ROWS).status_code == 202


def test_few_wait_for_each_steward(server):
    jobs = [server.send(ROWS).json() for _ in range(3)]
    assert server.send(ROWS).status_code == 503
    for job in jobs:
        server.wait(job)
        assert server.ask("DELETE", job["href"]).status_code == 204
    assert server.left() == []


def test_a_job_waits_while_another_import_runs(server):
    with owner_transaction(server.url) as other:
        other.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('lakana.import'))")
        job = server.send(ROWS).json()
        for _ in range(300):
            told = server.ask("GET", job["href"]).json()
            if told["waitingFor"]:
                break
            time.sleep(0.1)
        assert (told["status"], told["failure"]) == ("QUEUED", None)
        assert told["waitingFor"] == "Another import is running. Try again when it has ended."
        assert len(server.left()) == 1
    told = server.wait(job)
    assert (told["status"], told["report"]["rows"]["read"], told["waitingFor"]) == ("TRIED", 3, None)
    server.ask("DELETE", job["href"])


def test_a_job_waits_longer_each_time_lets_others_go_first_and_not_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_TRIES", 2)
    served, all_jobs = [], jobs.ImportJobs("postgresql://", tmp_path)

    async def work(job):
        served.append(job)
        return {"busy": "later"} if job is busy else {"report": {}, "import_id": None}

    monkeypatch.setattr(all_jobs, "_work", work)
    caller, options = Caller(Audience.STEWARD, "key:abc"), Options()
    busy, other = (jobs.Job(caller, "organizations", options, tmp_path / each, ()) for each in "ab")
    for each in (busy, other):
        all_jobs.add(each)

    async def serve():
        rests = []
        while await all_jobs._serve_one() or busy.status is jobs.Status.QUEUED:
            if busy.status is jobs.Status.QUEUED and served[-1] is busy:
                assert busy.waits_for == "later"
                rests.append(round(busy.due_at - time.monotonic()))
            if other in served:
                busy.due_at = 0.0
        return rests

    assert asyncio.run(serve()) == [5, 10]
    assert served == [busy, other, busy, busy]
    assert (busy.status, busy.answer) == (jobs.Status.FAILED, {"failure": "later"})


def test_a_server_without_jobs_waits_for_one(tmp_path, monkeypatch):
    rests, all_jobs = [], jobs.ImportJobs("postgresql://", tmp_path)

    async def rest(longest_s):
        rests.append(longest_s)
        raise asyncio.CancelledError

    monkeypatch.setattr(all_jobs._task, "rest", rest)
    for busy_for in (None, 7.0):
        if busy_for:
            job = jobs.Job(Caller(Audience.STEWARD, "key:abc"), "organizations", Options(), tmp_path, ())
            job.due_at = time.monotonic() + busy_for
            all_jobs.add(job)
        with pytest.raises(asyncio.CancelledError):
            asyncio.run(all_jobs._serve())
    assert rests == [jobs.LOOK_EVERY_S, pytest.approx(7.0, abs=1)]


def test_a_slow_sender_takes_its_time_and_a_stalled_one_does_not(server):
    rows = b"".join(b"Kanuya,%s\r\n" % (b"x" * 1_000) for _ in range(400))
    parts = (b"name=kind\r\n\r\norganizations", b"name=file; filename=a.csv\r\n\r\nnom,plus\n" + rows)
    body = b"".join(b"--b\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--b--\r\n"
    head = (
        f"POST /imports HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {server.key}\r\ncontent-length: {len(body)}\r\n"
        "content-type: multipart/form-data; boundary=b\r\n\r\n"
    ).encode()
    host, _, port = server.base.removeprefix("http://").partition(":")
    with closing(socket.create_connection((host, int(port)), 30)) as slow:
        slow.sendall(head)
        for start in range(0, len(body), len(body) // 12):
            slow.sendall(body[start : start + len(body) // 12])
            time.sleep(1)
        answer = slow.recv(65_536)
    assert b" 202 " in answer.split(b"\r\n")[0]
    job = json.loads(answer.partition(b"\r\n\r\n")[2])
    server.jobs.append(job["href"])
    assert server.wait(job)["report"]["rows"]["folded"] == 399
    server.ask("DELETE", job["href"])
    with closing(socket.create_connection((host, int(port)), 30)) as stalled:
        stalled.sendall(head + body[:5_000])
        began = time.monotonic()
        assert stalled.recv(65_536) == b""
        assert time.monotonic() - began < 25
    for _ in range(50):
        if server.left() == []:
            break
        time.sleep(0.1)
    assert server.left() == []


def test_more_than_fifty_megabytes_are_refused(server):
    answer = server.ask(
        "POST", "/imports", data={"kind": "organizations"}, files={"file": ("a.csv", b"nom\n" * 12_600_000)}
    )
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"].startswith("file: the files are larger than 50,000,000 bytes")
    assert server.left() == []


def test_areas_by_http(server):
    job = server.send(cercles(), kind="areas", name="../../cercles.geojson", scheme="COD-AB", edition="1").json()
    assert job["files"] == ["cercles.geojson"]
    assert server.wait(job)["report"]["rows"]["new"] == 4
    server.ask("DELETE", job["href"])


@pytest.mark.parametrize(
    "name",
    ["..", "/", "a/../..", "\\\\x\\", "\0", ".htaccess", "é.csv", "x" * 300, "表" * 100 + ".csv", "\u202egpj.exe"],
)
def test_names_of_files_lead_nowhere_else(name, tmp_path):
    path = (tmp_path / received.safe_name(name)).resolve()
    assert path.parent == Path(tmp_path).resolve()
    assert len(path.name.encode()) <= 100
    assert path.suffix == (".csv" if name.endswith(".csv") else path.suffix)
