"""Mentions of the rules outside the lines of a consent; if one is not understood, there is no consent.

A sentence with a word of consent, of the rules or of an article has to be a plain consent itself or of a kind
below. One that revokes something, or waits for somebody, prevents a consent whatever it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from itertools import chain

from gateway.admission.application.consent import beside
from gateway.admission.application.consent.answers.answer import MAX_ANSWER, fold
from gateway.admission.application.consent.answers.phrases import JOIN
from gateway.admission.application.consent.answers.reading import WRAPPED, join_wrapped, read_lines
from gateway.admission.application.consent.answers.undertaking import ON_BEHALF, is_settled, is_undertaking
from gateway.admission.application.consent.around.applying import (
    applies_for_staff,
    is_forwarded,
    names_another_applicant,
    names_nobody,
    speaks_of_another,
)
from gateway.admission.application.consent.around.contacts import (
    find_sender,
    is_from_shared_mailbox,
    is_strange_field,
)
from gateway.admission.application.consent.around.fragments import (
    is_fragment,
    is_head,
    is_headline_of_example,
    is_read_elsewhere,
    is_section_en,
    is_stamp,
)
from gateway.admission.application.consent.around.mentions import Answers, is_about, is_limited
from gateway.admission.application.consent.around.openings import (
    asks_how_to_write,
    has_read_and_applies,
    is_opening,
    tells_purpose,
)
from gateway.admission.application.consent.around.our_letter import (
    find_ours,
    find_ours_above,
    is_of_our_letter,
)
from gateway.admission.application.consent.around.signers import is_signed_by_another
from gateway.admission.application.consent.around.subject import find_title, is_plain_subject
from gateway.admission.application.consent.below.courtesy import is_footer
from gateway.admission.application.consent.below.second_thought import (
    is_announcement,
    is_second_thought,
    split_sentences,
    tells_of_another,
)
from gateway.admission.application.consent.below.unread import is_unread
from gateway.admission.application.consent.people import Writer, is_address, is_own_name, is_person, is_place
from gateway.admission.application.consent.wishes.conditions import say_i
from gateway.admission.application.evidence.errata import find_errata
from gateway.admission.application.evidence.notes import has_note
from gateway.admission.application.items.fields import Consent
from gateway.admission.application.items.labels import Item, strip_remark
from gateway.admission.application.items.values import clean_value
from gateway.admission.application.layout.beyond.old_mail import find_end
from gateway.admission.application.layout.beyond.signature import is_in_signature
from gateway.admission.application.layout.line import parse_line
from gateway.mail.lines import find_mark
from gateway.memoize import memoize
from gateway.patterns import compile_later

_NUMBER = r"[0-9一二三四五六七八九十百]"
# Each is a whole sentence or line, folded and without blanks.
_KNOWN = compile_later(
    rf"{JOIN}(?:申請|申込)?書?(?:及び|および|兼|・)?{JOIN}(?:規約)?同意書"
    rf"|(?:別記)?(?:様式)?第{_NUMBER}{{1,3}}号(?:様式)?(?:\(第{_NUMBER}{{1,3}}条関係\))?"
    rf"|(?:なお、)?{ON_BEHALF}"
    r"|(?:私は|当方は)?(?:参加の?)?(?:条件|要件)[をは]満たして(?:(?:い|おり)ます|(?:いる|おる)と(?:思い|考え|存じ)ます)"
    r"|(?:本|この)メール(?:及び添付ファイル|および添付ファイル)?の?(?:内容)?を、?"
    r"(?:送信者|発信者|当方|当市|当町|当県)の?(?:事前の)?(?:同意|承諾|許可)(?:なく|なしに"
    r"|を得ずに)、?(?:第三者に)?"
    r"(?:転載|転送|開示|複製|使用|利用)(?:する)?(?:こと)?(?:を|は)"
    r"(?:禁じます|禁止します|固くお断りします|ご遠慮ください)"
    # The order of values without labels.
    r"|※?(?:なお、)?(?:上から|左から|番号は|以上は)[^。は]{2,60}の?順(?:番)?(?:\([^()]{0,80}\))?(?:です"
    r"|に(?:記入|記載|書き|回答)(?:し|いたし)?ました)"
)
_WORD, _REACH, _ABOVE = compile_later(r"\w"), 20, 60  # _ABOVE: lines
_OF_SEVERAL = compile_later("[次送「]")  # 次のページで…。リンクが, お送りにならないよう…。機密性2の, 「a。b」
_KNOWN_EN = compile_later(
    r"i have read (?:and understood )?(?:all )?(?:the|these|your) (?:rules|terms(?: of use)?)(?: carefully"
    r"| in full| from (?:start|beginning) to (?:finish|end))?"
    r"|(?:the|your) (?:rules|terms(?: of use)?) are clear to me(?: and i (?:accept|agree to) them)?"
    r"|i (?:will|shall) (?:follow|comply with|abide by|respect) (?:the|these|your) (?:rules|terms"
    r"(?: of use)?)|(?:i would be grateful if you would |please )?accept my application"
)
_EMPTY = compile_later(r"[\s　:：=＝_＿()（）「」\[\]【】・*-]*(?:https?://[\w./~%?=&#-]{1,200})?[\s　]*")


def judge(
    texts: Sequence[str], own: Collection[int], quoted: Collection[int], place: int, writer: Writer
) -> Consent:
    """Return YES, or less if a line of `own` (numbers in `texts`, as `quoted`) may say otherwise.

    ABSENT: a line mentions the rules in words not understood, or may revoke. UNSURE: statements about other
    things are not understood. `place` is the line of the consent, which only lines below limit.
    """
    # Below the head of an old mail, a mail contains what somebody else wrote, without quote marks.
    end = find_end(texts, place + 1, quoted)
    ours = find_ours(texts, range(place + 1, end), quoted)
    lines = [at for at in sorted(own) if at not in ours or at in quoted]
    if any(_is_doubt(texts, at, writer) or (at > place and is_limited(texts[at : at + 1])) for at in lines):
        return Consent.ABSENT
    if any(is_signed_by_another(texts, at, writer) for at in range(place + 1, end) if at not in ours):
        return Consent.ABSENT
    settled = ours | find_ours_above(texts, place) | find_errata(texts)
    stated = [at for at in lines if at < end and at not in settled]
    if any(names_another_applicant(texts, at, writer) or names_nobody(texts, at) for at in stated):
        return Consent.ABSENT
    if not _may_say_otherwise(texts, stated, place, _Heard(writer)):
        return Consent.YES
    may = _may_say_otherwise(texts, stated, place, _Heard(writer, passes_unread=True))
    return Consent.ABSENT if may else Consent.UNSURE


def _may_say_otherwise(texts: Sequence[str], stated: Sequence[int], place: int, heard: _Heard) -> bool:
    return any(
        _says_more(texts, at, heard)
        or (_is_out_of_place(texts, at, heard) if at < place else _is_second_thought(texts, at, heard))
        for at in stated
    )


def _says_more(texts: Sequence[str], at: int, heard: _Heard) -> bool:
    """Return whether a field of the mail in its text, or a note beside a value, says more than it has to."""
    title, writer = find_title(texts[at]), heard.writer
    if title and not is_plain_subject(title, writer):
        return True
    is_strange = not heard.passes_unread and is_strange_field(texts, at, writer)
    return is_strange or has_note(texts, at, writer, passes_unread=heard.passes_unread)


class _Heard(dict[str, bool]):
    """The sentences of a mail, and whether they may take something back; lines are joined in many ways.

    `passes_unread`: statements that are only not understood do not.
    """

    def __init__(self, writer: Writer, *, passes_unread: bool = False) -> None:
        super().__init__()
        self.writer, self.passes_unread = writer, passes_unread

    def __missing__(self, sentence: str) -> bool:
        self[sentence] = found = self.may_turn(sentence) and not tells_purpose(sentence, self.writer)
        return found

    def may_turn(self, sentence: str) -> bool:
        """Return whether a sentence may take something back, whatever it is good for."""
        said = say_i(sentence, self.writer)
        may = is_second_thought(said) and not _is_known(sentence, self.writer)
        return may and not (self.passes_unread and is_unread(said, self.writer))


def _is_out_of_place(texts: Sequence[str], at: int, heard: _Heard) -> bool:
    """Return whether a line above the form says nothing that may be there, or may speak of another person."""
    writer = heard.writer
    said = split_sentences(texts[at]) or [""]
    is_broken_off, above = is_fragment(texts, at), texts[max(0, at - _ABOVE) : at]
    is_read = heard.passes_unread or is_read_elsewhere(said[-1], above, writer)
    may_say = is_broken_off and (not is_read or _takes_back(said[-1], heard))
    if may_say and not is_head(said[-1], above, writer):
        return True
    is_of_another = any(speaks_of_another(one, writer) and not _is_known(one, writer) for one in said)
    if is_of_another or is_headline_of_example(texts[at]) or tells_of_another(texts[at]):
        return True
    return not is_broken_off and _is_no_opening(texts, at, heard)


def _is_no_opening(texts: Sequence[str], at: int, heard: _Heard) -> bool:
    """Return whether a sentence above the form, however wrapped, does not open a letter."""
    if parse_line(texts[at]) is not None or is_stamp(texts, at):
        return False
    if applies_for_staff(texts, at) or is_forwarded(texts, at, heard.writer):
        return False
    ways = chain([texts[at]], join_wrapped(texts, at))
    return all(any(map(partial(_is_unopened, heard), split_sentences(one))) for one in ways)


def _is_unopened(heard: _Heard, sentence: str) -> bool:
    if asks_how_to_write(sentence, heard.writer):
        return True
    may = heard.may_turn(sentence)
    return may and not is_opening(sentence, heard.writer, passes_unread=heard.passes_unread)


def _is_second_thought(texts: Sequence[str], at: int, heard: _Heard) -> bool:
    text, writer = strip_remark(texts[at]), heard.writer
    if text is not texts[at] and not clean_value(text):
        return False  # 備考：なし
    if not is_second_thought(text) or parse_line(text) is not None or find_mark(text):
        return False
    if is_own_name(find_sender(text), writer):
        return False  # 送信者：総務課 田中
    if is_in_signature(texts, at) and is_announcement(text) and not speaks_of_another(text, writer):
        return False  # 市制20周年です！
    return _takes_back(text, heard) and all(_takes_back(one, heard) for one in join_wrapped(texts, at))


def _takes_back(text: str, heard: _Heard) -> bool:
    return any(map(heard.__getitem__, split_sentences(text)))


def _is_doubt(texts: Sequence[str], at: int, writer: Writer) -> bool:
    text = texts[at]
    below = texts[at + 1] if at + 1 < len(texts) else ""
    if not is_about(text) and (is_about(below) or not _runs_on(text, below)):
        return False
    held = parse_line(text)
    if held is not None and _is_value(*held, writer):
        return False
    least = 1 if is_about(text) else 2
    joined = (
        joint.join(line.strip() for line in texts[at : at + count])
        for count in range(least, WRAPPED + 1)
        for joint in ("", " ")[:count]
    )
    answers = Answers(texts[max(0, at - WRAPPED + 1) : at + WRAPPED])
    asked: set[str] = set()
    for one in chain(joined, join_wrapped(texts, at)):
        if one not in asked and _is_understood(one, writer, answers):
            return False
        asked.add(one)
    return True


def _runs_on(text: str, below: str) -> bool:
    """Return whether a word of this kind is broken across the end of a line."""
    return bool(below.strip()) and is_about(f"{text.strip()[-_REACH:]} {below.strip()[:_REACH]}")


def _is_value(item: Item, value: str, writer: Writer) -> bool:
    """Return whether a label's value is as expected: a name, an organisation, a section, a link, or empty."""
    if _EMPTY.fullmatch(value) or not is_about(value):
        return item is not Item.CONSENT or _EMPTY.fullmatch(value) is not None
    if item in {Item.CONSENT, Item.VERSION, Item.CODE, Item.CATEGORY}:
        return False
    words = value.split()
    return is_person(" ".join(words), writer) or all(is_place(word) for word in words) or is_section_en(value)


def _is_understood(text: str, writer: Writer, answers: Callable[[], bool]) -> bool:
    """Return whether a line, or each of its sentences, is a plain consent or of a known kind.

    `answers`: the lines that it is made of may contain an answer.
    """
    # Sentences first: they recur from mail to mail, lines do not.
    if all(not is_about(one) or _is_known(one, writer, answers) for one in split_sentences(text)):
        return True
    return (answers() or may_be_whole(text)) and _is_known(text, writer, answers)


def may_be_whole(text: str) -> bool:
    """Return whether a text may be of a known kind as a whole, by a quick check.

    Several sentences without an answer are not, except for those in our letters, and a quoted file name.
    """
    first, _, rest = text[:MAX_ANSWER].partition("。")
    is_one = _WORD.search(first) is None or _WORD.search(rest) is None  # お願いします。！
    return is_one or _OF_SEVERAL.search(text) is not None


def _is_known(text: str, writer: Writer, answers: Callable[[], bool] = lambda: True) -> bool:
    if _is_known_of_all(text) or beside.is_harmless(text, writer):
        return True
    return answers() and read_lines([text], writer) is Consent.YES


@memoize(
    maxsize=2048,
    max_key=beside.MAX_KEPT,
    why="a sentence is read alone and with its neighbours, of any writer",
)
def _is_known_of_all(text: str) -> bool:
    """Return whether it is of a known kind, whoever wrote it."""
    folded = fold(text).strip(" 。.、,!")
    compact = folded.replace(" ", "")
    if _KNOWN.fullmatch(compact) or _KNOWN_EN.fullmatch(folded) or is_section_en(text):
        return True
    if (
        is_of_our_letter(compact)
        or is_from_shared_mailbox(compact)
        or is_footer(compact)
        or is_undertaking(compact)
        or is_settled(compact)
        or has_read_and_applies(compact)
    ):
        return True
    return "。" not in compact and is_address(text)
