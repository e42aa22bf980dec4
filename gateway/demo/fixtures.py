"""The sample world of the demo: municipalities with keys and DNS records, and a desk with two officials.

Nothing in it exists: only a name server on loopback answers for the domains. Their SPF records permit
loopback, so that a mail written by hand is authenticated too.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from gateway.admission.organisations.register_table import COLUMNS
from gateway.auth.dkim.sign import PrivateKey, Signer, public_record
from gateway.net.dns.server import Zone

DESK_DOMAIN = "madoguchi.mihon.go.jp"
STAFF = (("sato@kyoso.mihon.go.jp", "佐藤(担当)"), ("suzuki@kyoso.mihon.go.jp", "鈴木(担当)"))
SELECTOR = "demo"

# domain -> whether it publishes DMARC. Two thirds of the real ones do not (survey of March 2026).
HONEST = {
    "town.mihon.lg.jp": True,
    "city.rei.lg.jp": False,
    "mihon.go.jp": True,
    "kyoso.mihon.go.jp": True,
    # A town that was merged away in 2005; its name is still a rule of the Public Suffix List.
    "town.shingu.hyogo.jp": False,
    "union.mihon-kouiki.lg.jp": False,
    "city.kumo.lg.jp": False,
    "vill.furukanji.lg.jp": False,
    "jitaku.example": True,
    "tsuhan.example": True,
}
ATTACKER = "nisemono.example"
# The register of this world, used instead of the shipped one in the demo's folder: municipality numbers from
# 701 on have never been assigned. The columns are those of config/organisations.tsv.
_BODIES = (
    ("280003", "兵庫県", "兵庫県", "ひょうごけん", "prefecture", ""),
    ("287016", "兵庫県", "新宮町", "しんぐうちょう", "municipality", ""),
    ("477010", "見本県", "見本町", "みほんちょう", "municipality", "town.mihon.lg.jp"),
    ("477028", "見本県", "例市", "れいし", "municipality", "city.rei.lg.jp"),
    ("477036", "見本県", "雲市", "くもし", "municipality", "city.kumo.lg.jp"),
    ("477044", "見本県", "古漢字村", "ふるかんじむら", "municipality", "vill.furukanji.lg.jp"),
    ("478997", "見本県", "見本広域連合", "みほんこういきれんごう", "association", "union.mihon-kouiki.lg.jp"),
    ("8000099000001", "", "見本省", "みほんしょう", "agency", "mihon.go.jp"),
)
SILENT_DOMAIN = "city.kumo.lg.jp"


class DomainFixtures:
    """The zone, and a signer for every domain."""

    def __init__(self) -> None:
        self.zone = Zone()
        self.signers: dict[str, Signer] = {}
        for place, (domain, dmarc) in enumerate([*HONEST.items(), (ATTACKER, False)]):
            key: PrivateKey = (
                generate_private_key(65537, 2048) if place == 0 else Ed25519PrivateKey.generate()
            )
            self.publish_domain(domain, key, dmarc=dmarc)

    def publish_domain(self, domain: str, key: PrivateKey, *, dmarc: bool) -> None:
        """Publish the records of a domain that signs and receives mail."""
        self.signers[domain] = Signer(domain, SELECTOR, key)
        self.zone.add(domain, "MX", f"10 mx.{domain}")
        self.zone.add(f"mx.{domain}", "A", "192.0.2.10")
        self.zone.add(domain, "TXT", "v=spf1 ip4:127.0.0.0/8 ip6:::1 -all")
        self.zone.add(f"{SELECTOR}._domainkey.{domain}", "TXT", public_record(key))
        if dmarc:
            self.zone.add(f"_dmarc.{domain}", "TXT", "v=DMARC1; p=reject")

    def fail_dns(self, domain: str) -> None:
        """Make the DNS of a domain fail from now on."""
        for name in (domain, f"_dmarc.{domain}", f"{SELECTOR}._domainkey.{domain}"):
            self.zone.add(name, "TEMPFAIL")

    def restore_dns(self, domain: str) -> None:
        """Make the DNS of a domain work again."""
        for name in (domain, f"_dmarc.{domain}", f"{SELECTOR}._domainkey.{domain}"):
            self.zone.remove(name, "TEMPFAIL")


def format_register() -> str:
    """Return the text of the demo's own `organisations.tsv`."""
    rows = (
        (code, prefecture, name, kana, kind, code, f"{domain}|demo||" if domain else "", "no", "", "")
        for code, prefecture, name, kana, kind, domain in _BODIES
    )
    return "".join("\t".join(row) + "\n" for row in (COLUMNS, *rows))


# The demo shows what happens, not how fast: everything runs in one process.
FRONT_PROCESSES = 0


def settings_text(folder: Path, smtp_port: int, dns_port: int, store: str = "") -> str:
    """Return the demo's settings file, with which `gateway serve --config FOLDER` can continue the demo.

    `store`: the lines of `[store]`, unless it is a file in the folder.
    """
    staff = "\n".join(f'[[staff]]\naddress = "{address}"\nname = "{name}"\n' for address, name in STAFF)
    kept_in = store or f'path = "{folder / "gateway.db"}"'
    return f"""\
# Written by `gateway demo`. Everything here is made up.
[desk]
domain = "{DESK_DOMAIN}"
name = "共創プラットフォーム参加受付窓口"
contact = "電話 03-0000-0000（平日9時30分から17時まで）"
undo_minutes = 0
digest = false
rules_version = "2025年3月版"
rules_link = "https://kyoso.example/rules"
manual_link = "https://kyoso.example/manual"
guide_link = "https://kyoso.example/guide"
privacy_link = "https://kyoso.example/privacy"
notice = ["2026-11-20 参加の要件に、登録に必要なものを書き加えました"]

{staff}
[caps]
review_request_minutes = 0

[listen]
host = "127.0.0.1"
port = {smtp_port}
front_processes = {FRONT_PROCESSES}

[dns]
nameservers = ["127.0.0.1"]
port = {dns_port}

[store]
{kept_in}

[delivery]
transport = "maildir"
maildir = "{folder / "letters"}"

[eligibility.own_domains]
"city.rei.lg.jp" = "477028"

[invitation]
join_link = "https://join.example/t/kyoso/mihon"
"""
