"""Every sample and what is on record about it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

from impasto.samples.paintings import PAINTINGS
from impasto.samples.records import Drawing, Photograph, Sample, Words

__all__ = ["CATALOGUE", "DRAWINGS", "HIGHLIGHTS", "PHOTOGRAPHS", "Kind"]

Kind: TypeAlias = Literal["content", "style"]

PHOTOGRAPHS: Mapping[str, Photograph] = MappingProxyType(
    {
        "astronaut": Photograph(
            Words("the astronaut Eileen Collins", "宇航员艾琳·柯林斯"),
            "NASA, <https://flic.kr/p/r9qvLn>",
            "public domain",
        ),
        "chelsea": Photograph(Words("a cat", "一只猫"), "Stefan van der Walt", "CC0"),
        "coffee": Photograph(
            Words("a cup of coffee", "一杯咖啡"),
            "Rachel Michetti, courtesy of Pikolo Espresso Bar",
            "CC0",
        ),
        "flower": Photograph(
            Words("a red flower", "一朵红花"),
            "`live-examples/media/flower.mp4` of <https://github.com/mdn/interactive-examples>, "
            "its last frame",
            "CC0",
        ),
        "rocket": Photograph(
            Words("a rocket below an evening sky", "暮色天空下的火箭"),
            "SpaceX, <https://www.flickr.com/photos/spacexphotos/16511594820/>",
            "public domain",
        ),
    }
)
"""The sample photographs by name."""

DRAWINGS: Mapping[str, Drawing] = MappingProxyType(
    {
        "mosaic": Drawing(Words("tesserae in gold and lapis", "金色与青金石色的马赛克")),
        "pointillism": Drawing(Words("a river in divided colour", "点彩的河景")),
        "stained-glass": Drawing(Words("a rose window", "教堂的玫瑰花窗")),
        "swirls": Drawing(Words("a night sky in thick strokes", "粗重笔触的夜空")),
        "ukiyo-e": Drawing(Words("waves in flat colour and fine line", "平涂与细线的海浪")),
        "watercolour": Drawing(Words("flowers in wet washes", "湿画法的水彩花卉")),
        "woodcut": Drawing(
            Words("a sun over hills, in black and ochre", "黑色与赭色的木刻：山上的太阳")
        ),
    }
)
"""The sample styles that code painted, by name."""

CATALOGUE: Mapping[Kind, Mapping[str, Sample]] = MappingProxyType(
    {"content": PHOTOGRAPHS, "style": MappingProxyType({**PAINTINGS, **DRAWINGS})}
)
"""Every sample by kind and name, in the order of lists."""

HIGHLIGHTS = (
    *("starry-night", "great-wave", "the-kiss", "the-scream"),
    *("irises", "the-city-rises", "mosaic", "woodcut"),
)
"""A few styles as unlike each other as can be, for whoever has time for a few."""
