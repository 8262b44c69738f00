"""What an operator acts on is looked at beside requests: for ``/readyz``, ``/metrics`` and the log."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import structlog
from starlette.concurrency import run_in_threadpool

from api.errors import log_internal
from geo.database.health import Health, Part, look
from geo.processes.beside import beside

EVERY_S = 15.0
"""How old what is told may be. A look takes some milliseconds of the database."""
AGAIN_S = 3_600.0
"""How long what is wrong with a part stays out of the log once it was written."""

log = structlog.get_logger("lakana")


class Watch:
    """Looks, keeps what was found last, and logs what is wrong."""

    def __init__(self, owner_url: str, data_dir: Path, certificate: Path | None) -> None:
        self._where = owner_url, data_dir, certificate
        self._told: dict[Part, float] = {}
        self.found = Health()

    def running(self) -> AbstractAsyncContextManager[None]:
        """Look from time to time while the context is open."""
        return beside(self._always, log_internal)

    async def _always(self) -> None:
        while True:
            self.found = await run_in_threadpool(look, *self._where)
            self._tell(asyncio.get_running_loop().time())
            await asyncio.sleep(EVERY_S)

    def _tell(self, now_s: float) -> None:
        """Write what is wrong, of each part once an hour, and anew where it had been mended meanwhile."""
        parts = {each.part for each in self.found.troubles}
        self._told = {part: at_s for part, at_s in self._told.items() if part in parts and now_s - at_s < AGAIN_S}
        for each in self.found.troubles:
            if each.part not in self._told:
                self._told[each.part] = now_s
                log.warning("trouble", part=each.part.value, sentence=each.sentence)
