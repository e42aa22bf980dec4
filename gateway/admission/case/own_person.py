"""Detects mailboxes or names that may be the applicant's own, which may not confirm or decide."""

from __future__ import annotations

import re
from collections import Counter

from gateway.admission.case.model import Case, Staff
from gateway.admission.organisations.register import fold_reading
from gateway.auth.dmarc.organizational_domain import is_same_organisation
from gateway.mail.address import Address
from gateway.mail.text import fold
from gateway.patterns import compile_later
from gateway.printing.statement import Statement

_BETWEEN = compile_later(r"[._-]")


def is_own_mailbox(applicant: Address, address: Address) -> bool:
    """Return whether an address is the applicant's, with any tag, or has the same local part."""
    return address.person == applicant.person or _bare(address) == _bare(applicant)


def is_own_name(own: str, theirs: str) -> bool:
    """Return whether a name contains the applicant's: parts in any order, characters in any form."""
    wanted, found = Counter(_name_parts(own)), Counter(_name_parts(theirs))
    return bool(wanted) and wanted <= found


def find_tie(member: Staff, case: Case) -> Statement | None:
    """Return why a member must not decide a case, or None.

    It is, or may be, the member's own application, from another mailbox of theirs. A case of somebody with
    the same name is decided by a colleague.
    """
    own, theirs = member.address, case.applicant
    if theirs.person == own.person:
        return Statement("own_application")
    is_theirs = is_own_mailbox(own, theirs) and is_same_organisation(own.domain, theirs.domain)
    parts = Counter(_name_parts(case.form.name))
    is_namesake = bool(parts) and any(
        Counter(_name_parts(name)) == parts for name in (member.name, *member.names)
    )
    return Statement("same_person") if is_theirs or is_namesake else None


def _bare(address: Address) -> str:
    """Return the local part without its tag and separators."""
    return _BETWEEN.sub("", address.local_part.lower().partition("+")[0])


def _name_parts(name: str) -> list[str]:
    """Return the words of a name in Latin letters, or the characters of any other."""
    folded = fold(name)
    return re.findall(r"[a-z]+", folded) if folded.isascii() else [*filter(str.isalnum, fold_reading(name))]
