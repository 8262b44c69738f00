"""Structured logs: one JSON object a line, with the request's id and without its arguments."""

from __future__ import annotations

import json
import logging
import sys
from typing import TextIO, cast

import orjson
import structlog

from api.metrics import LOST_LINES
from geo.texts import shown


class Lines:
    """Where the log goes: a line that cannot be written, as on a full disk, is lost and counted, and nothing is raised.

    Otherwise whoever logs would fail: a request after its answer, or a task of the server for good.

    Parameters
    ----------
    stream
        What is written to.

    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, line: str) -> None:
        """Write a line at once."""
        try:
            self._stream.write(line)
            self._stream.flush()
        except (OSError, ValueError):  # no room, nobody who reads; closed
            LOST_LINES.inc()

    def flush(self) -> None:
        """Do nothing: each line is written at once."""


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
