"""The figures of a desk, for the commands and for the page of a running gateway."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from gateway.admission import business_days
from gateway.net.metrics.endpoint import MetricsPage
from gateway.net.metrics.openmetrics import openmetrics
from gateway.settings import Settings
from gateway.store.queries.statistics import Figures, FiguresReader


def figures_of(database: Path, now: datetime) -> Figures:
    """Asked anew. Raises NoDatabaseError, SchemaError or sqlite3.Error."""
    reader = FiguresReader(database)
    try:
        return reader.figures(now, business_days.tokyo_date(now))
    finally:
        reader.close()


def metrics_page(config: Settings, now: Callable[[], datetime]) -> MetricsPage | None:
    """The page, if the settings want one."""
    if not config.watch.metrics_port:
        return None
    database = Path(config.store.path)
    return MetricsPage(config.watch.metrics_port, lambda: openmetrics(figures_of(database, now())))
