"""Checks of URLs in the settings: which fit into a letter, and which are safe from eavesdropping."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

MAX_LINK = 200


def is_page(url: str) -> bool:
    """Return whether a URL is http or https and fits on one line of a letter."""
    is_web = url.startswith(("https://", "http://")) and url.isascii()
    return len(url) <= MAX_LINK and is_web and _is_bare(url)


def _is_bare(url: str) -> bool:
    """Return whether a URL has a host, no user or password, and no character that ends a line or a link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (
        bool(parts.hostname) and parts.username is None and url.isprintable() and not set(' <>"') & set(url)
    )


def is_origin(url: str) -> bool:
    """Return whether a URL is only scheme, host and port, as in an Origin (RFC 6454 section 6.1)."""
    return is_safe_url(url) and url == url.lower() and not set("/?#") & set(url.partition("://")[2])


def is_safe_url(url: str) -> bool:
    """Return whether a URL is https, or leads to this machine, and has no user or password."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        inside = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        inside = False
    return parts.scheme == "https" or (parts.scheme == "http" and inside)
