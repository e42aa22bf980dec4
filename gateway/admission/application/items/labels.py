"""The items of an application, and the many ways in which people label them.

A label is compared after folding (`fold_label`): full-width or half-width, with or without お/ご, spaces,
bullets, notes in brackets, marks such as 必須.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from itertools import combinations

from gateway.memoize import memoize
from gateway.patterns import compile_later

MAX_LABEL = 60


class Item(StrEnum):
    """An item of an application; an affiliation is an organisation or a section, depending on the others."""

    CATEGORY = "category"
    ORGANISATION = "organisation"
    CODE = "code"
    DEPARTMENT = "department"
    TITLE = "title"
    NAME = "name"
    EMAIL = "email"
    CONSENT = "consent"
    VERSION = "version"
    AFFILIATION = "affiliation"


_LABELS = {
    Item.CATEGORY: """区分 職員区分 所属区分 申請者区分 団体区分 申請区分 クブン
        種別 団体種別 自治体or政府機関 自治体または政府機関 自治体又は政府機関
        自治体政府機関の別 国自治体の別 自治体国の別 職員の区分 職員の別 category
        type
        classification typeofemployer kindofemployer kindofbody employercategory""",
    Item.ORGANISATION: """団体名 団体 ダンタイ ダンタイメイ 団体の名称 名称 機関の名称
        自治体の名称 所属団体 所属団体名 自治体名 自治体 所属自治体 所属自治体名
        地方公共団体名
        市区町村名 市町村名 市区町村 都道府県名 組織名 組織 所属組織 所属組織名 機関名 所属機関
        所属機関名 政府機関名 府省庁名 省庁名 勤務先 勤務先名 所属先 所属先名 organisation
        organization organisationname organizationname nameoforganisation nameoforganization
        nameoftheorganisation nameoftheorganization localgovernment localgovernmentname municipality
        agency agencyname ministry employer institution body affiliation org orgname employername
        municipalityname nameofmunicipality cityname 市名 町名 村名 区名 県名 市役所名 役場名""",
    Item.CODE: """全国地方公共団体コード ダンタイコード cd
        地方公共団体コード 全国地方自治体コード 地方自治体コード 団体コード
        コード番号 団体コード番号 自治体コード番号
        番号 6桁コード 6桁のコード 団体のコード
        自治体コード 市区町村コード 市町村コード 都道府県コード コード localgovernmentcode
        municipalitycode organisationcode organizationcode lgcode code jiscode orgcode""",
    Item.DEPARTMENT: """部課名 部課 部課等 部課名等 所属等 所属部課等
        ブカ ブカメイ ブショ ブショメイ カメイ 部署 部署名 所属部署 所属部署名 所属部課 所属部課名 所属課
        所属課名 配属 配属先 配属部署 配属課
        課名 課 部局 部局名 部局課名 課係名 課室名 部名 室名 係名 担当課 担当部署 部課係名 部課室名
        department departmentname dept dep deptsection div section sectionname
        division office unit departmentandsection
        departmentsection""",
    Item.TITLE: """役職 役職名 ヤクショク
        ヤクショクメイ 官職 官職名 役職等 職名等
        職名 職 補職 補職名 職位 肩書 肩書き 職階 階級 職種 title jobtitle position role post rank""",
    Item.NAME: """シメイ ナマエ オナマエ 氏名 名前 申請者 申請者名 申請者氏名 姓名 フルネーム 職員氏名
        申込者 申込者名 申込者氏名 申請人 担当者名 担当者氏名 担当者
        name
        fullname yourname nameofapplicant applicant applicantname applicantsname""",
    Item.EMAIL: """メール メールアドレス mail mailaddress email emailaddress 電子メール 電子メールアドレス
        eメール eメールアドレス 連絡先メールアドレス 連絡先メール 招待先メールアドレス アドレス""",
    Item.CONSENT: """キヤク リヨウキヤク ドウイ キヤクヘノドウイ キヤクドウイ 同意 規約 利用規約
        規約同意 規約への同意
        規約の同意 利用規約への同意 利用規約同意
        利用規約の同意 参加規約への同意 参加規約 会員規約への同意 同意確認 同意事項 同意欄 同意の有無
        規約への同意の有無 利用規約への同意の有無
        規約について 規約の件 利用規約の件 利用規約について 規約等への同意 ルールへの同意
        規約に同意 利用規約に同意 規約に同意する 規約に同意しますか 利用規約に同意する 利用規約に同意しますか
        利用ルールへの同意 利用条件への同意 consent agreement terms
        termsofuse consenttotherules consenttotheterms consenttotermsofuse consenttothetermsofuse
        agreementtotherules agreementtotheterms agreementtothetermsofuse agreetotherules
        agreetotheterms iagreetotherules iagreetotheterms rules""",
    Item.VERSION: """規約の版 規約バージョン 規約の版数 規約版 同意した版 同意した規約の版 versionoftherules
        rulesversion termsversion version""",
    Item.AFFILIATION: "所属 所属名 ショゾク",
}
# Units from the largest to the smallest, as many as an office has: 部局課名, 課室係.
_UNITS = tuple("".join(units) for count in (2, 3, 4) for units in combinations("部局課室係班", count))
ITEM_BY_LABEL = {
    f"{head}{units}{name}": Item.DEPARTMENT
    for units in _UNITS
    for head in ("", "所属")
    for name in ("", "名")
}
# What is said of an organisation, of a person, of the rules: each of these with each of those.
_BODIES = "団体 機関 組織 職員 所属 所属団体 所属機関 所属先 勤務先 申請者 自治体 雇用主"
# Of these alone a number is the code: others have numbers of their own, such as 職員番号.
_CODED = "団体 所属団体 自治体 所属自治体 市区町村 市町村 都道府県 地方公共団体 全国地方公共団体"
_PEOPLE = """申請者 申込者 参加者 応募者 登録者 利用者 担当者 職員 本人 希望者 参加希望者 利用希望者
    登録希望者 申請者本人 申請職員 参加職員"""
_RULES = """規約 利用規約 参加規約 会員規約 規約等 利用規約等 参加規約等 行動規範 規約行動規範 規約と行動規範
    規約および行動規範 規約及び行動規範 ルール"""
_OF = ("", "の")
_SAID_OF = (
    (f"{_BODIES} {_PEOPLE}", _OF, Item.CATEGORY, "区分 種別 種類 分類 類型 別"),
    (_BODIES, _OF, Item.ORGANISATION, "名称 正式名称 名前"),
    (_PEOPLE, _OF, Item.ORGANISATION, "団体名 所属団体 所属団体名 勤務先"),
    (_CODED, _OF, Item.CODE, "コード 番号 コード番号 cd"),
    (_PEOPLE, _OF, Item.DEPARTMENT, "部署 部署名 部課 部課名 課名 所属部署 所属部署名 所属課"),
    (f"{_PEOPLE} 現 現在", _OF, Item.TITLE, "役職 役職名 職名 職 職位 肩書"),
    (_PEOPLE, _OF, Item.NAME, "氏名 名前 姓名 お名前"),
    (_PEOPLE, _OF, Item.AFFILIATION, "所属"),
    (_RULES, ("の", "への", "についての"), Item.CONSENT, "同意 承諾 同意確認 同意の有無"),
)
ITEM_BY_LABEL |= {
    f"{of}{link}{what}": item
    for heads, links, item, names in _SAID_OF
    for of in heads.split()
    for link in links
    for what in names.split()
}
# The rules, and what is done with them: Do you agree to the rules of use?, I have read and accept the terms.
_RULES_EN = """rules rulesofuse rulesofparticipation rulesofthecommunity communityrules terms termsofuse
    termsofservice termsandconditions termsconditions conditionsofuse"""
_AGREE_EN = """agreeto agreewith consentto accept agreetofollow agreetocomplywith agreetoabideby agreementto
    agreementwith acceptanceof readandagreeto readandagreewith readandaccept readandagreedto
    readandaccepted"""
_WHO_EN, _THE_EN = ("", "i", "doyou", "ihave", "haveyou"), ("", "the", "these", "your")
# Without blanks. Our letters break whole words of other people, so a label without one of those is none.
CONSENT_EN = frozenset(
    (
        *_RULES_EN.split(),
        *(
            f"{who}{deed}{the}{rules}"
            for rules in _RULES_EN.split()
            for the in _THE_EN
            for who in _WHO_EN
            for deed in _AGREE_EN.split()
        ),
        *(
            f"{who}read{the}{rules}and{agree}"
            for rules in _RULES_EN.split()
            for the in _THE_EN
            for who in _WHO_EN[1:]
            for agree in ("agree", "agreed", "agreetothem", "acceptthem")
        ),
    )
)
_WORD_EN = compile_later(r"(?<![a-z0-9])(?:agree(?:d|ment)?|accept(?:ed)?|consent|rules|terms)(?![a-z0-9])")
ITEM_BY_LABEL |= {label: item for item, labels in _LABELS.items() for label in labels.split()}
_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ"))}
ITEM_BY_LABEL |= {
    label.translate(_HIRAGANA): item
    for label, item in ITEM_BY_LABEL.items()
    # Not どうい: our letters break up the words of a consent, and どういう is in every other sentence.
    if re.fullmatch("[ァ-ヺー]+", label) and "ドウイ" not in label
}
HONORIFICS = "ごお御"


_NOTE = compile_later(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|<[^<>]*>|［[^［］]*］")
_INNER_NOTE = compile_later(rf"\w\s*(?:{_NOTE.pattern})\s*\w")
# What a note in a label of the consent may say: how to answer, or which answers there are.
_HOW_TO_ANSWER = compile_later(
    r"[\s\"'「」『』/・,、。:*※]|必須|必ず|要|ご?(?:記入|入力|回答|選択)|同意|承諾|(?:いた)?します|する|しない|しません"
    r"|はい|いいえ|or|または|又は|と|を|の|○|write|i|agree|disagree|yes|no|required|規約|利用規約|ください|下さい|お願いします"
    r"|第?[0-9.]+版?|[0-9]{1,2}"
)
_TRANSLATION = compile_later(
    r"(?:consent|agreement)(?: to the (?:rules|terms)(?: of (?:use|participation))?)?|規約への同意"
)
_DROPPED = compile_later(r"[\s_*※.,、。'\"・&/?-]|必須|任意")
# A label as a question: 団体名を教えてください, 規約に同意しますか.
_ASKED = compile_later(
    r"(?:を|は)?(?:(?:お?教え|お?聞かせ|(?:ご?(?:記入|入力|選択|回答)|お書き|お選び)(?:して)?)(?:て)?(?:くだ|下)さい|何ですか)$"
)
_BETWEEN = compile_later(r"(?<![/／・])[/／・](?![/／・])")  # several dots lead to the value
_BULLET = compile_later(
    r"[\s　]*(?:(?:〇(?![〇零一二三四五六七八九])|[・●○◯◎◆◇■□▪▫◦•‣*＊※☆★▼▽▶►→⇒#＃–—-]"
    r"|[(（]?[0-9０-９]{1,2}[.．)）、:：]|[①-⑳]"
    r"|[\U0001f300-\U0001faff]\ufe0f?|[QqＱ][0-9０-９]{1,2}[.:．：]?"
    r"|[AaＡ][0-9０-９]{0,2}[.:．：][\s　])[\s　]*){0,3}"
)


def strip_bullets(line: str) -> str:
    """Return the line without up to three bullets or numbers in front."""
    bullets = _BULLET.match(line)
    return line[bullets.end() if bullets else 0 :]


_REMARK = compile_later(
    r"[\s　・■□◆●*※【\[]{0,4}(?:備考|その他|連絡事項|特記事項|通信欄|補足|メモ|追伸"
    r"|質問|ご?質問事項|ご?要望|コメント"
    r"|(?:(?:参加|申請|利用|応募|登録)(?:の|を希望する|したい)?)?(?:動機|理由|目的|経緯|きっかけ|背景))欄?[】\]]?"
    r"(?:[\s　]*[:：\t][\s　]*|[\t　]+|(?<=[】\]])| {2,})"
)


# Such a label alone, or one of contact details: 【その他】, 連絡先（内線）.
_HEADING = compile_later(
    r"[\s　・■□◆●◇▼▽*※【\[〔<＜]{0,4}(?:[0-9０-９]{1,2}[.．)）、][\s　]*)?(?:備考"
    r"|その他|連絡事項|特記事項|通信欄|補足|メモ"
    r"|追伸|ご?質問(?:事項)?|ご?要望|コメント|連絡先|電話(?:番号)?|内線(?:番号)?|住所|所在地|メールアドレス)欄?"
    r"(?:[(（][^()（）]{0,12}[)）])?[】\]〕>＞]?[\s　]*(?:[:：\t].*)?"
)


def is_remark(line: str) -> bool:
    """Return whether a line is such a label, or begins with one of contact details."""
    return _HEADING.fullmatch(line) is not None


def strip_remark(line: str) -> str:
    """Return the line without a label of remarks, which are not an item: 備考：電話は午後に."""
    label = _REMARK.match(line)
    return line if label is None else line[label.end() :]


def fold_label(text: str) -> str:
    """Fold a label for lookup."""
    folded = _NOTE.sub("", unicodedata.normalize("NFKC", text))
    return _ASKED.sub("", _DROPPED.sub("", folded).casefold())


def find_item(text: str) -> Item | None:
    """Return the item that a label names, or None. In a double label (氏名/Name) the first part counts."""
    # As most people write it: nothing to fold.
    return ITEM_BY_LABEL.get(text) or find_folded_item(text)


@memoize(maxsize=4096, max_key=MAX_LABEL, why="many parsers look up the same beginnings of lines")
def find_folded_item(text: str) -> Item | None:
    """Return the item of a label as `find_item` does, without looking it up as written first."""
    if len(text) > MAX_LABEL:
        return None
    label = fold_label(text)
    found = (
        ITEM_BY_LABEL.get(label)
        or ITEM_BY_LABEL.get(label.lstrip(HONORIFICS))
        or ITEM_BY_LABEL.get(label.removesuffix("欄"))
        or _find_consent_en(label, text)
    )
    # A slash or a note may break a word of consent in print (同<b>意): readers do not fold it away.
    written = unicodedata.normalize("NFKC", text)
    is_broken = found is Item.CONSENT and (
        "/" in _NOTE.sub("", written) or _INNER_NOTE.search(written) is not None
    )
    if found is Item.CONSENT and (_is_limited(written) or _is_torn(label, written.casefold())):
        return None
    if (found is not None and not is_broken) or not label:
        return found
    first = _BETWEEN.split(text, maxsplit=1)[0]
    return find_folded_item(first) if first != text else None


def _find_consent_en(label: str, text: str) -> Item | None:
    is_one = label in CONSENT_EN and _WORD_EN.search(text.casefold()) is not None
    return Item.CONSENT if is_one else None


def _is_torn(label: str, written: str) -> bool:
    """Return whether no word of an English label is whole: a greetotherules. Letters do not break such."""
    return label.isascii() and label not in written and _WORD_EN.search(written) is None


def _is_limited(label: str) -> bool:
    """Return whether a note in a label of the consent says more than how to answer: 規約への同意（予定）."""
    notes = (note.group()[1:-1].casefold() for note in _NOTE.finditer(label))
    return any(_HOW_TO_ANSWER.sub("", note) for note in notes if not _TRANSLATION.fullmatch(note))
