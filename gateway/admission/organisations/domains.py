"""Classification of mail domains: does the name alone prove a Japanese government body?

The first rule that applies decides; doubt always gives `confirm`. Sources: UTS #46, RFC 5891 (A-labels),
RFC 1035 section 2.3.4 (lengths), the ICANN part of the Public Suffix List, JPRS rules for LG.JP, GO.JP,
regional and prefecture-type names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import idna

from gateway.admission.organisations import jp_domains as jp
from gateway.admission.organisations import lookalikes
from gateway.auth.dns.public_suffix import is_public_suffix, load_suffix_list
from gateway.memoize import memoize
from gateway.patterns import compile_later
from gateway.printing.statement import Statement

PERSONAL = jp.PERSONAL
MAX_DOMAIN = 253
_LDH = compile_later(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")

FLAG_AGENCY = Statement("agency")
FLAG_SERVICE = Statement("service_name")
FLAG_UNLISTED = Statement("open_parent")
FLAG_GOVERNMENT_WORD = Statement("government_word")
FLAG_IMITATION = Statement("imitation")
FLAG_SPF_ALLOWS_ALL = Statement("spf_allows_all")
FLAG_OTHER_NAME = Statement("other_name")
FLAG_FOREIGN_ALIAS = Statement("foreign_alias")


class DomainKind(StrEnum):
    """Class of a domain."""

    LOCAL_GOV_LG = "local_gov_lg"
    LG_SERVICE = "lg_service"
    NATIONAL_GOV = "national_gov"
    LOCAL_GOV_REGIONAL = "local_gov_regional"
    REGIONAL_GENERAL = "regional_general"
    REGIONAL_UNLISTED = "regional_unlisted"
    PREFECTURE_TYPE = "prefecture_type"
    JP_ORGANISATIONAL = "jp_organisational"
    IMITATION = "imitation"
    JP_GENERAL = "jp_general"
    GTLD_OTHER = "gtld_other"
    PERSONAL = "personal"
    PUBLIC_SUFFIX = "public_suffix"
    INVALID = "invalid"


class Standing(StrEnum):
    """Meaning of a class for the desk: the name is sufficient, more proof is needed, or no mail domain."""

    OWN = "own"
    CONFIRM = "confirm"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class DomainClass:
    """A classified domain.

    `domain` is in A-labels in lower case (as received if invalid), `organisation` the domain of the holder or
    empty, `flags` sentences for staff, `rule` the name of the rule that decided.
    """

    domain: str
    kind: DomainKind
    decision: Standing
    organisation: str
    flags: tuple[Statement, ...]
    rule: str


def normalise(domain: str) -> str:
    """Return the domain as A-labels in lower case without trailing dot; empty if it is not a host name.

    UTS #46 mapping is applied first; then every label must be LDH or a valid A-label (RFC 5891 section
    4.2.1).
    """
    # CVE-2024-3651: the idna package takes quadratic time on long labels, so the length is limited first.
    if len(domain) > MAX_DOMAIN + 1:
        return ""
    try:
        mapped = idna.uts46_remap(domain, std3_rules=True, transitional=False)
        labels = [_a_label(label) for label in mapped.removesuffix(".").split(".")]
    except UnicodeError:  # includes idna.IDNAError
        return ""
    name = ".".join(labels)
    # RFC 3696 section 2: a top-level domain is not all-numeric, so this is an IP address.
    if len(labels) < 2 or len(name) > MAX_DOMAIN or labels[-1].isdigit() or not all(labels):
        return ""
    return name


def _a_label(label: str) -> str:
    if label.isascii() and not label.startswith("xn--"):
        return label if _LDH.fullmatch(label) else ""
    return idna.alabel(label).decode("ascii")


def is_own(domain: str) -> bool:
    """Return whether only organisations like ours can have such a domain, ignoring the office's lists."""
    return classify(domain).decision is Standing.OWN


def classify(
    domain: str, *, personal: frozenset[str] = PERSONAL, own: Mapping[str, str] | None = None
) -> DomainClass:
    """Classify `domain`. Never raises.

    `personal` lists domains of private mailboxes, `own` is the office's allow-list: domain -> organisation
    code. Both apply to subdomains as well.
    """
    form = _read_form(domain)
    found = form.found
    if not personal.isdisjoint(form.parents):
        return DomainClass(found.domain, DomainKind.PERSONAL, Standing.CONFIRM, "", (), "personal-list")
    for parent in form.parents:
        code = own.get(parent) if own else None
        if code is not None:
            flags = (*found.flags, Statement("allow_listed", code=code))
            return DomainClass(found.domain, found.kind, Standing.OWN, parent, flags, "allow-list")
    return found


@dataclass(frozen=True, slots=True)
class _Form:
    """The classification by name alone, and the names that lists may have for it (none if invalid)."""

    found: DomainClass
    parents: tuple[str, ...] = ()


@memoize(
    maxsize=1024,
    max_key=MAX_DOMAIN,
    why="needed twice per message, and the next message is often from the same domain",
)
def _read_form(domain: str) -> _Form:
    name = normalise(domain)
    if not name:
        return _Form(DomainClass(domain, DomainKind.INVALID, Standing.REJECT, "", (), "not-a-host-name"))
    if is_public_suffix(name):
        return _Form(DomainClass(name, DomainKind.PUBLIC_SUFFIX, Standing.REJECT, "", (), "public-suffix"))
    return _Form(_classify(name), _parents(name))


def _parents(name: str) -> tuple[str, ...]:
    """Return the name and its parents without public suffixes: a rule for all of tokyo.jp is a mistake."""
    labels = name.split(".")
    above = [".".join(labels[at:]) for at in range(len(labels) - 1)]
    return tuple(parent for parent in above if not is_public_suffix(parent))


def _classify(name: str) -> DomainClass:
    labels = tuple(reversed(name.split(".")))
    if labels[0] != "jp":
        return _classify_outside_jp(name)
    second = labels[1]
    if second == "lg":
        return _classify_lg(name, labels)
    if second == "go":
        return _build_class(name, DomainKind.NATIONAL_GOV, 3, "go-jp", FLAG_AGENCY)
    if second in jp.PREFECTURES or second in jp.WILDCARD_CITIES:
        return _classify_regional(name, labels)
    return _classify_open_jp(name, labels)


def _classify_lg(name: str, labels: tuple[str, ...]) -> DomainClass:
    if len(labels) >= 4 and labels[3] in jp.LG_TYPES:
        return _build_class(name, DomainKind.LOCAL_GOV_LG, 4, "lg-type-label")
    return _build_class(name, DomainKind.LG_SERVICE, 3, "lg-service", FLAG_SERVICE)


def _classify_regional(name: str, labels: tuple[str, ...]) -> DomainClass:
    if labels[1] in jp.PREFECTURES:
        return _classify_prefecture(name, labels)
    if labels[2] == "city":
        return _build_class(name, DomainKind.LOCAL_GOV_REGIONAL, 3, "designated-city")
    return _build_class(
        name, DomainKind.REGIONAL_GENERAL, 4, "designated-city-general", *_government_word_flags(labels[3:])
    )


def _classify_prefecture(name: str, labels: tuple[str, ...]) -> DomainClass:
    prefecture, third = labels[1], labels[2]
    fourth = labels[3] if len(labels) >= 4 else ""
    # Reserved labels: Tokyo is the only metro, and no other prefecture office is called metro.
    if third == ("metro" if prefecture == "tokyo" else "pref"):
        return _build_class(name, DomainKind.LOCAL_GOV_REGIONAL, 3, "prefecture-office")
    if third == "city" and prefecture in jp.SAME_NAME_CITIES:
        return _build_class(name, DomainKind.LOCAL_GOV_REGIONAL, 3, "same-name-city")
    # Only an explicit rule of the list proves that <municipality>.<prefecture>.jp cannot be registered.
    if load_suffix_list().is_public(".".join((third, prefecture, "jp"))):
        if fourth in jp.MUNICIPAL_TYPES:
            return _build_class(name, DomainKind.LOCAL_GOV_REGIONAL, 4, "listed-municipality")
        return _build_class(name, DomainKind.REGIONAL_GENERAL, 4, "listed-municipality-general")
    if fourth in jp.GOVERNMENT_TYPES:
        return _build_class(name, DomainKind.REGIONAL_UNLISTED, 3, "unlisted-municipality", FLAG_UNLISTED)
    return _build_class(
        name, DomainKind.PREFECTURE_TYPE, 3, "prefecture-type", *_government_word_flags(labels[2:])
    )


def _classify_open_jp(name: str, labels: tuple[str, ...]) -> DomainClass:
    if labels[1] in jp.JAPANESE_PREFECTURES:
        return _build_class(name, DomainKind.PREFECTURE_TYPE, 3, "japanese-prefecture-type")
    how = lookalikes.imitation_inside_jp(labels)
    size = 3 if labels[1] in jp.ORGANISATIONAL else 2
    if how:
        return _build_class(name, DomainKind.IMITATION, size, how, FLAG_IMITATION)
    flags = _government_word_flags(labels[size - 1 :])
    if size == 3:
        return _build_class(name, DomainKind.JP_ORGANISATIONAL, 3, "organisational-jp", *flags)
    return _build_class(name, DomainKind.JP_GENERAL, 2, "general-jp", *flags)


def _classify_outside_jp(name: str) -> DomainClass:
    registered = load_suffix_list().privatesuffix(name) or ".".join(name.split(".")[-2:])
    how = lookalikes.imitation_outside_jp(name, registered)
    size = registered.count(".") + 1
    if how:
        return _build_class(name, DomainKind.IMITATION, size, how, FLAG_IMITATION)
    return _build_class(name, DomainKind.GTLD_OTHER, size, "other")


def _government_word_flags(labels: tuple[str, ...]) -> tuple[Statement, ...]:
    """Return the flag for labels such as city, pref or lg in places where they prove nothing."""
    return (
        (FLAG_GOVERNMENT_WORD,)
        if any(label in jp.GOVERNMENT_TYPES or label == "lg" for label in labels)
        else ()
    )


_OWN = frozenset({DomainKind.LOCAL_GOV_LG, DomainKind.NATIONAL_GOV, DomainKind.LOCAL_GOV_REGIONAL})


def _build_class(name: str, kind: DomainKind, size: int, rule: str, *flags: Statement) -> DomainClass:
    decision = Standing.OWN if kind in _OWN else Standing.CONFIRM
    organisation = ".".join(name.split(".")[-size:])
    return DomainClass(name, kind, decision, organisation, flags, rule)
