"""Structured logs: one JSON object a line, with the request's id and without its arguments."""

from __future__ import annotations

import asyncio
import atexit
import json
import logging
import sys
import threading
from collections.abc import Callable, Hashable
from contextvars import Context
from typing import Any, TextIO, cast

import orjson
import structlog

from api.metrics import LOST_LINES
from geo.texts import shown

TOGETHER_S, TOGETHER_CHARACTERS = 0.05, 32_768
"""How long a line may wait for others, and how much of them."""


class Lines:
    """Where the log goes: a line that cannot be written, as on a full disk, is lost and counted, and nothing is raised.

    Otherwise whoever logs would fail: a request after its answer, or a task of the server for good.

    Lines of the event loop are written together, a moment later: writing each by itself took a tenth of a request's
    processor time. Those of other threads are written at once, with all that wait.

    Parameters
    ----------
    stream
        What is written to.

    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._waiting: list[str] = []
        self._waiting_characters = 0
        self._at_work = threading.Lock()
        atexit.register(self.write_out)

    def write(self, line: str) -> None:
        """Write a line soon, or at once where no event loop runs."""
        with self._at_work:
            self._waiting.append(line)
            self._waiting_characters += len(line)
            first, many = len(self._waiting) == 1, self._waiting_characters > TOGETHER_CHARACTERS
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.write_out()
            return
        if many:
            self.write_out()
        elif first:
            loop.call_later(TOGETHER_S, self.write_out, context=Context())

    def write_out(self) -> None:
        """Write all lines that wait."""
        with self._at_work:
            lines, self._waiting, self._waiting_characters = self._waiting, [], 0
            if not lines:
                return
            try:
                self._stream.write("".join(lines))
                self._stream.flush()
            except (OSError, ValueError):  # no room, nobody who reads; closed
                LOST_LINES.inc(sum(each.count("\n") for each in lines))

    def flush(self) -> None:
        """Do nothing: lines are written together."""


class Sparing:
    """Lets one line a second of each kind into the log, and has it say how many more there were.

    What is refused costs its sender little or nothing, so many lines of it would fill a disk: one address wrote 9.6 MB
    in 40 s. Kinds must be few: they are our own words and numbers, not the client's.

    Parameters
    ----------
    tell
        Writes the line about those that were left out, of a kind and so many.
    every_s
        The length of the second, for tests.

    """

    def __init__(self, tell: Callable[[Any, int], None], every_s: float = 1.0) -> None:
        self._tell = tell
        self._every_s = every_s
        self._more: dict[Hashable, int] = {}

    def lets(self, kind: Hashable) -> bool:
        """Return whether a line of this kind is to be written; otherwise count it."""
        if kind in self._more:
            self._more[kind] += 1
            return False
        self._begin(kind)
        return True

    def _begin(self, kind: Hashable) -> None:
        self._more[kind] = 0
        # Not in the context of a request: the line would have its id.
        asyncio.get_running_loop().call_later(self._every_s, self._end, kind, context=Context())

    def _end(self, kind: Hashable) -> None:
        more = self._more.pop(kind)
        if more:
            self._begin(kind)
            self._tell(kind, more)


class SparingFilter(logging.Filter):
    """Lets one warning a second of each text of a logger through, as of what is no HTTP at all."""

    def __init__(self, logger: logging.Logger) -> None:
        super().__init__()
        self._logger = logger
        self._sparing = Sparing(self._tell)
        self._telling = False

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is to be written; errors always are."""
        if self._telling or record.levelno > logging.WARNING:
            return True
        try:
            return self._sparing.lets(record.msg)
        except RuntimeError:  # no loop is running
            return True

    def _tell(self, kind: str, more: int) -> None:
        self._telling = True
        try:
            self._logger.warning(MORE, kind, more)
        finally:
            self._telling = False


MORE = "%s %d more within a second."


def _dumps(event: object, **_: object) -> str:
    try:
        return orjson.dumps(event, default=str).decode()
    except TypeError:  # a lone surrogate, as in a file name, is not valid UTF-8
        return json.dumps(event, default=str)


def _shown(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Remove control sequences of a terminal from texts; JSON escapes them."""
    return {name: shown(value) if isinstance(value, str) else value for name, value in event.items()}


def configure() -> None:
    """Send structlog and the standard library's loggers to stderr as JSON lines, coloured text on a terminal."""
    lines = Lines(sys.stderr)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer(_dumps)
    if sys.stderr.isatty():
        shared.append(_shown)
        renderer = structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", lines)),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(lines)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    server = logging.getLogger("uvicorn.error")
    server.filters = [SparingFilter(server)]
