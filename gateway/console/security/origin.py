"""Checks that a request that may change something came from one of our pages.

It uses W3C Fetch Metadata, or the Origin field (RFC 6454) if a browser sends no such metadata; a request
without either is rejected, because only browsers come here.
"""

from __future__ import annotations

from collections.abc import Mapping


def is_own(headers: Mapping[str, str], public_url: str) -> bool:
    """Return whether a page of `public_url` sent the request; field names are in lower case."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin" or (site == "none" and headers.get("origin") in {None, public_url})
    return headers.get("origin") == public_url
