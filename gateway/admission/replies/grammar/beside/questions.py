"""Whether a note to the applicant is a question or a request to the applicant, about the application.

Every word of it is known: what an application holds, how one asks for it, and what joins the two. A sentence
with one word more may be said to a colleague, or of the applicant, and is asked for word and code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gateway.admission.replies.context import Slots
from gateway.admission.replies.grammar.beside.lexicon import any_of, read_on
from gateway.admission.replies.grammar.beside.terms import SNIPPET
from gateway.admission.replies.grammar.names.offices import OFFICE
from gateway.admission.replies.sentences import fold_phrase, strip_decoration

# What an application says, or shows.
_ITEMS = """
    部課名 課名 部署名 部署 部課 係名 係 班名 局名 室名 役職 役職名 肩書 肩書き 職名 職位 職種 担当業務
    業務 業務内容 職務 職務内容 お仕事 仕事 所属 所属先 所属部署 所属団体 所属名 所属課 在籍証明
    在籍証明書 在職証明書 雇用形態 勤務形態 勤務先 勤務地 職員番号 職員証 身分証 身分証明書 名刺 氏名
    お名前 名前 フルネーム 読み 読み方 読みがな よみがな ふりがな フリガナ 電話番号 代表番号 代表電話
    代表電話番号 直通 直通番号 内線 内線番号 連絡先 電話 メールアドレス アドレス ドメイン 公用アドレス
    公用メール 公用メールアドレス 住所 所在地 郵便番号 団体名 団体コード 組織名 機関名 自治体名 市町村名
    法人番号 url ホームページ ウェブサイト 申請理由 申請区分 区分 参加目的 参加理由 利用目的 目的 理由
    用途 人数 利用開始日 開始日 着任日 異動日 異動先 兼務 兼務先 出向元 出向先 派遣元 雇用主 所属長
    人事担当課 漢字 ローマ字 いつから在籍 いつから勤務 人事担当者 担当者 担当課 紹介者 添付書類 添付資料
    添付ファイル 記入内容 記載内容 正式名称 正式な名称 名称 略称 表記 規約への同意 規約への同意欄 同意欄
    欄 項目 課 局
"""
_OTHERS = """
    の を は が に へ と も で や から まで より など 等 ・ 、 , : / 及び および 並びに または 又は
    もしくは ついて つきまして 関して における として とは には では お ご 御 貴 申請者 本人 様 現在 今
    当該 その 下記 以下 次 上記 記載 記入 もう少し 少し 詳しく 詳しい 詳細 詳細に 具体的に 具体的な 正式
    正式な 正式に 正しい 正確な 正確に 最新 公式 公用 公的 可能であれば できれば 差し支えなければ
    よろしければ お手数ですが お手数をおかけしますが 恐れ入りますが 恐縮ですが 大変 確認 審査 念 ため 点
    件 もの こと 申請 申請書 申請内容 団体 組織 機関 書類 資料 内容 年 月 日 名 部 在籍 勤務 規約 同意
    同封 添付 入力 どこ どちら どの どのような どのように どういった どなた どれ いつ いくつ 何 なぜ
    でしょう です でした ます か でしょうか ですか ますか ませ ん ない なく あり ございます ござい お持ち
    いらっしゃい おり い いる なり なって 同じ させて のうえ の上 うえ 常勤 非常勤 会計年度任用職員
    正規職員 正職員 臨時職員 派遣職員 公務員 国家公務員 地方公務員 私用 個人 個人用 フリーメール 自宅 一致
    合って 間違い よろしい 宜しい よい 良い 違い 違って 異なり 異なって 空欄 未記入 未入力 抜け 漏れ 不足
    不明 読め 読み取れ 分かり わかり 見当たり 確認でき 届いて され し して した て ので 必要 以上 質問
    照会 とおり 通り 返信 期日 期限 名様 あれば ある のみ だけ イニシャル ニックネーム 旧姓 旧 新 以内
    日中 平日 電話可能な 連絡の取れる 郵送 写し コピー 画像 市 町 村 区 県
"""
_REQUESTS = """
    教えて お教え ご教示 教示 お知らせ お知らせいただき 知らせて ご連絡 連絡して ご回答 回答 回答して
    ご返信 返信して ご返答 ご記入 ご記載 明記 ご明記 追記 補記 補足 修正 ご修正 訂正 説明 ご説明 提示
    ご提示 提出 ご提出 お送り 送って 送付 ご送付 書いて お書き 示して お示し 再送 申請し直して 記入のうえ
    記入の上 いただけ いただき 頂け 頂き たい たく 存じます ください 下さい くださいますよう お願い
    お願いします いたします 致します 申し上げます 願います もらえ もらい いただけると 頂けると 幸いです
    助かります ほしい 欲しい よろしく 宜しく どうぞ 返送 直して 伺い お伺い 尋ね お尋ね
"""
_ITEM = re.compile(any_of(_ITEMS))
_SENTENCE = rf"{any_of(_ITEMS, _OTHERS, _REQUESTS)}|{OFFICE}|[0-9]{{1,4}}[.)]?|[()]"
_REQUEST = re.compile(
    r".*(?:ください|下さい|(?:お願い|願い)(?:(?:いた|致)?します|申し上げます)?|いただけますか|願います|幸いです|助かります"
    r"|たいです|存じます|ほしいです|欲しいです|いただけますでしょうか|いただけませんか)(?:、?(?:よろしく|宜しく)お願い.*)?"
)
_QUESTION = re.compile(r".*(?:[?]|か|は)")
_FINDING = re.compile(
    r".*(?:空欄|未記入|未入力|抜け|漏れ|不足|不明|違[いっ]|異な[りっ]|ません|ない|必要|なって|のみ|だけ|ローマ字|私用|個人|フリーメール|自宅|イニシャル|ニックネーム|旧).*"
    r"(?:です|でした|ます|ません|ません?でした|ため|ので|ない|空欄|未記入|不足|不明)?"
)
_FRAGMENT = re.compile(rf"{any_of(_ITEMS)}|[のと、,・/及びや]|{OFFICE}|[0-9]{{1,2}}[.)]?")
# What nobody but the applicant does.
_FILL = re.compile(
    r".*(?:記入|記載|明記|追記|提出|返送|申請し直して|お書き).*(?:ください|下さい|お願い.*|願います|いただけますか)"
)
# To confirm something is asked of colleagues.
_TO_OTHERS = re.compile(r"(?<!ご)確認(?:を)?(?:して|し、|お願い|願い)|確認(?:ください|下さい|いただ|頂)")
# What announces a question, and asks nothing yet.
_OPENING = re.compile(
    r"(?:(?:承認|判断|審査|手続き?|招待)(?:する|の)前に[、,]?)?(?:(?:申請(?:書|内容)?|次|以下|下記|[0-9]{1,2})の?(?:点|件|事項)?"
    r"(?:について|につき(?:まして)?|を)?[、,]?)?"
    r"(?:(?:ご|お)?(?:確認|質問|照会|伺い|尋ね)(?:事項)?(?:です|(?:いた|致)?します|させて(?:ください|いただきます)|が(?:あり|ござい)ます"
    r"|したい(?:こと|点)が(?:あり|ござい)ます|は(?:次|以下|下記)の(?:とおり|通り)(?:です)?))"
)


def is_for_applicant(text: str, slots: Slots) -> bool:
    """Whether one sentence, as written and with its mark, asks the applicant about the application."""
    folded = " ".join(strip_decoration(fold_phrase(text)).split())
    said = "".join(folded.split()).rstrip("。.、,!")
    if not said or SNIPPET.fullmatch(said) or _OPENING.fullmatch(said):
        return True
    if said.isascii() and not _ITEM.fullmatch(said):
        return _asks_in_english(folded)
    names = f"{slots.applicant}(?:様|さん)?|{slots.body}".replace(" ?", "")
    if _TO_OTHERS.search(said):
        return False
    if read_on(re.compile(f"{_SENTENCE}|{names}"), said.rstrip("?")) < len(said.rstrip("?")):
        return False
    if _ITEM.search(said) is None and _FILL.fullmatch(said) is None:
        return False
    kinds = (_REQUEST, _QUESTION, _FINDING)
    return any(kind.fullmatch(said) for kind in kinds) or read_on(_FRAGMENT, said) == len(said)


_ITEMS_EN = frozenset(
    [
        "department",
        "departments",
        "division",
        "section",
        "office",
        "position",
        "title",
        "job",
        "role",
        "duties",
        "work",
        "name",
        "names",
        "address",
        "phone",
        "number",
        "telephone",
        "extension",
        "mail",
        "e-mail",
        "email",
        "organisation",
        "organization",
        "employer",
        "affiliation",
        "form",
        "code",
        "certificate",
        "proof",
        "document",
        "documents",
        "id",
        "card",
        "employment",
        "reading",
        "spelling",
        "reason",
        "purpose",
        "url",
        "website",
        "employee",
        "body",
        "field",
        "municipality",
        "city",
        "ministry",
    ]
)
_OTHERS_EN = frozenset(
    [
        "what",
        "which",
        "where",
        "when",
        "how",
        "is",
        "are",
        "was",
        "were",
        "the",
        "a",
        "an",
        "of",
        "your",
        "you",
        "do",
        "does",
        "did",
        "have",
        "has",
        "can",
        "could",
        "would",
        "please",
        "tell",
        "send",
        "give",
        "let",
        "confirm",
        "provide",
        "state",
        "write",
        "fill",
        "in",
        "attach",
        "answer",
        "reply",
        "to",
        "from",
        "at",
        "for",
        "and",
        "or",
        "with",
        "by",
        "need",
        "needs",
        "more",
        "details",
        "detail",
        "full",
        "exact",
        "official",
        "current",
        "correct",
        "missing",
        "empty",
        "unclear",
        "blank",
        "not",
        "it",
        "this",
        "that",
        "one",
        "belong",
        "belongs",
        "employed",
        "since",
        "also",
        "us",
        "me",
        "we",
        "if",
        "possible",
        "kindly",
        "public",
        "government",
        "who",
        "whose",
        "supervisor",
        "there",
        "as",
        "asap",
        "information",
        "about",
        "know",
    ]
)
_ASKED_EN = re.compile(r"\b(?:you|your|please|missing|empty|unclear|blank)\b|^(?:what|which|where)\b")
_COLLEAGUE_EN = re.compile(r"(?<!let me )(?<!let us )\bknow\b|\bdo you (?:need\b|have\b(?! (?:an?|your) ))")


def _asks_in_english(folded: str) -> bool:
    words = re.findall(r"[a-z][a-z-]*", folded)
    is_known = all(word in _ITEMS_EN or word in _OTHERS_EN for word in words)
    is_fragment = all(word in _ITEMS_EN or word in {"and", "or", "of", "your", "the"} for word in words)
    holds = any(word in _ITEMS_EN for word in words)
    asks = _ASKED_EN.search(folded) is not None or is_fragment
    return is_known and holds and asks and _COLLEAGUE_EN.search(folded) is None


_JOINED = 4


def find_strange(parts: Sequence[str], slots: Slots) -> list[int]:
    """The places of the sentences that ask the applicant nothing; a mail program may have wrapped one."""
    strange: list[int] = []
    at = 0
    while at < len(parts):
        reaches = range(1, min(_JOINED, len(parts) - at) + 1)
        reach = next((n for n in reaches if is_for_applicant("".join(parts[at : at + n]), slots)), 0)
        if not reach:
            strange.append(at)
        at += reach or 1
    return strange
