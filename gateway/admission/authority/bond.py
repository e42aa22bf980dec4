"""The bond between the text of a mail and the letter that it replies to.

An authenticated author is not enough: a signature covers only some fields, and a signed mail can be forwarded
to any mailbox with another Content-Type. Text therefore counts by what the signature covers, or by the host
that the mail came from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.admission.authority.binding import Binding
from gateway.auth.dmarc.organizational_domain import is_domain_or_parent, is_same_organisation
from gateway.printing.statement import Statement

CLOCK_SLACK = timedelta(minutes=5)
OLDEST = timedelta(days=7)
NEWEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bond:
    """The extent to which the text of a mail counts for the letter that it replies to.

    `natural`: words alone count; `coded`: word and code count; `weak` and `weak_code`: words alone, or word
    and code, are backed only by hosts of a provider that others use too, or by unknown hosts. `why` tells the
    author what is missing if words alone do not count.
    """

    natural: bool
    coded: bool
    weak: bool
    weak_code: bool
    why: Statement


_UNSIGNED = Statement("unsigned")
_NO_SIGNATURE = Statement("no_signature")
_UNDATED = Statement("undated")
WEAK_PROOF = Statement("weak_proof")
TOO_LONG = Statement("too_long")


def refuse(why: Statement) -> Bond:
    """Return a bond by which nothing in the mail counts."""
    return Bond(natural=False, coded=False, weak=False, weak_code=False, why=why)


def _find_reservation(binding: Binding) -> Statement | None:
    """Return why words alone do not count although word and code do."""
    if binding.sent_by:
        return Statement("sent_by", by=binding.sent_by)
    return Statement("another_text") if binding.has_another_text else None


def _find_doubt(binding: Binding) -> Statement | None:
    """Return why the author's text is ambiguous; None if it is complete and clear."""
    if binding.doubled:
        return Statement("doubled", field=binding.doubled)
    return TOO_LONG if binding.is_cut else None


def bond(
    binding: Binding,
    handed_over_at: datetime | None,
    *,
    one_part: bool,
    signing_domains: Iterable[str] = (),
    require_dkim: bool = False,
) -> Bond:
    """Return how the mail is bound to a letter delivered at `handed_over_at` (None: delivery in progress).

    `one_part`: its text can be extracted from the body in only one way. `signing_domains` may sign for the
    author in addition to the author's domain and its parents.
    """
    extra = frozenset(signing_domains)
    author = binding.author_domain
    signed = [
        one for one in binding.signatures if one.domain in extra or is_domain_or_parent(one.domain, author)
    ]
    if not binding.proves_decision(extra):
        return refuse(WEAK_PROOF)
    if (doubt := _find_doubt(binding)) is not None:
        return refuse(doubt)
    whole = any(one.mailbox and one.structure and one.date and one.subject for one in signed)
    by_host = binding.own_host and binding.names_mailbox
    if require_dkim and not signed:
        return refuse(_NO_SIGNATURE)
    outside = any(not is_same_organisation(one, author) for one in binding.through)
    shared = by_host and (outside or not binding.hosts_known)
    strong_code = bool(signed) and (one_part or any(one.structure for one in signed))
    coded = by_host or strong_code
    weak, weak_code = shared and not whole, shared and not strong_code
    if not (whole or by_host):
        return Bond(natural=False, coded=coded, weak=weak, weak_code=weak_code, why=_UNSIGNED)
    if (why := _find_reservation(binding)) is not None:
        return Bond(natural=False, coded=coded, weak=weak, weak_code=weak_code, why=why)
    in_time = is_in_time(binding, handed_over_at)
    return Bond(natural=in_time, coded=coded, weak=weak, weak_code=weak_code, why=_UNDATED)


def is_in_time(binding: Binding, handed_over_at: datetime | None) -> bool:
    """Return whether Date is after the letter, at most 7 days before receipt and 1 day after it."""
    date, arrived = binding.date, binding.received_at
    if date is None or arrived is None:
        return False
    earliest = arrived - OLDEST
    if handed_over_at is not None:
        earliest = max(earliest, handed_over_at - CLOCK_SLACK)
    return earliest <= date <= arrived + NEWEST


def is_written_to_mailbox(binding: Binding, handed_over_at: datetime | None) -> bool:
    """Return whether the author recently wrote this mail to the mailbox that received it.

    A `bond` requires more: stronger authentication, and a clear body.
    """
    author = binding.author_domain
    signed = any(
        one.mailbox and one.date and is_same_organisation(one.domain, author) for one in binding.signatures
    )
    by_host = binding.own_host and binding.names_mailbox
    return (signed or by_host) and is_in_time(binding, handed_over_at)
