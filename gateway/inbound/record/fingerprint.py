"""The key that detects a mail received again, from a retrying client or through a second relay.

A stranger could send the Message-ID in advance, and the raw octets change with every Received field. The key
therefore covers the authenticated domain, the author and the parts that no relay changes (RFC 5322 section
3.6).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from gateway.auth.dkim import canonicalization
from gateway.mail.message import Message, unfold

# Written by the author's program and not changed by relays: no trace fields, signatures or MIME fields.
_STABLE_FIELDS = ("message-id", "subject", "date", "to", "cc")


def message_fingerprint(author_domain: str, message: Message, author: str, route: str) -> str:
    """Return a SHA-256 in hexadecimal over domain, From address, stable fields, body and route.

    `author_domain` is the authenticated domain. `route` is the purpose and token of the forward-path: the
    same mail to two of them is two mails.
    """
    digest = hashlib.sha256()
    for part in _parts(author_domain, message, author, route):
        # The length prefix keeps adjacent parts apart.
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return digest.hexdigest()


def _parts(author_domain: str, message: Message, author: str, route: str) -> Iterator[bytes]:
    for text in (author_domain.lower(), author.lower(), route):
        yield text.encode("utf-8", "backslashreplace")
    for name in _STABLE_FIELDS:
        fields = message.all(name)
        yield b"%s %d" % (name.encode("ascii"), len(fields))
        for field in fields:
            # Relays may refold a field.
            yield b" ".join(unfold(field.value).split())
    # Trailing white space and empty lines may change in transit, and a relaxed signature ignores them
    # (RFC 6376 section 3.4.4).
    body = hashlib.sha256()
    for piece in canonicalization.iter_canonical_body(message.body, relaxed=True):
        body.update(piece)
    yield body.digest()
