"""The path of a mail in without SMTP: a front and the writer half, on one store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gateway.admission.case.model import Desk
from gateway.admission.eligibility.assess import Rules
from gateway.inbound.front import Front
from gateway.inbound.receive import Receiver
from gateway.inbound.screening import LocalScreener
from gateway.mail.smtp.mailboxes import Mailboxes
from gateway.store.protocol import Store


def build_path(
    store: Store,
    screener: LocalScreener,
    desk: Desk,
    mailboxes: Mailboxes,
    rules: Callable[[], Rules],
    **options: Any,
) -> Front:
    """A front before a receiver with these options."""
    return Front(screener, mailboxes, Receiver(store, desk, rules, **options).submit)
