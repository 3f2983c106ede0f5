"""What the page of portraits says, in English and Chinese; the visitor's browser decides which."""

from __future__ import annotations

from collections.abc import Mapping

from impasto.service.plain_pages import easel_texts

__all__ = ["CHINESE", "ENGLISH", "WORDS"]

ENGLISH = {
    **easel_texts.ENGLISH,
    "title": "impasto portrait",
    "tagline": "Faces that are painted, and still who they are: upright, square, ready for use.",
    "easel": "Portrait",
    "empty_title": "No photograph on the easel yet",
    "empty_text": "Choose one photograph or several; files may fall here too. The face in each is "
    "found, set upright and painted.",
    "choose_photographs": "Choose photographs",
    "wall": "Your photographs",
    "photograph": "The photograph {name}",
    "look": "Look",
    "painted": "Painted",
    "cartoon": "Cartoon",
    "framing": "Framing",
    "head": "Head",
    "bust": "Head and shoulders",
    "no_photograph": "Choose a photograph first.",
    "many": "{most} photographs at a time: the others are left out.",
}

CHINESE = {
    **easel_texts.CHINESE,
    "title": "impasto 肖像",
    "tagline": "画成的脸，仍是本人：端正、方形，可作头像。",
    "easel": "肖像",
    "empty_title": "画架上还没有照片",
    "empty_text": "请选择一张或几张照片，也可以把文件拖到这里。会找到每张照片里的脸，"
    "摆正，再画成画。",
    "choose_photographs": "选择照片",
    "wall": "您的照片",
    "photograph": "照片 {name}",
    "look": "画风",
    "painted": "绘画",
    "cartoon": "卡通",
    "framing": "取景",
    "head": "头部",
    "bust": "头与肩",
    "no_photograph": "请先选择照片。",
    "many": "一次最多 {most} 张照片：其余的没有加入。",
}

WORDS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "zh": CHINESE}
