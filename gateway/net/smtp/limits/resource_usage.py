"""What one client, and all clients together, may take of the listener: the limits and the counters.

Numbers without a source are the desk's own choice; see RFC 5321 section 4.5.3 for the minima.
"""

from __future__ import annotations

import ipaddress
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal

# A message that is handled lies in memory as it came, split into header and body, and on its way to the disk:
# 24 mails of 10 MB at one time took 505 MB.
HANDLED_TIMES = 3
# In a front it is there as often; what is kept of it, its header and a megabyte at most, is in the record.
FRONT_TIMES = 4
# A process with its caches full: 40 MB at its start, 59 MB after 1,600 mails from hostile zones.
PROCESS_BYTES = 80_000_000
# Up to so many cores, one front is as fast as two with ten connections, and faster with few.
ONE_FRONT_CORES = 3


def count_fronts(wanted: Literal["auto"] | int) -> int:
    """Fronts for a setting; 0: everything in one process. Two win from four cores on, where the writer and
    the load beside them have theirs."""
    if wanted != "auto":
        return wanted
    return 1 if len(os.sched_getaffinity(0)) <= ONE_FRONT_CORES else 2


def count_handled_times(fronts: int) -> int:
    """How often a mail that is handled lies in memory, in all processes together."""
    return FRONT_TIMES if fronts else HANDLED_TIMES


@dataclass(frozen=True, slots=True)
class Limits:
    """Every limit of the listener; the unit is in the name, plain names count things.

    Raises ValueError for a limit that is not positive.
    """

    message_bytes: int = 10_240_000
    line_bytes: int = 10_000  # CRLF not counted. RFC 5322 section 2.1.1 asks receivers to take more than 998
    recipients: int = 100  # RFC 5321 section 4.5.3.1.8: at least 100
    command_bytes: int = 512  # RFC 5321 section 4.5.3.1.4, CRLF counted
    path_command_bytes: int = 1024  # MAIL and RCPT: a long address shall hear what is wrong with it
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
    mails_per_client_per_hour: int = 2_000  # 0: as many as they like
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
        """What must be free on the disk before a mail is let in: the mail, and the journal beside it."""
        return self.message_bytes * 3 // 2


_MAY_BE_OFF = frozenset({"mails_per_client_per_hour"})
DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Traffic:
    """Open sessions; connections taken and turned away since the start, refusals by SMTP code where they are
    known; how many processes take mail (0: this one), and how many of them can."""

    sessions: int
    connections: int
    turned_away: int
    refusals: Mapping[str, int]
    processes: int
    processes_up: int


@dataclass(slots=True)
class ResourceUsage:
    """What is in use now: sessions in all and per client, octets of unfinished messages, the disk.

    `elsewhere` are the sessions that another process counts, as last heard. `connections` and `turned_away`
    count from the start.
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
        """Count a session of `client` in; False, and nothing counted, when there are too many.

        `shared`: a relay, behind which many clients stand; only the limit for all counts.
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
        """Count a session for another client; False, and nothing changed, when that has too many."""
        if old != new and not (shared or self._has_slot(new)):
            self.rejected_connections += 1
            self.turned_away += 1
            return False
        self._release_slot(old)
        self.per_client[new] += 1
        return True

    def count_traffic(self, refusals: Mapping[str, int], processes: int = 0, up: int = 0) -> Traffic:
        """The counts so far, beside those that are kept elsewhere."""
        return Traffic(self.sessions, self.connections, self.turned_away, refusals, processes, up)

    @property
    def stress_reduction_s(self) -> float:
        """How much earlier a command is due: with four fifths of the places taken, in a sixth of its time.

        So that clients who only hold their place make room for those who have mail.
        """
        is_crowded = (self.sessions + self.elsewhere) * 5 >= self.limits.connections * 4
        return self.limits.command_s * 5 / 6 if is_crowded else 0.0

    def release(self, client: str) -> None:
        """Count a session of `client` out."""
        self.sessions -= 1
        self._release_slot(client)

    def has_room(self, wanted_bytes: int) -> bool:
        """Whether `wanted_bytes` more may be held, in messages that come in or are handled."""
        return self.held_bytes + wanted_bytes <= self.limits.in_flight_bytes

    def _has_slot(self, client: str) -> bool:
        return self.per_client[client] < self.limits.connections_per_address

    def _release_slot(self, client: str) -> None:
        self.per_client[client] -= 1
        if not self.per_client[client]:
            del self.per_client[client]


def client_ip(peername: object) -> str:
    """The peer's address as text, without a zone and with IPv4-mapped IPv6 unmapped; empty when it has none.

    RFC 4291 section 2.5.5.2.
    """
    if not (isinstance(peername, tuple) and peername):
        return ""
    host = str(peername[0]).partition("%")[0]
    if ":" not in host:
        return host
    address = ipaddress.IPv6Address(host)
    return str(address.ipv4_mapped or address)


def client_key(ip: str) -> str:
    """What connections are counted by: the IPv4 address, or the IPv6 /64, which one host commands alone."""
    if ":" not in ip:
        return ip
    return str(ipaddress.IPv6Network((ip, 64), strict=False))
