"""Reads the consent to the rules from a value, a tick box or a sentence.

Every word has to be understood. An empty box before 同意する is no consent; two unmarked choices,
contradicting marks, and a condition are no answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import partial

from gateway.admission.application.consent.answers.corrected import read_corrected
from gateway.admission.application.consent.answers.phrases import NO, YES, agrees, ends_in_refusal, has_read
from gateway.admission.application.consent.people import NOBODY, Writer, is_own_name
from gateway.admission.application.evidence.day import read_day
from gateway.admission.application.items.fields import Consent
from gateway.mail.text import FORMAT_CHARACTERS, is_common_text
from gateway.memoize import memoize
from gateway.patterns import compile_later

MAX_ANSWER = 400


_TICK = r"(?:[☑✓✔✅■☒●◉レ]|[\[(【]\s{0,3}(?:x|v|○|o|✓|✔|☑|■|●|レ|\*)\s{0,3}[\])】])"
_CROSSES = frozenset("×✕✗✖")
_EMPTY = r"(?:[□☐▢◻○〇◯×✕✗✖]|[\[(【]\s{0,6}[\])】])"
_MARK = compile_later(f"({_TICK}|{_EMPTY})")
_TICKED = compile_later(_TICK)
# Where a mark may begin; a pattern that begins with a set of characters is ten times as fast to search.
_MAY_MARK = compile_later(r"[☑✓✔✅■☒●◉レ□☐▢◻○〇◯×✕✗✖\[(【](?:(?<![\[(【])|(?=\s{0,6}[xvo○✓✔☑■●レ*\])】]))")
# Without a choice beside it a circle is a yes; beside a dot it may be the chosen one, or the empty one.
_CIRCLES = frozenset("○〇◯")
_MARKS_ALONE = frozenset({*_CIRCLES, "☑", "✓", "✔", "✅", "レ", "[x]", "[v]", "(○)", "[○]"})

_VERSION = compile_later(
    r"第\s?[0-9.]{1,8}\s?版|version\s?[0-9][0-9a-z.-]{0,15}|v\s?[0-9][0-9.]{0,8}|[0-9.]{1,8}\s?版"
    r"|(?:令和\s?[0-9]{1,2}|[0-9]{4})\s?年\s?[0-9]{1,2}\s?月(?:\s?[0-9]{1,2}\s?日)?\s?(?:改定|改正)?版"
    r"|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}\s?版",
    re.IGNORECASE,
)
_NOTE = compile_later(
    r"\(([^()]{0,120})\)|\[([^\[\]]{0,120})\]|【([^【】]{0,120})】|「([^「」]{0,120})」|※(.{0,120})$"
)
# What may be in brackets beside an answer without limiting it; anything else is no clear answer.
_SAYS_NOTHING = compile_later(
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
_WHOLE = compile_later(r"^[\[(【「『〔<]([^\[\](){}【】「」『』〔〕<>]{2,})[\])】」』〕>]$")
_MARKED_AS_WANTED = compile_later(r"^※?(?:必須|任意|required) | ※?(?:必須|任意|required)$")


# A postponed consent is no answer: it is requested again.
_PUT_OFF = compile_later(
    r"同意.{0,20}(?:後日|後程|後ほど|のちほど|保留|検討中|確認中|未定)|(?:後日|後程|後ほど|のちほど"
    r"|まだ).{0,20}同意"
    r"|agree.{0,20}(?:later|pending|not yet)"
)
# 同意する…: an unfinished sentence shows hesitation.
_HESITATION = compile_later(r"[.。・](?: ?[.。・])+|[~ー―?]$|[、,]$")
_UNSEEN = compile_later(f"[\x00-\x1f\x7f-\x9f{FORMAT_CHARACTERS}]")
# A picture that also says yes after an answer: 同意しました👍. Any other may be ironic.
GLAD = compile_later(
    r"(?:[👍👌🙆🙋🙇🙏😊☺🙂✨🎉💪♪\U0001f3fb-\U0001f3ff♂♀\ufe0f\u200d ]|\(\^[-_.oω▽∀]{0,2}\^\))+$"
)
_AROUND = " _。.、,!:・/|「」\"'*"


@memoize(maxsize=2048, max_key=400, why="each line of a message is matched against a dozen patterns")
def fold(text: str) -> str:
    """Fold at most 400 characters of a text for comparison: NFKC, lower case, single spaces."""
    return fold_whole(text[:MAX_ANSWER])


def fold_whole(text: str) -> str:
    """Fold all of a text for comparison."""
    visible = unicodedata.normalize("NFKC", text)
    if not is_common_text(visible) or "\n" in visible or "\t" in visible:
        visible = _UNSEEN.sub("", visible)
    return " ".join(visible.casefold().replace("’", "'").split())


def is_hesitant(text: str) -> bool:
    """Return whether a text breaks off: 同意する…"""
    return _HESITATION.search(fold(text)) is not None


# A plan, or a consent that has not been given yet, which is no refusal: 同意する予定です, 同意していません.
_PLANNED = compile_later(
    r"同意(?:する|の|は|を)?[、(]?(?:予定|見込み?|つもり|考え(?!直)|方向)(?!がない|はない|はあ?りません)"
    r"|同意を?して(?:は)?い?(?:おり)?ません"
    r"|(?:plan|intend|going|hope) to (?:agree|consent|accept)|not agreed yet"
)
_REFUSAL = compile_later(
    r"同意(?:は|を)?(?:し(?:ない|ません)|(?:いた|致)し(?:ません|かねます)"
    r"|(?:でき|出来)(?:ない|ません|かねます))[。.!]?$"
)


def is_put_off(text: str) -> bool:
    """Return whether a text says that consent may follow later, and does not end in a refusal."""
    folded = fold(text)
    if "同意" not in folded and "agree" not in folded:
        return False
    bare = folded.replace(" ", "")
    said = _PUT_OFF.search(folded) or _PLANNED.search(bare) or _PLANNED.search(folded)
    return said is not None and _REFUSAL.search(bare) is None


def read_answer(text: str, writer: Writer = NOBODY) -> Consent:
    """Read a value such as `同意する`, `☑同意する □同意しない`, `[x] I agree`, `はい`.

    The name of the `writer` may follow in brackets.
    """
    if len(text) >= MAX_ANSWER:  # the rest may have been cut off
        return Consent.ABSENT
    corrected = read_corrected(fold(text))
    if corrected is not Consent.ABSENT or ends_in_refusal(fold(text)):
        return corrected if corrected is not Consent.ABSENT else Consent.NO
    if is_put_off(text):
        return Consent.ABSENT
    folded = _WHOLE.sub(r"\1", fold(text))
    if folded in _MARKS_ALONE:
        return Consent.YES
    return Consent.ABSENT if says_something_else(folded) else _read_folded(folded, writer)


def _read_folded(folded: str, writer: Writer) -> Consent:
    before, *marked = _MARK.split(folded)
    if not marked:
        return _read_phrase(folded, writer)
    if len(marked) == 2 and (chosen := _read_chosen(folded)) is not Consent.ABSENT:
        return chosen
    choices = marked[1::2]
    if before.strip(_AROUND):
        if choices[-1].strip(_AROUND):
            return Consent.ABSENT
        if not all(one.strip(_AROUND) for one in choices[:-1]):
            return Consent.ABSENT  # 同意：○ ×
        choices = [before, *choices[:-1]]  # 同意する ☑ 同意しない ☐: each mark follows its choice
    return _read_boxes(
        [(mark, _read_phrase(said, writer)) for mark, said in zip(marked[::2], choices, strict=True)]
    )


def _read_chosen(folded: str) -> Consent:
    """Return which of two adjacent choices has the only mark: ○同意する　同意しない.

    A mark with a blank between belongs to neither.
    """
    found = _TWO.fullmatch(folded)
    sides = {key: found[key] for key in ("yes", "no") if found[key]} if found is not None else {}
    marked = [key for key, said in sides.items() if _CHOOSES.search(said) is not None]
    return Consent(marked[0]) if len(sides) == 2 and len(marked) == 1 else Consent.ABSENT


_CHOSEN = r"(?:[○〇◯◎☑✓✔✅レ]|[\[(][○〇◯x✓✔レ][\])])"
_CHOOSES = compile_later(_CHOSEN)
_IS_YES = rf"(?P<yes>{_CHOSEN}?(?:同意(?:する|します)|はい|yes|i agree|agree){_CHOSEN}?)"
_IS_NO = rf"(?P<no>{_CHOSEN}?(?:同意(?:しない|しません)|いいえ|no|(?:i )?do not agree|disagree){_CHOSEN}?)"
_TWO = compile_later(rf"{_IS_YES}(?: ?[・/,、|] ?| ){_IS_NO}")


def says_something_else(folded: str) -> bool:
    """Return whether a folded text is certainly no answer, by a quick check.

    Without a box or a word of consent, it is longer than any answer. Skipping this check gives the same
    result, only later.
    """
    if len(folded) <= _LONGEST_WEAK or _STRONG.search("".join(folded.split())) or _MARK.search(folded):
        return False
    bare = "".join(_NOTE.sub("", _VERSION.sub("", folded)).split()).strip(_AROUND)
    return len(bare) > _LONGEST_WEAK and _STRONG.search(bare) is None


# An answer contains one of these, or is as short as: of course, i do.
_STRONG = compile_later(  # each begins with a letter, otherwise the search is ten times as slow
    "規約(?:は|も|について)?ok|ルール(?:は|も|について)?ok|同意|承諾|了承|了解|承知|異議|異存|異論|agree|accept|consent|decline|refuse"
)
_LONGEST_WEAK = 30


# The answers that contain none of these; each must be the whole text.
_WORDS = """
    はい ハイ いいえ イイエ する した します しました いたします いたしました しない 致します 致しました
    有 有り あり あります 有ります 済 済み 済みです 済です ok y yes no n
"""
_SHORT = tuple(_WORDS.split())
# Searched for after a blank that is prepended.
_SHORT_ANSWER = compile_later(rf"[\W_](?:{'|'.join(' ?'.join(word) for word in _SHORT)})(?![^\W_])")
_OTHER_ANSWER = compile_later(r"i do(?![^\W_])|ドウイ|どうい")
# A note inside a word: 同(必須)意.
_INNER_NOTE = compile_later(r"[(\[【「](?:(?<=[^\W_].)|(?<=[^\W_] .)).{0,400}[)\]】」] ?[^\W_]")


@memoize(
    maxsize=2048, max_key=MAX_ANSWER, why="a line is checked alone, with its neighbours and next to the form"
)
def may_answer(text: str) -> bool:
    """Return whether a text may contain an answer, also across joined lines, by a quick check.

    It does if it contains a box, a word of consent, a version, or a short answer that no letter adjoins.
    """
    folded = fold_whole(" ".join(text.split()))
    if _MAY_MARK.search(folded) is not None and _MARK.search(folded) is not None:
        return True
    if ("版" in folded or "v" in folded) and _VERSION.search(folded):
        return True
    if _INNER_NOTE.search(folded) and _holds_answer(_NOTE.sub("", folded)):
        return True
    return _holds_answer(folded)


def _holds_answer(folded: str) -> bool:
    if _STRONG.search(folded.replace(" ", "")) is not None:
        return True
    return _SHORT_ANSWER.search(f" {folded}") is not None or _OTHER_ANSWER.search(folded) is not None


def _read_boxes(choices: Sequence[tuple[str, Consent]]) -> Consent:
    """Return the answer of boxes: ticked ones count; if none is ticked, there is no consent."""
    marks = {mark for mark, _ in choices}
    if any(answer is Consent.ABSENT and not _is_empty(mark) for mark, answer in choices):
        return Consent.ABSENT  # a ticked choice is not understood
    known = [(mark, answer) for mark, answer in choices if answer is not Consent.ABSENT]
    if not known:
        return Consent.ABSENT
    if len(known) == 1 and known[0][0] in _CIRCLES:
        return known[0][1]
    # Beside crosses, a circle is the chosen one; beside dots, it is the empty one.
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
    said = _NOTE.sub(partial(_leave_out, writer), _VERSION.sub("", GLAD.sub("", text))).strip(_AROUND)
    said = _MARKED_AS_WANTED.sub("", said).strip(_AROUND)
    if len(said) > 120:
        return Consent.ABSENT
    parts = said.split("/")
    if len(parts) == 2 and all(
        YES.fullmatch("".join(part.split())) or YES.fullmatch(part.strip()) for part in parts
    ):
        return Consent.YES  # in two languages
    written = {said, "".join(said.split()), _in_kanji("".join(said.split()))}
    # A no with a reason in brackets is a no.
    if any(map(NO.fullmatch, {*written, _NOTE.sub("", said).strip(_AROUND)})):
        return Consent.NO
    is_yes = any(map(YES.fullmatch, written)) or agrees(said)
    return Consent.YES if is_yes else Consent.ABSENT


_KANA = compile_later(r"(?:ドウイ|どうい)(?:(?P<do>スル|する|(?:イタ)?シマス|(?:いた)?します)(?:。)?)?")


def _in_kanji(text: str) -> str:
    """Convert an answer all in kana, as old programs write it: ドウイスル."""
    return "同意する" if _KANA.fullmatch(text) else text


def _leave_out(writer: Writer, note: re.Match[str]) -> str:
    """Return an empty text for a note that limits nothing, otherwise the note unchanged."""
    inside = "".join(filter(None, note.groups())).strip(" ※")
    _, said = read_day(inside) or (None, inside)  # 11月13日 規約確認済み
    compact = "".join(said.split())
    is_known = _SAYS_NOTHING.fullmatch(compact) or has_read(compact) or is_own_name(said, writer)
    return "" if is_known or _says_yes(inside) else note.group()


def _says_yes(inside: str) -> bool:
    return YES.fullmatch(inside) is not None or agrees(inside)


def find_version(text: str) -> str:
    """Return the version of the rules named in a text, as written; empty if there is none."""
    match = _VERSION.search(text[:MAX_ANSWER])
    return match.group().strip() if match else ""
