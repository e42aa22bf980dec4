"""A question that leads an applicant elsewhere, or asks for what lets somebody in.

A stolen mailbox must not ask so over the desk's signature by a natural reply: such a text is shown first, and
wants the code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gateway.admission.replies.grammar.units import Unit
from gateway.admission.replies.text.sentences import fold_compact, fold_phrase

# A URL, a host or an address, by its shape.
_PLACE = re.compile(r"://|\S@\S|[a-z0-9-]\.[a-z]{2,20}(?![a-z])")
# A number or a word that is not one of those that an application is made of.
_SECRET = re.compile(
    r"(?<!電話)(?<!内線)(?<!郵便)(?<!職員)(?<!受付)(?<!直通)(?<!代表)(?<!fax)(?<!連絡先)番号|(?<!団体)コード|ワード"
    r"|ナンバー|カード|口座|暗証|\b(?:password|passcode|pin|card|account)\b"
)
_HEAD = re.compile(r"^[^:：]{1,8}[:：]\s*")


def find_leading(units: Sequence[Unit], shown: frozenset[str]) -> list[Unit]:
    """The units that lead elsewhere and were not `shown` to the writer before."""
    return [unit for unit in units if unit.kind is None and _leads(unit) and not _was_shown(unit, shown)]


def _leads(unit: Unit) -> bool:
    said = fold_phrase(unit.match.beside if unit.match else unit.sentence.raw)
    return _PLACE.search(said) is not None or _SECRET.search("".join(said.split())) is not None


def _was_shown(unit: Unit, shown: frozenset[str]) -> bool:
    said = fold_compact(_HEAD.sub("", unit.sentence.raw)).rstrip("。.?")
    return bool(said) and any(each.rstrip("。.?").endswith(said) for each in shown)
