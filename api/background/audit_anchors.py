"""What is kept of the audit log outside the database: written at startup, daily, and when a site is hidden."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from api.errors import log_internal
from geo import audit
from geo.processes.beside import beside

EVERY_S = 86_400
AFTER_FAILURE_S = 60


def anchoring(owner_url: str, data_dir: Path, due: asyncio.Event) -> AbstractAsyncContextManager[None]:
    """Anchor the log regularly while the context is open, and at once when ``due`` is set."""
    return beside(_anchor(owner_url, data_dir, due))


async def _anchor(owner_url: str, data_dir: Path, due: asyncio.Event) -> None:
    while True:
        wait_s = EVERY_S
        due.clear()
        try:
            await run_in_threadpool(audit.note_hidden, owner_url, data_dir)
            await run_in_threadpool(audit.anchor, owner_url, data_dir)
        except Exception as error:  # noqa: BLE001  if the database is away, wait and try again
            log_internal(error)
            wait_s = AFTER_FAILURE_S
        with suppress(TimeoutError):
            await asyncio.wait_for(due.wait(), wait_s)
