"""What was written about confidential shelters is published soon after midnight (UTC), by the first server to look."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.concurrency import run_in_threadpool

from api.errors import log_internal
from geo.errors import LakanaError
from geo.writes.midnight import tell_places

LOOK_EVERY_S = 600.0


@asynccontextmanager
async def telling(owner_url: str) -> AsyncIterator[None]:
    """Publish what is due at startup, and regularly while the context is open."""
    task = asyncio.create_task(_tell(owner_url))
    try:
        yield
    finally:
        task.cancel()


async def _tell(owner_url: str) -> None:
    while True:
        try:
            await run_in_threadpool(tell_places, owner_url)
        except LakanaError as error:  # if the database is away, wait and try again
            log_internal(error)
        await asyncio.sleep(LOOK_EVERY_S)
