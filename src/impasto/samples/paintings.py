"""The sample styles that are works of the past, in the order in which they hang on a wall.

Neighbours differ in colour and stroke. Every artist has been dead for more than 70 years.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from impasto.samples.records import Artist, Painting, Words

__all__ = ["PAINTINGS"]

_MONET = Artist(Words("Claude Monet", "克劳德·莫奈"), 1926)
_VAN_GOGH = Artist(Words("Vincent van Gogh", "文森特·梵高"), 1890)

_CHICAGO = "The Art Institute of Chicago"
_MET = "The Metropolitan Museum of Art, New York (open access, CC0)"

_WORKS = {
    "starry-night": Painting(
        Words("The Starry Night", "星月夜"),
        _VAN_GOGH,
        1889,
        "The Museum of Modern Art, New York",
    ),
    "great-wave": Painting(
        Words("The Great Wave off Kanagawa", "神奈川冲浪里"),
        Artist(Words("Katsushika Hokusai", "葛饰北斋"), 1849),
        1831,
        "impressions in many collections; this one, as far as can be seen, is a later one",
        is_about=True,
    ),
    "the-scream": Painting(
        Words("The Scream", "呐喊"),
        Artist(Words("Edvard Munch", "爱德华·蒙克"), 1944),
        1893,
        "Nasjonalmuseet, Oslo",
    ),
    "the-kiss": Painting(
        Words("The Kiss", "吻"),
        Artist(Words("Gustav Klimt", "古斯塔夫·克里姆特"), 1918),
        1908,
        "Belvedere, Vienna",
    ),
    "cafe-terrace": Painting(
        Words("Café Terrace at Night", "夜晚的露天咖啡座"),
        _VAN_GOGH,
        1888,
        "Kröller-Müller Museum, Otterlo",
    ),
    "water-lilies": Painting(Words("Water Lilies", "睡莲"), _MONET, 1906, _CHICAGO),
    "the-city-rises": Painting(
        Words("The City Rises", "城市的兴起"),
        Artist(Words("Umberto Boccioni", "翁贝托·薄邱尼"), 1916),
        1910,
        "<https://commons.wikimedia.org/wiki/File:The_City_Rises_by_Umberto_Boccioni_1910.jpg>",
    ),
    "irises": Painting(
        Words("Irises", "鸢尾花"), _VAN_GOGH, 1889, "J. Paul Getty Museum, Los Angeles"
    ),
    "grande-jatte": Painting(
        Words("A Sunday on La Grande Jatte", "大碗岛的星期天下午"),
        Artist(Words("Georges Seurat", "乔治·修拉"), 1891),
        1886,
        _CHICAGO,
    ),
    "small-worlds": Painting(
        Words("Small Worlds", "小世界"),
        Artist(Words("Wassily Kandinsky", "瓦西里·康定斯基"), 1944),
        1922,
        _MET,
    ),
    "impression-sunrise": Painting(
        Words("Impression, Sunrise", "日出·印象"), _MONET, 1872, "Musée Marmottan Monet, Paris"
    ),
    "mont-sainte-victoire": Painting(
        Words("Mont Sainte-Victoire with Large Pine", "圣维克多山与大松树"),
        Artist(Words("Paul Cézanne", "保罗·塞尚"), 1906),
        1887,
        "The Courtauld, London",
        is_about=True,
    ),
    "trellis": Painting(
        Words("Trellis", "棚架"),
        Artist(Words("William Morris", "威廉·莫里斯"), 1896),
        1862,
        "William Morris Gallery, London; the birds are by Philip Webb, who died in 1915",
    ),
    "temeraire": Painting(
        Words("The Fighting Temeraire", "战舰无畏号"),
        Artist(Words("J. M. W. Turner", "威廉·透纳"), 1851),
        1839,
        "<https://commons.wikimedia.org/wiki/File:Turner,_J._M._W._-_The_Fighting_"
        "T%C3%A9m%C3%A9raire_tugged_to_her_last_Berth_to_be_broken.jpg>",
    ),
    "calavera": Painting(
        Words("Calavera of a General", "骷髅将军"),
        Artist(Words("José Guadalupe Posada", "何塞·瓜达卢佩·波萨达"), 1913),
        1900,
        _MET,
        is_about=True,
    ),
    "boulevard-montmartre": Painting(
        Words("The Boulevard Montmartre at Night", "蒙马特大街夜景"),
        Artist(Words("Camille Pissarro", "卡米耶·毕沙罗"), 1903),
        1897,
        "The National Gallery, London",
    ),
    "hanaogi": Painting(
        Words("Hanaōgi of the Ōgiya", "扇屋花扇"),
        Artist(Words("Chōbunsai Eishi", "鸟文斋荣之"), 1829),
        1794,
        _MET,
        is_about=True,
    ),
}

PAINTINGS: Mapping[str, Painting] = MappingProxyType(_WORKS)
"""Each work by its name as a sample."""
