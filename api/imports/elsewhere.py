"""Imports that another process of this server works on: any process tells of them, and passes on what is asked.

A request comes to whichever process is free. So the one that has a job writes how far it is into the job's folder, and
takes from there what others were asked: to look again, to load, or to end it. The folders are this server's alone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from geo.audience import Caller
from geo.errors import BadInput

ID = re.compile(r"[0-9a-f-]{36}")
STATE, WISH = "state.json", "wish.json"
LOOK_EVERY_S = 1.0
"""How often a process looks for what others were asked."""


def write(path: Path, what: Mapping[str, Any]) -> None:
    """Write a file wholly or not at all; a full disk, or a folder that is gone, is passed over."""
    with suppress(OSError):
        new = path.with_suffix(".new")
        new.write_bytes(orjson.dumps(what))
        new.replace(path)


def wish_of(folder: Path) -> dict[str, Any] | None:
    """Return what another process was asked about the job of a folder; ``None`` if nothing was."""
    return _read(folder / WISH)


def heard(folder: Path) -> None:
    """Take the wish away, once the state shows what came of it: until then every process tells of the wish."""
    with suppress(OSError):
        (folder / WISH).unlink()


def looked_at(folder: Path) -> float:
    """Return when another process was last asked for the job of a folder, in seconds of the epoch."""
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0


@dataclass(frozen=True)
class Elsewhere:
    """A job of another process: its folder, what it told last, and the files that go with it by the option they are."""

    folder: Path
    body: dict[str, Any]
    beside: Mapping[str, Path]

    @classmethod
    def find(cls, uploads: Path, job_id: str, caller: Caller) -> Elsewhere | None:
        """Return a caller's job by its id; ``None`` where there is none, or it is to be ended."""
        folder = _folder(uploads, job_id)
        # The wish first: it goes only after the state has changed.
        wish = wish_of(folder) if folder else None
        if folder is None or (wish or {}).get("end"):
            return None
        state = _read(folder / STATE)
        if state is None or state["turn"] != caller.turn:
            return None
        if wish is not None:
            state["told"].update(status="QUEUED", progress=0.0)
        with suppress(OSError):
            os.utime(folder)
        return cls(folder, state["told"], {name: Path(path) for name, path in state["beside"].items()})

    def told(self) -> dict[str, Any]:
        """Return what is told of it."""
        return self.body

    def again(self, options: bytes | None, *, load: bool) -> None:
        """Have it tried again or loaded, with other options if some are given.

        Raises
        ------
        BadInput
            If it works or waits, or is over.

        """
        if self.body["status"] != "TRIED" or (self.folder / WISH).exists():
            raise BadInput("id", f"the import is {self.body['status']} already.")
        write(self.folder / WISH, {"load": load, "options": None if options is None else options.decode()})
        self.body.update(status="QUEUED", progress=0.0)

    def end(self) -> None:
        """Have it ended."""
        write(self.folder / WISH, {"end": True})


def _folder(uploads: Path, job_id: str) -> Path | None:
    """Return the folder of a job; others may come and go meanwhile."""
    if not ID.fullmatch(job_id):
        return None
    try:
        return next((each / job_id for each in uploads.iterdir() if (each / job_id).is_dir()), None)
    except OSError:
        return None


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return found
