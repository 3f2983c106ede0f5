"""Masks that do not fit, show nothing, or leave nothing."""

from __future__ import annotations

__all__ = ["ROWS"]

ROWS: tuple[tuple[str, str, str], ...] = (
    (
        "<picture1> is <width1> x <height1> px, and <picture2>, which it is for, <width2> x "
        "<height2> px: …",
        "The mask is {width1} × {height1} px and its picture {width2} × {height2}: take a mask of "
        "the same proportions, of any size.",
        "蒙版是 {width1} × {height1} 像素，它的图片是 {width2} × {height2} 像素："
        "请换一张长宽比相同的蒙版，大小不限。",
    ),
    (
        "<picture> is black everywhere: …",
        "{picture} is black everywhere, so nothing would count: make it white where something is "
        "to count, or leave it out.",
        "{picture}全是黑的，等于什么都不算：请把要算的地方涂白，或不用蒙版。",
    ),
    (
        "nothing of <picture> is left to learn from: …",
        "The mask leaves only transparent places of {picture}: change that mask, or leave it out.",
        "按蒙版，{picture}只剩下透明的地方：请改一改蒙版，或不用它。",
    ),
    (
        "<picture1> is black on the part of <picture2> that is painted: …",
        "The mask is black on all that is left of the photograph after it is cropped: change the "
        "mask, or “{label[shape]}” or “{label[crop]}”.",
        "照片裁切后留下的部分，在蒙版上全是黑的：请改一改蒙版，或改“{label[shape]}”、"
        "“{label[crop]}”。",
    ),
    (
        "<picture1> is white only where <picture2> is transparent: …",
        "The mask is white only where the photograph is transparent: make it white where there is "
        "something to paint.",
        "蒙版只在照片透明的地方是白的：请把有画面、要画的地方涂白。",
    ),
    (
        "<picture1> keeps all of <picture2>: …",
        "The mask keeps all of the photograph, so nothing is left to paint: make it black where "
        "something is to be painted.",
        "蒙版把整张照片都保留了，没有地方可画：请把要画的地方涂黑。",
    ),
    (
        "<picture1> keeps all that <picture2> would paint: …",
        "One mask keeps all that another would paint: change one of them.",
        "一张蒙版要保留的，正是另一张要画的全部：请改其中一张。",
    ),
    (
        "the part of <picture1> that is painted like <picture2>, or the part of <picture3> to "
        "learn from, is too small for every style layer at <width> x <height> px: …",
        "The part that is painted, or the part of the style that is used, is too small at {width} "
        "× {height} px: make the mask larger, or raise “{label[size]}”.",
        "在 {width} × {height} 像素下，要画的部分或所用的那部分风格太小："
        "请把蒙版涂大些，或调大“{label[size]}”。",
    ),
    (
        "the mask is painted for style <number>, and there are <count>: …",
        "Something is brushed for style {number}, and there is no such style: clear it, or add "
        "that style.",
        "画笔 {number} 涂过，可是没有第 {number} 种风格：请清除，或加上那种风格。",
    ),
    (
        "the mask has nothing for style <number>: …",
        "Nothing is brushed for style {number}: paint with brush {number} too, remove that style, "
        "or clear the mask.",
        "第 {number} 种风格还没有涂：请也用画笔 {number} 涂一涂，去掉那种风格，或清除蒙版。",
    ),
    (
        "the mask has <count> bytes, more than a brush paints: …",
        "The mask is too large to be sent: clear it and paint it again.",
        "蒙版太大，送不出去：请清除后重新涂。",
    ),
    (
        "the mask did not arrive as a drawing: …",
        "The mask did not arrive whole: clear it and paint it again.",
        "蒙版没有完整送到：请清除后重新涂。",
    ),
    (
        "<what1> for <what2>: give one <what> for each style, in their order, or none",
        "There has to be one mask for each style, or none: change the masks or the styles.",
        "要么每种风格各有一张蒙版，要么都没有：请改一改蒙版或风格。",
    ),
    (
        "masks say where each style paints, and style_blend how they mix everywhere: …",
        "The masks already say where each style paints: empty “{label[style_blend]}”, or clear "
        "the mask.",
        "各种风格画在哪里，已由蒙版决定：请清空“{label[style_blend]}”，或清除蒙版。",
    ),
)
