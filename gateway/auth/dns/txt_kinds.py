"""The kinds of TXT records that mail authentication uses.

A domain can have dozens of site verification records besides its SPF record; they are dropped before
counting.
"""

from __future__ import annotations

import re

# SPF: RFC 7208 section 4.5. DMARC: RFC 9989 section 4.7. Keys: RFC 6376 section 3.6.1, v= may be absent.
_VERSION = re.compile(r"(?i:v=spf1)(?: |$)|v[ \t]*=[ \t]*DMARC1|\s*v\s*=\s*DKIM1", re.ASCII)
_KEY_TAGS = frozenset({"k", "p"})


def is_for_mail(record: str) -> bool:
    """Return whether a TXT record is SPF, DMARC or a DKIM key (v=DKIM1, or a list with a k= or p= tag)."""
    if _VERSION.match(record) is not None:
        return True
    tags = (part.partition("=") for part in record.split(";"))
    return any(equals and name.strip() in _KEY_TAGS for name, equals, _ in tags)
