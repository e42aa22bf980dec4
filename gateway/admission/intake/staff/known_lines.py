"""Lines of a member's signature, learned from a practice reply or from replies to letters.

Known lines are a convenience. A slogan can say anything, so the position of a line matters more than its
words: below a mark or a line of a signature, never where members write, in a practice reply too. Decision
words, conditions, questions and requests about a case are not learned even there. From a reply to a real
letter no possible remark is learned: a line that ends like a sentence or contains a date needs practice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateway.admission.replies.context import ReplyContext, Slots, build_slots
from gateway.admission.replies.grammar.beside import reasons
from gateway.admission.replies.grammar.names.signature import is_signature_line
from gateway.admission.replies.text import own_words
from gateway.admission.replies.text.own_words import OwnLine, fold_known, has_stem
from gateway.admission.replies.text.sentences import fold_phrase
from gateway.mail.lines import is_rule
from gateway.patterns import compile_later

MAX_KNOWN = 20  # lines per reply
_LENGTH = range(2, 121)
# What a reply may say about its case or itself: too close to a condition to be accepted unread.
_ABOUT_THE_CASE = compile_later(
    r"申請|申し?込|在籍|在職|所属|招待|確認|確かめ|審査|判断|手続|決裁|条件|要件|本件|この件|ただし|但し"
    r"|回答|返信|返事|返答|反対|賛成|だめ|ダメ|駄目|嫌|^ng$|[案仮]です|草案|仮の|うそ|嘘|見解|意見|了解を|後日|決定|決め"
    r"|代筆|代理|自動|なし$|不可|週まで|(?:私|本人)は|上の|上記|前の|無効|有効|期限|期日|まで(?:です|に|$)"
    r"|先に|[待持]って|待ち|延期|再考|見送|中止|やめ|止め|別途|連絡|電話し|送ら|送って|聞い|尋ね|相談"
    # Statements about the mail itself count only as a notice of a known form.
    r"|(?:本|この|当)(?:電子)?(?:メール|e-?mail)|\bthis (?:e-?mail|mail|message)\b"
    r"|\b(?:appli|invit|confirm|verif|check|first|unless|until|before|wait|but|however|only|call|formal|decision|binding|opposite|opinion|answer|reply|ignore|no\b|not\b|ng\b)"
)


def find_signature_lines(text: str, context: ReplyContext, *, practised: bool = False) -> tuple[str, ...]:
    """Return the lines of a plain text that may be its author's signature, folded for comparison.

    They follow the last decision word, a blank line, and a mark or a line of a signature. In a practice reply
    (`practised`) they may also precede such a line in the same block. Signature lines that the grammar knows
    need no learning.
    """
    lines = own_words.split(text, context.letter_lines).lines
    found = _select(lines, build_slots(context), practised=practised)
    return tuple(dict.fromkeys(map(fold_known, found)))[:MAX_KNOWN]


def _select(lines: tuple[OwnLine, ...], slots: Slots, *, practised: bool) -> Iterator[str]:
    apart = False
    below = lines[_find_said(lines) + 1 :]
    signed = practised and any(_is_signature(line, slots) for line in below)
    for line in below:
        apart = apart or not line.text.strip() or bool(line.label)
        if not line.text.strip() or not apart:
            continue
        if _is_signature(line, slots):
            signed = True
        elif (signed or line.label) and _can_be_learned(line, slots, practised=practised):
            yield line.text


def _can_be_learned(line: OwnLine, slots: Slots, *, practised: bool) -> bool:
    is_apart = line.label != "old" and not line.wrapped
    return is_apart and can_be_known(line.text) and not _is_remark(line.text, slots, practised=practised)


# How a Japanese sentence ends, even if broken off; and any day, week, month and year.
_ENDS = compile_later(
    r"(?:す|た|ん|せ|さい|たい|ない|だ|で|て|なら|れば|たら|は|が|を|に|へ|と|も|の|から|まで|より|けど|ので|こと"
    r"|か|な|よ|ね|み|後|前|次第|中止|要|不要|済|未)\W*$"
)
_DAYS = compile_later(
    r"[日週月年翌]|\d+ ?[/.-] ?\d|\b(?:to|mon|tues|wednes|thurs|fri|satur|sun)?day|tomorrow|week|month|year"
)


# A range of hours in brackets is somebody's working hours.
_HOURS = compile_later(r"\d{1,2}:\d\d ?[~-] ?\d{1,2}:\d\d")


def _is_remark(line: str, slots: Slots, *, practised: bool) -> bool:
    """Return whether a line below a signature may be a remark.

    Signs are a colleague's name, brackets after the own name, a full stop; unless `practised`, also an ending
    like a sentence, or a date.
    """
    folded = " ".join(fold_phrase(line).split())
    if line.rstrip().endswith(("。", "．")) or _names_colleague(folded, slots) or _has_aside(folded, slots):
        return True
    bare = "".join(folded.split())
    return not practised and (_ENDS.search(bare) is not None or _DAYS.search(folded) is not None)


def _names_colleague(folded: str, slots: Slots) -> bool:
    """Return whether a colleague is named; a name of one character must stand alone."""
    alone = re.search(rf"(?<!\w)(?:{slots.others})(?!\w)", folded)
    return alone is not None or any(len(one[0]) > 1 for one in re.finditer(slots.others, folded))


def _has_aside(folded: str, slots: Slots) -> bool:
    """Return whether brackets next to the own name contain more than its reading or working hours."""
    rest = re.sub(slots.reading, "", folded)
    beside = rf"(?:{slots.own}) ?[(\[<【〔「]|[)\]>】〕」] ?(?:{slots.own})"
    return re.search(beside, rest) is not None and _HOURS.search(rest) is None


def _is_signature(line: OwnLine, slots: Slots) -> bool:
    return is_signature_line(" ".join(fold_phrase(line.text).split()), slots)


def _find_said(lines: tuple[OwnLine, ...]) -> int:
    """Return the index of the last line with a decision word, else of the first line with text."""
    stems = [at for at, line in enumerate(lines) if not line.label and has_stem(line.text)]
    return stems[-1] if stems else next((at for at, line in enumerate(lines) if line.text.strip()), -1)


def can_be_known(line: str) -> bool:
    """Return whether a line may be part of a signature that is accepted unread."""
    folded = fold_phrase(line)
    bare = "".join(folded.split())
    return (
        len(bare) in _LENGTH
        and not is_rule(line)
        and not has_stem(line)
        and not reasons.has_doubt("approve", line, labelled=False)
        and _ABOUT_THE_CASE.search(bare) is None
        and _ABOUT_THE_CASE.search(folded) is None
    )
