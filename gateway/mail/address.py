"""Mail addresses in the form that this desk accepts: ASCII atoms and dots, `@`, a domain of LDH labels.

One strict pattern is used for the envelope (RFC 5321 section 4.1.2) and the header (RFC 5322 section 3.4.1).
Comments, routes, literals and encoded-words are rejected, because each is a known way to show two readers two
different addresses. Dots are accepted in any order, because old Japanese carrier addresses contain `a..b@`
and `a.@`, and their owners may apply. Strict programs quote such a local part; nothing else may be quoted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.memoize import memoize

# Deviates from RFC 5321 section 4.1.2: address literals are rejected, as are quoted local parts that
# contain anything other than atoms and dots. Dots may be in any position, as in old addresses from Japanese
# mobile carriers.

ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# RFC 5321 section 4.5.3.1: local part 64 octets, domain 255 (253 without the root's length octets).
_ADDR_SPEC = re.compile(rf"((?:{ATEXT}|\.){{1,64}})@((?:{LABEL}\.)+{LABEL})", re.ASCII)
_QUOTED = re.compile(rf'"((?:{ATEXT}|\.){{1,64}})"(@.*)', re.ASCII)
_DOMAIN = re.compile(rf"(?:{LABEL}\.)+{LABEL}", re.ASCII)
MAX_DOMAIN = 253


class AddressError(ValueError):
    """Raised if a text is not an address that this desk accepts; the message gives the reason."""


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address: `local_part` as received, `domain` in lower case without a trailing dot."""

    local_part: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local_part}@{self.domain}"

    @property
    def key(self) -> str:
        """The address as a key for comparison: both parts in lower case."""
        return f"{self.local_part.lower()}@{self.domain}"

    @property
    def person(self) -> str:
        """The key without `+tag` (RFC 5233 section 4), to tell people apart.

        Use it for counting, and to exclude people from a decision. The person who acts is identified by
        `key`, because not every system interprets `+` this way.
        """
        return person_key(self.key)

    @property
    def addr_spec(self) -> str:
        """The address as written in a message, quoted if it is not a dot-atom (RFC 5321 section 4.1.2)."""
        local_part = self.local_part if _is_dot_atom(self.local_part) else f'"{self.local_part}"'
        return f"{local_part}@{self.domain}"


def _is_dot_atom(local_part: str) -> bool:
    return not (local_part.startswith(".") or local_part.endswith(".") or ".." in local_part)


def person_key(key: str) -> str:
    """Return the `Address.person` for an address key. A local part that begins with `+` has no tag."""
    local_part, at, domain = key.rpartition("@")
    return f"{local_part.partition('+')[0] or local_part}{at}{domain}"


def parse(text: str) -> Address:
    """Parse an addr-spec such as `taro@city.mihon.lg.jp`.

    Raises AddressError if the text is anything else.
    """
    quoted = _QUOTED.fullmatch(text)
    if quoted is not None and not _is_dot_atom(quoted.group(1)):
        text = "".join(quoted.groups())
    match = _ADDR_SPEC.fullmatch(text)
    if match is None:
        raise AddressError("expected an ASCII address of the form local-part@domain")
    local_part, domain = match.groups()
    if "=?" in local_part:  # all of it is atext, but some readers decode it (RFC 2047 section 5 forbids that)
        raise AddressError("an address must not contain an encoded-word")
    if len(domain) > MAX_DOMAIN:
        raise AddressError(f"the domain is longer than {MAX_DOMAIN} octets")
    return Address(local_part, domain.lower())


def parse_path(text: str) -> Address | None:
    """Parse a reverse-path or forward-path, `<local-part@domain>`; return None for `<>`.

    Raises AddressError, also for source routes, comments and spaces.
    """
    if not (text.startswith("<") and text.endswith(">")):
        raise AddressError("a path must be enclosed in angle brackets")
    inner = text[1:-1]
    if not inner:
        return None
    return parse(inner)


@memoize(maxsize=4096, max_key=MAX_DOMAIN, why="a message contains its domain in many places")
def is_domain(text: str) -> bool:
    """Return whether `text` is a domain name of at least two LDH labels within the length limits."""
    return len(text) <= MAX_DOMAIN and _DOMAIN.fullmatch(text) is not None
