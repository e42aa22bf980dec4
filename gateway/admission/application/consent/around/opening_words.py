"""Closed sets of words with which people apply, programs add notices, and our own letters ask for a form.

Sentences of these words alone can stand above a form: none of them denies, waits, or names anybody.
"""

from __future__ import annotations

from gateway.admission.application.consent.below.lexicon import any_of
from gateway.admission.application.consent.below.second_thought import DOUBTFUL_EN
from gateway.admission.application.consent.below.unread import is_plain_en
from gateway.patterns import compile_later

# What is done, with what, how.
_NOUNS = """
    必要な 貴プラットフォーム
    標記 標題 掲題 表題 件名 みだし 題名 このこと の件 件 こと 内容 事項 必要事項 項目 下記 以下 次 上記
    下表 一覧 一覧表 表 別表 とおり 通り 参加 参加希望 加入 入会 登録 利用 招待 申請 申込 申込み
    申し込み 参加申請 参加申込 参加申込み 申請書 参加申請書 申込書 参加申込書 参加希望者の情報
    参加者の登録 手続方 1行目 2行目 前のメール 申請内容 様式 指定の様式 書式 フォーム ひな形 引用
    引用部分 中 本文 メール 間 横 赤字 回答 質問 ご質問 ご照会 照会 点 お問い合わせ 各項目 順 上 番号
    名簿 参加者の名簿 申請者一覧 管理表 取りまとめ表 該当行 行 1行 2行目 1行分 私の分 私 自分 所属 氏名
    情報 詳細 エクセル excel csv yaml pdf ワード 表計算 org-mode 庁内 省内 県 国 市 町 村 課 当課 当町
    当市 当村 当県 当会 当方 自治体 政府機関 自治体職員 職員として 団体 コミュニティ プラットフォーム
    共創プラットフォーム slack グループ 場 会 貴会 貴コミュニティ 仲間 案内 ご案内 ポータル ホームページ
    説明会 研修 先日 先ほど このたび この度 今回 前回 昨日 先週 規約 利用規約 参加規約 手続 手続き
    お手続き 添付 携帯 個人 アドレス 個人のアドレス スマートフォン 職場 出先 庁内の様式 外出中 無料 資料
    チラシ パンフレット 説明会の資料 あと こちら html形式 縦書き 略 箇条書き 手書き 画面 ネットワーク
    庁内のネットワーク エクセルの表 あて 事例 興味 関心 下 見出し 中身 行目 部課名 部署名 役職 団体名
    区分 コード 日本語 英語 後 インライン 別途 配布 lgwan お手数 同じこと いくつか 事例 他自治体
    他の自治体 数字 漢字 文章 崩れて 1名 1人 ２名 2名 2名分 消防本部 事務局 情報システム担当
"""
_LINKS = """
    は が を に の も と へ で や より から まで での への からの について につき につきまして に関し に関して
    に関する により にて として 等 など ・ 、 「 」 ( ) : → / で、 ほど のほど にあたり 早速 ので、 さて
    なお また では それでは まずは 取り急ぎ 念のため ぜひ 是非 よろしく 宜しく どうぞ 何卒 ご 御 お
    上から うえ 上で のうえ 、 ため のため このような まとめて 直接 同じ
"""
_VERBS = r"""
    申請 申し込み 申込み 申込 送り お送りし 送付 返送 お返しし 返信 提出 回答 お答えし 答え 記入 記載
    書き込み 書き 書か 転記 書い 貼り付け 添付 お知らせし 連絡 ご連絡 報告 ご報告 お願い お願いし 希望
    参加 利用 登録 失礼 差し替え 再送 打ち直し 読み 見 拝見 確認 ご確認 理解 いただき 頂き いただい 頂い
    記し 処理 送ら 作り 書かせ 配り 知りたく あり 合わせ 従い したがっ 受け 聞き 知り 伺い 改め 再度
    訂正し 直し 学び 始め 自作 拝読 熟読 目を通し 目を通した 遅くなり 入れ 加え 招い
"""
_ENDS = """
    あります た し ます ました まして ますので ましたので ますが いたし 致し させて させ て で たく たい
    ので たいので したく したいので して して、 し、 します しました します。 です ですので いただき
    いただきます いただきたい 頂きます ください くださいます よう お願いします 申し上げます 存じます
    思います 思い 考えて おり い いたします いたしました いたしますので いたしましたので いたしたく
    お願いいたします よろしくお取り計らい 取り計らい 願います もらい 次第 おきます く きます った ところ
    いと
"""
# What was wrong, or cannot be done, and therefore is done as follows.
THEREFORE = compile_later(
    r"(?:に|が|の|で|は)?(?:記入|記載)?(?:誤り|誤記|間違い|漏れ|もれ|不備|不足)が?(?:ありまし|あっ"
    r"|あるとのことでし|ございまし)た(?:ので|ため)、?"
    r"|(?:が|の|は)?(?:誤って|抜けて|漏れて|間違って|文字化けして)(?:(?:い|おり)まし|い)た(?:ので|ため"
    r"|とのことで)、?"
    r"|(?:が|は|を)?(?:うまく|外部に|外に)?(?:見当たり|開け|写せ|送れ|書き込め|入力でき|編集でき|使え"
    r"|出せ|貼れ|付けられ|届か"
    r"|分から)(?:ません(?:でした)?|ない|なかった)(?:所|点|ところ)?(?:が?ありました)?(?:ので|ため)、?"
    r"|(?:いただい|頂い|くださっ|お送りいただい|ご案内いただい|ご指摘いただい|ご照会いただい)た(?:箇所"
    r"|点|様式|項目|案内|ご質問|メール|表|ファイル)"
    r"|(?:上司|課長|係長|部長|室長|所属長|庁内|町長|市長|村長"
    r"|所属)(?:の[^、。はがの]{1,4}(?=から))?(?:の|から|で)(?:も)?(?:[^、。]{0,8}との)?(?:了解|了承"
    r"|決裁|許可|承認|内諾)(?:が|を|も)(?:下り|おり|得|出|済み|もらい|いただき|取れ)(?:ました"
    r"|て)(?:ので|から)?、?"
    r"|無料(?:であれば|なら|でしたら)、?(?=下記|以下|上記|次の)|癖が抜けず、?|希望する者がおりますが、?|(?:下記|次)の?(?:職員"
    r"|者)の参加を(?=申請|申し込)|申請者は以下の者(?=です)"
    r"|[^、。]{1,16}対象(?:になる|となる)か(?:どうか)?(?:分|わ)かりませんが、?|開けないといけないので、?"
    r"|[^、。はをが]{1,10}から(?:下の|この|貴会の)?(?:案内|紹介|通知|勧め|お?話|ご案内"
    r"|ご紹介)[がをで](?:回って|受けて?|もらい|いただき|頂き|聞き|あり|届き)?(?:き)?(?:まし(?:た"
    r"|て))?(?:ので|、)?"
    r"|(?:前任|先輩|同僚)の?[^、。はを]{0,6}(?:が出した|の)(?:もの|申請|申請書)を参考に"
)
APPLYING = compile_later(f"{THEREFORE.pattern}|{any_of(_NOUNS, _LINKS, _VERBS, _ENDS)}")
# Notes of a gateway or mail program, and text of our own letters.
NOTICE = compile_later(
    any_of(
        """
        このメール 本メール メール external フォーム の 外部 庁外 インターネット 外部ネットワーク
        ネットワーク から で の へ に は を が や ・ 、 受信 送信 し した された され て い ます ました
        です 添付ファイル url リンク 開く 際 場合 十分に 十分 ご 注意 して ください 無害化 無害化処理
        処理 により のため 安全 削除 除去 取り除き 1個 1件 2件 2個 html メッセージ テキスト 形式 変換
        対応 メールソフト 表示 でき ご覧 書か れ 済み お知らせ 外部メール 【 】 ＜ ＞ [ ] < > 通知
        から受信 なっ て おり
        """
    )
)
OF_NOTICE = compile_later("フォーム|外部|庁外|インターネット|html|添付ファイル")
OURS = compile_later(
    r"すでにいただいた項目を、もう一度(?:書く|お書きになる)必要はありません"
    r"|このメールに返信し、「?:」?の後にご記入(?:いただければ足ります|ください)"
    r"|手続を進めるために、次の項目を教えてください"
    r"|いただいたメールから(?:は、参加申請の内容を読み取れませんでした|分かったことは、記入してあります)"
    r"|次の項目をメールの本文に書いて、次のアドレスあてにお送りください|このメールへの返信でも受け付けます"
    r"|アドレスは、インターネットからのメールを受け取れるものに限ります"
    r"|lgwanの中だけで使うアドレスには、招待が届きません"
    r"|団体のアドレスをお持ちでないときは、事務局がご所属を確認します"
    r"|(?:参加をご?希望(?:される(?:方|とき)|の方)は、(?:団体のメールアドレスから、)?)?(?:(?:次の"
    r"|以下の?)?(?:項目|様式)?[をに]?、?(?:ご記入|記入|写してご記入)(?:のうえ|して"
    r"|し)?、?(?:このメールに)?ご?(?:返信|お送り)?(?:して)?くだ(?:さい))?"
)


def opens_in_english(said: str) -> bool:
    """Return whether an English sentence in lower case presents the form, or speaks of nobody but its writer.

    Somebody else may only have recommended to apply.
    """
    if _PLEASE_EN.match(said) is not None or _HERE_EN.fullmatch(said) is not None:
        return True
    if any(one.search(said) is not None for one in (DOUBTFUL_EN, _FOR_EN, _AHEAD_EN)):
        return False
    is_own = _SELF_EN.match(said) is not None and is_plain_en(said)
    return is_own or _ADVISED_EN.fullmatch(said) is not None


# What asks for a hint, and the first line of a letter of ours that is sent back unmarked.
_PLEASE_EN = compile_later(
    r"we found no application in your email\b"
    r"|please (?:let me know|tell me|contact me|reply) if (?:anything|something) is (?:missing|unclear)"
    r"|^no\.?$"
)
_HERE_EN = compile_later(
    r"(?:here (?:is|are)|please (?:see|find)|below (?:is|are)) (?:(?:my|our|the) )?(?:completed )?"
    r"(?:application|form|details|information|answers|items)(?: (?:form|below|here|as follows))?\W*"
)
_SELF_EN = compile_later(r"(?:also,? |and |so,? )?(?:my name is|i am|i'm|i've|i) ")
_FOR_EN = compile_later(
    r"\b(?:fill\w*|complete\w*|completing|writ\w*|send\w*|submit\w*|appl\w*|sign\w*)"
    r"(?: (?:this|it|the form|in|out|up))* for (?!the |your |this )|, who\b"
)
# What is still to come, except for what follows from joining.
_AHEAD_EN = compile_later(
    r"(?:\b(?:will|shall|going to|plan to)|'ll) (?!(?:also |be |of course )*(?:glad|happy|able|delighted"
    r"|follow|comply|abide|respect|use|join|share|work|learn|take part|participate|contribute)\b)"
    r"|\b(?:later|tomorrow|soon|next (?:day|week|month|time|year))\b"
)
_ADVISED_EN = compile_later(
    r"[a-z ,.'-]{2,60} (?:suggested|recommended|advised|encouraged)(?: that)? (?:i|me)(?: to)?"
    r" (?:should )?(?:join|apply|register)\b[^;:]*"
)
