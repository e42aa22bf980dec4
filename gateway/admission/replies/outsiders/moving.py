"""An applicant announces a change of address: the entire own text, with at most one new address."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from gateway.admission.replies.context import NO_CONTEXT, ReplyContext
from gateway.admission.replies.outsiders.understanding import Grammar, is_all_understood, read_answer
from gateway.admission.replies.text import own_words
from gateway.admission.replies.text.own_words import OwnWords
from gateway.patterns import compile_later

# Placeholder for the new address, so that the sentence around it is parsed like any other.
_NEW = "新アドレス"
_WHY = (
    r"(?:(?:人事)?異動|組織改編|改編|改姓|昇任|転任|配置換え?)"
    r"(?:となり|になり|(?:し|いたし)まして|(?:の)?ため|により|に伴い|に伴って|で)[、,]?"
)
_ADDRESS = r"(?:(?:私の|登録(?:の|している)?|申請(?:の|した)?)?(?:メール)?アドレス(?:の変更|変更)?)"
_TO = rf"(?:{_NEW}(?:に|へ))?"
_CHANGES = (
    r"(?:変更(?:(?:に|と)なりました|(?:を)?(?:(?:いた|致)?し(?:ます|ました)|お願い(?:(?:いた|致)?します|申し上げます)"
    r"|希望(?:いた|致)?します|したいです|してください|して下さい)|です)?|変わりました|変わります)"
)
_DONE = r"(?:です|(?:(?:いた|致)?し|[にと]なり|があり)(?:ます|ました)|の連絡です)?"
_MOVE = compile_later(
    rf"(?:{_WHY})?{_ADDRESS}(?:を|が|は|の)?{_TO}{_CHANGES}|(?:人事)?異動{_DONE}(?:{_NEW}(?:です)?)?"
    rf"|(?:{_WHY})?{_ADDRESS}(?:を|が|は)?{_NEW}(?:に|へ){_CHANGES}|アドレス(?:の)?変更(?:{_NEW})?"
)
_NAMED = compile_later(
    rf"(?:新しい|変更後の|異動後の|変更先の|新)(?:メール)?アドレス(?:は|:)?{_NEW}(?:です|になります|となります|でお願いします)?"
    rf"|変更後(?:は|:)?{_NEW}(?:です)?|{_NEW}(?:です|になります|となります)?"
)
_JAPANESE = {"move": _MOVE, "named": _NAMED}
_ENGLISH = {
    "move": compile_later(
        r"(?:please change )?my (?:e-?mail )?address"
        rf"(?:(?: has)? changed| changes| is changing)?(?: to {_NEW})?"
        rf"|(?:change of|new) (?:e-?mail )?address(?::? ?{_NEW})?|my new (?:e-?mail )?address is {_NEW}"
    )
}
_GRAMMAR: Grammar = (_JAPANESE, _ENGLISH)


def is_move(text: str, new: str, context: ReplyContext = NO_CONTEXT) -> bool:
    """Return whether the own text only says that the author's address changes.

    `new` is the one address in the text, as written, or empty.
    """
    own = _name_new(own_words.split(text, context.letter_lines, context.known_lines), new)
    units = read_answer(own, context, _GRAMMAR)
    said = {unit.match.decision for unit in units if unit.match is not None}
    return "move" in said and is_all_understood(units, context)


def _name_new(own: OwnWords, new: str) -> OwnWords:
    """Return the own text with `_NEW` in place of the new address."""
    if not new:
        return own
    written = re.compile(
        rf"(?<![A-Za-z0-9.+_-])<?{re.escape(new)}(?![A-Za-z0-9-]|\.[A-Za-z0-9])>?", re.IGNORECASE
    )
    lines = (
        line._replace(text=written.sub(_NEW, unicodedata.normalize("NFKC", line.text))) for line in own.lines
    )
    return replace(own, lines=tuple(lines))
