"""Whether a request that may change something came from a page of ours.

W3C Fetch Metadata first, the Origin field (RFC 6454) where a browser sends no such metadata; without either,
no: only browsers come here.
"""

from __future__ import annotations

from collections.abc import Mapping

SAFE_METHODS = frozenset({"GET", "HEAD"})


def is_own(headers: Mapping[str, str], public_url: str) -> bool:
    """Whether the browser says that a page of `public_url` sent it; field names are in lower case."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin" or (site == "none" and headers.get("origin") in {None, public_url})
    return headers.get("origin") == public_url
