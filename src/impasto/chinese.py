"""Chinese text as the vocabularies know it: simplified characters, and no full-width forms."""

from __future__ import annotations

import unicodedata

__all__ = ["is_chinese", "simplified"]

# The characters of painting, colour and amount that differ; the two texts correspond.
_TRADITIONAL = (
    "紅藍綠黃銀銅鵝蔥鴨櫻藥絳緋臙銹鏽鐵鉛錫紺縹緗縞棗薑駝蒼軟園蓮竄黴煙灑滅漬畫筆觸濃線條點風"
    "調對強鮮豔艷淨簡輕細較濕乾濁潑寫實現義後織鋪賽葉復傳統東歐國際藝術響樣顏繪圖書雲氣彎轉塗"
    "層潤澤滿減無別號將讓雙單陰陽晝間燈燭霧塵殘夢靜動熱鬧華麗樸舊鏤鑲馬櫺紙裝飾規則幾飽靈聲與"
    "從還帶參幣邊淺飄楓卻質錯鋼漸變誇張寬闊長縱橫豎環衝擊級韻頓驚戰艦鳶蕩腦頭銳鈍們過剛這樂優"
    "種麼兩萬來說樹雜濛瀰蘭亞羅維納蘇倫諾農戶彌賓門貓龍鳳擬塊標準複銘鑄劃涼陳飛盤絲綢緞網紋純"
    "絢爛夠體為蠟蝕鈷鎘礦隱約當話給請圓滾鬆緊縷纖鬱憂歡畢內薩魯瑪漢衛達開關發極應該韓時會個見"
    "懷聖經鏡鐘戲劇攝電腳廣須硃澀貝爾遜穩顆壓鏈絨棄闌讚嚴劍獨異緩顯輝燦爍蘊顫鋒虛墜題訴趨轟曉"
    "餘"
)
_SIMPLIFIED = (
    "红蓝绿黄银铜鹅葱鸭樱药绛绯胭锈锈铁铅锡绀缥缃缟枣姜驼苍软园莲窜霉烟洒灭渍画笔触浓线条点风"
    "调对强鲜艳艳净简轻细较湿干浊泼写实现义后织铺赛叶复传统东欧国际艺术响样颜绘图书云气弯转涂"
    "层润泽满减无别号将让双单阴阳昼间灯烛雾尘残梦静动热闹华丽朴旧镂镶马棂纸装饰规则几饱灵声与"
    "从还带参币边浅飘枫却质错钢渐变夸张宽阔长纵横竖环冲击级韵顿惊战舰鸢荡脑头锐钝们过刚这乐优"
    "种么两万来说树杂蒙弥兰亚罗维纳苏伦诺农户弥宾门猫龙凤拟块标准复铭铸划凉陈飞盘丝绸缎网纹纯"
    "绚烂够体为蜡蚀钴镉矿隐约当话给请圆滚松紧缕纤郁忧欢毕内萨鲁玛汉卫达开关发极应该韩时会个见"
    "怀圣经镜钟戏剧摄电脚广须朱涩贝尔逊稳颗压链绒弃阑赞严剑独异缓显辉灿烁蕴颤锋虚坠题诉趋轰晓"
    "余"
)
_TABLE = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


def simplified(text: str) -> str:
    """The text in half-width forms and simplified characters.

    Example:
        >>> simplified("紅，藍 ＃２０４０ａ０")
        '红,蓝 #2040a0'
    """
    return unicodedata.normalize("NFKC", text).translate(_TABLE)


def is_chinese(character: str) -> bool:
    """Whether a character is written without spaces around it: a Han character.

    Example:
        >>> is_chinese("红"), is_chinese("r")
        (True, False)
    """
    return "\u3400" <= character <= "\u9fff"
