"""The figures of a desk, for the commands and for the page of a running gateway."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from gateway.admission import business_days
from gateway.net.metrics.endpoint import MetricsEndpoint
from gateway.net.metrics.openmetrics import format_openmetrics
from gateway.settings import Settings
from gateway.store.queries.statistics import Statistics, StatisticsReader


def load_statistics(database: Path, now: datetime) -> Statistics:
    """Asked anew. Raises NoDatabaseError, SchemaError or sqlite3.Error."""
    reader = StatisticsReader(database)
    try:
        return reader.read_statistics(now, business_days.tokyo_date(now))
    finally:
        reader.close()


def build_metrics_page(config: Settings, now: Callable[[], datetime]) -> MetricsEndpoint | None:
    """The page, if the settings want one."""
    if not config.watch.metrics_port:
        return None
    database = Path(config.store.path)
    return MetricsEndpoint(
        config.watch.metrics_port, lambda: format_openmetrics(load_statistics(database, now()))
    )
