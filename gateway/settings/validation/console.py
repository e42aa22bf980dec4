"""Checks of `[console]` that types cannot express."""

from __future__ import annotations

import re

from gateway.settings.errors import refuse_value
from gateway.settings.model import Settings
from gateway.settings.urls import is_origin, is_safe_url

_PROXY_HEADER = re.compile(r"(?i:(?!X-Console-Secret$)X-[a-z0-9-]{1,60})")
_CLAIM = re.compile(r"[A-Za-z0-9_.:/-]{1,100}=[!-~]{1,200}")


def check_console(settings: Settings, source: str) -> None:
    """Check origin, operators (must be members) and proxy. Raises SettingsError."""
    url = settings.console.public_url
    if url and not is_origin(url):
        allowed = "https:// and a host name without a path, or http://127.0.0.1:PORT"
        refuse_value(source, "console.public_url", url, allowed)
    members = {one.address.lower() for one in settings.staff}
    for place, text in enumerate(settings.console.operators):
        if text.lower() not in members:
            refuse_value(source, f"console.operators[{place}]", text, "an address in a [[staff]] table")
    if settings.console.link_in_letters and not url:
        allowed = "the URL of the console, because console.link_in_letters is true"
        refuse_value(source, "console.public_url", url, allowed)
    _check_proxy(settings, source)
    _check_openid(settings, source)


def _check_proxy(settings: Settings, source: str) -> None:
    """Check that a proxy that names members has a secret, and that no browser sends its header by itself."""
    console = settings.console
    if console.login == "proxy" and not console.proxy_secret_file:
        allowed = 'a file that contains the secret shared with the proxy, because console.login is "proxy"'
        refuse_value(source, "console.proxy_secret_file", "", allowed)
    if not _PROXY_HEADER.fullmatch(console.proxy_header):
        allowed = "X- followed by letters, digits and dashes, but not X-Console-Secret"
        refuse_value(source, "console.proxy_header", console.proxy_header, allowed)


def _check_openid(settings: Settings, source: str) -> None:
    """Check that a provider that signs members in is known completely."""
    console = settings.console
    for place, text in enumerate(console.openid_required):
        if not _CLAIM.fullmatch(text):
            refuse_value(
                source, f"console.openid_required[{place}]", text, "CLAIM=VALUE, such as hd=example.go.jp"
            )
    if console.login != "openid":
        return
    because = ', because console.login is "openid"'
    if not is_safe_url(console.openid_issuer) or set("?#") & set(console.openid_issuer):
        refuse_value(
            source, "console.openid_issuer", console.openid_issuer, f"the provider's https URL{because}"
        )
    if not console.openid_client:
        refuse_value(source, "console.openid_client", "", f"the client ID from the provider{because}")
    if not console.openid_secret_file:
        refuse_value(source, "console.openid_secret_file", "", f"a file with the client secret{because}")
