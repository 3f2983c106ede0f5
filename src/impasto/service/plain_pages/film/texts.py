"""What the page of films says, in English and in Chinese; the visitor's browser decides which."""

from __future__ import annotations

from collections.abc import Mapping

from impasto.service.plain_pages import easel_texts

__all__ = ["CHINESE", "ENGLISH", "WORDS"]

ENGLISH = {
    **easel_texts.ENGLISH,
    "title": "impasto film",
    "tagline": "A clip, painted frame after frame without flicker, with its sound.",
    "private": "The film is sent to this studio, and stays there until you remove it.",
    "live": "Live",
    "easel": "Film",
    "empty_title": "No film on the easel yet",
    "empty_text": "Choose a clip and a style; a file may fall here too. You see the frames as they "
    "are painted.",
    "choose_film": "Choose a film",
    "paint": "Paint the film",
    "save": "Save the film",
    "strength_help": "From near the film to near the style.",
    "side": "Size of the painted film",
    "side_own": "The film's own",
    "part": "Part of the film",
    "part_start": "From second",
    "part_end": "to second",
    "part_help": "Empty for all of it.",
    "sound": "Keep the sound",
    "chosen": "{name}, {size} MB",
    "unshown": "This browser cannot show {name}; the studio may be able to paint it all the same.",
    "sending": "Sending the film: {done} of {size} MB …",
    "checking": "The studio looks at the film …",
    "waiting": "The film waits for its turn …",
    "scanning": "Looking for cuts: frame {number} …",
    "painting": "Frame {number} of {count}",
    "frame": "The last painted frame",
    "done": "Painted: {count} frames in {seconds} s.",
    "failed": "The film could not be painted: {reason}",
    "refused": "The studio does not take the film: {reason}",
    "answer": "The studio answers about this film: {reason}",
    "removed": "The film and all that was made of it is removed.",
    "gone": "This film is not here any more, or its address is mistyped.",
    "no_film": "Choose a film first.",
    "heavy": "{name} has {size} MB, above the limit of {most} MB: choose a shorter or smaller "
    "film.",
    "heavy_style": "{name} has {size} MB, above the limit of {most} MB for a style: choose a "
    "smaller picture.",
    "large": "{name} has frames of {width} × {height} px, above the limit of {most} megapixels: "
    "make it smaller first.",
    "long": "{seconds} s are to be painted, above the limit of {most} s: choose a shorter part.",
    "no_part": "The part has no length: give an end after its start.",
    "missing": "This studio cannot paint films: whoever runs it has to install impasto's extra "
    "“video”.",
}

CHINESE = {
    **easel_texts.CHINESE,
    "title": "impasto 影片",
    "tagline": "把一段影片逐帧画成画，不闪烁，保留声音。",
    "private": "影片会传到这个画室，直到您删除为止。",
    "live": "实时",
    "easel": "影片",
    "empty_title": "画架上还没有影片",
    "empty_text": "请选择一段影片和一种风格，也可以把文件拖到这里。画好的每一帧会随即出现。",
    "choose_film": "选择影片",
    "paint": "开始绘制",
    "save": "保存影片",
    "strength_help": "从接近原片到接近风格。",
    "side": "成片尺寸",
    "side_own": "原片尺寸",
    "part": "影片的一段",
    "part_start": "从第",
    "part_end": "秒到第",
    "part_help": "单位为秒；留空则绘制整段影片。",
    "sound": "保留声音",
    "chosen": "{name}，{size} MB",
    "unshown": "这个浏览器无法播放 {name}；画室也许仍能绘制它。",
    "sending": "正在上传影片：{done} / {size} MB …",
    "checking": "画室正在检查影片 …",
    "waiting": "影片正在排队 …",
    "scanning": "正在寻找镜头切换：第 {number} 帧 …",
    "painting": "第 {number} 帧，共 {count} 帧",
    "frame": "最近画好的一帧",
    "done": "画好了：{count} 帧，用时 {seconds} 秒。",
    "failed": "影片没能画成，原因只有英文说明：{reason}",
    "refused": "画室没有接受这段影片，原因只有英文说明：{reason}",
    "answer": "关于这段影片，画室的答复只有英文：{reason}",
    "removed": "影片及其全部文件已删除。",
    "gone": "这段影片已不在这里，或者网址有误。",
    "no_film": "请先选择一段影片。",
    "heavy": "{name} 有 {size} MB，超过 {most} MB 的上限：请选择更短或更小的影片。",
    "heavy_style": "{name} 有 {size} MB，超过风格图片 {most} MB 的上限：请选择更小的图片。",
    "large": "{name} 的画面为 {width} × {height} 像素，超过 {most} 百万像素的上限：请先缩小。",
    "long": "要绘制 {seconds} 秒，超过 {most} 秒的上限：请选择更短的一段。",
    "no_part": "这一段没有长度：结束时间要在开始时间之后。",
    "missing": "这个画室还不能绘制影片：请管理者安装 impasto 的附加组件 video。",
}

WORDS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "zh": CHINESE}
