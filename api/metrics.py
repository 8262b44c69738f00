"""The figures of ``/metrics``."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

QUIET = {"/livez", "/readyz", "/metrics"}
"""Routes of probes: not logged, not admitted and not charged."""

LOST_LINES = Counter("lakana_log_lines_lost", "Lines of the log that could not be written.", registry=None)
"""The log is the process's, whichever application writes to it."""


class Metrics:
    """The figures, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(LOST_LINES)
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
