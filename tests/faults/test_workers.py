"""Several processes on one address: renewed and killed under load, and what they do once, whichever of them does it."""

from __future__ import annotations

import os
import signal
import threading

import httpx
import pytest

from geo import audit
from geo.database.owner import owner_transaction
from tests.benchmarks.statements import NEAREST
from tests.faults.broken import children_of, until
from tests.faults.crowd import crowd, post
from tests.faults.sizes import FULL
from tests.served import served

pytestmark = [pytest.mark.database, pytest.mark.slow]

SECONDS = 30 if FULL else 15
ASK = [post(NEAREST, {"lon": -5.0, "lat": 12.0})]


def answering(process) -> set[int]:
    """Return the processes that answer: children that spawn has started, without its tracker of resources."""
    return {each for each in children_of(process.pid) if b"spawn_main" in command_of(each)}


def command_of(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:  # noqa: PTH123
            return file.read()
    except OSError:
        return b""


def test_no_request_is_refused_while_the_processes_are_renewed(seeded_url, figure):
    with served(seeded_url, LAKANA_WORKERS="2") as (base, process):
        before = answering(process)
        assert len(before) == 2
        threading.Timer(1, process.send_signal, [signal.SIGHUP]).start()
        seen = crowd(base, ASK, seconds=SECONDS, clients=4)
        until(lambda: not answering(process) & before and len(answering(process)) == 2, 30)
        assert httpx.get(f"{base}/readyz").status_code == 200
        process.terminate()
        assert process.wait(30) == 0
    many = len(seen.answers_ms[200])
    figure(
        "SIGHUP under 4 clients, both processes renewed: requests cut or refused",
        f"{seen.unanswered + seen.refused} of {many:,}",
        "0",
    )
    assert many > 1_000
    assert set(seen.answers_ms) == {200}
    assert (seen.unanswered, seen.refused) == (0, 0)


def test_a_killed_process_is_replaced_and_the_others_go_on(seeded_url):
    with served(seeded_url, LAKANA_WORKERS="2") as (base, process):
        before = answering(process)
        os.kill(min(before), signal.SIGKILL)
        assert all(httpx.get(f"{base}/livez").status_code == 200 for _ in range(20))
        until(lambda: len(answering(process)) == 2 and answering(process) != before, 30)


def test_the_processes_end_with_the_one_that_started_them(seeded_url):
    with served(seeded_url, LAKANA_WORKERS="2") as (_base, process):
        children = answering(process)
        process.kill()
        until(lambda: not any(command_of(each) for each in children), 5)


def test_each_process_admits_its_part_of_a_budget(seeded_url):
    with served(seeded_url, LAKANA_WORKERS="2", LAKANA_COST_PER_MINUTE='{"public": 5000}') as (base, _):
        asked = httpx.post(f"{base}/graphql", json={"query": "{ sources { name } }"})
    assert asked.headers["ratelimit-policy"] == '"public";q=2500;w=60'


def test_what_two_processes_note_outside_at_the_same_time_is_noted_once(seeded_url, tmp_path):
    with owner_transaction(seeded_url) as connection, audit.bulk(connection, "two at once", n=1):
        pass
    both = [threading.Thread(target=audit.anchor, args=(seeded_url, tmp_path)) for _ in range(8)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(audit.anchors(tmp_path)) == 1


def test_every_process_learns_of_a_write_at_once(seeded_url):
    """The entity tag of an answer stands for the state of the data, and each process asks the database for it."""

    def tags(base):
        asked = (httpx.get(f"{base}/graphql", params={"query": "{ sources { name } }"}) for _ in range(12))
        return {each.headers["etag"] for each in asked}

    with served(seeded_url, LAKANA_WORKERS="2") as (base, _):
        [before] = tags(base)
        with owner_transaction(seeded_url) as connection:
            connection.exec_driver_sql("UPDATE lakana.source SET name = name || ' (renamed)'")
        [after] = tags(base)
        with owner_transaction(seeded_url) as connection:
            connection.exec_driver_sql("UPDATE lakana.source SET name = replace(name, ' (renamed)', '')")
    assert after != before
