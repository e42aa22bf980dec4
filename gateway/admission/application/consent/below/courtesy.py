"""Courtesies of any mail: thanks, contact details, footers, public notices.

Each is a whole sentence; with any other word in it, it is not understood.
"""

from __future__ import annotations

from gateway.admission.application.consent.below.letter.formulas import is_formula
from gateway.admission.application.consent.below.letter.notices import is_notice, is_scan_en
from gateway.admission.application.consent.below.letter.season import is_season
from gateway.admission.application.consent.below.lexicon import LIMITING, any_of, read_on
from gateway.admission.application.consent.below.reach import is_reach
from gateway.patterns import compile_later

_WISH = r"(?:よろしく|宜しく)(?:お願い(?:いた|致)?(?:し|申し上げ)ます)?"
_ASK = (
    r"(?:その旨を?)?(?:ご?連絡|お?知らせ|お?問い?合わ?せ|ご?教示|ご?一報|お?電話|お声がけ)(?:を)?"
    r"(?:(?:(?:いただ|頂)け(?:ますと|ると|れば)|(?:くだ|下)されば)(?:幸い|結構)です|(?:くだ|下)さい(?:ませ)?"
    r"|(?:お願い(?:いた|致)?し|願い)ます)"
)
_IF_NEEDED = (
    r"(?:(?:ご?不明な?点|ご?質問|必要な書類|何か|不備|不足|差し支え|支障|問題|不都合|お気づきの点)(?:等"
    r"|など)?"
    r"(?:が|は)?(?:あり(?:ましたら|ます際は|ます場合は)"
    r"|ござい(?:ましたら)|あれば)"
    r"|[^、。はがをも]{0,16}(?:が|の?場合)?、?(?:参加の)?対象(?:に|と)(?:ならない|なりません)(?:場合"
    r"|とき)は|(?:差し支えなければ|お手数ですが)|原本が必要な場合は|お急ぎの(?:場合|際|とき)は)、?"
)
_BY = (
    r"(?:(?:[^\W\d_ぁ-ゖ]{1,16}(?:担当|窓口|係|課)|下記|こちら"
    r"|お?電話|メール|内線(?:番号)?(?:[0-9]{1,6}番?)?)(?:まで(?:に)?|に|へ|で|にて)?、?)"
)
COURTESY = compile_later(
    r"(?:招待(?:メール|状)?|ご?案内|お?手続き?)を?(?:お送り|ご?送付|進めて)?(?:くださいます|下さいます"
    r"|いただけます|いただきます|頂けます)よう(?:に)?、?"
    r"(?:何卒|どうぞ)?(?:よろしく)?お願い(?:(?:いた|致)?し|申し上げ)ます|"
    r"(?:以上(?:です(?:が)?)?、?)?(?:(?:お忙しいところ|お手数を?おかけし(?:ます|て)|お手数ですが"
    r"|ご多忙の?(?:ところ|中)"
    r"|突然の(?:メール|ご連絡)で)(?:が|を)?、?"
    r"(?:大変)?(?:恐縮です|恐れ入ります|失礼(?:いた|致)?します|申し訳ありません)?(?:が)?、?"
    r"|至らない点もあるかと存じますが、"
    r"|(?:[a-z]{2,16}は、?)?(?:初めて(?:の(?:参加|申請))?|不慣れ|慣れて(?:い|おり)ません)(?:と?なります|です)?(?:ので|が|ため)、|(?:ご?記入|添付"
    r"|送付)(?:(?:いた|致)?し)ましたので、){0,2}"
    r"(?:ご?(?:確認|審査|検討|査収|承認|対応)の?(?:ほど|程)、?)?(?:(?:今後とも|どうぞ|何卒"
    r"|以上(?:です)?)、?){0,2}"
    rf"(?:{_WISH}|恐れ入ります|恐縮です|(?<=が、){_ASK})"
    r"|(?:以上、?)?(?:どうぞ|何卒)?よろしくお取り?計らい(?:のほど|の程)?、?(?:くだ|下)?(?:さい"
    r"|(?:を)?(?:お願い(?:(?:いた|致)?し|申し上げ)|願い)ます)"
    r"|お手続き?の(?:ほど|程)、?(?:どうぞ|何卒)?(?:よろしく|宜しく)お願い(?:(?:いた|致)?し|申し上げ)ます"
    r"|(?:以上、?)?(?:どうぞ|何卒)?(?:よろしく|宜しく)(?:どうぞ|ご(?:査収|確認|検討|対応|審査"
    r"|手配)(?:の(?:ほど|程))?を?、?お願い(?:(?:いた|致)?し|申し上げ)ます)"
    r"|(?:日々|毎日|いつも)の?(?:お仕事|業務|運営)?、?お疲れ(?:さま|様)(?:です|でございます|でした)"
    r"|[^はがを。、]{0,12}(?:皆様|皆さま|皆さん|担当の方|担当者様|方々)[にへ]も?、?(?:どうぞ)?(?:よろしく"
    r"|宜しく)お伝え(?:くだ|下)さい(?:ませ)?"
    r"|(?:初めて|はじめて)の?(?:メール|ご?連絡|お便り)(?:(?:いた|致)?します|させて(?:いただ|頂)きます|です)"
    r"|お手数をおかけします|ご(?:査収|確認|審査)(?:くだ|下)さい|(?:日頃|いつも|平素)(?:より|は"
    r"|から)?、?(?:大変)?お世話にな(?:って(?:おり|い)|り)ます"
    rf"|{_IF_NEEDED}{_BY}?(?:{_ASK}|お願い(?:いた|致)?します)|{_BY}{_ASK}"
    r"|(?:お?電話|メール|ご連絡)は、?(?:平日(?:の)?)?(?:午前|午後"
    r"|[0-9]{1,2}時から[0-9]{1,2}時まで)?(?:に)?(?:お願い(?:いた|致)?します|が確実です)"
    r"|(?:ご連絡|お返事|ご返信)を?お待ちして(?:おり|い)ます|メールは毎日確認して(?:おり|い)ます"
    r"|職場の電話は直通です"
    r"|(?:暑|寒)い日が続きますが、?(?:どうぞ)?ご自愛ください|申請書?は以上です"
    r"|職場の代表番号は[0-9-]{9,14}です"
    r"|(?:業務上?の)?相談をしたいです(?=。|$)|セキュリティの(?:関係|都合)で、?添付(?:ファイル)?は開けません"
    r"|(?:同じ課|同じ係|同課|当課|当係|課内|隣の課)の[一-鿿々]{1,4}も、?(?:別に|別途|後日|後ほど|追って"
    r"|これから|今後|近々|近いうちに|近日中に)?、?"
    r"(?:(?:申請|申し込み|参加を申請)を?(?:(?:いた|致)?します|する予定です|予定です|の予定です"
    r"|させていただきます)|申し込む予定です)"
    r"|複数名での申請は別途お送りします"
    r"|(?:なお、|また、)?(?:当(?:所|課|係|室|市|町|村|県|部|局|組合|庁|省)(?:から|で)は?、?)?(?:この"
    r"|私の)?(?:ほか|他|ほかに|他に)?、?"
    r"(?:同じ課の|同じ係の|課内の|当課の)?(?:職員|者|同僚|担当者)?(?:[0-9]{1,2}|[一二三四五六七八九十])[名人]"
    r"(?:が|も)、?(?:後日|別途|別に|追って|今後|近日中に)?、?(?:申請|申し込み|参加を申請)を?(?:(?:いた"
    r"|致)?します|する予定です|予定です|の予定です)"
    r"|添付ファイル(?:「[^「」]{1,64}」)?は、?無害化(?:処理)?により、?(?:削除|変換|無効化)されました"
    r"|添付(?:ファイル|書類|資料)?は(?:ありません|ございません|不要です)"
    r"|(?:本申請|この(?:申請|メール)|本文)?(?:に|には)?機密性[1-3]の?情報(?:は|を)(?:含(?:みません"
    r"|んでいません)|書いていません)"
)
# A footer consists of these words only, and begins with its subject.
_FOOTER = compile_later(
    r"[^\W\d_ぁ-ゖ]{1,8}[都道府県市区町村省庁](?=(?:から|より|が)送信|の職員)|"
    + any_of(
        """
        このメール 本メール 当メール この電子メール 本電子メール 送信専用 場合があります から 送信専用アドレス
        インターネット 経由 送信 されて い おり ます の は が を に も と へ で や 、 及び
        および また 又は または 内容 添付ファイル 宛先 あて先 名宛人 受信者 以外 方 場合 際 心当たり
        ない なく 誤って 間違って 誤送信 受信 受領 届い 届き た まし たら された し して いたし 削除
        破棄 消去 廃棄 返送 いただけ ますよう お願い お願いします お願いいたします 申し上げます
        ください 下さい 速やかに 直ちに ただちに 送信者 発信者 まで ご連絡 ご一報 お知らせ のうえ 上
        秘密 機密 機密情報 個人情報 含む 含まれる 含まれて こと あります 転送 複製 開示 利用 使用 転載
        第三者 禁じ 禁止 固く お断り され おります 印刷 環境 保護 不要な 控え ご協力 ウイルス チェック
        ウイルスチェック 済み セキュリティ 対策 です 送付 大切 必要 ご返信 返信 なさら しない よう
        ご遠慮 お手数ですが お心当たり 特定 のみ 対象 目的 本来 お受け取り 受け取り なった
        秘密情報 社外秘 関係者 関係者外秘 業務上 取り扱い 取扱い 注意 十分 ご注意 送信元 返信 メール
        アドレス 情報 特定
        個人 法人 宛て に宛てた 記載 された方 部分 全部 一部 複写 漏えい 漏洩 公開 配布 保存 行為 違法 法律
        法的
        なられた 当該 url 無効化 ため 含まれている 可能性 ある 場合がある 庁外 庁内 外部 組織外 lgwan
        lgwan環境 環境
        グループウェア 庁内グループウェア て
        無害化 無害化処理 無害化システム システム ゲートウェイ メールサーバ サーバ 中継 変換 処理 除去 検査
        検疫 済 済です
        機密性 機密性2情報 機密性1情報 機密性3情報 おりません 思われる と や 同意されない
        情報セキュリティクラウド セキュリティクラウド 無害化されて セキュリティシステム 検査されて
        スキャン スキャンされて チェックされて によって により 経由して
        テキスト テキスト形式 形式 html html形式 リンク 画像 添付 ました 行っ 行い
        """
    )
)
_IS_FOOTER = compile_later(
    r"(?:【(?:注意|警告|重要|お知らせ|外部|外部メール|external)】)?(?:この|本|当)(?:電子)?メール|"
    r"(?:名宛人|宛先|受信者)(?:以外|の方)|お?心当たり|(?:誤って|間違って)[^。]{0,6}(?:受信|受領|届)"
)
# Saying that a mail is void, mistaken or to be destroyed is a footer only if addressed to unintended
# recipients.
_VOID = compile_later(r"誤|間違|破棄|削除|消去|廃棄|返送|違法|無効(?!化)|ない|なく")
_WARNS = compile_later(r"^【[^】]{1,8}】")
# 七尾市の, before its system.
_BODY_OF_SYSTEM = compile_later(
    r"(?<=は)[一-鿿ァ-ヺヶ]{0,9}[都道府県市区町村省庁]の(?=(?:情報)?セキュリティ|システム|メールサーバ|"
    r"ゲートウェイ|ネットワーク)"
)
_NO_ANSWER = compile_later(r"ご?返信[^。、]{0,6}(?:ない|なさらない)")
_FOR_OTHERS = compile_later(r"場合(?!が)|方|際|心当たり|以外")
_TO_THE_PUBLIC = compile_later(
    r"[^はがをも。、]{2,24}に(?:ご協力|ご注意|お気をつけ|ご参加)(?:ください|下さい|をお願いします)"
    r"|(?:[0-9]{1,2}月は)?[^はがをも。、]{2,24}(?:月間|週間|の日|運動|開催中|受付中|募集中|配信中|発売中"
    r"|公開中)(?:です)?"
    r"|[^はがも。、]{2,24}(?:守り|防ぎ|受け|備え|減らし|心がけ|出かけ|楽しみ)ましょう|"
    r"[^はがも。、]{2,24}の申請はお早めに"
)
_FOOTER_WORDS_EN = """
    this e-mail email message and any attachments attachment are is it its contents confidential may contain
    privileged information intended only solely for the use of addressee named above recipient recipients
    individual entity to whom addressed if you not have received in error please notify sender immediately
    delete destroy all copies from your system by return reply contact unauthorised unauthorized disclosure
    that it them should contains was sent so other than use dissemination review printing storing
    forwarding part
    content herein by mistake kindly dispose thereof
    contained us our
    agree receive copying distribution prohibited strictly or an be legally protected do disclose copy who the
"""
_FOOTER_EN = compile_later(rf"(?:{any_of(_FOOTER_WORDS_EN)})(?:[ ,.;]+|$)")
_OF_FOOTER_EN = compile_later(
    r"\b(?:confidential|recipients?|addressee|privileged|if you (?:are not|have received"
    r"|do not agree to receive))\b"
)
_DAYS_EN = r"(?:(?:mon|tues|wednes|thurs|fri)days?|mornings?|afternoons?|weekdays?)"
_ASK_EN = compile_later(
    r"(?:my|our)(?: phone| direct| office)? (?:extension|number|line)(?: number)? is [0-9()+ -]{2,24}\.?"
    r"|i am (?:usually |often )?(?:out of (?:the )?office|away|in the office|at my desk|available)"
    rf"(?: on| every| in the)? {_DAYS_EN}(?:(?:,| and| or| to) {_DAYS_EN}){{0,4}}\.?"
    r"|my (?:manager|boss|supervisor|director|(?:section )?chief|colleague)"
    r"(?:, [a-z]{2,20}(?: [a-z-]{2,20}){0,2},)? (?:recommended|suggested|introduced|mentioned)"
    r" (?:your|this|the) (?:community|platform|group|slack)(?: to me)?\.?"
    r"|(?:with )?many thanks(?: in advance)?[.!]?|have a (?:good|nice|great|lovely) (?:day|week|weekend)[.!]?"
    r"|thank you(?: very much| so much)? for (?:running|organi[sz]ing|hosting|offering) (?:this|it)[.!]?"
    r"|please let (?:me|us) know if (?:anything|something) is (?:missing|unclear|incomplete)[.!]?"
    r"|please (?:contact|call|let)(?: (?:me|us))?(?: know)?"
    r"(?: (?:if you have any questions?|by phone|by e-?mail|(?:at |on )?(?:extension"
    r"|ext\.?) ?[0-9]{1,6}))?[.!]?"
)


# The addressee, thanks, an apology for lateness, what is sent separately, the name of a file.
_ADDRESSED = compile_later(
    r"[^。、はがをも]{0,24}(?:窓口|事務局|担当|担当者|受付|関係者)(?:ご?担当者?)?(?:様|御中|各位|殿)"
)
_HASTE = compile_later(
    r"(?:以上、?)?(?:取り急ぎ|とり急ぎ|取急ぎ)(?:、?(?:申請|ご?連絡|お知らせ|送信|お願い"
    r"|ご?報告)(?:まで|のみ)?(?:にて)?(?:失礼(?:いた|致)?します)?)?"
)
_SORRY = r"(?:大変)?(?:申し訳(?:あり|ござい)ません(?:でした)?|失礼(?:いた|致)?しました|すみません(?:でした)?)"
_THANKED = compile_later(
    r"(?:(?:この度|このたび|先日|先ほど|早速|いつも)は?、?)?(?:誠に|大変|本当に|どうも)?、?ありがとうございました|"
    r"(?:先日|この度|このたび|先ほど|昨日|早速|いつも)?(?:は|の|に)?、?"
    r"(?P<for>[^はが。、]{1,30}(?:を|で|に|の|、)?)?(?:いただき|頂き|くださり|下さり|賜り|を"
    r"|の)(?:まして)?、?(?:誠に|大変|どうも)?"
    r"(?:ありがとうござい|感謝(?:いた|致)し|感謝申し上げ)(?:ます|ました)"
    rf"|(?:ご?返信|ご?連絡|ご?回答|提出|送付|お?返事)(?:が|の)?(?:大変)?遅(?:くなり|れて"
    rf"|れ)(?:まして)?、?{_SORRY}"
    r"|(?:お?電話|説明会|研修|メール|窓口)?で?、?(?:教えて(?:いただい|頂い|くださっ)|ご(?:説明|案内|教示|指示)(?:いただい|頂い)|"
    r"伺っ|お聞きし|お伺いし)た(?:とおり|通り)に?、?(?:記入|記載|入力|作成)(?:(?:いた|致)?し)ました"
)
_APART = compile_later(
    r"(?:申請書|様式|名刺|資料)(?:も|を)(?:あわせて|併せて)?添付(?:(?:いた|致)?し(?:ます|ました)"
    r"|して(?:い|おり)ます)|"
    r"(?:なお、)?(?:添付ファイル(?:の(?:開封)?パスワード)?|パスワード|書類|資料|様式|原本|名刺)は、?"
    r"(?:別途|別送|後ほど|のちほど|追って|別のメールで|次のメールで|郵送で|電話で)、?"
    r"(?:お送り|送付|郵送|連絡|ご連絡|お知らせ|提出)?(?:(?:いた|致)?します|です|となります)"
    r"|(?:[\[【(]?添付ファイル(?:の)?(?:削除|無害化|隔離)(?:の)?(?:通知|お知らせ)[\]】)]?)?(?:以下|下記"
    r"|次)の(?:添付)?ファイルは、?(?:無害化(?:処理)?|セキュリティ対策|ウイルス対策)のため、?(?:自動的に)?"
    r"(?:削除|除去|隔離)(?:されました|しました|されています)"
    r"|[^\s。、はがをもに]{1,60}\.(?:xlsx?|docx?|pdf|zip|txt|csv|pptx?|jpe?g|png|html?|lzh)"
    r"|\[?添付ファイル(?:の)?(?:削除|無害化|隔離)(?:の)?(?:通知|お知らせ)\]?"
)
# The season, as letters begin and end with it: 雪の便りが届きました.
_SEASON = compile_later(
    r"(?:(?:初|新)?雪|雨|風|霜|霧|梅雨|台風|紅葉|もみじ|桜|花|寒さ|暑さ|残暑|冷え込み|朝晩|朝夕|日差し"
    r"|気温|年の瀬|秋|冬|春|夏|寒波|木枯らし)"
    r"[^\W、。はがもをに]{0,8}[はがもを]?、?[^\W、。]{0,8}?(?:届|降|積も|深ま|冷え|増|迎え|色づ|染ま|咲"
    r"|近づ|訪れ|寒|暑|涼|暖|感じ|きれい|美し|見頃)"
    r"[^\W、。]{0,8}?(?:ました|です|でした|て(?:い|おり)ます)ね?"
    r"|(?:めっきり|だいぶ|すっかり|急に|ずいぶん)?(?:寒|肌寒|暑|涼し|暖か)く(?:なりました|なって(?:き"
    r"|まいり|参り)ました)ね?"
)
# What the mail contains instead of a file, and which signs it does not contain.
_WRITTEN = compile_later(
    r"(?:添付の?|指定の?)?(?:様式|申請書|書式|フォーム|ファイル|エクセル|excel|ワード|word"
    r"|pdf)(?:の(?:様式|ファイル|申請書))?[がは]、?(?:うまく)?"
    r"(?:開け|使え|編集でき|ダウンロードでき|表示でき)(?:ません(?:でした)?|なかった|ない)(?:の"
    r"|もの)?(?:で|ため)、?"
    r"(?:こちらの|メールの)?(?:本文|メール|こちら)に(?:直接)?(?:書き|(?:記入|記載|入力)(?:いた"
    r"|致)?し)ま(?:す|した)"
    r"|(?:機種|環境)依存文字は、?使(?:って(?:い|おり)|用して(?:い|おり))ません"
)
# How letters end: 引き続きよろしくお願いします, 以上、申請いたします, 招待をお待ちしております.
_PLEASE = r"(?:(?:よろしく|宜しく)?、?(?:お願い(?:(?:いた|致)?し|申し上げ)ます|願います))"
_SORRY_FOR = (
    r"(?:(?:お忙しい(?:ところ|中)|ご多忙の?(?:ところ|中)|お手数)(?:を?おかけし(?:ます|て))?(?:大変)?"
    r"(?:ですが|恐縮ですが|恐れ入りますが|申し訳(?:あり|ござい)ませんが)、?)"
)
_CLOSING = compile_later(
    r"(?:どうぞ|何卒)?(?:よろしく|宜しく)(?:ですね?|おねがい(?:いた)?します)"
    rf"|(?:引き続き|今後とも|重ねて|では|それでは|末永く|以上|どうぞ|何卒|、){{1,4}}{_PLEASE}"
    rf"|(?:以上、?)?{_SORRY_FOR}?(?:ご(?:確認|審査|査収|検討|対応|手配|手続き?)|お手続き?)(?:の(?:ほど"
    rf"|程))?を?、?{_PLEASE}"
    r"|以上、?(?:(?:上記の?とおり|よろしく)、?)?(?:参加を)?(?:申請|申し込み|申込み)?(?:いた"
    r"|致)?します(?<!^以上します)"
    r"|(?:(?:上記|上|引用(?:部分)?|様式)に、?)?(?:必要事項を)?記入(?:いた|致)?しました"
    r"|(?:では|それでは)、?(?:また)?|(?:取り急ぎ|とり急ぎ|以上)?、?メール(?:にて|で)(?:の申請(?:にて"
    r"|で))?失礼(?:いた|致)?します"
    r"|(?:ご?招待(?:状|メール)?|ご案内|お手続き)を?(?:心より|楽しみに)?お待ちして(?:い|おり)ます"
    r"|(?:今回の)?参加(?:者)?は、?私(?:一人|1人|1名)です|返信は?(?:不要|結構)です"
    rf"|(?:送信|申請|申し?込み?|提出)が遅くなり(?:まして)?、?{_SORRY}|急がせて(?:しまい)?、?{_SORRY}"
    r"|(?:ご案内|ご連絡|ご対応|ご教示|ご返信|お返事|お知らせ|ご説明)(?:を)?(?:いただき)?、?(?:誠に|大変"
    r"|どうも)?ありがとうござい(?:ます|ました)"
    r"|(?:先日|過日|先週|昨日)の(?:説明会|研修|研修会|会議|お?電話)では、?(?:大変)?お世話になりました"
    r"|(?:寒さ|暑さ)(?:厳しき|の)折(?:柄)?、?(?:皆様)?(?:くれぐれも"
    r"|どうぞ)?、?ご自愛(?:のほど)?(?:ください(?:ませ)?|お祈り申し上げます)"
    r"|(?:受け取られ|届き|ご確認いただけ)ましたら、?ご?(?:一報|連絡|返信)ください"
    r"|(?:記入|記載)?(?:漏れ|もれ|誤り|不備)(?:等|など)?が?(?:ありましたら|ございましたら"
    r"|あれば)、?(?:お知らせ|ご連絡|ご指摘|ご一報)ください"
    r"|(?:様式|記入|記載|書き方)に(?:誤り|不備|間違い|漏れ)(?:等|など)?が(?:あれば|ありましたら"
    r"|ございましたら)、?修正(?:いた|致)?します"
    r"|(?:携帯(?:電話)?|電話|メール)へのご?連絡も(?:可能|大丈夫|結構)です|電話は(?:午前中?|午後"
    r"|平日)[にが](?:つながりやすい|出やすい)です"
)
_POLITE = (COURTESY, _CLOSING, _ADDRESSED, _HASTE, _APART, _WRITTEN)
_DONE_FOR_US = compile_later(r"[ごお][一-鿿]{2}")  # ご承認いただきありがとうございます


def _thanks(sentence: str) -> bool:
    """Return whether a sentence thanks for something, but not for being let off: 見送る機会をいただき."""
    found = _THANKED.fullmatch(sentence)
    return found is not None and LIMITING.search(_DONE_FOR_US.sub("", found["for"] or "")) is None


def is_polite(sentence: str) -> bool:
    """Return whether a folded sentence without blanks is a wish, thanks, a formula, or contact details."""
    if is_reach(sentence) or any(kind.fullmatch(sentence) is not None for kind in _POLITE):
        return True
    if is_formula(sentence) or is_season(sentence) or _thanks(sentence):
        return True
    return _SEASON.fullmatch(sentence) is not None and LIMITING.search(sentence) is None


def is_courtesy(sentence: str) -> bool:
    """Return whether a folded sentence without blanks is a courtesy of any mail."""
    if is_polite(sentence) or _TO_THE_PUBLIC.fullmatch(sentence) or is_notice(sentence):
        return True
    return is_footer(sentence)


def is_footer(sentence: str) -> bool:
    """Return whether such a sentence is a mail footer, made of footer words only."""
    bare = _WARNS.sub("", _BODY_OF_SYSTEM.sub("", sentence))
    if _IS_FOOTER.match(sentence) is None or read_on(_FOOTER, bare) < len(bare):
        return False
    return _VOID.search(_NO_ANSWER.sub("", sentence)) is None or _FOR_OTHERS.search(sentence) is not None


def is_courtesy_en(said: str) -> bool:
    """Return whether a folded English sentence is a courtesy."""
    if _ASK_EN.fullmatch(said) or is_scan_en(said):
        return True
    return _OF_FOOTER_EN.search(said) is not None and read_on(_FOOTER_EN, said) == len(said)
