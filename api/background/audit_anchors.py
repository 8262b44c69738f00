"""The head of the audit log, written outside of the database when a server starts and each day while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from api.errors import log_internal
from geo import audit
from geo.errors import LakanaError

EVERY_S = 86_400
AFTER_FAILURE_S = 60


@asynccontextmanager
async def anchoring(owner_url: str, data_dir: Path) -> AsyncIterator[None]:
    """Anchor the log for as long as the context is open."""
    task = asyncio.create_task(_anchor(owner_url, data_dir))
    try:
        yield
    finally:
        task.cancel()


async def _anchor(owner_url: str, data_dir: Path) -> None:
    while True:
        wait_s = EVERY_S
        try:
            await run_in_threadpool(audit.anchor, owner_url, data_dir)
        except (LakanaError, OSError) as error:  # without its database a server waits, and goes on by itself
            log_internal(error)
            wait_s = AFTER_FAILURE_S
        await asyncio.sleep(wait_s)
