"""The application of `gateway probe`: composed and signed by the gateway, for a dedicated mailbox."""

from __future__ import annotations

from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from gateway.admission.application.items.fields import FORM_FIELDS, render_form
from gateway.admission.application.items.labels import Item
from gateway.app.wiring.transports import build_keyring
from gateway.app.wiring.values import build_mailboxes
from gateway.mail.smtp.mailboxes import Purpose
from gateway.settings import Settings, SettingsError

SUBJECT = "gateway probe 動作確認（自動）"
_NAME = "動作確認"


def write_application(config: Settings, token: str, now: datetime) -> dict[str, str]:
    """Return envelope and octets of a probe: `reverse_path`, `forward_path`, `raw` (ASCII, CRLF).

    Raises SettingsError without a signing key: nothing else authenticates our own domain.
    """
    keyring = build_keyring(config)
    if keyring is None:
        raise SettingsError(
            "delivery.dkim_key is empty: probes rely on the gateway's own DKIM signature; "
            "create a key with gateway init"
        )
    mailboxes = build_mailboxes(config)
    author, mailbox = f"probe@{mailboxes.domain}", mailboxes.address(Purpose.PROBE, token)
    raw = _write(config, author, str(mailbox), token, now)
    signed = keyring.sign(raw) + raw
    return {"reverse_path": author, "forward_path": str(mailbox), "raw": signed.decode("ascii")}


def _write(config: Settings, author: str, to: str, token: str, now: datetime) -> bytes:
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = author
    message["To"] = to
    message["Subject"] = SUBJECT
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<probe.{token[:12]}@{config.desk.domain}>"
    values = {
        Item.CATEGORY: "自治体",
        Item.ORGANISATION: _NAME,
        Item.DEPARTMENT: _NAME,
        Item.NAME: _NAME,
        Item.EMAIL: author,
    }
    message.set_content(render_form(FORM_FIELDS, values), charset="utf-8", cte="base64")
    return message.as_bytes()
