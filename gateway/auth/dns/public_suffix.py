"""Public suffixes: names below which anybody may register (the ICANN section of the Public Suffix List)."""

from __future__ import annotations

from publicsuffixlist import PublicSuffixList

from gateway.mail.address import MAX_DOMAIN
from gateway.memoize import memoize


@memoize(maxsize=1, why="made once: the list takes 60 ms to read")
def load_suffix_list() -> PublicSuffixList:
    """The ICANN section of the Public Suffix List, read once from its package."""
    # ICANN section only: the private section is about hosting, not about organisations.
    return PublicSuffixList(only_icann=True, accept_unknown=False)


@memoize(maxsize=4096, max_key=MAX_DOMAIN, why="mail after mail comes from the same few domains")
def is_public_suffix(domain: str) -> bool:
    """Whether anybody may register names below `domain`, as with lg.jp, tokyo.jp or chiyoda.tokyo.jp.

    A name of one label is always one.
    """
    domain = normal(domain)
    return "." not in domain or load_suffix_list().publicsuffix(domain) == domain


def normal(domain: str) -> str:
    """A domain name as it is compared: lower case, without the root's dot."""
    return domain.lower().removesuffix(".")
