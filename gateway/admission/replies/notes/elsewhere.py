"""Detects a question that leads an applicant elsewhere, or asks for credentials.

Otherwise a stolen mailbox could send it over the desk's signature by a reply without the code. Such a text is
shown first, and needs the code.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.admission.replies.grammar.parsing.units import Unit
from gateway.admission.replies.text.sentences import fold_compact, fold_phrase
from gateway.patterns import compile_later

# A URL, a host or an address, by its form.
_PLACE = compile_later(r"://|\S@\S|[a-z0-9-]\.[a-z]{2,20}(?![a-z])")
# A number or a word that does not belong to an application.
_SECRET = compile_later(
    r"(?<!電話)(?<!内線)(?<!郵便)(?<!職員)(?<!受付)(?<!直通)(?<!代表)(?<!fax)(?<!連絡先)番号|(?<!団体)コード|ワード"
    r"|ナンバー|カード|口座|暗証|\b(?:password|passcode|pin|card|account)\b"
)
_HEAD = compile_later(r"^[^:：]{1,8}[:：]\s*")


def find_leading(units: Sequence[Unit], shown: frozenset[str]) -> list[Unit]:
    """Return the units that lead elsewhere and were not `shown` to the author before."""
    return drop_shown([unit for unit in units if unit.kind is None and _leads(unit)], shown)


def drop_shown(units: Sequence[Unit], shown: frozenset[str]) -> list[Unit]:
    """Return the units that were not `shown` to the author before as not understood."""
    return [unit for unit in units if not _was_shown(unit, shown)]


def _leads(unit: Unit) -> bool:
    said = fold_phrase(unit.match.beside if unit.match else unit.sentence.raw)
    return _PLACE.search(said) is not None or _SECRET.search("".join(said.split())) is not None


def _was_shown(unit: Unit, shown: frozenset[str]) -> bool:
    said = fold_compact(_HEAD.sub("", unit.sentence.raw)).rstrip("。.?")
    return bool(said) and any(each.rstrip("。.?").endswith(said) for each in shown)
