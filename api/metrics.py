"""The figures of ``/metrics``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from geo import metering
from geo.database.health import Health, Part

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
        self.registry.register(Process())
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


class Process(Collector):
    """What this process's database time, queues and caches are at. Labels are words of the schema and of the code."""

    def collect(self) -> Iterator[Metric]:
        """Return the figures as they are now."""
        seconds = CounterMetricFamily(
            "lakana_database_seconds", "Seconds of the database by the field that they answer.", labels=["field"]
        )
        statements = CounterMetricFamily(
            "lakana_database_statements", "Statements, and writes, by the field that they answer.", labels=["field"]
        )
        for field, many in [*metering.SPENT.statements.items()]:
            seconds.add_metric([field or "none"], metering.SPENT.seconds[field])
            statements.add_metric([field or "none"], many)
        yield from (seconds, statements)
        waiting = GaugeMetricFamily("lakana_queue_waiting", "Requests that wait for a turn.", labels=["queue"])
        for name, queues in _named(metering.QUEUES):
            waiting.add_metric([name], sum(each.waiting for each in queues))
        yield waiting
        hits = CounterMetricFamily("lakana_cache_hits", "Answers that a cache gave.", labels=["cache"])
        made = CounterMetricFamily("lakana_cache_made", "Answers that had to be made for it.", labels=["cache"])
        size = GaugeMetricFamily("lakana_cache_bytes", "What a cache holds.", labels=["cache"])
        for name, caches in _named(metering.CACHES):
            hits.add_metric([name], sum(each.hits for each in caches))
            made.add_metric([name], sum(each.made for each in caches))
            size.add_metric([name], sum(each.size_bytes for each in caches))
        yield from (hits, made, size)


def _named(these: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    """Return queues or caches by name: some are one for each audience."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for each in these:
        found[each.name].append(each)
    return sorted(found.items())


class Operation(Collector):
    """What an operator acts on beside requests, as it was found last; what is not known is left out."""

    def __init__(self, found: Callable[[], Health]) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        """Return the figures. The lag of replicas belongs here, too, by the number of each."""
        found = self._found()
        trouble = GaugeMetricFamily("lakana_trouble", "1 where /readyz says what is wrong.", labels=["part"])
        for part in Part:
            trouble.add_metric([part.value], any(each.part is part for each in found.troubles))
        yield trouble
        jobs = GaugeMetricFamily("lakana_siting_jobs", "Siting jobs by status.", labels=["status"])
        for status, many in found.jobs.items():
            jobs.add_metric([status], many)
        yield jobs
        for name, words, value in (
            ("lakana_release_timestamp_seconds", "When counts were last released.", found.released_s),
            ("lakana_unreleased_quarters", "Quarters over, with returns, never released.", found.unreleased_quarters),
            ("lakana_disk_bytes", "The file system of the data folder.", found.disk_bytes),
            ("lakana_disk_free_bytes", "What is free of it.", found.disk_free_bytes),
            ("lakana_backup_timestamp_seconds", "When the last backup was done.", found.backed_up_s),
            ("lakana_database_bytes", "The size of the database.", found.database_bytes),
            (
                "lakana_certificate_end_timestamp_seconds",
                "When the proxy's one ends.",
                found.certificate_ends_s,
            ),
        ):
            if value is not None:
                yield GaugeMetricFamily(name, words, value=value)


_SUM = re.compile(rb"^(\w+_seconds_(?:sum|total)(?:\{[^\n]*\})?) (\S+)$", re.MULTILINE)
