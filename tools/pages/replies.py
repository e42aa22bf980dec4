"""The SMTP replies, each under a searchable heading, with cause and remedy."""

from __future__ import annotations

from html import escape

from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.smtp_reply import SmtpReply

CLASSES = {2: "Accepted", 3: "Continue", 4: "Temporary errors", 5: "Permanent errors"}


def find_replies() -> dict[str, SmtpReply]:
    """Return every reply by the name of its constant."""
    return {name: value for name, value in vars(smtp_reply).items() if isinstance(value, SmtpReply)}


def list_replies() -> str:
    """Return the replies by class, then by code, then by enhanced status code."""
    found = sorted(find_replies().values(), key=lambda reply: (reply.code, reply.status, reply.text))
    parts = list[str]()
    for digit, title in CLASSES.items():
        parts.append(f"## {title} ({digit}yz)\n")
        parts += [describe(reply) for reply in found if reply.code // 100 == digit]
    return "\n".join(parts)


def describe(reply: SmtpReply) -> str:
    """Describe one reply. Angle brackets are entities: Python-Markdown prints a backslash before them."""
    title = escape(str(reply), quote=False)
    remedy = f"\n**Remedy:** {reply.remedy}\n" if reply.remedy else ""
    return f"### {title}\n\n**Cause:** {reply.cause}\n{remedy}"
