"""The metrics of the database: names, types, help and samples, from one reading of the statistics.

Label values are our own states, kinds and reasons: no addresses, no case numbers, nothing that came from a
client.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client.metrics_core import Metric

from gateway import __version__
from gateway.admission.authority.brakes import Brake
from gateway.admission.case.model import State
from gateway.store.protocol import FORMER_STATES
from gateway.store.queries.statistics import Statistics

Sample = tuple[str, Mapping[str, str], float]


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: `samples` yields (suffix, labels, value) from the statistics; `unit` ends the name."""

    name: str
    kind: str
    help: str
    samples: Callable[[Statistics], Iterator[Sample]]
    unit: str = ""

    def build_metric(self, figures: Statistics) -> Metric:
        """Build the metric with its samples."""
        metric = Metric(self.name, self.help, self.kind, self.unit)
        for suffix, labels, value in self.samples(figures):
            metric.add_sample(self.name + suffix, dict(labels), value)
        return metric


def _build(figures: Statistics) -> Iterator[Sample]:
    versions = {"version": __version__, "python": platform.python_version(), "sqlite": figures.sqlite}
    yield "_info", versions, 1


def _cases(figures: Statistics) -> Iterator[Sample]:
    for state in State:
        yield "", {"state": state.value}, figures.cases.get(state.value, 0)


def _brakes(figures: Statistics) -> Iterator[Sample]:
    on = {one.brake for one in figures.brakes}
    for brake in Brake:
        yield "", {"brake": brake.value}, brake in on


def _overdue(figures: Statistics) -> Iterator[Sample]:
    yield "", {}, figures.overdue


def _oldest_case(figures: Statistics) -> Iterator[Sample]:
    yield "", {}, (figures.at - figures.oldest.opened_at).total_seconds() if figures.oldest else 0


def _outbox(figures: Statistics) -> Iterator[Sample]:
    for state, waiting in figures.outbox.items():
        yield "", {"state": state}, waiting.letters


def _outbox_age(figures: Statistics) -> Iterator[Sample]:
    for state, waiting in figures.outbox.items():
        yield "", {"state": state}, max(0.0, waiting.oldest_s)
    # The alert rules of 0.1 use this label; 0.3 removes it. It is on the age only: two counts would be added
    # up.
    for former, state in FORMER_STATES.items():
        yield "", {"state": former}, max(0.0, figures.outbox[state].oldest_s)


def _build_counter(
    label: str, of: Callable[[Statistics], Mapping[str, int]]
) -> Callable[[Statistics], Iterator[Sample]]:
    def samples(figures: Statistics) -> Iterator[Sample]:
        for value, n in of(figures).items():
            yield "_total", {label: value}, n

    return samples


# The metric labels of the mail classes at a bounce address.
_BOUNCES = {"dsn": "bounce", "delay": "delay", "vacation": "vacation", "unread_report": "unread"}


def _count_bounces(figures: Statistics) -> Mapping[str, int]:
    return {label: figures.mails.get(kind, 0) for kind, label in _BOUNCES.items()}


def _invitations(figures: Statistics) -> Iterator[Sample]:
    """Yield cumulative buckets: each includes those below it."""
    so_far = 0
    for bound, n in figures.waits:
        so_far += n
        yield "_bucket", {"le": "+Inf" if bound is None else f"{bound:.1f}"}, so_far
    yield "_count", {}, so_far
    yield "_sum", {}, figures.waited_s


def _bytes(figures: Statistics) -> Iterator[Sample]:
    yield "", {}, figures.database_bytes


def _disk(figures: Statistics) -> Iterator[Sample]:
    if figures.disk_free_bytes is not None:
        yield "", {}, figures.disk_free_bytes


def _standbys(figures: Statistics) -> Iterator[Sample]:
    if figures.standbys is not None:
        yield "", {}, figures.standbys


def _unread(figures: Statistics) -> Iterator[Sample]:
    yield "", {}, figures.unread


def _unread_age(figures: Statistics) -> Iterator[Sample]:
    oldest = figures.unread_oldest_at
    yield "", {}, max(0.0, (figures.at - oldest).total_seconds()) if oldest else 0


def _build_timestamp(of: Callable[[Statistics], datetime | None]) -> Callable[[Statistics], Iterator[Sample]]:
    def samples(figures: Statistics) -> Iterator[Sample]:
        found = of(figures)
        if found is not None:
            yield "", {}, found.timestamp()

    return samples


FAMILIES = (
    Family("gateway_build", "info", "Gateway, Python and SQLite versions.", _build),
    Family("gateway_cases", "gauge", "Cases by state.", _cases),
    Family("gateway_brake", "gauge", "Stops and pauses: 1 if in force, otherwise 0.", _brakes),
    Family("gateway_cases_overdue", "gauge", "Open cases past their due date.", _overdue),
    Family(
        "gateway_case_oldest_seconds", "gauge", "Age of the oldest open case.", _oldest_case, unit="seconds"
    ),
    Family("gateway_outbox_letters", "gauge", "Outgoing messages not sent yet, by state.", _outbox),
    Family(
        "gateway_outbox_oldest_seconds",
        "gauge",
        "Time since the oldest outgoing message in each state became due.",
        _outbox_age,
        unit="seconds",
    ),
    Family(
        "gateway_letters",
        "counter",
        "Outgoing messages by final state: sent, refused or recalled.",
        _build_counter("result", lambda f: f.letters),
    ),
    Family(
        "gateway_mails",
        "counter",
        "Messages recorded, by class.",
        _build_counter("kind", lambda f: f.mails),
    ),
    Family(
        "gateway_bounces",
        "counter",
        "Messages received at bounce addresses, by class.",
        _build_counter("kind", _count_bounces),
    ),
    Family(
        "gateway_refusals",
        "counter",
        "Messages rejected because the sender was not authenticated, by reason.",
        _build_counter("reason", lambda f: f.refusals),
    ),
    Family(
        "gateway_replies_unclear",
        "counter",
        "Staff replies that were not understood, by cause.",
        _build_counter("kind", lambda f: f.unclear),
    ),
    Family(
        "gateway_invitation_seconds",
        "histogram",
        "Time from application to invitation.",
        _invitations,
        unit="seconds",
    ),
    Family("gateway_disk_free_bytes", "gauge", "Free space on the database disk.", _disk, unit="bytes"),
    Family(
        "gateway_store_standbys",
        "gauge",
        "Synchronous PostgreSQL standbys, if the database role is allowed to see them.",
        _standbys,
    ),
    Family("gateway_mails_unread", "gauge", "Unhandled messages, as listed by gateway mail list.", _unread),
    Family(
        "gateway_mails_unread_oldest_seconds",
        "gauge",
        "Age of the oldest unhandled message.",
        _unread_age,
        unit="seconds",
    ),
    Family(
        "gateway_database_bytes",
        "gauge",
        "Database size; with SQLite, including the write-ahead log.",
        _bytes,
        unit="bytes",
    ),
    Family(
        "gateway_last_digest_timestamp_seconds",
        "gauge",
        "Time of the last digest.",
        _build_timestamp(lambda f: f.last_digest_at),
        unit="seconds",
    ),
    Family(
        "gateway_last_backup_timestamp_seconds",
        "gauge",
        "Time of the latest backup in the default directory.",
        _build_timestamp(lambda f: f.last_backup_at),
        unit="seconds",
    ),
    Family(
        "gateway_last_probe_timestamp_seconds",
        "gauge",
        "Time of the last accepted application from gateway probe.",
        _build_timestamp(lambda f: f.last_probe_at),
        unit="seconds",
    ),
)
