"""Whether somebody agreed to the rules, read from a value, a tick box or a sentence.

An empty box before 同意する is no consent; two unmarked choices and a condition are no answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

from gateway.mail.text import FORMAT_CHARACTERS


class Consent(StrEnum):
    """What the applicant said about the rules; `absent` when nothing clear was said."""

    YES = "yes"
    NO = "no"
    ABSENT = "absent"


_TICK = r"(?:[☑✓✔✅■☒●◉レ]|[\[(【]\s{0,3}(?:x|v|○|o|✓|✔|☑|■|●|レ|\*)\s{0,3}[\])】])"
_EMPTY = r"(?:[□☐▢◻○〇◯]|[\[(【]\s{0,6}[\])】])"
_MARKED = re.compile(rf"({_TICK}|{_EMPTY})\s{{0,4}}([^□☐▢◻○〇◯☑✓✔✅■☒●◉\[(【/]{{0,80}})")
_TICKED = re.compile(_TICK)
# Without a choice beside it a circle is a yes.
_CIRCLE = "○〇◯"
_MARKS_ALONE = frozenset({*_CIRCLE, "☑", "✓", "✔", "✅", "レ", "[x]", "[v]", "(○)", "[○]"})

_RULES = (
    r"(?:(?:私は|当方は)?[、,]?(?:上記の?|本|当|下記の?)?(?:参加|利用|会員|コミュニティの?)?(?:規約"
    r"|ルール|利用条件|規定)等?(?:の内容|のすべて)?に(?:は)?[、,]?(?:すべて|全て)?)?"
)
_READ = (
    r"(?:(?:上記の?|本|当|下記の?)?(?:参加|利用|会員|コミュニティの?)?(?:規約|ルール|利用条件|規定)等?(?:の内容)?を"
    r"(?:よく|すべて|全て)?(?:確認|理解|承知|了承|熟読|一読|拝読|読)(?:した|し|んだ|み|の|済みの?)?(?:うえ|上)?で?[、,]?)?"
)
_YES = re.compile(
    rf"{_READ}{_RULES}(?:同意(?:する|した|し(?:ます|ました)|(?:いた|致)し(?:ます|ました)|済み?(?:です)?|です"
    r"|あり)?|(?:承諾|了承|了解)(?:する|(?:いた|致)?し(?:ます|ました)))"
    r"|(?:はい|ハイ)[、,]?(?:同意(?:する|(?:いた|致)?します))?|有り?|ok|y|yes,? ?(?:i (?:do|agree))?"
    r"|i (?:agree|accept|consent)|agreed?|accept(?:ed)?|consent"
    r"|(?:yes,? )?i (?:have read and )?(?:agree|accept|consent)(?: to)?(?: (?:the|these|your"
    r"|all))? ?(?:rules|terms(?: of use)?|conditions)(?: of [a-z ]{1,40})?"
)
_NO = re.compile(
    rf"{_RULES}(?:同意(?:は)?(?:しない|(?:いた|致)?しません|できない|できません|(?:いた"
    r"|致)?しかねます|なし)|不同意)|いいえ|イイエ|しない|no|n"
    r"|(?:no,? )?i (?:do not|don't|cannot|can't) (?:agree|accept|consent)(?: .{0,60})?|(?:do not"
    r"|don't|not) agree|disagree(?:d)?|declined?|refused?"
)
_VERSION = re.compile(
    r"第\s?[0-9.]{1,8}\s?版|version\s?[0-9][0-9a-z.-]{0,15}|v\s?[0-9][0-9.]{0,8}|[0-9.]{1,8}\s?版"
    r"|(?:令和\s?[0-9]{1,2}|[0-9]{4})\s?年\s?[0-9]{1,2}\s?月(?:\s?[0-9]{1,2}\s?日)?(?:\s?(?:版|改定"
    r"|改正|施行|更新))?|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}\s?版?",
    re.IGNORECASE,
)
_NOTE = re.compile(r"\(([^()]{0,120})\)|【([^【】]{0,120})】|「([^「」]{0,120})」")
# What may stand in brackets beside an answer without limiting it; anything else is no clear answer.
_SAYS_NOTHING = re.compile(
    r"(?:必須|required|本人|(?:(?:上記の?|本)?(?:参加|利用)?(?:規約|ルール|利用条件|規定)|全文|内容)"
    r"(?:の(?:内容|全文))?(?:を|は)?(?:すべて|全て|よく)?"
    r"(?:(?:確認|理解|承知|了承|熟読|一読)(?:済み?|(?:いた|致)?しました)?|読みました|読んだ)?)?[。.]?"
)


# Consent that is put off is none.
_PUT_OFF = re.compile(
    r"同意.{0,20}(?:後日|後程|後ほど|のちほど|保留|検討中|確認中|未定)|(?:後日|後程|後ほど|のちほど|まだ).{0,20}同意"
    r"|agree.{0,20}(?:later|pending|not yet)"
)
_UNSEEN = re.compile(f"[\x00-\x1f\x7f-\x9f{FORMAT_CHARACTERS}]")


def fold(text: str) -> str:
    """At most 400 characters of a text as they are compared: NFKC, small letters, single spaces."""
    visible = _UNSEEN.sub("", unicodedata.normalize("NFKC", text[:400]))
    return " ".join(visible.casefold().replace("’", "'").split())


def parse(text: str) -> Consent:
    """Read a value such as `同意する`, `☑同意する □同意しない`, `[x] I agree`, `はい`."""
    folded = fold(text)
    if _PUT_OFF.search(folded) is not None:
        return Consent.NO
    marked: list[tuple[str, str]] = _MARKED.findall(folded)
    if any(_is_limited(folded, choice.end()) for choice in _MARKED.finditer(folded)):
        return Consent.ABSENT
    answers = [
        (mark, answer) for mark, said in marked if (answer := _parse_phrase(said)) is not Consent.ABSENT
    ]
    if not answers:
        if folded in _MARKS_ALONE:
            return Consent.YES
        return Consent.ABSENT if marked else _parse_phrase(folded)
    return _parse_boxes(answers)


def _parse_boxes(answers: Sequence[tuple[str, Consent]]) -> Consent:
    """The answer of boxes: what is ticked counts; nothing ticked is no consent."""
    if len(answers) == 1 and answers[0][0] in _CIRCLE:
        return answers[0][1]
    ticked = {answer for mark, answer in answers if _TICKED.fullmatch(mark)}
    # A circle marks a choice where another choice has an empty box or no mark of its own.
    return ticked.pop() if len(ticked) == 1 else Consent.NO


def _parse_phrase(text: str) -> Consent:
    said = _NOTE.sub(_leave_out, _VERSION.sub("", text)).strip(" 。.、,!:・「」\"'*")
    if len(said) > 120:
        return Consent.ABSENT
    written = {said, "".join(said.split())}
    if any(map(_NO.fullmatch, written)):
        return Consent.NO
    return Consent.YES if any(map(_YES.fullmatch, written)) else Consent.ABSENT


def _is_limited(text: str, at: int) -> bool:
    """Whether a note that says something stands behind a choice."""
    note = _NOTE.match(text, at)
    is_box = re.match(f"{_TICK}|{_EMPTY}", text[at:]) is not None
    return note is not None and not is_box and bool(_leave_out(note))


def _leave_out(note: re.Match[str]) -> str:
    """Nothing for a note that limits nothing, else the note as it stands."""
    inside = "".join(filter(None, note.groups())).strip()
    compact = "".join(inside.split())
    return "" if _SAYS_NOTHING.fullmatch(compact) or _YES.fullmatch(inside) else note.group()


def find_version(text: str) -> str:
    """The version of the rules that a text names, as written, or empty."""
    match = _VERSION.search(text[:400])
    return match.group().strip() if match else ""
