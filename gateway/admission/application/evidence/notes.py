"""Notes beside the values of a form, and values that are none: 総務課（この申込みは没）, 役職：入る気なし."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from gateway.admission.application.consent.below.second_thought import DOUBTFUL_EN, SAYS
from gateway.admission.application.consent.below.unread import has_sign
from gateway.admission.application.consent.people import NOBODY, Writer, is_place, is_role
from gateway.admission.application.evidence.shapes import (
    is_body,
    is_category,
    is_code,
    is_section,
    is_title,
)
from gateway.admission.application.items.labels import Item
from gateway.admission.application.items.values import (
    has_hint,
    is_contact_of_name,
    is_elsewhere,
    is_unknown,
    parse_category,
)
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.unlabelled.told import read_name, strip_beside, strip_sentence
from gateway.patterns import compile_later

_MAX = 400
NOTES = compile_later(
    r"\(([^()]{1,40})\)|\[([^\[\]]{1,40})\]|【([^【】]{1,40})】|〔([^〔〕]{1,40})〕|<([^<>]{1,40})>|※(.{1,40})"
)
_ITEMS = frozenset(
    {Item.CATEGORY, Item.ORGANISATION, Item.CODE, Item.DEPARTMENT, Item.TITLE, Item.AFFILIATION}
)


def find_entry(texts: Sequence[str], at: int) -> tuple[Item, str] | None:
    """Return item and value of a line of a form; the value may be on the line below its label."""
    held = parse_line(texts[at])
    if held is None or held[1].strip() or at + 1 == len(texts):
        return held
    below = texts[at + 1]
    is_kind = held[0] is Item.CATEGORY and bool(parse_category(below))  # 自治体 is a label elsewhere
    return held if parse_line(below) is not None and not is_kind else (held[0], below)


def has_note(texts: Sequence[str], at: int, writer: Writer, *, passes_unread: bool) -> bool:
    """Return whether a note beside a value, or the value, may take a consent back.

    `passes_unread`: only if it contains a sign.
    """
    entry = find_entry(texts, at)
    notes = find_notes(*entry) if entry is not None else find_pointing(texts[at])
    if not passes_unread:
        return bool(notes)
    least = _MAX_NOTE if entry is not None and entry[0] is Item.NAME else 0
    return any(len(note) <= least or has_sign(note, writer) for note in notes)


_MAX_NOTE = 6  # （上司）
# At the end of a line it is part of the value; a line of its own begins with it.
_POINTING = compile_later(r"[\s　]*(?:[←↑⇐⇧↖]+|<-+|\^+)(?P<note>.{1,200})")


def find_pointing(text: str) -> list[str]:
    """Return what a line says of the one that its arrow points to: ←替え玉."""
    found = _POINTING.match(text)
    note = unicodedata.normalize("NFKC", found["note"]).strip() if found is not None else ""
    return [note] if note and not _is_unit(note) else []


def find_notes(item: Item, text: str) -> list[str]:
    """Return what a form says beside a value or instead of one, if it is no reading or unit."""
    if item is not Item.NAME and item not in _ITEMS:
        return []
    value = _spell_out(unicodedata.normalize("NFKC", text[:_MAX])).strip()
    behind = (found for found in NOTES.finditer(value) if value[: found.start()].strip())
    notes = [next(filter(None, found.groups())).strip() for found in behind]
    if item is Item.NAME:
        is_latin = _KANJI.search(value.partition("(")[0]) is None
        notes = [one for one in notes if not (is_contact_of_name(one) or _is_reading(one, is_latin=is_latin))]
        return notes if _is_name(value) else [value, *notes]
    is_named = item is Item.CODE or _is_named(item, value)
    return [*([] if is_named else [value]), *(one for one in notes if not _is_unit(one))]


def _spell_out(value: str) -> str:
    """Return a value in which the form of a company is no note in brackets: (株)山田商店."""
    for short, form in _SHORT_FORMS.items():
        value = value.replace(f"({short})", form)
    return value


def _is_name(value: str) -> bool:
    """Return whether a value has the signs of a name, apart from notes, and a reading behind a slash."""
    bare, _, reading = NOTES.sub("", read_name(value)).partition("/")
    return _OTHER_SIGN.search(bare) is None and _READ.fullmatch(reading) is not None


_OTHER_SIGN = compile_later(
    r"(?:ほか|他|外)[\s　、]*[0-9一二三四五六七八九十数]+[名人]|(?:一同|全員|みんな|皆)$"
    r"|(?:^|[\s　])(?:架空|ダミー|テスト|サンプル|偽名?|(?i:dummy|test|sample|fake))(?:$|[\s　])"
    r"|[=←→<>*:;&#]|--|[a-z] [一-鿿]|[一-鿿] [a-z]"
)
_READ = compile_later(r"[\s　\u3041-\u30ffA-Za-z・]*")


def _is_named(item: Item, value: str) -> bool:
    """Return whether a value names a body, a section or a post, or says that there is none."""
    bare = _MARKS.sub("", NOTES.sub("", value)).strip()
    if not bare:
        return _is_named_in_brackets(item, value)
    if is_elsewhere(bare) or is_unknown(bare) or _NONE.fullmatch(bare):
        return True
    if item is Item.CATEGORY:
        kind = _IS.sub("", "".join(_PARTS.split(bare)).casefold())
        return _KIND.fullmatch(kind) is not None
    said = strip_beside(item, strip_sentence(item, bare))
    is_one = _names(said) or _names("".join(said.split()))  # 主　任
    is_phrase = _PHRASE.search(said) is not None and not is_place(said)
    is_said = not said or is_phrase or SAYS.search(said) is not None
    if is_said or _UNREAL.search(said) or (item is Item.TITLE and _FORMER.match(said)):
        return False
    return is_one or all(map(_names, _PARTS.split(said)))


# 架空課, テスト市, 旧見本市, 元係長: what is called so is not, or is no more. 見本市 and 例示市 may be.
_UNREAL = compile_later(
    r"^(?:架空|仮想(?!化)|空想|虚構|偽|ダミー|サンプル|テスト|デモ|模擬|練習用?|訓練用|演習用|試験用|旧"
    r"|(?:dummy|test|sample|fake)(?![a-z]))",
    re.IGNORECASE,
)
_FORMER = compile_later(r"(?:元|前|旧|故)(?=[^\s]{0,8}(?:[長員査事任幹師手]|補佐)$)")


def _is_named_in_brackets(item: Item, value: str) -> bool:
    """Return whether a value all in brackets is one: （主査）; or what the template has there: （任意）."""
    within = value.strip("()[]【】〔〕<>※ 　")
    return not within or within == value or has_hint(value) or _is_named(item, within)


def _names(part: str) -> bool:
    """Return whether a word of a value is named like a body, a section or a post, and states nothing."""
    if not part or _is_translation(part) or _OFFICE_EN.search(part) or is_place(part) or is_role(part):
        return True
    is_shaped = any(shape(part) for shape in (is_section, is_body, is_title, is_category, is_code))
    return is_shaped or any(one.fullmatch(part) for one in (_MEMBER, _LEGAL_PERSON))


_PARTS = compile_later(r"[\s　、,/]+")
_IS = compile_later(
    r"(?:です|で(?:ござい|あり)ます|[にと]なります|に(?:該当|所属)(?:(?:いた|致)?し)ます)[。.]?$"
)
# The kinds of employers, and boxes beside them.
_KIND = compile_later(
    r"(?:地方|中央|全国|普通|基礎|広域|一部事務|独立|自治体|公共団体|団体|公務員|政府|機関|行政|法人|国家?|府|省|庁|都|道|県|市|区|町|村"
    r"|役所|役場|職員|連合|組合|勤務|所属|区分|名|です|の|・|[:|○〇◯●■□☐☑☒✓✔レ-]"
    r"|local|national|central|government|municipal(?:ity)?|prefectur(?:e|al)|city|town|village|ministry|agency"
    r"|employee|official|staff|public|office|body|of|a)*"
)
# What something will be, or is said to be: 新設予定の課, どこかの町, 某市.
_PHRASE = compile_later(
    r"(?:[のなうくすつぬむるいただ])新?[市区町村県部課係室局]$|某|なんとか|何とか|何々|[〇○◯△×✕]{2}|^([A-Z])\1*[市区町村都県部課係室局]$|(?:予定|候補)$"
)
_MARKS = compile_later(r"[\"'「」『』\[\]【】*_→:□☑✓]+|^(?:[A-Z]?[0-9]{1,2}[.)]?[\s　]+)")
_NONE = compile_later(
    r"(?:[^、。はが]{1,8}[はが])?(?:特に)?(?:なし|無し?|空欄|(?:記載)?省略|(?:あり|ござい|(?:付い|置い|設け)て(?:い|おり))ません"
    r"|none|n/a|not applicable|[-―‐ー－—]+)(?:です)?[。.]?",
    re.IGNORECASE,
)
# Climate Change Division, although something changes.
_OFFICE_EN = compile_later(r"^(?:[A-Z][a-z]+ ){1,6}(?:Division|Section|Department|Office|Bureau)$")
# A post, a section or a body by its last sign: 技査, 企画員, 登記部門, 町村会.
_MEMBER = compile_later(
    r"(?:(?![はがをにのでもと])[一-鿿ぁ-ゖァ-ヺー]){1,40}(?:[員査師手士技台]|部門|担当|派遣|[市区町村長]会)"
    r"(?:I{1,3}|[0-9]級?)?"
)
_SHORT_FORMS = {"株": "株式会社", "有": "有限会社", "同": "合同会社", "資": "合資会社", "名": "合名会社"}
# A private body by its legal form, before or behind its name (会社法 article 6). The staff decline it;
# nothing is asked twice.
_FORM = rf"(?:(?:{'|'.join((*_SHORT_FORMS.values(), '相互会社'))})|[一-鿿A-Z]{{2,10}}法人)"
_CALLED = r"(?:(?![はがをにのでもと])[一-鿿ぁ-ゖァ-ヺーA-Za-z0-9・&]){1,40}"
_LEGAL_PERSON = compile_later(rf"{_FORM}{_CALLED}|{_CALLED}{_FORM}")
_KANJI = compile_later("[一-鿿]")


def _is_unit(note: str) -> bool:
    """Return whether a note is an office, a post, a kind, a code, a reading or a translation."""
    kinds = (is_place, is_role, is_section, is_body, is_title, is_category, is_code)
    if is_contact_of_name(note) or _is_translation(note) or any(kind(note) for kind in kinds):
        return True
    is_caption = _CAPTION.fullmatch(note) or _KANA.fullmatch(note)
    return is_caption is not None and not has_sign(note, NOBODY)


def _is_translation(note: str) -> bool:
    """Return whether a note is an English title or name: each word begins with a capital."""
    is_named = note.isascii() and all(word in _SMALL or word[:1].isupper() for word in note.split())
    return is_named and DOUBTFUL_EN.search(note.casefold()) is None


_SMALL = frozenset({"of", "and", "the", "for", "in", "&"})


_CAPTION = compile_later(
    r"[0-9０-９\s　.,/-]+|[0-9]{1,2}桁|該当なし|[都道府県市区町村]|(?:[一-鿿]{2,3}[都道府県])?[一-鿿]{1,4}郡"
    r"|(?:令和|平成|R)?[0-9]{1,4}年(?:度|[0-9]{1,2}月)?(?:[0-9]{1,2}日)?(?:から|付け?|[~〜])?"
    r"|[^\s　はがをもにので]{0,8}(?:職員|職|委託|出向中?|派遣中?|兼務|併任|勤務|所管|担当|在籍|所属|庁舎|採用"
    r"|任用)|(?:旧|元|現|兼|前)[^\s　はがをも]{0,11}"
    r"(?:[部局課室係班所庁省都道府県市区町村長員担任当姓口社会館院校園団合]|センター|チーム|グループ)"
    r"|(?:[0-9]{1,2}月|来月|来年度|今年度|新年度)から[^\s　はがを]{1,12}"
    # How a section came about.
    r"|[^\s　、。はがを]{0,24}(?:組織(?:改編|改正|再編)|機構改革|統合|改称|名称変更)"
    r"(?:により|に伴い|で|から)、?(?:発足|新設|設置|改称|変更|分離)(?:した|された|しました|されました)?(?:[部課室係]署?)?(?:です)?"
)


_NO_READING = compile_later("(?:つもり|ことで|ことに|です|だけ|ないしょ)$")


def _is_reading(note: str, *, is_latin: bool) -> bool:
    """Return whether a note is the name in kana or in the other script, or a single sign."""
    if _KANA.fullmatch(note) is not None:
        return not has_sign(note, NOBODY) and _NO_READING.search(note) is None  # サンプル
    return any(one.fullmatch(note) is not None for one in (_SIGN, _FULL_NAME if is_latin else _LATIN))


_KANA = compile_later(
    r"(?:(?:ふりがな|フリガナ|読み|よみ|かな|カナ|reading)[\s　]*[:：]?)?[\s　\u3041-\u30ff・]*",
    re.IGNORECASE,
)
_SIGN = compile_later("[0-9A-Za-z]")
_CAPITAL = r"[A-Z][A-Za-z'’.-]{0,30}"
_LATIN = compile_later(rf"{_CAPITAL}(?:[ ,]{{1,2}}{_CAPITAL})?(?:[ ,]{{1,2}}{_CAPITAL})?")
_FULL_NAME = compile_later(r"[一-鿿々]{1,4}[\s　]+[一-鿿々ぁ-ゖァ-ヺ]{1,4}")
