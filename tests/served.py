"""A server of its own process, as people start it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

UNBOUNDED = '{"public": 1000000000}'
MAIN = "from api.cli.main import main; main()"
LAKANA = [sys.executable, "-c", MAIN]
UNGUESSED = "import geo.release.check; geo.release.check.scores = lambda *given, **more: []"
"""Makes first releases skip the attackers that only guess, as tests.conftest does."""
UNSEEDED = "import seeds.seeding; seeds.seeding.is_empty = lambda url: False"
"""Leaves an empty database empty, where a test needs no rows."""


@contextmanager
def served(
    database_url: str, before: str = "pass", log: str = os.devnull, **environment: str
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Return the address and the process of ``lakana serve`` on a free port; it is stopped at the end.

    Its public budget is out of the way, since one address asks for everything, and a first release takes half a second
    and not half a minute. Code that runs ``before`` takes a protection away, to see that it is needed; its log goes to
    the file ``log``.
    """
    with (
        open(log, "wb") as kept,  # noqa: PTH123  a device as well as a file
        tempfile.TemporaryDirectory() as data_dir,  # one database's hidden shelters are not the next one's
        subprocess.Popen(
            [sys.executable, "-c", f"{UNGUESSED}; {before}; {MAIN}", "serve", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=kept,
            text=True,
            env={
                **os.environ,
                "LAKANA_DATA_DIR": data_dir,
                "LAKANA_DATABASE_URL": database_url,
                "LAKANA_COST_PER_MINUTE": UNBOUNDED,
                **environment,
            },
        ) as process,
    ):
        assert process.stdout
        try:
            yield _address(process.stdout), process
        finally:  # otherwise a failing test would wait for the server forever
            process.terminate()
            process.stdout.read()


def _address(words: IO[str]) -> str:
    said = "".join(words.readline() for _ in range(6))
    assert said.startswith("Lakana "), said
    addresses: set[str] = set(re.findall(r"http://127\.0\.0\.1:\d+", said))
    return addresses.pop()
