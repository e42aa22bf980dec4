"""Values of a form: cleaned, without remnants of the template, and parsed as a category.

What is kept is not normalised: a name is kept as received.
"""

from __future__ import annotations

import re
import unicodedata

from gateway.admission.application.items.fields import Category
from gateway.mail.text import FORMAT_CHARACTERS, is_common_text
from gateway.patterns import compile_later

MAX_VALUE = 200


_QUOTED = compile_later(r'["\']([^"\']{1,200})["\']')
_WHOLE = compile_later(r"[\[【〔「『［]([^\]】〕」』］]{0,400})[\]】〕」』］]")
_WORDS_OF_HINT = (
    r"記入|入力|選択|記載|必須|任意|例[:：)）]|例え|のいずれか|または|又は|桁|全角|半角|姓と名|部・課"
    r"|市区町村・|fill|enter|e\.g|required|optional|please|write:|name of the|six digits| or "
)
_HINT = compile_later(
    rf"[(（［\[【<＜][^()（）［］\[\]【】<>＜＞]{{0,80}}(?:{_WORDS_OF_HINT})[^()（）［］\[\]【】<>＜＞]{{0,80}}[)）］\]】>＞]",
    re.IGNORECASE,
)
_REST = compile_later(r"[\s　_＿.．・…‥ー―—–－\-*＊()（）【】「」『』\[\]［］〔〕<>＜＞:：/／○〇◯●△×~～〜]*")
_NOTHING = frozenset(
    (
        *("なし", "無し", "無", "ありません", "特になし", "該当なし", "未記入", "空欄", "空白", "省略"),
        *("記載省略", "不明", "n/a", "na", "none", "nil", "同上"),
    )
)


_NONE_BUT_NOTE = compile_later(r"(?:特に|該当)?(?:なし|無し|ありません)[\s　]*[(（][^()（）]{1,40}[)）]")
_NOT_JOINERS = FORMAT_CHARACTERS.replace("\u200b-\u200f", "\u200b\u200e\u200f")
_HARMFUL = compile_later(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_NOT_JOINERS}]")


def clean(text: str) -> str:
    """Remove control, bidi and invisible characters and surrogates; keep line ends, tabs and joiners."""
    return text if is_common_text(text) else remove_harmful(text)


def remove_harmful(text: str) -> str:
    """Remove harmful characters as `clean` does, without the quick check first."""
    return _HARMFUL.sub("", text)


def has_hint(text: str) -> bool:
    """Return whether brackets in the text contain a hint of a template: （例: 例示市）, (optional)."""
    return _HINT.search(text) is not None


_UNKNOWN = compile_later(
    r"不明(?:です)?|不詳|(?:分|わ)か(?:りません|らない|らず|りかねます)|unknown|not known"
    r"|(?:i )?do(?:n't| not) know"
)


def is_unknown(value: str) -> bool:
    """Return whether the answer is that the writer does not know: 不明, 分かりません, unknown."""
    return _UNKNOWN.fullmatch(unicodedata.normalize("NFKC", value[:40]).casefold().strip(" 。.")) is not None


_ELSEWHERE = compile_later(
    r"(?:(?:上|下|前|後|別|末|左|右|次|以上|以下|署名|件名|差出人|添付|本文|名簿)[^:]{0,10})?"
    r"(?:の?(?:とおり|通り)|(?:を|に)?(?:参照|記載)(?:(?:して)?(?:ください|下さい))?|(?:と|に)同じ"
    r"|変更(?:は|点は)?(?:なし|無し|ありません|ございません))(?:です|になります)?"
    r"|〃|(?:see|same|as) (?:[a-z]{1,10} ){0,3}(?:above|below|signature|attached|before)"
)


def is_elsewhere(value: str) -> bool:
    """Return whether a value only refers elsewhere, or says "unchanged": 署名のとおり, 変更なし."""
    said = unicodedata.normalize("NFKC", value[:40]).casefold().strip(" 。.")
    return _ELSEWHERE.fullmatch(said) is not None


# A repeated separator of label and value, and the end of a line: `\t：見本町、`.
_AROUND = compile_later(r"^[:：=＝⇒→\s　]+|[、，。]+$")
_BEFORE, _BEHIND = frozenset(":：=＝⇒→"), frozenset("、，。")


def clean_value(raw: str) -> str:
    """Return a value without hints, template remnants and enclosing brackets, cut to the limit."""
    value = _strip_around(raw.strip())
    if _SIGN.search(value) is not None:
        value = _strip_signs(value)
    bare = value.strip("()（） 　")
    if (
        _REST.fullmatch(value)
        or _NONE_BUT_NOTE.fullmatch(value)
        or bare.casefold() in _NOTHING
        or value.strip("()（）-－—ー― 　") in _NOTHING
    ):
        return ""
    return value[:MAX_VALUE].strip()


def _strip_around(value: str) -> str:
    return _AROUND.sub("", value) if value[:1] in _BEFORE or value[-1:] in _BEHIND else value


# The first characters of a hint, an enclosing bracket, a table's edge and a line to write on.
_SIGN = compile_later(r"[\"'(（\[［【<＜〔「『|｜_＿*]")
# Bold letters in a mail program's plain text: *見本町*.
_BOLD = compile_later(r"^\*{1,2}([^*]{1,200})\*{1,2}$")


def _strip_signs(value: str) -> str:
    value = _BOLD.sub(r"\1", _strip_hints(value).rstrip("|｜").strip())
    whole = _WHOLE.fullmatch(value) or _QUOTED.fullmatch(value)
    if whole is not None:
        value = whole[1].strip()
    return value.strip("_＿").strip()


def _strip_hints(value: str) -> str:
    """Return the value after leading hints, up to the next hint: never two pieces joined."""
    while (hint := _HINT.match(value)) is not None:
        value = value[hint.end() :].strip()
    later = _HINT.search(value)
    return value[: later.start()].strip() if later is not None else value


_BEHIND_NAME = compile_later(
    r"([^()（）\[\]［］【】〔〕]{1,80})[(（\[［【〔]([^()（）\[\]［］【】〔〕]{1,80})[)）\]］】〕]"
)
_READING = compile_later(
    r"(?:(?:ふりがな|フリガナ|読み|よみ|かな|カナ|reading)[\s　]*[:：]?)?"
    r"[\s　\u3041-\u30ff\uff61-\uff9fA-Za-zÀ-ɏＡ-Ｚａ-ｚ.,，．'’・･/／-]*",
    re.IGNORECASE,
)


# Contact details, a former name, a role: 工藤 和奏（内線1234）.
_NO_NAME = compile_later(
    r"(?:(?:内線|直通|代表|電話|携帯|℡|☎|tel|ext|phone)\.?[\s　]*[:：]?[\s　]*[0-9０-９\s　-]{2,20}"
    r"|[0-9０-９-]{3,16}|旧姓[\s　]*[:：]?[^\s　、,，]{1,8}|(?:申請者|申込者|担当者?|本人)(?:本人)?)",
    re.IGNORECASE,
)


def is_contact_of_name(note: str) -> bool:
    """Return whether a note beside a name is a telephone number, a former name, or who it is."""
    return _NO_NAME.fullmatch(note) is not None


def strip_reading(name: str) -> str:
    """Return a name without a reading, or its Latin letters, in brackets or behind a slash after it."""
    slashed = _SLASHED.fullmatch(name.strip())
    return slashed["name"] if slashed is not None else strip_behind(name, _READING)


_SLASHED = compile_later(
    r"(?P<name>[^/／]{0,40}[一-鿿々][^/／]{0,40}?)[\s　]*[/／][\s　]*[\u3041-\u30ff\s　]{2,40}"
)


def strip_note(name: str) -> str:
    """Return a person's name without a seal or what is in brackets after it, including a reading."""
    return strip_behind(strip_reading(_SEAL.sub(r"\1", name)), _NO_NAME)


# Where a printed form has a seal: 見本　花子　印.
_SEAL = compile_later(
    r"^((?:[^\s　]{1,6}[\s　]+){1,4}[^\s　]{1,6}(?=[\s　]+印$)|.{2,40}?(?=[\s　]*(?:㊞|[(（]印[)）])$)).*$"
)


def strip_behind(value: str, kind: re.Pattern[str]) -> str:
    """Return a value without what is in brackets after it, if that is of a kind."""
    found = _BEHIND_NAME.fullmatch(value.strip())
    return found[1].strip() if found is not None and kind.fullmatch(found[2].strip()) else value


# What is still to come: 担当者が決まり次第お知らせします, 未定, 選考中. Any other words are a value.
_PENDING = compile_later(
    r".*(?:次第|後日|追って|のちほど|後ほど).{0,16}|.{0,12}(?:未定|調整中|検討中|選考中|人選中)(?:です)?[。.]?"
)
_SENTENCE = compile_later(r".*。.+|.*(?:ます|ません|ました|ください|下さい|でしょうか)[。.!！]?")


def is_pending(value: str) -> bool:
    """Return whether a text in place of a name says that there will be one."""
    return _PENDING.fullmatch(value.strip("()（） 　")) is not None


def is_no_code(value: str) -> bool:
    """Return whether a text in place of a code is a sentence, has no digit, or says that it will follow."""
    bare = value.strip("()（） 　")
    if is_pending(bare) or _SENTENCE.fullmatch(bare) is not None:
        return True
    return bool(bare) and _DIGIT.search(bare) is None


_DIGIT = compile_later(r"[0-9０-９〇零一二三四五六七八九]")
_DENIAL = compile_later(r".{0,60}(?:ません(?:でした)?|ないです|ありません|ございません)[。.]?")


def is_denied(value: str) -> bool:
    """Return whether a text in place of a value says that there is none: 課は置いておりません."""
    return _DENIAL.fullmatch(value.strip("()（） 　")) is not None


_SIX_DIGITS = compile_later(r"(?<![0-9０-９-])[0-9０-９]{6}(?![0-9０-９-])")


def find_code(value: str) -> str:
    """Return the only run of six digits in a longer value (市と同じ 252131); kanji numerals become digits.

    Any other value is returned unchanged, and empty if another label names the digits: 職員番号123456.
    """
    if is_unknown(first := re.split(r"[(（]", value, maxsplit=1)[0]):
        return first.strip()  # 不明（電話 011002）
    found = _SIX_DIGITS.search(value)
    if found is not None and _OTHER_NUMBER.search(value, 0, found.start()) is not None:
        return ""
    if found is not None and _SIX_DIGITS.search(value, found.end()) is None:
        return found.group()
    if (noted := _NOTED_CODE.match(value)) is not None:
        return noted["code"]
    bare = value.strip()
    return bare.translate(_KANJI_NUMERALS) if _KANJI_CODE.fullmatch(bare) else value


_OTHER_NUMBER = compile_later(r"(?<!団体)(?<!自治体)(?<!ード)(?:番号|ID|id|No\.?|№)は?[ 　:：]{0,3}$")
# What follows in brackets is about other codes: 342084（132063 は別の市です）.
_NOTED_CODE = compile_later(r"[\s　]*(?P<code>[0-9０-９]{6})[\s　]*[(（※]")
# Six of them, as in vertical writing; 第二二二〇七一号 is none.
_KANJI_CODE = compile_later(r"[〇零一二三四五六七八九]{6}")
_KANJI_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")


_LOCAL = compile_later(
    r"自治体|地方公共団体|地方公務員|地方|市区町村|市町村|都道府県|市役所|町役場|村役場|区役所|県庁|府庁|道庁|都庁|広域連合|事務組合"
    r"|^[都道府県市区町村]$|local|municipal|prefectur|city|town"
)
_NATIONAL = compile_later(
    r"政府|国家|省庁|府省|中央|国の|^国$|国職員|独立行政法人|national|ministry|central|federal|agency"
)
_DENIED = compile_later(r"(?:では?|じゃ)(?:な[いく]|(?:あり|ござい)ません)(?:て|です)?")
# Whoever works for one, or did, is not employed by it: 民間（自治体の委託先）, 自治体OB.
_OUTSIDE = compile_later(
    r"民間|委託|受託|請負|業者|会社|(?<!公営)企業(?!庁|局|団)|ベンダ|外郭|第三セクター|第3セクター|出資|指定管理|退職|家族"
    r"|(?<![a-z])o[bg](?![a-z])|^元|元(?=自治体|職員|公務員|国家|地方)|でした|だった|内定|予定|自治体(?:向け|関連|系|担当|以外)"
)
_NO_NATION = compile_later(r"[四全中]国")
_EMPTY_BOX = compile_later(r"[□☐▢◻]|[\[(] {0,6}[\])]")
_OPTION = compile_later(
    r"([□☐▢◻☑✓✔✅■☒○〇◯●◉レ]|[\[(][ xvo○レ✓✔■*]{0,6}[\])])([^□☐▢◻☑✓✔✅■☒○〇◯●◉\[(]{0,80})"
)


_SPACED = compile_later(r"(?:[ぁ-ゖァ-ヺ一-鿿][\s　]+){1,10}[ぁ-ゖァ-ヺ一-鿿]")  # 自 治 体


def pick_ticked(value: str) -> str:
    """Return the only ticked option of a value with others that are not: □係長 ☑主任; else the value."""
    options = _OPTION.findall(value)
    ticked = [said.strip() for mark, said in options if not _EMPTY_BOX.fullmatch(mark)]
    return ticked[0] if len(options) > len(ticked) == 1 and _OPTION.match(value) else value


def parse_category(text: str) -> Category:
    """Return local or national; unknown if both or neither is named, or if no box is ticked."""
    folded = _NO_NATION.sub("", unicodedata.normalize("NFKC", text).casefold())
    if (denied := _DENIED.search(folded)) is not None:
        folded = folded[denied.end() :]  # 政府機関ではなく自治体
    options = _OPTION.findall(folded)
    if options:
        folded = " ".join(said for mark, said in options if not _EMPTY_BOX.fullmatch(mark))
    if _OUTSIDE.search(folded) is not None:
        return Category.UNKNOWN
    local, national = (_LOCAL.search(folded), _NATIONAL.search(folded))
    if not local and not national and _SPACED.fullmatch(folded.strip()):
        folded = "".join(folded.split())
        local, national = _LOCAL.search(folded), _NATIONAL.search(folded)
    if bool(local) == bool(national):
        return Category.UNKNOWN
    return Category.LOCAL if local else Category.NATIONAL
