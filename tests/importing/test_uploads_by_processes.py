"""Imports where several processes answer: whichever is asked tells of them, and passes on what is asked."""

from __future__ import annotations

import time

import pytest

from tests.importing.test_uploads import PEPPER, ROWS, Server, a_key
from tests.served import UNSEEDED, served

pytestmark = [pytest.mark.database, pytest.mark.slow]

TIMES = 12
"""Each request opens a connection of its own, which any process may take."""


def test_a_job_is_one_job_whichever_process_is_asked(copy_migrated, tmp_path):
    url = copy_migrated()
    own = {"LAKANA_KEY_PEPPER": PEPPER, "LAKANA_DATA_DIR": str(tmp_path), "LAKANA_WORKERS": "3"}
    with served(url, UNSEEDED, **own) as (base, _):
        server = Server(base, url, tmp_path)
        other = a_key(url, "STEWARD", "oumou")
        for _ in range(3):  # so that one at least is asked of a process that does not have it
            sent = server.send(ROWS.replace("danse", "bailleur"), source="Liste", licence="CC0", asOf="2024-01-31")
            href = sent.json()["href"]
            tried = server.wait(sent.json())
            assert tried["status"] == "TRIED"
            assert {server.ask("GET", href).text for _ in range(TIMES)} == {server.ask("GET", href).text}
            assert {server.ask("GET", href, other).status_code for _ in range(TIMES)} == {404}
            assert {server.ask("GET", f"{href}/report.fr.html").status_code for _ in range(TIMES)} == {200}
            assert server.ask("POST", href, json={"load": True}).status_code == 202
            assert server.wait(sent.json())["status"] == "LOADED"
            assert server.ask("DELETE", href).status_code == 204
            assert {server.ask("GET", href).status_code for _ in range(TIMES)} == {404}
        time.sleep(2)
        assert server.left() == []
