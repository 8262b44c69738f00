"""Several processes that answer requests on one address, and the one that starts them, watches them, and ends them.

The processes share the listening socket: whichever is free takes the next connection. On SIGHUP they are renewed one by
one, each when its successor already answers, so no request finds nobody.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.supervisors.multiprocess import Multiprocess

from api.http import logs
from api.settings import Settings
from geo.errors import SetupError
from geo.processes import collector
from geo.processes.worker_pool import end_with_the_server

if TYPE_CHECKING:
    import socket

    from starlette.applications import Starlette

SWITCH_S = 0.001
"""While a thread compiles, the event loop gets its turn within one millisecond instead of five."""
START_S = 60.0
"""How long a process may take to start, and to answer the one that watches it: loading all modules takes 2 s alone."""
POLL_S = 0.05


@dataclass(frozen=True)
class Application:
    """Makes the application in a process of its own; what is pickled is the settings and the address."""

    settings: Settings
    url: str

    def __call__(self) -> Starlette:
        """Make it, as uvicorn asks for it when the process starts."""
        from api.app import create_app  # noqa: PLC0415

        end_with_the_server()
        logs.configure()
        made = create_app(self.settings, self.url)
        settle()
        return made


def settle() -> None:
    """Set this process up for answering, once all is loaded."""
    collector.start()
    sys.setswitchinterval(SWITCH_S)


class Workers(Multiprocess):
    """Starts the processes, says when all of them answer, and starts another for one that ends.

    Parameters
    ----------
    config
        Whose ``app`` is an :class:`Application`, with the number of ``workers``.
    listener
        The socket that all share.
    ready
        Called once all processes answer.

    """

    def __init__(self, config: uvicorn.Config, listener: socket.socket, ready: Callable[[], None]) -> None:
        super().__init__(config, [listener])
        self._ready = ready

    def init_processes(self) -> None:
        """Start the processes and wait until all answer, or until we are told to end.

        Raises
        ------
        SetupError
            If one does not start; the others are ended.

        """
        super().init_processes()
        latest = time.monotonic() + START_S
        for each in self.processes:
            while not each.is_ready(timeout=1) and not self.should_exit.is_set():
                self.handle_signals()
                if each.exitcode is not None or time.monotonic() > latest:
                    self.terminate_all()
                    self.join_all()
                    raise SetupError("A process that answers requests did not start; the log says why.")
                time.sleep(POLL_S)
        if not self.should_exit.is_set():
            self._ready()
