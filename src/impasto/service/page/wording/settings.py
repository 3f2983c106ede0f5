"""Settings out of their range, of no kind that is known, or against each other."""

from __future__ import annotations

__all__ = ["ROWS"]

ROWS: tuple[tuple[str, str, str], ...] = (
    (
        "<setting1> and <setting2> both set <what>: give one of them",
        "“{setting1}” and “{setting2}” cannot both be chosen: empty one of them.",
        "“{setting1}”和“{setting2}”只能用一个：请清空其中一个。",
    ),
    (
        "the weights of content and style, or of all their layers, are 0: …",
        "Both the photograph and the style would count nothing: give “{label[content_weight]}” or "
        "“{label[style_weight]}”, and one of its layers, a value above 0.",
        "照片和风格都不起作用了：请让“{label[content_weight]}”或“{label[style_weight]}”"
        "以及它的某一层大于 0。",
    ),
    (
        "all shares of style_blend are 0: …",
        "All of “{label[style_blend]}” are 0: give one style a share above 0.",
        "“{label[style_blend]}”全是 0：请让其中一种风格大于 0。",
    ),
    (
        "style_blend has <count1> share… for <count2> style…: give one share for each style, …",
        "“{label[style_blend]}” has {count1} and the styles are {count2}: give one share for each "
        "style, in their order.",
        "“{label[style_blend]}”有 {count1} 个数，而风格有 {count2} 种："
        "请按次序给每种风格各写一个。",
    ),
    (
        "<setting> is <value>: give a finite number",
        "“{setting}” cannot be {value}: give an ordinary number.",
        "“{setting}”不能是 {value}：请填普通的数。",
    ),
    (
        "<setting> is <value>: give a <wish>",
        "“{setting}” is {value}: give {wish}.",
        "“{setting}”现在是 {value}：请填{wish}。",
    ),
    (
        "<setting> is <value>: choose one of <choices>",
        "“{setting}” cannot be {value}: choose {choices}.",
        "“{setting}”不能是 {value}：请选 {choices}。",
    ),
    (
        "<setting> is <value>: it must be <choices>",
        "“{setting}” cannot be {value}: choose {choices}.",
        "“{setting}”不能是 {value}：请选 {choices}。",
    ),
    (
        "<setting> is <value>: give a text of one line",
        "“{setting}” is too long or no text: write it in one line.",
        "“{setting}”太长，或不是文字：请写在一行里。",
    ),
    (
        "<setting> is <value>: give height x width in pixels, …",
        "“{setting}” cannot be {value}: write height x width in pixels, like 300x450, or a ratio "
        "of width to height, like 3:2.",
        "“{setting}”不能是 {value}：请写高x宽（像素），如 300x450，或宽:高的比例，如 3:2。",
    ),
    (
        "<setting> is <value>: give a ratio as width:height, …",
        "“{setting}” cannot be {value}: write a ratio of width to height, both above 0, like 16:9.",
        "“{setting}”不能是 {value}：比例请写成宽:高，两个数都大于 0，如 16:9。",
    ),
    (
        "<setting> is <value>: give numbers with commas between, …",
        "“{setting}” cannot be {value}: write numbers with commas between, like 0.7,0.3.",
        "“{setting}”不能是 {value}：请写几个数，用英文逗号隔开，如 0.7,0.3。",
    ),
    (
        "<setting> is <value>: <layer> is named twice: …",
        "“{setting}” names {layer} twice: name each layer once.",
        "“{setting}”里 {layer} 写了两次：每一层只写一次。",
    ),
    (
        "<setting> is <text>: <value> is not a layer and its weight: …",
        "“{setting}” has {value}, which is no layer with its weight: write it like relu3_1=0.5.",
        "“{setting}”里的 {value} 不是层和权重：请写成 relu3_1=0.5 这样。",
    ),
    (
        "<value> is not a layer of <network>; …here are: <choices>",
        "The backbone {network} has no layer {value}: take layers from {choices}.",
        "骨干网络 {network} 没有 {value} 这一层：请从 {choices} 中选。",
    ),
    (
        "gram_heads is <count>, and the <side> channels of <layer> cannot be split into <limit> "
        "heads: take one of <choices>",
        "“{label[gram_heads]}” is {count}, and the {side} channels of {layer} cannot be split into "
        "so many equal groups: choose {choices}.",
        "“{label[gram_heads]}”现在是 {count}，而 {layer} 的 {side} 个通道分不成这么多等份："
        "请选 {choices}。",
    ),
    (
        "<value> has no matrix that <count> heads could split: take 1 head, or one of <choices>",
        "“{label[style_loss]}” is {value}, which cannot be split: set “{label[gram_heads]}” to 1, "
        "or choose the style loss {choices}.",
        "“{label[style_loss]}”现在是 {value}，不能分组：请把“{label[gram_heads]}”设为 1，"
        "或改选 {choices}。",
    ),
    (
        "<setting> means nothing to the method <value>: …",
        "“{setting}” means nothing to the method {value}: leave it as it was, or choose another "
        "method.",
        "“{setting}”对方法 {value} 不起作用：请恢复原样，或换一种方法。",
    ),
    (
        "<value> is not a <what>; …here are: <choices>",
        "There is no {value} here: choose {choices}.",
        "这里没有 {value}：请选 {choices}。",
    ),
)
