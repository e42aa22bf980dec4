"""`gateway metrics`: prints the metrics for Prometheus once."""

from __future__ import annotations

from pathlib import Path

import click

from gateway.cli.shared import loading, options, output

EPILOG = """\b
Examples:
  gateway metrics
  gateway metrics --config /etc/gateway | grep gateway_cases
  gateway metrics --format prometheus > /var/lib/prometheus/node-exporter/gateway.prom
"""


@click.command(epilog=EPILOG)
@click.option(
    "--format",
    "form",
    type=click.Choice(["openmetrics", "prometheus"]),
    default="openmetrics",
    show_default=True,
    help="Output format; prometheus is for the node_exporter textfile collector.",
)
@options.config_option
@options.database_option
def metrics(form: str, config_path: Path | None, database: Path | None) -> None:
    """Print metrics for Prometheus.

    The metrics contain no addresses or case numbers.

    A running gateway serves the same metrics at http://127.0.0.1:PORT/metrics if watch.metrics_port is set.
    Alert rules (gateway.rules.yml) and a Grafana dashboard (gateway.dashboard.json) are in the config
    directory.
    """
    from gateway.cli.shared.running import load_figures, load_service_figures
    from gateway.net.control.client import NotAnsweredError
    from gateway.net.metrics.openmetrics import format_openmetrics, format_prometheus

    source = loading.find_source(config_path, database)
    try:
        with loading.using_database(source):
            figures, _ = load_figures(source)
    except NotAnsweredError as error:
        loading.fail(str(error), loading.EXIT_UNKNOWN)
    service = load_service_figures(source.path)
    text = (
        format_openmetrics(figures, (), service)
        if form == "openmetrics"
        else format_prometheus(figures, service)
    )
    output.echo(text, nl=False)
