"""The terms on which a mail is checked: whose word counts, how much of it is read, how long it may take."""

from __future__ import annotations

from collections.abc import Callable
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
    """How much of one mail is looked at, for how long, and how many mails an organisation may send.

    `paced` counts one more proven mail of an organisation unit (its domain), and is False for one too many.
    """

    caps: Caps = DEFAULT_CAPS
    checks_s: float = 20.0
    paced: Callable[[str], bool] = lambda _: True


UNPACED = Bounds()
