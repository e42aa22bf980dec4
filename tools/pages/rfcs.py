"""The RFCs cited in comments and docstrings of the code: section by section, with the files."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from tools.pages.markdown import format_table

ROOT = Path(__file__).resolve().parents[2]
_CITED = re.compile(r"RFC (\d{3,5})(?:,? (?:section|appendix) ((?:\d+|[A-Z])(?:\.\d+)*))?")
# `# Deviation from RFC 6376 section 3.5: ...`, up to the end of the comment.
_DEVIATION = re.compile(r"Deviates? from (RFC \d+[^:\n]*): ([^\n]*(?:\n\s*# (?!Deviat)[^\n]*)*)")
TITLES = {
    "1034": "Domain name concepts",
    "1035": "Domain name implementation",
    "1047": "Duplicate messages in SMTP",
    "1112": "IP multicasting",
    "1122": "Requirements for Internet hosts",
    "1468": "ISO-2022-JP",
    "1554": "ISO-2022-JP-2",
    "1870": "SMTP SIZE extension",
    "2034": "SMTP enhanced error codes",
    "2045": "MIME message bodies",
    "2046": "MIME media types",
    "2047": "MIME encoded words",
    "2142": "Role mailbox names",
    "2181": "DNS clarifications",
    "2183": "Content-Disposition",
    "2231": "MIME parameter values",
    "2308": "DNS negative caching",
    "2369": "List-* header fields",
    "2606": "Reserved domain names",
    "2919": "List-Id",
    "2978": "Charset registration",
    "3030": "CHUNKING and BINARYMIME",
    "3207": "STARTTLS",
    "3461": "SMTP DSN extension",
    "3463": "Enhanced status codes",
    "3464": "Delivery status notifications",
    "3629": "UTF-8",
    "3676": "format=flowed",
    "3696": "Checking domain names and addresses",
    "3834": "Automatic responses",
    "3848": "ESMTP transmission types",
    "4180": "CSV format",
    "4291": "IPv6 addressing",
    "5233": "Subaddressing",
    "5280": "X.509 certificates",
    "5321": "SMTP",
    "5322": "Internet message format",
    "5452": "DNS forgery resilience",
    "5546": "iTIP (calendar invitations)",
    "5737": "IPv4 addresses for documentation",
    "5890": "IDNA definitions",
    "5891": "IDNA protocol",
    "5965": "Abuse Reporting Format (ARF)",
    "6068": "mailto URIs",
    "6125": "Server identity in TLS",
    "6265": "HTTP cookies",
    "6376": "DKIM",
    "6454": "Web origins",
    "6522": "multipart/report",
    "6531": "SMTPUTF8",
    "6533": "Internationalized DSN",
    "6647": "Greylisting",
    "6666": "IPv6 discard prefix",
    "6749": "OAuth 2.0",
    "6750": "OAuth 2.0 bearer tokens",
    "6761": "Special-use domain names",
    "6840": "DNSSEC clarifications",
    "6890": "Special-purpose IP addresses",
    "7208": "SPF",
    "7435": "Opportunistic security",
    "7505": "Null MX",
    "7515": "JSON Web Signature",
    "7636": "PKCE",
    "7766": "DNS over TCP",
    "8020": "NXDOMAIN semantics",
    "8098": "Message disposition notifications",
    "8301": "DKIM algorithms and key sizes",
    "8414": "OAuth 2.0 server metadata",
    "8463": "Ed25519 signatures in DKIM",
    "8551": "S/MIME 4.0",
    "8601": "Authentication-Results",
    "8617": "ARC",
    "9110": "HTTP semantics",
    "9112": "HTTP/1.1",
    "9207": "OAuth 2.0 issuer identification",
    "9715": "IP fragmentation in DNS over UDP",
    "9989": "DMARC",
}


def list_rfcs() -> str:
    """Return the deviations, then each RFC with its sections and where they are cited."""
    cited: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    deviations = list[tuple[str, str, str]]()
    for path in sorted((ROOT / "gateway").rglob("*.py")):
        text, name = path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))
        for number, section in _CITED.findall(text):
            cited[number][section].add(name)
        for what, why in _DEVIATION.findall(text):
            deviations.append((what, re.sub(r"\s*\n\s*# ?", " ", why), f"`{name}`"))
    shown = format_table(("RFC", "deviation", "where"), sorted(deviations, key=lambda row: _order(row[0])))
    index = "\n".join(_format_rfc(number, cited[number]) for number in sorted(cited, key=int))
    return f"## Deviations\n\n{shown}\n## Index\n\n{index}"


def _order(words: str) -> list[int]:
    """Return the numbers in `RFC 7208 section 2.6.3`, for sorting."""
    return [int(number) for number in re.findall(r"\d+", words)]


def _format_rfc(number: str, sections: dict[str, set[str]]) -> str:
    title = f": {TITLES[number]}" if number in TITLES else ""
    ordered = sorted(
        sections, key=lambda name: [(not part.isdigit(), part.zfill(3)) for part in name.split(".")]
    )
    rows = [
        (name or "whole document", ", ".join(f"`{path}`" for path in sorted(sections[name])))
        for name in ordered
    ]
    heading = f"### [RFC {number}](https://www.rfc-editor.org/rfc/rfc{number}){title}"
    return f"{heading}\n\n{format_table(('section', 'cited in'), rows)}"
