"""The edges to the network that need keys, passwords or certificates."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

from gateway.app.parts import hostname
from gateway.auth.dkim_sign import Signer, load_key
from gateway.auth.resolver import Resolver
from gateway.net.courier import MaildirCourier, MxCourier, Remote, SmarthostCourier
from gateway.settings import Settings, SettingsError


def courier(config: Settings, resolver: Resolver) -> SmarthostCourier | MxCourier | MaildirCourier:
    """The way out: smarthost, the recipients' own servers, or files. Raises SettingsError."""
    delivery = config.delivery
    if delivery.transport == "maildir":
        return MaildirCourier(Path(delivery.maildir))
    if delivery.transport == "mx":
        return MxCourier(resolver, hostname(config), delivery.tls)
    password = Path(delivery.password_file).read_text().strip() if delivery.password_file else ""
    remote = Remote(delivery.host, delivery.port, delivery.tls, delivery.username, password)
    return SmarthostCourier(remote, hostname(config))


def signer(config: Settings) -> Callable[[bytes], bytes] | None:
    """What puts a DKIM-Signature on top of a letter; None without a key. Raises SettingsError."""
    delivery = config.delivery
    if not delivery.dkim_key:
        return None
    try:
        key = load_key(Path(delivery.dkim_key).read_bytes())
    except (OSError, ValueError) as error:
        raise SettingsError(f"delivery.dkim_key = {delivery.dkim_key!r}: {error}") from error
    return Signer(config.desk.domain, delivery.dkim_selector, key).sign


def tls_context(config: Settings) -> ssl.SSLContext | None:
    """The certificate for STARTTLS; None without one. Raises SettingsError."""
    listen = config.listen
    if not listen.tls_certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(listen.tls_certificate, listen.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(
            f"listen.tls_certificate = {listen.tls_certificate!r}: allowed is a certificate in PEM that fits "
            f"listen.tls_key: {error}"
        ) from error
    return context
