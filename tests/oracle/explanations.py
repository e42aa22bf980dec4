"""Every known difference as a rule with a name; `differences.md` says why each is wanted."""

from __future__ import annotations

from gateway.auth.dmarc.organizational_domain import is_same_organisation
from gateway.auth.results import Dkim, Result
from gateway.mail import message
from tests.oracle.generate import Case
from tests.oracle.judges import Ours

# Where we refuse a signature that the other passes: our reason, and the name of the difference.
STRICTER_THAN_MAILAUTH = {
    "l= is longer than the body": "length beyond the body",
    "the message has an unsigned From field": "From added",
    "the key is in testing mode (t=y)": "test key",
}
STRICTER_THAN_DKIMPY = {
    "l= is longer than the body": "length beyond the body",
    "the key is in testing mode (t=y)": "test key",
    "From is not signed": "From unsigned",
    "p= is not base64": "key with junk",
    "the key record does not permit sha256": "hash of the key",
    "i= differs from d= although the key says t=s": "strict key",
}


def dkim_by_mailauth(case: Case, one: Dkim, other: str) -> str:
    """Why this signature is judged differently; empty when nobody knows."""
    if other == "temperror" and one.result in {Result.FAIL, Result.PERMERROR} and not one.key_bits:
        return "refused before the key"
    if other != "pass" and "key twice" in case.traits:
        return "several keys"
    return STRICTER_THAN_MAILAUTH.get(one.reason, "") if other == "pass" else ""


def dkim_by_dkimpy(case: Case, one: Dkim, other: bool) -> str:
    """As above."""
    if other:
        return STRICTER_THAN_DKIMPY.get(one.reason, "")
    if "key twice" in case.traits:
        return "several keys"
    if "two queries" in case.traits:
        return "list of queries"
    if not message.parse(case.raw).body.endswith(b"\r\n"):
        return "body without a line end"
    return ""


def dmarc_by_mailauth(case: Case, mine: Ours, other: str) -> str:
    """As above, for DMARC drawn from the same DKIM results."""
    result = mine.dmarc.result
    if other == "none" and "From added" in case.traits:
        return "two From fields"
    if (result, other) == (Result.PERMERROR, "none"):
        return "record without a policy"
    if result is Result.TEMPERROR and other in {"fail", "none"} and _open(mine):
        return "unknown is not fail"
    if other in {"pass", "temperror"} and result is not Result.PASS and not _passed_in_unit(case, mine):
        return "organisation units"
    return ""


def _open(mine: Ours) -> bool:
    return any(one.result is Result.TEMPERROR for one in (mine.spf, *mine.counted))


def _passed_in_unit(case: Case, mine: Ours) -> bool:
    """Whether anything that passed belongs to the author's organisation unit."""
    return any(
        one.result is Result.PASS
        and (one.domain == case.author or is_same_organisation(one.domain, case.author))
        for one in (mine.spf, *mine.counted)
    )
