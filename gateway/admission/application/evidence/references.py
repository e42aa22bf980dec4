"""Values that name nothing by themselves: 当課, 私, 元総務課, 来月より企画課, 旧011002.

An organisation or a section of another time is none of the applicant's, and a pronoun or a post is no name.
Each kind is a grammatical class: determiners, pronouns, words of time, adverbs of doubt, and particles; also
sentences, references to a document, placeholders, and nouns for several people.
"""

from __future__ import annotations

import unicodedata

from gateway.admission.application.consent.people import find_body, is_listed_office, is_role
from gateway.admission.application.items.labels import Item, find_item
from gateway.patterns import compile_later

_LONGEST = 60
_UNIT = r"(?:[部局課室係班市区町村都道府県省庁]|団体|自治体|機関|組織|職場|部署)"
# 本部, 本局, 本庁 and 本省 are headquarters.
_POINTS = compile_later(
    rf"(?:(?:当|同|各|全|弊|貴|御|某|我が|わが|うち|地元)の?|(?:同じ|こ(?:の|ちらの)|そ(?:の|ちらの)|あの|どこ(?:か)?の|他の|別の|小さな))"
    rf"(?:{_UNIT}|社)|本(?![部局庁省]){_UNIT}|地元|ふるさと|故郷|.*の(?:隣|近く|近隣|一)(?:{_UNIT})?"
)
_PRONOUN = compile_later(
    r"(?:私|わたし|わたくし|僕|俺|小生|自分|当人|本人|当方|(?:申請|申込|担当)者?本人|(?:担当)?(?:職員|者)|me|myself|i)"
    r"(?:自身|本人)?(?:です)?|[^\s]{0,8}者|.{2,20}の(?:上司|部下|[前後]任|代理|同僚|秘書|担当|妻|夫)"
)
# One of two: 田中または鈴木.
_OR = compile_later(r"または|又は|もしくは|若しくは|\bor\b")
# Of another time; the name follows.
_YEAR = r"(?:再来|一昨|昨|来|翌|前|次|本|(?:令和|平成)?[0-9元一二三四五六七八九十]{1,4})(?:年度?|月|週|期)"
_TIME = (
    rf"(?:{_YEAR}(?:[0-9]{{1,2}}月)?(?:以[降後])?|元々?|旧|前(?=[^、]{{3}})|次期?(?=[^、]{{3}})|非|将来|今後"
    r"|以前|従前|当時|昔)"
)
_DOUBT = (
    r"(?:たぶん|多分|おそらく|恐らく|たしか|確か|ひとまず|とりあえず|いずれ|もともと|当面|どちらかといえば)"
)
_BEFORE = compile_later(rf"(?:{_TIME}|{_DOUBT}|(?:隣|近く|他|別|元|前|次|昔)の)")
# 来月より企画課, 暫定で企画課, 合併して試作市.
_PARTICLE = compile_later(r"(?:より|から|まで|して|的に|[では])、?(?=[一-鿿ァ-ヺ])")
_END = "[部局課室係班市区町村都道府県]"
# 佐藤と同じ総務課: it says whose section it is, and the writer may mean another one.
_LIKE_ANOTHER = compile_later(r"[^\s][とに](?:同じ|同様の?|一緒の)[^\s]")
_EITHER = compile_later(rf"{_END}か[^\s]{{1,16}}{_END}$")
_WILL_BE = compile_later(r".{1,40}(?:の|(?:に|と)なる|[(（])(?:予定|見込み?)[)）]?(?:です)?")
_PLACES = frozenset({Item.ORGANISATION, Item.DEPARTMENT, Item.AFFILIATION})
_WRITTEN = _PLACES | {Item.NAME, Item.TITLE}


def refers(item: Item, value: str) -> bool:
    """Return whether a value only refers to what it should name, or names that of another time."""
    if len(value) > _LONGEST:
        return False
    folded = unicodedata.normalize("NFKC", value).casefold()
    bare = "".join(folded.split())
    is_none = _names_nothing(_NOTE.sub("", bare)) or _NUMBERED.search(value) is not None
    if item in _WRITTEN and (is_none or _OR.search(folded) is not None):
        return True
    if item is Item.NAME:
        return is_role(bare) or any(kind.fullmatch(bare) for kind in (_PRONOUN, _PEOPLE))
    if _WILL_BE.fullmatch(bare) is not None:
        return item in _PLACES or item is Item.TITLE
    if item is Item.TITLE:
        before = _BEFORE.match(bare)
        return before is not None and is_role(bare[before.end() :])
    is_beside = _OUTSIDE.search(bare) is not None or (item in _BODIES and _is_beside_body(folded))
    return item in _PLACES and (is_beside or _refers_to_place(bare))


def _names_nothing(bare: str) -> bool:
    """Return whether a value is a sentence, a correction, a reference to a document, or a placeholder."""
    return any(kind.fullmatch(bare) for kind in (_SAID, _DOCUMENT, _PLACEHOLDER, _TO_COME))


# The values of several items.
_NUMBERED = compile_later(r"(?:[①-⑳][^①-⑳]*){3}|\s[0-9０-９]{6}\s")
# What a value says beside its name, in brackets, is kept with it.
_NOTE = compile_later(r"\([^()]*\)$")
# What is behind the name of a person is kept as written: 見本花子と申します.
_SAID = compile_later(
    r".*(?:(?<=[ぁ-ゖ])(?<!申し)(?<!もうし)(?<!ござい)ます|ません|ました|(?:くだ|下)さい|でも(?:よい|良い|いい|可))[。.!]*"
    r"|.*(?:です|ます)(?:が|けど|けれど|ので).*|.*(?:では|じゃ)なくて?、?.+|.+(?:→|⇒|->).+"
)
_DOCUMENT = compile_later(
    r"(?:別|添|同)[紙添付表]|名刺|署名|.{1,24}(?:[をに]?参照|の(?:とおり|通り)|[にと]同じ(?:[部局課室係班市町村])?)(?:です)?"
)
_PLACEHOLDER = compile_later(
    r"[○〇◯●◎×✕△□*?]{2,}.*|x{2,}(?![a-z]).*|tb[acd]|匿名(?:希望)?|秘密|ひみつ|内緒|非公[開表]|名無し|ナナシ|[部課係]なし"
)
_TO_COME = compile_later(
    r".*(?:(?:確認|照会|調整|選考|手続き?|協議|出向|派遣|休職|退職)(?:中|済み?)|待ち|に確定)(?:です)?"
)
# Several people, or one by the post: 税務課職員, 係員一同, 町長.
_PEOPLE = compile_later(
    r".*(?:一同|各位|有志|全員|職員|事務局|(?:ほか|他|外)[0-9一二三四五六七八九十]{1,3}[名人])"
    r"|[都道府県市区町村]長|知事|首長|.+の(?:[前後]任|代理|上司|部下|同僚)の.+"
)
_BODIES = frozenset({Item.ORGANISATION, Item.AFFILIATION})
# 見本町長 見本太郎 is a person.
_HEAD = compile_later(r"[都道府県市区町村]長(?=\s|$)|知事(?=\s|$)")
# A person or a body by its relation to one: 見本町民, 見本町の委託先.
_BEHIND_BODY = compile_later(
    r"(?:(?:議会)?議員|(?<=[都道府県市区町村])民|住民|在住|出身|(?<![a-z])ob|の?(?:委託先|受託者|請負先|取引先|業者|(?<!公営)企業)|から.*出向)$"
)


# Who works for a body, and a place of an earlier time: 委託業者, 民間（自治体の委託先）, 総務課（3月まで）.
_OUTSIDE = compile_later(
    r"(?:委託|受託|請負|取引|発注)(?:先|者|業者|会社|企業|を受けた.{1,8})\)?$|(?:^|の)(?:[^\s]{0,8})業者$|指定管理者$"
    r"|^(?:民間|会社員|自営業)(?:企業|会社|事業者?)?(?:\([^()]*\))?$|.のはず(?:です)?$|\([^()]{1,12}まで(?:の所属)?\)$"
)


def _is_beside_body(folded: str) -> bool:
    """Return whether a value names the head of a body, its people, or another body by its relation to it."""
    return _HEAD.search(folded) is not None or _BEHIND_BODY.search(folded) is not None


def _refers_to_place(bare: str) -> bool:
    if _POINTS.fullmatch(bare) is not None or is_role(bare) or _EITHER.search(bare) is not None:
        return True
    if _LIKE_ANOTHER.search(bare) is not None:
        return True
    if find_body(bare):
        return False  # 前橋市
    begun = (found.end() for found in (_BEFORE.match(bare), *_PARTICLE.finditer(bare)) if found is not None)
    return any(_is_named(bare[at:]) for at in begun)


def _is_named(text: str) -> bool:
    """Return whether a text is a municipality by its shape, or an office of common words only."""
    return _MUNICIPALITY.fullmatch(text) is not None or is_listed_office(text)


_MUNICIPALITY = compile_later("[^部局課室係班]{1,6}[都道府県市区町村省庁]")


_CODE = compile_later(r"[0-9０-９]{6}")
_APART = " 　:：(（「"
# A day, or a number with its own name: 郵便番号は000-0000です.
_OTHER_FIGURES = compile_later(
    r"[^0-9０-９]*[0-9０-９]{1,4}[年月日時].*"
    r"|(?!番号は|.*(?:コード|団体番号|自治体番号|[都道府県市区町村])は)[^0-9０-９]{1,20}は[ 　]?[0-9０-９].*"
)


def is_other_code(value: str) -> bool:
    """Return whether what is before six digits says that they are another code: 旧011002, 県は010006.

    Without six digits, the figures may be a day or another number. A label of the code, the name of a
    municipality, or anything before a blank may be there.
    """
    found = _CODE.search(value)
    if found is None and _OTHER_FIGURES.fullmatch(value.strip(_APART)) is not None:
        return True
    before = value[: found.start()] if found is not None else ""
    bare = before.strip(_APART)
    if not bare or _BEFORE.fullmatch(bare) is not None:
        return bool(bare)
    topic = bare.removesuffix("は")
    is_own = topic.endswith(("コード", "番号")) or find_item(topic) is Item.CODE
    is_body = topic is bare and topic[-1:] in _BODY_ENDS
    return before[-1:] not in _APART and not is_own and not is_body


_BODY_ENDS = frozenset("都道府県市区町村")
