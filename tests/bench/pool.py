"""A pool of made-up applications for the load generator: DKIM-signed Japanese mails of 40 domains.

Every mail is another one (person, Message-ID, text), so that none is folded as a repeat. Nothing here exists.
"""

from __future__ import annotations

import random
from base64 import b64encode, encodebytes
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from gateway.auth.dkim.sign import Signer, public_record

DOMAINS = 40
_SIGNS = "和奏咲葉月春夏希実花菜緒真由彩乃美陽翔結衣蓮悠斗大樹海空光優香織"  # of given names
SELECTOR = "s1"
DESK = "gw.kyoso.mihon.go.jp"
REQUEST = f"request@{DESK}"
SEED = 20261
PROSE = (
    "災害対応のデジタル化について、近隣の自治体の取り組みを知りたく参加を希望します。",
    "所属では業務システムの標準化と移行を担当しております。",
    "利用規約を確認し、機密性の高い情報を書き込まないことを理解しております。",
    "窓口業務の見直しや、住民の方への案内の書き方についても学びたいと考えております。",
)


@dataclass(frozen=True, slots=True)
class Town:
    """One made-up municipality with its key."""

    domain: str
    signer: Signer
    record: str


def towns() -> list[Town]:
    """Municipalities of lg.jp, each with an RSA-2048 key."""
    found = []
    for place in range(DOMAINS):
        domain, key = f"city.sokudo{place:02d}.lg.jp", generate_private_key(65537, 2048)
        found.append(Town(domain, Signer(domain, SELECTOR, key), public_record(key)))
    return found


def records(of: list[Town]) -> Iterator[tuple[str, str, str]]:
    """DNS records that prove the mails, sent from 127.0.0.0/8: name, type, value."""
    for town in of:
        yield town.domain, "MX", f"10 mx.{town.domain}"
        yield f"mx.{town.domain}", "A", "192.0.2.10"
        yield town.domain, "TXT", "v=spf1 ip4:127.0.0.0/8 ip4:192.0.2.0/24 mx -all"
        yield f"{SELECTOR}._domainkey.{town.domain}", "TXT", town.record
        yield f"_dmarc.{town.domain}", "TXT", "v=DMARC1; p=reject; adkim=r; aspf=r"


def fill(folder: Path, of: list[Town], count: int, size_bytes: int, first: int = 0) -> int:
    """Write `count` mails of about `size_bytes`, numbered from `first`, and their index.tsv.

    Gives their mean size in octets.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(SEED + first)  # noqa: S311 - made-up mails, not secrets
    total, index = 0, []
    for place in range(first, first + count):
        town = of[place % len(of)]
        sender = f"tanaka{place:06d}@{town.domain}"
        unsigned = _mail(place, sender, chance, size_bytes)
        raw = town.signer.sign(unsigned) + unsigned
        (folder / f"{place:06d}.eml").write_bytes(raw)
        index.append(f"{place:06d}.eml\t{sender}\t{REQUEST}\n")
        total += len(raw)
    (folder / "index.tsv").write_text("".join(index), encoding="ascii")
    return total // count


def _name(place: int) -> str:
    """Return a made-up name, another one for each of 32,768 places."""
    return "田中 " + "".join(_SIGNS[place >> shift & 31] for shift in (10, 5, 0))


def _mail(place: int, sender: str, chance: random.Random, size_bytes: int) -> bytes:
    name = _name(place)
    text = (
        f"参加を申請します。\n\n区分: 自治体\n団体名: 速度{place % DOMAINS}市\n"
        f"全国地方公共団体コード: 990019\n部署名: 情報政策課\n氏名: {name}\n"
        "規約への同意: 同意する\n\n"
    )
    # The header and base64 take their share of the size.
    while len(text.encode()) < (size_bytes - 1200) * 0.72:
        text += f"{chance.choice(PROSE)}({chance.randrange(10_000)})\n"
    header = (
        f"From: =?utf-8?b?{b64encode(name.encode()).decode()}?= <{sender}>\r\n"
        f"To: =?utf-8?b?5Y+C5Yqg5Y+X5LuY?= <{REQUEST}>\r\n"
        "Subject: =?utf-8?b?44CQ5Y+C5Yqg55Sz6KuL44CR5YWx5Ym144OX44Op44OD44OI?=\r\n"
        f" =?utf-8?b?44OV44Kp44O844Og?= {place}\r\n"
        "Date: Mon, 05 Oct 2026 10:00:00 +0900\r\n"
        f"Message-ID: <{place}.{chance.getrandbits(64):016x}@{sender.rpartition('@')[2]}>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    body = encodebytes(text.replace("\n", "\r\n").encode()).replace(b"\n", b"\r\n")
    return header.encode("ascii") + body
