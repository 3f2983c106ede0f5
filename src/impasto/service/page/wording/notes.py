"""What may not be expected of a painting: sizes, strokes, masks, what a file lost."""

from __future__ import annotations

__all__ = ["ROWS"]

_CAPTIONS = (
    "Some of what the file of {picture} says about itself is damaged, and is left out of the "
    "painting's.",
    "{picture}的文件里有些附加信息已损坏，没有带到画里。",
)

ROWS: tuple[tuple[str, str, str], ...] = (
    (
        "some layers are left out for <picture>, with too small a region: …",
        "The part of the style that is used, or the part that is painted, is small, so the largest "
        "strokes were left out.",
        "所用的那部分风格或要画的部分比较小，所以最大的笔触没有用上。",
    ),
    (
        "<picture> is plain where it is learnt from: …",
        "{picture} is plain where it is used: it gives its colour, and no brush strokes.",
        "{picture}所用的部分很平：画里只有它的颜色，没有笔触。",
    ),
    (
        "<picture> is blank: …",
        "{picture} is blank, so there is little for the painting to keep but its colour.",
        "{picture}几乎是空白的，画里除了它的颜色留不下多少东西。",
    ),
    (
        "the largest part of <picture> with the ratio <ratio> has <side> px on its longer side, so "
        "the painting gets <count> and not <limit>: …",
        "What is left of the photograph at {ratio} has {side} px on its longer side, so the "
        "painting has {count} and not {limit}; “{label[upscale]}” makes it larger.",
        "照片裁成 {ratio} 后，长边只有 {side} 像素，所以画的长边是 {count} 而不是 {limit} 像素；"
        "打开“{label[upscale]}”可以画得更大。",
    ),
    (
        "<picture> has <side> px on its longer side, so the painting gets <count> and not "
        "<limit>: …",
        "{picture} has {side} px on its longer side, so the painting has {count} and not {limit}; "
        "“{label[upscale]}” makes it larger.",
        "{picture}的长边只有 {side} 像素，所以画的长边是 {count} 而不是 {limit} 像素；"
        "打开“{label[upscale]}”可以画得更大。",
    ),
    (
        "<picture> has <side> px on its longer side and is read as it is, not enlarged to <limit> "
        "px: …",
        "{picture} has {side} px on its longer side and is not enlarged to {limit}, so the strokes "
        "are finer; “{label[upscale]}” enlarges it.",
        "{picture}的长边是 {side} 像素，没有放大到 {limit} 像素，所以笔触更细；"
        "打开“{label[upscale]}”可以放大它。",
    ),
    (
        "style_fit stretch takes <picture> to <count> times the picture's size, …",
        "{picture} is stretched to {count} times the size of the painting, and enlarged where it "
        "is smaller.",
        "{picture}拉伸到画面的 {count} 倍，较小的地方会放大。",
    ),
    (
        "<picture> is enlarged <count> times to fill <width> x <height> px",
        "{picture} is enlarged {count} times to fill {width} × {height} px.",
        "{picture}放大到 {count} 倍，以填满 {width} × {height} 像素。",
    ),
    (
        "--crop <value> changes nothing here: …",
        "“{label[crop]}” changes nothing here: nothing of the photograph is cut away.",
        "“{label[crop]}”在这里不起作用：照片没有裁掉任何部分。",
    ),
    (
        "--shape <shape> with --fit contain gives <width> x <height> px: …",
        "“{label[shape]}” is {shape}, and the painting has {width} × {height} px: the whole "
        "photograph stands inside it. Choose cover as “{label[fit]}” to fill it.",
        "“{label[shape]}”是 {shape}，画是 {width} × {height} 像素：整张照片都放在里面。"
        "要填满，请把“{label[fit]}”设为 cover。",
    ),
    (
        "this machine is slower in bf16 than in float32: …",
        "This studio's machine is slower in bf16 than in float32, so the painting takes longer.",
        "这个画室的机器用 bf16 比用 float32 慢，所以画的时间更长。",
    ),
    (
        "the painting was begun in bf16 and goes on in it, …",
        "The painting was begun in bf16 and goes on in it on a machine that is slower so.",
        "这幅画开始时用的是 bf16，现在在一台用它较慢的机器上继续。",
    ),
    (
        "seed <count> changes nothing: nothing is random …",
        "“{label[seed]}” changes nothing here, because nothing is left to chance: choose noise as "
        "“{label[init]}” to get variants.",
        "“{label[seed]}”在这里不起作用，因为没有什么是随机的："
        "想要不同的画，请把“{label[init]}”设为 noise。",
    ),
    (
        "seed <count> changes nothing: …",
        "“{label[seed]}” changes nothing here, because nothing is left to chance.",
        "“{label[seed]}”在这里不起作用，因为没有什么是随机的。",
    ),
    (
        "<picture>: its lightest value is <count> of 255, …",
        "The lightest place of {picture} is {count} of 255, so next to nothing of it counts: make "
        "white what is to count.",
        "{picture}最亮的地方也只有 {count}（满值 255），几乎不起作用：请把要算的地方涂白。",
    ),
    (
        "<picture> is a cut-out: …",
        "{picture} is a cut-out: what is not transparent in it counts as white.",
        "{picture}是抠好的图：不透明的部分当作白色。",
    ),
    (
        "<picture> looks like a photograph, not a mask: …",
        "{picture} looks like a photograph and not like a mask: its brightness is used.",
        "{picture}看起来是照片而不是蒙版：按亮度来用。",
    ),
    (
        "<picture>: its transparency would hide all of it, and is left out",
        "The transparency of {picture} would hide all of it, and is left out.",
        "{picture}的透明度会把它全部遮住，没有采用。",
    ),
    (
        "<picture>: it is an HDR picture (<value>): …",
        "{picture} is an HDR picture: what is brighter than white paper is cut off.",
        "{picture}是 HDR 图片：比白纸更亮的部分会丢失。",
    ),
    (
        "<picture>: it is CMYK without a profile, …",
        "{picture} has the colours of print without saying which, so they are converted the plain "
        "way.",
        "{picture}用的是印刷颜色（CMYK），又没有说明是哪一种，只能按普通方式转换。",
    ),
    (
        "<picture>: its samples go from <low> to <high>: …",
        "{picture} holds values from {low} to {high}: what lies outside 0 to 1 is cut off.",
        "{picture}里的数值从 {low} 到 {high}：0 到 1 以外的会截掉。",
    ),
    (
        "<picture>: its samples are said to be signed, …",
        "{picture} says that its values may be below 0; they are read as if none were.",
        "{picture}标明数值可以小于 0；读的时候当作都不小于 0。",
    ),
    ("<picture>: the part of its XMP beyond 64 KiB is left out", *_CAPTIONS),
    ("<picture>: … damaged … left out", *_CAPTIONS),
    (
        "<picture>: it is an animation, of which the first picture is read",
        "{picture} is an animation: its first picture counts.",
        "{picture}是动图：只用了第一帧。",
    ),
    (
        "<picture> has 16 bits a channel, the painting gets 8",
        "{picture} has 16 bits a channel, and the painting 8.",
        "{picture}每个通道 16 位，画是 8 位。",
    ),
    (
        "<what> is too long for a JPEG, and is left out: …",
        "Some of what the photograph says about itself is too long for a JPEG, and is left out.",
        "照片的附加信息有些太长，JPEG 存不下，没有带到画里。",
    ),
    (
        "… how it was painted is not in the file",
        "How it was painted has no room in the file: keep the recipe file instead.",
        "画的文件里存不下它是怎么画的：请另存配方文件。",
    ),
    (
        "<what> holds no …: the photograph's is left out; …",
        "Some of what the photograph says about itself, such as caption, keywords or author, is "
        "left out: {what} has no place for it.",
        "照片的附加信息（如说明、关键词、作者）有些没有带到画里：{what} 存不下。",
    ),
)
