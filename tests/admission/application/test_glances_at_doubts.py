"""What a sentence beside a consent is, is told as fast as plainly: by one sign, for all lines at once."""

import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.admission.application.beside import words as words_beside
from gateway.admission.application.consent import beside, closed, elsewhere
from gateway.admission.application.consent.answers.answer import fold, may_answer
from gateway.admission.application.consent.answers.reading import WRAPPED, read_every_line
from gateway.admission.application.consent.around import applying, contacts, mentions
from gateway.admission.application.consent.below import courtesy
from gateway.admission.application.consent.below.second_thought import split_sentences
from gateway.admission.application.consent.people import NOBODY, build_writer, is_address
from gateway.admission.application.consent.wishes import conditions
from gateway.admission.application.evidence import headings
from gateway.admission.application.evidence.guessed import relabel
from gateway.admission.application.items.fields import Consent
from gateway.admission.application.items.labels import strip_bullets
from gateway.admission.application.layout import lines, no_value, prose
from gateway.admission.application.layout.beyond import signature
from gateway.admission.application.layout.table import rows

_WORDS = """
    同意 規約 ルール 交通ルール 交通 出しルール 利用条件 承諾 三条 第2条 条件 本条 第3項 第 節 取り消し
    取消 読み取り 読み取り消 撤回 をやめ やめ やめに やっぱり ぱり 止め に と は 辞め 保留 承認 待ち を待
    の 結果の 結果 未 要 決裁 前 未了 冗談 了承 協議 相談 再考 取り下げ 取下げ 見合わせ キャンセル です
    でございます はい する します ok どうい agree 。 ！ ？ . 、 , / 「 」 添付ファイル 「a。b」
    は、無害化により、削除されました よろしくお願いします ご確認ください 電話 まで にご連絡ください
    見本町 総務課 住所 1-2 区分 自治体
    代理 人 者 の分 を の申請 です する のは 使う 本人 から 確認 は 未 例 記入 テスト 仮の 申請 申込
    正式な で 参加 し ません 稟議中 許可 がまだ 検討中
"""
SAID = (
    *_WORDS.split(),
    *("i do", ". ", ".  5", " ", "　", "\t"),
)
TEXTS = st.lists(st.sampled_from(SAID) | st.text(max_size=2), max_size=9).map("".join)

_NUMBER = elsewhere._NUMBER
_RULES = re.compile(
    rf"同意|規約|(?<!交通)(?<!出し)ルール|利用条件|承諾|反対|異議|異論|{_NUMBER}条|条(?:件|項|文)|[本同各全当]条"
    rf"|第{_NUMBER}{{1,4}}(?:章|項|節|款)"
)
_TAKEN_BACK = re.compile(
    r"(?<!読み)取り?消|とりけし|撤回|(?:と|を|は|ぱり)(?:止め|辞め|やめ(?!に))|やめにし|なかったこと|無かったこと"
    r"|保留|見合わせ|見送り|白紙|キャンセル|取り?下げ"
    r"|(?:承認|決裁|許可|了承|判断|確認|協議|相談)(?:の|結果の?)?(?:待ち|を待)|再考|考え直|迷って"
    r"|(?:未|要)(?:決裁|承認|了承|確認|協議)|(?:決裁|承認|了承)(?:前|未了)|冗談|うそです|嘘です"
    r"|代(?:理(?:で|の申請|申請|人です)|わ(?:って|りに)、?(?:申請|申し?込|応募|参加))"
    r"|(?:員|者|人|下|任|僚)の(?:代理|分を|申請です)|(?:する|使う)のは"
    r"|本人(?:に|から)(?:聞|確認|頼|依頼)|本人は(?:拒|未|不|知)"
    r"|下書きです|サンプルです|(?:記入|記載)?例です|テスト(?:です|送信|メール)|仮の(?:申請|申込)"
    r"|正式な(?:申請|申込)で|辞退|(?:参加|申請|利用)(?:し|でき|いたし)ません|稟議中|許可がまだ"
    r"|決まってい(?:ない|ませ)|検討中"
)
_END = re.compile(r"(?<=[。？?])|(?<=[！!])(?![がを])|(?<=[.])[ ]+(?![0-9(+])")
_SIGNS = re.compile(r"[│┃║|｜\t┌├└╔╠╚+/／]|　|[ \t]{2}|[,，、;；]|です[。.]?[ 　]*$")
_PARTED = re.compile(r"[│┃║|｜\t┌├└╔╠╚+/／>＞,，;；]|　|[ \t]{2}|(?:です|でございます)[。.]?\s*$")


@settings(max_examples=1_500)
@given(TEXTS)
def test_patterns_that_begin_with_one_sign_find_what_the_plain_ones_do(text: str) -> None:
    for fast, plain in (
        (mentions._ABOUT_RULES, _RULES),
        (mentions._TAKEN_BACK, _TAKEN_BACK),
        (rows._SIGNS, _SIGNS),
        (prose._PARTED, _PARTED),
    ):
        assert (plain.search(text) is None) == (fast.search(text) is None)


@settings(max_examples=1_500)
@given(TEXTS)
def test_a_text_is_split_into_sentences_as_by_the_plain_pattern(text: str) -> None:
    assert [one for one in _END.split(text) if one.strip()] == split_sentences(text)


@settings(max_examples=1_500)
@given(TEXTS)
def test_words_beside_a_form_are_split_into_sentences_as_by_the_plain_pattern(text: str) -> None:
    found = [one for one in words_beside._SENTENCE.findall(text) if one.strip()]
    assert [one for one in re.split("(?<=[。！!])", text) if one.strip()] == found


MARKS = st.lists(
    st.sampled_from((*no_value._SAID, "見本", "差出人", "2026/1/2", "on ", "です", "。", ":", " ", ">", "w"))
    | st.text(max_size=1),
    max_size=6,
).map("".join)


@settings(max_examples=1_500)
@given(MARKS | TEXTS)
def test_what_is_no_mark_of_mail_at_a_glance_is_none_for_the_patterns(text: str) -> None:
    if no_value._NO_MARK.fullmatch(text):
        assert not no_value._is_mark(no_value._fold(text))


@settings(max_examples=1_500)
@given(st.lists(TEXTS.filter(str.strip), min_size=2, max_size=3).map("。".join))
def test_what_is_no_courtesy_at_a_glance_is_none_for_the_patterns(text: str) -> None:
    if not beside._is_polite(text):
        assert not courtesy.is_polite("".join(fold(text).strip(" 。.、,!").split()))
    assert "。" not in fold(text).strip(" 。.、,!") or not is_address(text)
    if not elsewhere.may_be_whole(text):
        assert not any((elsewhere._is_known_of_all(text), beside.is_harmless(text)))


@settings(max_examples=1_500)
@given(
    TEXTS | st.lists(st.sampled_from(("氏名", "：", "見本", "【", "】", "は", "・", " ", ">"))).map("".join)
)
def test_a_line_that_is_not_cut_at_a_glance_is_one_line(raw: str) -> None:
    if lines._MAY_SPLIT.search(raw) is None:
        assert (raw, False) == lines._strip_quote_marks(raw)
        assert [raw] == [one for part in lines._split_parts(raw) for one in lines._split_further(part)]


def test_signs_behind_a_full_stop_make_no_second_sentence() -> None:
    for said in ("よろしくお願いします。！", "よろしくお願いします。　", "　よろしくお願いします。．"):
        assert elsewhere.may_be_whole(said)
        assert beside.is_harmless(said)


def test_what_our_letters_print_in_two_sentences_is_known_as_a_whole() -> None:
    for said in (
        "利用規約は、次のページでお読みいただけます。リンクが使えないときは",
        "お送りにならないようお願いいたします。機密性2の情報は、あらかじめ所属する機関の同意を得たものだけをお書きください",
        "添付ファイル「見本。本」は、無害化により、削除されました",
    ):
        assert elsewhere.may_be_whole(said)
        assert elsewhere._is_understood(said, NOBODY, lambda: False)


@settings(max_examples=1_500)
@given(st.lists(TEXTS.map(lambda text: text.replace("\n", "")), min_size=1, max_size=2 * WRAPPED - 1))
def test_lines_that_hold_no_answer_at_a_glance_hold_none_however_they_are_joined(texts: list[str]) -> None:
    if not any(map(_is_composed, texts)) and not may_answer("\n".join(texts)):
        for joint in ("", " "):
            for begun in range(len(texts)):
                for end in range(begun + 1, min(len(texts), begun + WRAPPED) + 1):
                    joined = joint.join(line.strip() for line in texts[begun:end])
                    assert Consent.YES is not read_every_line([joined], NOBODY)


_CONTACT = re.compile(
    r"[0-9０-９]{2,5}[-－‐ー(（)）][0-9０-９]{1,4}[-－‐ー)）][0-9０-９]{3,4}|[\w.+-]{1,64}[@＠][\w-]{1,63}\.[\w.]{2,80}"
)
_CLOSED = re.compile(
    r"同意|規約|ルール|規定|第[0-9一二三四五六七八九十]+|[0-9]+(?:条|項|章|版)|除|以外|以下|以上|一部|部分|全部|全て|条件|限定|範囲"
    r"|保留|検討|留保|後日|後程|未定|未了|仮|但|反対|拒否|不可|不同|異議|撤回|取消|取り|中止|辞退|否認|却下|無効|なし|無し"
    r"|しない|できない|ません|まで|のみ|だけ|場合|なら|れば|ので|から|けど|しか|ない|まだ|いや"
)
_OF_CONTACTS = """
    連絡 担当 者 問合せ 取りまとめ 取まとめ 照会 窓口 代 代理 （代） 記 by for by: ： : 【 】 ( ) （ ）
    佐藤 見本 花子 Mihon Hanako 03 - ー 1234 @ ＠ a.b . 条 項 版 3 ３ 第 全部 none K ſ rule ｶﾞ
"""
NEAR_NAMES = st.lists(
    st.sampled_from(_OF_CONTACTS.split()) | st.sampled_from((" ", "　")) | st.text(max_size=1),
    max_size=8,
).map("".join)


@settings(max_examples=3_000)
@given(NEAR_NAMES)
def test_a_line_that_is_no_contact_and_no_deputy_at_a_glance_is_none_for_the_patterns(text: str) -> None:
    assert signature.is_contact(text) is (_CONTACT.search(text) is not None)
    compact = "".join(text.split())
    english = closed._CLOSED_ENGLISH.search(closed._SECTION.sub("", text))
    assert closed.is_closed(text) is (_CLOSED.search(compact) is None and english is None)
    if contacts._OF_CONTACT.search(unicodedata.normalize("NFKC", text)) is None:
        found = contacts._LINE.fullmatch(unicodedata.normalize("NFKC", strip_bullets(text)).strip(" \t。"))
        assert found is None or not contacts.is_contact_label(found["label"])
    line = text.strip()
    assert line < applying._BEYOND_LATIN or applying._WRITTEN_BY_EN.fullmatch(line) is None
    assert line[:1] in applying._SIGNING or applying._WRITTEN_BY.fullmatch(line) is None
    assert "代" in line or applying._DEPUTY.fullmatch(line) is None


_OF_HEADINGS = """
    既に すでに 他の 別の 上司 上席 者 部下 同僚 秘書 家族 前 後 任 所属 課 長 代表 業者 会社 企業 緊急 委託
    派遣 出向 取引 先 元 発注 紹介 推薦 受託 請負 ベンダー 担当 申請 参加 の 情報
"""
HEADINGS = st.lists(
    st.sampled_from(_OF_HEADINGS.split()) | st.text(max_size=2),
    max_size=5,
).map("".join)


@settings(max_examples=3_000)
@given(HEADINGS)
def test_a_line_that_names_nobody_at_a_glance_is_no_heading_of_somebody(line: str) -> None:
    if headings._OF_SOMEBODY.search(line) is None:
        assert headings._OTHERS.fullmatch(line) is None
        assert headings._CONTACTS.fullmatch(line) is None


LABELS = st.text("規約同意", min_size=1, max_size=5)


@given(LABELS, LABELS)
def test_a_label_differs_by_one_character_if_one_is_changed_added_or_left_out(one: str, other: str) -> None:
    near = {f"{one[:at]}{new}{one[at + 1 :]}" for at in range(len(one)) for new in ("", *other)}
    near |= {f"{one[:at]}{new}{one[at:]}" for at in range(len(one) + 1) for new in other}
    assert relabel._differ_by_one(one, other) is (other in near)


@given(
    st.lists(st.sampled_from((*conditions._BEHIND_NAME, "見本", "花子", " ", "私", "の", "姓")), max_size=7)
)
def test_a_name_is_replaced_wherever_a_particle_follows(words: list[str]) -> None:
    sentence = expected = "".join(words)
    for name in ("見本 花子", "見本花子", "見本"):
        for behind in conditions._BEHIND_NAME:
            expected = expected.replace(f"{name}{behind}", f"私{behind}")
    assert expected == conditions.say_i(sentence, build_writer("見本 花子", ()))


def _is_composed(line: str) -> bool:
    """Whether a line begins with a mark that joins the letter before it: no mail is cut there."""
    return bool(line.strip()) and unicodedata.combining(line.strip()[0]) > 0
