"""Names of unknown people: common family names, and kanji used in names.

No sentence matches. Kanji used in words of time, place, doubt or refusal (未 定 仮 案 別 誤 来 外 元 部) are
excluded; a name that contains one matches if it is common.
"""

from __future__ import annotations

from collections.abc import Iterable

from gateway.admission.organisations.romaji import to_romaji
from gateway.patterns import compile_later

# Common family names and their readings.
_COMMON = """
    佐藤 さとう 鈴木 すずき 高橋 たかはし 田中 たなか 伊藤 いとう 渡辺 わたなべ 渡邊 わたなべ
    渡邉 わたなべ 山本 やまもと 中村 なかむら 小林 こばやし 加藤 かとう 吉田 よしだ 山田 やまだ
    佐々木 ささき 山口 やまぐち 松本 まつもと 井上 いのうえ 木村 きむら 林 はやし 斎藤 さいとう
    斉藤 さいとう 齋藤 さいとう 清水 しみず 山崎 やまざき 阿部 あべ 安部 あべ 森 もり 池田 いけだ
    橋本 はしもと 山下 やました 石川 いしかわ 中島 なかじま 前田 まえだ 藤田 ふじた 後藤 ごとう
    小川 おがわ 岡田 おかだ 村上 むらかみ 長谷川 はせがわ 近藤 こんどう 石井 いしい 坂本 さかもと
    遠藤 えんどう 藤井 ふじい 青木 あおき 西村 にしむら 福田 ふくだ 太田 おおた 三浦 みうら 藤原 ふじわら
    岡本 おかもと 松田 まつだ 中川 なかがわ 中野 なかの 原田 はらだ 小野 おの 田村 たむら 竹内 たけうち
    金子 かねこ 和田 わだ 中山 なかやま 石田 いしだ 上田 うえだ 森田 もりた 原 はら 柴田 しばた
    酒井 さかい 工藤 くどう 横山 よこやま 宮崎 みやざき 宮本 みやもと 内田 うちだ 高木 たかぎ
    安藤 あんどう 谷口 たにぐち 大野 おおの 丸山 まるやま 今井 いまい 高田 たかだ 藤本 ふじもと
    武田 たけだ 村田 むらた 上野 うえの 杉山 すぎやま 増田 ますだ 菅原 すがわら 平野 ひらの 大塚 おおつか
    千葉 ちば 久保 くぼ 松井 まつい 小島 こじま 岩崎 いわさき 桜井 さくらい 野口 のぐち 松尾 まつお
    野村 のむら 木下 きのした 菊地 きくち 菊池 きくち 佐野 さの 大西 おおにし 杉本 すぎもと 新井 あらい
    浜田 はまだ 市川 いちかわ 古川 ふるかわ 水野 みずの 小松 こまつ 島田 しまだ 小山 こやま 高野 たかの
    山内 やまうち 西田 にしだ 菊田 きくた 西川 にしかわ 五十嵐 いがらし 北村 きたむら 安田 やすだ
    中田 なかた 川口 かわぐち 平田 ひらた 川崎 かわさき 飯田 いいだ 吉川 よしかわ 本田 ほんだ
    久保田 くぼた 沢田 さわだ 辻 つじ 関 せき 吉村 よしむら 渡部 わたなべ 岩田 いわた 中西 なかにし
    服部 はっとり 樋口 ひぐち 福島 ふくしま 川上 かわかみ 永井 ながい 松岡 まつおか 田口 たぐち
    山中 やまなか 森本 もりもと 土屋 つちや 矢野 やの 秋山 あきやま 石原 いしはら 広瀬 ひろせ
    松下 まつした 大橋 おおはし 松浦 まつうら 小池 こいけ 馬場 ばば 浅野 あさの 荒木 あらき
    大久保 おおくぼ 野田 のだ 岡崎 おかざき 尾崎 おざき 熊谷 くまがい 星野 ほしの 上原 うえはら
    松村 まつむら 堀 ほり 岡 おか 大島 おおしま 望月 もちづき 須藤 すどう 内藤 ないとう 黒田 くろだ
    河野 こうの 早川 はやかわ 永田 ながた 片山 かたやま 東 あずま 栗原 くりはら 大石 おおいし 成田 なりた
    西 にし 谷 たに 南 みなみ 泉 いずみ 児玉 こだま 宮田 みやた 本間 ほんま 横田 よこた 平井 ひらい
    大谷 おおたに 吉岡 よしおか 篠原 しのはら 鎌田 かまた 三宅 みやけ 岸 きし 堤 つつみ 桑原 くわばら
    今村 いまむら 小田 おだ 高山 たかやま 大川 おおかわ 白石 しらいし 稲垣 いながき 小西 こにし
    秋元 あきもと 元木 もとき 海野 うんの 長島 ながしま 中井 なかい 河合 かわい 笠原 かさはら 根本 ねもと
    坂井 さかい 日野 ひの 香川 かがわ 牧野 まきの 榊原 さかきばら 三上 みかみ 宇野 うの 津田 つだ
    土井 どい 西山 にしやま 北川 きたがわ 南野 みなみの 堀内 ほりうち 小野寺 おのでら 柏木 かしわぎ
    菅野 かんの 関口 せきぐち 滝沢 たきざわ 柳沢 やなぎさわ 寺田 てらだ 寺本 てらもと 寺島 てらしま
    木内 きうち 大内 おおうち 内山 うちやま 庄司 しょうじ
"""
_PAIRS = _COMMON.split()
_HOW_READ = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
FAMILY_NAMES = frozenset(_HOW_READ)
_READINGS = frozenset(_HOW_READ.values())


def _read_latin(readings: frozenset[str]) -> frozenset[str]:
    """Return names as written in Latin letters, with and without long vowels."""
    whole = frozenset(map(to_romaji, readings))
    return whole | {name.replace("ou", "o").replace("oo", "o").replace("uu", "u") for name in whole}


_ROMAJI = _read_latin(_READINGS) | {"mihon"}  # from our own examples
NAME_SIGNS = (
    "佐藤鈴木高橋髙田中伊渡辺邊邉山本村小林加吉井斎斉齋齊松清水崎﨑嵜森池阿石川岡長近坂遠青福西太三島嶋嶌"
    "野原和竹金横宮柴谷大杉平丸武菊千葉河安久保関口桜櫻荒増益浅岩永細沢澤黒白赤星浜濱堀熊榎桑須栗早南北東"
    "飯塚市古工服馬場矢土屋角桐牧奥米秋冬夏春戸片瀬滝瀧広廣尾五十嵐二階堂六七八九々柏樋植梅梶楠楢槙榊柳柿"
    "桂桃橘椎栃樫檜枝湯湊津浦深淵渕溝澄洲沖波畑畠堤塩城境埼坪塙居岸岬峰峯嶺巌州巣左右幡幸庄弓弘張影彦徳志"
    "忍恒恵愛於旗旭昭景曽曾望朝束板柄染柚栄梨樽氏江沼泉洞渋潟牛犬猪狩玉王琴瓜甲町盛相真眞知砂磯礒神祖稲穂"
    "積竜笠笹箕箱築篠糸紀納綾緒緑縄美羽肥臼興舘船良色若英茂茅茶荻荘菅菱萩蒲薄薗蔵虎袴豊貝越足辰辻迫那邦郡"
    "郷都酒里針鍋鎌鏡門阪陣隅雨雪雲霜露韮額風飛首香駒魚鮎鮫鯉鳥鳴鴨鶴鷲鹿麻亀仁仙住依倉児兼円冨刈勝友合向"
    "吹唐問嘉園垣多天奈姫子宇守宗室家富寒窪立紅紺綱聖脇舟花芝芦芳苅茨華諏諸貴賀輪道遊邑鉢錦館鵜黄龍郎朗次"
    "治司史士介也哉之雄輝翔建賢憲剛拓卓哲聡智博浩宏裕祐佑勇雅政誠孝隆崇直尚修秀俊駿淳純潤亮涼諒陽洋晴織紗"
    "沙咲絵莉璃瑠琉玲怜麗由優佳歌果舞帆朋敏悦義稔徹典章啓圭敬慶康健一"
)
_FAMILY = "|".join(sorted(FAMILY_NAMES, key=lambda name: (-len(name), name)))
# A family name or a full name, with or without a space.
SOMEBODY = rf"(?:(?:{_FAMILY}|[{NAME_SIGNS}]{{2,3}})(?: ?[{NAME_SIGNS}]{{1,3}})?)"
IS_SOMEBODY = compile_later(SOMEBODY)
_GIVEN_SIGNS = compile_later(f"[{NAME_SIGNS}]{{1,3}}")
# For folded text without spaces.
BARE_SOMEBODY = SOMEBODY.replace(" ?", "")
# Readings of common given names, without words used next to a decision (ただし, かな, はじめ).
_GIVEN = """
    いちろう じろう さぶろう しろう ごろう たろう けんたろう しんたろう こうたろう しょうたろう けん けんじ
    けんいち けんた しゅんすけ ゆうすけ だいすけ こうすけ りょうすけ しんすけ けいすけ だいき ゆうき たくや
    たくみ たつや かずや なおや なおき ひろし ひろき ひろゆき ひろあき まさし まさき まさひろ まさゆき
    まさと たかし たかゆき たかひろ たかあき さとし さとる あきら あつし おさむ かおる きよし しげる すすむ
    たけし つとむ てつや とおる とし としお としゆき のぶゆき ひでき ひとし みつる みのる やすし
    ゆたか よしお よしひろ よしのり りょう りょうた しょう しょうた そうた はると かずお かずひろ かずゆき
    きいち こういち こうじ しんいち しんじ じゅん じゅんいち せいいち ゆういち りゅういち はな はなこ ようこ
    けいこ ゆうこ ともこ のりこ まりこ かずこ きょうこ くみこ さちこ じゅんこ たかこ なおこ ひろこ まさこ
    みちこ みちよ みゆき めぐみ あい あかね あきこ あや あやか あやこ あゆみ いずみ えみ えり かおり
    きみこ さくら さやか しおり ちえ ちかこ なおみ なな なつみ まい まき まみ まゆみ みか みき みさき みほ
    ゆい ゆか ゆかり ゆき ゆきこ ゆみ ゆみこ よしこ りえ りか りさ れいこ わかこ あきお
    ちえこ えみこ ふみこ はるか はるこ ひでお ひさし ひろと きよこ くみ まさお まさる みちる みさ
    しずか しょうこ しゅん しゅうじ たいち たかお さぶろう さとこ ともみ つよし やすこ やすお
    よういち ようじ ゆうじ ゆうた あゆ けんと あいこ まこと
"""
GIVEN_READINGS = frozenset(_GIVEN.split())
_LATIN_GIVEN = _read_latin(GIVEN_READINGS) | {"tadashi", "hajime", "kana"}
_LATIN = compile_later(
    r"[A-Z][a-z]{1,15} [A-Z][a-z]{1,15}|[A-Z][a-z]{1,15} [A-Z]{2,15}|[A-Z]{2,15} [A-Z][a-z]{1,15}"
)


def is_latin_name(raw: str) -> bool:
    """Return whether two words are a Japanese name in Latin letters: a common family and given name."""
    if _LATIN.fullmatch(raw.strip()) is None:
        return False
    first, second = raw.strip().casefold().split(" ")
    return any(
        family in _ROMAJI and given in _LATIN_GIVEN for family, given in ((first, second), (second, first))
    )


def is_full_name(name: str) -> bool:
    """Return whether a text is a full name.

    It is recognised by its kanji, or by a given name after another word, because kanji alone do not identify
    a family name.
    """
    words = name.split()
    bare = "".join(words)
    if len(words) == 2 and _GIVEN_SIGNS.fullmatch(words[1]):
        return len(bare) > 2 or words[0] in FAMILY_NAMES
    return is_latin_name(" ".join(words)) or (len(bare) > 2 and IS_SOMEBODY.fullmatch(bare) is not None)


def build_reading(names: Iterable[str]) -> str:
    """Build a pattern for the readings of these names, in brackets after the name: 佐藤 健(さとう けん).

    The family name must have the reading of one of theirs, the given name must be common: the reading of
    another family name is another person.
    """
    families = {_HOW_READ[family] for name in names if (family := _find_family(name))}
    if not families:
        return "(?!)"
    return rf" ?\((?:{'|'.join(sorted(families))}) (?:{'|'.join(sorted(GIVEN_READINGS))})\)"


def find_latin_family(name: str) -> frozenset[str]:
    """Return the spellings in Latin letters of a common family name at the start of a name, in lower case."""
    if name.startswith("見本"):
        return frozenset({"mihon"})  # from our own examples
    family = _find_family(name)
    return _read_latin(frozenset({_HOW_READ[family]})) if family else frozenset()


def _find_family(name: str) -> str:
    """Return the longest common family name at the start of a name, or an empty string."""
    return max((family for family in FAMILY_NAMES if name.startswith(family)), key=len, default="")
