"""Whether a mailbox, or the name in From, may be the applicant's own, which confirms nothing."""

from __future__ import annotations

import re
from collections import Counter

from gateway.admission.organisations.register import fold_reading
from gateway.mail.address import Address
from gateway.mail.text import fold

_BETWEEN = re.compile(r"[._-]")


def is_own_mailbox(applicant: Address, address: Address) -> bool:
    """Whether an address is the applicant's with whatever tag, or has the same name before the @."""
    return address.person == applicant.person or _bare(address) == _bare(applicant)


def is_own_name(own: str, theirs: str) -> bool:
    """Whether a name is the applicant's: in any order of its parts, in any form of its signs, with whatever
    else beside it."""
    wanted, found = Counter(_name_parts(own)), Counter(_name_parts(theirs))
    return bool(wanted) and wanted <= found


def _bare(address: Address) -> str:
    """What stands before the @, without its tag and what parts its words."""
    return _BETWEEN.sub("", address.local_part.lower().partition("+")[0])


def _name_parts(name: str) -> list[str]:
    """The words of a name in Latin letters, the signs of any other."""
    folded = fold(name)
    return re.findall(r"[a-z]+", folded) if folded.isascii() else [*filter(str.isalnum, fold_reading(name))]
