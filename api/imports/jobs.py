"""Jobs that import what stewards have sent: one at a time, beside requests, in turns between those who ask.

A job reads its files and says what would be loaded. Its steward then corrects and tries again, has it loaded, or ends
it. The files stay on the disk of the server that took them until then, for half an hour at most; a server that stops
takes them along, and one that starts removes what a dead one left.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from api.errors import WENT_WRONG, log_internal
from api.imports.elsewhere import LOOK_EVERY_S as WISHES_EVERY_S
from api.imports.elsewhere import STATE, Elsewhere, heard, looked_at, wish_of, write
from api.imports.options import options_of
from api.imports.work import imported, loaded
from geo.audience import Caller
from geo.errors import BadInput, LakanaError, Unavailable
from geo.processes.beside import beside
from geo.processes.long_task import LongTask, News
from seeds.loading.options import Options

LIMIT_S = 3_600
"""How long an import may take: 300,000 localities take some minutes."""
KEPT_S = 1_800
"""How long the files of a job wait for the next word of their steward, and a report is kept."""
LOOK_EVERY_S = 30.0
SHOWN = 200
"""Problems that are told; the reports have all."""
NO_ROOM = "The server has no room for files now; try again."
GONE = (
    "The process that worked on it was ended, and nothing is loaded; send the files again, in parts if they are large."
)
MOST_EACH, MOST = 3, 20
"""Jobs of one holder, and of all."""
AGAIN_S, LONGEST_S, MOST_TRIES = 5.0, 240.0, 10
"""A job that meets a busy moment (another import, a database that is gone) is tried again: after 5 s, each time after
twice as long, 4 minutes at most, ten times in 21 minutes. It keeps its files and lets the others go first."""


class Status(Enum):
    """How far a job is."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    TRIED = "TRIED"
    """It said what would be loaded, or why nothing would; nothing is loaded."""
    LOADED = "LOADED"
    FAILED = "FAILED"


ENDED = frozenset({Status.LOADED, Status.FAILED})


@dataclass(eq=False)
class Job:
    """Files that a steward has sent, and what became of them."""

    caller: Caller
    kind: str
    options: Options
    folder: Path
    files: tuple[Path, ...]
    beside: Mapping[str, Path] = field(default_factory=dict)
    """Files that go with them, by the option that they are."""
    status: Status = Status.QUEUED
    progress: float = 0.0
    answer: dict[str, Any] = field(default_factory=dict)
    """What :func:`api.imports.work.imported` returned last; a ``failure`` where it did not."""
    waits_for: str | None = None
    """What it met when it was tried last, if that passes."""
    tries: int = 0
    due_at: float = 0.0
    """When it may be tried again."""
    touched_at: float = field(default_factory=time.monotonic)
    is_wanted: bool = True

    @property
    def id(self) -> str:
        """Its id, the name of its folder; also the id of the import, so that one can ask whether it was committed."""
        return self.folder.name

    def told(self) -> dict[str, Any]:
        """Return what its steward is told of it."""
        report = dict(self.answer.get("report", {}))
        if report:
            report["problems"] = report["problems"][:SHOWN]
        return {
            "id": self.id,
            "href": f"/imports/{self.id}",
            "kind": self.kind,
            "status": self.status.value,
            "progress": self.progress,
            "waitingFor": self.waits_for,
            "files": [each.name for each in self.files],
            "recognised": self.answer.get("recognised") or (report["files"][0] if report else None),
            "report": report or None,
            "problem": self.answer.get("problem"),
            "failure": self.answer.get("failure"),
            "importId": self.answer.get("import_id"),
        }

    def touch(self) -> None:
        """Note that its steward has asked for it."""
        self.touched_at = time.monotonic()

    def wait(self, what: str) -> None:
        """Wait for something to pass, for longer each time."""
        self.status, self.progress, self.waits_for = Status.QUEUED, 0.0, what
        self.due_at = time.monotonic() + min(AGAIN_S * 2**self.tries, LONGEST_S)
        self.tries += 1

    def drop_files(self) -> None:
        """Remove what was sent; the reports stay."""
        for path in (*self.files, *self.beside.values()):
            shutil.rmtree(path.parent, ignore_errors=True)

    def drop(self) -> None:
        """Remove all that there is of it."""
        self.is_wanted = False
        with suppress(OSError):  # first, so that no process still finds it while the rest goes
            (self.folder / STATE).unlink()
        shutil.rmtree(self.folder, ignore_errors=True)


class ImportJobs:
    """The jobs of this server.

    Parameters
    ----------
    owner_url
        The owner's address.
    data_dir
        The data folder, in which the uploads have a folder of their own.
    processes
        How many processes share what may be under way; each looks after its own jobs and tells the others of them.
    settle
        Is waited for before it is told that a job has loaded its files.

    """

    def __init__(
        self,
        owner_url: str,
        data_dir: Path,
        processes: int = 1,
        settle: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._settle = settle
        self._is_alone = processes == 1
        self._most_each, self._most = (max(1, each // processes) for each in (MOST_EACH, MOST))
        self._url = owner_url
        self._uploads = data_dir / "uploads"
        self._own: Path | None = None
        self._lock: TextIO | None = None
        self._task = LongTask()
        self._jobs: dict[str, Job] = {}
        self._receiving: set[str] = set()
        self._began: dict[str, float] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run jobs while the context is open; afterwards nothing of them is left."""
        await asyncio.to_thread(self._tidy)
        try:
            async with beside(self._serve, log_internal):
                yield
        finally:
            for job in self._jobs.values():
                job.is_wanted = False
            if self._own is not None:
                await asyncio.to_thread(partial(shutil.rmtree, self._own, ignore_errors=True))
            if self._lock is not None:
                self._lock.close()

    @asynccontextmanager
    async def receiving(self, caller: Caller) -> AsyncIterator[Path]:
        """Give an empty folder for the files of a new job; one upload at a time for each holder.

        The folder is removed unless :meth:`add` took it.

        Raises
        ------
        Unavailable
            If this holder, or all together, have as many jobs as may be, or the disk takes no files.

        """
        self._sweep()
        own = [each for each in self._jobs.values() if each.caller.turn == caller.turn]
        full = len(self._jobs) + len(self._receiving) >= self._most
        if caller.turn in self._receiving or len(own) >= self._most_each or full:
            raise Unavailable(
                f"You have an upload under way, or {self._most_each} imports that wait; end one first.", 30
            )
        self._receiving.add(caller.turn)
        folder: Path | None = None
        try:
            folder = await asyncio.to_thread(self._new_folder)
            yield folder
        except OSError as error:
            log_internal(error)
            raise Unavailable(NO_ROOM, 60) from None
        finally:
            self._receiving.discard(caller.turn)
            if folder is not None and all(job.folder != folder for job in self._jobs.values()):
                await asyncio.to_thread(partial(shutil.rmtree, folder, ignore_errors=True))

    def add(self, job: Job) -> None:
        """Queue a job."""
        self._jobs[job.id] = job
        self._tell(job)
        self._task.wake()

    def find(self, job_id: str, caller: Caller) -> Job | Elsewhere | None:
        """Return a job of this caller, of this process or another one, or None."""
        if not self._is_alone:
            self._hear()
        job = self._jobs.get(job_id)
        if job is None:
            return None if self._is_alone else Elsewhere.find(self._uploads, job_id, caller)
        if job.caller.turn != caller.turn:
            return None
        job.touch()
        return job

    def again(self, job: Job | Elsewhere, options: bytes | None, *, load: bool) -> None:
        """Have a job that was tried work once more, with other options if some are given.

        Raises
        ------
        BadInput
            If it works or waits, or is over.

        """
        new = None if options is None else options_of(options, job.beside)
        if isinstance(job, Elsewhere):
            job.again(options, load=load)
            return
        if job.status is not Status.TRIED:
            raise BadInput("id", f"the import is {job.status.value} already.")
        job.options = replace(new or job.options, dry_run=not load)
        job.status, job.progress, job.tries = Status.QUEUED, 0.0, 0
        self._tell(job)
        self._task.wake()

    def end(self, job: Job | Elsewhere) -> None:
        """End a job, whatever it does, and remove what there is of it."""
        if isinstance(job, Elsewhere):
            job.end()
            return
        self._jobs.pop(job.id, None)
        job.drop()

    def _tell(self, job: Job) -> None:
        """Tell the other processes how far a job is."""
        if not self._is_alone:
            beside = {name: str(path) for name, path in job.beside.items()}
            write(job.folder / STATE, {"turn": job.caller.turn, "beside": beside, "told": job.told()})

    def _hear(self) -> None:
        """Do what other processes were asked about our jobs."""
        for job in list(self._jobs.values()):
            wish = wish_of(job.folder)
            if wish is None:
                continue
            if wish.get("end"):
                self.end(job)
            elif job.status is Status.TRIED:
                options = wish["options"]
                self.again(job, None if options is None else options.encode(), load=wish["load"])
            heard(job.folder)

    async def _serve(self) -> None:
        longest_s = LOOK_EVERY_S if self._is_alone else WISHES_EVERY_S
        while True:
            self._hear()
            if not await self._serve_one():
                waiting = (
                    each.due_at - time.monotonic() for each in self._jobs.values() if each.status is Status.QUEUED
                )
                await self._task.rest(max(0.0, min((longest_s, *waiting))))

    async def _serve_one(self) -> bool:
        """Run the next job: of the holder whose last one began longest ago; return whether there was one."""
        self._sweep()
        now = time.monotonic()
        waiting = [each for each in self._jobs.values() if each.status is Status.QUEUED and each.due_at <= now]
        if not waiting:
            return False
        job = min(waiting, key=lambda each: self._began.get(each.caller.turn, 0.0))
        self._began[job.caller.turn] = now
        job.status, job.waits_for = Status.RUNNING, None
        self._tell(job)
        try:
            answer = await self._work(job)
        except Unavailable:
            answer = {"failure": GONE}
        except LakanaError as error:
            answer = {"failure": str(error)}
        except Exception as error:  # noqa: BLE001  this job alone is lost
            log_internal(error)
            answer = {"failure": WENT_WRONG}
        if self._settle is not None:
            await self._settle()
        job.touch()
        unsure = answer and not answer.keys().isdisjoint({"failure", "busy"})
        if unsure and await asyncio.to_thread(loaded, self._url, job.id):
            answer = {"import_id": job.id}  # whoever did it ended between its commit and its word
        busy = answer and answer.get("busy")
        if busy and job.tries < MOST_TRIES:
            job.wait(busy)
        elif answer is not None:
            answer = {"failure": busy} if busy else answer
            job.answer, job.progress = answer, 1.0
            is_loaded = answer.get("import_id") is not None
            job.status = Status.LOADED if is_loaded else Status.FAILED if "failure" in answer else Status.TRIED
            if job.status in ENDED:
                await asyncio.to_thread(job.drop_files)
        self._tell(job)
        return True

    async def _work(self, job: Job) -> dict[str, Any] | None:
        async def hears(news: News) -> bool:
            job.progress = news.progress
            self._tell(job)
            self._hear()
            return job.is_wanted

        holder = (job.caller.holder, job.caller.person or "")
        given = (self._url, holder, job.kind, job.files, job.options, job.folder, job.id)
        answer: dict[str, Any] | None = await self._task.run(imported, *given, heard=hears, timeout_s=LIMIT_S)
        return answer

    def _sweep(self) -> None:
        """Forget jobs of which nobody has asked for long."""
        oldest = time.monotonic() - KEPT_S
        for job in list(self._jobs.values()):
            asked = time.time() - looked_at(job.folder) < KEPT_S
            if job.touched_at < oldest and not asked and job.status not in {Status.QUEUED, Status.RUNNING}:
                self.end(job)

    def _new_folder(self) -> Path:
        """Make a folder for a job, in one of this server that shows by its lock that the server is there."""
        if self._own is None:
            own = self._uploads / f"{os.getpid()}-{uuid.uuid4()}"
            own.mkdir(mode=0o700, parents=True)
            self._lock = (own / "lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._own = own
        folder = self._own / str(uuid.uuid4())
        folder.mkdir(mode=0o700)
        return folder

    def _tidy(self) -> None:
        """Remove what servers left that are gone; a server whose disk is full starts all the same."""
        with suppress(OSError):
            for left in self._uploads.iterdir():
                with suppress(OSError), (left / "lock").open("w") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(left, ignore_errors=True)


def tried(options: Options) -> Options:
    """Return options that load nothing."""
    return replace(options, dry_run=True)
