"""Labels below a heading that names somebody else are that person's or body's: ■上司, 【推薦者】.

They end at the next heading or drawn line, and at a blank line above a form with a name of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from gateway.admission.application.consent.answers.reading import BOX
from gateway.admission.application.items.labels import Item
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.no_value import is_headline
from gateway.mail.lines import is_rule
from gateway.patterns import compile_later

MAX_HEADING, MAX_BLOCK = 40, 60  # characters, lines
_OPEN = r"[\s　]*(?:[0-9０-９①-⑳]{1,2}[.．)）、]?[\s　]*)?"
_MARK = r"[(（【\[〔<＜〈《■□●◆◇○〇◎▼▽※*#＃=＝─―━~〜-]"
_CLOSE = r"[\s　)）】\]〕>＞〉》*#＃=＝─―━~〜-]*[:：]?[\s　]*"
_MARKED = compile_later(rf"{_OPEN}{_MARK}+[\s　]*(?P<said>[^:：\t]{{1,20}}?){_CLOSE}")
_PLAIN = compile_later(rf"{_OPEN}(?P<said>[^:：\t、\s]{{1,20}}?){_CLOSE}(?:です)?[。.]?[\s　]*")
# 以下は上司の情報です, 委託業者について.
_ABOUT = compile_later(
    r"^(?:以下|下記|次)は、?|(?:の|に)?(?:情報|連絡先|氏名等?|記入欄|分|欄|方|こと|関する事項|ついて|です|。)+$"
)
# A post, a relation, a person by what they do, a body by what it does for others.
_OTHERS = compile_later(
    r"(?:既に|すでに|他の|別の).{1,12}|.*(?:上司|上長|上席(?:者)?|部下|同僚|先輩|後輩|秘書|家族|[前後]任|(?:所属|[局部課室係班所庁首市町村])長|代表"
    r"|業者|会社|企業|緊急|(?:委託|派遣|出向|取引|発注|紹介|推薦|受託|請負)(?:先|元)|ベンダー?"
    r"|(?<!申請)(?<!申込)(?<!申し込み)(?<!参加)(?<!希望)(?<!利用)(?<!応募)(?<!登録)(?<!加入)(?<!入会)"
    r"(?<!記入)(?<!届出)(?<!提出)(?<!送信)(?<!回答)(?<!対象)(?<!担当)者)"
)
# A heading contains one of these words; each begins with one letter, so that the search is fast.
_OF_SOMEBODY = compile_later(
    "者|担当|長|上[司席]|部下|同僚|先輩|後輩|秘書|家族|前任|後任|代表|業|会社|企業|緊急|委託|派遣|出向|取引|発注|紹介|推薦|受託|請負"
    "|ベンダ|既に|すでに|他の|別の"
)
# Without a mark, a post may be an addressee: 見本町長.
_ADDRESSEE = compile_later("(?<!所属)長$")
# A sentence, unless it says what is below.
_IS, _BELOW = compile_later(r"(?:です|。)[)）\s　]*$"), compile_later(r"[\s　]*(?:以下|下記|次)は")
# 連絡担当者 may be the applicant as well.
_CONTACTS = compile_later(r".*担当者?")


def find_others(lines: Sequence[str]) -> frozenset[int]:
    """Return the numbers of the lines with a label that belong to somebody else's heading."""
    headings = [(at, said) for at, line in enumerate(lines) if (said := _find_heading(line))]
    found = {at for block in _find_blocks(lines, headings, _OTHERS) for at in block}
    for block in _find_blocks(lines, headings, _CONTACTS):
        if _is_second_name(lines, block - found, found):
            found |= block
    return frozenset(found)


def _find_blocks(
    lines: Sequence[str], headings: Iterable[tuple[int, str]], kind: re.Pattern[str]
) -> Iterator[set[int]]:
    """Yield the numbers of the lines with a label below each heading of a kind."""
    for at, said in headings:
        if kind.fullmatch(said) is None or not _heads_labels(lines, at) or _is_apart(lines, at):
            continue
        yield {at + 1 + after for after in _take(lines[at + 1 : at + 1 + MAX_BLOCK])}


def _heads_labels(lines: Sequence[str], at: int) -> bool:
    """Return whether the next line with text has a label, and this one is neither a label nor its value."""
    above = next((line for line in reversed(lines[:at]) if line.strip()), "")
    before = parse_line(above)
    is_value = BOX.match(above) is not None or (before is not None and not before[1].strip())
    return parse_line(lines[at]) is None and not is_value and _is_above_label(lines[at + 1 :])


def _is_apart(lines: Sequence[str], at: int) -> bool:
    """Return whether words without a mark have a blank line below: they may name the addressee."""
    below = lines[at + 1] if at + 1 < len(lines) else ""
    return not below.strip() and _MARKED.fullmatch(lines[at]) is None and _BELOW.match(lines[at]) is None


def _is_above_label(following: Sequence[str]) -> bool:
    """Return whether the next line with text is a label with its value."""
    held = parse_line(next((line for line in following if line.strip()), ""))
    return held is not None and bool(held[1].strip())


def _find_heading(line: str) -> str:
    """Return the words of a heading without marks; empty for a line that names nobody, or is none."""
    if len(line) > MAX_HEADING or _OF_SOMEBODY.search(line) is None:
        return ""
    marked = _MARKED.fullmatch(line)
    found = marked or _PLAIN.fullmatch(line)
    said = _ABOUT.sub("", _ABOUT.sub("", found["said"].strip(" 　"))) if found is not None else ""
    is_said = "は" in said or (_IS.search(line) is not None and _BELOW.match(line) is None)
    is_said = is_said or (marked is None and _ADDRESSEE.search(said) is not None)
    return "" if is_said else said


def _is_heading(lines: Sequence[str], at: int) -> bool:
    """Return whether a line begins another part; 【申請者】 is also a label, but other labels follow it."""
    line, held = lines[at], parse_line(lines[at])
    if held is not None and (held[1].strip() or not _is_above_label(lines[at + 1 :])):
        return False
    is_marked = _MARKED.fullmatch(line) is not None and not line.lstrip(" \t　").startswith("※")
    return is_marked or is_rule(line) or is_headline(line)


def _take(following: Sequence[str]) -> Iterator[int]:
    """Yield the numbers of the lines with a label below a heading."""
    seen: set[Item] = set()
    for at, line in enumerate(following):
        if _is_heading(following, at) or (seen and _begins_again(following[at:], seen)):
            return
        if (held := parse_line(line)) is not None:
            seen.add(held[0])
            yield at


def _begins_again(following: Sequence[str], seen: set[Item]) -> bool:
    """Return whether a form begins at a blank line, or at words without a mark above an item given before."""
    if not following[0].strip():
        return _goes_on(following)
    if parse_line(following[0]) is not None or not _is_above_label(following[1:2]):
        return False
    held = parse_line(following[1])
    return held is not None and held[0] in seen


def _goes_on(following: Sequence[str]) -> bool:
    """Return whether the labels up to the next heading are a form: with a name and at least two others."""
    own = takewhile(lambda at: not _is_heading(following, at), range(len(following)))
    items = {held[0] for at in own if (held := parse_line(following[at])) is not None}
    return Item.NAME in items and len(items) > 2


def _is_second_name(lines: Sequence[str], block: set[int], others: set[int]) -> bool:
    """Return whether a name is given inside these lines, and one outside that is nobody else's."""
    named = {
        at
        for at, line in enumerate(lines)
        if (held := parse_line(line)) is not None and held[0] is Item.NAME and held[1].strip()
    }
    return bool(named & block) and bool(named - block - others)
