"""What a refusal may deny: a merit. 在籍が確認できません is a reason, 禁止事項に該当しません is none.

A clause that denies is compared as a whole with a closed set of merits, particles and verbs: one word more,
whatever it is, makes it no reason. So nobody is declined for a fault that was denied.
"""

from __future__ import annotations

import re

from gateway.admission.replies.grammar.beside.lexicon import any_of, read_on

# What an applicant must have, be or give, and what an application holds.
_MERITS = """
    資格 参加資格 申請資格 要件 参加要件 申請要件 加入要件 条件 参加条件 利用条件 基準 参加基準 対象
    対象者 対象機関 対象団体 対象組織 対象範囲 参加対象 在籍 在職 所属 勤務 雇用 職員 正職員 正規職員
    職員名簿 職員録 職員証 職員番号 公務員 国家公務員 地方公務員 公的機関 公的 行政 行政機関 行政職員
    公共団体 公共機関 官公庁 政府 政府機関 国の機関 地方公共団体 地方自治体 自治体 自治体職員 市町村
    都道府県 役所 役場 市役所 区役所 県庁 実在 存在 記載 記入 入力 署名 氏名 名前 部課名 課名 部署 部署名
    部課 役職 肩書 肩書き 連絡先 電話 電話番号 住所 公式 公用 正式 正規 常勤 名簿 登録 証明 証明書
    在籍証明 在職証明 身分 身分証 書類 添付 添付ファイル 添付書類 資料 回答 返信 返事 応答 反応 同意 規約
    規程 規定 該当 一致 合致 適合 申請 申請者 申請書 申請内容 団体 団体名 団体コード 組織 機関 部局 説明
    目的 利用目的 趣旨 内容 アドレス メールアドレス ドメイン メール lg.jp go.jp lgwan 確認 在籍確認 連絡
    本人 本人確認 必要な 有資格者 担当業務 業務
"""
_BESIDE = """
    この 本 本件 本申請 当該 同 ご お 方 者 人 もの 点 欄 期限 期日 期間 以内 内 時点 現在 対象となる
    該当する 属する 定める 所定の 参加できる 回答期限 過ぎても 経過しても 照会 質問 問い合わせ 市 区 町 村
    県 省 庁 人事課 先方 当方 こちら の に を は が も と から より まで へ として について における
    による や ・ 及び および または 又は 等 など 一切 全く まだ 未だ 何も どの いずれ
"""


_WORD = re.compile(rf"{any_of(_MERITS, _BESIDE)}|で(?!き)|[0-9]{{1,4}}(?:年|月|日|週間)?")
_IS_NOT = r"(?:(?:あり|ござい)ません(?:でした)?|な(?:い|かった|く|し)|無(?:い|かった|く|し))"
# Verbs that deny what stands before them, by their stems before ます, ない and て.
_POLITE = """
    でき 出来 取れ とれ 得られ 満たし 合い し 当たり あたり 属し 含まれ 認められ 分かり わかり 見当たり
    見つかり 足り 適し 沿い つながり 繋がり つき いただけ されてい
"""
_PLAIN = """
    でき 出来 取れ とれ 得られ 満たさ 合わ し 当たら あたら 属さ 含まれ 認められ 分から わから 見当たら
    見つから 足り 適さ 沿わ つながら 繋がら つか いただけ 届か
"""
_LASTING = """
    できて 取れて とれて 満たして 合って して されて 属して 含まれて 認められて 載って 届いて 応じて
    適して 沿って 足りて 示されて いただけて 得られて
"""
_DOES_NOT = (
    rf"(?:(?:{any_of(_POLITE)})ません(?:でした)?|(?:{any_of(_PLAIN)})(?:な(?:い|かった|く)|ず)"
    rf"|(?:{any_of(_LASTING)})(?:い|おり)?(?:ません(?:でした)?|な(?:い|かった|く)|らず)"
    rf"|(?:{any_of(_LASTING)})おらず|(?:でき|取れ|いたし)?かねます)"
)
_TAIL = (
    r"(?:と(?:判断|確認)(?:(?:いた|致)?し(?:ました|ております|ています)|されました)|ことを?(?:確認|判断)(?:いた|致)?しました"
    r"|ことが?(?:判明|確認)(?:いた|致)?しました|と(?:の|いう)(?:こと|回答|連絡)(?:でした|です|がありました)?"
    r"|こと|もの|方|者|人|団体|状態|状況|まま|ので|ため|から|であるため|です|でした|によります|による|が|の){0,4}"
)
_DENIES = re.compile(rf"(?:{_IS_NOT}|{_DOES_NOT}){_TAIL}")
_HOLDS_MERIT = re.compile(any_of(_MERITS))
# What the desk has not done yet denies nothing: 確認していません, 連絡しません.
_OWN_DEED = re.compile(
    r"(?:確認|在籍確認|連絡|照会|質問|問い合わせ|登録|添付|回答|返信|説明|証明|申請)(?:を|は|も)?"
    r"(?:し(?:ません|ない|て(?:い|おり)ません|て(?:い)?ない|ておらず))"
)
_DENIAL = re.compile(r"ません|な(?:い|かった|く|し)(?!よう)|無(?:い|かった|く|し)|ず(?:$|、|に)|かねます")
# Of people, bodies and addresses it may be said that they are none of those that may join.
_IS_NONE_OF = re.compile(
    r"[^、はがも]{1,30}(?:方|者|人|員|生|企業|会社|団体|法人|組織|機関|部署|施設|学校|大学|組合|アドレス|ドメイン|メール"
    r"|勤務先|職場)は(?P<rest>.+?(?:では|じゃ|で)(?:あり|ござい|な).*)"
)
_JOINT = re.compile(r"(?<=が|ろ|で|め|ら|り|し|て|ず|く)[、,]|(?<=ものの)[、,]")
_TOPIC = re.compile(r".*(?<!です)(?<!ました)(?<!ません)(?<!ます)(?:は|が|も)[、,]?")


def denies_anything(text: str) -> bool:
    """Whether folded text (without blanks where it is Japanese) denies something."""
    return _DENIAL.search(text) is not None or _NOT.search(text) is not None


def denies_merits_alone(text: str) -> bool:
    """Whether all that folded text denies are merits; text that denies nothing does."""
    if text.isascii():
        return all(map(_is_english_denial, filter(_NOT.search, _AND.split(text))))
    return all(map(_is_denial, filter(_DENIAL.search, _split_clauses(text))))


def _split_clauses(text: str) -> list[str]:
    """The clauses of a sentence; a topic stays with what is said of it."""
    clauses: list[str] = []
    for part in _JOINT.split(text):
        if clauses and _TOPIC.fullmatch(clauses[-1]):
            clauses[-1] += part
        else:
            clauses.append(part)
    return clauses


def _is_denial(clause: str) -> bool:
    said = _cut_topic(clause.replace("、", "").replace(",", ""))
    end = read_on(_WORD, said)
    holds = _HOLDS_MERIT.search(said[:end]) is not None
    return holds and _DENIES.fullmatch(said, end) is not None and _OWN_DEED.search(said) is None


def _cut_topic(clause: str) -> str:
    """What a clause says of a person, a body or an address; the clause, where it says it of nothing such."""
    found = _IS_NONE_OF.fullmatch(clause)
    return found["rest"] if found and _DENIAL.search(clause, 0, found.start("rest")) is None else clause


_NOT = re.compile(r"\b(?:not|no|never|nothing|none|nobody|neither|nor|without|cannot|unable)\b|n't\b")
_AND = re.compile(r"[,;:]| and | because | so ")
_ENGLISH = """
    the a an this that his her their its of for to by at in on with from any be been is are was were has
    have had does do did could can we it he she they applicant applicants person organisation organization
    body bodies agency office department domain address mail e-mail email employed employment employee
    employees affiliation affiliated eligible eligibility public government governmental municipal
    municipality servant servants official officials civil local national requirement requirements
    criteria conditions rules meet meets met fulfil fulfils satisfy satisfies belong belongs belonging
    confirm confirmed verify verified verifiable found find record records document documents proof
    evidence given provided submitted stated listed registered answer answered reply replied respond
    responded response reached there here name phone telephone number form information details accept
    accepted agree agreed consent consented valid work works working member staff scope match matches
    known use uses ca qualified qualify qualifies covered allowed permitted yet within our
"""
_KNOWN_EN = frozenset(_ENGLISH.split())
_WORD_EN = re.compile(r"[a-z][a-z'-]*")


def _is_english_denial(clause: str) -> bool:
    """Whether an English clause denies once, and holds no word but those of merits."""
    found = _NOT.findall(clause)
    return len(found) == 1 and all(word in _KNOWN_EN for word in _WORD_EN.findall(_NOT.sub(" ", clause)))
