"""What all plain pages say, in English and in Chinese; the visitor's browser decides which."""

from __future__ import annotations

__all__ = ["CHINESE", "ENGLISH"]

ENGLISH = {
    "studio": "Studio",
    "other_language": "中文",
    "style": "Style",
    "sample_styles": "Sample styles",
    "own_style": "A picture of your own",
    "choose_photograph": "Choose a photograph",
    "or_try": "Or try",
    "sample_photographs": "Sample photographs",
    "strength": "Strength",
    "percent": "{number} %",
    "side_help": "Longest side in pixels: smaller is faster.",
    "rate": "{number} frames a second",
    "notes": "{count} notes",
    "unreachable": "The studio does not answer: see that it runs, and load the page again.",
}

CHINESE = {
    "studio": "画室",
    "other_language": "English",
    "style": "风格",
    "sample_styles": "示例风格",
    "own_style": "自己的图片",
    "choose_photograph": "选择照片",
    "or_try": "或试试",
    "sample_photographs": "示例照片",
    "strength": "强度",
    "percent": "{number} %",
    "side_help": "最长边的像素数：越小越快。",
    "rate": "每秒 {number} 帧",
    "notes": "{count} 条说明",
    "unreachable": "画室没有回应：请确认它在运行，然后重新载入本页。",
}
