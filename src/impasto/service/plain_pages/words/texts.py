"""What the page of words says, in English and in Chinese; the visitor's browser decides which."""

from __future__ import annotations

from collections.abc import Mapping

from impasto.service.plain_pages import easel_texts

__all__ = ["CHINESE", "ENGLISH", "TONES", "WORDS"]

ENGLISH = {
    **easel_texts.ENGLISH,
    "title": "impasto in words",
    "tagline": "Say how it shall be painted; the plan is shown before anything is.",
    "easel": "Painting",
    "empty_title": "No photograph on the easel yet",
    "empty_text": "Choose a photograph, and say how it shall be painted.",
    "photograph": "The photograph {name}",
    "phrase": "The painting in words",
    "phrase_help": "Media, movements, painters, colours, light, strokes, and how much of each; in "
    "English or Chinese.",
    "describe": "Let a language model read it",
    "describe_help": "For any description. The words are sent to the model that whoever runs this "
    "studio has chosen.",
    "guide": "How much the words guide the painting itself",
    "guide_not": "off",
    "guide_help": "A CLIP model compares the painting with your words at each step, which then "
    "takes several times as long.",
    "guided": "The words guide the painting too, which the command line below does not say.",
    "examples": "Examples",
    "example_1": "mostly watercolour, a little woodcut, cold",
    "example_2": "Van Gogh at dusk, broad strokes",
    "example_3": "mosaic in ochre and blue",
    "plan": "The plan",
    "share": "{number} %",
    "settings": "Settings",
    "set_strength": "strength {value}",
    "set_style_scale": "strokes × {value}",
    "set_palette": "palette",
    "set_color": "the photograph's own colours",
    "set_direction": "strokes at {value}°",
    "unknown": "Unknown:",
    "nearest": "did you mean",
    "region": "is a part of the picture, which words cannot choose: all of it is painted so. In "
    "the studio, “Paint only a part” can.",
    "command": "The same at the command line",
    "copy": "Copy",
    "copied": "Copied",
    "no_photograph": "Choose a photograph first.",
    "no_phrase": "Say first how it shall be painted.",
}

CHINESE = {
    **easel_texts.CHINESE,
    "title": "impasto 用文字",
    "tagline": "说出想怎样画；动笔之前，先看到方案。",
    "easel": "画作",
    "empty_title": "画架上还没有照片",
    "empty_text": "请选择一张照片，再说出想怎样画。",
    "photograph": "照片 {name}",
    "phrase": "用文字描述画作",
    "phrase_help": "画种、流派、画家、颜色、光线、笔触，以及各占多少；中文英文均可。",
    "describe": "让语言模型来读",
    "describe_help": "什么描述都可以。文字会发给本站运营者选定的模型。",
    "guide": "文字对画面本身的引导",
    "guide_not": "关",
    "guide_help": "每一步都由 CLIP 模型把画面与文字相比，所以每步要慢好几倍。",
    "guided": "文字还会引导画面，这一点下面的命令行里没有写。",
    "examples": "例子",
    "example_1": "三分水彩七分浮世绘，偏冷，笔触细",
    "example_2": "梵高，黄昏，粗笔触",
    "example_3": "赭石和石青的马赛克",
    "plan": "方案",
    "share": "{number} %",
    "settings": "设置",
    "set_strength": "强度 {value}",
    "set_style_scale": "笔触 × {value}",
    "set_palette": "色板",
    "set_color": "保留照片的颜色",
    "set_direction": "笔触方向 {value}°",
    "unknown": "不认识：",
    "nearest": "是不是",
    "region": "是画面的一部分，文字不能只选它，整幅都会这样画。可在画室里用“只画一部分”。",
    "command": "等价的命令行",
    "copy": "复制",
    "copied": "已复制",
    "no_photograph": "请先选择照片。",
    "no_phrase": "请先说出想怎样画。",
}

WORDS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "zh": CHINESE}

TONES: Mapping[str, Mapping[str, str]] = {
    "dark": {"en": "dark", "zh": "暗"},
    "light": {"en": "light", "zh": "亮"},
    "high-contrast": {"en": "high contrast", "zh": "高对比"},
    "soft": {"en": "soft", "zh": "柔和"},
    "warm": {"en": "warm", "zh": "暖"},
    "cold": {"en": "cold", "zh": "冷"},
    "sepia": {"en": "sepia", "zh": "棕褐"},
    "muted": {"en": "muted", "zh": "淡雅"},
    "vivid": {"en": "vivid", "zh": "鲜艳"},
    "monochrome": {"en": "monochrome", "zh": "单色"},
}
"""What tones are called; a later one is called by its own name."""
