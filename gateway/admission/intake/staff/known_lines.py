"""Lines of a member's signature, learned from a practice reply or from replies to letters.

Known lines are convenience. Slogans can say anything, so where a line stands tells more than its words: below
a mark or a line of a signature, never where a member writes, in a practice reply too. A word of decision, a
condition, a question or a request about a case is not learned even there. A reply to a real letter teaches
nothing that may be a remark: what ends as a sentence or holds a day is learned by practice alone.
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

MAX_KNOWN = 20  # lines of one reply
_LENGTH = range(2, 121)
# What a reply may say about its case or about itself: too near to a condition to be let through unread.
_ABOUT_THE_CASE = re.compile(
    r"申請|申し?込|在籍|在職|所属|招待|確認|確かめ|審査|判断|手続|決裁|条件|要件|本件|この件|ただし|但し"
    r"|回答|返信|返事|返答|反対|賛成|だめ|ダメ|駄目|嫌|^ng$|[案仮]です|草案|仮の|うそ|嘘|見解|意見|了解を|後日|決定|決め"
    r"|代筆|代理|自動|なし$|不可|週まで|(?:私|本人)は|上の|上記|前の|無効|有効|期限|期日|まで(?:です|に|$)"
    r"|先に|[待持]って|待ち|延期|再考|見送|中止|やめ|止め|別途|連絡|電話し|送ら|送って|聞い|尋ね|相談"
    # What is said of the mail itself counts as a notice of a known shape, or not at all.
    r"|(?:本|この|当)(?:電子)?(?:メール|e-?mail)|\bthis (?:e-?mail|mail|message)\b"
    r"|\b(?:appli|invit|confirm|verif|check|first|unless|until|before|wait|but|however|only|call|formal|decision|binding|opposite|opinion|answer|reply|ignore|no\b|not\b|ng\b)"
)


def find_signature_lines(text: str, context: ReplyContext, *, practised: bool = False) -> tuple[str, ...]:
    """The lines of a plain text that may be its writer's signature, folded as they are compared.

    They stand below the last word of decision, below a blank line, and below a mark or a line of a signature;
    in a reply that was `practised`, also above such a line of the same block. What the grammar knows as a
    signature needs no learning.
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


# How a sentence of Japanese ends, also one that is broken off; and every day, week, month and year.
_ENDS = re.compile(
    r"(?:す|た|ん|せ|さい|たい|ない|だ|で|て|なら|れば|たら|は|が|を|に|へ|と|も|の|から|まで|より|けど|ので|こと"
    r"|か|な|よ|ね|み|後|前|次第|中止|要|不要|済|未)\W*$"
)
_DAYS = re.compile(
    r"[日週月年翌]|\d+ ?[/.-] ?\d|\b(?:to|mon|tues|wednes|thurs|fri|satur|sun)?day|tomorrow|week|month|year"
)


# A range of hours in brackets says when somebody works.
_HOURS = re.compile(r"\d{1,2}:\d\d ?[~-] ?\d{1,2}:\d\d")


def _is_remark(line: str, slots: Slots, *, practised: bool) -> bool:
    """Whether a line below a signature may be meant: a colleague's name, brackets beside the own name, a full
    stop; where nobody `practised`, also what ends as a sentence does, or holds a day."""
    folded = " ".join(fold_phrase(line).split())
    if line.rstrip().endswith(("。", "．")) or _names_colleague(folded, slots) or _has_aside(folded, slots):
        return True
    bare = "".join(folded.split())
    return not practised and (_ENDS.search(bare) is not None or _DAYS.search(folded) is not None)


def _names_colleague(folded: str, slots: Slots) -> bool:
    """A name of one sign is one where it stands alone."""
    alone = re.search(rf"(?<!\w)(?:{slots.others})(?!\w)", folded)
    return alone is not None or any(len(one[0]) > 1 for one in re.finditer(slots.others, folded))


def _has_aside(folded: str, slots: Slots) -> bool:
    """Brackets beside the own name that hold more than how it is read, or the hours of work."""
    rest = re.sub(slots.reading, "", folded)
    beside = rf"(?:{slots.own}) ?[(\[<【〔「]|[)\]>】〕」] ?(?:{slots.own})"
    return re.search(beside, rest) is not None and _HOURS.search(rest) is None


def _is_signature(line: OwnLine, slots: Slots) -> bool:
    return is_signature_line(" ".join(fold_phrase(line.text).split()), slots)


def _find_said(lines: tuple[OwnLine, ...]) -> int:
    """Number of the last line with a word of decision, else of the first with any word."""
    stems = [at for at, line in enumerate(lines) if not line.label and has_stem(line.text)]
    return stems[-1] if stems else next((at for at, line in enumerate(lines) if line.text.strip()), -1)


def can_be_known(line: str) -> bool:
    """Whether a line may be part of a signature that is let through unread."""
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
