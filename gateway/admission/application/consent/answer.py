"""Whether somebody agreed to the rules, read from a value, a tick box or a sentence.

Every word has to be understood. An empty box before 同意する is no consent; two unmarked choices, marks that
contradict each other, and a condition are no answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from functools import partial

from gateway.admission.application.consent.people import NOBODY, Writer, is_own_name
from gateway.admission.application.consent.phrases import NO, YES
from gateway.mail.text import FORMAT_CHARACTERS, is_common_text
from gateway.memoize import memoize

MAX_ANSWER = 400


class Consent(StrEnum):
    """What the applicant said about the rules; `absent` when nothing clear was said."""

    YES = "yes"
    NO = "no"
    ABSENT = "absent"


_TICK = r"(?:[☑✓✔✅■☒●◉レ]|[\[(【]\s{0,3}(?:x|v|○|o|✓|✔|☑|■|●|レ|\*)\s{0,3}[\])】])"
_CROSSES = frozenset("×✕✗✖")
_EMPTY = r"(?:[□☐▢◻○〇◯×✕✗✖]|[\[(【]\s{0,6}[\])】])"
_MARK = re.compile(f"({_TICK}|{_EMPTY})")
_TICKED = re.compile(_TICK)
_BOX_SIGN = re.compile(r"[☑✓✔✅■☒●◉レ□☐▢◻○〇◯×✕✗✖\[(【]")  # what a mark begins with
# Without a choice beside it a circle is a yes; beside a dot it may be the chosen one, or the empty one.
_CIRCLES = frozenset("○〇◯")
_MARKS_ALONE = frozenset({*_CIRCLES, "☑", "✓", "✔", "✅", "レ", "[x]", "[v]", "(○)", "[○]"})

_VERSION = re.compile(
    r"第\s?[0-9.]{1,8}\s?版|version\s?[0-9][0-9a-z.-]{0,15}|v\s?[0-9][0-9.]{0,8}|[0-9.]{1,8}\s?版"
    r"|(?:令和\s?[0-9]{1,2}|[0-9]{4})\s?年\s?[0-9]{1,2}\s?月(?:\s?[0-9]{1,2}\s?日)?\s?(?:改定|改正)?版"
    r"|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}\s?版",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\(([^()]{0,120})\)|\[([^\[\]]{0,120})\]|【([^【】]{0,120})】|「([^「」]{0,120})」|※(.{0,120})$"
)
# What may stand in brackets beside an answer without limiting it; anything else is no clear answer.
_SAYS_NOTHING = re.compile(
    r"(?:(?:上司|所属長|課長|部長|室長|所属(?:機関)?|当課|課内)(?:の|も)?(?:承諾|同意|了承|許可|承認"
    r"|了解)(?:済み?(?:です)?|あり"
    r"|(?:を|も)?得て(?:い|おり)?ます|を得ました)|必須|required|本人(?:確認済み?)?"
    r"|(?:「?同意する」?と)?(?:ご?記入|書く|書いて)(?:してください|ください)?"
    r"|h(?:tt|xx)ps?:/?/?[a-z0-9_./~%?=&#-]{1,200}"
    r"|(?:いずれか|どちらか)(?:に(?:○|チェック)|を選択)(?:してください)?|write:iagree"
    r"|(?:(?:上記の?|本)?(?:参加|利用)?(?:規約|ルール|利用条件|規定)|全文|内容)"
    r"(?:の(?:内容|全文))?(?:を|は)?(?:すべて|全て|よく)?"
    r"(?:(?:確認|理解|承知|了承|熟読|一読)(?:済み?|(?:いた|致)?しました)?|読みました|読んだ)?)?[。.]?"
)
_WHOLE = re.compile(r"^[\[(【「『〔<]([^\[\](){}【】「」『』〔〕<>]{2,})[\])】」』〕>]$")
_MARKED_AS_WANTED = re.compile(r"^※?(?:必須|任意|required) | ※?(?:必須|任意|required)$")


# Consent that is put off is none.
_PUT_OFF = re.compile(
    r"同意.{0,20}(?:後日|後程|後ほど|のちほど|保留|検討中|確認中|未定)|(?:後日|後程|後ほど|のちほど"
    r"|まだ).{0,20}同意"
    r"|agree.{0,20}(?:later|pending|not yet)"
)
# 同意する…: somebody who is not sure.
_HESITATION = re.compile(r"[.。・](?: ?[.。・])+|[~ー―?]$|[、,]$")
_UNSEEN = re.compile(f"[\x00-\x1f\x7f-\x9f{FORMAT_CHARACTERS}]")
_AROUND = " _。.、,!:・/|「」\"'*"


@memoize(maxsize=2048, max_key=400, why="each line of a mail is compared with a dozen patterns")
def fold(text: str) -> str:
    """At most 400 characters of a text as they are compared: NFKC, small letters, single spaces."""
    return fold_whole(text[:MAX_ANSWER])


def fold_whole(text: str) -> str:
    """All of a text as it is compared."""
    visible = unicodedata.normalize("NFKC", text)
    if not is_common_text(visible) or "\n" in visible or "\t" in visible:
        visible = _UNSEEN.sub("", visible)
    return " ".join(visible.casefold().replace("’", "'").split())


def is_hesitant(text: str) -> bool:
    """Whether a text breaks off: 同意する…"""
    return _HESITATION.search(fold(text)) is not None


def is_put_off(text: str) -> bool:
    """Whether a text says that consent may follow later."""
    folded = fold(text)
    return ("同意" in folded or "agree" in folded) and _PUT_OFF.search(folded) is not None


def read_answer(text: str, writer: Writer = NOBODY) -> Consent:
    """Read a value such as `同意する`, `☑同意する □同意しない`, `[x] I agree`, `はい`.

    `writer` may sign it in brackets.
    """
    if len(text) >= MAX_ANSWER:  # the rest was cut off, perhaps
        return Consent.ABSENT
    if is_put_off(text):
        return Consent.NO
    folded = _WHOLE.sub(r"\1", fold(text))
    if folded in _MARKS_ALONE:
        return Consent.YES
    return Consent.ABSENT if says_something_else(folded) else _read_folded(folded, writer)


def _read_folded(folded: str, writer: Writer) -> Consent:
    before, *marked = _MARK.split(folded)
    if not marked:
        return _read_phrase(folded, writer)
    choices = marked[1::2]
    if before.strip(_AROUND):
        if choices[-1].strip(_AROUND):
            return Consent.ABSENT
        choices = [before, *choices[:-1]]  # 同意する ☑ 同意しない ☐: each mark stands behind its choice
    return _read_boxes(
        [(mark, _read_phrase(said, writer)) for mark, said in zip(marked[::2], choices, strict=True)]
    )


def says_something_else(folded: str) -> bool:
    """Whether a folded text is no answer, at a glance: without a box or a word of consent, it is longer than
    any. What the look spares finds the same, only later."""
    if len(folded) <= _LONGEST_WEAK or _STRONG.search("".join(folded.split())) or _MARK.search(folded):
        return False
    bare = "".join(_NOTE.sub("", _VERSION.sub("", folded)).split()).strip(_AROUND)
    return len(bare) > _LONGEST_WEAK and _STRONG.search(bare) is None


# An answer holds one of these, or is as short as of course, i do.
_STRONG = re.compile(
    "(?:規約|ルール)(?:は|も|について)?ok|同意|承諾|了承|了解|承知|異議|異存|異論|agree|accept|consent|decline|refuse"
)
_LONGEST_WEAK = 30


# The answers that hold none of these, each the whole of what is said.
_SHORT = (
    *(
        "はい",
        "ハイ",
        "いいえ",
        "イイエ",
        "する",
        "した",
        "します",
        "しました",
        "いたします",
        "いたしました",
        "しない",
    ),
    *(
        "致します",
        "致しました",
        "有",
        "有り",
        "済",
        "済み",
        "済みです",
        "済です",
        "ok",
        "y",
        "yes",
        "no",
        "n",
    ),
)
_SHORT_ANSWER = re.compile(
    rf"(?<![^\W_])(?:{'|'.join(' ?'.join(word) for word in _SHORT)})(?![^\W_])|i do(?![^\W_])|ドウイ|どうい"
)
# A note that may stand inside a word: 同(必須)意.
_INNER_NOTE = re.compile(r"[(\[【「](?:(?<=[^\W_].)|(?<=[^\W_] .)).{0,400}[)\]】」] ?[^\W_]")


def may_answer(text: str) -> bool:
    """Whether an answer may stand anywhere in a text, in lines that are joined too, at a glance: it holds a
    box, a word of consent, a version, or a short answer with no letter beside it."""
    folded = fold_whole(" ".join(text.split()))
    if any(_MARK.match(folded, sign.start()) for sign in _BOX_SIGN.finditer(folded)):
        return True
    if ("版" in folded or "v" in folded) and _VERSION.search(folded):
        return True
    if _INNER_NOTE.search(folded) and _holds_answer(_NOTE.sub("", folded)):
        return True
    return _holds_answer(folded)


def _holds_answer(folded: str) -> bool:
    return _STRONG.search(folded.replace(" ", "")) is not None or _SHORT_ANSWER.search(folded) is not None


def _read_boxes(choices: Sequence[tuple[str, Consent]]) -> Consent:
    """The answer of boxes: what is ticked counts; nothing ticked is no consent."""
    marks = {mark for mark, _ in choices}
    if any(answer is Consent.ABSENT and not _is_empty(mark) for mark, answer in choices):
        return Consent.ABSENT  # something is chosen that nobody understands
    known = [(mark, answer) for mark, answer in choices if answer is not Consent.ABSENT]
    if not known:
        return Consent.ABSENT
    if len(known) == 1 and known[0][0] in _CIRCLES:
        return known[0][1]
    # Beside crosses a circle is the chosen one; beside dots it is the empty one.
    chosen = _CIRCLES if marks <= _CIRCLES | _CROSSES and marks & _CROSSES else frozenset[str]()
    ticked = {answer for mark, answer in known if mark in chosen or _TICKED.fullmatch(mark)}
    if len(ticked) != 1:
        return Consent.NO
    found = ticked.pop()
    is_open = any(
        answer is found and mark not in chosen and _TICKED.fullmatch(mark) is None for mark, answer in known
    )
    return Consent.ABSENT if is_open else found


def _is_empty(mark: str) -> bool:
    return _TICKED.fullmatch(mark) is None and mark not in _CIRCLES


def _read_phrase(text: str, writer: Writer) -> Consent:
    if is_hesitant(text):
        return Consent.ABSENT
    said = _NOTE.sub(partial(_leave_out, writer), _VERSION.sub("", text)).strip(_AROUND)
    said = _MARKED_AS_WANTED.sub("", said).strip(_AROUND)
    if len(said) > 120:
        return Consent.ABSENT
    parts = said.split("/")
    if len(parts) == 2 and all(
        YES.fullmatch("".join(part.split())) or YES.fullmatch(part.strip()) for part in parts
    ):
        return Consent.YES  # in two languages
    written = {said, "".join(said.split()), _in_kanji("".join(said.split()))}
    # A no with a reason in brackets is one.
    if any(map(NO.fullmatch, {*written, _NOTE.sub("", said).strip(_AROUND)})):
        return Consent.NO
    return Consent.YES if any(map(YES.fullmatch, written)) else Consent.ABSENT


_KANA = re.compile(r"(?:ドウイ|どうい)(?:(?P<do>スル|する|(?:イタ)?シマス|(?:いた)?します)(?:。)?)?")


def _in_kanji(text: str) -> str:
    """An answer that is in kana throughout, as an old program writes it: ドウイスル."""
    return "同意する" if _KANA.fullmatch(text) else text


def _leave_out(writer: Writer, note: re.Match[str]) -> str:
    """Nothing for a note that limits nothing, else the note as it stands."""
    inside = "".join(filter(None, note.groups())).strip(" ※")
    compact = "".join(inside.split())
    is_known = _SAYS_NOTHING.fullmatch(compact) or YES.fullmatch(inside) or is_own_name(inside, writer)
    return "" if is_known else note.group()


def find_version(text: str) -> str:
    """The version of the rules that a text names, as written, or empty."""
    match = _VERSION.search(text[:MAX_ANSWER])
    return match.group().strip() if match else ""
