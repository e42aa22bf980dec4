"""The path of one letter out: claim with a lease -> render -> compose -> sign -> deliver -> settle.

`worker` is the path, `writing` makes the octets, `settling` knows what the end means, `edges` are the
protocols to the world, `schedule` the times.
"""

from __future__ import annotations

from gateway.dispatch.edges import (
    Courier,
    Delivery,
    InvitationSender,
    Outcome,
    Rendered,
    Renderer,
    Signing,
)
from gateway.dispatch.schedule import Schedule, growing
from gateway.dispatch.worker import Dispatch
from gateway.dispatch.writing import TOKEN_ENTROPY_BYTES, as_mail, reply_purpose

__all__ = [
    "TOKEN_ENTROPY_BYTES",
    "Courier",
    "Delivery",
    "Dispatch",
    "InvitationSender",
    "Outcome",
    "Rendered",
    "Renderer",
    "Schedule",
    "Signing",
    "as_mail",
    "growing",
    "reply_purpose",
]
