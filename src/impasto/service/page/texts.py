"""What the page says, in English and in Chinese; which one, the browser's language decides."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "CHINESE",
    "ENGLISH",
    "LANGUAGES",
    "LANGUAGE_COOKIE",
    "WORDS",
    "language_of",
    "loss_label",
    "phrase",
]

ENGLISH = {
    "tagline": "Paint a photograph in the style of another picture.",
    "film": "Film",
    "doodle": "Drawing",
    "letter": "Letters",
    "portrait": "Portrait",
    "words": "In words",
    "video_open": "Watch it on the page of films",
    "doodle_open": "Look at it on the page of drawings",
    "letter_open": "Look at it on the page of letters",
    "portrait_open": "Look at it on the page of portraits",
    "video_picture": "The last painted frame",
    "doodle_picture": "The painted drawing",
    "letter_picture": "The painted letters",
    "portrait_picture": "The portrait",
    "live": "Live",
    "other_language": "中文",
    "photograph": "Photograph",
    "style": "Style",
    "style_2": "Second style",
    "style_3": "Third style",
    "pictures": "Photograph and style",
    "drop_photograph": "Drop a photograph\nor click to choose",
    "drop_style": "Drop a painting\nor click to choose",
    "tap_photograph": "Tap to choose\na photograph",
    "tap_style": "Tap to choose\na painting",
    "try": "Or try",
    "add_style": "Add another style",
    "drop_style_slot": "Remove the last style",
    "try_all": "Try {number} sample styles at once",
    "trying": "{number} small paintings, each in another sample style, are on their way: they "
    "hang under “Earlier paintings”.",
    "trying_some": "{number} of the {total} small paintings are on their way; no more may wait at "
    "once. Ask again when they are painted.",
    "strength_off": "“{content}” or “{style}” is filled in and sets the balance: empty both to "
    "choose a strength.",
    "start": "Paint",
    "cancel": "Stop painting",
    "advanced": "Advanced",
    "textbook": "Methods of the literature",
    "mask": "Paint only a part",
    "mask_help": "Brush over what is to be painted; the rest stays as it is in the photograph. "
    "With several styles each has a colour of its own. By keyboard: arrow keys move the brush, "
    "Space paints.",
    "mask_area": "Mask over the photograph",
    "mask_keys": "Arrow keys move the brush, farther with Shift; Space paints; Ctrl+Z undoes.",
    "mask_none": "Nothing is brushed over: the whole photograph is to be painted.",
    "mask_share": "{number} % of the photograph is to be painted.",
    "mask_kept": "The mask of the earlier painting is taken over as it is; this browser cannot "
    "show it.",
    "keep_along": "What stayed the photograph in the earlier painting stays so here: its own mask "
    "goes along.",
    "keep_changed": "The earlier painting's mask of what stays is left out, as the mask is "
    "changed: undo the change to have it back.",
    "keep_left": "The mask of what stays, of the painting that is used again, was made for its "
    "photograph, and is left out with another one.",
    "mask_unread": "{name} is no picture that this browser can read.",
    "mask_ratio": "{name} is {width} × {height} px and has not the photograph's proportions: take "
    "a mask of the same shape, of any size.",
    "mask_black": "{name} is black everywhere: white is where to paint.",
    "mask_empty": "Choose a photograph first.",
    "mask_unseen": "This browser cannot show the photograph, so there is nothing to brush over.",
    "brush": "brush {number}",
    "eraser": "Eraser",
    "brush_size": "Brush size",
    "soft_edge": "Soft edge",
    "pixels": "{number} px",
    "undo": "Undo",
    "redo": "Redo",
    "invert": "Invert",
    "load_mask": "Load a mask",
    "save_mask": "Save the mask",
    "clear": "Clear",
    "everything": "Everything",
    "reset": "Back to the recipe's own settings",
    "load_recipe": "Load a painting's settings",
    "saved_recipes": "Saved recipes:",
    "loaded": "Taken over from {name}: {settings}. Change what you like, then press Paint.",
    "left_file": "Left out: {settings}, as the studio opens no file by its name.",
    "left_operator": "Left out: {settings}, which whoever runs the studio chooses.",
    "comma": ", ",
    "no_recipe": "{name} holds no recipe: drop it on Photograph or Style to paint with it.",
    "no_recipe_file": "{name} is neither a recipe file nor a painting of impasto's: choose one "
    "that impasto made, or a file that ends in .toml.",
    "recipe_heavy": "{name} has {size} MB, and {most} MB may be sent: choose a smaller file.",
    "recipe_gone": "{name} is no longer here: choose it again.",
    "empty_title": "Nothing on the easel yet",
    "empty_text": "Choose a photograph and a style, then press Paint. The picture appears here, "
    "stroke by stroke.",
    "draft_coming": "Draft in one pass; the painting comes",
    "tried_hint": "Your photograph in every sample style: choose one.",
    "draft_before": "Draft in one pass; press Paint for the painting",
    "draft_words": "A draft of the painting",
    "queued_title": "Waiting for its turn",
    "queued_next": "It is next in line.",
    "queued_after": "In line before it: {number}.",
    "preparing": "Mixing the colours …",
    "running_title": "Painting",
    "cancelling": "Stopping after this step …",
    "step": "step {step} of {steps}",
    "left": "about {time} left",
    "took": "{steps} steps in {time}",
    "seconds": "{number} s",
    "minutes": "{number} min",
    "hours": "{number} h",
    "failed_title": "This one could not be painted",
    "failed_hint": "Nothing else is affected. Change what the message names, and paint again.",
    "cancelled_title": "Stopped",
    "cancelled_text": "It was stopped after step {step}.",
    "cancelled_before": "It was stopped before its first step.",
    "unknown_title": "This painting is not here any more",
    "compare": "Compare the painting with the photograph",
    "painting": "Painting",
    "full_screen": "Full screen",
    "share": "Share",
    "beside": "Set beside another painting",
    "beside_choose": "Choose the other one below",
    "beside_title": "Side by side",
    "beside_end": "Back to one painting",
    "going": "How it is going: the losses",
    "went": "How it went: the losses",
    "png": "Download PNG",
    "jpeg": "Download JPEG",
    "recipe_file": "Recipe file",
    "again": "Use these settings again",
    "remove": "Remove",
    "history": "Earlier paintings",
    "older": "Older paintings",
    "history_empty": "Your paintings will hang here. They stay when you close the page.",
    "queued": "waiting",
    "running": "painting",
    "finished": "finished",
    "failed": "failed",
    "cancelled": "stopped",
    "curves": "Losses of every step so far, on a logarithmic scale",
    "steps_axis": "{number} steps",
    "picture_at": "The painting after step {step}",
    "picture_done": "The finished painting",
    "open_card": "Open the painting:",
    "sample_photographs": "Sample photographs",
    "sample_styles": "Sample styles",
    "samples_hint": "{works} works of the past, {drawings} styles painted with code",
    "note": "Note",
    "no_pictures": "no photograph and no style is chosen: drop one of each, or pick samples",
    "no_content": "no photograph is chosen: drop one, or pick a sample",
    "no_style": "no style is chosen: drop a painting, or pick a sample",
    "no_picture": "{name} is no picture: choose a JPEG, PNG, WebP, TIFF or HEIC file.",
    "too_heavy": "{name} has {size} MB, and {most} MB may be sent: make it smaller first, or save "
    "it as JPEG.",
    "damaged": "{name} seems damaged, this browser cannot show it: choose or export it again.",
    "not_shown": "{name} is a {kind}, which browsers do not show; it will be painted all the same.",
    "gone": "the page was open for so long that a picture is no longer here: choose it again",
    "removed": "The painting is removed.",
    "removed_all": "{number} paintings are removed.",
    "clear_failed": "Remove failed and stopped ones",
    "restored_masks": "Settings, pictures and masks are taken over. Change what you like, then "
    "press Paint.",
    "restored_some": "It has {number} styles and the page has room for {most}: the first {most} "
    "are taken over, with the settings and their masks.",
    "style_masks_left": "The style masks of the painting that is used again were made for other "
    "style pictures, and are left out.",
    "restored": "Settings and pictures are taken over. Change what you like, then press Paint.",
    "restored_settings": "The settings are taken over; its pictures are gone: choose them, and a "
    "mask, anew.",
}

CHINESE = {
    "tagline": "把一张照片画成另一幅画的风格。",
    "film": "影片",
    "doodle": "涂画",
    "letter": "艺术字",
    "portrait": "肖像",
    "words": "用文字",
    "video_open": "在影片页面观看",
    "doodle_open": "在涂画页面查看",
    "letter_open": "在艺术字页面查看",
    "portrait_open": "在肖像页面查看",
    "video_picture": "最近画好的一帧",
    "doodle_picture": "画好的涂画",
    "letter_picture": "画好的艺术字",
    "portrait_picture": "肖像",
    "live": "实时",
    "other_language": "English",
    "photograph": "照片",
    "style": "风格",
    "style_2": "第二种风格",
    "style_3": "第三种风格",
    "pictures": "照片和风格",
    "drop_photograph": "把照片拖到这里\n或点击选择",
    "drop_style": "把画作拖到这里\n或点击选择",
    "tap_photograph": "点按选择照片",
    "tap_style": "点按选择画作",
    "try": "试试",
    "add_style": "再加一种风格",
    "drop_style_slot": "去掉最后一种风格",
    "try_all": "一次试 {number} 种示例风格",
    "trying": "已开始画 {number} 幅小画，各用一种示例风格：画好的挂在“以前的画”里。",
    "trying_some": "{total} 幅小画里已开始画 {number} 幅，一次只能排这么多；画完后可以再试。",
    "strength_off": "已填写“{content}”或“{style}”，浓淡由它们决定；两个都清空，才能在这里选强度。",
    "start": "开始绘制",
    "cancel": "停止绘制",
    "advanced": "高级设置",
    "textbook": "文献里的方法",
    "mask": "只画一部分",
    "mask_help": "用画笔涂出要画的部分，其余保持照片原样。有几种风格时，每种风格各用一种颜色。"
    "用键盘时：方向键移动画笔，空格键涂画。",
    "mask_area": "照片上的蒙版",
    "mask_keys": "方向键移动画笔，按住 Shift 移得更远；空格键涂画；Ctrl+Z 撤销。",
    "mask_none": "还没有涂：整张照片都会画。",
    "mask_share": "照片的 {number}% 会画。",
    "mask_kept": "那幅画的蒙版已原样带回，只是这个浏览器显示不了。",
    "keep_along": "那幅画里保持照片原样的地方，这次也不画：它的蒙版已一并带上。",
    "keep_changed": "蒙版改过了，所以那幅画里保持原样的部分不再保留；撤销改动就会恢复。",
    "keep_left": "那幅画里保持原样的部分是照着它的照片定的，换了照片，这次没有用。",
    "mask_unread": "这个浏览器读不了 {name}。",
    "mask_ratio": "{name} 是 {width} × {height} 像素，和照片的长宽比不同："
    "请换一张比例相同的蒙版，大小不限。",
    "mask_black": "{name} 全是黑的：白色才是要画的地方。",
    "mask_empty": "请先选择一张照片。",
    "mask_unseen": "这个浏览器无法显示这张照片，因此无法涂画。",
    "brush": "画笔 {number}",
    "eraser": "橡皮",
    "brush_size": "画笔大小",
    "soft_edge": "柔和边缘",
    "pixels": "{number} 像素",
    "undo": "撤销",
    "redo": "重做",
    "invert": "反转",
    "load_mask": "载入蒙版",
    "save_mask": "保存蒙版",
    "clear": "清除",
    "everything": "全部",
    "reset": "恢复配方自带的设置",
    "load_recipe": "载入一幅画的设置",
    "saved_recipes": "已保存的配方：",
    "loaded": "已从 {name} 带回：{settings}。想改什么就改，然后点“开始绘制”。",
    "left_file": "没有采用：{settings}，因为画室不按文件名打开任何文件。",
    "left_operator": "没有采用：{settings}，这由运行画室的人决定。",
    "comma": "、",
    "no_recipe": "{name} 里没有配方：要用它来画，请把它拖到“照片”或“风格”上。",
    "no_recipe_file": "{name} 既不是配方文件，也不是 impasto 画的画："
    "请选一幅 impasto 画的画，或以 .toml 结尾的文件。",
    "recipe_heavy": "{name} 有 {size} MB，最多只能上传 {most} MB：请选一个小一些的文件。",
    "recipe_gone": "{name} 已经不在了：请重新选择。",
    "empty_title": "画架上还没有画",
    "empty_text": "选好照片和风格，再点“开始绘制”。画面会在这里一笔一笔地出现。",
    "draft_coming": "一遍画出的草稿，正式的画随后就来",
    "tried_hint": "您的照片在各种示例风格下的样子：请选一种。",
    "draft_before": "一遍画出的草稿，点“开始绘制”画正式的",
    "draft_words": "这幅画的草稿",
    "queued_title": "正在排队",
    "queued_next": "下一个就轮到它。",
    "queued_after": "前面还有 {number} 幅。",
    "preparing": "正在调色……",
    "running_title": "绘制中",
    "cancelling": "画完这一步就停……",
    "step": "第 {step} 步，共 {steps} 步",
    "left": "大约还要 {time}",
    "took": "{steps} 步，用时 {time}",
    "seconds": "{number} 秒",
    "minutes": "{number} 分钟",
    "hours": "{number} 小时",
    "failed_title": "这一幅没能画成",
    "failed_hint": "其他画不受影响。请按上面的说明改一改，再画一次。",
    "cancelled_title": "已停止",
    "cancelled_text": "在第 {step} 步之后停下。",
    "cancelled_before": "在第一步之前就停下了。",
    "unknown_title": "这幅画已经不在了",
    "compare": "对比画作与照片",
    "painting": "画作",
    "full_screen": "全屏",
    "share": "分享",
    "beside": "和另一幅画并排看",
    "beside_choose": "请在下面选另一幅",
    "beside_title": "并排对比",
    "beside_end": "回到这一幅",
    "going": "进展：损失曲线",
    "went": "过程：损失曲线",
    "png": "下载 PNG",
    "jpeg": "下载 JPEG",
    "recipe_file": "配方文件",
    "again": "再用这些设置",
    "remove": "删除",
    "history": "以前的画",
    "older": "更早的画",
    "history_empty": "你的画会挂在这里，关掉网页也不会丢。",
    "queued": "排队中",
    "running": "绘制中",
    "finished": "已完成",
    "failed": "失败",
    "cancelled": "已停止",
    "curves": "到目前为止每一步的损失（对数刻度）",
    "steps_axis": "共 {number} 步",
    "picture_at": "第 {step} 步之后的画面",
    "picture_done": "完成的画",
    "open_card": "打开这幅画：",
    "sample_photographs": "示例照片",
    "sample_styles": "示例风格",
    "samples_hint": "{works} 幅名作，{drawings} 幅由代码画成",
    "note": "提示",
    "no_pictures": "照片和风格都还没有选：各拖一张进来，或各选一张示例",
    "no_content": "还没有选照片：拖一张进来，或选一张示例",
    "no_style": "还没有选风格：拖一幅画进来，或选一幅示例",
    "no_picture": "{name} 不是图片：请选择 JPEG、PNG、WebP、TIFF 或 HEIC 文件。",
    "too_heavy": "{name} 有 {size} MB，最多只能上传 {most} MB：请先缩小，或存成 JPEG。",
    "damaged": "{name} 好像坏了，浏览器显示不出来：请重新选择或导出。",
    "not_shown": "{name} 是 {kind} 格式，浏览器显示不了，但照样可以画。",
    "gone": "页面打开太久，有一张图片已经不在了：请重新选择",
    "removed": "这幅画已删除。",
    "removed_all": "已删除 {number} 幅画。",
    "clear_failed": "清除失败和停止的",
    "restored_masks": "设置、图片和蒙版都已带回。想改什么就改，然后点“开始绘制”。",
    "restored_some": "它有 {number} 种风格，而这里只放得下 {most} 种："
    "已带回前 {most} 种、它们的蒙版和全部设置。",
    "style_masks_left": "那幅画的风格蒙版是为别的风格图做的，这次没有用。",
    "restored": "设置和图片都已带回。想改什么就改，然后点“开始绘制”。",
    "restored_settings": "设置已带回；它的图片已经不在了，请重新选择图片和蒙版。",
}

_LOSSES: Mapping[str, Mapping[str, str]] = {
    "en": {"tv": "total variation"},
    "zh": {"content": "内容", "style": "风格", "tv": "总变差"},
}

WORDS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "zh": CHINESE}
LANGUAGES = {"en": "en-US", "zh": "zh-CN"}  # and what a browser calls them
LANGUAGE_COOKIE = "impasto-language"  # which the pages' own scripts write


def language_of(accepted: str | None, chosen: str | None = None) -> str:
    """The language that somebody chose, or a browser asks for: "zh" if its first choice is Chinese,
    else "en".

    Args:
        accepted: its Accept-Language header.
        chosen: by the link on the page; what is no language of the page counts as none.

    Example:
        >>> language_of("zh-CN,zh;q=0.9,en;q=0.8"), language_of("de,en;q=0.5"), language_of(None)
        ('zh', 'en', 'en')
    """
    if chosen in LANGUAGES:
        return str(chosen)
    first = (accepted or "").split(",")[0].strip().lower()
    return "zh" if first.split("-")[0].split(";")[0] == "zh" else "en"


def phrase(language: str, key: str, **parts: object) -> str:
    """One text with its places filled.

    Example:
        >>> phrase("en", "step", step=3, steps=20), phrase("zh", "step", step=3, steps=20)
        ('step 3 of 20', '第 3 步，共 20 步')
    """
    return WORDS[language][key].format(**parts)


def loss_label(language: str, name: str) -> str:
    """What a loss is called; one that has no translation shows its own name.

    Example:
        >>> loss_label("zh", "style"), loss_label("zh", "clip"), loss_label("en", "sky_style")
        ('风格', 'clip', 'sky style')
    """
    return _LOSSES[language].get(name, name.replace("_", " "))
