"""The key by which a mail is recognised when it comes again, from a retrying client or a second relay.

Message-ID alone could be sent ahead by a stranger; the raw octets change with every Received field. So the
key holds the proven domain, the author and what no relay touches (RFC 5322 section 3.6).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from gateway.auth.dkim import canonicalization
from gateway.mail.message import Message, unfold

# Written by the author's program, and left alone by relays: no trace fields, no signatures, no MIME fields.
_STABLE_FIELDS = ("message-id", "subject", "date", "to", "cc")


def message_fingerprint(author_domain: str, message: Message, author: str, route: str) -> str:
    """SHA-256, in hexadecimal, over the authenticated domain, the From address, the stable fields, the body
    and the route (the forward-path's purpose and token: the same mail to two of them is two mails)."""
    digest = hashlib.sha256()
    for part in _parts(author_domain, message, author, route):
        # The length in front keeps two neighbours from passing for one another.
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
            # Relays may fold a field anew.
            yield b" ".join(unfold(field.value).split())
    # White space and empty lines at the end come and go on the way, and under no relaxed signature they count
    # (RFC 6376 section 3.4.4).
    body = hashlib.sha256()
    for piece in canonicalization.iter_canonical_body(message.body, relaxed=True):
        body.update(piece)
    yield body.digest()
