"""The mailboxes of the desk, and the meaning of a forward-path.

Besides `postmaster@` and `abuse@`, they are `request@`, `decide+TOKEN@`, `practice+TOKEN@`, `case+TOKEN@`,
`bounce+TOKEN@` and `probe+TOKEN@`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from gateway.mail.address import Address


class Purpose(IntEnum):
    """The purpose of a message; if there are several forward-paths, the highest value counts."""

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
    """A purpose and its token in lower case; the token is empty for a purpose without one."""

    purpose: Purpose
    token: str = ""


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """The mailboxes of the desk: all addresses are under `domain`, applications go to `request`."""

    domain: str
    request: str = "request"

    def route(self, address: Address) -> Route | None:
        """Return the route of a forward-path; None if there is no such mailbox."""
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
        """Return the forward-path for `purpose`."""
        if purpose is Purpose.REQUEST:
            return Address(self.request, self.domain)
        if purpose is Purpose.POSTMASTER:
            return Address("postmaster", self.domain)
        return Address(f"{purpose.name.lower()}+{token}", self.domain)
