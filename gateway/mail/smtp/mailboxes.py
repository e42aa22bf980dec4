"""What a forward-path of the desk means: `request@`, `decide+TOKEN@`, `practice+TOKEN@`,
`case+TOKEN@`, `bounce+TOKEN@`, `probe+TOKEN@`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from gateway.mail.address import Address


class Purpose(IntEnum):
    """Why somebody writes to us; of several forward-paths the highest value counts."""

    POSTMASTER = 1
    PROBE = 2
    REQUEST = 3
    BOUNCE = 4
    CASE = 5
    PRACTICE = 6
    DECIDE = 7


TOKEN_PURPOSES = {
    "decide": Purpose.DECIDE,
    "practice": Purpose.PRACTICE,
    "case": Purpose.CASE,
    "bounce": Purpose.BOUNCE,
    "probe": Purpose.PROBE,
}


@dataclass(frozen=True, slots=True)
class Route:
    """A purpose and, where it takes one, the token in lower case (else empty)."""

    purpose: Purpose
    token: str = ""


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """The mailboxes that the desk serves: everything under `domain`, applications at `request`."""

    domain: str
    request: str = "request"

    def route(self, address: Address) -> Route | None:
        """The route of a forward-path, or None when no such mailbox exists."""
        if address.domain != self.domain:
            return None
        name, _, token = address.local_part.lower().partition("+")
        if token:
            purpose = TOKEN_PURPOSES.get(name)
            return Route(purpose, token) if purpose is not None else None
        # RFC 5321 section 4.5.1: postmaster must be served, in any case. RFC 2142 section 4: abuse should be.
        plain = {
            self.request: Purpose.REQUEST,
            "postmaster": Purpose.POSTMASTER,
            "abuse": Purpose.POSTMASTER,
        }
        found = plain.get(name)
        return Route(found) if found is not None else None

    def address(self, purpose: Purpose, token: str = "") -> Address:
        """The forward-path to write to for `purpose`."""
        if purpose is Purpose.REQUEST:
            return Address(self.request, self.domain)
        if purpose is Purpose.POSTMASTER:
            return Address("postmaster", self.domain)
        return Address(f"{purpose.name.lower()}+{token}", self.domain)
