"""The body hash of DKIM and ARC (RFC 6376 section 3.7), computed once per canonicalization."""

from __future__ import annotations

import asyncio
import hashlib

from gateway.auth.dkim import canonicalization


class BodyHash:
    """The body of a message, with the hash of each canonical form computed once."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._made: dict[bool, tuple[int, bytes]] = {}
        self._busy = asyncio.Lock()

    async def size_and_hash(self, relaxed: bool) -> tuple[int, bytes]:
        """Return size in octets and SHA-256 of the canonical body, relaxed or simple."""
        if relaxed not in self._made:
            async with self._busy:
                if relaxed not in self._made:
                    self._made[relaxed] = await self._hash(relaxed)
        return self._made[relaxed]

    async def _hash(self, relaxed: bool) -> tuple[int, bytes]:
        size, digest = 0, hashlib.sha256()
        for number, part in enumerate(canonicalization.iter_canonical_body(self._body, relaxed)):
            if number:
                # Let other mails continue between the slices of a large body.
                await asyncio.sleep(0)
            digest.update(part)
            size += len(part)
        return size, digest.digest()
