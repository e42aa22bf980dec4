"""Messages with the DNS they are judged by, made from a seed: good ones, and each with things gone wrong.

Every case says what was done to it (`traits`), so that a difference between two implementations can be
explained by a rule and not by a number.
"""

from __future__ import annotations

import hashlib
import random
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from gateway.auth.dkim import canonicalization
from gateway.auth.dkim.sign import public_record
from gateway.mail.message import Field, parse

NOW = datetime(2026, 11, 20, tzinfo=UTC)
CLIENT_IP, HELO = "203.0.113.9", "mta.example"
DOMAINS = (
    "city.mihon.lg.jp", "pref.mihon.lg.jp", "mail.city.mihon.lg.jp", "mihon.lg.jp", "rei.go.jp",
    "sub.rei.go.jp", "mihon.example", "a.mihon.example", "b.a.mihon.example", "rei.co.jp", "evil.example",
)  # fmt: skip
CANON = ("relaxed/relaxed", "relaxed/simple", "simple/relaxed", "simple/simple", "relaxed", "simple", "")
WORDS = ("desk", "town", "  ", "\t", "hall", "=", " ;b= ", "\r\n", "\r\n\r\n", ".", "b=", ":", "x" * 70)


@dataclass
class Case:
    """One message, the client that brought it, DNS, and what was done to it."""

    number: int
    author: str
    sender: str
    raw: bytes = b""
    dns: dict[str, list[str]] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    traits: set[str] = field(default_factory=set)

    def add(self, name: str, rtype: str, *records: str) -> None:
        """Publish records."""
        self.dns.setdefault(f"{name} {rtype}", []).extend(records)


@cache
def key(kind: str) -> RSAPrivateKey | Ed25519PrivateKey:
    """One key of each kind for the whole run."""
    return Ed25519PrivateKey.generate() if kind == "ed25519" else generate_private_key(65537, int(kind[3:]))


def cases(seed: int, count: int) -> list[Case]:
    """`count` cases; the same seed gives the same (but for the keys)."""
    # The generator decides nothing secret; it must only give the same again.
    return [_case(number, random.Random(f"{seed}/{number}")) for number in range(count)]  # noqa: S311


def _case(number: int, rng: random.Random) -> Case:
    author = rng.choice(DOMAINS)
    sender = author if rng.random() < 0.6 else rng.choice(DOMAINS)
    case = Case(number, author, f"rei@{sender}")
    body = "".join(rng.choices(WORDS, k=rng.randint(0, 25))) + rng.choice(("\r\n", "", "\r\n\r\n", " \r\n"))
    subject = " ".join(rng.choices(("request", "of", "a ", " town", "\r\n hall", "\t"), k=rng.randint(1, 6)))
    header = (
        f"From: Rei <rei@{author}>\r\nTo: request@desk.example\r\nSubject: s{subject}.\r\n"
        f"Date: Fri, 20 Nov 2026 10:00:00 +0900\r\nMessage-ID: <{number}@{author}>\r\n"
    )
    case.raw = f"{header}\r\n{body}".encode("ascii")
    for _ in range(rng.choice((0, 1, 1, 1, 1, 2))):
        _sign(case, rng)
    _break(case, rng)
    _publish_spf(case, sender, rng)
    _publish_dmarc(case, rng)
    return case


_SIGNATURE_FAULTS = {
    "sha1": ("a=rsa-sha256", "a=rsa-sha1"),
    "unknown algorithm": ("a=", "a=x-"),
    "version": ("v=1", "v=2"),
    "no version": ("v=1; ", ""),
    "expired": ("; h=", "; t=1700000000; x=1700000001; h="),
    "x before t": ("; h=", "; t=1795000000; x=1794000000; h="),
    "l short": ("; h=", "; l=0; h="),
    "l long": ("; h=", "; l=99999; h="),
    "l huge": ("; h=", f"; l={'9' * 80}; h="),
    "i outside": ("; h=", "; i=rei@outside.example; h="),
    "i below": ("; h=", "; i=rei@below.{d}; h="),
    "tag twice": ("; h=", "; q=dns/txt; q=dns/txt; h="),
    "unknown tag": ("; h=", "; zz=1; h="),
    "unknown query": ("; h=", "; q=http; h="),
    "two queries": ("; h=", "; q=http:dns/txt; h="),
    "From unsigned": ("h=from:", "h=x-nothing:"),
    "From oversigned": ("h=from:", "h=from:from:"),
    "spaces in h": ("h=from:", "h=from : \r\n\tfrom :"),
    "junk tag": ("; h=", "; a b; h="),
    "semicolon at the end": ("b=", "b="),
}
_KEY_FAULTS = {
    "key missing": None,
    "key fails": None,
    "key twice": None,
    "key revoked": ("p=", "p=;x="),
    "key version": ("v=DKIM1", "v=DKIM2"),
    "key without version": ("v=DKIM1; ", ""),
    "key version last": ("v=DKIM1; ", "k=rsa; v=DKIM1; "),
    "key type": ("k=", "k=x"),
    "key hash": ("k=", "h=sha1; k="),
    "key hashes": ("k=", "h=sha1:sha256; k="),
    "key service": ("k=", "s=tlsrpt; k="),
    "key services": ("k=", "s=*; k="),
    "key testing": ("k=", "t=y; k="),
    "key strict": ("k=", "t=s; k="),
    "key junk": ("p=", "p=!"),
    "key notes": ("k=", "n=some notes; k="),
}


def _sign(case: Case, rng: random.Random) -> None:
    kind = rng.choice(("rsa1024", "rsa2048", "rsa2048", "ed25519"))
    domain = case.author if rng.random() < 0.6 else rng.choice(DOMAINS)
    selector = f"s{case.raw.count(b'DKIM-Signature:')}"
    fault = rng.choice(sorted(_SIGNATURE_FAULTS)) if rng.random() < 0.35 else ""
    key_fault = rng.choice(sorted(_KEY_FAULTS)) if rng.random() < 0.25 else ""
    if key_fault == "key strict" and rng.random() < 0.5:
        fault = "i below"  # only together do they mean anything
    canon = rng.choice(CANON)
    value = _value(case.raw, kind, domain, selector, canon)
    if fault:
        old, new = _SIGNATURE_FAULTS[fault]
        value = value.replace(old, new.replace("{d}", domain), 1)
        case.traits.add(fault)
    if rng.random() < 0.3:
        value = value.replace("; ", ";\r\n\t")
    case.traits |= {kind, canon or "no canon"}
    case.raw = _signed(case.raw, value, kind, canon)
    _publish_key(case, f"{selector}._domainkey.{domain}", kind, key_fault)


def _value(raw: bytes, kind: str, domain: str, selector: str, canon: str) -> str:
    body = parse(raw).body
    relaxed = canon.partition("/")[2] == "relaxed"
    data = canonicalization.relaxed_body(body) if relaxed else canonicalization.simple_body(body)
    digest = b64encode(hashlib.sha256(data).digest()).decode("ascii")
    method = f" c={canon};" if canon else ""
    algorithm = "ed25519" if kind == "ed25519" else "rsa"
    return (
        f" v=1; a={algorithm}-sha256;{method} d={domain}; s={selector}; h=from:to:subject:date:message-id;"
        f" bh={digest}; b="
    )


def _signed(raw: bytes, value: str, kind: str, canon: str) -> bytes:
    unsigned = Field("DKIM-Signature", f"DKIM-Signature:{value}".encode("ascii"))
    names = [part.strip() for part in value.partition("h=")[2].partition(";")[0].split(":")]
    relaxed = canon.startswith("relaxed")
    data = canonicalization.signed_header(parse(raw), names, unsigned, relaxed)
    private = key(kind)
    if isinstance(private, RSAPrivateKey):
        signature = private.sign(data, PKCS1v15(), hashes.SHA256())
    else:
        signature = private.sign(hashlib.sha256(data).digest())
    return unsigned.raw + b64encode(signature) + b"\r\n" + raw


def _publish_key(case: Case, name: str, kind: str, fault: str) -> None:
    record = public_record(key(kind))
    if fault:
        case.traits.add(fault)
    if fault == "key missing":
        return
    if fault == "key fails":
        case.failing.add(name)
        return
    change = _KEY_FAULTS.get(fault)
    if change is not None:
        record = record.replace(*change, 1)
    case.add(name, "TXT", record)
    if fault == "key twice":
        case.add(name, "TXT", public_record(key("rsa1024")))


_CHANGES = {
    "body changed": (b"\r\n\r\n", b"\r\n\r\nmore\r\n"),
    "subject changed": (b"Subject: s", b"Subject: t"),
    "From added": (b"From:", b"From: x@evil.example\r\nFrom:"),
    "white space in the header": (b"Subject: s", b"Subject:  s"),
    "field name in capitals": (b"Subject:", b"SUBJECT:"),
    "field added": (b"From:", b"X-Added: 1\r\nFrom:"),
    "end of the body": (b"", b""),
}


def _break(case: Case, rng: random.Random) -> None:
    if rng.random() < 0.6:
        return
    name = rng.choice(sorted(_CHANGES))
    case.traits.add(name)
    old, new = _CHANGES[name]
    case.raw = case.raw.replace(old, new, 1) if old else case.raw + b"\r\n\r\n"


_SPF = {
    "spf pass": "v=spf1 ip4:203.0.113.0/24 -all",
    "spf a": "v=spf1 a:host.{d} ~all",
    "spf mx": "v=spf1 mx -all",
    "spf include": "v=spf1 include:_spf.{d} -all",
    "spf redirect": "v=spf1 redirect=_spf.{d}",
    "spf exists": "v=spf1 exists:%{{i}}._ok.{d} -all",
    "spf macro": "v=spf1 exists:%{{l1r-}}.%{{d2}}._ok.{d} ?all",
    "spf fail": "v=spf1 -all",
    "spf soft": "v=spf1 ~all",
    "spf neutral": "v=spf1 ip4:198.51.100.0/24",
    "spf bad": "v=spf1 ip4:203.0.113.0/33 -all",
    "spf unknown": "v=spf1 nothing -all",
    "spf loop": "v=spf1 include:{d} -all",
    "spf void": "v=spf1 a:x1.{d} a:x2.{d} a:x3.{d} +all",
    "spf missing include": "v=spf1 include:none.{d} +all",
    "spf case": "V=SPF1 IP4:203.0.113.9 -ALL",
    "spf twice": "v=spf1 +all",
    "spf fails": "",
    "spf none": "",
    "spf other": "something else",
}


def _publish_spf(case: Case, domain: str, rng: random.Random) -> None:
    name = rng.choice(sorted(_SPF) + ["spf pass"] * 8)
    case.traits.add(name)
    if name == "spf fails":
        case.failing.add(domain)
    elif _SPF[name]:
        case.add(domain, "TXT", _SPF[name].format(d=domain))
    if name == "spf twice":
        case.add(domain, "TXT", "v=spf1 -all")
    case.add(f"host.{domain}", "A", CLIENT_IP)
    case.add(domain, "MX", f"10 host.{domain}")
    case.add(f"_spf.{domain}", "TXT", "v=spf1 ip4:203.0.113.0/28 ?all")
    case.add(f"{CLIENT_IP}._ok.{domain}", "A", "127.0.0.2")


_DMARC = {
    "dmarc": "v=DMARC1; p=reject",
    "dmarc strict": "v=DMARC1; p=reject; adkim=s; aspf=s",
    "dmarc none": "v=DMARC1; p=none; rua=mailto:r@mihon.example",
    "dmarc sp": "v=DMARC1; p=none; sp=reject",
    "dmarc np": "v=DMARC1; p=none; np=reject; sp=quarantine",
    "dmarc psd": "v=DMARC1; p=reject; psd=y",
    "dmarc end": "v=DMARC1; p=reject; psd=n",
    "dmarc test": "v=DMARC1; p=reject; t=y",
    "dmarc bad policy": "v=DMARC1; p=refuse",
    "dmarc bad policy with report": "v=DMARC1; p=refuse; rua=mailto:r@mihon.example",
    "dmarc no policy": "v=DMARC1",
    "dmarc version": "v=dmarc1; p=reject",
    "dmarc spaces": "v = DMARC1 ; p = quarantine",
    "dmarc order": "p=reject; v=DMARC1",
    "dmarc other": "something else",
}


def _publish_dmarc(case: Case, rng: random.Random) -> None:
    labels = case.author.split(".")
    ancestors = [".".join(labels[index:]) for index in range(len(labels))]
    others = [other for other in DOMAINS if rng.random() < 0.1 and other not in ancestors]
    for domain in [*ancestors, *others]:
        chance = 0.6 if domain == case.author else 0.15
        if rng.random() > chance:
            continue
        name = rng.choice(sorted(_DMARC) + ["dmarc"] * 5)
        case.traits.add(name)
        case.add(f"_dmarc.{domain}", "TXT", _DMARC[name])
        if rng.random() < 0.05:
            case.traits.add("dmarc twice")
            case.add(f"_dmarc.{domain}", "TXT", "v=DMARC1; p=none")
    if rng.random() < 0.05:
        case.traits.add("dmarc fails")
        case.failing.add(f"_dmarc.{rng.choice(ancestors)}")
