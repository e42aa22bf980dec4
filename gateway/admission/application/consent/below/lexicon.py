"""Closed sets of words with which a text is read from left to right, the longest word first.

A word is never read again in another way, so the effort is one pass over the text.
"""

from __future__ import annotations

import re

from gateway.patterns import compile_later


def any_of(*lists: str) -> str:
    """Return the words of these lists, split at white space, as alternatives of a pattern, longest first."""
    words = {word for each in lists for word in each.split()}
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


def read_on(word: re.Pattern[str], text: str) -> int:
    """Return how far a text consists of words, from its beginning; a word is never empty."""
    at = 0
    while (found := word.match(text, at)) is not None:
        at = found.end()
    return at


# Words that refer back.
_BACK = (
    r"先ほど|先程|さきほど|さっき|上記|上の(?:件|回答|内容|とおり)|今の(?:は|回答)|以前の|前言"
    r"|(?:^|[、は])(?:それ|あれ|これ)(?:は|も|で)|この(?:回答|欄|答え)"
    r"|書き(?:ました|まし)|書いた|(?:記入|回答|送信)してしま"
)
# Words that turn, at the beginning of a sentence.
_TURN = (
    r"^(?:でも|しかし|だが|けど|ただ|但し|もっとも|とはいえ|やはり|やっぱ|実は|いや"
    r"|いえ|訂正|追記|すみません|すいません|ごめん|申し訳|本当は|とりあえず|一応)"
)
_WAIT = (
    r"待って|待ち(?!しております|申し)|後日|後で|あとで|後ほど|のちほど|追って|もう少し|しばらく|考え(?!方)"
    r"|検討(?!の?(?:ほど|程|を?お願い))|様子(?:見|を見)|未定|保留|途中|まだ"
)
_DOUBT = (
    r"変わり|変え|変更(?:し|させ)|迷|悩|不安|疑問|不明|自信|納得|反対|嫌|無理|難し|厳し|半々|微妙|かも|気が|つもり|はず|勝手|本意"
    r"|違い(?:ます|まし)"
)
_UNDONE = (
    r"間違|誤り|誤って|ミス|忘れて|無視|無効|なかった|無かった|なし(?:で|に)|無しで"
    r"|冗談|嘘|うそ|テスト|練習|ふざけ|不要|やめ|止め|辞め|仮の"
)
_UNTIL = (
    r"次第|(?:て|で)から(?:に|で|と)|たら|なら(?:、|ば)|れば|場合(?:は|に)|条件|限り|本心|上司"
    r"|(?:課長|部長|室長|所属長)(?:が|の|に)|有効"
)
_DENIED = r"(?:ませ|まし)ん(?!か)|ない(?:です|と|で|$)|なく|できず|せず|ずに"
DOUBTFUL = compile_later("|".join((_BACK, _TURN, _WAIT, _DOUBT, _UNDONE, _UNTIL, _DENIED)))
# Words by which people agree, decide, choose a part or replace what they wrote.
_DECIDED = (
    r"同意|規約|ルール|きまり|決まり|規定|承[認知諾]|了[承解]|許[可し容]|認[めむ可]|決[裁定めまし断]|判断|稟|審議|合議|協議|会議に|諮|仰|賛|可否|是非"
    r"|結論|否|断|拒|異[議存論]|不[服同可]|検討|見送|見合わせ|撤回|取り?消|取り?下げ|取りや|や[めっ]|止|辞|退会|キャンセル|中[止断]|却下|留保"
    r"|第[0-9一二三四五六七八九十]|半分|例外|一部|部分|部のみ|(?<!いた)だけ|のみ|しか|限|範囲|条|白紙|試"
    r"|変更|変[えわ]|差し?替|訂正|修正|直[しす]|消[しす去]|削除|抹消|外[しす]|除|抜[いき]|仮|誤|忘|違[いうえ]"
)
# Words for an answer, and those that refer to one.
_ANSWER = (
    r"答|回答|申し出|意[思向見志図]|記入|入力|書[いかき]|内容|欄|項目|下書|本気|本当"
    r"|こ(?:れ|の(?!アドレス|メール|コミュニティ|ほか|他|ような|たび|度))|それ(?!ぞれ)|そ(?:の(?!他|ほか|際|旨|とき|時))|あれ|あの|上[記のに]"
    r"|前[言述回の]|先ほど|先程|さっき|以[上下]|今すぐ"
)
# Those who decide, and those who may have answered instead.
_SOMEBODY = (
    r"上[司長席]|[局部課室係所班次署院園校社会]長|[市町村区]長|知事|首長|議会|議員|委員|弁護|法務|監査|代理|代わ|代筆|本人|別人|他人|他の者"
    r"|別の(?:者|人|職員)|部下"
)
_OTHERWISE = (
    r"いや|いい?え|[なま]い(?!り)|なく|なけ|なし|無し|ません|ず(?:に|、|$)|待|未[定了済]|様子|後(?:から|に)|あとから|いったん|一旦|てから|でから"
    r"|なら|れば|けれど|けど|もし|場合|ところで|実は|でも|しかし|ただ(?![いかきくけこ])|但"
)
# Without any of these, and of those that doubt, a statement neither takes back nor limits an answer.
LIMITING = compile_later("|".join((DOUBTFUL.pattern, _DECIDED, _ANSWER, _SOMEBODY, _OTHERWISE)))
# Whoever writes, or is written about, in place of the applicant.
_SUBSTITUTE = (
    r"代[理行筆決印]|代わ|本人|別人|他人|他の者|別の(?:者|人|職員)|部下|前任|後任|同僚|(?:氏名|者|人)は"
)
OF_ANOTHER = compile_later(_SUBSTITUTE)
# 職員のために申請しています: then the consent is not the writer's own.
_FOR = r"[員者方人様民](?:の(?:ため|分)|に代わ).*(?:申請|応募|参加|登録|申し?込)"
# An account of several people: 課員5名で使います, 課の共用アカウントとして使います. A membership is personal.
_USE = r"(?:使(?:い(?:ます|たい|た|、)|う|え|わせ)|利用(?:いた|致)?(?:します|したい|する|でき|させ))"
_SHARED = (
    r"(?:共[用有同通]|組織|団体|[部局課室係班])の?(?:共[用有同通]の?)?(?:端末用の?)?アカウント"
    rf"|共[用有同](?:で|して){_USE}|共同利用|共用(?:(?:いた|致)?し(?:ます|たい)|する|端末)|使い回"
    rf"|(?:[2-9]|[1-9][0-9])[名人]で[^。、]{{0,6}}(?:{_USE}|登録|申請)"
    rf"|(?:全員|みんな|[部局課室係班]員|職員)[がで][^。、]{{0,6}}{_USE}|[部局課室係班]として、?{_USE}"
)
FOR_ANOTHER = compile_later(f"{_FOR}|{_SHARED}")
# Without a verb: 未読, 不参加, 要相談, 一部除外, 協議中, 佐藤の分, 懸念あり, サンプル.
_UNFINISHED = (
    r"未[一-鿿]|不[一-鿿]|無[断効]|要[相調再]|(?:[除外中逆]|待ち|あり|有り?|の(?:分|件|申請))$|懸念|別[紙添]|意見|本[音心]|前回|過去"
    r"|昨年|去年|偽|架空|ダミー"
    r"|^(?:(?:記入|記載)?例|例文|見本|サンプル|雛形|ひな形|テンプレート|複写|引用|転載)(?:文|データ)?$"
)
# 招待 does not wait, and 試作市 tries nothing.
_PART_OF_NAME = r"(?<=招)待|試(?=作)"
_NAMELESS = (DOUBTFUL.pattern, _DECIDED, _ANSWER, _SUBSTITUTE, _OTHERWISE, _UNFINISHED)
LIMITING_NAMELESS = compile_later(f"(?!{_PART_OF_NAME})(?:{'|'.join(_NAMELESS)})")
# Whoever is somebody else by the word for him, at its end.
RELATED = compile_later(
    r"(?:[夫妻娘父母兄弟姉妹彼]|息子|家族|親戚|友人|友達|知人|知り合い|同僚|上司|上席|後輩|先輩|部下|相方|持ち主|他人|別人|他人様|彼女|秘書|業者"
    r"|前任|後任|前任者|後任者|担当者|職員|同期|隣(?:の[^の]{1,6}|[市町村課係席])|他[市町村課係])(?:さん|様|の方)?$"
)
# What somebody made up, or practises with.
INVENTED = compile_later(
    r"(?:架空|創作|でたらめ|出鱈目|適当|空想|妄想|想像|作り話|作り物|仮想|お?遊び|雛形|ひな形|見本(?=の?まま|どおり|通り)|練習|訓練|演習|課題|教材|実習|模擬|デモ|ダミー|フィクション|虚構"
    r"|偽物?|嘘|お?試し|文例|生成文)(?:用)?(?:の(?:もの|名前?|名称|値|番号))?(?:どおり|通り|のまま)?$"
)
# What may take an answer back, limit or replace it, or name somebody else, in English.
SIGNS_EN = compile_later(
    r"\b(?:not? (?:me|mine|agree\w*|accept\w*|consent\w*|appl\w+|join\w*|want|wish|yet|final|real|sure"
    r"|decided?|serious|the applicant|longer)"
    r"|(?:do not|don't|did not|didn't) (?:want|agree|wish|intend|mean|know|accept)"
    r"|(?:will not|won't|cannot|can't|may not) (?:be )?(?:join\w*|agree|apply|accept|use)"
    r"|never|nope|nah|unless|until|provided|subject to|condition\w*|once|wait\w*|hold|maybe|perhaps"
    r"|possibly|actually|oops|ignore|disregard|forget|jok\w+|kidding|lol|mind|reconsider\w*|unsure"
    r"|undecided|doubt\w*|tests?|testing|dry[ -]run|rehears\w+|psych|undo|cancel\w*|withdraw\w*"
    r"|retract\w*|revok\w*|scrap\w*|stop|drafts?|samples?|partly|half|tb[acd]|partial\w*|reservations?"
    r"|proxy|behalf|dummy|fake|placeholders?|demo|demonstration|specimen|exercises?|drills?|lorem"
    r"|auto-?fill\w*|auto-?generated|fool|mock|tutorial|hypothe\w+|pretend\w*|fiction\w*|imagine\w*"
    r"|imaginary|imagining|imagination"
    r"|practi[cs]\w+|examples?|template|decid\w+|decision|approv\w+|permission|permit\w*|allow\w*"
    r"|pending|except|only|instead|successor|predecessor|supervisor|boss|manager|assistant|secretary"
    r"|intern|he|she|they|their|his|her|somebody|someone|name of|will agree|terms|rules"
    r"|(?:filled|written|typed|sent|submitted|signed|entered|made) (?:in |out )?by)\b"
)
