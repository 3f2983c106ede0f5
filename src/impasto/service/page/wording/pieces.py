"""What a value of the engine's is called on the page, and how several are put together."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["PIECES"]

PIECES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "only_english": "{sentence}",
        "comma": ", ",
        "or": " or ",
        "and": " and ",
        "content": "the photograph",
        "style": "the style picture",
        "style_of": "style picture {number}",
        "mask": "the mask",
        "mask_of": "the mask of style {number}",
        "style_mask": "the mask of the style picture",
        "style_mask_of": "the mask of style picture {number}",
        "keep": "the mask of what is kept",
        "init": "the picture to start from",
        "number": "number",
        "whole_number": "whole number",
        "from_to": "a {kind} from {low} to {high}",
        "bounded": "a {kind} {bounds}",
        "unbounded": "a {kind}",
        "least": "of at least {number}",
        "above": "above {number}",
        "most": "of at most {number}",
        "below": "below {number}",
    },
    "zh": {
        "only_english": "原因只有英文说明：{sentence}",
        "comma": "、",
        "or": " 或 ",
        "and": "、",
        "content": "照片",
        "style": "风格图",
        "style_of": "第 {number} 张风格图",
        "mask": "蒙版",
        "mask_of": "第 {number} 种风格的蒙版",
        "style_mask": "风格图的蒙版",
        "style_mask_of": "第 {number} 张风格图的蒙版",
        "keep": "保留部分的蒙版",
        "init": "起始图",
        "number": "数",
        "whole_number": "整数",
        "from_to": " {low} 到 {high} 之间的{kind}",
        "bounded": "一个{kind}，要{bounds}",
        "unbounded": "一个{kind}",
        "least": "不小于 {number}",
        "above": "大于 {number}",
        "most": "不大于 {number}",
        "below": "小于 {number}",
    },
}
