"""What the pages say that send pictures to be painted, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from impasto.service.plain_pages import texts

__all__ = ["CHINESE", "ENGLISH", "links"]

ENGLISH = {
    **texts.ENGLISH,
    "doodle": "Drawing",
    "letter": "Letters",
    "portrait": "Portrait",
    "words": "In words",
    "private": "Pictures are sent to this studio, and stay there until you remove the painting.",
    "paint": "Paint",
    "stop": "Stop painting",
    "save": "Save the picture",
    "remove": "Remove it",
    "own_caption": "Your own picture: {name}",
    "strength_help": "From near the photograph to near the style.",
    "side": "Size of the picture",
    "sending": "Sending: {done} of {size} MB …",
    "checking": "The studio looks at it …",
    "waiting": "It waits for its turn …",
    "painting": "Step {number} of {count}",
    "left_seconds": "about {seconds} s left",
    "left_minutes": "about {minutes} min left",
    "picture_so_far": "The picture so far",
    "painted_picture": "The painted picture",
    "done": "Painted in {seconds} s",
    "size": "{width} × {height} px",
    "stopping": "Stopping …",
    "cancelled": "The painting was stopped.",
    "failed": "This could not be painted: {reason}",
    "refused": "The studio does not take this: {reason}",
    "answer": "The studio answers: {reason}",
    "note": "Note: {note}",
    "removed": "The painting and all that was sent for it is removed.",
    "gone": "This painting is not here any more, or its address is mistyped.",
    "heavy_style": "{name} has {size} MB, above the limit of {most} MB: choose a smaller picture.",
    "broken": "Something went wrong in this page ({reason}): load it again.",
}

CHINESE = {
    **texts.CHINESE,
    "doodle": "涂画",
    "letter": "艺术字",
    "portrait": "肖像",
    "words": "用文字",
    "private": "图片会传到这个画室，直到您删除画作为止。",
    "paint": "开始绘制",
    "stop": "停止绘制",
    "save": "保存图片",
    "remove": "删除",
    "own_caption": "自己的图片：{name}",
    "strength_help": "从接近照片到接近风格。",
    "side": "成图尺寸",
    "sending": "正在上传：{done} / {size} MB …",
    "checking": "画室正在检查 …",
    "waiting": "正在排队 …",
    "painting": "第 {number} 步，共 {count} 步",
    "left_seconds": "还需约 {seconds} 秒",
    "left_minutes": "还需约 {minutes} 分钟",
    "picture_so_far": "目前的画面",
    "painted_picture": "画好的图片",
    "done": "画好了，用时 {seconds} 秒",
    "size": "{width} × {height} 像素",
    "stopping": "正在停止 …",
    "cancelled": "绘制已停止。",
    "failed": "没能画成，原因只有英文说明：{reason}",
    "refused": "画室没有接受，原因只有英文说明：{reason}",
    "answer": "画室的答复只有英文：{reason}",
    "note": "说明（只有英文）：{note}",
    "removed": "画作及上传的全部文件已删除。",
    "gone": "这幅画已不在这里，或者网址有误。",
    "heavy_style": "{name} 有 {size} MB，超过 {most} MB 的上限：请选择更小的图片。",
    "broken": "本页出错了（{reason}）：请重新载入。",
}

_PAGES = ("doodle", "letter", "portrait", "words")


def links(page: str) -> Mapping[str, str]:
    """The addresses that a page of these leads to, by the keys of their words.

    Example:
        >>> list(links("letter"))
        ['studio', 'doodle', 'portrait', 'words']
    """
    return {"studio": "./"} | {name: name for name in _PAGES if name != page}
