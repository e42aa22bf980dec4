"""Values that only refer to something, or are of another time, are asked for; names like them are read."""

from __future__ import annotations

import pytest

from gateway.admission.application.evidence.references import is_other_code, refers
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.labels import Item
from gateway.admission.application.short_answer import read_short_answer
from gateway.admission.replies.grammar.names.places import BEGINNINGS

LABELS = {
    Item.CATEGORY: "区分",
    Item.ORGANISATION: "団体名",
    Item.CODE: "全国地方公共団体コード",
    Item.DEPARTMENT: "部課名",
    Item.TITLE: "役職",
    Item.NAME: "氏名",
}
OWN = {
    Item.CATEGORY: "自治体",
    Item.ORGANISATION: "例示市",
    Item.CODE: "011002",
    Item.DEPARTMENT: "税務課",
    Item.TITLE: "主査",
    Item.NAME: "和泉 さくら",
}
SECTIONS = """
来月より税務課 4月から税務課 元税務課 旧税務課 前税務課 次年度税務課 来年度税務課 将来税務課 昨年度税務課
令和9年度より税務課 異動後は税務課 以前は税務課 当課 本課 同じ課 同課 各課 弊課 どこかの課 たぶん税務課
暫定で税務課 一時的に税務課 ひとまず税務課 課長 税務課の予定 税務課（予定） 企画課か税務課 企画課または税務課
佐藤と同じ税務課 佐藤さんと一緒の税務課 上司に同じ魅力創造課
"""
BODIES = """
元例示村 旧例示村 来年から例示市 来年より例示市 将来例示市 合併後は例示市 合併して例示市 当町 本町 当市
同じ市 当団体 隣の例示市 小さな町 例示市か見本町
"""
PEOPLE = """
本人 私 わたし 自分 課長 係長 担当職員 小生 私です 申請者本人 採用予定者 和泉さくらの上司 和泉の後任
和泉または佐藤
"""
KINDS = "自治体ではありません 自治体ではない 自治体でない 政府機関ではありません 自治体じゃない"
CODES = "旧011002 たぶん011002 県は010006 隣は011002 たしか011002 元011002 職員番号は123456"
TITLES = "元課長 旧主査 主任になる予定"
REFERENCES = [
    (item, value)
    for item, values in (
        (Item.DEPARTMENT, SECTIONS),
        (Item.ORGANISATION, BODIES),
        (Item.NAME, PEOPLE),
        (Item.CATEGORY, KINDS),
        (Item.CODE, CODES),
        (Item.TITLE, TITLES),
    )
    for value in values.split()
]
NAMED = [
    (item, value)
    for item, values in (
        (
            Item.DEPARTMENT,
            """新産業課 元気づくり課 まちづくり課 こども未来課 前橋支所 本庁舎管理課 本部 当別支所
            将来構想推進室 未来創造課 同和対策課 各務支所 課税課 道の駅推進室 おもてなし課 くらし安全課
            水道総務課 議会事務局 次世代育成課 来庁者案内係 いきいき長寿課 4R推進課 月山観光課
            前山支所地域振興課
            元町出張所 本町支所 もっと元気に戦略室 おもてなし観光課 ふれあい交流課 うるおい環境課""",
        ),
        (
            Item.ORGANISATION,
            """例示市 本別町 本山町 当別町 当麻町 前橋市 新庄市 各務原市 隠岐の島町 南あわじ市 むつ市 本部町
            本庄市 今別町 日の出町""",
        ),
        (Item.TITLE, "課長 課長補佐 次長 主任 前任専門官"),
    )
    for value in values.split()
] + [
    (Item.NAME, name)
    for name in ("私市 花子", "木の下 太郎", "前田 新", "元木 昌彦", "旧井 薫", "本多 人美", "自見 分平")
]


# Beside a label, whatever a sentence with the same words may say.
BESIDE = {
    Item.DEPARTMENT: """名刺のとおり,前回と同じ,佐藤と同じ係,和泉が知っています,人事に聞いてください,□□係,
        ＸＸ課,どの課でもよい,承認します,課なし,辞令待ち,5月に確定,税務課の近く,税務課です（仮）が変わります""",
    Item.ORGANISATION: """佐藤と同じ,見本町長　佐藤　実,例示市長,例示市民,例示市在住,例示市の受託者,
        例示市議会議員,見本町から例示市に出向中,例示市を退職済み,うちの市,弊社,御庁,ふるさと,△△市,例示市の近隣町""",
    Item.NAME: """佐藤 実→和泉 さくら,前任の佐藤の後任の和泉,別添,匿名希望,課員一同,人事課職員,町長,□□ 太郎,
        TBC,見本太郎（例）,佐藤ですがいずれ替わります,5日に回答します,総務課に照会中,和泉 さくら 他3名""",
    Item.CODE: "電話番号は011-0022です,2026年11月 確認中,内線は1002",
}
HONEST = {
    Item.DEPARTMENT: "秘書課,市民課（窓口を担当しています）,大通り出張所,消防団事務局,企画財政課（→総務課）",
    Item.ORGANISATION: "見本県公営企業,例示市議会,見本企業団,例示市（見本町から出向）,見本県知事部局",
    Item.NAME: "増田 真澄,真下 実,待田 薫,和泉 さくら（担当）,職 員夫",
    Item.CODE: "例示市 011002,01100-2（令和8年）",
}


@pytest.mark.parametrize(
    ("item", "value"), [(item, one.strip()) for item, said in BESIDE.items() for one in said.split(",")]
)
def test_what_is_no_name_beside_its_label_is_asked_for(item: Item, value: str) -> None:
    assert not getattr(parse_form(fill(item, value)), item.value)


@pytest.mark.parametrize(
    ("item", "value"), [(item, one.strip()) for item, said in HONEST.items() for one in said.split(",")]
)
def test_an_unusual_name_beside_its_label_is_read(item: Item, value: str) -> None:
    said = getattr(parse_form(fill(item, value)), item.value)
    assert said
    assert said in value


def test_no_municipality_is_a_reference() -> None:
    assert not [name for name in BEGINNINGS if refers(Item.ORGANISATION, name)]


def fill(item: Item, value: str) -> str:
    """Return a form with this value."""
    return "".join(f"{label}：{value if one is item else OWN[one]}\n" for one, label in LABELS.items())


@pytest.mark.parametrize(("item", "value"), REFERENCES)
def test_what_names_nothing_is_no_value_at_its_label_or_in_a_sentence(item: Item, value: str) -> None:
    assert not getattr(parse_form(fill(item, value)), item.value)
    assert not getattr(parse_form(f"{LABELS[item]}は{value}です。"), item.value)
    assert not getattr(read_short_answer(f"{value}です。", (item,)), item.value)


@pytest.mark.parametrize(("item", "value"), NAMED)
def test_a_name_that_begins_like_a_reference_is_read(item: Item, value: str) -> None:
    assert value == getattr(parse_form(fill(item, value)), item.value)
    assert not refers(item, value)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("011002", "011002"),
        ("例示市011002", "011002"),
        ("例示市 011002", "011002"),
        ("団体コード011002", "011002"),
        ("コードは011002", "011002"),
        ("市と同じ 011002", "011002"),
        ("011002（例示市）", "011002"),
        ("01100-2", "01100-2"),
    ],
)
def test_a_code_beside_its_label_or_its_municipality_is_read(value: str, code: str) -> None:
    assert code == parse_form(fill(Item.CODE, value)).code
    assert not is_other_code(value)


@pytest.mark.parametrize("text", ["番号は123456です。", "番号：123456", "番号は12345です。", "番号：990020"])
def test_a_number_that_nothing_calls_a_code_needs_the_right_check_digit(text: str) -> None:
    assert "" == parse_form(text).code
    assert "" == read_short_answer(text, (Item.CODE,)).code


def test_a_number_with_the_right_check_digit_is_a_code() -> None:
    assert "011002" == parse_form("番号：011002").code


@pytest.mark.parametrize(
    ("value", "department"),
    [
        ("正しくは財政課です", "財政課"),
        ("正しくは、財政課", "財政課"),
        ("税務課ではなく財政課です", "財政課"),
        ("税務課じゃなくて、財政課", "財政課"),
        ("税務課ではなくなりました", ""),
        ("税務課ではなく来月から財政課です", ""),
        ("正しくは確認中です", ""),
        ("正しくは後日", ""),
        ("正しくは来月から財政課です", ""),
    ],
)
def test_a_value_is_what_follows_the_word_correctly(value: str, department: str) -> None:
    assert department == parse_form(fill(Item.DEPARTMENT, value)).department


def test_a_kind_that_is_denied_leaves_the_one_that_follows() -> None:
    assert "local" == parse_form("区分：政府機関ではなく自治体\n").category
