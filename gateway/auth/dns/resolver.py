"""The one way to ask DNS: three outcomes only, records, nothing, or TempFail.

The protocol lives here; `gateway.net.dns` speaks it to the network, tests and the demo to a zone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

# Why an answer can never be used.
TOO_MUCH = "DNS gives more than mail needs"
ALIAS_LOOP = "DNS gives an alias that leads back to itself"


class TempFail(Exception):  # noqa: N818 - the word of the RFCs
    """DNS gave no usable answer now (time-out, SERVFAIL, broken reply): unknown, not absent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What DNS says for one name and type.

    `records` are in presentation form without the trailing dot: TXT of the kinds that mail reads as its
    joined strings (bytes decoded as latin-1, so nothing is lost), MX as `"10 mx.example.jp"`, A and
    AAAA as addresses, PTR as a name. Empty records mean *nothing*; `exists` is False for NXDOMAIN.
    `authenticated` repeats the AD bit of a trusted validating resolver. `aliases` are the names that CNAMEs
    led to, in order. `oversized` is an answer larger than any that mail needs, `looped` an alias that leads
    nowhere but back: permanent errors, no record of theirs is given. `wire_bytes` is what came.
    """

    records: tuple[str, ...] = ()
    exists: bool = True
    authenticated: bool = False
    aliases: tuple[str, ...] = ()
    oversized: bool = False
    looped: bool = False
    wire_bytes: int = field(default=0, compare=False)

    @property
    def fault(self) -> str:
        """Why the answer can never be used, for the reason of a permanent error; empty when it can."""
        if self.looped:
            return ALIAS_LOOP
        return TOO_MUCH if self.oversized else ""


class Resolver(Protocol):
    """Look-ups with a deadline of their own. Raises TempFail, and nothing else."""

    async def resolve(self, name: str, rtype: str) -> Answer:
        """Records of `rtype` (A, AAAA, MX, PTR, TXT) at `name`; a name that no DNS can hold is nothing."""
        ...

    def has_cached(self, questions: Iterable[tuple[str, str]]) -> bool:
        """Whether all these (name, rtype) would be answered at once: side by side they are no faster."""
        ...
