"""Limits and counters of the resources that one client, and all clients together, use of the listener.

Numbers without a source are our own choice; see RFC 5321 section 4.5.3 for the minimums.
"""

from __future__ import annotations

import ipaddress
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal

# A message being handled is in memory as received, split into header and body, and on its way to the disk:
# 24 messages of 10 MB at once took 505 MB.
HANDLED_TIMES = 3
# A front holds as many copies; the record adds a part of it, its header and at most a megabyte.
FRONT_TIMES = 4
# A process with full caches: 40 MB at its start, 59 MB after 1,600 mails from hostile zones.
PROCESS_BYTES = 80_000_000
# Up to this number of cores, one front is as fast as two with ten connections, and faster with few.
ONE_FRONT_CORES = 3


def count_fronts(wanted: Literal["auto"] | int) -> int:
    """Return the number of fronts for a setting; 0 means everything in one process.

    Two fronts are faster from four cores on, which leave room for the writer and other load.
    """
    if wanted != "auto":
        return wanted
    return 1 if len(os.sched_getaffinity(0)) <= ONE_FRONT_CORES else 2


def count_handled_times(fronts: int) -> int:
    """Return how many copies of a message being handled are in memory, in all processes together."""
    return FRONT_TIMES if fronts else HANDLED_TIMES


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits of the listener; the unit is in the name, names without a unit are counts."""

    message_bytes: int = 10_240_000
    line_bytes: int = 10_000  # without CRLF. RFC 5322 section 2.1.1 asks receivers to accept more than 998
    recipients: int = 100  # RFC 5321 section 4.5.3.1.8: at least 100
    command_bytes: int = 512  # RFC 5321 section 4.5.3.1.4, with CRLF
    path_command_bytes: int = 1024  # MAIL and RCPT: an overlong address gets a reply that names the error
    connections: int = 200
    connections_per_address: int = 50
    in_flight_bytes: int = 256_000_000
    handled_times: int = HANDLED_TIMES
    unknown_commands: int = 5
    errors: int = 10
    junk_commands: int = 20
    command_s: float = 60.0
    data_s: float = 60.0
    data_bytes_per_s: int = 500
    handler_s: float = 60.0
    handshake_s: float = 60.0
    session_s: float = 900.0
    mails_per_client_per_hour: int = 2_000  # 0: no limit
    lingering_close_s: float = 2.0
    sweep_s: float = 1.0
    report_s: float = 10.0

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if not (value > 0 or (value == 0 and each.name in _MAY_BE_OFF)):
                raise ValueError(f"the limit {each.name} must be positive")

    @property
    def free_disk_bytes(self) -> int:
        """Free disk space required to accept a mail: the mail itself, and half as much for the journal."""
        return self.message_bytes * 3 // 2


_MAY_BE_OFF = frozenset({"mails_per_client_per_hour"})
DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Traffic:
    """Traffic counts of the service.

    `sessions` are open now; `connections` and `turned_away` count since the start, `refusals` by SMTP code
    where known. `processes` is the number of front processes (0: this process), `processes_up` those that
    are ready.
    """

    sessions: int
    connections: int
    turned_away: int
    refusals: Mapping[str, int]
    processes: int
    processes_up: int


@dataclass(slots=True)
class ResourceUsage:
    """Current usage: sessions in total and per client, octets of unfinished messages, the disk.

    `elsewhere` is the number of sessions that another process last reported. `connections` and `turned_away`
    count since the start.
    """

    limits: Limits
    sessions: int = 0
    per_client: Counter[str] = field(default_factory=Counter)
    held_bytes: int = 0
    rejected_connections: int = 0
    disk_is_full: bool = False
    elsewhere: int = 0
    connections: int = 0
    turned_away: int = 0

    def acquire(self, client: str, *, shared: bool = False) -> bool:
        """Count a session of `client`; return False, without counting, if there are too many.

        `shared` marks a relay with many clients behind it, for which only the total limit applies.
        """
        if self.sessions >= self.limits.connections or not (shared or self._has_slot(client)):
            self.rejected_connections += 1
            self.turned_away += 1
            return False
        self.sessions += 1
        self.connections += 1
        self.per_client[client] += 1
        return True

    def reassign(self, old: str, new: str, *, shared: bool) -> bool:
        """Count a session for another client; return False, without a change, if that client has too many."""
        if old != new and not (shared or self._has_slot(new)):
            self.rejected_connections += 1
            self.turned_away += 1
            return False
        self._release_slot(old)
        self.per_client[new] += 1
        return True

    def count_traffic(self, refusals: Mapping[str, int], processes: int = 0, up: int = 0) -> Traffic:
        """Return the counts so far, together with the given ones."""
        return Traffic(self.sessions, self.connections, self.turned_away, refusals, processes, up)

    @property
    def stress_reduction_s(self) -> float:
        """How much shorter command timeouts are: five sixths if at least four fifths of the places are taken.

        Idle clients then make room for clients that have mail to send.
        """
        is_crowded = (self.sessions + self.elsewhere) * 5 >= self.limits.connections * 4
        return self.limits.command_s * 5 / 6 if is_crowded else 0.0

    def release(self, client: str) -> None:
        """Stop counting a session of `client`."""
        self.sessions -= 1
        self._release_slot(client)

    def has_room(self, wanted_bytes: int) -> bool:
        """Return whether `wanted_bytes` more of incoming or handled messages fit within the limit."""
        return self.held_bytes + wanted_bytes <= self.limits.in_flight_bytes

    def _has_slot(self, client: str) -> bool:
        return self.per_client[client] < self.limits.connections_per_address

    def _release_slot(self, client: str) -> None:
        self.per_client[client] -= 1
        if not self.per_client[client]:
            del self.per_client[client]


def client_ip(peername: object) -> str:
    """Return the peer's address without zone, IPv4-mapped IPv6 as IPv4; empty if it has none."""
    if not (isinstance(peername, tuple) and peername):
        return ""
    host = str(peername[0]).partition("%")[0]
    if ":" not in host:
        return host
    address = ipaddress.IPv6Address(host)
    return str(address.ipv4_mapped or address)


def client_key(ip: str) -> str:
    """Return the key for counting connections: the IPv4 address, or the IPv6 /64, typically one host."""
    if ":" not in ip:
        return ip
    return str(ipaddress.IPv6Network((ip, 64), strict=False))
