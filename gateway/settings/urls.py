"""URLs in the settings: what a letter may hold, and over which nobody else can read."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

MAX_LINK = 200


def is_page(url: str) -> bool:
    """Whether a URL is one that a letter can hold whole on a line of its own."""
    is_web = url.startswith(("https://", "http://")) and url.isascii()
    return len(url) <= MAX_LINK and is_web and _is_bare(url)


def _is_bare(url: str) -> bool:
    """Whether a URL names a host, holds no password, and nothing in it ends a line or a link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (
        bool(parts.hostname) and parts.username is None and url.isprintable() and not set(' <>"') & set(url)
    )


def is_origin(url: str) -> bool:
    """Whether a URL is scheme, host and port alone, as browsers write an Origin (RFC 6454 section 6.1)."""
    return is_safe_url(url) and url == url.lower() and not set("/?#") & set(url.partition("://")[2])


def is_safe_url(url: str) -> bool:
    """Whether a URL is https, or leads to this machine, and holds no password."""
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
