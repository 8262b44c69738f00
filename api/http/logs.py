"""Structured logs: one JSON object a line, with the request's id and without its arguments."""

from __future__ import annotations

import json
import logging
import sys

import orjson
import structlog

from geo.texts import shown


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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
