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
    """`domain` is the one checked; `identity` is `mailfrom`, or `helo` for a null reverse-path.

    `relay` is the authserv-id of the relay that checked; empty when we did. `wide` is a pass that every
    client of the Internet would get; it is looked for only where nothing stronger passed. `through` are the
    other domains whose records or hosts the pass rests on (`include:`, `redirect=`, `a:`, `mx:`), and where
    CNAMEs and exchanges led from them; `hosts_known` is False where nobody can tell which they are: a relay
    says pass, and not for which client.
    """

    result: Result
    domain: str
    identity: str = "mailfrom"
    reason: str = ""
    relay: str = ""
    wide: bool = False
    through: tuple[str, ...] = ()
    hosts_known: bool = True


@dataclass(frozen=True, slots=True)
class Dkim:
    """One signature. `domain` is its `d=`, `reason` says why it is not a pass, in plain English.

    `weak` is an RSA key under 2048 bits (RFC 8301 section 3.2), which counts but deserves a word.
    Of a pass, `signed` are the names in `h=` in lower case, and `content` the SHA-256 (hexadecimal) over the
    domain, the signed fields and the body hash: the same for every copy of what was signed. Of others,
    `claimed` is what `content` would be of a copy that passes: DNS may give a key later, and what broke it on
    the way to us need not stand in every copy.
    """

    result: Result
    domain: str
    selector: str
    algorithm: str = ""
    key_bits: int = 0
    reason: str = ""
    weak: bool = False
    signed: tuple[str, ...] = ()
    content: str = ""
    claimed: str = ""


@dataclass(frozen=True, slots=True)
class Dmarc:
    """`domain` is where the policy record was found, `policy` the one that applies to the author domain."""

    result: Result
    domain: str = ""
    policy: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Arc:
    """What a trusted sealer says it saw (RFC 8617); PASS only for a whole chain that it sealed last.

    `spf_domain` and `dkim_domains` passed where it stood; `dmarc` is its result for `dmarc_domain`,
    empty when it gives none.
    """

    result: Result
    sealer: str = ""
    spf_domain: str = ""
    dkim_domains: tuple[str, ...] = ()
    dmarc: str = ""
    dmarc_domain: str = ""
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


class Evidence(StrEnum):
    """The best proof found, strongest first."""

    DMARC = "dmarc"
    DKIM = "dkim"
    SPF = "spf"
    ARC = "arc"
    NONE = "none"


class ProofGrade(StrEnum):
    """What a proven mail may do.

    DECISION: the very domain of the author or, by DKIM, a name above it in its organisation unit vouches. It
    may decide, undo, stop and confirm. APPLICATION: proven as the RFCs have it, by another name of the
    unit under relaxed DMARC, by the SPF of a name above, or by a sealer; it may apply and ask.
    """

    DECISION = "decision"
    APPLICATION = "application"
    NONE = "none"


class AnswerStatus(StrEnum):
    """How DNS answered; TEMPFAIL is no answer, OVERSIZED one that is larger than any that mail needs, LOOPED
    an alias that leads back to itself."""

    RECORDS = "records"
    NOTHING = "nothing"
    NXDOMAIN = "nxdomain"
    TEMPFAIL = "tempfail"
    OVERSIZED = "oversized"
    LOOPED = "looped"


@dataclass(frozen=True, slots=True)
class QueryLogEntry:
    """One DNS answer as it was when the mail was checked, cut to a bounded length. `aliases` are the names
    that CNAMEs led to, in order."""

    name: str
    rtype: str
    records: tuple[str, ...]
    status: AnswerStatus
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who wrote the mail, as far as DNS and signatures can tell; `reason` explains it in one sentence.

    `arc` is None where no proof by ARC was looked for; `answers` is what DNS said, in the order asked.
    `proof` is what the mail may do, `prover` the domain that vouches. `foreign_aliases` are names out of its
    unit that CNAMEs led its SPF or MX to: whoever holds such a name now can write for the prover.
    """

    author_domain: str
    outcome: Outcome
    grade: Evidence
    reason: str
    spf: Spf
    dkim: tuple[Dkim, ...]
    dmarc: Dmarc
    mx: MxState
    arc: Arc | None = None
    answers: tuple[QueryLogEntry, ...] = ()
    proof: ProofGrade = ProofGrade.NONE
    prover: str = ""
    foreign_aliases: tuple[str, ...] = ()

    @property
    def is_by_other_name(self) -> bool:
        """Whether a name below or beside the author's domain vouches, as only relaxed DMARC permits."""
        author = self.author_domain
        return self.prover not in {"", author} and not author.endswith("." + self.prover)
