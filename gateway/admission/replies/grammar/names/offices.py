"""Names of offices: words used in the names of Japanese offices, followed by a kind of office.

In addition to those words a name may contain any kanji except those used in doubts and refusals: 判断待ち担当
is no office, because neither 待 nor kana occur in office names.
"""

from __future__ import annotations

import re

from gateway.admission.replies.grammar import vocabulary as words
from gateway.admission.replies.grammar.beside import terms
from gateway.admission.replies.grammar.names.places import read_body
from gateway.admission.replies.grammar.names.ranks import is_rank_alone
from gateway.admission.replies.grammar.names.signs import is_plain_name
from gateway.memoize import memoize
from gateway.patterns import compile_later

_WORDS = """
    見本 例示 総務 庶務 人事 秘書 広報 広聴 文書 法務 法制 法規 行政 行財政 行革 改革 管理 管財 財政 財務
    財産 会計 出納 経理 契約 検査 監査 監察 監理 工事 施設 営繕 用地 企画 政策 戦略 計画 調整 推進 振興
    創造 創生 共創 協働 共生 連携 交流 統計 統括 情報 情報化 電子 電算 通信 システム デジタル
    ディーエックス dx ict it スマート データ セキュリティ 技術 基盤 政府 危機 危機管理 防災 消防 防犯 防疫
    安全 安心 安全安心 交通 警防 予防 救急 救助 警備 通信指令 市民 町民 村民 区民 県民 住民 国民 戸籍
    住民基本台帳 窓口 年金 保険 国保 健康 医療 医務 薬務 保健 衛生 感染症 疾病 福祉 社会 障害 障がい 高齢
    高齢者 介護 長寿 生活 保護 援護 援助 支援 こども 子ども 子供 子育て 青少年 少子化 母子 児童 家庭 保育
    幼児 幼稚園 教育 学校 学務 学事 学術 指導 生涯 学習 生涯学習 社会教育 文化 文化財 芸術 図書 図書館
    博物館 スポーツ 体育 国際 平和 人権 男女 参画 男女共同参画 女性 消費 消費者 相談 地域 自治 地方
    地方創生 移住 定住 まち まちづくり むらづくり ひと しごと くらし 暮らし みらい 未来 みどり いきいき
    すこやか ふるさと ふるさと納税 いのち 税務 納税 収納 課税 徴税 徴収 資産 資産税 固定資産税 市民税
    町民税 住民税 債権 産業 商工 商業 工業 経済 労働 労政 雇用 企業 誘致 立地 観光 物産 ブランド
    シティプロモーション プロモーション 港湾 漁港 農業 農政 農林 農林水産 農村 農地 農務 林業 林務 林政
    森林 水産 畜産 園芸 食料 食品 環境 環境政策 脱炭素 エネルギー 資源 循環 廃棄物 清掃 公害 自然 公園
    緑地 動物 霊園 斎園 温暖化 対策 建設 建築 建築指導 土木 道路 河川 砂防 治水 橋梁 都市 都市計画 整備
    開発 区画整理 区画 整理 再生 再開発 住宅 宅地 景観 下水道 上水道 上下水道 水道 給水 浄水 配水 業務
    事業 維持 保全 修繕 建設管理 議会 議事 議事調査 調査 研究 選挙 公平 委員会 職員 給与 厚生 研修 服務
    定数 組織 制度 運営 運用 保守 基幹 共通 統合 公共 公営 公有 公文書 公民 民生 民間 協力 官民 市政 町政
    村政 区政 県政 府政 国政 市長 町長 村長 区長 知事 室長 大臣 大臣官房 官房 長官 長官官房 事務 事務次官
    主計 主税 関税 理財 国税 参事官 審議官 国会 省庁 業務改善 改善 審査 許可 認可 承認 免許 登録 台帳 証明
    記録 受付 案内 参加 招待 入札 調達 物品 車両 庁舎 庶務経理 経営 経営企画 総合 総合政策 総合企画 第一
    市町村 町村 市町 団体 法人 学校給食 給食 外国 外国人 対外 営業 電話 連絡 マイナンバー ゼロカーボン
    カーボンニュートラル コミュニティ リサイクル イノベーション グローバル スタートアップ クリーン ワクチン
    インフラ サービス ケア ボランティア ビジネス マネジメント プロジェクト インバウンド
    第二 第三 第四 第五 第1 第2 第3 第4 第5 新型 特別 専門 中央 東部 西部 南部 北部 中部
"""
_UNIT = (
    r"(?:[局部課室係班]|グループ|チーム|センター|担当|事務局|本部|支部|支所|支局|事務所|出張所|委員会|協議会|機構|研究所"
    r"|教育委員会)"
)
_SUFFIX = rf"{_UNIT}(?:長|付|代理)?"
NAMING_WORDS = frozenset(_WORDS.split())
_NAMING = "|".join(sorted(NAMING_WORDS, key=lambda word: (-len(word), word)))
OFFICE = rf"(?:(?:(?:{_NAMING})[・と]?){{1,6}}{_SUFFIX})"
# A unit of a body, but none that may be a separate body: no 協議会, センター or グループ.
SECTION = rf"(?:(?:(?:{_NAMING})[・と]?){{1,6}}[局部課室係班])"
_WHOLE = compile_later(
    rf"(?:(?:教育委員会|議会|選挙管理委員会|農業委員会|監査委員|会計管理者)|{OFFICE}|\d{{1,2}}[階f]){{0,4}}"
)


def is_office(token: str, *, of_body: bool = False) -> bool:
    """Return whether folded text without spaces is a body, an office, or a body and its offices.

    An office for approvals (許可・承認担当) counts after a body, or on a line that names one (`of_body`); one
    for refusals does not.
    """
    behind = read_body(token)
    if behind == "":
        return True
    offices, of_body = (token, of_body) if behind is None else (behind, True)
    if offices[-1:] not in ENDINGS or not (_WHOLE.fullmatch(offices) or _is_unlisted(offices)):
        return False
    return not words.find_stems(offices) or (of_body and _APPROVERS.fullmatch(offices) is not None)


# The last characters of office names: a quick check that avoids the patterns for most sentences.
ENDINGS = frozenset("局部課室係班プムー当所会構長付理階f合団院学校館房場庁員者")
_APPROVERS = compile_later(r"(?:許可|承認|認可|審査|・){1,5}(?:担当|係|課|室|班|グループ|事務局)")
_UNLISTED = range(3, 31)  # length in characters of an office made of other words
_KIND = compile_later(
    rf"(?:{_UNIT}|広域連合|広域行政組合|(?:一部)?事務組合|組合|企業団|病院|診療所|保健所|大学校?|学校|図書館"
    r"|博物館|美術館|公民館|官房|[市町村区](?:役所|役場)|(?:市|区|町|村|県|道|府)庁)$"
)
_NAMED = compile_later(f"{_NAMING}|第?[0-9]{{1,2}}")
# Words that end like an office but are none.
_NO_OFFICE = compile_later(
    r"(?:関係|結局|[全一内外大幹上下]部|当局|.*(?:代決|代理|代筆|白紙|虚言|凍結).*|[月火水木金土日年期]部|代係)$"
)


@memoize(maxsize=4096, max_key=200, why="the same words of a message are compared many times")
def _is_unlisted(offices: str) -> bool:
    """Return whether the text ends like an office after a plain name without verb, doubt or decision word."""
    kind = _KIND.search(offices)
    if kind is None or len(offices) not in _UNLISTED or _NO_OFFICE.search(offices):
        return False
    return is_plain_name(_KIND.sub("", _NAMED.sub("", offices)).replace("・", ""))


_UNIT_EN = (
    r"(?:division|div\.|section|sect\.|department|dept\.|bureau|office|group|team|center|centre|committee|board|unit|agency|ministry"
    r"|secretariat|city|town|village|ward|prefecture|prefectural government|municipal government|city hall"
    r"|town hall|government|japan)"
)
# Words in English office names; other words are not accepted (Wrong Department), but places in romaji are.
_NAMING_EN = (
    r"(?:general|affairs|planning|policy|policies|information|digital|promotion|transformation|strategy|strategic"
    r"|administrative|administration|management|finance|financial|budget|tax|taxation|personnel|human|resources?"
    r"|public|relations|international|exchange|residents?|citizens?|civic|community|welfare|health|insurance|pension"
    r"|child|children|childcare|family|families|education|educational|school|board|lifelong|learning|culture|cultural"
    r"|sports?|tourism|industry|industrial|commerce|agriculture|agricultural|forestry|fisheries|environment"
    r"|environmental|waste|construction|civil|engineering|roads?|rivers?|parks?|urban|city|municipal|housing|water"
    r"|supply|sewerage|disaster|crisis|safety|security|fire|police|legal|audit|election|assembly|secretariat|council"
    r"|accounting|procurement|systems?|networks?|statistics|local|regional|rural|government|governmental|revitalization"
    r"|development|innovation|data|ict|it|dx|technology|technical|services?|support|affair|prefectural|national|region"
    r"|project|co-creation|collaboration|partnership|reform|economy|economic|trade|labou?r|employment|medical|nursing"
    r"|elderly|social|welfare|care|hospital|library|museum|and|&|of|the|for|mayor's|governor's|first|second)"
)
# Possible onsets of a syllable in romaji.
_ONSET = r"(?:kk|ss|tt|pp|ssh|tch|ky|sh|ch|ny|hy|my|ry|gy|by|py|ts|[kstnhmyrwgzjdbpf])?"
_ROMAJI = rf"(?:{_ONSET}(?:[aiueo]|n(?![aiueo]))){{2,7}}"
_PLACE_KIND = r"(?:city|town|village|ward|prefecture|prefectural|municipal)"
_OFFICE_EN = compile_later(
    rf"(?:{_ROMAJI} {_PLACE_KIND} )?(?:{_NAMING_EN} ){{1,6}}{_UNIT_EN}(?: of (?:{_NAMING_EN} ?){{1,4}})?"
    rf"|{_UNIT_EN} (?:of|for) (?:(?:{_NAMING_EN} ?){{1,6}}|{_ROMAJI})"
    rf"|{_ROMAJI} {_PLACE_KIND}(?: (?:government|office|hall))?|{_PLACE_KIND} of {_ROMAJI}"
)


# A name in romaji as used in local parts (ysuzuki, satoh, ohno, shimbashi), or up to three letters.
_BOX_SIGNS = rf"(?:{_ONSET}(?:[aiueo]h?|n(?![aiueo])|m(?=[bmp]))){{2,9}}"
_BOX = compile_later(rf"[a-z]{{1,3}}|[a-z]?{_BOX_SIGNS}|{_NAMING_EN}|{_UNIT_EN}|mail|desk|info|contact")


def names_box(local_part: str) -> bool:
    """Return whether a local part consists of romaji names, numbers and office words, and is no sentence."""
    return all(_BOX.fullmatch(run) is not None for run in re.findall("[a-z]+", local_part))


def is_english_office(line: str) -> bool:
    """Return whether a folded line consists of English offices and bodies, separated by commas."""
    parts = [part.strip() for part in re.split("[,/]", line)]
    doubt = any(found.search(line) for found in (words.STEMS, terms.DOUBT, terms.UNFINISHED))
    return not doubt and all(_is_english_part(part) for part in parts)


def _is_english_part(part: str) -> bool:
    return part == "japan" or _OFFICE_EN.fullmatch(part) is not None or is_rank_alone(part)
