"""Results of the checks in the RFCs' own words, and the verdict drawn from them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """Result names of RFC 7208 section 2.6, RFC 6376 section 3.9 and RFC 8601 section 2.7."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - a result, no secret
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True)
class Spf:
    """`domain` is the one checked; `identity` is `mailfrom`, or `helo` for a null reverse-path."""

    result: Result
    domain: str
    identity: str = "mailfrom"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Dkim:
    """One signature. `domain` is its `d=`, `reason` says why it is not a pass, in plain English."""

    result: Result
    domain: str
    selector: str
    algorithm: str = ""
    key_bits: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Dmarc:
    """`domain` is where the policy record was found, `policy` the one that applies to the author domain."""

    result: Result
    domain: str = ""
    policy: str = ""
    reason: str = ""


class MxState(StrEnum):
    """Whether a domain can receive mail (RFC 5321 section 5.1, RFC 7505)."""

    MX = "mx"
    NULL_MX = "null_mx"
    IMPLICIT = "implicit"
    NONE = "none"
    NXDOMAIN = "nxdomain"
    TEMP = "temp"


class Outcome(StrEnum):
    """What the checks mean for the mail as a whole."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    UNREACHABLE = "unreachable"
    TEMPERROR = "temperror"


class Grade(StrEnum):
    """The best proof found, strongest first."""

    DMARC = "dmarc"
    DKIM = "dkim"
    SPF = "spf"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who wrote the mail, as far as DNS and signatures can tell; `reason` explains it in one sentence."""

    author_domain: str
    outcome: Outcome
    grade: Grade
    reason: str
    spf: Spf
    dkim: tuple[Dkim, ...]
    dmarc: Dmarc
    mx: MxState
