"""Statistics in the OpenMetrics text format, for Prometheus and compatible programs.

OpenMetrics 1.0, written by prometheus_client.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest as generate_text
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from gateway.memoize import CacheFigures
from gateway.net.metrics.families import FAMILIES
from gateway.net.metrics.service_figures import ServiceCollector, ServiceFigures
from gateway.store.queries.statistics import Statistics

CONTENT_TYPE = CONTENT_TYPE_LATEST


class StatisticsCollector(Collector):
    """Collector of the FAMILIES with the statistics of one moment."""

    def __init__(self, figures: Statistics) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client."""
        return (family.build_metric(self._figures) for family in FAMILIES)


class CacheCollector(Collector):
    """Collector of the statistics of the caches of one process."""

    def __init__(self, caches: Sequence[CacheFigures]) -> None:
        self._caches = caches

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client."""
        entries = GaugeMetricFamily("gateway_cache_entries", "Entries in each cache.", labels=("cache",))
        requests = CounterMetricFamily(
            "gateway_cache_requests",
            "Cache lookups, by result.",
            labels=("cache", "result"),
        )
        for cache in self._caches:
            entries.add_metric((cache.name,), cache.entries)
            requests.add_metric((cache.name, "hit"), cache.hits)
            requests.add_metric((cache.name, "miss"), cache.misses)
        yield from (entries, requests)


def format_openmetrics(
    figures: Statistics, caches: Sequence[CacheFigures] = (), service: ServiceFigures | None = None
) -> str:
    """Return the whole exposition; `caches` and `service` come from the running service, if available."""
    text: bytes = generate_latest(_register(figures, caches, service))  # type: ignore[no-untyped-call]  # typed only in part
    return text.decode("utf-8")


def format_prometheus(figures: Statistics, service: ServiceFigures | None = None) -> str:
    """Return the same in the older text format, for the node_exporter textfile collector."""
    return generate_text(_register(figures, (), service)).decode("utf-8")


def _register(
    figures: Statistics, caches: Sequence[CacheFigures], service: ServiceFigures | None
) -> CollectorRegistry:
    registry = CollectorRegistry()  # not the global one, which adds metrics of the process and of Python
    registry.register(StatisticsCollector(figures))
    if caches:
        registry.register(CacheCollector(caches))
    if service is not None:
        registry.register(ServiceCollector(service))
    return registry
