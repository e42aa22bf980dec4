"""Signatures: the lines from a drawn line, or a mark such as `-- `, to the next one, with contact details.

They are written once for all mails, so that what they announce is not about the mail that they end.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.admission.application.items.labels import Item
from gateway.admission.application.layout.line import parse_line
from gateway.mail.lines import find_mark
from gateway.patterns import compile_later

MAX_SIGNATURE = 14
_TELEPHONE = compile_later(r"[0-9０-９]{2,5}[-－‐ー(（)）][0-9０-９]{1,4}[-－‐ー)）][0-9０-９]{3,4}")
# From its sign on: a search from the beginning of a word takes all words.
_ADDRESS = compile_later(r"[@＠](?<=[\w.+-][@＠])[\w-]{1,63}\.[\w.]{2,80}")


def is_contact(line: str) -> bool:
    """Return whether a line contains a telephone number or an address."""
    return _TELEPHONE.search(line) is not None or _ADDRESS.search(line) is not None


def is_in_signature(texts: Sequence[str], at: int) -> bool:
    """Return whether line `at` of `texts` is in a signature; a block with items of a form is none."""
    above = range(at - 1, max(-1, at - 1 - MAX_SIGNATURE), -1)
    begun = next((place for place in above if find_mark(texts[place])), None)
    if begun is None:
        return False
    last = min(len(texts), begun + 1 + MAX_SIGNATURE)
    end = next((place for place in range(at + 1, last) if find_mark(texts[place])), last)
    block = texts[begun + 1 : end]
    return any(map(is_contact, block)) and not any(map(_is_item, block))


def is_below_signature_mark(texts: Sequence[str], at: int) -> bool:
    """Return whether line `at` is below a mark such as `-- `, and no item of a form between them."""
    above = range(at - 1, max(-1, at - 1 - MAX_SIGNATURE), -1)
    begun = next((place for place in above if find_mark(texts[place]) == "signature"), None)
    return begun is not None and not any(map(_is_item, texts[begun + 1 : at]))


def _is_item(text: str) -> bool:
    held = parse_line(text)
    return held is not None and held[0] is not Item.EMAIL
