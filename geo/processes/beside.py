"""Work that runs beside the requests for as long as the server does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

AGAIN_S = 30.0
"""How long work that has ended waits before it is started again: long enough for a database to come back."""

Work = Callable[[], Coroutine[Any, Any, None]]


@asynccontextmanager
async def beside(work: Work, failed: Callable[[BaseException], None]) -> AsyncIterator[None]:
    """Run work while the context is open, and wait for its end when it closes.

    Whatever ends the work before that, it is started again.

    Parameters
    ----------
    work
        Starts the work, which never ends by itself.
    failed
        Is told what ended it.

    """
    task = asyncio.create_task(_always(work, failed))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _always(work: Work, failed: Callable[[BaseException], None]) -> None:
    own = asyncio.current_task()
    while True:
        try:
            await work()
            failed(RuntimeError("it ended by itself"))
        except (Exception, asyncio.CancelledError) as error:
            if own is not None and own.cancelling():  # the context closes; otherwise something that it waited for did
                raise
            failed(error)
        await asyncio.sleep(AGAIN_S)
