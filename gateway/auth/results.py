"""Results of the checks, named as in the RFCs, and the verdict derived from them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """Result names of RFC 7208 section 2.6, RFC 6376 section 3.9 and RFC 8601 section 2.7."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - a result, not a secret
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True)
class Spf:
    """An SPF result for `domain`; `identity` is `mailfrom`, or `helo` for a null reverse-path.

    - `relay` is the authserv-id of the relay that checked; empty if we did.
    - `wide` marks a pass that every client of the Internet would get. It is checked only if nothing stronger
      passed.
    - `through` are the other domains whose records or hosts caused the pass (`include:`, `redirect=`, `a:`,
      `mx:`), and the targets of their CNAMEs and MX.
    - `hosts_known` is False if these are unknown: a relay reports a pass without the client's address.
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
    """The result of one signature; `domain` is its `d=`, `reason` says in plain English why it is not a pass.

    - `weak` is an RSA key under 2048 bits (RFC 8301 section 3.2), which is valid but worth a remark.
    - For a pass, `signed` are the names in `h=` in lower case, and `content` is the SHA-256 (hexadecimal)
      over the domain, the signed fields and the body hash. It is the same for every copy of what was signed.
    - Otherwise `claimed` is the `content` of a copy that would pass: DNS may return a key later, and what
      broke the signature in transit need not be in every copy.
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
    """The DMARC result: `domain` is where the policy record was found, `policy` is the author domain's."""

    result: Result
    domain: str = ""
    policy: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Arc:
    """What a trusted sealer says it saw (RFC 8617); PASS only for a valid chain that it sealed last.

    `spf_domain` and `dkim_domains` passed at the sealer. `dmarc` is its result for `dmarc_domain`; both are
    empty if it gives none.
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
    """The result of all checks for the mail as a whole."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    UNREACHABLE = "unreachable"
    TEMPERROR = "temperror"


class Evidence(StrEnum):
    """The best evidence found, strongest first."""

    DMARC = "dmarc"
    DKIM = "dkim"
    SPF = "spf"
    ARC = "arc"
    NONE = "none"


class ProofGrade(StrEnum):
    """What an authenticated mail is permitted to do.

    - DECISION: the author domain itself vouches, or by DKIM a parent domain in its organisation unit. The
      mail may decide, undo, stop and confirm.
    - APPLICATION: authenticated only as the RFCs require: by another name of the unit under relaxed DMARC, by
      the SPF of a parent domain, or by a sealer. The mail may apply and ask.
    """

    DECISION = "decision"
    APPLICATION = "application"
    NONE = "none"


class AnswerStatus(StrEnum):
    """The kind of a DNS answer.

    TEMPFAIL is no answer, OVERSIZED one larger than mail ever needs, LOOPED a CNAME loop.
    """

    RECORDS = "records"
    NOTHING = "nothing"
    NXDOMAIN = "nxdomain"
    TEMPFAIL = "tempfail"
    OVERSIZED = "oversized"
    LOOPED = "looped"


@dataclass(frozen=True, slots=True)
class QueryLogEntry:
    """A DNS answer as it was when the mail was checked, truncated to a fixed size.

    `aliases` are the targets of CNAMEs, in order.
    """

    name: str
    rtype: str
    records: tuple[str, ...]
    status: AnswerStatus
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who wrote the mail, by DNS and signatures; `reason` explains the outcome in one sentence.

    - `arc` is None if ARC was not checked; `answers` are the DNS answers, in the order asked.
    - `proof` is what the mail may do, `prover` the domain that vouches.
    - `foreign_aliases` are CNAME targets of its SPF or MX outside its unit. Whoever controls such a name now
      can send mail as the prover.
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
        """Whether a name below or beside the author domain vouches, which only relaxed DMARC permits."""
        author = self.author_domain
        return self.prover not in {"", author} and not author.endswith("." + self.prover)
