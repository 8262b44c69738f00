"""A process of its own that reads a file which may be made to do harm: it takes so much memory and time and no more.

It is a module of this package that prints lines of JSON: a list is an answer or a batch of items, ``null`` the end, an
object with a reason what goes wrong.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from seeds.readers.bounds import WORKER_MEMORY, WORKER_S
from seeds.troubles import FileTrouble, Refused


class Worker:
    """The process that has a file open; a context manager that ends it.

    Parameters
    ----------
    module
        What it runs.
    path
        The file.
    broken
        The trouble where it cannot go on; its sentence names a reason.
    arguments
        Further arguments of the module.

    """

    def __init__(self, module: str, path: Path, broken: FileTrouble, *arguments: str) -> None:
        self._broken = broken
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, str(path.resolve()), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def answer(self) -> Any:
        """Return the next thing that it says.

        Raises
        ------
        Refused
            If it cannot go on.

        """
        assert self._process.stdout is not None  # noqa: S101
        line = self._process.stdout.readline()
        if not line:
            raise Refused(self._broken, reason="it takes too much memory or time, or is damaged")
        said = json.loads(line)
        if isinstance(said, dict):
            if "needs" in said:
                raise Refused(FileTrouble.NEEDS_LIBRARIES, extra=said["needs"])
            raise Refused(FileTrouble.LOCKED if said.get("locked") else self._broken, reason=said["reason"])
        return said

    def items(self) -> Iterator[Any]:
        """Yield what comes in batches, one by one."""
        while (said := self.answer()) is not None:
            yield from said


def bound() -> None:
    """Let this process take so much memory and time and no more."""
    resource.setrlimit(resource.RLIMIT_AS, (WORKER_MEMORY, WORKER_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (WORKER_S, WORKER_S))


def say(said: Any) -> None:
    """Print a line of JSON."""
    sys.stdout.write(json.dumps(said, ensure_ascii=True) + "\n")
