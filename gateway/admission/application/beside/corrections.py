"""Corrections in words, beside the form with the mistake: of the code, or of a quoted value.

Only whole sentences of one form count; a correction says nothing else, so it limits no consent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import accumulate

from gateway.admission.application.consent.below.lexicon import OF_ANOTHER
from gateway.admission.application.consent.people import BARE_NAME
from gateway.admission.application.items.labels import Item, find_item
from gateway.admission.application.layout.line import parse_line
from gateway.mail.lines import has_sentence_end
from gateway.patterns import compile_later

_WRONG = r"(?:誤り|間違い|誤記|打ち間違い|書き間違い|入力間違い)"
# The own form, as it was sent; anything else before a label is about another one.
_OWN = (
    r"(?:(?:なお|また)、|(?:大変)?(?:申し訳(?:あり|ござい)ません|すみません|恐れ入ります)が、"
    r"|(?:下書き|上|上記|下記|申請|申請書|先ほど|先程|メール|フォーム|私|当方|[当本](?:[都道府県市区町村]|団体))の)*"
)
_CODE = (
    rf"{_OWN}(?:全国地方公共)?(?:団体)?コードの?(?:末尾|最後|[0-9]桁目|最後の数字)?(?:が|は|に)[、]?"
    rf"{_WRONG}(?:で|でした。?|があり|がありました。?)[、]?(?:正しくは)?(?P<code>[0-9]{{6}})(?:(?:が"
    rf"|の方が|のほうが)正しい)?(?:です|となります)"
)
_VALUE = (
    rf"{_OWN}(?P<label>[^、。はが「」]{{1,8}})(?:が|に)"
    rf"(?:古くなって(?:い|おり)ます|(?:誤って|間違って|違って)(?:い|おり)ま(?:す|した)|{_WRONG}(?:です"
    rf"|でした|があります|がありました))。"
    r"正しくは[「『](?P<value>[^「」『』。、]{1,40})[」』]です"
)
_OTHERS = (
    rf"{_OWN}(?:団体)?コードは、?[^。、はが]{{1,16}}のもの(?:でした|です)。"
    r"正しくは(?P<code>[0-9]{6})(?:です|となります)"
)
# The first sentence of it, alone on its line.
_CODE_OF_OTHER = compile_later(
    r"(?:(?:送る前に|送信前に|送ってから|送信後に?|今)?(?:見直し|確認し|読み返し|調べ|よく見)(?:まし)?た(?:ら|ところ)、)?"
    rf"{_OWN}(?:団体)?コードは、?[^、。はが]{{1,16}}[都道府県市区町村]のもの(?:でした|です)"
)
_CORRECTIONS = compile_later(_CODE), compile_later(_VALUE), compile_later(_OTHERS)
# Beginnings of a correction.
_ABOUT = compile_later(
    r"[【(\[]?(?:訂正|修正)(?:です|事項)?[】)\]]?|(?:書いて|送信して|送って)から(?:間違い"
    r"|誤り)?に?気(?:づ|付)きました"
    r"|(?:大変)?失礼(?:いた|致)?しました"
)
_RIGHT = compile_later(r"正しくは[0-9]{6}(?:です|となります)")
# On two lines below each other: 誤 斎藤 実咲, 正 齋藤 実咲.
PAIR = compile_later(
    r"^[ \t　・※(（【\[]*誤(?:り)?[)）】\]]?[ \t　]*[:：]?[ \t　]*(?P<wrong>[^\s　].{0,60}?)"
    r"[ \t　]*(?:\n|→|⇒|[ 　]{2,}|[、,]|(?<=[ 　])(?=正[:：)）】])|(?=[【(（]正))"
    r"[ \t　・※(（【\[]*正(?:しくは)?[)）】\]]?[ \t　]*[:：]?[ \t　]*(?P<right>[^\s　].{0,60}?)[ \t　]*$",
    re.MULTILINE,
)
_FOLLOWS = compile_later(
    r"(?:[^。、]{0,20}(?:申し出|申出|連絡|指摘)が(?:あり|ござい)(?:まし(?:て|たので|たため)?)?、?)?"
    r"(?P<label>[^、。はがを]{1,12}?)(?:の(?:字|文字|漢字|表記|記載))?(?:を|に(?:誤り|間違い)が(?:あり|ござい)(?:まし|ます)(?:て|た|たので|ので)?、?)"
    r"(?:(?:次|下記|以下)の(?:とおり|通り))?(?:(?:訂正|修正|変更)(?:(?:いた|致)?し|させていただき)|改め)ます"
)
_LONGEST = 4_000


def read_corrections(text: str, name: str) -> dict[Item, str]:
    """Return the corrected items with their values; an item that is corrected twice is left out.

    `name` is the one in the form.
    """
    if "正し" not in text:
        return {}
    lines = text[:_LONGEST].split("\n")
    bare = ["".join(unicodedata.normalize("NFKC", line).split()) for line in lines]
    breaks = dict(zip(accumulate(map(len, bare), initial=0), range(len(bare) + 1), strict=True))
    said = "".join(bare)
    found = [
        one
        for pattern in _CORRECTIONS
        for one in pattern.finditer(said)
        if _is_whole(one, breaks, lines, name)
    ]
    items = [_read(one) for one in found]
    known = [one for one in items if one is not None]
    return {item: value for item, value in known if sum(other == item for other, _ in known) == 1}


def _is_whole(found: re.Match[str], breaks: Mapping[int, int], lines: Sequence[str], name: str) -> bool:
    """Return whether a correction is whole sentences, below nothing that is about somebody else.

    `breaks` are the positions at which a line begins, with its number; blank lines share their position.
    """
    said, (begin, end) = found.string, found.span()
    if end < len(said) and end not in breaks and said[end] not in _STOPS:
        return False  # 正しくは990027ですか？
    clause = _CLAUSE.search(said[:begin])
    first = clause.start() if clause is not None else begin
    return any(_may_begin(said, at, breaks, lines, name) for at in range(first, begin + 1))


_STOPS = frozenset("。.!)】]")
_CLAUSE = compile_later(r"[^、。.!)】\]はがの]{1,20}、$")  # without a subject: 送る前に見直しましたら、


def _may_begin(said: str, begin: int, breaks: Mapping[int, int], lines: Sequence[str], name: str) -> bool:
    """Return whether a sentence begins here, below nothing that is about somebody else."""
    if begin in breaks:
        at = breaks[begin]
        above = lines[at - 1] if at else ""
        is_over = not above.strip() or parse_line(above) is not None or has_sentence_end(above)
        return (is_over or is_correction("".join(above.split()))) and not _speaks_of_another(lines, at, name)
    return said[begin - 1] in _STOPS and not _is_of_another(_find_before(said[:begin]), name)


def _find_before(said: str) -> str:
    """Return the last sentence of a text."""
    return re.split("[。!]", said.rstrip("。!"))[-1]


def _speaks_of_another(lines: Sequence[str], at: int, name: str) -> bool:
    """Return whether the text directly above a line is about somebody else's form: 鈴木の分."""
    above = next((line for line in reversed(lines[:at]) if line.strip()), "")
    return parse_line(above) is None and _is_of_another(above, name)


def _is_of_another(text: str, name: str) -> bool:
    bare = "".join(unicodedata.normalize("NFKC", text).split()).strip("。")
    own = "".join(name.split())
    if is_correction(bare):
        return False  # 本人から申し出があり、氏名の字を次のとおり改めます。
    return OF_ANOTHER.search(bare) is not None or any(
        not own.startswith(one["name"]) for one in _NAMED.finditer(bare)
    )


_NAMED = compile_later(rf"(?P<name>{BARE_NAME})(?:さん|氏|様)?(?:の|に(?:ついて|関)|$)")


def _read(found: re.Match[str]) -> tuple[Item, str] | None:
    told = found.groupdict()
    if told.get("code"):
        return Item.CODE, told["code"]
    item = find_item(told["label"])
    return (item, told["value"]) if item in TOLD else None


TOLD = frozenset({Item.ORGANISATION, Item.DEPARTMENT, Item.TITLE, Item.NAME})


def is_correction(sentence: str) -> bool:
    """Return whether a folded sentence without blanks corrects the code, or announces a correction."""
    if any(
        kind.fullmatch(sentence) is not None for kind in (_ABOUT, _CORRECTIONS[0], _RIGHT, _CODE_OF_OTHER)
    ):
        return True
    found = _FOLLOWS.fullmatch(sentence)
    return found is not None and find_item(found["label"]) in TOLD


def read_errata(text: str, said: Mapping[str, str]) -> dict[Item, str]:
    """Return the items of `said` that a pair of 誤 and 正 corrects: those with exactly the wrong text."""
    if "誤" not in text or "正" not in text:
        return {}
    found: dict[Item, str] = {}
    for pair in PAIR.finditer(text[:_LONGEST]):
        wrong, right = ("".join(pair[side].split()) for side in ("wrong", "right"))
        items = [item for item in TOLD if "".join(said.get(item, "").split()) == wrong]
        above = text[: pair.start()].split("\n")
        if len(items) == 1 and right and not _speaks_of_another(above, len(above), said.get(Item.NAME, "")):
            found[items[0]] = pair["right"]
    return found
