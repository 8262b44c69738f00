"""What was written about confidential shelters is published soon after midnight (UTC), by the first server to look."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager

from starlette.concurrency import run_in_threadpool

from api.errors import log_internal
from geo.processes.beside import beside
from geo.writes.midnight import tell_places

LOOK_EVERY_S = 600.0


def telling(owner_url: str) -> AbstractAsyncContextManager[None]:
    """Publish what is due at startup, and regularly while the context is open."""
    return beside(_tell(owner_url))


async def _tell(owner_url: str) -> None:
    while True:
        try:
            await run_in_threadpool(tell_places, owner_url)
        except Exception as error:  # noqa: BLE001  if the database is away, wait and try again
            log_internal(error)
        await asyncio.sleep(LOOK_EVERY_S)
