"""The terms on which a mail is checked: whose word counts, how much of it is read, how long it may take."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.auth.relay import Relay
from gateway.mail.message import DEFAULT_CAPS, Caps


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose word counts for proof: relays of our own side, and ARC sealers. Nobody's, unless configured."""

    relay: Relay | None = None
    sealers: frozenset[str] = frozenset()


NOBODY = Trust()


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of one mail is looked at, and for how long."""

    caps: Caps = DEFAULT_CAPS
    checks_s: float = 20.0


DEFAULT_BOUNDS = Bounds()
