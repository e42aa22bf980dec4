"""The RFCs that the code names in comments and docstrings: section by section, with the files."""

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
    "1034": "Domain names: concepts",
    "1035": "Domain names: implementation",
    "1047": "Duplicate messages",
    "1468": "ISO-2022-JP",
    "1554": "ISO-2022-JP-2",
    "1870": "SMTP SIZE",
    "2034": "SMTP enhanced error codes",
    "2045": "MIME part one",
    "2046": "MIME media types",
    "2047": "MIME encoded-words",
    "2142": "Mailbox names",
    "2181": "Clarifications to DNS",
    "2183": "Content-Disposition",
    "2231": "MIME parameter values",
    "2308": "Negative caching of DNS",
    "3207": "STARTTLS",
    "3461": "SMTP DSN",
    "3463": "Enhanced status codes",
    "3464": "Delivery status notifications",
    "3676": "format=flowed",
    "3834": "Automatic responses",
    "3848": "ESMTP transmission types",
    "4180": "CSV",
    "5321": "SMTP",
    "5322": "Internet message format",
    "5965": "Abuse reporting format",
    "6376": "DKIM",
    "6522": "multipart/report",
    "6840": "DNSSEC clarifications",
    "7208": "SPF",
    "7505": "Null MX",
    "8020": "NXDOMAIN",
    "8098": "Message disposition notifications",
    "8301": "DKIM algorithms",
    "8463": "DKIM with Ed25519",
    "8601": "Authentication-Results",
    "8617": "ARC",
    "9989": "DMARC",
}


def list_rfcs() -> str:
    """Deviations first, then each RFC with its sections and where they are cited."""
    cited: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    deviations = list[tuple[str, str, str]]()
    for path in sorted((ROOT / "gateway").rglob("*.py")):
        text, name = path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))
        for number, section in _CITED.findall(text):
            cited[number][section].add(name)
        for what, why in _DEVIATION.findall(text):
            deviations.append((what, re.sub(r"\s*\n\s*# ?", " ", why), f"`{name}`"))
    shown = format_table(
        ("of", "what differs, and why", "where"), sorted(deviations, key=lambda row: _order(row[0]))
    )
    index = "\n".join(_format_rfc(number, cited[number]) for number in sorted(cited, key=int))
    return f"## Deviations\n\n{shown}\n## Index\n\n{index}"


def _order(words: str) -> list[int]:
    """The numbers in `RFC 7208 section 2.6.3`."""
    return [int(number) for number in re.findall(r"\d+", words)]


def _format_rfc(number: str, sections: dict[str, set[str]]) -> str:
    title = f": {TITLES[number]}" if number in TITLES else ""
    ordered = sorted(
        sections, key=lambda name: [(not part.isdigit(), part.zfill(3)) for part in name.split(".")]
    )
    rows = [(name or "-", ", ".join(f"`{path}`" for path in sorted(sections[name]))) for name in ordered]
    heading = f"### [RFC {number}](https://www.rfc-editor.org/rfc/rfc{number}){title}"
    return f"{heading}\n\n{format_table(('section', 'cited in'), rows)}"
