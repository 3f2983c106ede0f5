"""What the page of letters says, in English and in Chinese; the visitor's browser decides which."""

from __future__ import annotations

from collections.abc import Mapping

from impasto.service.plain_pages import easel_texts

__all__ = ["CHINESE", "ENGLISH", "WORDS"]

ENGLISH = {
    **easel_texts.ENGLISH,
    "title": "impasto letter",
    "tagline": "Words in the look of a picture, on a clear ground.",
    "easel": "Letters",
    "empty_title": "No words yet",
    "empty_text": "Type a word or two, in English or Chinese, and choose the picture whose look "
    "they take.",
    "text": "Text",
    "text_example": "春 Spring",
    "direction": "Direction",
    "across": "Across",
    "down": "Down",
    "align": "Lines",
    "left": "Left",
    "center": "Centred",
    "right": "Right",
    "mask": "Mask of its letters",
    "unmask": "Without the mask",
    "mask_help": "If the picture shows a letter: white where it is. It is found otherwise.",
    "masked": "Its letters are where {name} is white.",
    "no_text": "Type a text first.",
    "long_text": "The text has {count} characters, above the limit of {most}: shorten it.",
}

CHINESE = {
    **easel_texts.CHINESE,
    "title": "impasto 艺术字",
    "tagline": "让文字拥有一幅图片的质感，背景透明。",
    "easel": "艺术字",
    "empty_title": "还没有文字",
    "empty_text": "请输入一两个词，中文英文均可，再选择一幅图片作为质感。",
    "text": "文字",
    "text_example": "春 Spring",
    "direction": "方向",
    "across": "横排",
    "down": "竖排",
    "align": "对齐",
    "left": "左",
    "center": "居中",
    "right": "右",
    "mask": "字形蒙版",
    "unmask": "不用蒙版",
    "mask_help": "如果图片里有字：字所在处为白色。不给出时会自动寻找。",
    "masked": "字形以 {name} 的白色部分为准。",
    "no_text": "请先输入文字。",
    "long_text": "文字有 {count} 个字符，超过 {most} 的上限：请缩短。",
}

WORDS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "zh": CHINESE}
