"""Questions about taking part, the invitation and the service; every word is from a closed set.

Questions about these limit no consent. A question about the application, the rules or an answer, or about
anything that is not listed here, is not understood.
"""

from __future__ import annotations

import re

from gateway.admission.application.consent.below.affairs import WORK
from gateway.admission.application.consent.below.lexicon import any_of
from gateway.patterns import compile_later

_THINGS = """
    招待 招待メール 招待のメール 招待状 ご招待 案内 ご案内 結果 審査結果 審査の結果 連絡 ご連絡 お返事
    返事 手続き 手続 お手続き 審査 アカウント アドレス メールアドレス 共有アドレス 共用アドレス
    代表アドレス 課のアドレス 個人アドレス 共用 共有 代表 費用 料金 会費 参加費 利用料 利用料金 年会費
    無料 有料 期限 有効期限 準備するもの 用意するもの 必要なもの 期間 締切 締め切り 募集期間 開始日
    利用開始日 開催日 開催日程 日程 日時 スケジュール 頻度 会議 研修 勉強会 イベント 交流会 説明会
    セミナー オフ会 オンライン web会議 対面 会場 場所 スマホ スマートフォン タブレット ipad iphone
    パソコン pc 端末 携帯 携帯電話 私物 アプリ ブラウザ ソフト slack チャット lgwan lgwan端末 庁内 庁外
    自宅 職場 公用 公用端末 業務用 業務時間外 勤務時間外 夜間 休日 ネットワーク インターネット
    インターネット接続 セキュリティ パスワード ログイン 使い方 利用方法 操作 操作方法 方法 参加方法 退会
    退会の方法 退会方法 説明 説明書 マニュアル 手引き 資料 過去の資料 動画 録画 アーカイブ 書類 必要書類
    必要な書類 添付 名刺 人数 定員 枠 人 名 何人 何名 何人まで 何名まで 複数 複数名 複数人 複数の課
    複数の職員 全員 一人 二人 三人 1人 2人 3人 もう一人 もう1人 もう1名 人数制限 人数の制限 制限 上限
    職員 他の職員 ほかの職員 会計年度任用職員 再任用職員 再任用 任期付職員 派遣職員 嘱託職員 臨時職員
    非常勤職員 パート職員 出向者 出向職員 管理職 新人 若手 技術職 事務職 消防職員 保健師 教員 議員
    委託業者 委託先 課 同じ課 係 同じ係 部署 他の課 ほかの課 他の部署 課内 市 町 村 県 他の自治体 自治体
    市町村 都道府県 国 事例 情報 投稿 質問 相談 閲覧 ダウンロード 通知 メール 電話 このアドレス
    こちらのアドレス このメール アドレス宛 どのアドレス 登録 登録後 参加 参加後 利用 利用後 招待後 異動
    異動後 人事異動後 退職後 何日 何日くらい 何日ほど 何日程度 日数 何分 時間 いくら 活動 活動内容
    参加者 登録者 会員 メンバー 英語 日本語 事務局 窓口 問い合わせ先 お問い合わせ先 担当 担当者 初心者
    詳しくない 小さな町 小規模 小規模な自治体
"""
_LINKS = """
    何か いつ いつから いつ頃 いつごろ いつまで どこ どこから どの どのくらい どのぐらい どれくらい
    どれぐらい どなた 誰 どちら 何 例えば たとえば ちなみに なお また それと 参考までに 当日 毎月 毎週
    定期的 この 年度 年度途中 来年度 今年度 今後 主 主な ほか 他 は が を に の も と で へ や より から
    まで での への にも でも からでも とも など 等 、 ・ として について 宛て 宛に
"""
_UNITS = r"""
    (?:使う|参加する|利用する|登録する|見る|閲覧する|受け取る|入る|(?:アドレス|部署名?|表示名)(?:を|へ|に|の)変更する)(?:こと|の)(?:は|が|も|に)?
    (?:アドレス|部署名?|表示名)(?:を|の)変更(?:は|も|が)?
    (?<=アドレス)(?:を|へ|に|の)変更(?:する(?:こと|の))?(?:は|も|が)? その場合の(?:手続き?|扱い)(?:は)?
    (?:異動|退職|休職|育休|産休|人事異動|部署の異動)(?:し|にな|とな|があ)っ?た場合(?:は|の(?:手続き?|扱い)(?:は)?)?、?
    (?:使った|利用した|参加した|見た)ことが(?:ない|ありません|ございません)(?:の)?(?:です)?が、?
    (?:slack|チャット|インターネット|外部|外)(?:に|へ)は?(?:つながらない|繋がらない|接続できない)(?:の)?(?:です)?が、?
    (?:届く|使える|始まる|かかる|終わる|わかる|分かる|参加できる|利用できる|入れる|決まる)(?:まで(?:に|の)?|のは|のか|か)?
    (?:slack|チャット)の?(?:利用|使用)?[はが](?:初めて|はじめて)ですが、? 利用を?開始できる
    参加するには、? 使うには、? (?:参加|利用|登録|使用)しても 利用するには、?
"""
# 学校事務職員
_STAFF = """
    学校 事務 技術 保育 看護 一般 病院 保育園 保育所 支所 出先 正規 任期付 臨時 非常勤 派遣 嘱託
    会計年度 女性 若手 新規採用 兼務 短時間 会計年度任用 再任用 任期付き 当院の 本院の 当所の 当園の
    当校の
"""
_NOTED = r"(?:\((?:会計年度任用|再任用|任期付|任期付き|非常勤|臨時|派遣|嘱託|出向)(?:の?職員)?\))?"
_WORDS = compile_later(
    rf"(?P<thing>(?:{any_of(WORK, _STAFF)}){{1,3}}(?:職員|担当者|嘱託員|相談員|支援員|教員|医師|看護師"
    rf"|保健師|技師|保育士){_NOTED}"
    rf"|{'|'.join(_UNITS.split())}|{any_of(_THINGS)}|[0-9]{{1,3}}[人名])|{any_of(_LINKS)}"
    rf"|[0-9]{{1,2}}月(?:[0-9]{{1,2}}日)?"
)
_ABLE = (
    r"(?:(?:参加|申請|応募|利用|使用|登録|閲覧|ログイン|投稿|質問|相談|ダウンロード|受講|対応|共有)?(?:でき"
    r"|可能で|出来)|使え|見られ|入れ|受け取れ|受けられ|もらえ|(?:いただ|頂)け|つながり|繋がり)"
)
_ENDS = compile_later(
    rf"(?:{_ABLE}(?:ます|る|す|る?の)?(?:です|でしょう|のでしょう)?|(?:あり|ござい|届き|来|かかり|わかり"
    rf"|分かり|終わり|始まり|完了し|なり|要り|いり|い|おり|送られ|行われ|開かれ)ます(?:でしょう)?"
    r"|(?:必要|必須|不要|大丈夫|可能|無料|有料|いつ|どこ|何|誰|どなた|いくら|どちら|どのくらい|どれくらい"
    r"|どう|いかが|一人|複数)?(?:なの|なん)?(?:です|でしょう)"
    r"|(?:で)?(?:も)?(?:よい|よろしい|良い|宜しい|いい|構いません|かまいません)(?:の)?(?:です|でしょう)?"
    r"|どう(?:なり|すればよいの?で|したらよいの?で|すればいいで)(?:ます|す)?(?:でしょう)?)か"
)
_TELL = compile_later(
    r"(?:(?:を|について|か|も)、?)?(?:お?教え|ご?教示|お?知らせ|ご?案内|ご?説明)(?:て)?(?:を)?"
    r"(?:(?:くだ|下)さい(?:ませ)?|(?:いただ|頂)け(?:ますか|ますでしょうか|ますと幸いです|れば幸いです"
    r"|ると助かります|ると幸いです|ませんか|ないでしょうか)"
    r"|(?:お願い(?:いた|致)?し|願い)ます)"
)
_LONGEST = 120
# Announcements of a question: 一つ教えてください, 1点質問があります.
_ASKS = compile_later(
    r"(?:(?:最後に|また|なお)、?)?(?:(?:一つ|ひとつ|[0-9一二三](?:つ|点|件))(?:だけ)?、?"
    r"(?:(?:お?教え|質問させ|お尋ねさせ|伺わせ)て(?:(?:くだ|下)さい|いただけ(?:ますか|ますと幸いです))"
    r"|(?:ご?質問|お尋ね)(?:です|が(?:あり|ござい)ます))|質問です|質問が(?:あり|ござい)ます)"
)


def is_question(sentence: str) -> bool:
    """Return whether a folded Japanese sentence without blanks asks about taking part: 費用はかかりますか."""
    said = sentence.rstrip("?")
    if len(said) > _LONGEST:
        return False
    if _ASKS.fullmatch(said):
        return True
    at, is_named = 0, False
    while (word := _WORDS.match(said, at)) is not None:
        if is_named and _is_end(said, at):
            return True
        at, is_named = word.end(), is_named or word["thing"] is not None
    return is_named and _is_end(said, at)


_ENGLISH_WORDS = """
    could can may will would should when how where which what who is are do does i we my our it the a an
    to in on for of by with from there any at this that also still get receive reach arrive join
    participate use access invitation invitations letter email e-mail address english japanese cost
    costs fee fees charge free members staff colleague colleagues part-time people person many long take
    takes phone smartphone mobile pc tablet app apps slack manual guide training meeting meetings events
    event online language languages other another same office section department more than one have need
    needed necessary possible available be able send sent help please tell me us know
"""
_ENGLISH = compile_later(any_of(_ENGLISH_WORDS))


def is_question_en(said: str) -> bool:
    """Return whether a folded English sentence asks about taking part.

    Example: could i also receive the invitation in english?
    """
    if not said.endswith("?") or _ASKS_EN.match(said) is None or len(said) > _LONGEST:
        return False
    return all(_ENGLISH.fullmatch(word) for word in re.split(r"[ ,]+", said.rstrip("? ")))


_ASKS_EN = compile_later(
    r"(?:also,? )?(?:could|can|may|will|would|when|how|where|which|what|is|are|do|does)\b"
)


def _is_end(said: str, at: int) -> bool:
    return any(end.fullmatch(said, at) is not None for end in (_ENDS, _TELL))
