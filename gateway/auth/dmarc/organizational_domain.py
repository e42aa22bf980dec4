"""Determines which domains belong to one organisation, so that one can authenticate the other.

The public suffix list alone is wrong for lg.jp: it only has `lg.jp`, so that pref.osaka.lg.jp and
city.osaka.lg.jp would have the same organisational domain although they belong to two governments. Sources:
the naming rules of lg.jp (J-LIS) and of regional names (JPRS), RFC 9989 section 4.10.2.
"""

from __future__ import annotations

from gateway.auth.dns.public_suffix import is_public_suffix, load_suffix_list, normal

# J-LIS: <type>.<name>.lg.jp is one government; any other name under lg.jp is a joint service.
LG_TYPES = frozenset({"metro", "pref", "city", "town", "vill", "union"})


def organizational_domain(domain: str) -> str:
    """Return the organisation unit of `domain`; empty for a public suffix.

    Under lg.jp with a type label, these are the last four labels. Elsewhere it is one label more than the
    public suffix: the last three labels under go.jp, and for regional names city.<one of the seven>.jp,
    pref.<prefecture>.jp and city.<municipality>.<prefecture>.jp. A top-level domain that is not on the list
    is a suffix by the list's default rule.
    """
    # Deviates from RFC 9989 section 4.10.2: if there is no DMARC record, the lg.jp naming rules take
    # precedence over the public suffix list, by which a city and its prefecture would share one
    # organisational domain.
    domain = normal(domain)
    labels = domain.split(".")
    if labels[-2:] == ["lg", "jp"] and len(labels) >= 4 and labels[-4] in LG_TYPES:
        return ".".join(labels[-4:])
    if is_public_suffix(domain):
        return ""
    registrable: str | None = load_suffix_list().privatesuffix(domain)
    return registrable or ".".join(labels[-2:])


def is_same_organisation(a: str, b: str) -> bool:
    """Return whether both domains are in one organisation unit, at any level."""
    unit = organizational_domain(a)
    return unit != "" and (a == b or unit == organizational_domain(b))


def is_domain_or_parent(a: str, b: str) -> bool:
    """Return whether `a` is `b` or a parent of it within one organisation unit.

    Without a DMARC record, only such a name can authenticate `b`: a forgotten host below a city's domain does
    not speak for the city.
    """
    a, b = normal(a), normal(b)
    return (a == b or b.endswith("." + a)) and is_same_organisation(a, b)
