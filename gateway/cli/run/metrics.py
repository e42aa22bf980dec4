"""`gateway metrics`: the figures for Prometheus, once."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import click

from gateway.cli.shared import loading, options, output

EPILOG = """\b
Examples:
  gateway metrics
  gateway metrics --config /etc/gateway | grep gateway_cases
"""


@click.command(epilog=EPILOG)
@options.config_option
@options.database_option
def metrics(config_path: Path | None, database: Path | None) -> None:
    """Write the figures as OpenMetrics text: no addresses, no case numbers.

    A running gateway serves the same at http://127.0.0.1:PORT/metrics when watch.metrics_port is set. Alert
    rules (gateway.rules.yml) and a Grafana dashboard (gateway.dashboard.json) lie in the folder config.
    """
    from gateway.cli.shared.running import load_figures
    from gateway.net.control.client import NotAnsweredError
    from gateway.net.metrics.openmetrics import format_openmetrics
    from gateway.store.queries.reader import NoDatabaseError
    from gateway.store.sqlite.migrations.schema import SchemaError

    try:
        figures, _ = load_figures(loading.find_database(config_path, database))
    except NotAnsweredError as error:
        loading.fail(str(error), loading.EXIT_UNKNOWN)
    except (NoDatabaseError, SchemaError, sqlite3.Error) as error:
        loading.fail(str(error), loading.EXIT_TEMPORARY)
    output.echo(format_openmetrics(figures), nl=False)
