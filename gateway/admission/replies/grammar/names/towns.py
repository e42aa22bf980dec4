"""Towns and buildings of a postal address: locations of offices, and names without other meaning.

An unlisted town must consist of kanji only, without those used in words of doubt, time or refusal, and
contain no word used in replies about an application.
"""

from __future__ import annotations

from gateway.admission.replies.grammar.names.signs import is_plain_name
from gateway.patterns import compile_later

_TOWNS = """
    霞が関 霞ヶ関 霞ケ関 永田町 丸の内 丸ノ内 大手町 千代田 番町 一番町 二番町 三番町 四番町 五番町 六番町
    西新宿 虎ノ門 市谷本村町 本町 元町 新町 中町 仲町 上町 下町 大町 東町 西町 南町 北町 栄町 旭町 幸町 緑町
    錦町 寿町 宮町 寺町 桜町 泉町 城町 港町 浜町 末広町 若葉町 昭和町 朝日町 日の出町 大和町 高砂町 弥生町
    曙町 山手町 大手 追手町 大手前 三の丸 二の丸 城内 城東 城南 城北 中央 中央町 本郷 本庄 東本町 西本町
    南本町 北本町 東中央 西中央 南中央 北中央 市役所前 県庁前 駅前 駅前町 官庁街 長島 内丸 山王 松波 杉妻町
    笠原町 塙田 高砂 市場町 日本大通 新光町 新総曲輪 鞍月 薮田南 広明町 京町 東新町 下山手通 登大路町
    小松原通 殿町 内山下 基町 滝町 万代町 東公園 尾上町 水前寺 橘通東 橘通西 鴨池新町 泉崎 紙屋町 国泰寺町
    常盤町 常盤 中之島 加納町 御池通 烏丸通 桜通 栄 三ノ丸 大通 北1条西 北2条西 北3条西 南1条西 湊町 港南
    みなとみらい 見本 見本町 例示 例示町
"""
_LISTED = frozenset(_TOWNS.split())
_HOUSE = compile_later(
    r"(?:中央)?合同庁舎(?:第?\d{1,2}号館)?|(?:第[一二三四1-4]|本|分|東|西|南|北|新|別)?(?:庁舎|館)"
    r"|(?:市|区|町)?役所|(?:村|町)?役場|県庁|都庁|道庁|府庁"
)
_BUILDING = compile_later(r"(?:会館|センター|ビル|庁舎|プラザ|タワー|棟)(?:第?\d{1,2}号館)?$")
_LONGEST = 10


def is_town(text: str) -> bool:
    """Return whether text without spaces is the name of a town or of a part of one."""
    name = text.removeprefix("大字").removeprefix("字")
    if name in _LISTED:
        return True
    return 0 < len(name) <= _LONGEST and is_plain_name(_JOINING.sub("", name))


# Kana inside a name in kanji: 霞ヶ関, 虎ノ門.
_JOINING = compile_later(r"(?<=[一-鿿])[ヶケノのツガが](?=[一-鿿])")


def is_house(text: str) -> bool:
    """Return whether text without spaces is the name of a building, or empty."""
    if not text or _HOUSE.fullmatch(text):
        return True
    building = _BUILDING.search(text)
    return building is not None and is_plain_name(text[: building.start()])
