"""What the page of drawings says, in English and Chinese; the visitor's browser decides which."""

from __future__ import annotations

from collections.abc import Mapping

from impasto.service.plain_pages import easel_texts

__all__ = ["CHINESE", "ENGLISH", "WORDS"]

ENGLISH = {
    **easel_texts.ENGLISH,
    "title": "impasto doodle",
    "tagline": "Draw with the parts of a painting: its sky, its sea, its wheat.",
    "source": "1 Choose a painting",
    "drawing": "2 Draw with its parts",
    "easel": "3 See it painted",
    "palette": "Parts of the painting to draw with",
    "colour": "Part {number}: {share} % of the painting",
    "finding": "Looking for the parts of the painting …",
    "no_palette": "This studio finds no parts of paintings: whoever runs it has to leave "
    "--no-try-on out.",
    "paper": "The drawing. Arrow keys move the brush, Space draws, Enter fills, figures choose the "
    "part.",
    "brush": "Brush",
    "fill": "Fill",
    "tool": "Tool",
    "thickness": "Width of the brush",
    "fine": "Fine",
    "middle": "Medium",
    "broad": "Broad",
    "undo": "Undo",
    "redo": "Redo",
    "clear": "Clear",
    "begin": "Begin with",
    "coast": "Coast",
    "mountains": "Mountains",
    "house": "House",
    "load_drawing": "A drawing of your own",
    "unread": "{name} is no picture that this browser can read: choose a PNG or JPEG.",
    "shape": "Shape",
    "wide": "Wide",
    "square": "Square",
    "tall": "Tall",
    "empty_title": "The first look comes here",
    "empty_text": "Draw, or begin with one of the drawings: a first look in one pass follows your "
    "brush. Paint then paints it well.",
    "looking": "Painting a first look …",
    "looked": "A first look, in one pass. Paint paints it well.",
    "no_look": "The first look did not come: {reason}",
    "first_look": "A first look at the drawing, painted in one pass",
}

CHINESE = {
    **easel_texts.CHINESE,
    "title": "impasto 涂画",
    "tagline": "用一幅画的各部分来涂画：它的天空、海水、麦田。",
    "source": "1 选择一幅画",
    "drawing": "2 用它的各部分涂画",
    "easel": "3 看它成画",
    "palette": "可用来涂画的各部分",
    "colour": "第 {number} 部分：占原画 {share} %",
    "finding": "正在寻找画中的各部分 …",
    "no_palette": "这个画室不能寻找画中的各部分：请管理者去掉 --no-try-on。",
    "paper": "画纸。方向键移动画笔，空格键涂画，回车键填充，数字键选择部分。",
    "brush": "画笔",
    "fill": "填充",
    "tool": "工具",
    "thickness": "画笔粗细",
    "fine": "细",
    "middle": "中",
    "broad": "粗",
    "undo": "撤销",
    "redo": "重做",
    "clear": "清空",
    "begin": "从这里开始",
    "coast": "海岸",
    "mountains": "群山",
    "house": "房屋",
    "load_drawing": "自己的涂画",
    "unread": "{name} 不是这个浏览器能读的图片：请选择 PNG 或 JPEG。",
    "shape": "画幅",
    "wide": "横幅",
    "square": "方形",
    "tall": "竖幅",
    "empty_title": "初览会出现在这里",
    "empty_text": "动笔，或从一幅现成的涂画开始：一次成画的初览会跟着您的画笔出现，"
    "按“开始绘制”再细细画成。",
    "looking": "正在绘制初览 …",
    "looked": "这是一次成画的初览，按“开始绘制”会画得更好。",
    "no_look": "初览没有出来，原因只有英文说明：{reason}",
    "first_look": "涂画的初览，一次画成",
}

WORDS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "zh": CHINESE}
