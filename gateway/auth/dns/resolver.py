"""The only interface to DNS, with three outcomes: records, nothing, or TempFail.

The protocol is defined here. `gateway.net.dns` implements it over the network; tests and the demo query a
zone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

# Reasons why an answer is unusable.
TOO_MUCH = "the DNS answer contains more records than mail needs"
ALIAS_LOOP = "DNS returned a CNAME loop"


class TempFail(Exception):  # noqa: N818 - the word of the RFCs
    """DNS gave no usable answer now (time-out, SERVFAIL, broken reply): unknown, not absent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A DNS answer for one name and type.

    - `records` are in presentation form without the trailing dot: TXT (only the kinds that mail uses) as
      joined strings (octets decoded as latin-1, so nothing is lost), MX as `"10 mx.example.jp"`, A and AAAA
      as addresses, PTR as a name. Empty records mean *nothing*; `exists` is False for NXDOMAIN.
    - `authenticated` is the AD bit of a trusted validating resolver.
    - `aliases` are the targets of CNAMEs, in order.
    - `oversized` is an answer larger than mail ever needs, `looped` a CNAME loop. Both are permanent errors
      without records.
    - `wire_bytes` is the size received.
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
        """The reason why the answer is unusable, for a permanent error; empty if it is usable."""
        if self.looped:
            return ALIAS_LOOP
        return TOO_MUCH if self.oversized else ""


class Resolver(Protocol):
    """A resolver whose queries have their own deadline. Raises nothing but TempFail."""

    async def resolve(self, name: str, rtype: str) -> Answer:
        """Return the records of type A, AAAA, MX, PTR or TXT at `name`; an invalid DNS name gives nothing."""
        ...

    def has_cached(self, questions: Iterable[tuple[str, str]]) -> bool:
        """Return whether all these (name, rtype) are cached, so that concurrency gains nothing."""
        ...
