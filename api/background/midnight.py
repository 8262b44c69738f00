"""What was written about confidential shelters is published soon after midnight (UTC), by the first server to look."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from functools import partial

from starlette.concurrency import run_in_threadpool

from api.errors import log_internal
from geo.processes.beside import beside
from geo.writes.midnight import tell_places

LOOK_EVERY_S = 600.0


def telling(owner_url: str) -> AbstractAsyncContextManager[None]:
    """Publish what is due at startup, and regularly while the context is open."""
    return beside(partial(_tell, owner_url), log_internal)


async def _tell(owner_url: str) -> None:
    while True:
        await run_in_threadpool(tell_places, owner_url)
        await asyncio.sleep(LOOK_EVERY_S)
