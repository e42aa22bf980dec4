"""Couriers, invitation senders and TLS: the parts that need keys, passwords or certificates."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from gateway.app.wiring.values import hostname
from gateway.auth.dns.resolver import Resolver
from gateway.mail import address
from gateway.net.delivery.dkim_keys import KeyRing
from gateway.net.delivery.maildir import MaildirCourier
from gateway.net.delivery.mx import MxCourier
from gateway.net.delivery.smarthost import SmarthostCourier
from gateway.net.delivery.smtp_client import Remote
from gateway.net.invitations.mail import HandoffInvitation, MailInvitation
from gateway.net.openid.protocol import CALLBACK, SignInProvider
from gateway.outbound.protocols import Courier, InvitationSender
from gateway.settings import Settings, SettingsError

MIN_PROXY_SECRET = 32


def build_courier(config: Settings, resolver: Resolver) -> SmarthostCourier | MxCourier | MaildirCourier:
    """Build the outgoing transport: smarthost, recipients' MX, or files. Raises SettingsError."""
    delivery = config.delivery
    if delivery.transport == "maildir":
        return MaildirCourier(Path(delivery.maildir))
    if delivery.transport == "mx":
        return MxCourier(
            resolver,
            hostname(config),
            tls=delivery.tls,
            require_tls=delivery.require_tls,
            own_names={config.desk.domain},
            ca_file=delivery.ca_file,
        )
    remote = build_smarthost(config)
    return SmarthostCourier(
        remote, hostname(config), connections=delivery.connections, require_tls=delivery.require_tls
    )


def build_smarthost(config: Settings) -> Remote:
    """Return the server that relays all letters, with its password. Raises OSError."""
    delivery = config.delivery
    password = Path(delivery.password_file).read_text().strip() if delivery.password_file else ""
    return Remote(
        delivery.host,
        delivery.port,
        delivery.tls,
        delivery.username,
        password,
        ca_file=delivery.ca_file,
    )


def build_invitation_sender(
    config: Settings, way_out: Courier, now: Callable[[], datetime]
) -> InvitationSender:
    """Build the sender of invitations. Raises SettingsError, also if its libraries are not installed."""
    invitation = config.invitation
    if invitation.sender == "mail":
        return MailInvitation(way_out)
    if invitation.sender == "handoff":
        return HandoffInvitation(way_out, address.parse(invitation.handoff_address))
    try:
        if invitation.sender == "webhook":
            from gateway.net.invitations.webhook import WebhookInvitation  # noqa: PLC0415 - an optional library

            return WebhookInvitation(
                invitation.webhook_url, _read_secret(invitation.webhook_secret_file), now
            )
        from gateway.net.invitations.slack import build_slack  # noqa: PLC0415 - an optional library
    except ImportError as error:
        raise SettingsError(
            f"invitation.sender = {invitation.sender!r}: {error.name} is not installed; "
            'pip install "intake-gateway[invite]"'
        ) from error
    token = _read_secret(invitation.slack_token_file)
    return build_slack(token, invitation.slack_team, invitation.slack_channels, now)


def _read_secret(place: str) -> str:
    found = Path(place).read_text(encoding="utf-8").strip()
    if not found:
        raise SettingsError(f"{place}: the file is empty; expected the secret")
    return found


def build_console_secret(config: Settings) -> str:
    """Return the secret of a proxy that signs members in, or "". Raises OSError, SettingsError."""
    console = config.console
    if console.login != "proxy":
        return ""
    found = _read_secret(console.proxy_secret_file)
    if len(found) < MIN_PROXY_SECRET:
        raise SettingsError(
            f"{console.proxy_secret_file}: the secret has {len(found)} characters; expected at least "
            f"{MIN_PROXY_SECRET}: openssl rand -hex 32"
        )
    return found


def build_openid(config: Settings, now: Callable[[], datetime]) -> SignInProvider | None:
    """Build the client of the provider that signs members in, if any. Raises OSError, SettingsError."""
    console = config.console
    if console.login != "openid":
        return None
    try:
        from gateway.net.openid.client import OpenIdClient, Registration  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise SettingsError(
            f'console.login = "openid": {error.name} is not installed: pip install '
            f"'intake-gateway[console]'"
        ) from error
    registration = Registration(
        issuer=console.openid_issuer,
        client=console.openid_client,
        secret=_read_secret(console.openid_secret_file),
        redirect_uri=f"{console.public_url}{CALLBACK}",
        required=dict(_split_claim(one) for one in console.openid_required),
    )
    return OpenIdClient(registration, now)


def _split_claim(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def build_keyring(config: Settings) -> KeyRing | None:
    """Build the ring of DKIM signing keys; None without a key. Raises SettingsError."""
    delivery = config.delivery
    pairs = (
        (delivery.dkim_selector, delivery.dkim_key),
        (delivery.dkim_second_selector, delivery.dkim_second_key),
    )
    files = {selector: Path(key) for selector, key in pairs if key}
    ring = KeyRing(config.desk.domain, files) if files else None
    if ring is not None and (trouble := ring.trouble()):
        raise SettingsError(f"delivery.dkim_key: {trouble}")
    return ring


def build_tls_context(config: Settings) -> ssl.SSLContext | None:
    """Build the TLS context for STARTTLS; None without a certificate. Raises SettingsError."""
    listen = config.listen
    if not listen.tls_certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(listen.tls_certificate, listen.tls_key)
    except PermissionError as error:
        raise SettingsError(
            f"listen.tls_key = {listen.tls_key!r}: permission denied; try again as root"
        ) from error
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(
            f"listen.tls_certificate = {listen.tls_certificate!r}: expected a PEM certificate that matches "
            f"listen.tls_key: {error}"
        ) from error
    return context
