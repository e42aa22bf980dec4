"""Invitation by a webhook: HTTP POST of signed JSON with an idempotency key (RFC 9110)."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from gateway.admission.case.letters import handoff_facts
from gateway.mail.address import Address
from gateway.mail.text import remote_text
from gateway.net.invitations.mail import build_handoff_letter, parse_retry_after
from gateway.outbound.protocols import Delivery, Outcome
from gateway.store.protocol import LetterRow

# httpx logs every URL at INFO, and a URL may contain a secret; the outcome of a letter is logged separately.
logging.getLogger("httpx").setLevel(logging.WARNING)

TIMEOUT_S = 30.0
MAX_ANSWER_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class WebhookInvitation:
    """HTTP POST of the data as signed JSON, without following redirects or using environment proxies.

    X-Gateway-Signature is `v1=` and the HMAC-SHA256, in hex, of timestamp, a full stop and the body; the
    Idempotency-Key is the letter's Message-ID, the same at every attempt.
    """

    url: str
    secret: str = field(repr=False)
    now: Callable[[], datetime]

    def prepare_letter(self, row: LetterRow) -> LetterRow:
        """See `gateway.outbound.protocols.InvitationSender`."""
        return build_handoff_letter(row, row.to)

    async def invite(self, row: LetterRow, reverse_path: Address, raw: bytes) -> Delivery:
        """See `gateway.outbound.protocols.InvitationSender`."""
        body = json.dumps(handoff_facts(row.facts, row.message_id), ensure_ascii=False).encode()
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return await self._post(row.message_id, body)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            return Delivery(Outcome.DEFERRED, remote_text(f"webhook: {type(error).__name__} {error}"))

    async def _post(self, key: str, body: bytes) -> Delivery:
        stamp = str(int(self.now().timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": key,
            "X-Gateway-Timestamp": stamp,
            "X-Gateway-Signature": signature(self.secret, stamp, body),
        }
        client = httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False, follow_redirects=False)
        async with client, client.stream("POST", self.url, content=body, headers=headers) as answer:
            text = await _read_body(answer)
            wait = parse_retry_after(answer.headers.get("Retry-After", ""))
            return self._build_delivery(answer.status_code, text, wait)

    def _build_delivery(self, status: int, text: str, wait: timedelta) -> Delivery:
        reply = remote_text(f"{status} {text}")
        retry_at = self.now() + wait if wait else None
        if 200 <= status < 300:
            return Delivery(Outcome.SENT, reply, joined=_has_status(text, "joined"))
        if status == 409:  # accepted earlier, with the same key
            return Delivery(Outcome.SENT, reply, joined=_has_status(text, "joined"))
        if status in {400, 410, 422}:
            return Delivery(Outcome.REFUSED, reply)
        return Delivery(Outcome.DEFERRED, reply, retry_at, auth_failed=status in {401, 403})


def signature(secret: str, stamp: str, body: bytes) -> str:
    """Return the value of X-Gateway-Signature; the receiver should compare it in constant time."""
    digest = hmac.new(secret.encode(), stamp.encode("ascii") + b"." + body, hashlib.sha256).hexdigest()
    return f"v1={digest}"


async def _read_body(answer: httpx.Response) -> str:
    """Return the start of the body, without waiting for the rest."""
    read = bytearray()
    async for piece in answer.aiter_bytes():
        read += piece
        if len(read) >= MAX_ANSWER_BYTES:
            break
    return bytes(read[:MAX_ANSWER_BYTES]).decode("utf-8", "replace")


def _has_status(text: str, status: str) -> bool:
    try:
        found = json.loads(text)
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("status") == status
