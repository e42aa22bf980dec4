"""Which domains belong to one organisation, so that a proof for one of them counts for the other.

The public suffix list alone is wrong under lg.jp: it knows only `lg.jp`, and would give
pref.osaka.lg.jp and city.osaka.lg.jp one organisational domain although two governments own them.
Sources: the naming rules of lg.jp (J-LIS) and of regional names (JPRS), RFC 9989 section 4.10.2.
"""

from __future__ import annotations

from gateway.auth.dns.public_suffix import is_public_suffix, load_suffix_list, normal

# J-LIS: <type>.<name>.lg.jp is one government; any other name under lg.jp is a joint service.
LG_TYPES = frozenset({"metro", "pref", "city", "town", "vill", "union"})


def organizational_domain(domain: str) -> str:
    """The organisation unit that `domain` lies in; empty for a public suffix.

    Under lg.jp with a type label the last four labels. Elsewhere one label more than the public
    suffix: that gives the last three under go.jp, and for regional names city.<one of the seven>.jp,
    pref.<prefecture>.jp and city.<municipality>.<prefecture>.jp. A top-level domain that the list
    does not know is a suffix by the list's own default rule.
    """
    # Deviates from RFC 9989 section 4.10.2: without a DMARC record the naming rules of lg.jp come before the
    # public suffix list, which gives a city and its prefecture one organisational domain.
    domain = normal(domain)
    labels = domain.split(".")
    if labels[-2:] == ["lg", "jp"] and len(labels) >= 4 and labels[-4] in LG_TYPES:
        return ".".join(labels[-4:])
    if is_public_suffix(domain):
        return ""
    registrable: str | None = load_suffix_list().privatesuffix(domain)
    return registrable or ".".join(labels[-2:])


def is_same_organisation(a: str, b: str) -> bool:
    """Whether both domains lie in one organisation unit, in whatever place."""
    unit = organizational_domain(a)
    return unit != "" and (a == b or unit == organizational_domain(b))


def is_domain_or_parent(a: str, b: str) -> bool:
    """Whether `a` is `b` or a name above it inside one organisation unit.

    Only such a name proves `b` where no DMARC record says otherwise: a host that somebody forgot below a
    city's domain is no word of the city.
    """
    a, b = normal(a), normal(b)
    return (a == b or b.endswith("." + a)) and is_same_organisation(a, b)
