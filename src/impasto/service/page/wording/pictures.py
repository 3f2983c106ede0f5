"""Pictures that cannot be read, or are too large, too small or hidden."""

from __future__ import annotations

__all__ = ["ROWS"]

ROWS: tuple[tuple[str, str, str], ...] = (
    (
        "<picture> is empty (0 bytes): …",
        "{picture} is empty: save or download it again, then choose it anew.",
        "{picture}是空文件：请重新保存或下载，再选一次。",
    ),
    (
        "<picture> is not a picture impasto reads (<choices>): …",
        "{picture} is not a picture that can be painted here: choose one saved as {choices}.",
        "{picture}不是这里能画的图片：请选 {choices} 格式的图片。",
    ),
    (
        "<picture> needs the package pillow-heif: …",
        "{picture} is a HEIC photograph, which this studio cannot read: save it as JPEG, then "
        "choose it anew.",
        "{picture}是 HEIC 格式，这个画室读不了：请存成 JPEG 再选。",
    ),
    (
        "<picture> cannot be decoded: its <format> data is damaged or of a rare kind; …",
        "{picture} is damaged, or a rare kind of {format}: save or download it again.",
        "{picture}已损坏，或是少见的 {format} 格式：请重新保存或下载。",
    ),
    (
        "<picture> is cut short…",
        "{picture} ends too early, so a part of it is missing: save or download it again.",
        "{picture}不完整，后面缺了一段：请重新保存或下载。",
    ),
    (
        "<picture> is <width> x <height> px: it holds no pixel; …",
        "{picture} has no pixels, {width} × {height}: save or download it again.",
        "{picture}是 {width} × {height} 像素，里面没有画面：请重新保存或下载。",
    ),
    (
        "<picture> is <width> x <height> px (<count> megapixels), above the limit of <limit>: …",
        "{picture} is {width} × {height} px, {count} megapixels, and at most {limit} megapixels "
        "can be painted here: make it smaller, then choose it anew.",
        "{picture}是 {width} × {height} 像素，即 {count} 百万像素，而这里最多 {limit} 百万像素："
        "请缩小后再选。",
    ),
    (
        "<picture> has <count> bytes or more, and a picture of <limit> megapixels …",
        "{picture} is a larger file than any picture of {limit} megapixels, which is the most "
        "here: make it smaller, then choose it anew.",
        "{picture}的文件太大，{limit} 百万像素（这里的上限）的图片用不着这么大：请缩小后再选。",
    ),
    (
        "<picture> is <layout>, which impasto does not read: …",
        "{picture} is of a rare kind that cannot be read here: save it as an ordinary PNG or "
        "JPEG, then choose it anew.",
        "{picture}的存储方式很少见，这里读不了：请存成普通的 PNG 或 JPEG 再选。",
    ),
    (
        "<picture> holds <layout>: scale them to 0 to 1, …",
        "{picture} holds numbers whose black and white are not known: save it as an ordinary "
        "picture of 8 or 16 bits, then choose it anew.",
        "{picture}里的数值没有标明黑和白：请存成普通的 8 位或 16 位图片再选。",
    ),
    (
        "<picture> does not fit in the memory that is free: …",
        "{picture} is larger than the studio's free memory: choose a smaller one, or try again "
        "later.",
        "{picture}太大，画室的空闲内存装不下：请换一张小些的，或稍后再试。",
    ),
    (
        "<picture> is transparent everywhere; …",
        "{picture} is transparent everywhere, so there is nothing to see: choose another one.",
        "{picture}全是透明的，什么也看不见：请换一张。",
    ),
    (
        "nothing of <picture> is visible at <width> x <height> px: …",
        "Nothing of {picture} can be seen at {width} × {height} px: raise “{label[size]}”, keep "
        "another part with “{label[crop]}”, or choose a picture that is less transparent.",
        "在 {width} × {height} 像素下，{picture}里什么也看不见：请调大“{label[size]}”，"
        "用“{label[crop]}”保留别的部分，或换一张不那么透明的图片。",
    ),
    (
        "<picture> would be painted at <width> x <height> px; the smallest picture <network> can "
        "paint with these layers has <side> px on its shorter side: pass a larger --size, here "
        "<enough> or more",
        "{picture} would be painted at {width} × {height} px, and the shorter side needs {side}: "
        "set “{label[size]}” to {enough} or more.",
        "{picture}会画成 {width} × {height} 像素，而短边至少要 {side} 像素："
        "请把“{label[size]}”设为 {enough} 或更大。",
    ),
    (
        "<picture> would be painted at <width> x <height> px; the smallest picture <network> can "
        "paint with these layers has <side> px on its shorter side: pass a larger --shape",
        "{picture} would be painted at {width} × {height} px, and the shorter side needs {side}: "
        "give a larger “{label[shape]}”.",
        "{picture}会画成 {width} × {height} 像素，而短边至少要 {side} 像素："
        "请把“{label[shape]}”调大。",
    ),
    (
        "<picture> would be painted at <width> x <height> px; the smallest picture <network> can "
        "paint with these layers has <side> px on its shorter side: pass a larger picture, or "
        "--upscale with --size <enough> or more",
        "{picture} would be painted at {width} × {height} px, and the shorter side needs {side}: "
        "choose a larger picture, or turn on “{label[upscale]}” and set “{label[size]}” to "
        "{enough} or more.",
        "{picture}会画成 {width} × {height} 像素，而短边至少要 {side} 像素："
        "请换一张大些的图片，或打开“{label[upscale]}”并把“{label[size]}”设为 {enough} 或更大。",
    ),
    (
        "<picture> would be painted at <width> x <height> px; the smallest picture <network> can "
        "paint with these layers has <side> px on its shorter side: …",
        "{picture} would be painted at {width} × {height} px, and the shorter side needs {side}: "
        "choose a larger picture, or turn on “{label[upscale]}”.",
        "{picture}会画成 {width} × {height} 像素，而短边至少要 {side} 像素："
        "请换一张大些的图片，或打开“{label[upscale]}”。",
    ),
    (
        "<picture> is <width1> x <height1> px and would be read at <width> x <height> px; the "
        "smallest style <network> can learn from with these layers has <side> px on its shorter "
        "side: pass a larger picture, or --upscale",
        "{picture} is {width1} × {height1} px, and its shorter side needs {side}: choose a larger "
        "picture, or turn on “{label[upscale]}”.",
        "{picture}是 {width1} × {height1} 像素，而短边至少要 {side} 像素："
        "请换一张大些的图片，或打开“{label[upscale]}”。",
    ),
    (
        "<picture> is <width1> x <height1> px and would be read at <width> x <height> px; the "
        "smallest style <network> can learn from with these layers has <side> px on its shorter "
        "side: …",
        "{picture} would be read at {width} × {height} px, and its shorter side needs {side}: "
        "raise “{label[style_scale]}”, or choose a larger picture.",
        "{picture}会缩到 {width} × {height} 像素来读，而短边至少要 {side} 像素："
        "请调大“{label[style_scale]}”，或换一张大些的图片。",
    ),
    (
        "the <picture> of this job is not here any more: …",
        "A picture is no longer here: choose it again.",
        "有一张图片已经不在了：请重新选择。",
    ),
    (
        "<picture> does not exist: …",
        "A picture is no longer here: choose it again.",
        "有一张图片已经不在了：请重新选择。",
    ),
    (
        "<picture> cannot be read (<reason>): check the name",
        "A picture is no longer here: choose it again.",
        "有一张图片已经不在了：请重新选择。",
    ),
)
