"""Names of people whom we do not know, by the signs of names: no sentence is one."""

from __future__ import annotations

# The signs of the commoner family names and given names. Those that make words of time, doubt or refusal
# (未 定 仮 例 案 別 誤 来 不) are none of them.
NAME_SIGNS = (
    "佐藤鈴木高橋髙田中伊渡辺邊邉山本村小林加吉井斎斉齋齊松清水崎﨑嵜森池阿部石川前岡長後近坂遠青福西太三島嶋嶌野原"
    "和竹内金上横宮柴谷大杉平今丸武菊千葉河安久保新関口桜櫻荒増益浅岩永細沢澤黒白赤星浜濱堀熊榎桑須栗早南北東飯塚市"
    "古工服馬場矢土屋角桐生牧奥米秋冬夏春戸片瀬滝瀧広廣尾五十嵐二階堂六七八九百重々柏樋植根梅梶楠楢槙榊柳柿桂桃橘椎"
    "栃樫檜枝湯湊津浦海港深淵渕溝澄洲沖波畑畠堤塩城境埼坪塙居岸岬峰峯嶺巌州巣左右幡幸庄弓弘張影彦徳志忍恒恵愛成折押"
    "於旗旭昭景曽曾望朝束条板柄染柚栄株梨樽氏江沼泉洞渋満源潟牛犬猪狩玉王琴瓜甲町盛目相真眞知砂磯礒神祖稲穂積竜笠笹"
    "箕箱築篠糸紀納綾緒緑縄美羽肥臼興舘船良色若英茂茅茶荻荘菅菱萩蒲薄薗蔵虎袴豊貝越足辰辻迫那邦郡郷都酒里針鍋鎌鏡"
    "門阪陣隅雨雪雲霜露韮額風飛首香駒魚鮎鮫鯉鳥鳴鴨鶴鷲鹿麻亀仁仙代住依信倉児元光兼円冨刈利力助勝及友合名向吹"
    "唐問嘉国園地垣外多天奈姫子宇守宗室家富寒窪立節紅紺経綱聖肝脇舟花芝芦芳苅茨華諏諸貴賀輪道遊邑鉢錦館鵜黄龍郎"
    "朗次治司史士介也哉之雄夫男樹輝翔翼建賢憲剛拓卓哲聡智博浩宏裕祐佑勇雅正政誠孝隆崇直尚修秀俊駿淳純潤亮涼諒陽洋晴"
    "織紗沙咲絵莉璃瑠琉玲怜麗由有優結佳歌果舞帆朋敏悦義功稔努徹典則章啓圭敬慶健康文明"
)
# Family names of one sign.
_SINGLE = "林森原東西南北谷堀辻岸島関菅泉星柳桂畑岡牧榊橘城辰乾巽滝沖浜湊境堤椿楠梶李王金朴"
SURNAME = rf"(?:[{NAME_SIGNS}]{{2,4}}|[{_SINGLE}])"
# A family name, or a whole name, with a blank between or none.
SOMEBODY = rf"(?:{SURNAME}(?: [{NAME_SIGNS}]{{1,3}})?|[{NAME_SIGNS}]{{2,6}})"
