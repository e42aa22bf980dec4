"""Statistics that only the running service has: connections, rejections, processes, DNS, the doctor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """Counts since the start of the process.

    `replies` counts rejections by SMTP code. `findings` counts the results of the doctor's last run by level,
    at `looked_at` (None: no run yet). The DNS counts are those of this process alone.
    """

    sessions: int
    connections: int
    turned_away: int
    replies: Mapping[str, int]
    workers: int
    workers_ready: int
    dns_questions: int
    dns_failures: int
    findings: Mapping[str, int] = field(default_factory=dict)
    looked_at: datetime | None = None


class ServiceCollector(Collector):
    """Collector of the statistics of one moment."""

    def __init__(self, figures: ServiceFigures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client."""
        yield from self._collect_listener()
        yield from self._collect_rest()

    def _collect_listener(self) -> Iterator[Metric]:
        found = self._figures
        yield GaugeMetricFamily("gateway_sessions", "Open SMTP sessions.", found.sessions)
        yield CounterMetricFamily("gateway_connections", "Accepted connections.", found.connections)
        yield CounterMetricFamily(
            "gateway_turned_away", "Connections rejected because a limit had been reached.", found.turned_away
        )
        replies = CounterMetricFamily(
            "gateway_smtp_refusals", "Rejections by SMTP reply code.", labels=("code",)
        )
        for code, n in sorted(found.replies.items()):
            replies.add_metric((code,), n)
        yield replies

    def _collect_rest(self) -> Iterator[Metric]:
        found = self._figures
        workers = GaugeMetricFamily("gateway_workers", "Worker processes by state.", labels=("state",))
        workers.add_metric(("ready",), found.workers_ready)
        workers.add_metric(("lost",), found.workers - found.workers_ready)
        yield workers
        yield CounterMetricFamily("gateway_dns_questions", "DNS queries.", found.dns_questions)
        yield CounterMetricFamily(
            "gateway_dns_failures", "DNS queries that received no answer.", found.dns_failures
        )
        doctor = GaugeMetricFamily(
            "gateway_doctor_findings", "Findings from the last background check, by level.", labels=("level",)
        )
        for level, n in found.findings.items():
            doctor.add_metric((level,), n)
        yield doctor
        if found.looked_at is not None:
            at = found.looked_at.timestamp()
            yield GaugeMetricFamily(
                "gateway_doctor_timestamp_seconds", "Time of the last background check.", at, unit="seconds"
            )
