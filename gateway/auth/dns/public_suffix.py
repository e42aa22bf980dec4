"""Public suffixes: names under which anybody may register (the ICANN section of the Public Suffix List)."""

from __future__ import annotations

from publicsuffixlist import PublicSuffixList

from gateway.mail.address import MAX_DOMAIN
from gateway.memoize import memoize


@memoize(maxsize=1, why="computed once: reading the list takes 60 ms")
def load_suffix_list() -> PublicSuffixList:
    """Load the ICANN section of the Public Suffix List, once, from its package."""
    # ICANN section only, because the private section is about hosting, not about organisations.
    return PublicSuffixList(only_icann=True, accept_unknown=False)


@memoize(maxsize=4096, max_key=MAX_DOMAIN, why="most mail comes from the same few domains")
def is_public_suffix(domain: str) -> bool:
    """Return whether anybody may register under `domain`, as for lg.jp, tokyo.jp or chiyoda.tokyo.jp.

    A name with a single label always counts as one.
    """
    domain = normal(domain)
    return "." not in domain or load_suffix_list().publicsuffix(domain) == domain


def normal(domain: str) -> str:
    """Return a domain name in the form for comparison: lower case, without the trailing dot."""
    return domain.lower().removesuffix(".")
