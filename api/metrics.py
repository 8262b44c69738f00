"""The figures of ``/metrics``."""

from __future__ import annotations

import re
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

QUIET = {"/livez", "/readyz", "/metrics"}
"""Routes of probes: not logged, not admitted and not charged."""

LOST_LINES = Counter("lakana_log_lines_lost", "Lines of the log that could not be written.", registry=None)
"""The log is the process's, whichever application writes to it."""

MALFORMED = Counter("lakana_http_malformed", "Requests that were no HTTP.", registry=None)
"""Counted by each connection of the process."""


class Metrics:
    """The figures, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._known: dict[tuple[str, int], tuple[Callable[[], None], Callable[[float], None]]] = {}
        self.registry.register(LOST_LINES)
        self.registry.register(MALFORMED)
        self.requests = Counter(
            "lakana_http_requests", "Requests answered.", ["route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "lakana_http_request_seconds",
            "Seconds from request to response.",
            ["route"],
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
            registry=self.registry,
        )
        self.graphql_errors = Counter(
            "lakana_graphql_errors", "Errors told to clients.", ["code"], registry=self.registry
        )

    def count(self, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        known = self._known.get((route, status))
        if known is None:  # looking a child up by its labels takes longer than counting
            known = self._known[route, status] = (
                self.requests.labels(route, status).inc,
                self.seconds.labels(route).observe,
            )
        increase, observe = known
        increase()
        observe(seconds)

    def text(self) -> bytes:
        """Return the figures as Prometheus reads them, sums of seconds to a tenth.

        To the nanosecond, they would tell whoever may read them how long each single request took.
        """
        return _SUM.sub(lambda line: b"%s %.1f" % (line[1], float(line[2])), generate_latest(self.registry))


_SUM = re.compile(rb"^(\w+_seconds_sum(?:\{[^\n]*\})?) (\S+)$", re.MULTILINE)
