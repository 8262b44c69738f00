"""What is kept of the audit log outside the database.

It is written at startup, daily, and when a site is hidden or a record withdrawn.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, suppress
from functools import partial
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from api.errors import log_internal
from geo import audit
from geo.processes.beside import beside

EVERY_S = 86_400


def anchoring(owner_url: str, data_dir: Path, due: asyncio.Event) -> AbstractAsyncContextManager[None]:
    """Anchor the log regularly while the context is open, and at once when ``due`` is set."""
    return beside(partial(_anchor, owner_url, data_dir, due), log_internal)


async def _anchor(owner_url: str, data_dir: Path, due: asyncio.Event) -> None:
    while True:
        due.clear()
        await run_in_threadpool(audit.note_hidden, owner_url, data_dir)
        await run_in_threadpool(audit.note_withdrawn, owner_url, data_dir)
        await run_in_threadpool(audit.anchor, owner_url, data_dir)
        with suppress(TimeoutError):
            await asyncio.wait_for(due.wait(), EVERY_S)
