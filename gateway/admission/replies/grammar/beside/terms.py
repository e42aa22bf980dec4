"""The terms of reasons, questions and second thoughts: what they negate, name, or leave open."""

from __future__ import annotations

from gateway.admission.replies.grammar.phrases import FINE, SORRY, TITLE
from gateway.patterns import compile_later

# Second thoughts, next to a refusal, a question or a hold.
DOUBT = compile_later(
    r"勘違い|人違い|取り違え|見間違|申請が違|別人|この(?:申請|件|案件|方|人)ではありません"
    r"|やめます|やめました|取りやめ"
    r"|不要(?:です|でした|のため|$)|もう大丈夫|大丈夫です|進めて(?:ください|下さい|お|$)|任せ"
    r"|やっぱり|やはり|訂正|待って|お待ち|待機|間違え|間違いで|誤送信|誤って送|誤りで|取り違え|無視して"
    r"|忘れて|冗談|嘘で|嘘です|うそ|ウソ|ふざけ|テスト|試し|試験送信|練習|演習|ダミー|サンプル|下書き|草稿"
    r"|自信が|押し間違|たくありません|たくない|迷っ|迷い|迷う|悩ん|悩み|悩む|検討中|考え中|思案|自信がな"
    r"|とは言え|とはいえ"
    r"|ではな(?:い|く)(?:$|[、。])|わけでは|つもりでは|べきでは|ないでください|しないで|なかったこと"
    r"|^[(]?(?:仮|案|予定|未定|未決定?|候補|不要)(?:のため|により)?[)]?$"
    r"|\bmisread\b|\bmixed up\b|\bmix-?up\b|\bnot this\b|\bnever mind\b|\bmy bad\b"
    r"|\bwait\b|\bactually\b|\bmistake\b|\bignore\b|\bdisregard\b|second thought|\bkidding\b"
    r"|\bjust a test\b|\bnot sure\b|\bunsure\b|\bdraft\b"
)
# A question without a mark: a doubt next to a refusal, expected next to 照会.
ASKS = compile_later(r"\?|かもしれ|(?:でしょう|ます|です|ません)か(?:$|[。?])|かな(?:$|[。ー~])")
APOLOGY = compile_later(SORRY)
# The number of one of the office's own texts, in place of a reason or a question.
SNIPPET = compile_later(r"(?:定型 ?)?[0-9]{1,2}")
# Support for an approval, which is no reason for a refusal.
SUPPORTS = compile_later(
    rf"{FINE}(?:の)?(?:ので|ため|から)?|[^、。]{{0,20}}(?:在籍|所属|勤務|資格|要件|基準|対象|申請"
    rf"|内容|書類|条件|団体)"
    r"(?:は|が|も|を|に|に該当し|として)?(?<!重複して申請が)(?<!二重に申請が)(?:あり(?:ます|ました)?|(?:確認)?(?:でき|取れ|とれ)(?:た"
    r"|ました|ています|ております)"
    r"|満たし(?:て(?:い|おり)ます|ていました|ました)|有効|適格|該当(?:します|しました)|正しい"
    r"|問題(?:は|が)?な(?:い|し|かった))"
    r"(?:です|でした)?|(?:[^、。]{0,20}(?:は|が))?(?:対象|適格|有資格者)(?:です|でした)"
    r"|.*\b(?<!not )(?<!in)(?:eligible|confirmed|fine|valid|okay|ok|meets (?:the|all) .*)"
)
# A statement in favour of an applicant, without a negation.
WITHIN = compile_later(
    r"(?:期限|範囲|対象|定員|規定|規約|基準)(?:の)?内(?!容)|(?:職員|公務員|本人|在籍"
    r"|事実)に?(?:間違い|相違)(?:は|も)?"
    r"(?:あり|ござい|な)"
)
# A reason that says that there is none, or revokes the decision.
NOTHING = (
    r"(?:なし|無し|ない|ありません|ございません|無い|不要|解除|しない|しません|済み?|完了|中止|取りやめ"
    r"|やめ(?:る|ます|ました)?)"
)
EMPTY = compile_later(
    r"(?:却下|保留|照会|差し?戻し?|該当|特に|とくに|特段|理由|事由|質問|根拠|反する|必要|する|の"
    r"|に|は|が|も|を|事項|もの|点"
    rf"|こと){{0,9}}{NOTHING}(?:です|でした|とします|と思います)?"
    rf"|.{{0,16}}(?:反する|違反する|不適切な|問題の|不備の)(?:点|もの|こと|事項)?(?:は|も"
    rf"|が)?{NOTHING}(?:です)?"
    r"|該当(?:し(?:ません|ない)|せず)|いいえ|まだ(?:です)?|[×✕xー-]+"
    r"|(?:not (?:applicable|needed|necessary|required|found|any ?more)"
    r"|no (?:reason|ground|question)s?(?: found)?|released?|none|nothing|no|n/?a|done"
    r"|cancel(?:led)?|lifted)"
)
# What speaks against an applicant: a sentence that negates, or names what may not join.
AGAINST = compile_later(
    r"ません|ない|なく|なかった|ず(?:$|、|に)|なし|無し|不|未|外(?!部)|非|退職|異動|転出|出向|委託"
    r"|派遣|重複|二重|既に|すでに"
    r"|民間|企業|会社|法人|個人|営業|広告|宣伝|学生|学校|大学|住民|市民|議員|報道|記者|団体では"
    r"|フリーメール|携帯|虚偽|偽"
    r"|満員|定員|超過|期限|異な|違い|違う|違って|反し|反する|違反|禁止|誤り|誤っ|空欄|無効|失効|取り?下げ|兼|他社|業者"
    r"|機関では|ではあり|では?ない|かね|兼ね"
    r"|\b(?:not|no|never|without|cannot|in-?eligible|private|compan(?:y|ies)|individuals?"
    r"|contractors?|duplicates?"
    r"|retired|left|expired|free ?mail|vendor|student|outside"
    r"|missing|incomplete|wrong|already|only|unable|un\w+)\b|n't\b"
)
# What a refusal is about: the person, the body, the application, and findings about them.
ABOUT = compile_later(
    r"申請|申し?込|応募|所属|在籍|在職|勤務|勤め|職員|職場|団体|組織|機関|法人|企業|会社|民間|公務|官公庁"
    r"|自治体|行政|市町村|対象|該当|要件|資格|条件|基準|規約|規程|規定|ルール|範囲|趣旨|目的"
    r"|アドレス|ドメイン|フリーメール|記載|記入|内容|情報|書類|証明|氏名|名前|部署|部課|課名|電話|本人"
    r"|確認(?:が|は|を)?(?:でき|取れ|とれ|出来)|連絡|回答|返信|返事|期限|期日|重複|二重|既に"
    r"|すでに|退職|異動|転出|出向|委託|派遣|個人(?!的)|学生"
    r"|大学|学校|不明|不足|不備|虚偽|空欄|名簿|定員|満員|利用|住民|議員|報道|営業|広告|理由|以下|下記|次の"
    r"|取り?下げ|\b(?:staff|personnel|organi[sz]ation|employ\w+|bod(?:y|ies)|government\w*|agenc(?:y|ies)|municipal\w*|offices?"
    r"|departments?|domains?|address\w*|affiliat\w+|applica\w+|eligib\w+|ineligible|contractors?|private"
    r"|compan(?:y|ies)|public|memberships?|requirements?|criteria|rules|documents?|details|duplicates?"
    r"|registered|retired|confirm\w*|verif\w+|information|scope|individuals?|reasons?)\b"
)
# The decision is not made, or the mail is not meant: the future, who decides, how sure the author is.
UNFINISHED = compile_later(
    r"まだ|未定|未確定|未決|仮の|仮に|仮で|仮決|素案|草案|別の(?:件|案件|申請|方|人|者)|後で|後日"
    r"|追って|改めて|あらためて"
    r"|のちほど|後ほど|あとで|明日|明後日|来週|来月|いずれ|そのうち|決め|決ま|確定|結論|最終|相談"
    r"|協議|考え|再考|見直"
    r"|検討|判断(?!基準|材料|でき|(?:いた|致)?し(?:ました|ております)|されました)|任せ|委ね|一旦"
    r"|いったん|とりあえず|取りあえず|ひとまず|寝か|先に|その前|それまで"
    r"|(?:確認|審査|調整|調査|照会|手続き?)中|いや[、,]|たぶん|多分|おそらく|恐らく|場合|なら(?!び"
    r"|な)|れば|もし"
    r"|ただし|但し|余地|可能性|気がし|うそ|ウソ|操作|動作|本番|今の|さっき|先ほど|先程|このメール"
    r"|本メール|送り|送って"
    r"|(?:見|読ん|調べ|(?:確認|審査|調査|把握)し)[てで]は?(?:い|お)(?:ません|ない|らず|りません)"
    r"|\b(?:will|would|should|might|may|must|let|going to|want|need|think|guess|maybe|perhaps|probably"
    r"|tomorrow|later|yet|first|before|until|if|unless|but|tentative\w*|provisional\w*|final"
    r"|pending|test\w*"
    r"|practice|jok\w+|wrong(?! (?:department|section|division|address|domain|organi[sz]ation|body|name)\b)"
    r"|oops|sorry|instead|undecided|reconsider\w*|discuss\w*|check|checking"
    r"|mean|meant"
    r"|back)\b|'ll\b"
)
# Endings of sentences that state facts; any other verb in the present tense announces an action.
STATE = compile_later(
    r".*(?:(?:あり|ござい|[てでがはに]い|おり|なり|でき|かね|より|異なり|違い|当たり|該当し|反し"
    r"|欠け|含み|含まれ)ます"
    r"|ある|[てでがはに]いる|おる|なる|よる|異なる|当たる|反する|該当する|過ぎる|違う)"
)
PLAN = compile_later(
    r".*(?:ます|[うくぐつぬぶむる]|(?<!で)す|ください|下さい|(?:ほしい|欲しい|たい"
    r"|お願い)(?:です)?|ましょう|だろう"
    r"|(?:らしい|そう|よう|はず|つもり|予定|見込み|方向|方針)(?:です)?|[かがてけ]ど?|かな|けれども|のに)"
)
# The only thing that a refusal asks of the applicant.
APPLY_AGAIN = compile_later(
    r"(?!.*(?:申請者|本人|先方|相手|人事課?|課長|上司)(?:に|へ|から))"
    r".*(?:(?:再?申請|申し?込み?|応募|提出|記入|記載|添付|送付|取得)(?:し直)?(?:を)?(?:して|し|の上"
    r"|のうえ)?(?:いただきますよう)?、?"
    r"|ご(?:了承|理解|容赦|覧|相談)(?:のほど|の程|を)?、?)"
    r"(?:ください|下さい|願います|(?:よろしく|宜しく)?お願い(?:いた|致)?します|お願い申し上げます)"
    r"|(?:please )(?:re-?)?(?:apply|submit|send|use|attach)\b.*"
)
# Said about the applicant, or asked of a colleague: never sent to an applicant.
ASIDE = compile_later(
    r"^(?:定型)?\d{1,2}番?[でにを]?(?:し|する|送|出)[^、。]{0,8}か$|(?:書け|聞け|きけ|尋ね(?:れ)?|頼め|問い合わせれ)ば|どう(?:思|お考え|考え"
    r"|しま|すれば|すべき"
    r"|対応|判断|でしょう|です)|いかが(?:思|お考え|しま"
    r"|いたしま|すべき)|ご?意見|ご判断|ご見解|見解"
    r"|(?:これ|それ|こんな感じ|この(?:よう|内容|文面|文章|質問|対応|判断|方針|理解|案"
    r"|認識)?(?:な)?(?:照会|質問|文面|形)?)で(?:も)?"
    r"(?:よ|良|い|宜|ok|合|大丈夫|問題|構|正)"
    r"|怪し|あやし|疑わ|うさん|胡散|信用でき|信じられ|信頼でき|偽者|偽物|にせもの|なりすま"
    r"|成りすま|不審|詐欺|嫌な|変な|おかしな|おかしい"
    r"|妙な|面倒|迷惑な|ひどい|困った(?:人|方)|(?:誰|だれ|どなた)か|ご存[じ知]|知(?:って|り(?:ませ"
    r"|ま))|(?:と|ように)思い|気がし|気になり"
    r"|ではないか|じゃないか|みたい(?:です|だ|$)|らしい|ようです"
    r"|\b(?:what do you|your (?:opinion|view|thoughts?)|suspicious|fishy|shady|fake|scam|fraud"
    r"|weird|odd|strange"
    r"|is (?:this|that|it) (?:right|ok|okay|correct|fine)|(?:does )?(?:this|that) look|do you know"
    r"|anyone know|i think|i guess|seems)\b"
)
_WANTS = (
    r"(?:ください|下さい|お願い|いただ|頂|教え|ご教示|ご?提示|ご?回答|ご?連絡|ご?返信"
    r"|ご?返答|願い|ほしい|欲しい|求め)"
)
# A remark: it states something, and asks for nothing.
REMARK = compile_later(
    rf"(?!.*{_WANTS})(?!.*[?か]$)(?!.*(?:確認|質問|照会|お?伺い|お?尋ね)(?:です|で|(?:いた|致)?します))"
    r".*(?:です|でした|ます|ました|だ|である|ません|ない|た)"
)
# What the author will do is no question to the applicant.
OWN_PLAN = compile_later(
    r".*(?:(?<!お願いいた)(?<!お願いし)(?<!願い)(?<!いただき)(?<!頂き)(?<!思い)(?<!あり)(?<!ござい)(?<!おり)(?<!てい)(?<!でい)"
    r"(?<!となり)(?<!になり)(?<!お願いいたし)(?<!お願い致し)(?<!お願いし)ます|(?:する|やめる|ておく))"
)
# Another application, person or time: statements about it are no reason for this one.
ELSEWHERE = compile_later(
    r"前回|前の|以前|過去|昨年|去年|昨年度|前年|昨日|一昨日|先日|先週|先月|当時|以後|今後|次回"
    r"|別の|別件|他の|ほかの"
    r"|隣の|もう[一1](?:人|件|方|名)|(?:一|1)件目|(?:二|2)件目|もう片方"
    r"|\b(?:last (?:time|year|month|week)|previous(?:ly)?|another|other|the first|next time|yesterday)\b"
)
# The author, and the people of a desk: statements about them are no reason.
DESK = compile_later(
    r"(?:私|わたし|わたくし|僕|俺|自分)(?=[はがもにのをで、]|ども|たち|達|個人|$)|我々|われわれ"
    r"|うちの|小職|当職|(?:当課|弊課)(?!に(?:は)?[^、。はがも]{0,12}(?:職員|者|方|人物)(?:は|が)(?:い|おり)ま)|弊社"
    rf"|(?<!所属の)(?:担当者|上司|同僚|後任|前任者?|審査員|{TITLE})(?:は|が|も|の(?:家族|都合|個人"
    rf"|意見|判断))"
    r"|(?<!人事)(?:事務局|窓口)(?:は|が|も|の(?:家族|個人|都合|判断))"
    r"|\bthe (?:reviewer|colleague|boss|manager|clerk|desk)\b|\b(?:i|we)\b(?! (?:could|can|were|was"
    r"|have|did|do|found|tried|asked)\b)"
    r"|\bour\b(?! (?:staff|employee|personnel) (?:list|roster|records?)\b)"
    r"|\b(?:me|my|mine|myself|us|ours|ourselves|(?:some|any|every|no)(?:one|body))\b"
)
# About the reply itself, a restriction or a date: 正式な回答ではありません, 本人以外, 期限つき.
OF_REPLY = compile_later(
    r"(?:この|本|今回の|上の|上記の|正式な|公式な|先の)(?:ご?(?:回答|返信|返事|返答|判断|決定)|メール|通知)"
    r"|\b(?:this|the above|my) (?:e-?mail|mail|message|reply|answer|response|decision)\b"
    r"|(?:以外|限定|つき|付き|まで|から|営業日|のみ|だけ)$|^(?:[^、。は]{0,12})?[0-9]{1,2}月[0-9]{1,2}日(?:まで|から|以降)?$"
    r"|^(?:白黒|真偽|可否|是非)"
)
# What the desk has not done yet: 在籍確認は行っていません, 本人に連絡していません.
OWN_WORK = compile_later(
    r"(?:確認|連絡|照会|審査|調査|質問|問い合わせ|登録|手続き?)(?:を|は|も|が)?(?:まだ)?(?:し|行っ"
    r"|行なっ|終わっ|終了し|完了し|済ん)て(?:い|おり?)?"
    r"(?:ません|ない|らず)|(?:確認|連絡|照会|審査|調査)(?:を|は|も)?(?:し|いたし|行い)ません"
    r"|\b(?:we|i) (?:have not|haven't|did not|didn't) (?:yet )?(?:check|contact|ask|confirm|call"
    r"|verif|decid)"
)
# A guess about the applicant.
UNSURE = compile_later(
    r"たぶん|多分|おそらく|恐らく|っぽい|らしい|気がし|\b(?:maybe|perhaps|probably|looks like)\b"
)
# Confidential among colleagues, so it must not be in a note.
SECRET = compile_later(
    r"内緒|ないしょ|秘密|内密|内々|部外秘|社外秘|極秘|口外|他言|ここだけ|オフレコ|伏せ"
    r"|(?:言わ|いわ|伝え|知らせ|話さ|教え|見せ|漏らさ|もらさ|明かさ|触れ|出さ|載せ|送ら|共有し|公表し|公開し|説明し)"
    r"(?:ない(?:で|よう|こと|ほうが|方が)|ず(?:に)?(?:お|$|、)|ず、|なくて(?:よ|い)|ません(?:よう|で)|ぬよう)"
    r"|(?:言|伝え|知らせ|話|教え|見せ)(?:う|る|す)?(?:必要は(?:ない|ありません)|(?:の)?は?(?:禁止|ng|やめ|控え))"
    r"|(?:連絡|通知|開示|説明)(?:は|を)?(?:不要|無用|控え)"
    r"|\bconfidential(?:ly)?\b|\bbetween us\b|\boff the record\b|\bsecret\b|\binternal(?:ly)? only\b"
    r"|(?:do not|don't|never|no need to) (?:tell|say|mention|share|forward|show|inform|disclose)\b"
    r"|keep (?:this|it|that) (?:quiet|to)"
)
# What the author, or the desk, cannot do: no fault of the applicant.
_CANNOT = r"(?:ない|ません|なく|なかった|ず(?:$|、|に))"
OWN_MEANS = compile_later(
    r"(?<!申請者に)(?<!本人に)(?<!申請する)(?<!申請の)(?<!申請者の)権限|(?:担当|管轄|所管)(?:外|では|じゃ|者では)|決裁者|審査(?:担当|者)|決裁権"
    r"|(?<!本人)(?<!申請者)(?:不在|留守|休暇|出張|病欠|多忙|繁忙)|(?:手|時間|余裕|人手|人員)(?:が|は|も)(?:な|足り|取れ|とれ|空)|[一二三12]人目"
    rf"|(?:ボタン|パスワード|ログイン|端末|パソコン|vpn|システム|サーバー?|ネットワーク|回線|画面|操作|リンク)[^、。]{{0,12}}{_CANNOT}"
    r"|不具合|障害(?!者)|故障|手違い|間違いに|間違いの|誤操作|誤送信|不達|エラー|トラブル|メンテナンス"
    rf"|(?:わから|分から|知ら|知り|存じ(?:上げ)?|つながら|繋がら|見つから|見つけられ|届か|届い[てた]?(?:い|お)?(?:り)?"
    rf"|読め|読んで(?:い|おり)?|開け|開か|見られ|見え|見て(?:い|おり)?|入れ|使え|動か|決め(?:られ)?|判断でき|判断がつか|理解でき|間に合[いわ]"
    rf"|持って(?:い|おり)?|持ち合わせ(?:て)?(?:い|おり)?|押せ|行け|聞け|聞いて(?:い|おり)?){_CANNOT}"
    rf"|(?:情報|材料|資料|知識|経験)(?:が|は|も)(?:足り|不足|な(?:い|く)|あり{_CANNOT})"
    r"|面識|よく(?:わか|分か)|(?:^|で、|、)(?:人事)?異動(?:の|に)|組織(?:改編|変更)"
    r"|\b(?:do not|don't|did not|didn't|never|cannot|can't|could not|couldn't|have not|haven't|unable to)"
    r" (?:know|knew|read|open|see|seen|met|meet|log|reach the (?:desk|server)|understand"
    r"|find the (?:button|mail|letter))\b"
    r"|\b(?:have no|no) (?:authority|time|access|permission|idea)\b|\b(?:technical|system) (?:error"
    r"|problem|issue|fault)s?\b"
)
# Hearsay, guesses, plans, or work not done: nobody is declined for these.
HEARSAY = compile_later(
    r"らし(?:い|く|かった)|と(?:か|は|も)?(?:聞い|聞き|きい|伺い|伺って|教わ)|だそう|[いるた]そう(?:です|な|だ|なの)"
    r"|(?:の|な|た|る|い)よう(?:です|な(?!も|場合|団体|機関|方|職員|者(?!が))|だ|で(?:$|、|あ)|に(?:思|見|感))|みたい(?:で|な|だ)|っぽ"
    r"|と(?:は|も)?(?:思|考え|見られ|みられ|推測|推定|想像|感じ)|おそれ|恐れ|[疑うたぐ]い(?:が|の)|可能性|かもしれ|はず|見込|つもり"
    r"|予定|未確認|噂|うわさ|評判|意見|によると|によれば|曰く|いわく|と[^、。]{1,10}(?:が|は|も)(?:言って|言い|申し|述べ|話し)|と(?:は|も)?(?:言|いっ"
    r"|申|述べ|主張|語|話し)|とのこと(?!でした)"
    r"|\b(?:says?|said|told|heard|according|rumou?rs?|allegedly|apparently|suspects?|opinion|claims?"
    r"|believes?|thinks?"
    r"|seems?|appears?|likely|possibl[ey]|planned|supposed)\b"
)
# A fault that is corrected, does not matter, or is corrected in the same sentence.
GONE = compile_later(
    r"(?:解消|解決|修正|訂正|補正|補完|改善|是正|追記|補足|完了|提出)(?:は|が|を|も)?(?:すで|既)?に?(?:(?:さ|い)れ|いたし|致し|し|でき"
    r"|済み)?(?:ました|ます(?!よう)|済|した|でし|です|で、|てい(?:る|ます)|$)"
    r"|直(?:って|り(?:ました|ます)|った|し(?:ました|た|て)|っており)(?!(?:い|おり)ま?せん)(?!い?ない)"
    r"|(?:揃い|そろい|届き|足り|満たし)ました|(?:構|かま)(?:わ|い)|差し支え|差支え|大丈夫|問題(?:は|も|に)?(?:な[いくら]|あり)|気にし|許容|(?:不備|違い"
    r"|ミス|漏れ|誤字|誤り)(?:が|は)?[^、。]{0,8}(?:だけ|のみ|程度)|だけ(?:です|だ)$|軽微|些細|些末|ささい"
    r"|(?:でも|ても)(?:[^、。]{0,8})(?:参加|申請|利用|可|よ|良|い[いけ]|ok|結構|でき(?:る|ます))|でもな[いく]|なくもな|ないでもな"
    r"|(?:では|じゃ)なくて?(?!.*(?:民間|企業|会社|法人|個人|学生|委託|業者|議員|退職|フリー|団体|外))"
    r"|(?:勘|思い|かん)(?:ちが|違)い|誤解|思い込|早合点|見落と"
    r"|\b(?:resolved|fixed|corrected|does(?: not|n't) matter|no longer (?:missing|a problem|an issue)"
    r"|minor|trivial|misunder\w+|not a problem)\b"
)
# Negations of the refusal itself, and unfinished sentences.
DENIED = compile_later(
    r"(?:却下|不承認|不許可|拒否|否認|否決|お断り)(?:は|を|と|する|すべき|の必要)?(?:は|で|が)?(?:し(?:ない|ません|かね)|され(?:ない|ません)|では|でな"
    r"|でき(?:ない|ません)|不要|やめ|あり|な[いし]|べきで)"
    r"|^(?:とは|と(?=思|考|言|聞|いう)|ではな|じゃな|わけ|つもり|べきで)"
    r"|\b(?:cannot|can't|not|never|no longer|should not"
    r"|shouldn't) (?:be )?(?:refused?|reject(?:ed)?|declined?|den(?:y|ied))\b"
)
# What ends a hold, or names no date.
LIFTED = compile_later(
    r"解除|再開|もういい|終わりました|^(?:する)?つもり|^でした|いつか|そのうち|近々"
    r"|さん(?:の)?(?:分|件|担当)"
)
